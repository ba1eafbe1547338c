"""Whatever comes back from an index as JSON, by what it is; and the same for somebody else's eyes.

    to_dict(index.search("facial recognition"))
    without_paths(to_dict(index.get("8eqtc2")))

A part of `newsearch.wire`; each shape is written elsewhere in it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from newsearch.findings import Relations, TypicalTerms
from newsearch.model import Article, Diagnosis, Hit, IndexStats, SearchResult, SyncReport
from newsearch.wire.articles import article_to_dict, relations_to_dict, terms_to_dict
from newsearch.wire.reports import diagnosis_to_dict, report_to_dict, stats_to_dict
from newsearch.wire.results import hit_to_dict, search_to_dict

__all__ = ["to_dict", "without_paths"]

_Written = SearchResult | Hit | Article | Relations | TypicalTerms | IndexStats | Diagnosis | SyncReport

_WRITERS: tuple[tuple[type, Callable[[Any], dict[str, Any]]], ...] = (
    (SearchResult, search_to_dict),
    (Hit, hit_to_dict),
    (Article, article_to_dict),
    (Relations, relations_to_dict),
    (TypicalTerms, terms_to_dict),
    (IndexStats, stats_to_dict),
    (Diagnosis, diagnosis_to_dict),
    (SyncReport, report_to_dict),
)


def to_dict(value: _Written, *, paths: bool = True) -> dict[str, Any]:
    """What the command line prints with --json, as dictionaries and lists that `json` can write.

    Of a hit it is the entry that a search's `hits` have, a row for a table of them. With `paths` at False no file of
    the archive is named, as for readers elsewhere. Raises TypeError for what is none of these.
    """
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value) if paths else without_paths(write(value))
    raise TypeError(f"there is no JSON of a {type(value).__name__}")


def without_paths(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of a search, a hit or an article that names no file: their `path` is null.

    So is an article's `address` where that is made of its path.
    """
    found = dict(document)
    if "path" in found:
        found["path"] = None
    if (found.get("address") or "").startswith("path:"):
        found["address"] = None
    if "hits" in found:
        found["hits"] = [without_paths(hit) for hit in found["hits"]]
    if "article" in found:
        found["article"] = without_paths(found["article"])
    return found
