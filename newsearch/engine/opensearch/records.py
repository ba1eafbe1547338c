"""Items and related articles as JSON that the cluster keeps, and back.

    restore_item(item_record(item)) == item

Times are UTC epoch seconds; what is not there is not in it. An item's `secured` is no attribute of the model and cannot
get in here.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeAlias

from newsearch.model import Image, NewsItem, Provider, RelatedArticle
from newsearch.query.dates import from_seconds, to_seconds

__all__ = ["Record", "item_record", "related_record", "restore_item", "restore_related"]

Record: TypeAlias = dict[str, Any]


def item_record(item: NewsItem) -> Record:
    """An item, its related articles included."""
    record = _record(item)
    if item.related:
        record["related"] = [_record(one) for one in item.related]
    return record


def related_record(related: RelatedArticle) -> Record:
    """A related article as its citing item describes it."""
    return _record(related)


def restore_item(record: Mapping[str, Any]) -> NewsItem:
    """The item that `item_record` was given."""
    values = _values(record)
    values["topics"] = tuple(record.get("topics", ()))
    values["related"] = tuple([restore_related(one) for one in record.get("related", ())])
    return NewsItem(**values)


def restore_related(record: Mapping[str, Any]) -> RelatedArticle:
    """The related article that `related_record` was given."""
    return RelatedArticle(**_values(record))


def _names(of: type) -> tuple[str, ...]:
    return tuple(spec.name for spec in fields(of) if spec.name not in ("related", "provider", "images"))


_ITEM, _RELATED = _names(NewsItem), _names(RelatedArticle)


def _record(one: NewsItem | RelatedArticle) -> Record:
    record: Record = {}
    for name in _ITEM if isinstance(one, NewsItem) else _RELATED:
        value = getattr(one, name)
        if isinstance(value, datetime):
            record[name] = to_seconds(value)
        elif value is not None and value not in ("", ()):
            record[name] = list(value) if isinstance(value, tuple) else _text(value)
    record.setdefault("title", "")
    if one.provider is not None:
        record["provider"] = [one.provider.name, one.provider.domain]
    if one.images:
        record["images"] = [[image.url, image.width, image.height, image.cached] for image in one.images]
    return record


def _text(value: Any) -> Any:
    """What JSON can carry: a lone half of a surrogate pair, which is no character, becomes a question mark."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) and not value.isascii() else value


def _values(record: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in record.items() if name not in ("topics", "related")}
    for name in ("date", "updated"):
        if name in values:
            values[name] = from_seconds(values[name])
    if "provider" in values:
        values["provider"] = Provider(*values["provider"])
    if "images" in values:
        values["images"] = tuple([Image(*image) for image in values["images"]])
    return values
