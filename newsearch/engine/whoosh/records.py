"""Items and related articles as the bytes that the index stores, and back.

    shown, record = store_item(item, item.path)
    restore_item(shown, record) == item

`shown` is what a hit shows, ready to be split; `record` is the rest as JSON, with what is missing or already shown left
out and times as UTC epoch seconds. What is not an attribute of the model cannot get in here, an item's `secured` among
it.
"""

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from newsearch.errors import ItemError
from newsearch.items.urls import canonical_address
from newsearch.model import Image, NewsItem, Provider, RelatedArticle

__all__ = [
    "Shown",
    "from_seconds",
    "join_shown",
    "restore_fault",
    "restore_item",
    "restore_related",
    "show",
    "store_fault",
    "store_item",
    "store_related",
    "to_seconds",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_SEPARATOR = "\x00"
_SHOWN = frozenset({"title", "excerpt", "web_url", "original_url", "path"})


class Shown(NamedTuple):
    """The texts of a document that a hit shows; empty where there is none."""

    title: str
    excerpt: str
    web_url: str
    original_url: str
    path: str


def to_seconds(moment: datetime | None) -> int | None:
    """UTC epoch seconds, fractions cut off."""
    return None if moment is None else (moment - _EPOCH) // _SECOND


def from_seconds(seconds: int | None) -> datetime | None:
    """The aware UTC datetime of epoch seconds."""
    return None if seconds is None else _EPOCH + timedelta(0, seconds)


def show(shown: bytes) -> Shown:
    """The texts that `store_item` and `store_related` put into `shown`."""
    return Shown(*shown.decode().split(_SEPARATOR)) if shown else Shown("", "", "", "", "")


def store_item(item: NewsItem, path: str) -> tuple[bytes, bytes]:
    """A file's item, its related articles included; `path` is the file's."""
    original = item.original_url if item.original_url != item.web_url else None
    shown = (item.title, item.excerpt, item.web_url, original, path)
    values = _strip(item, _ITEM_FIELDS)
    if item.original_url and original is None:
        values["same_url"] = True
    if item.related:
        values["related"] = [_strip(related, _RELATED_FIELDS) for related in item.related]
    return join_shown(shown), _dump(values)


def restore_item(shown: bytes, record: bytes) -> NewsItem:
    """The item that `store_item` was given, but for NUL characters, which are blanks now."""
    texts = show(shown)
    values = json.loads(record)
    related = tuple(_related(entry) for entry in values.pop("related", ()))
    original = texts.web_url if values.pop("same_url", False) else texts.original_url
    values["topics"] = tuple(values.get("topics", ()))
    values = _rebuild(values, texts.web_url or original)
    return NewsItem(
        title=texts.title,
        excerpt=texts.excerpt,
        web_url=texts.web_url or None,
        original_url=original or None,
        path=texts.path or None,
        related=related,
        **values,
    )


def store_related(related: RelatedArticle) -> tuple[bytes, bytes]:
    """A related article as its citing item describes it."""
    shown = (related.title, related.excerpt, related.web_url, None, None)
    return join_shown(shown), _dump(_strip(related, _ITEM_FIELDS))


def restore_related(shown: bytes, record: bytes) -> RelatedArticle:
    """The related article that `store_related` was given, but for NUL characters, which are blanks now."""
    texts = show(shown)
    values = _rebuild(json.loads(record), texts.web_url)
    return RelatedArticle(title=texts.title, excerpt=texts.excerpt, web_url=texts.web_url or None, **values)


def store_fault(fault: ItemError, path: str) -> tuple[bytes, bytes]:
    """Why a file could not be read; `path` is the file's, which is what the fault will be said of."""
    return join_shown((None, None, None, None, path)), _dump({"reason": fault.reason, "line": fault.line})


def restore_fault(shown: bytes, record: bytes) -> ItemError:
    """The fault that `store_fault` was given."""
    values = json.loads(record)
    return ItemError(values["reason"], path=show(shown).path, line=values["line"])


def join_shown(texts: Iterable[str | None]) -> bytes:
    """The bytes that `show` takes apart; NUL characters become blanks."""
    return _SEPARATOR.join([text.replace(_SEPARATOR, " ") if text else "" for text in texts]).encode()


def _dump(values: object) -> bytes:
    return _ENCODER.encode(values).encode()


def _names(of: type, without: frozenset[str]) -> tuple[str, ...]:
    return tuple(spec.name for spec in fields(of) if spec.name not in without)


_ITEM_FIELDS = _names(NewsItem, _SHOWN | {"related"})
_RELATED_FIELDS = _names(RelatedArticle, frozenset())


def _strip(value: NewsItem | RelatedArticle, names: Iterable[str]) -> dict[str, Any]:
    """The attributes of those names that are there, in JSON's types; an address that the URL gives is left out."""
    kept: dict[str, Any] = {}
    for name in names:
        attribute: Any = getattr(value, name, None)
        if not attribute and not isinstance(attribute, int):  # 0 and False say something
            continue
        match name:
            case "date" | "updated":
                kept[name] = to_seconds(attribute)
            case "provider":
                kept[name] = [attribute.name, attribute.domain]
            case "images":
                kept[name] = [[image.url, image.width, image.height, image.cached] for image in attribute]
            case "address":
                url = value.web_url or (value.original_url if isinstance(value, NewsItem) else None)
                if url is None or not _leads_to(url, attribute):
                    kept[name] = attribute
            case _:
                kept[name] = attribute
    return kept


def _leads_to(url: str, address: str) -> bool:
    """Whether an address is the canonical one of a URL; nearly always one look is enough to tell."""
    plain = url.removesuffix("/")
    return plain in (f"https://{address}", f"https://www.{address}") or canonical_address(url) == address


def _related(entry: dict[str, Any]) -> RelatedArticle:
    return RelatedArticle(**{"title": "", **_rebuild(entry, entry.get("web_url", ""))})


def _rebuild(values: dict[str, Any], url: str) -> dict[str, Any]:
    if "address" not in values:
        values["address"] = canonical_address(url) or ""
    for name in ("date", "updated"):
        if name in values:
            values[name] = from_seconds(values[name])
    if "provider" in values:
        values["provider"] = Provider(*values["provider"])
    if "images" in values:
        values["images"] = tuple(Image(*entry) for entry in values["images"])
    return values
