"""Reading news items: from a file's bytes to a `NewsItem`, and remarks on what was left out.

    reading = parse_item(raw, name="2020/harbour.md")
    reading.item.title, [str(remark) for remark in reading.remarks]

A file is an item if it is UTF-8, has front matter and that has a title; else an `ItemError` says why not. Any other
value that cannot be read as it must be meant is a remark, with its line, and is left as unknown: a bad date never costs
the item. What values mean (dates, numbers, yes and no) is in `values`.

No remark or error quotes anything but the value of a key that is known here; `secured` is not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from newsearch.errors import ItemError
from newsearch.items import values
from newsearch.items.files import MAX_FILE_BYTES, read_file
from newsearch.items.frontmatter import MAX_REMARKS, SEALED_KEY, FrontMatter, Node, Wanted, parse, split
from newsearch.items.urls import canonical_address, clean_url, path_address
from newsearch.model import Image, NewsItem, Provider, RelatedArticle

__all__ = [
    "ITEM_KEYS",
    "MAX_IMAGES",
    "MAX_RELATED",
    "MAX_TOPICS",
    "Reading",
    "item_of",
    "parse_item",
    "read_item",
]

MAX_RELATED = 1000
MAX_TOPICS = 200
MAX_IMAGES = 200

_PROVIDER_KEYS: Wanted = {"name": {}, "domain": {}}
_IMAGE_KEYS: Wanted = {"url": {}, "width": {}, "height": {}, "isCached": {}}
_RELATED_KEYS: Wanted = {
    "title": {},
    "excerpt": {},
    "publishedDateTime": {},
    "webUrl": {},
    "ampWebUrl": {},
    "cdnAmpWebUrl": {},
    "type": {},
    "quality": {},
    "provider": _PROVIDER_KEYS,
    "images": _IMAGE_KEYS,
}
ITEM_KEYS: Wanted = {
    **_RELATED_KEYS,
    "category": {},
    "updatedDateTime": {},
    "originalUrl": {},
    "heat": {},
    "published": {},
    "topics": {},
    "related": _RELATED_KEYS,
}
"""The keys of an item, each with the keys below it. No other is read."""

# What looks like the sealed key in a body, where a stray fence may have cut the front matter short: at the start of a
# line or in braces, with the lines that follow up to a blank one or another key, and indented ones after blank ones.
_OTHER_KEY = r"[ \t]*[\w-]+[ \t]*:"
_SEALED_IN_BODY = re.compile(
    rf"(?:^[ \t]*(?:-[ \t]+)*|(?<=[{{,])[ \t]*)[\"']?{SEALED_KEY}[\"']?[ \t]*:.*"
    rf"(?:\n(?!{_OTHER_KEY}|---|\.\.\.|[ \t]*$).+|(?:\n[ \t]*)+\n(?!{_OTHER_KEY})[ \t]+\S.*)*",
    re.MULTILINE,
)
_Fields = dict[str, Node]
_Entry = TypeVar("_Entry")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Reading:
    """One item as read. `remarks` are the values that were left out, in the order of their lines, 100 at most."""

    item: NewsItem
    remarks: tuple[ItemError, ...] = ()


def read_item(path: Path, *, name: str) -> Reading:
    """Read one file. `name` is its path relative to the archive, with `/`. ItemError if it is no item."""
    raw, _ = read_file(path, name=name)
    return parse_item(raw, name=name)


def parse_item(raw: bytes, *, name: str) -> Reading:
    """Make a news item of a file's bytes. ItemError if it is none; nothing else is raised, whatever the bytes are."""
    if len(raw) > MAX_FILE_BYTES:
        raise ItemError(f"is larger than {MAX_FILE_BYTES >> 20} MiB.", path=name)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        raise ItemError("is not UTF-8 text; save it as UTF-8.", path=name, line=before.count(b"\n") + 1) from None
    parts = split(text, path=name)
    matter = parse(parts.yaml, ITEM_KEYS, path=name, first_line=parts.first_line)
    return _Reader(matter, name, name).item(parts.body)


def item_of(matter: FrontMatter, body: str, *, path: str, name: str, line: int) -> Reading:
    """Make a news item of keys that stand in one line of a file. `path` is the item's, `name` the file's that faults
    are told with. ItemError if it is none.
    """
    return _Reader(matter, path, name, line).item(body)


class _Reader:
    """Turns the nodes of one item's keys into the model's values, and notes what it had to leave out.

    `line` is that of the whole item, where it has one of its own.
    """

    __slots__ = ("_line_of_all", "_matter", "_name", "_path", "_remarks")

    def __init__(self, matter: FrontMatter, path: str, name: str, line: int | None = None) -> None:
        self._matter = matter
        self._path = path
        self._name = name
        self._line_of_all = line
        self._remarks = list(matter.remarks)

    def item(self, body: str) -> Reading:
        fields = dict(self._matter.root)
        title = self._title(fields)
        web, web_url = self._url(fields, "webUrl")
        original, original_url = self._url(fields, "originalUrl")
        address = web or original or path_address(self._path)
        item = NewsItem(
            address=address,
            title=title,
            excerpt=self._text(fields, "excerpt") or "",
            body=self._body(body),
            path=self._path,
            category=self._line(fields, "category"),
            date=self._date(fields, "publishedDateTime"),
            updated=self._date(fields, "updatedDateTime"),
            original_url=original_url,
            web_url=web_url,
            amp_url=self._url(fields, "ampWebUrl")[1],
            cdn_amp_url=self._url(fields, "cdnAmpWebUrl")[1],
            type=self._line(fields, "type"),
            quality=self._level(fields, "quality"),
            heat=self._level(fields, "heat"),
            published=self._flag(fields, "published"),
            provider=self._provider(fields),
            topics=self._topics(fields),
            images=self._images(fields),
            related=self._related(fields, address),
        )
        if self._remarks:
            self._remarks.sort(key=lambda remark: remark.line or 0)
        return Reading(item, tuple(self._remarks))

    # -- the parts of an item ------------------------------------------------------------------------------------------

    def _title(self, fields: _Fields) -> str:
        node = fields.get("title")
        if node is None:
            line = self._line_of_all or 1
            raise ItemError("has no title: give it one under the key 'title'.", path=self._name, line=line)
        text, offset = node
        if text is not None and not isinstance(text, str):
            reason = f"has no title: 'title' is {_kind(node)}; put it in quotes."
        else:
            title = "" if text is None else text.strip() if text.isprintable() else values.fold_line(text)
            if title:
                return title
            reason = "has no title: 'title' is empty."
        raise ItemError(reason, path=self._name, line=self._matter.line(offset))

    def _body(self, body: str) -> str:
        if SEALED_KEY in body:
            body, count = _SEALED_IN_BODY.subn("", body)
            if count:
                self._note(f"the body holds a line '{SEALED_KEY}:'; it was left out. Is there a '---' too many?", None)
        return body.strip()

    def _provider(self, fields: _Fields) -> Provider | None:
        node = fields.get("provider")
        if node is None:
            return None
        given = node[0]
        if isinstance(given, dict):
            return _provider_of(self._line(given, "name"), self._line(given, "domain"))
        return _provider_of(self._line(fields, "provider"), None)

    def _topics(self, fields: _Fields) -> tuple[str, ...]:
        topics: dict[str, str] = {}
        for node in self._entries(fields, "topics"):
            given = node[0]
            if given is None:
                continue
            if not isinstance(given, str):
                self._note(f"a topic is {_kind(node)}, not text; put it in quotes.", node)
                continue
            topic = given.strip() if given.isprintable() else values.fold_line(given)
            if topic:
                topics.setdefault(topic.casefold(), topic)
        return tuple(self._bounded(list(topics.values()), MAX_TOPICS, "topics", fields))

    def _images(self, fields: _Fields) -> tuple[Image, ...]:
        if "images" not in fields:
            return ()
        images: list[Image] = []
        for node in self._entries(fields, "images"):
            given = node[0]
            if isinstance(given, str):  # An address alone.
                given = {"url": node}
            if not isinstance(given, dict):
                if given is not None:
                    self._note(f"an image is {_kind(node)}; it needs a 'url'.", node)
                continue
            if "url" not in given:
                self._note("an image without a 'url' was left out.", node)
                continue
            url = self._url(given, "url")[1]
            if url is not None:
                width, height = self._level(given, "width"), self._level(given, "height")
                images.append(Image(url, width, height, self._flag(given, "isCached")))
        return tuple(self._bounded(images, MAX_IMAGES, "images", fields))

    def _related(self, fields: _Fields, own_address: str) -> tuple[RelatedArticle, ...]:
        related: dict[str, RelatedArticle] = {}
        for node in self._bounded(self._entries(fields, "related"), MAX_RELATED, "related", fields):
            given = node[0]
            if given is None:
                continue
            if not isinstance(given, dict):
                self._note(f"a related article is {_kind(node)}; it was left out.", node)
                continue
            article = self._related_article(given, node)
            if article is None or article.address in related:
                continue
            if article.address == own_address:
                self._note("the item cites itself; that related article was left out.", node)
                continue
            related[article.address] = article
        return tuple(related.values())

    def _related_article(self, fields: _Fields, node: Node) -> RelatedArticle | None:
        title = self._line(fields, "title")
        address, web_url = self._url(fields, "webUrl")
        if title is None or address is None:
            lacking = "an address (webUrl)" if title is not None else "a title"
            self._note(f"a related article without {lacking} was left out.", node)
            return None
        return RelatedArticle(
            address=address,
            title=title,
            excerpt=self._text(fields, "excerpt") or "",
            date=self._date(fields, "publishedDateTime"),
            web_url=web_url,
            amp_url=self._url(fields, "ampWebUrl")[1],
            cdn_amp_url=self._url(fields, "cdnAmpWebUrl")[1],
            type=self._line(fields, "type"),
            quality=self._level(fields, "quality"),
            provider=self._provider(fields),
            images=self._images(fields),
        )

    # -- values --------------------------------------------------------------------------------------------------------

    # These run thirty times a file. What nearly every value is, a string or missing, is settled at once.

    def _text(self, fields: _Fields, key: str) -> str | None:
        """A key's text, stripped; None if it is missing, empty or, with a remark, not text."""
        node = fields.get(key)
        if node is None:
            return None
        text = node[0]
        if isinstance(text, str):
            return text.strip() or None
        if text is not None:
            self._note(f"{key} is {_kind(node)}, not text; it was left out.", node)
        return None

    def _line(self, fields: _Fields, key: str) -> str | None:
        """Like `_text`, on one line."""
        if key not in fields:
            return None
        text = self._text(fields, key)
        if text is None or text.isprintable():
            return text
        return values.fold_line(text) or None

    def _url(self, fields: _Fields, key: str) -> tuple[str, str] | tuple[None, None]:
        """A key's canonical address and its URL, both None if it is missing or, with a remark, unusable."""
        if key not in fields:
            return None, None
        text = self._text(fields, key)
        if text is None:
            return None, None
        address = canonical_address(text)
        if address is None:
            self._note(f"{key} {values.quoted(text)} is not a web address; it was left out.", fields[key])
            return None, None
        return address, clean_url(text)

    def _date(self, fields: _Fields, key: str) -> datetime | None:
        return self._converted(fields, key, values.parse_date)

    def _flag(self, fields: _Fields, key: str) -> bool | None:
        return self._converted(fields, key, values.parse_flag)

    def _level(self, fields: _Fields, key: str) -> int | None:
        """A quality, heat, width or height: 0 or more. -1 is how archives write "unknown"."""
        number = self._converted(fields, key, values.parse_number)
        if number is None or number >= 0:
            return number
        if number != -1:
            self._note(f"{key} {number} is below 0, so it counts as unknown.", fields[key])
        return None

    def _converted(self, fields: _Fields, key: str, convert: Callable[[str], _Value]) -> _Value | None:
        """What a key's text means; None if it is missing or, with a remark, means nothing."""
        if key not in fields:
            return None
        text = self._text(fields, key)
        if text is None:
            return None
        try:
            return convert(text)
        except ValueError as error:
            self._note(f"{key} {error}.", fields[key])
            return None

    def _entries(self, fields: _Fields, key: str) -> list[Node]:
        """The entries of a list; anything else that is not null counts as a list of one."""
        node = fields.get(key)
        if node is None or node[0] is None:
            return []
        return node[0] if isinstance(node[0], list) else [node]

    def _bounded(self, entries: list[_Entry], most: int, key: str, fields: _Fields) -> list[_Entry]:
        if len(entries) <= most:
            return entries
        self._note(f"{key} has more than {most:,} entries; the rest was left out.", fields[key])
        return entries[:most]

    def _note(self, reason: str, node: Node | None) -> None:
        if len(self._remarks) < MAX_REMARKS:
            line = self._line_of_all if node is None else self._matter.line(node[1])
            self._remarks.append(ItemError(reason, path=self._name, line=line))


def _kind(node: Node) -> str:
    content = node[0]
    return "a list" if isinstance(content, list) else "a mapping" if isinstance(content, dict) else "text"


def _provider_of(name: str | None, domain: str | None) -> Provider | None:
    # An archive has far fewer providers than articles: they are made once. The cache is to stay small whatever is read.
    if len(name or "") + len(domain or "") <= 200:
        return _known_provider(name, domain)
    return _known_provider.__wrapped__(name, domain)


@lru_cache(maxsize=4096)
def _known_provider(name: str | None, domain: str | None) -> Provider | None:
    """A provider, its domain without `www.`, port and path; what is no host name stays as written, in lower case."""
    if domain is not None:
        address = canonical_address(domain if "//" in domain else "https://" + domain)
        domain = domain.lower() if address is None else address.partition("/")[0].partition("?")[0].partition(":")[0]
    return Provider(name, domain) if name or domain else None
