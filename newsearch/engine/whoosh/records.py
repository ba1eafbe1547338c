"""Items and related articles as the bytes that the index stores, and back.

    restore_item(store_item(item)) == item

JSON with what is missing left out; times as UTC epoch seconds. What is not an attribute of the model cannot get in
here, an item's `secured` among it.
"""

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from newsearch.errors import ItemError
from newsearch.model import Image, NewsItem, Provider, RelatedArticle, SourceFile

__all__ = [
    "from_seconds",
    "restore_fault",
    "restore_item",
    "restore_related",
    "restore_source",
    "store_fault",
    "store_item",
    "store_related",
    "store_source",
    "to_seconds",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def to_seconds(moment: datetime | None) -> int | None:
    """UTC epoch seconds, fractions cut off."""
    return None if moment is None else (moment - _EPOCH) // _SECOND


def from_seconds(seconds: int | None) -> datetime | None:
    """The aware UTC datetime of epoch seconds."""
    return None if seconds is None else _EPOCH + timedelta(seconds=seconds)


def store_item(item: NewsItem) -> bytes:
    """A file's item, its related articles included."""
    return _dump(_strip(item) | {"related": [_strip(related) for related in item.related]})


def restore_item(record: bytes) -> NewsItem:
    """The item that `store_item` was given."""
    values = json.loads(record)
    related = tuple(RelatedArticle(**_rebuild(entry)) for entry in values.pop("related"))
    values["topics"] = tuple(values.get("topics", ()))
    return NewsItem(**_rebuild(values), related=related)


def store_related(related: RelatedArticle) -> bytes:
    """A related article as its citing item describes it."""
    return _dump(_strip(related))


def restore_related(record: bytes) -> RelatedArticle:
    """The related article that `store_related` was given."""
    return RelatedArticle(**_rebuild(json.loads(record)))


def store_fault(fault: ItemError) -> bytes:
    """Why a file could not be read."""
    return _dump({"reason": fault.reason, "path": fault.path, "line": fault.line})


def restore_fault(record: bytes) -> ItemError:
    """The fault that `store_fault` was given."""
    values = json.loads(record)
    return ItemError(values["reason"], path=values["path"], line=values["line"])


def store_source(source: SourceFile) -> bytes:
    """The state in which a file was read."""
    return _dump([source.root, source.path, source.size, source.mtime_ns, source.digest.hex()])


def restore_source(record: bytes) -> SourceFile:
    """The state that `store_source` was given."""
    root, path, size, mtime_ns, digest = json.loads(record)
    return SourceFile(root=root, path=path, size=size, mtime_ns=mtime_ns, digest=bytes.fromhex(digest))


def _dump(values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def _strip(value: NewsItem | RelatedArticle) -> dict[str, Any]:
    """The attributes that are there, in JSON's types; `related` is left to the caller."""
    kept: dict[str, Any] = {}
    for spec in fields(value):
        attribute = getattr(value, spec.name)
        if attribute is None or attribute in ((), "") or spec.name == "related":
            continue
        match spec.name:
            case "date" | "updated":
                kept[spec.name] = to_seconds(attribute)
            case "provider":
                kept[spec.name] = [attribute.name, attribute.domain]
            case "images":
                kept[spec.name] = [[image.url, image.width, image.height, image.cached] for image in attribute]
            case _:
                kept[spec.name] = attribute
    return kept


def _rebuild(values: dict[str, Any]) -> dict[str, Any]:
    values.setdefault("title", "")
    for name in ("date", "updated"):
        if name in values:
            values[name] = from_seconds(values[name])
    if "provider" in values:
        values["provider"] = Provider(*values["provider"])
    values["images"] = _images(values.get("images", ()))
    return values


def _images(entries: Iterable[list[Any]]) -> tuple[Image, ...]:
    return tuple(Image(*entry) for entry in entries)
