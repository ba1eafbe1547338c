"""What several shapes of the JSON have in common: articles by name, providers, dates, values with their counts.

    date_text(datetime(2020, 9, 13, tzinfo=UTC))        # "2020-09-13T00:00:00Z"

A part of `newsearch.wire`.
"""

import operator
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from newsearch.model import ArticleRef, FacetValue, Provider, SearchResult, Timeline

__all__ = [
    "VERSION",
    "beside_figures",
    "date_text",
    "facet_parts",
    "facet_value_parts",
    "plain",
    "provider_parts",
    "query_parts",
    "ref_parts",
    "timeline_parts",
]

VERSION: Final = 1
"""Of the JSON contract; every document carries it as `version`."""


def query_parts(result: SearchResult) -> dict[str, Any]:
    """A request as it was understood."""
    return {
        "text": result.request.text,
        "parsed": result.parsed,
        "match": result.request.match,
        "relaxed": result.relaxed,
        "as_of": date_text(result.as_of),
    }


def beside_figures(result: SearchResult) -> dict[str, Any]:
    """What stands beside figures alone."""
    return {"query": query_parts(result), "warnings": list(result.warnings)}


def provider_parts(provider: Provider | None) -> dict[str, Any] | None:
    """A provider, or null."""
    return None if provider is None else {"name": provider.name, "domain": provider.domain}


def ref_parts(ref: ArticleRef) -> dict[str, Any]:
    """An article named beside another."""
    return {
        "id": ref.id,
        "title": ref.title,
        "url": ref.url,
        "date": date_text(ref.date),
        "provider": provider_parts(ref.provider),
        "kind": ref.kind,
    }


def facet_parts(facets: Mapping[str, Sequence[FacetValue]]) -> dict[str, Any]:
    """The values of each facet, in order."""
    return {field: [facet_value_parts(value) for value in values] for field, values in facets.items()}


def facet_value_parts(value: FacetValue) -> dict[str, Any]:
    """One value of a facet."""
    written: dict[str, Any] = {"value": value.value, "count": value.count, "filter": value.filter}
    return written if value.name is None else {**written, "name": value.name}


def timeline_parts(timeline: Timeline) -> dict[str, Any]:
    """A timeline."""
    return {
        "interval": timeline.interval,
        "undated": timeline.undated,
        "buckets": [{"start": bucket.start.isoformat(), "count": bucket.count} for bucket in timeline.buckets],
    }


_PLAIN: Final = frozenset({type(None), bool, int, float, str})


def plain(value: object) -> Any:
    """A fact or setting as JSON has it: an array's number becomes a number, a date its text, and a path its name."""
    if type(value) in _PLAIN or isinstance(value, str):
        return value  # nearly everything is, and telling a mapping from a sequence takes longer
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [plain(part) for part in value]
    if isinstance(value, datetime):
        return date_text(value)
    if isinstance(value, float):
        return float(value)
    try:
        return operator.index(value)  # type: ignore[arg-type]  # what is no whole number raises, and is text then
    except TypeError:
        return str(value)


def date_text(moment: datetime | None) -> str | None:
    """A moment in UTC, to the second: `2020-09-13T12:08:00Z`."""
    # Not strftime: it writes the year 800 with three digits on some systems.
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
