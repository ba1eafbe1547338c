"""The documents that something matches, with a score for each.

    matches = Matches(documents, scores)
    matches.documents, matches.scores, matches.highest
    matches.scores_at(places)               # of some of the documents, given by their places in `documents`

Scores are what cost, so a word may give a function for them instead: where it stands beside a rarer one, few of its
documents are ever scored.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.snapshot import Documents

__all__ = ["NOTHING", "Matches"]

Floats = NDArray[np.float64]

_LEVELS = 255
_SMALLEST = 1e-290
_IN_PART = 4
"""Documents are scored a few at a time until these make one in so many of all."""

_SHORT = 4096
"""Scoring so many documents takes hardly longer than scoring a few of them: the second time all are scored."""

_LONG = 32
"""A list is long if it has at least one in so many of all documents; only of such are ceilings kept."""


class Matches:
    """Visible documents, ascending, and a score for each, 0 or more. Nobody may write to the arrays."""

    __slots__ = ("_asked", "_ceilings", "_highest", "_score", "_scores", "documents")

    def __init__(self, documents: Documents, scores: Floats | Callable[[Documents | None], Floats]) -> None:
        """`scores` may be a function that gives them for places of `documents`, or for all of them."""
        self.documents = documents
        self._score: Callable[[Documents | None], Floats] | None = scores if callable(scores) else None
        self._scores: Floats | None = None if callable(scores) else scores
        self._asked = 0
        self._highest: float | None = None
        self._ceilings: NDArray[np.uint8] | None = None

    @property
    def scores(self) -> Floats:
        """The score of each document."""
        scores = self._scores
        if scores is None:
            score = self._score
            scores = self._scores = score(None) if score is not None else np.zeros(0)
            self._score = None
        return scores

    def scores_at(self, places: NDArray[np.int64]) -> Floats:
        """The scores of the documents at some places, ascending."""
        score = self._score
        if score is not None:
            # Who asks again and again is better off with all of them.
            again, self._asked = self._asked > 0, self._asked + places.size
            if self._asked * _IN_PART < self.documents.size and not (again and self.documents.size <= _SHORT):
                return score(places)
        return self.scores.take(places)

    @property
    def highest(self) -> float:
        """The highest score; 0 where nothing matches."""
        if self._highest is None:
            self._highest = float(np.maximum.reduce(self.scores)) if self.documents.size else 0.0
        return self._highest

    def times(self, factor: float) -> "Matches":
        """The same documents, each score multiplied by a factor above 0."""

        def score(places: Documents | None) -> Floats:
            return (self.scores if places is None else self.scores_at(places)) * factor

        return Matches(self.documents, score)

    def is_long(self, size: int) -> bool:
        """Whether it has so many of a snapshot's `size` documents that its ceilings are worth keeping."""
        return self.documents.size * _LONG >= size

    @property
    def step(self) -> float:
        """What one step of the ceilings stands for."""
        # A hair more than a 255th, so that rounding makes no ceiling lower than its score.
        # Numbers too small to have all their digits would not bear that.
        return max(self.highest / _LEVELS * (1 + 1e-12), _SMALLEST) if self.highest else 0.0

    def ceilings(self, size: int) -> NDArray[np.uint8]:
        """For each of a snapshot's `size` documents, the steps that its score does not exceed; 0 where it has none."""
        found = self._ceilings
        if found is None:
            found = np.zeros(size, np.uint8)
            step = self.step
            steps: Any = np.ceil(self.scores / step) if step > 0 else np.zeros(self.documents.size)
            found[self.documents] = np.maximum(steps, 1)
            if self.is_long(size):
                self._ceilings = found
        return found


NOTHING = Matches(np.zeros(0, np.int64), np.zeros(0))
"""No documents."""
