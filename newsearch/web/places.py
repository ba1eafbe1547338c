"""By which address clients know the server: the one that its owner gave, else what a request says.

    base_address(scope, "https://news.example/search")      # that
    base_address(scope, None)                               # "http://localhost:8000", from the Host

A proxy in front of the server may speak HTTPS, have another name and put it below a path; none of that can be taken
from a request, for whoever connects could claim anything. Whether a Host may be trusted is `newsearch.web.guard`'s.
"""

from urllib.parse import SplitResult, urlsplit

from starlette.types import Scope

from newsearch.errors import ConfigError

__all__ = ["base_address", "base_url", "host_of", "root_path"]


def base_url(text: str) -> str:
    """An address that a server is known by, without a slash at its end. Raises ConfigError."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and _is_plain(parts)
    except ValueError:
        usable = False
    if not usable or not text.isascii() or not text.isprintable() or set(text) & set(' "<>\\'):
        raise ConfigError(
            f"The base address {text!r} is none; write the scheme, the host and what path there is, such as "
            "https://news.example/search."
        )
    return text.rstrip("/")


def _is_plain(parts: SplitResult) -> bool:
    return not (parts.query or parts.fragment or "@" in parts.netloc)


def host_of(base: str) -> str:
    """The name of the host in such an address, as a Rules takes it."""
    name = urlsplit(base).hostname or ""
    return f"[{name}]" if ":" in name else name


def base_address(scope: Scope, base: str | None) -> str:
    """The address of the application as its client knows it, without a slash at its end."""
    if base is not None:
        return base
    host = next((value for name, value in scope["headers"] if name == b"host"), b"localhost")
    return f"{scope.get('scheme', 'http')}://{host.decode('latin-1')}{scope.get('root_path', '')}".rstrip("/")


def root_path(scope: Scope, base: str | None) -> str:
    """The path of that address: what all links of the page begin with."""
    return urlsplit(base).path if base is not None else str(scope.get("root_path", ""))
