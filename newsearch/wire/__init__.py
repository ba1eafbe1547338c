"""The JSON of newsearch, version 1: values of the model as plain dicts, and a search result back from one.

    json.dumps(search_to_dict(index.search("facial recognition")))
    lines(search_to_dict(result))                   the same for JSON Lines: hit by hit

`wire.schema.json`, which `schema()` reads, describes every shape here; a change that would surprise a reader of version
1 raises VERSION. Text is passed on as it is, control characters included: making it harmless for a terminal or a page
is for whoever shows it. Dates are UTC, to the second: `2020-09-13T12:08:00Z`. Each part is loaded when first asked for.
"""

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from newsearch.wire.parts import VERSION

if TYPE_CHECKING:
    from newsearch.wire.anything import to_dict
    from newsearch.wire.articles import article_to_dict, completions_to_dict, relations_to_dict, terms_to_dict
    from newsearch.wire.evaluations import evaluation_to_dict
    from newsearch.wire.lines import lines
    from newsearch.wire.private import without_paths
    from newsearch.wire.reading import search_from_dict
    from newsearch.wire.reports import (
        diagnosis_to_dict,
        preview_to_dict,
        report_to_dict,
        saved_to_dict,
        settings_to_dict,
        stats_to_dict,
    )
    from newsearch.wire.results import (
        count_to_dict,
        facets_to_dict,
        hit_to_dict,
        new_to_dict,
        search_to_dict,
        timeline_to_dict,
    )

__all__ = [
    "VERSION",
    "article_to_dict",
    "completions_to_dict",
    "count_to_dict",
    "diagnosis_to_dict",
    "evaluation_to_dict",
    "facets_to_dict",
    "hit_to_dict",
    "lines",
    "new_to_dict",
    "preview_to_dict",
    "relations_to_dict",
    "report_to_dict",
    "saved_to_dict",
    "schema",
    "search_from_dict",
    "search_to_dict",
    "settings_to_dict",
    "stats_to_dict",
    "terms_to_dict",
    "timeline_to_dict",
    "to_dict",
    "without_paths",
]

_PARTS = {
    "anything": ("to_dict",),
    "articles": ("article_to_dict", "completions_to_dict", "relations_to_dict", "terms_to_dict"),
    "evaluations": ("evaluation_to_dict",),
    "lines": ("lines",),
    "private": ("without_paths",),
    "reading": ("search_from_dict",),
    "reports": (
        "diagnosis_to_dict",
        "preview_to_dict",
        "report_to_dict",
        "saved_to_dict",
        "settings_to_dict",
        "stats_to_dict",
    ),
    "results": ("count_to_dict", "facets_to_dict", "hit_to_dict", "new_to_dict", "search_to_dict", "timeline_to_dict"),
}
_HOMES = {name: part for part, names in _PARTS.items() for name in names}


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of everything this module writes."""
    from importlib import resources  # noqa: PLC0415 - with what it loads, more than all of a search's JSON takes

    text = resources.files("newsearch").joinpath("wire.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
