"""Whatever comes back from an index as JSON, by what it is.

    to_dict(index.search("facial recognition"))

A part of `newsearch.wire`; each shape is written elsewhere in it.
"""

from collections.abc import Callable
from typing import Any

from newsearch.findings import Relations, TypicalTerms
from newsearch.model import Article, Diagnosis, Hit, IndexStats, SearchResult, SyncPreview, SyncReport
from newsearch.wire.articles import article_to_dict, relations_to_dict, terms_to_dict
from newsearch.wire.private import without_paths
from newsearch.wire.reports import diagnosis_to_dict, preview_to_dict, report_to_dict, stats_to_dict
from newsearch.wire.results import hit_to_dict, search_to_dict

__all__ = ["to_dict"]

_Written = SearchResult | Hit | Article | Relations | TypicalTerms | IndexStats | Diagnosis | SyncReport | SyncPreview

_WRITERS: tuple[tuple[type, Callable[[Any], dict[str, Any]]], ...] = (
    (SearchResult, search_to_dict),
    (Hit, hit_to_dict),
    (Article, article_to_dict),
    (Relations, relations_to_dict),
    (TypicalTerms, terms_to_dict),
    (IndexStats, stats_to_dict),
    (Diagnosis, diagnosis_to_dict),
    (SyncReport, report_to_dict),
    (SyncPreview, preview_to_dict),
)


def to_dict(value: _Written, *, paths: bool = True) -> dict[str, Any]:
    """What the command line prints with --json, as dictionaries and lists that `json` can write.

    Of a hit it is the entry that a search's `hits` have, a row for a table of them. With `paths` at False no file of
    the archive is named, as for readers elsewhere. Raises TypeError for what is none of these.
    """
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            document = write(value)
            if not paths and isinstance(value, Hit):
                document["path"] = None
            return document if paths else without_paths(document)
    raise TypeError(f"there is no JSON of a {type(value).__name__}")
