"""The documents that can lead a ranking, found without adding up the scores of all that match.

    found = leading([oil.matches, market.matches], view, every=False, wanted=10, keep=None)
    found.matches, found.best, found.total

MaxScore (Turtle and Flood, "Query evaluation: strategies and optimizations", 1995) on whole arrays. Of each long list
there are ceilings, a byte a document, which bound its scores from above. One list drives: its documents' scores and the
ceilings of the others give a bound on each sum, and a list whose own highest score, with those of the lists that have
not driven yet, cannot reach the threshold need not drive. Only documents whose bound reaches the threshold are scored,
exactly and in query order, so that a score is the same to the last bit as when everything is added up.

The threshold comes from the blended score: quality and recency can add no more than `View.highest_prior`, which says
how much of B a document needs to come before the last one wanted. It begins as a guess, which is lowered while too few
documents reach it; where what was found says that it was too high, one more round with the right one follows.
"""

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch import ranking
from newsearch.engine.whoosh.matches import NOTHING, Matches
from newsearch.engine.whoosh.snapshot import Documents
from newsearch.engine.whoosh.view import View

__all__ = ["Leading", "leading"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

_GUESS = 0.75
"""The first threshold, as a share of the highest bound."""

_LOWER = 0.6
"""What the threshold is multiplied by where fewer documents reach it than are wanted."""

_LEAST = 0.1
"""The share of the highest bound below which everything is scored: most documents reach so little."""

_SLACK = 1e-9
"""More than rounding can come to in a score of 0..1."""


class Leading(NamedTuple):
    """The documents that may come first, with exact scores; the best B of all that match; how many pass the filter."""

    matches: Matches
    best: float
    total: int


def leading(lists: Sequence[Matches], view: View, *, every: bool, wanted: int, keep: Mask | None) -> Leading | None:
    """What comes first among the documents that have every one of some lists, or any of them.

    `matches` has at least the `wanted` documents that blend best among those that `keep` marks. None where that cannot
    be told without all of the scores.
    """
    if not every:
        lists = [one for one in lists if one.documents.size] or lists[:1]
    bounded = _Every(lists, view.snapshot.size) if every else _Any(lists, view.snapshot.size)
    highest = bounded.highest
    if highest <= 0:
        return Leading(NOTHING, 0.0, 0) if bounded.is_empty else None
    threshold, least = highest * _GUESS, highest * _LEAST
    while threshold > least:
        documents = bounded.reaching(threshold)
        found = Matches(documents, _exact(lists, documents))
        best = found.highest
        kept = found if keep is None else _kept(found, keep)
        if kept.documents.size < wanted:
            threshold *= _LOWER
            continue
        needed = _needed(kept, best, view, wanted)
        if needed >= threshold:
            return Leading(kept, best, bounded.total(keep))
        threshold = needed
    return None


def _needed(found: Matches, best: float, view: View, wanted: int) -> float:
    """The B without which no document can be among the first, nor be the best; 0 where any B might do."""
    share = ranking.relevance_share(view.settings)
    if best <= 0 or share <= 0:
        return 0.0
    scores = view.blend(found, best)
    last = float(np.partition(scores, scores.size - wanted)[scores.size - wanted])
    return min(best, ((last - view.highest_prior) / share - _SLACK) * best)


def _exact(lists: Sequence[Matches], documents: Documents) -> Floats:
    """The sums of the lists' scores, added in the order given."""
    total = np.zeros(documents.size)
    for one in lists:
        places = one.documents.searchsorted(documents)
        here = np.flatnonzero(one.documents.take(places, mode="clip") == documents)
        total[here] += one.scores.take(places.take(here))
    return total


def _each_once(documents: Documents) -> Documents:
    """What np.unique gives, which takes longer for so few and imports NumPy's masked arrays first."""
    documents.sort()
    new = np.ones(documents.size, np.bool_)
    np.not_equal(documents[1:], documents[:-1], out=new[1:])
    return documents[new]


def _kept(found: Matches, keep: Mask) -> Matches:
    here = np.flatnonzero(keep.take(found.documents))
    return Matches(found.documents.take(here), found.scores.take(here))


class _Every:
    """The documents that all lists have, with a bound on the sum of each."""

    def __init__(self, lists: Sequence[Matches], size: int) -> None:
        driver, *others = sorted(lists, key=lambda one: one.documents.size)
        self._documents, self._bounds = driver.documents, driver.scores
        for other in others:
            steps = other.ceilings(size).take(self._documents)
            here = steps.nonzero()[0]
            self._documents = self._documents.take(here)
            self._bounds = self._bounds.take(here) + steps.take(here) * other.step

    @property
    def highest(self) -> float:
        return float(self._bounds.max(initial=0.0))

    @property
    def is_empty(self) -> bool:
        return not self._documents.size

    def reaching(self, threshold: float) -> Documents:
        return self._documents.take((self._bounds >= threshold).nonzero()[0])

    def total(self, keep: Mask | None) -> int:
        return int(self._documents.size if keep is None else np.count_nonzero(keep.take(self._documents)))


class _Any:
    """The documents that some list has, with a bound on the sum of each; lists drive as they are needed."""

    def __init__(self, lists: Sequence[Matches], size: int) -> None:
        self._lists = sorted(lists, key=lambda one: -one.highest)
        self._ceilings = [one.ceilings(size) for one in self._lists]
        self._bounds = [self._drive(0)]

    @property
    def highest(self) -> float:
        return float(self._bounds[0].max(initial=0.0))

    @property
    def is_empty(self) -> bool:
        return not any(one.documents.size for one in self._lists)

    def reaching(self, threshold: float) -> Documents:
        found: list[Documents] = []
        rest = sum(one.highest for one in self._lists) * (1 + _SLACK)
        for number, one in enumerate(self._lists):
            if rest < threshold:
                break
            if number == len(self._bounds):
                self._bounds.append(self._drive(number))
            found.append(one.documents.take((self._bounds[number] >= threshold).nonzero()[0]))
            rest -= one.highest
        if not found:  # where no score is above 0, what bounds them is
            return NOTHING.documents
        return found[0] if len(found) == 1 else _each_once(np.concatenate(found))

    def total(self, keep: Mask | None) -> int:
        union = reduce(np.bitwise_or, self._ceilings)
        return int(np.count_nonzero(union if keep is None else union.astype(np.bool_) & keep))

    def _drive(self, number: int) -> Floats:
        """For each document of a list, a bound on the sum of its scores in all lists."""
        driver = self._lists[number]
        bounds = driver.scores
        for place, (other, ceilings) in enumerate(zip(self._lists, self._ceilings, strict=True)):
            if place != number:  # a word asked for twice is there twice
                bounds = bounds + ceilings.take(driver.documents) * other.step
        return bounds
