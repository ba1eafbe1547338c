"""Which addresses of an archive may be followed, and how they are written to be: http and https, and nothing else.

    link_target("https://example.com/ü")        "https://example.com/%C3%BC"
    web_link("javascript:alert(1)")             None

An archive may hold anything as an address: `javascript:`, `data:`, a path, control characters. What is no link is shown
as text or not at all; how, is for who shows it. What makes two addresses one article's is `newsearch.items.urls`'s.
"""

import re
from typing import Final
from urllib.parse import quote, urlsplit

__all__ = ["link_target", "web_link"]

_WEB_ADDRESS = re.compile(r"https?://[^/]", re.IGNORECASE)
_SAFE: Final = "!#$%&'()*+,-./:;=?@[]_~"
"""What an address may have as it is: everything printable of ASCII but the quotes and the like that end one."""

_MAX_ADDRESS: Final = 4096


def link_target(url: str | None, *, without: str = "") -> str | None:
    """An address with all that is not plain ASCII, or stands in `without`, percent-encoded; None if it is no link."""
    if url is None or not _WEB_ADDRESS.match(url):
        return None
    return quote(url, safe="".join(char for char in _SAFE if char not in without), errors="replace")


def web_link(address: str | None) -> str | None:
    """An address as it is, if a browser may be sent there: with a host and without spaces or control characters."""
    if not address or len(address) > _MAX_ADDRESS or not address.isprintable() or any(map(str.isspace, address)):
        return None
    try:
        parts = urlsplit(address)
        named = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return address if named else None
