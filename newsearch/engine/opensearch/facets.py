"""Matches counted by the values that articles have, and over time.

    facets, warnings = Facets(view).values(read_facets(("provider",)), view, query)

A value's count is what its filter finds. The cluster counts; how a value is written, and what a provider is called
besides, is read once from all articles, as on the embedded engine. What a cluster has too many values to count exactly
is said in a warning.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.keywords import Publisher, publisher
from newsearch.engine.rules.labels import QUALITY_LABELS, Label, kind_label, labels_of, provider_labels_of, time_labels
from newsearch.engine.rules.timeline import Buckets, check_span
from newsearch.model import FacetValue, Interval, Timeline
from newsearch.query.facets import QUALITY_BANDS, FacetSpec

__all__ = ["Facets", "timeline_of", "timeline_query"]

_VALUES = 20_000
"""Values of a field that are counted: of more, those that most articles have."""

_UNITS = 60_000
"""Buckets that the cluster gives at once; its own bound is a little higher."""


class Facets:
    """Counts by the values that the articles of a view have, which is that of all articles."""

    def __init__(self, live: View) -> None:
        self._live = live
        self._known: dict[str, dict[str, Label]] = {}

    def values(
        self, specs: Sequence[FacetSpec], view: View, matching: Query
    ) -> tuple[dict[str, tuple[FacetValue, ...]], tuple[str, ...]]:
        """The values of some fields that the matches have, and warnings about what is not exact."""
        aggregations = {spec.field: _aggregation(spec.field) for spec in specs}
        body = {"size": 0, "query": matching, "aggs": aggregations, "track_total_hits": False}
        answered = view.ask(body)["aggregations"]
        found: dict[str, tuple[FacetValue, ...]] = {}
        warnings = []
        for spec in specs:
            answer = answered[spec.field]
            found[spec.field] = self._read(spec, answer)
            if isinstance(answer["buckets"], list) and answer.get("sum_other_doc_count"):
                warnings.append(
                    f"There are more than {_VALUES:,} values of {spec.field}; those of fewest articles are not counted."
                )
        return found, tuple(warnings)

    def _read(self, spec: FacetSpec, answer: dict[str, Any]) -> tuple[FacetValue, ...]:
        buckets = answer["buckets"]
        match spec.field:
            case "quality":
                counted = [(label, buckets[label.value]["doc_count"]) for label in QUALITY_LABELS]
                return tuple(_value(label, count) for label, count in counted if count)[: spec.limit]
            case "year" | "month":
                ordered = sorted(buckets, key=lambda bucket: -bucket["key"])[: spec.limit]
                labels = time_labels(np.array([bucket["key"] for bucket in ordered], np.int64), spec.field)
                return tuple(_value(label, bucket["doc_count"]) for label, bucket in zip(labels, ordered, strict=True))
            case "kind":
                values = [_value(kind_label(bucket["key"]), bucket["doc_count"]) for bucket in buckets]
            case _:
                labels_by_term = self._labels(spec.field)
                values = [
                    _value(label, bucket["doc_count"])
                    for bucket in buckets
                    if (label := labels_by_term.get(bucket["key"])) is not None
                ]
        values.sort(key=lambda value: (-value.count, value.value))
        return tuple(values[: spec.limit])

    def _labels(self, field: str) -> dict[str, Label]:
        """The values of a field, by the term that finds them."""
        if field not in self._known:
            used = self.writings(field)
            labels = provider_labels_of(used) if field == "provider" else labels_of(field, used)
            self._known[field] = {fold(label.value.strip()): label for label in labels}
        return self._known[field]

    def names(self, field: str) -> dict[str, str]:
        """What a topic is called by its folded form, or a provider by what makes it one: the first way to write it."""
        found: dict[str, str] = {}
        for written in self.writings(field):
            one = publisher(written) if field == "provider" else Publisher(fold(written), written)
            if one is not None and one.identity:
                found[one.identity] = min(found.get(one.identity, one.name), one.name)
        return found

    def writings(self, field: str) -> Counter[str]:
        """How the values of a field are written, and how many articles write it so."""
        listed = {"terms": {"field": f"{field}_listed", "size": _VALUES}}
        body = {"size": 0, "query": self._live.among(), "aggs": {"listed": listed}, "track_total_hits": False}
        buckets = self._live.ask(body)["aggregations"]["listed"]["buckets"]
        return Counter({bucket["key"]: bucket["doc_count"] for bucket in buckets})


def _aggregation(field: str) -> Query:
    match field:
        case "quality":
            bands = zip(QUALITY_LABELS, map(_within, QUALITY_BANDS), strict=False)  # the last label is for none of them
            filters = {label.value: query for label, query in bands}
            filters[QUALITY_LABELS[-1].value] = {"bool": {"must_not": [_within((0, None))]}}
            return {"filters": {"filters": filters}}
        case "year" | "month":
            return {"terms": {"field": field, "size": _VALUES, "order": {"_key": "desc"}}}
    return {"terms": {"field": field, "size": _VALUES}}


def _within(band: tuple[int, int | None]) -> Query:
    low, high = band
    return {"range": {"quality": {"gte": low} | ({} if high is None else {"lte": high})}}


def _value(label: Label, count: int) -> FacetValue:
    return FacetValue(label.value, count, label.filter, label.name)


def timeline_query(matching: Query, interval: Interval) -> Query:
    """What counts matches by interval."""
    units = {"terms": {"field": interval, "size": _UNITS, "order": {"_key": "asc"}}}
    return {"size": 0, "query": matching, "aggs": {"units": units}, "track_total_hits": True}


def timeline_of(answer: dict[str, Any], interval: Interval) -> Timeline:
    """The counts in order of time, gaps included. Raises QueryError for more than a timeline has."""
    total = int(answer["hits"]["total"]["value"])
    found = {int(one["key"]): int(one["doc_count"]) for one in answer["aggregations"]["units"]["buckets"]}
    if not found:
        return Timeline(interval, (), total, total)
    first, last = min(found), max(found)
    check_span(first, last, interval)
    counts = np.zeros(last - first + 1, np.int64)
    for unit, count in found.items():
        counts[unit - first] = count
    return Timeline(interval, Buckets(first, counts, interval), total - sum(found.values()), total)
