"""Lists of matches put together: the same documents and sums as by going through them one by one."""

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from newsearch.engine.whoosh.matches import Matches
from newsearch.engine.whoosh.operands import _all_of, _some_of

SIZE = 6000
LENGTHS = [(1, 1), (5, 900), (0, 40), (300, 200), (40, 3000), (2500, 2600), (20, 30, 25), (1500, 700, 900)]
"""Short lists beside long ones and lists that are alike, sparse and dense: each is joined in another way."""


def lists(lengths: tuple[int, ...]) -> list[dict[int, float]]:
    rnd = random.Random(sum(lengths))
    return [{one: rnd.random() for one in sorted(rnd.sample(range(SIZE), length))} for length in lengths]


def matches(found: list[dict[int, float]]) -> list[Matches]:
    return [Matches(np.array([*one], np.int64), np.array([*one.values()])) for one in found]


def as_pairs(found: Matches) -> list[tuple[int, float]]:
    return list(zip(found.documents.tolist(), found.scores.tolist(), strict=True))


@pytest.mark.parametrize("lengths", LENGTHS)
def test_all_of_some_lists_are_the_documents_of_each(lengths: tuple[int, ...]) -> None:
    found = lists(lengths)
    common = sorted(set.intersection(*map(set, found)))
    expected = [(one, sum(each[one] for each in found)) for one in common]
    assert as_pairs(_all_of(matches(found), SIZE)) == expected


@pytest.mark.parametrize("at_least", [1, 2])
@pytest.mark.parametrize("lengths", LENGTHS)
def test_some_of_them_are_those_of_so_many(lengths: tuple[int, ...], at_least: int) -> None:
    found = lists(lengths)
    counts = Counter(one for each in found for one in each)
    expected = [
        (one, sum(each.get(one, 0.0) for each in found)) for one, count in sorted(counts.items()) if count >= at_least
    ]
    assert as_pairs(_some_of(matches(found), SIZE, at_least=at_least)) == expected


def test_who_asks_twice_for_some_scores_of_a_short_list_has_all_of_them_worked_out_once() -> None:
    asked: list[int | None] = []

    def score(places: NDArray[Any] | None) -> NDArray[Any]:
        asked.append(None if places is None else places.size)
        return np.arange(1000.0) if places is None else places.astype(np.float64)

    found = Matches(np.arange(1000), score)
    for _ in range(3):
        assert found.scores_at(np.array([4, 7])).tolist() == [4.0, 7.0]
    assert asked == [2, None]
