"""What is asked of an archive, and by which settings it is ranked.

    request = SearchRequest(text="facial recognition", limit=5)

A part of `newsearch.model`, which has all the nouns. Only the ranges of ranking settings are checked here; what a
request's options mean is `newsearch.query.filters`'s.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from newsearch.errors import ConfigError

__all__ = [
    "CompletionKind",
    "FieldWeights",
    "Group",
    "Interval",
    "MatchMode",
    "RankingSettings",
    "SearchRequest",
    "SeenMark",
    "Sort",
]

MatchMode = Literal["auto", "all", "any"]
Sort = Literal["relevance", "date", "quality", "heat"]
Interval = Literal["day", "week", "month", "year"]
Group = Literal["story"]
CompletionKind = Literal["word", "topic", "provider"]


def _require_range(key: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise ConfigError(f"{key} is {value:g}; it has to be from {low:g} to {high:g}.")


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """How much one occurrence of a word counts in each text field; 0 leaves the field out of the score."""

    title: float = 2.0
    excerpt: float = 1.0
    topics: float = 1.0
    body: float = 1.0
    related: float = 0.5

    def __post_init__(self) -> None:
        for spec in fields(self):
            _require_range(f"ranking.weights.{spec.name}", getattr(self, spec.name), 0.0, 1000.0)
        if not any(getattr(self, spec.name) for spec in fields(self)):
            raise ConfigError("ranking.weights are all 0; at least one field has to count.")


@dataclass(frozen=True, slots=True)
class RankingSettings:
    """The figures of the ranking formula (`newsearch.ranking`); the defaults are those the guide explains.

    `quality_weight` and `recency_weight` are shares of the score, 0..1 and together at most 1; relevance has the
    rest. `half_life` is in days. `k1` (saturation, 0..100) and `b` (length normalisation, 0..1) are BM25's. Raises
    ConfigError.
    """

    quality_weight: float = 0.10
    recency_weight: float = 0.10
    half_life: float = 180.0
    k1: float = 1.2
    b: float = 0.75
    weights: FieldWeights = FieldWeights()

    def __post_init__(self) -> None:
        _require_range("ranking.quality_weight", self.quality_weight, 0.0, 1.0)
        _require_range("ranking.recency_weight", self.recency_weight, 0.0, 1.0)
        _require_range("ranking.half_life", self.half_life, 1e-6, 1e9)
        _require_range("ranking.k1", self.k1, 1e-6, 100.0)
        _require_range("ranking.b", self.b, 0.0, 1.0)
        if self.quality_weight + self.recency_weight > 1.0 + 1e-9:
            raise ConfigError(
                f"ranking.quality_weight and ranking.recency_weight add up to "
                f"{self.quality_weight + self.recency_weight:g}; together they may be 1 at most."
            )


@dataclass(frozen=True, slots=True)
class SeenMark:
    """How far somebody has seen what came into an index.

    Seen is every article that first came in at `moment` or before; without one nothing has been seen. It says nothing
    of publication dates.
    """

    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question to an archive, the same from every face to every engine.

    `since`, `until` and `as_of` are text as a user types it (`2020-09`, `7d`, `latest`); `newsearch.query.dates` reads
    them, because an age counts back from a day that only the engine knows. `limit` is 0..1000, `offset` 0..1,000,000;
    with `group` both count stories. `max_per_provider`, 1..1000, holds back what one provider has beyond that.
    """

    text: str = ""
    limit: int = 10
    offset: int = 0
    match: MatchMode = "auto"
    sort: Sort = "relevance"
    since: str | None = None
    until: str | None = None
    as_of: str | None = None
    provider: str | None = None
    topic: str | None = None
    type: str | None = None
    kind: Literal["item", "related", "all"] = "all"
    min_quality: int | None = None
    group: Group | None = None
    max_per_provider: int | None = None
    explain: bool = False
    facets: tuple[str, ...] = ()
    timeline: Interval | None = None
    arrived: SeenMark | None = None
