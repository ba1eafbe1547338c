"""Items as dictionaries, with the keys of front matter: the way in, and the way out.

    raw = written({"title": "Harbour ban", "webUrl": "https://b.example/1", "body": "…"}, name="cms#1")
    mapping_of(read_written(raw, name="cms#1").item)["webUrl"]

A dictionary is read as the front matter that it would be written as, by the same reader: values mean what they mean
there, the same is bounded, remarked on or refused, and what no item has is not built, `secured` among it. JSON is YAML,
so it is written as JSON. Nothing is told of lines: there are none.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from newsearch.errors import ItemError
from newsearch.items.frontmatter import SEALED_KEY
from newsearch.items.reader import Reading, parse_item
from newsearch.model import Image, NewsItem, Provider, RelatedArticle

__all__ = ["mapping_of", "read_written", "written"]

_BODY = "body"
# What YAML takes for the end of a line or refuses, and JSON does not have to escape.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")


def written(given: Mapping[str, Any], *, name: str) -> bytes:
    """A dictionary as the bytes of a file. ItemError for what no file can hold."""
    body = given.get(_BODY)
    if body is not None and not isinstance(body, str):
        raise ItemError("body is not text.", path=name)
    matter = {key: value for key, value in given.items() if key not in (_BODY, SEALED_KEY)}
    try:
        text = json.dumps(matter, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError) as error:
        raise ItemError(f"is not an item: {error}.", path=name) from None
    except RecursionError:
        raise ItemError("is nested too deep.", path=name) from None
    text = _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    # Half of a character is nothing that a file can hold.
    return _HALF.sub("\ufffd", f"---\n{text}\n---\n{body or ''}").encode()


def read_written(raw: bytes, *, name: str) -> Reading:
    """Make a news item of what `written` gave; its path is `name`. ItemError if it is none."""
    try:
        reading = parse_item(raw, name=name)
    except ItemError as error:
        raise ItemError(error.reason, path=name) from None
    return Reading(reading.item, tuple(ItemError(remark.reason, path=name) for remark in reading.remarks))


def mapping_of(item: NewsItem) -> dict[str, Any]:
    """An item as a dictionary of what it has, dates as text; `path` and `body` are among it.

    An address that none of its URLs stands for becomes its `webUrl`.
    """
    found = {
        "path": item.path,
        "category": item.category,
        **_common(item),
        "updatedDateTime": item.updated,
        "originalUrl": item.original_url,
        "heat": item.heat,
        "published": item.published,
        "topics": list(item.topics),
        "related": [_given(_common(related)) for related in item.related],
        _BODY: item.body,
    }
    if item.original_url is not None and item.web_url is None:
        del found["webUrl"]
    return _given(found)


def _common(article: NewsItem | RelatedArticle) -> dict[str, Any]:
    web_url = article.web_url
    if web_url is None and article.address and not article.address.startswith("path:"):
        web_url = f"https://{article.address}"
    return {
        "title": article.title,
        "excerpt": article.excerpt,
        "publishedDateTime": article.date,
        "webUrl": web_url,
        "ampWebUrl": article.amp_url,
        "cdnAmpWebUrl": article.cdn_amp_url,
        "type": article.type,
        "quality": article.quality,
        "provider": _provider(article.provider),
        "images": [_image(image) for image in article.images],
    }


def _provider(provider: Provider | None) -> dict[str, Any] | None:
    return None if provider is None else _given({"name": provider.name, "domain": provider.domain})


def _image(image: Image) -> dict[str, Any]:
    return _given({"url": image.url, "width": image.width, "height": image.height, "isCached": image.cached})


def _given(found: dict[str, Any]) -> dict[str, Any]:
    """What says anything, with dates as text."""
    plain = {key: value.isoformat() if isinstance(value, date) else value for key, value in found.items()}
    return {key: value for key, value in plain.items() if value is not None and value not in ("", [])}


def _plain(value: object) -> object:
    """What JSON does not know, as front matter would have it."""
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"it has a value of type {type(value).__name__}, which front matter cannot hold")
