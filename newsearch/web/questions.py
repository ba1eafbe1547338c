"""A request over HTTP read, put to the index in a thread, and answered: the way that all endpoints share.

    Route("/api/search", Questions(served, gate).endpoint(ENDPOINTS[0]))

An answer carries an ETag made of the index's commit and of all that was asked; who shows it again is told that nothing
changed, without a search.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.types import Scope

from newsearch.library import NewsIndex
from newsearch.web.answers import JSON, Answer, error_answer, json_bytes
from newsearch.web.endpoints import Asked, Endpoint
from newsearch.web.gate import Busy, Gate
from newsearch.web.parameters import Parameter, read
from newsearch.web.served import Served
from newsearch.wire.private import without_paths

__all__ = ["Questions", "Render", "header"]

Render = Callable[[NewsIndex, Asked], bytes]
"""Makes the body of an answer."""

Endpointed = Callable[[Request], Awaitable[Answer]]

_AGES: Final = re.compile(rb"[0-9](?:h|d|w|m|y)\b|today|yesterday")
"""What may be a time that counts back from now, where it stands in an address."""

_MATCHES: Final = re.compile(rb'(?:W/)?("[^"]*")')


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first value of a request's header; `name` is in lower case."""
    return next((value for key, value in scope["headers"] if key == name), None)


class Questions:
    """How the endpoints of one application answer. `private` says that not everybody may see the answers."""

    def __init__(self, served: Served, gate: Gate, *, private: bool = False) -> None:
        self._served = served
        self._gate = gate
        self._cached = b"private, no-cache" if private else b"no-cache"
        self._now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def endpoint(self, endpoint: Endpoint) -> Endpointed:
        """What answers an endpoint in JSON, for a route."""
        if self._served.paths:

            def render(index: NewsIndex, asked: Asked) -> bytes:
                return json_bytes(endpoint.answer(index, asked))
        else:

            def render(index: NewsIndex, asked: Asked) -> bytes:
                return json_bytes(without_paths(endpoint.answer(index, asked)))

        return self.rendered(endpoint.parameters, render, JSON)

    def rendered(self, table: Sequence[Parameter], render: Render, media: str) -> Endpointed:
        """For a route, what answers what `render` makes of a question with these parameters."""
        defaults = {one.python: one.default for one in table if one.default is not None}

        def answer(scope: Scope) -> Answer:
            # All of it in the thread: the event loop is for listening.
            try:
                found = self._answered(scope, table, defaults, render, media)
            except Exception as error:  # noqa: BLE001 - whatever it is, the client is told in JSON
                found = error_answer(error)
            return found.zipped() if b"gzip" in (header(scope, b"accept-encoding") or b"") else found

        async def endpoint(request: Request) -> Answer:
            try:
                return await self._gate.run(answer, request.scope)
            except Busy as error:
                return error_answer(error)

        return endpoint

    def _answered(
        self, scope: Scope, table: Sequence[Parameter], defaults: dict[str, Any], render: Render, media: str
    ) -> Answer:
        query = scope["query_string"].decode("utf-8", "replace")
        given = {**defaults, **read(table, parse_qsl(query, keep_blank_values=True))}
        reference = scope.get("path_params", {}).get("id", "")
        asked = Asked(given, reference, self._served.paths, base_address(scope), query)
        index = self._served.index()
        tag = self._tag(index, scope, asked.base)
        headers = [(b"etag", b"W/" + tag), (b"cache-control", self._cached), (b"vary", b"accept-encoding")]
        shown = header(scope, b"if-none-match")
        if shown is not None and tag in _MATCHES.findall(shown):
            return Answer(304, b"", headers)
        return Answer(200, render(index, asked), [(b"content-type", media.encode()), *headers])

    def _tag(self, index: NewsIndex, scope: Scope, base: str) -> bytes:
        """What tells this answer from others, weakly: scores fall a little while nothing else changes."""
        asked = scope["path"].encode() + b"?" + scope["query_string"]
        # Recency is of days; ages are as exact as a minute.
        day = self._now().isoformat()[: 16 if _AGES.search(asked) else 10]
        parts = (index.commit, self._served.settings, base, day)
        return b'"%s"' % hashlib.blake2b("\0".join(parts).encode() + b"\0" + asked, digest_size=12).hexdigest().encode()


def base_address(scope: Scope) -> str:
    """The address of the application as its client knows it, without a slash at its end.

    The host is what the client sent, which `newsearch.web.guard` has looked at.
    """
    host = header(scope, b"host") or b"localhost"
    return f"{scope.get('scheme', 'http')}://{host.decode('latin-1')}{scope.get('root_path', '')}".rstrip("/")
