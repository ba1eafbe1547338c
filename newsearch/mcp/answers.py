"""What each tool answers: an index asked with checked arguments, as the JSON of `newsearch.wire` and as text.

    answer = search(index, {"text": "facial recognition", "limit": 5})
    answer.document, answer.text

The JSON is what the command line prints for the same question, and Python's `to_dict`. A result is read whole here, in
the thread that asked.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from newsearch import wire
from newsearch.errors import QueryError
from newsearch.library import NewsIndex
from newsearch.mcp import told
from newsearch.model import SearchRequest

__all__ = ["MAX_STEPS", "Answer", "facets", "get", "related", "search", "similar", "timeline"]

MAX_STEPS = 1000
"""Steps of a timeline at most."""

_Given = Mapping[str, Any]


class Answer(NamedTuple):
    """One answer twice: for a program and for a model."""

    document: dict[str, Any]
    text: str


def search(index: NewsIndex, given: _Given) -> Answer:
    """Ranked hits."""
    result = index.ask(_request(given))
    _check_steps(result.timeline)
    return Answer(wire.search_to_dict(result), told.search(result))


def get(index: NewsIndex, given: _Given) -> Answer:
    """One article."""
    found = index.get(given["reference"])
    return Answer(wire.article_to_dict(found), told.article(found))


def similar(index: NewsIndex, given: _Given) -> Answer:
    """Articles like one, by their words."""
    options = {name: value for name, value in given.items() if name != "reference"}
    result = index.ask_similar(given["reference"], _request(options))
    return Answer(wire.search_to_dict(result), told.search(result))


def related(index: NewsIndex, given: _Given) -> Answer:
    """Articles that citations lead to."""
    found = index.related(**given)
    return Answer(wire.relations_to_dict(found), told.related(found))


def facets(index: NewsIndex, given: _Given) -> Answer:
    """How many articles have each value of a field."""
    options = {name: value for name, value in given.items() if name not in ("field", "limit")}
    result = index.ask(_request({**options, "limit": 0, "facets": [f"{given['field']}:{given.get('limit', 10)}"]}))
    return Answer(wire.facets_to_dict(result), told.figures(result))


def timeline(index: NewsIndex, given: _Given) -> Answer:
    """How many articles there are over time."""
    options = {name: value for name, value in given.items() if name != "interval"}
    result = index.ask(_request({**options, "limit": 0, "timeline": given.get("interval", "month")}))
    _check_steps(result.timeline)
    return Answer(wire.timeline_to_dict(result), told.figures(result))


def _request(given: _Given) -> SearchRequest:
    options = dict(given)
    if "facets" in options:
        options["facets"] = tuple(options["facets"])
    return SearchRequest(**options)


def _check_steps(found: Any) -> None:
    if found is not None and len(found.buckets) > MAX_STEPS:
        raise QueryError(
            f"The timeline has {len(found.buckets):,} steps, and {MAX_STEPS:,} at most are given; ask for longer ones, "
            "or for less time with since and until."
        )
