"""A document of the JSON as lines: what `--format jsonl` writes.

    for line in lines(search_to_dict(result)): print(json.dumps(line))

A line is what the document lists, one by one and as it stands there: a hit, a bucket, a completion. What is told in one
piece, such as an article or the state of an index, is one line. Where a list alone would not say of what it is, a line
has that besides: a facet's value its `field`, a typical term its `kind`. Of what was measured, measures and the values
of queries are told apart by their `kind`. `wire.schema.json` has them all under `line`.
A part of `newsearch.wire`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["lines"]

Document = Mapping[str, Any]


def lines(document: Document) -> Iterator[dict[str, Any]]:
    """The lines of any document that this package makes. Raises ValueError for what is none."""
    for key, found in _LINES.items():
        # A search result has facets too, so its hits are asked for first.
        if key in document:
            yield from found(document)
            return
    raise ValueError("this is not a document of newsearch's JSON")


def _facets(document: Document) -> Iterator[dict[str, Any]]:
    for field, values in document["facets"].items():
        for value in values:
            yield {"field": field, **value}


def _terms(document: Document) -> Iterator[dict[str, Any]]:
    for kind in ("word", "topic", "provider"):
        for term in document["terms"][f"{kind}s"]:
            yield {"kind": kind, **term}


def _settings(document: Document) -> Iterator[dict[str, Any]]:
    for key, setting in document["settings"].items():
        yield {"key": key, **setting}


def _report(document: Document) -> Iterator[dict[str, Any]]:
    """A line a fault or remark; of a dry run also one a file that would be added, changed or removed."""
    for kind, listed in (("skipped", "skipped"), ("remark", "remarks")):
        for fault in document["report"][listed]:
            yield {"kind": kind, **fault}
    for kind, sources in document.get("would", {}).items():
        for source in sources:
            yield {"kind": kind, **source}


def _diagnosis(document: Document) -> Iterator[dict[str, Any]]:
    """A line a place; what is about no place in particular is one line."""
    for finding in document["diagnosis"]["findings"]:
        about = {name: finding[name] for name in ("severity", "check", "message")}
        paths = finding["paths"] or [None] * len(finding["places"])
        for place, path in zip(finding["places"] or [None], paths or [None], strict=True):
            yield {**about, "place": place, "path": path}


def _evaluation(document: Document) -> Iterator[dict[str, Any]]:
    """A line a measure, with how two runs compare by it; then, where each query is told, a line for its value."""
    against, compared = document.get("against", {}), document.get("comparisons", {})
    for name, value in document["measures"].items():
        line = {"kind": "measure", "measure": name, "value": value}
        if name in compared:
            told = {key: figure for key, figure in compared[name].items() if key != "differences"}
            line |= {"against": against[name], **told}
        yield line
    for name, values in document.get("queries", {}).items():
        for query, value in values.items():
            line = {"kind": "query", "measure": name, "query": query, "value": value}
            if name in compared:
                line["difference"] = compared[name]["differences"][query]
            yield line


_LINES: dict[str, Callable[[Document], Iterator[dict[str, Any]]]] = {
    "hits": lambda document: iter(document["hits"]),
    "article": lambda document: iter([document["article"]]),
    "completions": lambda document: iter(document["completions"]["values"]),
    "count": lambda document: iter([{"count": document["count"]}]),
    "facets": _facets,
    "timeline": lambda document: iter(document["timeline"]["buckets"]),
    "saved": lambda document: iter(document["saved"]),
    "relations": lambda document: iter(document["relations"]["articles"]),
    "terms": _terms,
    "stats": lambda document: iter([document["stats"]]),
    "report": _report,
    "diagnosis": _diagnosis,
    "measures": _evaluation,
    "settings": _settings,
}
"""By the key that tells the documents apart; hits, the first, is a search result's."""
