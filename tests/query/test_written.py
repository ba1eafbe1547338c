"""Which words a pattern fits and how far two words are apart, against the definitions read off plainly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.query.written import edits, folded_pattern, wildcard
from tests import oracle

words = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("", "", 0),
        ("ban", "ban", 0),
        ("recogniton", "recognition", 1),
        ("recogntiion", "recognition", 1),
        ("bans", "ban", 1),
        ("ban", "can", 1),
        ("ca", "abc", 3),  # swapped letters stay as they are, so nothing goes between them
        ("kitten", "sitting", 3),
    ],
)
def test_an_edit_inserts_deletes_replaces_or_swaps_neighbours(first: str, second: str, expected: int) -> None:
    assert edits(first, second, most=9) == expected
    assert edits(second, first, most=9) == expected


@given(words, words, st.integers(0, 4))
def test_edits_are_those_of_the_definition_up_to_the_most(first: str, second: str, most: int) -> None:
    exact = oracle.distance(first, second)
    assert edits(first, second, most=most) == (exact if exact <= most else None)


@given(st.text("ab*?", max_size=7), words)
def test_a_pattern_fits_the_words_that_it_fits_sign_by_sign(pattern: str, word: str) -> None:
    assert (wildcard(pattern).match(word) is not None) == oracle.fits(word, pattern)


def test_a_pattern_of_many_stars_costs_no_more_than_its_length() -> None:
    assert wildcard("*a" * 2000 + "*b").match("a" * 5000) is None


def test_what_has_a_meaning_in_regular_expressions_has_none_in_a_pattern() -> None:
    assert wildcard("c++*").match("c++11")
    assert not wildcard("u.s*").match("uxs")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [("Zür?ch", "zur?ch"), ("don't*", "dont*"), ("1,0*0", "10*0"), ("3.?", "3.?"), ("U.N?*", "un?*")],
)
def test_a_pattern_is_folded_as_words_are(pattern: str, expected: str) -> None:
    assert folded_pattern(pattern, lambda text: text.lower().replace("ü", "u")) == expected
