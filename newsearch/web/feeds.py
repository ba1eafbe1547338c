"""A query as a feed, Atom or JSON Feed, so that a reader can follow it; and what lets a browser search from its bar.

    atom(result, title="The archive", base="http://localhost:8000", asked="q=ban")

Atom is RFC 4287, JSON Feed version 1.1 of jsonfeed.org, the description OpenSearch 1.1. An entry is known by its
article's id, so one that changes stays one. Which articles a feed has is the query's business.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from newsearch.model import Hit, SearchResult
from newsearch.weblinks import web_link
from newsearch.wire.parts import date_text
from newsearch.wording import provider_name, titled

__all__ = ["ATOM", "JSON_FEED", "OPENSEARCH", "SUGGESTIONS", "atom", "description", "json_feed"]

ATOM: Final = "application/atom+xml; charset=utf-8"
JSON_FEED: Final = "application/feed+json"
OPENSEARCH: Final = "application/opensearchdescription+xml; charset=utf-8"
SUGGESTIONS: Final = "application/x-suggestions+json"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORT_NAME = 16
"""Characters that OpenSearch allows a ShortName."""


def atom(result: SearchResult, *, title: str, base: str, asked: str) -> bytes:
    """A result as an Atom feed; `asked` is the query of its address, as it was sent."""
    name, home, this = _name(result, title), _home(base, asked), _this(base, "feed.atom", asked)
    updated = result.index.updated or _EPOCH
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_text(name)}</title>",
        f"<id>{_text(this)}</id>",
        f"<updated>{date_text(updated)}</updated>",
        f"<author><name>{_text(title)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href={_attribute(this)}/>',
        f'<link rel="alternate" type="text/html" href={_attribute(home)}/>',
        *(line for hit in result.hits for line in _entry(hit, updated, base)),
        "</feed>\n",
    ]
    return "\n".join(lines).encode("utf-8", "replace")


def _entry(hit: Hit, updated: datetime, base: str) -> list[str]:
    lines = [
        "<entry>",
        f"<id>urn:newsearch:article:{hit.id}</id>",
        f"<title>{_text(hit.title or '(no title)')}</title>",
        f'<link rel="alternate" href={_attribute(_link(hit, base))}/>',
        f"<updated>{date_text(hit.date or updated)}</updated>",
    ]
    if hit.date is not None:
        lines.append(f"<published>{date_text(hit.date)}</published>")
    if provider := provider_name(hit.provider):
        lines.append(f"<author><name>{_text(provider)}</name></author>")
    lines += [f"<category term={_attribute(topic)}/>" for topic in hit.topics]
    if hit.excerpt:
        lines.append(f'<summary type="text">{_text(hit.excerpt)}</summary>')
    return [*lines, "</entry>"]


def json_feed(result: SearchResult, *, title: str, base: str, asked: str) -> Mapping[str, Any]:
    """A result as a JSON Feed; `asked` is the query of its address, as it was sent."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _name(result, title),
        "home_page_url": _home(base, asked),
        "feed_url": _this(base, "feed.json", asked),
        "items": [_item(hit, base) for hit in result.hits],
    }


def _item(hit: Hit, base: str) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": f"urn:newsearch:article:{hit.id}",
        "url": _link(hit, base),
        "title": titled(hit.title),
        "content_text": hit.excerpt,
        "tags": list(hit.topics),
    }
    if hit.date is not None:
        item["date_published"] = date_text(hit.date)
    if provider := provider_name(hit.provider):
        item["authors"] = [{"name": provider}]
    return item


def description(*, title: str, base: str) -> bytes:
    """What tells a browser how to search here: its page, its completions and its feed."""
    forms = (
        ("text/html", "/?q={searchTerms}"),
        ("application/atom+xml", "/feed.atom?q={searchTerms}"),
        (SUGGESTIONS, "/opensearch/suggest?q={searchTerms}"),
    )
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
        f"<ShortName>{_text(title[:_SHORT_NAME])}</ShortName>",
        f"<Description>{_text(f'Search {title}')}</Description>",
        "<InputEncoding>UTF-8</InputEncoding>",
        *(f"<Url type={_attribute(media)} template={_attribute(base + form)}/>" for media, form in forms),
        "</OpenSearchDescription>\n",
    ]
    return "\n".join(lines).encode("utf-8", "replace")


def _name(result: SearchResult, title: str) -> str:
    text = result.request.text.strip()
    return f"{text} – {title}" if text else title


def _home(base: str, asked: str) -> str:
    return f"{base}/?{asked}" if asked else f"{base}/"


def _this(base: str, name: str, asked: str) -> str:
    return f"{base}/{name}?{asked}" if asked else f"{base}/{name}"


def _link(hit: Hit, base: str) -> str:
    """Where the article is; what is no address on the web is not handed on, for readers open it with a click."""
    return web_link(hit.url) or f"{base}/articles/{quote(hit.id)}"


def _text(text: str) -> str:
    return escape(_writable(text))


def _attribute(text: str) -> str:
    return quoteattr(_writable(text))


def _writable(text: str) -> str:
    """Text without the characters that XML 1.0 does not have, not even escaped."""
    return text.translate(_UNWRITABLE)


_UNWRITABLE = dict.fromkeys((*(set(range(0x20)) - {0x9, 0xA, 0xD}), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), " ")
