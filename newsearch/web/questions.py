"""A request over HTTP read, put to the index in a thread, and answered: the way that all endpoints share.

    Route("/api/search", Questions(served, gate).endpoint(ENDPOINTS[0]))

An answer carries an ETag made of the index's commit and of all that was asked; who shows it again is told that nothing
changed, without a search.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.requests import Request
from starlette.types import Scope

from newsearch.errors import IndexError_
from newsearch.library import NewsIndex
from newsearch.web.answers import JSON, Answer, error_answer, json_bytes
from newsearch.web.endpoints import Asked, Endpoint
from newsearch.web.gate import Busy, Gate
from newsearch.web.kept import Kept
from newsearch.web.parameters import Parameter, ParameterError, read
from newsearch.web.places import base_address
from newsearch.web.served import Served
from newsearch.wire.private import without_paths

__all__ = ["Questions", "Render", "header"]

Render = Callable[[NewsIndex, Asked], bytes]
"""Makes the body of an answer."""

Endpointed = Callable[[Request], Awaitable[Answer]]

_AGES: Final = re.compile(rb"[0-9](?:h|d|w|m|y)\b|today|yesterday", re.IGNORECASE)
"""What may be a time that counts back from now, where it stands in an address."""

_MATCHES: Final = re.compile(rb'(?:W/)?("[^"]*")')


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first value of a request's header; `name` is in lower case."""
    return next((value for key, value in scope["headers"] if key == name), None)


class Questions:
    """How the endpoints of one application answer. `private` says that not everybody may see the answers.

    `kept` has the last answers, those to questions that are asked again and again.
    """

    def __init__(self, served: Served, gate: Gate, *, private: bool = False, kept: Kept | None = None) -> None:
        self._served = served
        self._gate = gate
        self._kept = kept or Kept(0)
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
        content_type = (b"content-type", media.encode())

        def work(scope: Scope, asked: Asked, zipped: bool) -> tuple[bytes, Answer]:
            """What takes time, and so is done in a thread: the answer, and what it is known by."""
            try:
                index = self._served.index()
                tag = self._tag(index, scope, asked.base)
                answer = Answer(200, render(index, asked), [content_type, *self._headers(tag)])
            except IndexError_ as error:
                self._served.tell(error)
                tag, answer = b"", error_answer(error, logged=True)
            except Exception as error:  # noqa: BLE001 - whatever it is, the client is told in JSON
                tag, answer = b"", error_answer(error)
            return tag, answer.zipped() if zipped else answer

        async def endpoint(request: Request) -> Answer:
            scope = request.scope
            try:
                asked = self._asked(scope, table)
                zipped = b"gzip" in (header(scope, b"accept-encoding") or b"")
                index = self._served.at_hand()
                if index is not None:
                    tag = self._tag(index, scope, asked.base)
                    known = self._unchanged(scope, tag) or self._kept.get(tag + (b"z" if zipped else b""))
                    if known is not None:
                        return known
                tag, answer = await self._gate.run(work, scope, asked, zipped)
            except (Busy, ParameterError) as error:
                return error_answer(error)
            if answer.status == 200:
                self._kept.put(tag + (b"z" if zipped else b""), answer)
                return self._unchanged(scope, tag) or answer
            return answer

        return endpoint

    def _asked(self, scope: Scope, table: Sequence[Parameter]) -> Asked:
        query = scope["query_string"].decode("utf-8", "replace")
        given = read(table, parse_qsl(query, keep_blank_values=True))
        reference = scope.get("path_params", {}).get("id", "")
        return Asked(given, reference, base_address(scope, self._served.base), query)

    def _headers(self, tag: bytes) -> list[tuple[bytes, bytes]]:
        return [(b"etag", b"W/" + tag), (b"cache-control", self._cached), (b"vary", b"accept-encoding")]

    def _unchanged(self, scope: Scope, tag: bytes) -> Answer | None:
        """The answer to a client that has this one."""
        shown = header(scope, b"if-none-match")
        if shown is None or tag not in _MATCHES.findall(shown):
            return None
        return Answer(304, b"", self._headers(tag))

    def _tag(self, index: NewsIndex, scope: Scope, base: str) -> bytes:
        """What tells this answer from others, weakly: scores fall a little while nothing else changes."""
        asked = scope["path"].encode() + b"?" + scope["query_string"]
        # Recency is of days; ages are as exact as a minute.
        day = self._now().isoformat()[: 16 if _AGES.search(unquote_to_bytes(asked)) else 10]
        parts = (index.commit, self._served.settings, base, day)
        return b'"%s"' % hashlib.blake2b("\0".join(parts).encode() + b"\0" + asked, digest_size=12).hexdigest().encode()
