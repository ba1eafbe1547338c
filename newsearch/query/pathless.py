"""Queries of those who may not know the archive's files: without the filters that tell whether there is such a file.

    without_path_filters("ban path:plans/merger.md", today=now)     "ban path plans/merger.md"

`path:` names a file, and so does `url:` with the address that an article without one goes by, `path:` and its file.
Both become text. What an answer tells of a file is `newsearch.wire.private`'s.
"""

import re
from datetime import datetime
from typing import Final

from newsearch.query.ast import Keyword, Node, walk
from newsearch.query.parser import parse

__all__ = ["PATH_REMARK", "without_path_filters"]

PATH_REMARK: Final = "path: is no filter here, where files are not told; it was searched as text"
"""What is said of a query that was changed."""

_NAMED: Final = re.compile(r"path[\s\x00-\x1f\x7f-\x9f]*:", re.IGNORECASE)


def without_path_filters(text: str, *, today: datetime) -> str:
    """The same query with the filters that name a file made text, in its length; itself if it has none."""
    if ":" not in text or not _names_files(text, today):
        return text
    plain = _NAMED.sub(lambda found: found[0].replace(":", " "), text)
    # However it was written: without colons there are no filters at all.
    return plain.replace(":", " ") if _names_files(plain, today) else plain


def _names_files(text: str, today: datetime) -> bool:
    return any(map(_names_file, walk(parse(text, today=today).tree)))


def _names_file(node: Node) -> bool:
    if not isinstance(node, Keyword):
        return False
    return node.field == "path" or (node.field == "url" and node.value.strip().lower().startswith("path:"))
