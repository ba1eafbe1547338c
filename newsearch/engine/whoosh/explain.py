"""Why a hit has its score.

    explanation = Explainer(evaluation, view).explain(document)

How it is told is `newsearch.engine.rules.explanation`'s; the figures are those that the score was computed from.
"""

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from newsearch import ranking
from newsearch.engine.rules.explanation import explained, quality_of, recency_of, relevance_of
from newsearch.engine.whoosh.evaluate import Evaluation
from newsearch.engine.whoosh.schema import MISSING_DATE
from newsearch.engine.whoosh.view import View
from newsearch.model import Explanation

__all__ = ["Explainer"]

Floats = NDArray[np.float64]


class Explainer:
    """Explains the scores of what a query matched."""

    def __init__(self, evaluation: Evaluation, view: View) -> None:
        self._evaluation = evaluation
        self._view = view

    def explain(self, document: int) -> Explanation:
        """The score of a matched document as a sum of relevance, quality and recency."""
        view, evaluation = self._view, self._evaluation
        found = explained(
            relevance_of(evaluation.explain(document), evaluation.best),
            _quality(document, view),
            _recency(document, view),
            view.settings,
        )
        ranks = {
            "rank_without_quality": self._rank(document, self._without_quality),
            "rank_without_recency": self._rank(document, self._without_recency),
        }
        return replace(found, facts=ranks)

    def _rank(self, document: int, scores: Floats) -> int:
        """The rank of a matched document, 1 the best, if these were the scores of all that match."""
        snapshot, documents = self._view.snapshot, self._evaluation.matches.documents
        score = scores[documents.searchsorted(document)]
        ties = documents[scores == score]
        dates, keys = snapshot.dates[ties], snapshot.keys[ties]
        date, key = snapshot.dates[document], snapshot.keys[document]
        before = (dates > date) | ((dates == date) & (keys < key))
        return 1 + int(np.count_nonzero(scores > score)) + int(np.count_nonzero(before))

    @cached_property
    def _relevance(self) -> Floats:
        """T of all that match, times its share of the score."""
        parts = ranking.relevance(self._evaluation.matches.scores, self._evaluation.best)
        return parts * ranking.relevance_share(self._view.settings)

    @cached_property
    def _without_quality(self) -> Floats:
        view = self._view
        recency: Floats = view.recency[self._evaluation.matches.documents]
        return self._relevance + recency * view.settings.recency_weight

    @cached_property
    def _without_recency(self) -> Floats:
        view = self._view
        quality: Floats = view.quality[self._evaluation.matches.documents]
        return self._relevance + quality * view.settings.quality_weight


def _quality(document: int, view: View) -> Explanation:
    found = int(view.snapshot.column("quality")[document])
    assumed = ranking.UNKNOWN_QUALITY if view.median_quality is None else view.median_quality
    return quality_of(float(view.quality[document]), found=found if found >= 0 else None, assumed=assumed)


def _recency(document: int, view: View) -> Explanation:
    date = int(view.snapshot.dates[document])
    is_usable = bool(view.dates_valid[document]) and view.median_age is not None
    return recency_of(
        float(view.recency[document]),
        date=None if date == MISSING_DATE else date,
        is_usable=is_usable,
        age=float(view.ages[document]) if is_usable else view.median_age,
        half_life=view.settings.half_life,
        reference=view.reference,
    )
