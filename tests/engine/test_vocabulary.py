"""The words of a dictionary by how they are written, beside their definitions in newsearch.query.written."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsearch.engine.whoosh.container import ArrayFile, write_arrays
from newsearch.engine.whoosh.dictionary import Words, pack_words
from newsearch.engine.whoosh.vocabulary import Vocabulary
from newsearch.query.written import edits, wildcard

WORDS = st.lists(st.text("abcä東", min_size=1, max_size=7), max_size=40)


def vocabulary(folder: Path, words: list[str]) -> tuple[Vocabulary, list[str]]:
    """A vocabulary, and its words in its order."""
    encoded = sorted(word.encode() for word in words)
    with (folder / "words").open("wb") as file:
        write_arrays(file, pack_words("words", encoded), {})
    return Vocabulary(Words(ArrayFile(folder / "words"), "words", len(encoded))), [word.decode() for word in encoded]


@settings(max_examples=200)
@given(WORDS, st.text("abcä??**", min_size=1, max_size=6))
@example(["ab", "aab", "abab", "aba"], "a*ab*a")
@example(["aa", "a"], "a*a")
@example(["abc", "ab"], "*?b?*")
def test_it_finds_the_words_that_fit_a_pattern(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], pattern: str
) -> None:
    found, ordered = vocabulary(tmp_path_factory.mktemp("words"), words)
    expected = [place for place, word in enumerate(ordered) if wildcard(pattern).match(word)]
    assert found.fitting(pattern).tolist() == expected
    assert found.texts(np.array(expected, np.int64)) == [ordered[place] for place in expected]


@settings(max_examples=100)
@given(WORDS, st.text("abä", min_size=1, max_size=4))
def test_it_finds_the_words_with_a_prefix(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], prefix: str
) -> None:
    found, ordered = vocabulary(tmp_path_factory.mktemp("words"), words)
    expected = [place for place, word in enumerate(ordered) if word.startswith(prefix)]
    assert found.prefixed(prefix).tolist() == expected


@settings(max_examples=200)
@given(WORDS, st.text("abcä東", min_size=1, max_size=8), st.integers(0, 2))
def test_it_finds_the_words_within_some_edits(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], word: str, limit: int
) -> None:
    found, ordered = vocabulary(tmp_path_factory.mktemp("words"), words)
    places, counted = found.near(word, limit)
    away = [(place, edits(word, other, most=limit)) for place, other in enumerate(ordered)]
    assert list(zip(places.tolist(), counted.tolist(), strict=True)) == [
        (place, count) for place, count in away if count is not None
    ]


def test_long_words_are_found_as_short_ones_are(tmp_path: Path) -> None:
    found, ordered = vocabulary(tmp_path, ["a" * 60, "a" * 59 + "b", "b"])
    assert found.texts(found.near("a" * 60, 1)[0]) == ordered[:2]
