"""The JSON of newsearch as it may leave the machine: without the paths of the archive's files.

    without_paths(search_to_dict(result))

A part of `newsearch.wire`. What faces do that answer others than the archive's owner, unless they are told otherwise;
that nothing asked tells of a file is `newsearch.pathless`'s.
"""

from typing import Any

__all__ = ["without_paths"]


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
