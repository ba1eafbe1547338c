"""Items and related articles as the bytes that the index stores, and back.

    shown, record = store_item(item)
    restore_item(Stored(shown, item.path, record, ...)) == item

`shown` is what a hit shows, ready to be split. What columns and listings hold anyway (`Stored` has it) is not stored
again; `record` is the rest as JSON, with times as UTC epoch seconds, and nothing at all where there is no rest. What is
not an attribute of the model cannot get in here, an item's `secured` among it.

What an item says of each article that it cites is apart from that, the bytes of `describe`. Nearly always the article's
own document says the same (`describe_document`), and then a segment stores it once.
"""

import json
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, NamedTuple

from newsearch.engine.rules.keywords import is_told_apart, join_provider, split_provider
from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE
from newsearch.errors import ItemError
from newsearch.items.jsonlines import line_file_of
from newsearch.items.urls import canonical_address
from newsearch.model import Image, NewsItem, Provider, RelatedArticle
from newsearch.query.dates import from_seconds, to_seconds

__all__ = [
    "Shown",
    "Stored",
    "describe",
    "describe_document",
    "join_shown",
    "restore_description",
    "restore_fault",
    "restore_item",
    "restore_related",
    "show",
    "store_fault",
    "store_item",
    "store_related",
    "store_whole_item",
]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_SEPARATOR = "\x00"
_BEFORE_ADDRESS = frozenset({"https://", "https://www."})
"""What nearly every URL has before its canonical address, and nothing behind it."""
_TEXTS_OF_ONE_ADDRESS = 3
_SHOWN = frozenset({"title", "excerpt", "web_url", "original_url", "path"})
_COLUMNS = frozenset({"date", "quality", "heat", "published", "provider", "topics", "type", "category"})
"""What an item's columns and listings hold; a related article has fewer of them."""


class Stored(NamedTuple):
    """All that an index has of one article, as it has it: `gather.Document` says what each is.

    `numbers` are those of `schema.STORED_NUMBERS`, `cited` what `describe` made of each related article.

    Where columns and listings have nothing of it, as for a file whose address another one has, the record is whole.
    """

    shown: bytes = b""
    path: str = ""
    record: bytes = b""
    numbers: tuple[int, ...] = (MISSING_DATE, MISSING, MISSING, -1)
    provider: str | None = None
    topics: Sequence[str] = ()
    type: str | None = None
    category: str | None = None
    cited: Sequence[bytes] = ()


class Shown(NamedTuple):
    """The texts of a document that a hit shows; empty where there is none."""

    title: str
    excerpt: str
    web_url: str
    original_url: str


def show(shown: bytes) -> Shown:
    """The texts that `store_item` and `store_related` put into `shown`."""
    if not shown:
        return Shown("", "", "", "")
    texts = shown.decode().split(_SEPARATOR)
    # Where the two addresses are one, the second is left out.
    return Shown(texts[0], texts[1], texts[2], texts[3] if len(texts) > 3 else "")


def store_item(item: NewsItem) -> tuple[bytes, bytes]:
    """`shown` and `record` of a file's item, whose columns and listings are stored beside them."""
    return _shown_of(item), _record_of(item, whole=False)


def store_whole_item(item: NewsItem) -> tuple[bytes, bytes]:
    """`shown` and `record` of a file's item of which nothing else is stored but the path."""
    return _shown_of(item), _record_of(item, whole=True)


def restore_item(stored: Stored) -> NewsItem:
    """The item that `store_item` was given, but for NUL characters, which are blanks now."""
    texts = show(stored.shown)
    values: dict[str, Any] = {"topics": tuple(stored.topics), **_columns(stored)}
    _, _, heat, published = stored.numbers
    if heat != MISSING:
        values["heat"] = heat
    if published >= 0:
        values["published"] = bool(published)
    if stored.category is not None:
        values["category"] = stored.category
    if stored.record:
        values |= json.loads(stored.record)
    related = [text.encode() for text in values.pop("related", ())] or stored.cited
    values["topics"] = tuple(values["topics"])
    same = stored.shown.count(b"\0") == _TEXTS_OF_ONE_ADDRESS - 1
    original = texts.web_url if same else texts.original_url
    return NewsItem(
        title=texts.title,
        excerpt=texts.excerpt,
        web_url=texts.web_url or None,
        original_url=original or None,
        path=stored.path or None,
        related=tuple([restore_description(described) for described in related if described]),
        **_rebuild(values, texts.web_url or original),
    )


def store_related(related: RelatedArticle) -> tuple[bytes, bytes]:
    """`shown` and `record` of a related article as its citing item describes it."""
    shown = join_shown((related.title, related.excerpt, related.web_url or "", ""))
    values = _rest(related)
    if not is_told_apart(related.provider):
        values["provider"] = _pair(related.provider)
    return shown, _dump(values)


def restore_related(stored: Stored) -> RelatedArticle:
    """The related article that `store_related` was given, but for NUL characters, which are blanks now."""
    texts = show(stored.shown)
    values = _columns(stored)
    if stored.record:
        values |= json.loads(stored.record)
    values = _rebuild(values, texts.web_url)
    return RelatedArticle(title=texts.title, excerpt=texts.excerpt, web_url=texts.web_url or None, **values)


def describe(related: RelatedArticle) -> bytes:
    """What an item says of an article that it cites.

    That is title, excerpt, URL, date, quality, type and provider, one after the other, and what else there is as JSON.
    """
    values = _rest(related)
    if not is_told_apart(related.provider):
        values["provider"] = _pair(related.provider)
    for name in ("web_url", "type"):
        if getattr(related, name) == "":  # which is no value that is missing
            values[name] = ""
    texts = (
        related.title,
        related.excerpt,
        related.web_url or "",
        "" if related.date is None else str(to_seconds(related.date)),
        "" if related.quality is None else str(related.quality),
        related.type or "",
        join_provider(related.provider) or "",
    )
    return join_shown((*texts, _ENCODER.encode(values) if values else ""))


def describe_document(shown: bytes, date: int, quality: int, kind: str | None, provider: str | None) -> bytes:
    """What an item would say of an article if it said what the article's document has; `kind` is the type."""
    if shown.count(b"\0") >= _TEXTS_OF_ONE_ADDRESS:
        shown = shown[: shown.rindex(b"\0")]
    dated = "" if date == MISSING_DATE else date
    rated = "" if quality == MISSING else quality
    return shown + f"\0{dated}\0{rated}\0{kind or ''}\0{provider or ''}\0".encode()


def restore_description(described: bytes) -> RelatedArticle:
    """The related article that `describe` was given, but for NUL characters, which are blanks now."""
    title, excerpt, url, date, quality, kind, provider, rest = described.decode().split(_SEPARATOR)
    values: dict[str, Any] = {
        "web_url": url or None,
        "date": int(date) if date else None,
        "quality": int(quality) if quality else None,
        "type": kind or None,
        "provider": split_provider(provider or None),
    }
    if rest:
        values |= json.loads(rest)
    return RelatedArticle(title=title, excerpt=excerpt, **_rebuild(values, url))


def store_fault(fault: ItemError) -> bytes:
    """The record of why a file could not be read."""
    return _dump({"reason": fault.reason, "line": fault.line})


def restore_fault(stored: Stored) -> ItemError:
    """The fault that `store_fault` was given, said of the stored path, or of the file that this is a line of."""
    values = json.loads(stored.record)
    return ItemError(values["reason"], path=line_file_of(stored.path) or stored.path, line=values["line"])


def join_shown(texts: Sequence[str]) -> bytes:
    """The bytes that `show` takes apart; NUL characters become blanks."""
    joined = _SEPARATOR.join(texts)
    if joined.count(_SEPARATOR) >= len(texts):
        joined = _SEPARATOR.join([text.replace(_SEPARATOR, " ") for text in texts])
    return joined.encode()


def _dump(values: object) -> bytes:
    return _ENCODER.encode(values).encode() if values else b""


def _shown_of(item: NewsItem) -> bytes:
    web, original = item.web_url or "", item.original_url or ""
    if original and original == web:
        return join_shown((item.title, item.excerpt, web))
    return join_shown((item.title, item.excerpt, web, original))


def _record_of(item: NewsItem, *, whole: bool) -> bytes:
    if whole:
        values = _strip(item, _ITEM_WHOLE)
        if item.related:
            values["related"] = [describe(related).decode() for related in item.related]
    else:
        values = _rest(item)
        if not is_told_apart(item.provider):
            values["provider"] = _pair(item.provider)
    return _dump(values)


def _names(of: type, without: frozenset[str]) -> tuple[str, ...]:
    return tuple(spec.name for spec in fields(of) if spec.name not in without)


_ITEM_WHOLE = _names(NewsItem, _SHOWN | {"related"})
_ITEM_REST = _names(NewsItem, _SHOWN | _COLUMNS | {"related"})
_RELATED_REST = _names(RelatedArticle, _SHOWN | _COLUMNS)

_item_rest, _related_rest = attrgetter(*_ITEM_REST[1:]), attrgetter(*_RELATED_REST[1:])
"""All of those but the address, which is the first: texts, times and images, of which an empty one says nothing."""


def _says_address(value: NewsItem | RelatedArticle) -> bool:
    """Whether the URL that a value comes back with gives its address."""
    url = value.web_url
    if not url and isinstance(value, NewsItem):
        url = value.original_url
    return url is not None and _leads_to(url, value.address)


def _rest(value: NewsItem | RelatedArticle) -> dict[str, Any]:
    """What no column or listing holds, in JSON's types; nearly always that is nothing."""
    if isinstance(value, NewsItem):
        rest, names = _item_rest(value), _ITEM_REST
    else:
        rest, names = _related_rest(value), _RELATED_REST
    return {} if not any(rest) and _says_address(value) else _strip(value, names)


def _strip(value: NewsItem | RelatedArticle, names: Sequence[str]) -> dict[str, Any]:
    """The attributes of those names that are there, in JSON's types; an address that the URL gives is left out."""
    kept: dict[str, Any] = {}
    for name in names:
        attribute: Any = getattr(value, name)
        if not attribute and not isinstance(attribute, int):  # 0 and False say something
            continue
        match name:
            case "address":
                if not _says_address(value):
                    kept[name] = attribute
            case "date" | "updated":
                kept[name] = to_seconds(attribute)
            case "provider":
                kept[name] = _pair(attribute)
            case "images":
                kept[name] = [[image.url, image.width, image.height, image.cached] for image in attribute]
            case _:
                kept[name] = attribute
    return kept


def _pair(provider: Provider | None) -> list[str | None] | None:
    return None if provider is None else [provider.name, provider.domain]


def _columns(stored: Stored) -> dict[str, Any]:
    """What the columns and listings that items and related articles share have of one."""
    values: dict[str, Any] = {"provider": split_provider(stored.provider), "type": stored.type}
    date, quality, *_ = stored.numbers
    if date != MISSING_DATE:
        values["date"] = date
    if quality != MISSING:
        values["quality"] = quality
    return values


def _leads_to(url: str, address: str) -> bool:
    """Whether an address is the canonical one of a URL; nearly always one look is enough to tell."""
    plain = url.removesuffix("/")
    if plain.endswith(address) and plain[: -len(address)] in _BEFORE_ADDRESS:
        return True
    return canonical_address(url) == address


def _rebuild(values: dict[str, Any], url: str) -> dict[str, Any]:
    if "address" not in values:
        values["address"] = canonical_address(url) or ""
    for name in ("date", "updated"):
        if name in values:
            values[name] = from_seconds(values[name])
    if isinstance(values.get("provider"), list):
        values["provider"] = Provider(*values["provider"])
    if "images" in values:
        values["images"] = tuple(Image(*entry) for entry in values["images"])
    return values
