"""Why a hit has its score.

    explanation = Explainer(evaluation, view).explain(document)

A tree whose leaves multiply and add up to the score: the three summands of newsearch.ranking with their shares; under
relevance every word with its idf and saturation, and the best article's B that all of it is divided by. What the
figures were made of (a word's tf and length in each field, a quality as found, an age) are the facts of the leaves. The
facts of the whole are the ranks that the document would have, among all matches, without quality and without recency.
"""

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from newsearch import ranking
from newsearch.engine.whoosh.evaluate import Evaluation
from newsearch.engine.whoosh.schema import MISSING_DATE
from newsearch.engine.whoosh.view import View
from newsearch.model import Explanation
from newsearch.query.dates import instant

__all__ = ["Explainer"]

Floats = NDArray[np.float64]


class Explainer:
    """Explains the scores of what a query matched."""

    def __init__(self, evaluation: Evaluation, view: View) -> None:
        self._evaluation = evaluation
        self._view = view

    def explain(self, document: int) -> Explanation:
        """The score of a matched document as a sum of relevance, quality and recency."""
        view, settings = self._view, self._view.settings
        parts = (
            _summand("relevance", ranking.relevance_share(settings), _relevance(document, self._evaluation)),
            _summand("quality", settings.quality_weight, (_quality(document, view),)),
            _summand("recency", settings.recency_weight, (_recency(document, view),)),
        )
        ranks = {
            "rank_without_quality": self._rank(document, self._without_quality),
            "rank_without_recency": self._rank(document, self._without_recency),
        }
        return Explanation(sum(part.value for part in parts), "score", "sum", parts, ranks)

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


def _summand(name: str, share: float, factors: tuple[Explanation, ...]) -> Explanation:
    value = math.prod([share, *(factor.value for factor in factors)])
    return Explanation(value, name, "product", (Explanation(share, "share of the score"), *factors))


def _relevance(document: int, evaluation: Evaluation) -> tuple[Explanation, ...]:
    raw = evaluation.explain(document)
    if raw is None:
        return (Explanation(1.0, "relevance T", facts={"note": "the query has nothing that scores"}),)
    best = Explanation(1.0 / evaluation.best, "1 / the best article's B", facts={"best": evaluation.best})
    return Explanation(raw.value, f"B: {raw.description}", raw.combine, raw.details, raw.facts), best


def _quality(document: int, view: View) -> Explanation:
    found = int(view.snapshot.column("quality")[document])
    known = found >= 0
    assumed = ranking.UNKNOWN_QUALITY if view.median_quality is None else view.median_quality
    return Explanation(
        float(view.quality[document]),
        "quality Q" if known else "quality Q, unknown: the archive's median",
        facts={"found": found if known else None, "used": found if known else assumed},
    )


def _recency(document: int, view: View) -> Explanation:
    date = int(view.snapshot.dates[document])
    known = bool(view.dates_valid[document]) and view.median_age is not None
    age = float(view.ages[document]) if known else view.median_age
    return Explanation(
        float(view.recency[document]),
        "recency R" if known else "recency R, no usable date: the archive's median age",
        facts={
            "date": None if date == MISSING_DATE else instant(date),
            "age_days": age,
            "half_life_days": view.settings.half_life,
            "reference": None if view.reference is None else instant(view.reference),
        },
    )
