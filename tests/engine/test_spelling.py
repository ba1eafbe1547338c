"""Words that are written nearly alike."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.engine.rules.correction import edits_allowed
from newsearch.engine.whoosh.container import ArrayFile, write_arrays
from newsearch.engine.whoosh.dictionary import Words, pack_words
from newsearch.engine.whoosh.spelling import Spelling
from newsearch.engine.whoosh.vocabulary import Vocabulary

WORDS = st.lists(st.text("abcdeäж東", min_size=1, max_size=9), min_size=1, max_size=60, unique=True)


def dictionary(folder: Path, words: list[str]) -> Vocabulary:
    encoded = sorted(word.encode() for word in words)
    with (folder / "words").open("wb") as file:
        write_arrays(file, pack_words("words", encoded), {})
    return Vocabulary(Words(ArrayFile(folder / "words"), "words", len(encoded)))


def edits(one: str, other: str) -> int:
    """The optimal string alignment distance, by its definition."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@given(words=WORDS, word=st.text("abcdeäж東", min_size=1, max_size=9))
@settings(max_examples=150, deadline=None)
def test_all_words_within_the_edits_allowed_are_found_and_no_others(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], word: str
) -> None:
    found = Spelling([dictionary(tmp_path_factory.mktemp("words"), words)]).near(word)
    limit = edits_allowed(word)
    expected = [(edits(word, other), other) for other in words if limit and edits(word, other) <= limit]
    assert found == sorted(expected)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recogniton", "recognition"),
        ("facail", "facial"),
        ("kiwis", "kiwi"),
        ("zurihc", "zurich"),
        ("мосвка", "москва"),
    ],
)
def test_a_slip_is_near_what_was_meant(tmp_path: Path, typed: str, meant: str) -> None:
    assert Spelling([dictionary(tmp_path, [meant, "xylophone"])]).near(typed) == [(1, meant)]


@pytest.mark.parametrize("typed", ["", "ab", "20212", "a" * 27])
def test_nothing_is_near_a_word_that_is_very_short_a_number_or_very_long(tmp_path: Path, typed: str) -> None:
    assert Spelling([dictionary(tmp_path, ["abc", "20211", "a" * 26, "a" * 28])]).near(typed) == []


def test_a_word_of_several_dictionaries_is_found_once(tmp_path: Path) -> None:
    words = dictionary(tmp_path, ["harbour"])
    assert Spelling([words, words]).near("harbur") == [(1, "harbour")]


def test_an_empty_dictionary_has_nothing(tmp_path: Path) -> None:
    assert Spelling([dictionary(tmp_path, [])]).near("harbur") == []
