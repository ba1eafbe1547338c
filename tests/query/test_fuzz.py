"""Some hundreds of the texts of the fuzzer, and that it would notice."""

from pathlib import Path

import newsearch
from newsearch.query.parser import MAX_LENGTH
from tests.archive import build
from tests.query.fuzz import ARCHIVE, Report, fuzz, texts


def test_random_queries_are_answered_and_read_back_from_print(tmp_path: Path) -> None:
    build(tmp_path, ARCHIVE).close()
    with newsearch.open(tmp_path) as index:
        report = fuzz(index, 300, seed=1)
    assert report.faults == []
    assert report.count == 300


def test_a_seed_makes_the_same_texts_again_and_another_others() -> None:
    assert list(texts(30, 7)) == list(texts(30, 7))
    assert list(texts(30, 7)) != list(texts(30, 8))


def test_some_texts_are_long_ones_of_what_takes_longest() -> None:
    heavy = list(texts(6400, 1))[63::64]
    assert all(1000 < len(text) <= MAX_LENGTH for text in heavy)
    assert all(any(part in text for text in heavy) for part in ("the-", '"~20', "*", "path:", " OR ", ' -"'))


def test_what_raises_or_is_slow_is_not_good() -> None:
    assert Report(1, [], [(99.0, 0, "a")]).is_good(100)
    assert not Report(1, [], [(101.0, 0, "a")]).is_good(100)
    assert not Report(1, ["0: 'a'"], []).is_good(100)
