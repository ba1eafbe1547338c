"""What a request means, and the queries that find and score it.

    found.scored(settings), found.matching()

A search, its facets, its explanations and its stories ask the cluster for the same matches; this is where they agree.
"""

from dataclasses import dataclass
from typing import NamedTuple, Self

from newsearch import ranking
from newsearch.engine.opensearch.compile import Compiled, Operand
from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.rules.questions import Question
from newsearch.model import RankingSettings

__all__ = ["Found", "Shares"]

_BLENDED = """
double t = params.best > 0 ? _score / params.best : 1.0;
double q = params.mq;
if (doc['quality'].size() != 0) { q = Math.min(Math.max(doc['quality'].value, 0L), 100L) / 100.0; }
double r = params.mr;
if (doc['date'].size() != 0 && doc['date'].value <= params.latest) {
  r = Math.pow(2.0, Math.max(params.ref - doc['date'].value, 0L) / 86400.0 * params.decay);
}
return t * params.wt + q * params.wq + r * params.wr;
"""
"""`newsearch.ranking.blend`. What is not known counts as the median; without any dates every r is params.mr."""


class Shares(NamedTuple):
    """What of a score is relevance, quality and recency."""

    relevance: float
    quality: float
    recency: float

    @classmethod
    def of(cls, settings: RankingSettings) -> Self:
        """The shares that settings say."""
        return cls(ranking.relevance_share(settings), settings.quality_weight, settings.recency_weight)


@dataclass(frozen=True)
class Found:
    """What a request means in a view, and what the cluster finds by it."""

    view: View
    question: Question
    compiled: Compiled
    root: Operand | None
    best: float
    relaxed: bool

    @property
    def warnings(self) -> tuple[str, ...]:
        """What could not be read as meant, or is not searched as asked."""
        return (*self.question.parsed.warnings, *self.compiled.warnings)

    def scored(
        self, settings: RankingSettings, *extra: Query, shares: Shares | None = None, least: float | None = None
    ) -> Query:
        """A query for the matches, scored. `shares` are others than the settings'; `least` is the lowest score."""
        view = self.view
        relevance, quality, recency = shares or Shares.of(settings)
        matching: Query = {"filter": [*view.visible, *self.compiled.constraints, *extra]}
        if self.root is not None:
            matching["must"] = [self.root.scoring()]
        known = view.median_age is not None
        values = {
            "best": self.best,
            "wt": relevance,
            "wq": quality,
            "wr": recency,
            "mq": ranking.quality(view.assumed_quality),
            "mr": view.assumed_recency,
            "latest": view.latest_valid if known else -(2**62),
            "ref": view.reference or 0,
            "decay": -1.0 / settings.half_life,
        }
        scored: Query = {"query": {"bool": matching}, "script": {"source": _BLENDED, "params": values}}
        return {"script_score": scored | ({} if least is None else {"min_score": least})}

    def matching(self, *extra: Query) -> Query:
        """A query for the matches, unscored."""
        return self.view.among(*self.compiled.constraints, *extra, *([self.root.filtering()] if self.root else []))
