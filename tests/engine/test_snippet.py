"""The best part of a long text."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.engine.rules.snippet import LONGEST, best_snippet
from newsearch.model import Snippet

FILLER = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam nonumy eirmod tempor. "


def snippet(text: str, *words: str, weights: dict[str, float] | None = None) -> Snippet:
    spans = [[found.span() for found in re.finditer(re.escape(word), text)] for word in words]
    found = best_snippet(text, spans, [(weights or {}).get(word, 1.0) for word in words], field="body")
    assert found is not None
    return found


def marked(found: Snippet) -> list[str]:
    return [found.text[start:end] for start, end in found.highlights]


def test_a_short_text_is_shown_whole() -> None:
    found = snippet("A ban on kelp, and kelp again", "kelp", "ban")
    assert (found.text, found.start, found.more) == ("A ban on kelp, and kelp again", 0, False)
    assert marked(found) == ["ban", "kelp", "kelp"]


def test_where_no_word_is_in_it_there_is_none() -> None:
    assert best_snippet(FILLER, [(), ()], [1.0, 1.0], field="body") is None
    assert best_snippet("", [], [], field="body") is None


def test_the_place_with_most_different_words_is_shown() -> None:
    text = "kelp kelp kelp. " + FILLER * 5 + "There is kelp and norb. " + FILLER * 5
    found = snippet(text, "kelp", "norb")
    assert marked(found) == ["kelp", "norb"]


def test_a_rare_word_is_worth_more_than_common_ones() -> None:
    text = "The kelp and the norb. " + FILLER * 5 + "A vost. " + FILLER * 5
    assert marked(snippet(text, "kelp", "norb", "vost", weights={"kelp": 1, "norb": 1, "vost": 5})) == ["vost"]
    assert marked(snippet(text, "kelp", "norb", "vost", weights={"kelp": 3, "norb": 3, "vost": 5})) == ["kelp", "norb"]


def test_of_equal_places_the_first_is_shown() -> None:
    text = FILLER * 4 + "First kelp. " + FILLER * 5 + "Second kelp."
    assert "First kelp" in snippet(text, "kelp").text


def test_it_begins_and_ends_with_a_sentence_where_one_is_near() -> None:
    text = FILLER * 5 + "There is kelp in it. " + FILLER * 5
    found = snippet(text, "kelp")
    assert found.text[0] in "LT"
    assert found.text.endswith(".")
    assert found.more
    assert 160 <= len(found.text) <= LONGEST


def test_otherwise_it_begins_and_ends_with_a_word() -> None:
    text = "word " * 200 + "kelp " + "word " * 200
    found = snippet(text, "kelp")
    assert set(found.text.split()) == {"word", "kelp"}
    assert 160 <= len(found.text) <= LONGEST


def test_at_the_end_of_a_text_more_is_shown_before() -> None:
    found = snippet("word " * 200 + "kelp", "kelp")
    assert found.text.endswith("word kelp")
    assert not found.more
    assert len(found.text) >= 160


def test_a_match_longer_than_a_snippet_is_cut_with_it() -> None:
    text = FILLER * 3 + "k" * 1000 + " end"
    found = snippet(text, "k" * 1000)
    assert len(found.text) <= LONGEST
    assert set(marked(found)[0]) == {"k"}


@pytest.mark.parametrize(
    "character", ["e\u0301", "क्ष", "👩\u200d👩\u200d👧", "👍🏽", "🇩🇪", "❤\ufe0f", "\u1112\u1161\u11ab", "ש\u05c1"]
)
def test_a_character_is_never_cut(character: str) -> None:
    for shift in range(len(character)):
        text = "x" * shift + character * 300 + "kelp" + character * 300
        found = snippet(text, "kelp")
        before, _, after = found.text.partition("kelp")
        assert before == character * (len(before) // len(character))
        assert after == character * (len(after) // len(character))


def test_a_text_without_spaces_is_shown_at_half_the_length_for_its_width() -> None:
    text = "天地玄黄宇宙洪荒日月盈昃辰宿列张" * 40 + "東京都" + "天地玄黄宇宙洪荒日月盈昃辰宿列张" * 40
    found = snippet(text, "東京")
    assert marked(found) == ["東京"]
    assert 80 <= len(found.text) <= LONGEST // 2


def test_text_from_right_to_left_is_shown_in_the_order_of_its_characters() -> None:
    text = "שלום עולם " * 60 + "נמל " + "שלום עולם " * 60
    found = snippet(text, "נמל")
    assert marked(found) == ["נמל"]
    assert text[found.start : found.start + len(found.text)] == found.text


_texts = st.lists(
    st.sampled_from(["kelp", "norb", " ", ". ", "\n\n", "word", "é", "e\u0301", "東", "🇩🇪", "x" * 70]), max_size=150
)


@given(parts=_texts, weights=st.tuples(st.floats(0, 20), st.floats(0, 20)))
@settings(max_examples=300, deadline=None)
def test_of_any_text_it_is_a_part_with_its_matches_marked(parts: list[str], weights: tuple[float, float]) -> None:
    text = "".join(parts)
    words = ("kelp", "norb")
    spans = [[found.span() for found in re.finditer(word, text)] for word in words]
    found = best_snippet(text, spans, weights, field="excerpt")
    if not any(spans):
        assert found is None
        return
    assert found is not None
    assert text[found.start : found.start + len(found.text)] == found.text
    assert found.more == bool(text[found.start + len(found.text) :].strip())
    assert len(found.text) <= LONGEST + 32
    assert marked(found)
    assert all(low < high for low, high in found.highlights)
    assert all(high < low for (_, high), (low, _) in pairwise(found.highlights))
    assert "".join(marked(found)).replace("kelp", "").replace("norb", "") == ""
