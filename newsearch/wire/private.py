"""The JSON of newsearch as it may leave the machine: without the paths of the archive's files.

    without_paths(search_to_dict(result))
    may_name_a_path("2020/ban.md")      # True: refused unread, so that nobody learns whether there is such a file

A part of `newsearch.wire`. What faces do that answer others than the archive's owner, unless they are told otherwise.
"""

import re
from typing import Any

__all__ = ["may_name_a_path", "without_paths"]

_ID = re.compile(r"[0-9A-Za-z]{1,13}")


def may_name_a_path(reference: str) -> bool:
    """Whether a reference to an article may be the path of a file: it is neither an id, or part of one, nor a URL."""
    return "://" not in reference and _ID.fullmatch(reference.strip()) is None


def without_paths(document: dict[str, Any]) -> dict[str, Any]:
    """The same document, changed in place: `path` is null, and so is an `address` that consists of a path."""
    for hit in document.get("hits", ()):
        hit["path"] = None
    article = document.get("article")
    if article is not None:
        article["path"] = None
        if article["address"].startswith("path:"):
            article["address"] = None
    return document
