"""Addresses of pages: what one is shown, written as a link.

    Links("/news").search(request, topic="Privacy")         # "/news/?q=ban&topic=Privacy"

An address has the parameters of `/api/search`, and only those that differ from what holds without them, so that the
same page always has the same one. Reading parameters is `newsearch.web.parameters`'s,
and which links may lead elsewhere `newsearch.weblinks`'s.
"""

from dataclasses import fields
from typing import Any, Final
from urllib.parse import quote, urlencode

from newsearch.model import SearchRequest

__all__ = ["LINKED", "Links", "parameters"]

LINKED: Final = (
    *("match", "sort", "since", "until", "as_of", "provider", "topic", "type", "kind", "min_quality"),
    *("group", "max_per_provider", "explain", "limit", "offset"),
)
"""The options that a page's address can have beside `q`. What is counted, the page decides."""

_DEFAULTS: Final = {spec.name: spec.default for spec in fields(SearchRequest)}


def parameters(request: SearchRequest, **changes: Any) -> list[tuple[str, str]]:
    """What a request's address has after the question mark, in a fixed order; `changes` are options to be otherwise."""
    text = changes.get("text", request.text)
    found = [("q", text)] if text else []
    for name in LINKED:
        value = changes[name] if name in changes else getattr(request, name)
        if value != _DEFAULTS[name]:
            found.append((name, "true" if value is True else str(value)))
    return found


class Links:
    """The addresses below one root: "" where the page is at `/`, else the path that it is mounted at."""

    def __init__(self, root: str) -> None:
        self.root = quote(root.rstrip("/"), safe="/%:@!$&'()*+,;=~-._")

    @property
    def home(self) -> str:
        """The page without a query."""
        return f"{self.root}/"

    def search(self, request: SearchRequest, **changes: Any) -> str:
        """The page of a request with some options changed: its first page, unless the offset is among them."""
        written = urlencode(parameters(request, **{"offset": 0, **changes}))
        return f"{self.home}?{written}" if written else self.home

    def feed(self, request: SearchRequest) -> str:
        """What has come of a request, newest first, for a feed reader."""
        kept = [
            (name, value) for name, value in parameters(request) if name not in ("sort", "explain", "limit", "offset")
        ]
        return f"{self.root}/feed.atom?{urlencode(kept)}".rstrip("?")

    def article(self, article_id: str, asked: SearchRequest | None = None) -> str:
        """An article's page; with what was `asked`, one that leads back to it."""
        written = "" if asked is None else urlencode(parameters(asked))
        return f"{self.root}/articles/{quote(article_id, safe='')}" + (f"?{written}" if written else "")

    def static(self, name: str) -> str:
        """A file of the page itself: its style, its script, its icon."""
        return f"{self.root}/static/{name}"
