"""The ranking formula, on plain floats and NumPy arrays alike.

    score = blend(relevance(b, b_max), quality(43), recency(age_days=12.0, half_life=180.0), settings)

    S = (1 - wq - wr) * T + wq * Q + wr * R          T, Q, R and S in 0..1

T is the article's BM25F divided by the best article's, Q its quality out of 100, R a decay that halves every
`half_life` days. BM25F is the form of Zaragoza, Craswell, Taylor, Saria and Robertson, "Microsoft Cambridge at TREC-13"
(2004): the fields' weighted and length-normalised term frequencies are added first and saturated once (Robertson,
Zaragoza and Taylor, CIKM 2004). Quality and recency as query-independent evidence: Craswell, Robertson, Zaragoza and
Taylor, SIGIR 2005; a time prior of exponential decay: Li and Croft, CIKM 2003.

This module knows no index, no query and no field names; it is told every number and imports no NumPy: `log1p` of an idf
is taken of one number at a time, the rest is arithmetic that arrays do too.
"""

from math import log1p
from typing import TYPE_CHECKING, TypeVar

from newsearch.model import RankingSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Number = TypeVar("Number", float, NDArray[np.float64])
else:
    Number = TypeVar("Number")

__all__ = [
    "DAY",
    "FULL_QUALITY",
    "FUTURE_TOLERANCE",
    "UNKNOWN_QUALITY",
    "UNKNOWN_RECENCY",
    "blend",
    "idf",
    "length_norm",
    "quality",
    "recency",
    "relevance",
    "relevance_share",
    "saturate",
]

DAY = 86_400
"""Seconds in a day."""

FULL_QUALITY = 100
"""The quality that counts as 1; higher ones count as 1 too."""

_SHORTEST = 1e-12
"""The least norm there is: with b = 1, a stop word in a field of stop words alone would be divided by 0."""

UNKNOWN_QUALITY = 50
"""Stands in for a missing quality in an archive where no quality is known."""

UNKNOWN_RECENCY = 0.5
"""Stands in for R in an archive where no date is known."""

FUTURE_TOLERANCE = DAY
"""A date more than this many seconds past the last commit is a mistake of somebody's clock, and counts as unknown."""


def idf(documents: int, frequency: int) -> float:
    """Inverse document frequency, `ln(1 + (N - df + 0.5) / (df + 0.5))`, above 0 for every df in 0..N.

    `documents` is N, the live articles; `frequency` is df, those that have the term in any field.
    """
    return log1p((documents - frequency + 0.5) / (frequency + 0.5))


def length_norm(length: Number, average: float, b: float) -> Number:
    """What a field's term frequency is divided by: `1 - b + b * length / average`; 1 for a field of average length.

    `length` counts the field's terms, stop words left out; `average` is the mean over the articles that have the field.
    Where that mean is 0 (a field of stop words alone) the length says nothing and the norm is 1.
    """
    if average <= 0:
        return length * 0.0 + 1.0
    return length * (b / average) + max(1.0 - b, _SHORTEST)


def saturate(x: Number, k1: float) -> Number:
    """`x / (k1 + x)`: a term's weighted frequency over all fields, in 0..1, each further occurrence adding less."""
    return x / (x + k1)


def relevance(b: Number, best: float) -> Number:
    """T: BM25F as a share of the best article's; 1 for every article when the query scores nothing (best is 0)."""
    return b / best if best > 0 else b * 0.0 + 1.0


def quality(value: float) -> float:
    """Q: a quality clamped to 0..100, out of 100."""
    return min(max(value, 0), FULL_QUALITY) / FULL_QUALITY


def recency(age_days: Number, half_life: float) -> Number:
    """R: `2 ** (-age / half_life)`, 1 for a new article and 0.5 at one half-life. Both in days, age 0 or more."""
    decayed: Number = 2.0 ** (age_days * (-1.0 / half_life))
    return decayed


def relevance_share(settings: RankingSettings) -> float:
    """The share of the score that is relevance: what quality and recency leave of 1."""
    return 1.0 - settings.quality_weight - settings.recency_weight


def blend(relevance_part: Number, quality_part: Number, recency_part: Number, settings: RankingSettings) -> Number:
    """S: the three parts, each in 0..1, weighted by the settings' shares and added in this order."""
    wq, wr = settings.quality_weight, settings.recency_weight
    return relevance_part * relevance_share(settings) + quality_part * wq + recency_part * wr
