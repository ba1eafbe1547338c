"""The visible articles, and the figures of ranking that depend on all of them, asked of the cluster.

    view = View(server, as_of=None, committed=1_601_510_400, settings=RankingSettings())
    view.documents, view.average_lengths, view.reference

Figures are exact: counts, sums and the largest are what the cluster adds up over all shards, and medians are found by
narrowing down ranges. They are asked for once and kept, as are the frequencies of words.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from newsearch import ranking
from newsearch.engine.opensearch.mapping import LENGTH
from newsearch.engine.opensearch.server import Server
from newsearch.model import RankingSettings
from newsearch.query.fields import TEXT_FIELDS

__all__ = ["Query", "View"]

Query = dict[str, Any]

_BUCKETS = 1000
_KEPT = 20_000
_QUALITIES = 10_000


class View:
    """The articles that are visible now or, with `as_of` in UTC epoch seconds, were at that moment.

    `committed` is when the index was last committed. Safe for threads: what two of them ask for at once is the same.
    """

    def __init__(self, server: Server, *, as_of: int | None, committed: int, settings: RankingSettings) -> None:
        self._server = server
        self.settings = settings
        self.latest_valid = committed + ranking.FUTURE_TOLERANCE
        self.visible: list[Query] = [] if as_of is None else [{"range": {"visible_from": {"lte": as_of}}}]
        self.kept: dict[str, Any] = {}

    def among(self, *queries: Query) -> Query:
        """What the visible articles that meet all of some queries are found by."""
        filters = [*self.visible, *queries]
        return {"bool": {"filter": filters}} if filters else {"match_all": {}}

    def ask(self, body: Query) -> dict[str, Any]:
        """The cluster's answer to a search of articles."""
        return self._server.search(self._server.articles, body)

    def ask_all(self, bodies: list[Query]) -> list[dict[str, Any]]:
        """The answers to several."""
        return self._server.searches(self._server.articles, bodies)

    def counts(self, queries: Iterable[Query]) -> list[int]:
        """How many visible articles each query finds; asked once and kept."""
        wanted = [(repr(query), query) for query in queries]
        missing = {key: query for key, query in wanted if key not in self.kept}
        if missing:
            numbered = {str(number): query for number, query in enumerate(missing.values())}
            body = {"size": 0, "query": self.among(), "aggs": {"counts": {"filters": {"filters": numbered}}}}
            found = self.ask({**body, "track_total_hits": False})["aggregations"]["counts"]["buckets"]
            if len(self.kept) > _KEPT:
                self.kept.clear()
                return self.counts([query for _, query in wanted])
            self.kept.update({key: found[str(number)]["doc_count"] for number, key in enumerate(missing)})
        return [self.kept[key] for key, _ in wanted]

    @property
    def documents(self) -> int:
        """N, the number of visible articles."""
        return int(self._figures["hits"]["total"]["value"])

    @cached_property
    def average_lengths(self) -> dict[str, float]:
        """The mean length of each text field over the visible articles that have it."""
        stats = {field: self._figures["aggregations"][f"length_{field}"] for field in TEXT_FIELDS}
        return {field: one["sum"] / one["count"] if one["count"] else 0.0 for field, one in stats.items()}

    def norm(self, field: str) -> tuple[float, float]:
        """A field's length norm (`ranking.length_norm`) as a slope and the norm of no words at all."""
        average, b = self.average_lengths[field], self.settings.b
        least = ranking.length_norm(0.0, average, b)
        return (b / average if average > 0 else 0.0), least

    def weight(self, field: str, length: int) -> float:
        """The weight of one occurrence in a field of so many words."""
        slope, least = self.norm(field)
        return float(getattr(self.settings.weights, field)) / (length * slope + least)

    @property
    def reference(self) -> int | None:
        """The newest valid date, which ages count from; None where no date is known."""
        newest = self._figures["aggregations"]["dated"]["newest"]["value"]
        return None if newest is None else int(newest)

    @cached_property
    def median_quality(self) -> int | None:
        """The lower median of the known qualities."""
        buckets = self._figures["aggregations"]["known"]["quality"]["buckets"]
        total = sum(bucket["doc_count"] for bucket in buckets)
        wanted = (total - 1) // 2 + 1
        for bucket in buckets:
            wanted -= bucket["doc_count"]
            if wanted <= 0:
                return int(bucket["key"])
        return None

    @cached_property
    def median_age(self) -> float | None:
        """The lower median of the known ages, in days."""
        dated = self._figures["aggregations"]["dated"]
        reference = self.reference
        if reference is None:
            return None
        # Ages ascend as dates descend, so the lower median of ages is the upper one of dates.
        wanted = dated["doc_count"] - (dated["doc_count"] - 1) // 2
        low, high = int(dated["oldest"]["value"]), reference
        while low < high:
            width = (high - low) // _BUCKETS + 1
            window = {"range": {"date": {"gte": low, "lte": high}}}
            histogram = {"field": "date", "interval": width, "offset": low % width, "min_doc_count": 1}
            body = {"size": 0, "query": self.among(window), "aggs": {"dates": {"histogram": histogram}}}
            buckets = self.ask({**body, "track_total_hits": False})["aggregations"]["dates"]["buckets"]
            for bucket in buckets:
                if wanted <= bucket["doc_count"]:
                    low = int(bucket["key"])
                    high = min(high, low + width - 1)
                    break
                wanted -= bucket["doc_count"]
        return max(reference - low, 0) / ranking.DAY

    @cached_property
    def assumed_quality(self) -> int:
        """What stands in for a missing quality."""
        return ranking.UNKNOWN_QUALITY if self.median_quality is None else self.median_quality

    @cached_property
    def assumed_recency(self) -> float:
        """What stands in for R where there is no usable date."""
        if self.median_age is None:
            return ranking.UNKNOWN_RECENCY
        return ranking.recency(self.median_age, self.settings.half_life)

    @cached_property
    def _figures(self) -> dict[str, Any]:
        valid = {"range": {"date": {"lte": self.latest_valid}}}
        aggregations: Query = {
            "dated": {
                "filter": valid,
                "aggs": {"newest": {"max": {"field": "date"}}, "oldest": {"min": {"field": "date"}}},
            },
            "known": {
                "filter": {"range": {"quality": {"gte": 0}}},
                "aggs": {"quality": {"terms": {"field": "quality", "size": _QUALITIES, "order": {"_key": "asc"}}}},
            },
        }
        for field in TEXT_FIELDS:
            aggregations[f"length_{field}"] = {"stats": {"field": f"{LENGTH}.{field}"}}
        return self.ask({"size": 0, "query": self.among(), "aggs": aggregations, "track_total_hits": True})
