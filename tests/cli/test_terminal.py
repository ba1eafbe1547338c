"""Nothing that comes from outside does anything to a terminal."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from newsearch.cli.terminal import clean, clean_lines

BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_a_cleaned_line_has_no_control_character_and_no_bidi_control(text: str) -> None:
    cleaned = clean(text)
    assert [char for char in cleaned if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")] == []
    assert not set(cleaned) & set(BIDI_CONTROLS)


@given(ANY_TEXT)
def test_cleaning_keeps_the_number_of_characters_so_that_highlights_stay_in_place(text: str) -> None:
    assert len(clean(text)) == len(text)


@given(ANY_TEXT)
def test_what_is_clean_can_be_written_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")


@given(ANY_TEXT)
def test_cleaned_lines_have_no_control_but_line_breaks(text: str) -> None:
    assert [char for char in clean_lines(text) if char != "\n" and unicodedata.category(char) == "Cc"] == []


def test_line_breaks_and_tabs_become_spaces_and_an_escape_a_mark() -> None:
    assert clean("a\tb\nc\x1b[31m\x9b") == "a b c\ufffd[31m\ufffd"


def test_writing_of_every_kind_stays_as_it_is() -> None:
    text = "Zürich – 東京 – Łódź 🚋 שלום [bold]"
    assert clean(text) == text


def test_lines_are_kept_where_there_may_be_several() -> None:
    assert clean_lines("one\r\ntwo\n\tthree\x07") == "one\ntwo\n    three\ufffd"
