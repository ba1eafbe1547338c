"""Who may ask: hosts, origins, a token, and requests of a bearable size; and what a browser may do with the answers.

    Middleware(Guard, rules=Rules(hosts=("search.example",)))

A page on the web can make a visitor's browser ask a server on that visitor's own machine, under a name of its own
choosing (DNS rebinding). So the Host has to be a number, which no such page has, or a name that was allowed; and what
sends an Origin has to be a page of the same host, or of an origin that was allowed. Slow requests are
`newsearch.web.protocol`'s.
"""

import base64
import binascii
import hmac
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsearch.errors import ConfigError
from newsearch.web.answers import Answer, error_answer, refusal

__all__ = ["MAX_ADDRESS", "MAX_HEADERS", "POLICY", "Guard", "Rules"]

MAX_ADDRESS: Final = 32_768
"""Bytes of an address, path and query: more than the longest parameters take in any script, percent-encoded."""

MAX_HEADERS: Final = 16_384
"""Bytes of all headers, names and values."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load: from here, and no script that stands in the page itself."""

_HEADERS: Final = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }.items()
)
_SAME_SITE: Final = (b"cross-origin-resource-policy", b"same-origin")
_ANY_SITE: Final = (b"cross-origin-resource-policy", b"cross-origin")

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?", re.IGNORECASE)
_ORIGIN = re.compile(r"https?://([^/?#@\s]+)", re.IGNORECASE)
_METHODS: Final = ("GET", "HEAD")
_OPEN: Final = "/healthz"
"""Answered without the token: it tells nothing, and what watches a server should not need the key to it."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a Guard lets through.

    `hosts` are names that a client may know the server by, beside localhost and numbers; "*" allows any. `origins` are
    those of pages on other sites that may read the answers (CORS), such as https://news.example; "*" allows any.
    `token` is what everybody has to show, if it is given. Raises ConfigError.
    """

    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    token: str | None = None

    def __post_init__(self) -> None:
        for host in self.hosts:
            found = _HOST.fullmatch(host)
            if host != "*" and (found is None or found[2] is not None):
                raise ConfigError(f"The host {host!r} is none; write a name without a port, such as search.example.")
        for origin in self.origins:
            if origin != "*" and not _ORIGIN.fullmatch(origin):
                raise ConfigError(f"The origin {origin!r} is none; write for example https://news.example.")
        if self.token is not None and (len(self.token) < 16 or not self.token.isascii() or " " in self.token):
            raise ConfigError("The token must have at least 16 characters, ASCII ones without spaces.")

    def knows(self, host: str) -> bool:
        """Whether a client may know the server by what it sent as Host."""
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found[1].lower().rstrip(".")
        return name == "localhost" or name in map(str.lower, self.hosts) or "*" in self.hosts or _is_number(name)

    def shares(self, origin: str) -> bool:
        """Whether pages of this origin may read the answers though they are another site's."""
        return "*" in self.origins or origin.lower() in (allowed.lower() for allowed in self.origins)

    def admits(self, authorization: str) -> bool:
        """Whether this header has the token: as Bearer, or as the password of Basic, which browsers ask for.

        Takes as long for every wrong one.
        """
        scheme, _, shown = authorization.partition(" ")
        if scheme.lower() == "basic":
            try:
                shown = base64.b64decode(shown, validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                shown = ""
        elif scheme.lower() != "bearer":
            shown = ""
        return hmac.compare_digest(shown.strip().encode(), (self.token or "").encode())


class Guard:
    """ASGI middleware that refuses what breaks the rules, and tells browsers how to treat what goes out."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        # A Host is nearly always one that was looked at before.
        self._known: dict[bytes, bool] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "lifespan":  # it has no client
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # Nothing here speaks WebSocket; closed before it is accepted, it is refused with 403.
            await send({"type": "websocket.close", "code": 1000})
            return
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, value)
        origin = headers.get(b"origin", b"").decode("latin-1")
        shared = bool(origin) and self._rules.shares(origin)
        added = list(self._added(origin, shared))
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", ()), *added]
            await send(message)

        refused = self._refused(scope, headers, origin, shared)
        if refused is not None:
            await refused.send(scope, guarded)
            return
        try:
            await self._app(scope, receive, guarded)
        except Exception as error:
            # What answers outside of this would send none of the headers.
            if begun:
                raise
            await error_answer(error).send(scope, guarded)

    def _refused(self, scope: Scope, headers: Mapping[bytes, bytes], origin: str, shared: bool) -> Answer | None:
        """The answer to a request that is not let through."""
        refused = _unbearable(scope, headers)
        if refused is not None:
            return refused
        host = headers.get(b"host", b"")
        if not self._knows(host):
            return refusal(
                421, "This server does not go by that name; its owner can allow it: newsearch serve --allow-host NAME."
            )
        if origin and not shared and not _same(origin, host.decode("latin-1")):
            return refusal(403, "Pages of other sites may not ask this server.")
        method = scope["method"]
        if method == "OPTIONS" and shared:
            return Answer(204, b"", [])
        if method not in _METHODS:
            return refusal(405, f"{method[:20]} is not answered here; GET is.", headers={"allow": "GET, HEAD"})
        if self._rules.token is not None and not self._admitted(scope, headers):
            asked = {"www-authenticate": 'Bearer realm="newsearch", Basic realm="newsearch", charset="UTF-8"'}
            return refusal(401, "This server answers whoever shows its token.", headers=asked)
        return None

    def _knows(self, host: bytes) -> bool:
        known = self._known.get(host)
        if known is None:
            known = self._rules.knows(host.decode("latin-1"))
            if len(self._known) < 100:  # anybody may send anything
                self._known[host] = known
        return known

    def _admitted(self, scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
        # What is mounted somewhere has what it is mounted at before its paths.
        if scope["path"].removeprefix(scope.get("root_path", "")) == _OPEN:
            return True
        return self._rules.admits(headers.get(b"authorization", b"").decode("latin-1"))

    def _added(self, origin: str, shared: bool) -> Iterable[tuple[bytes, bytes]]:
        yield from _HEADERS
        if shared:
            yield _ANY_SITE
            yield b"access-control-allow-origin", origin.encode("latin-1")
            yield b"access-control-allow-methods", b"GET, HEAD"
            yield b"access-control-allow-headers", b"authorization, if-none-match"
            yield b"access-control-expose-headers", b"etag, retry-after"
            yield b"access-control-max-age", b"3600"
        else:
            yield _SAME_SITE
        if self._rules.origins:
            yield b"vary", b"origin"


def _unbearable(scope: Scope, headers: Mapping[bytes, bytes]) -> Answer | None:
    """The answer to a request that is too large, body included; a body that is any is too large."""
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_ADDRESS:
        return _closing(414, f"The address is longer than {MAX_ADDRESS:,} bytes.")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADERS:
        return _closing(431, f"The headers are longer than {MAX_HEADERS:,} bytes.")
    if b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0":
        return _closing(413, "A request takes no body; put what is asked into the address.")
    return None


def _closing(status: int, message: str) -> Answer:
    """A refusal after which nothing more is read from the connection."""
    return refusal(status, message, headers={"connection": "close"})


def _same(origin: str, host: str) -> bool:
    found = _ORIGIN.fullmatch(origin)
    return found is not None and _place(found[1]) == _place(host)


def _place(authority: str) -> str:
    """Host and port in one form. Whether it is 80 or 443 that is left out, the other end knows."""
    return re.sub(r":(?:80|443)\Z", "", authority.lower())


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True
