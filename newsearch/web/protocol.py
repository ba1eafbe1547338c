"""Uvicorn's HTTP protocol with an end to everything: to the bytes of a request's head, and to the time it all takes.

    uvicorn.Config(app, http=BoundedProtocol)

A client that sends its request byte by byte, without an end, or does not read its answer, would hold a connection and
its memory for ever. The application never sees such a request, so it is cut here. What a request may ask is
`newsearch.web.guard`'s.
"""

import asyncio
import logging
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    _Protocol: Any = object
elif find_spec("httptools") is not None:
    from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as _Protocol
else:  # several times slower
    from uvicorn.protocols.http.h11_impl import H11Protocol as _Protocol

__all__ = ["ANSWERED", "CONNECTIONS", "HEAD_SECONDS", "BoundedProtocol"]

HEAD_SECONDS: Final = 10.0
"""How long a client may take to send a request."""

ANSWERED: Final = 60.0
"""How long an answer may take from the request on, until its last byte is read."""

MAX_HEAD: Final = 65_536
"""Bytes of a request before it is cut unread. `newsearch.web.guard` refuses smaller ones, and says why."""

CONNECTIONS: Final = 2_000
"""Connections at a time; one more is told to come again."""

_logger = logging.getLogger(__name__)


class BoundedProtocol(_Protocol):  # type: ignore[misc]  # either of two
    """The fastest of uvicorn's protocols that is installed, with an end to everything.

    One timer a connection watches all its deadlines, and is seldom set anew. Times are in seconds.
    """

    head_seconds = HEAD_SECONDS
    answered = ANSWERED
    most_connections = CONNECTIONS

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to watch a connection, or turn it away."""
        super().connection_made(transport)
        self._unread = 0
        self._deadline = self.loop.time() + self.head_seconds
        self._watch = self.loop.call_later(self.head_seconds, self._look)
        if len(self.connections) > self.most_connections:
            self._refuse(b"503 Service Unavailable", b"retry-after: 1\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes in; the first of a request begin its time."""
        if self.transport.is_closing():
            return
        before = self.cycle
        if not self._unread and self._idle():
            self._deadline = self.loop.time() + self.head_seconds
        self._unread += len(data)
        super().data_received(data)
        if self.cycle is not before:  # a request is complete
            self._unread = 0
            self._deadline = self.loop.time() + self.answered
        elif self._unread > MAX_HEAD:
            self._refuse(b"431 Request Header Fields Too Large")

    def _idle(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def _look(self) -> None:
        """See whether the deadline has passed for something that is still going on."""
        now = self.loop.time()
        if now >= self._deadline:
            if self.transport.get_write_buffer_size() > 0 or not self._idle():
                _logger.info("An answer took more than %g s: the connection is cut.", self.answered)
                self.transport.abort()
                return
            # Between two requests uvicorn's own timer watches.
            if self._unread > 0 or self.cycle is None:
                self._refuse(b"408 Request Timeout")
        after = self._deadline - now if self._deadline > now else self.head_seconds
        self._watch = self.loop.call_later(after, self._look)

    def _refuse(self, status: bytes, more: bytes = b"") -> None:
        """Say why and close. If not even that is read, the connection goes with its deadline."""
        if not self.transport.is_closing():
            head = b"HTTP/1.1 %s\r\n%sconnection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(head % (status, more))
            self.transport.close()
