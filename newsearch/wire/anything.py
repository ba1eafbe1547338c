"""Whatever comes back from an index as JSON, by what it is.

    to_dict(index.search("facial recognition"))
    [to_dict(value) for value in index.facets("provider")]

A part of `newsearch.wire`; each shape is written elsewhere in it.
"""

from collections.abc import Callable
from typing import Any

from newsearch.findings import Relations, TypicalTerms
from newsearch.model import (
    Article,
    ArticleRef,
    Completion,
    Diagnosis,
    FacetValue,
    Hit,
    IndexStats,
    SearchResult,
    SyncPreview,
    SyncReport,
    Timeline,
)
from newsearch.wire.articles import article_to_dict, completion_parts, relations_to_dict, terms_to_dict
from newsearch.wire.parts import facet_value_parts, ref_parts, timeline_parts
from newsearch.wire.private import without_paths
from newsearch.wire.reports import diagnosis_to_dict, preview_to_dict, report_to_dict, stats_to_dict
from newsearch.wire.results import hit_to_dict, search_to_dict

__all__ = ["to_dict"]

_Document = SearchResult | Article | Relations | TypicalTerms | IndexStats | Diagnosis | SyncReport | SyncPreview
_Part = Hit | ArticleRef | FacetValue | Timeline | Completion

_WRITERS: tuple[tuple[type, Callable[[Any], dict[str, Any]]], ...] = (
    (SearchResult, search_to_dict),
    (Hit, hit_to_dict),
    (FacetValue, facet_value_parts),
    (ArticleRef, ref_parts),
    (Timeline, timeline_parts),
    (Completion, completion_parts),
    (Article, article_to_dict),
    (Relations, relations_to_dict),
    (TypicalTerms, terms_to_dict),
    (IndexStats, stats_to_dict),
    (Diagnosis, diagnosis_to_dict),
    (SyncReport, report_to_dict),
    (SyncPreview, preview_to_dict),
)

_ABOUT_FILES = (IndexStats, Diagnosis, SyncReport, SyncPreview)


def to_dict(value: _Document | _Part, *, paths: bool = True) -> dict[str, Any]:
    """What the command line prints with --json, as dictionaries and lists that `json` can write.

    Of a part of that, such as a hit, a facet's value, a timeline or a completion, it is what stands there: a row for a
    table of hits. With `paths` at False no file of the archive is named, as for readers elsewhere; what is about files
    raises ValueError then: reports, previews, checks and the state of an index. Raises TypeError for what is none of
    these.
    """
    if not paths and isinstance(value, _ABOUT_FILES):
        raise ValueError(f"a {type(value).__name__} is about files, and says nothing without naming them")
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            document = write(value)
            if not paths and isinstance(value, Hit):
                document["path"] = None
            return document if paths else without_paths(document)
    raise TypeError(f"there is no JSON of a {type(value).__name__}")
