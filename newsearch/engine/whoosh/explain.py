"""Why a hit has its score.

    explanation = explain_score(document, evaluation, view)

A tree whose leaves multiply and add up to the score: the three summands of newsearch.ranking with their shares; under
relevance every word with its idf and saturation, and the best article's B that all of it is divided by. What the
figures were made of (a word's tf and length in each field, a quality as found, an age) are the facts of the leaves.
"""

import math

from newsearch import ranking
from newsearch.engine.whoosh.evaluate import Evaluation
from newsearch.engine.whoosh.records import from_seconds
from newsearch.engine.whoosh.schema import MISSING_DATE
from newsearch.engine.whoosh.view import View
from newsearch.model import Explanation

__all__ = ["explain_score"]


def explain_score(document: int, evaluation: Evaluation, view: View) -> Explanation:
    """The score of a matched document as a sum of relevance, quality and recency."""
    settings = view.settings
    parts = (
        _summand("relevance", ranking.relevance_share(settings), _relevance(document, evaluation)),
        _summand("quality", settings.quality_weight, (_quality(document, view),)),
        _summand("recency", settings.recency_weight, (_recency(document, view),)),
    )
    return Explanation(sum(part.value for part in parts), "score", "sum", parts)


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
            "date": None if date == MISSING_DATE else _iso(date),
            "age_days": age,
            "half_life_days": view.settings.half_life,
            "reference": None if view.reference is None else _iso(view.reference),
        },
    )


def _iso(seconds: int) -> str:
    moment = from_seconds(seconds)
    return "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
