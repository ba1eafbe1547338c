"""How the score of a hit is told: a tree whose leaves multiply and add up to it.

    explained(relevance_of(raw, best), quality_of(0.8, found=80, used=80), recency_of(0.4, ...), settings)

The three summands of `newsearch.ranking` with their shares; under relevance every word with its idf and saturation, and
the best article's B that all of it is divided by. What the figures were made of (a word's tf and length in each field,
a quality as found, an age) are the facts of the leaves. The figures, and the ranks that an article would have without
quality or recency, are the engines'.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from newsearch import ranking
from newsearch.model import Explanation, RankingSettings
from newsearch.query.dates import instant

__all__ = ["clause_of", "explained", "quality_of", "recency_of", "relevance_of", "sum_of", "words_of"]

_SHOWN = 20
"""How many of the words that a part stands for are listed."""


def explained(
    relevance: tuple[Explanation, ...],
    quality: Explanation,
    recency: Explanation,
    settings: RankingSettings,
) -> Explanation:
    """The score as a sum of relevance, quality and recency; what makes up each of them multiplies."""
    parts = (
        _summand("relevance", ranking.relevance_share(settings), relevance),
        _summand("quality", settings.quality_weight, (quality,)),
        _summand("recency", settings.recency_weight, (recency,)),
    )
    return Explanation(sum(part.value for part in parts), "score", "sum", parts)


def relevance_of(raw: Explanation | None, best: float) -> tuple[Explanation, ...]:
    """B over the best article's B; `raw` explains B, and is None where the query has nothing that scores."""
    if raw is None:
        return (Explanation(1.0, "relevance T", facts={"note": "the query has nothing that scores"}),)
    divided = Explanation(1.0 / best, "1 / the best article's B", facts={"best": best})
    return Explanation(raw.value, f"B: {raw.description}", raw.combine, raw.details, raw.facts), divided


def quality_of(value: float, *, found: int | None, assumed: float) -> Explanation:
    """Q, of a quality of 0 to 100 as `found`, or of what is assumed where none was."""
    told = "quality Q" if found is not None else "quality Q, unknown: the archive's median"
    return Explanation(value, told, facts={"found": found, "used": assumed if found is None else found})


def recency_of(
    value: float, *, date: int | None, is_usable: bool, age: float | None, half_life: float, reference: int | None
) -> Explanation:
    """R, of an age in days; `date` and `reference`, the second that ages count from, are UTC epoch seconds."""
    return Explanation(
        value,
        "recency R" if is_usable else "recency R, no usable date: the archive's median age",
        facts={
            "date": None if date is None else instant(date),
            "age_days": age,
            "half_life_days": half_life,
            "reference": None if reference is None else instant(reference),
        },
    )


def clause_of(
    label: str,
    fields: Mapping[str, Mapping[str, float]],
    facts: Mapping[str, Any],
    *,
    x: float,
    idf: float,
    boost: float,
    documents: int,
    document_frequencies: Sequence[int],
    settings: RankingSettings,
) -> Explanation:
    """What a word, a phrase or a group adds to B: x is its weighted frequency, `fields` what that was made of.

    `document_frequencies` tell how many of so many visible `documents` have it.
    """
    saturation = ranking.saturate(x, settings.k1)
    made_of = {"x": x, "k1": settings.k1, "b": settings.b, "fields": fields}
    factors = (
        *(() if boost == 1 else (Explanation(boost, "weight"),)),
        Explanation(idf, "idf", facts={"articles": documents, "with_word": list(document_frequencies)}),
        Explanation(saturation, "saturation x / (k1 + x)", facts=made_of),
    )
    return Explanation(idf * saturation * boost, label, "product", factors, facts)


def words_of(words: Sequence[str]) -> dict[str, object]:
    """The words, ascending, that a prefix, a pattern or a misspelt word stands for."""
    return {"words": len(words), "such_as" if len(words) > _SHOWN else "they_are": list(words[:_SHOWN])}


def sum_of(description: str, parts: Sequence[Explanation | None]) -> Explanation | None:
    """The sum of those parts that match; None where none does."""
    details = tuple(part for part in parts if part is not None)
    if not details:
        return None
    return Explanation(sum(part.value for part in details), description, "sum", details)


def _summand(name: str, share: float, factors: tuple[Explanation, ...]) -> Explanation:
    value = math.prod([share, *(factor.value for factor in factors)])
    return Explanation(value, name, "product", (Explanation(share, "share of the score"), *factors))
