"""One writer at a time, on a cluster that knows of no locks.

    with Lock(server, clock=time.time) as lock:
        lock.renew()                        # now and then

The lock is a document that only one can create. Whoever holds it says until when, and says so again while working; one
whose time is over was held by somebody who is dead, and may be taken.
"""

import os
import socket
import time
from types import TracebackType
from typing import Any, Self

from newsearch.engine.opensearch.server import Server
from newsearch.errors import IndexLocked

__all__ = ["Lock"]

_HELD = 120.0
"""Seconds that a lock is held without being renewed."""

_ID = "writer"


class Lock:
    """The lock of one index. Raises IndexLocked where another writer has it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._index = f"{server.address.name}-lock"
        self._renewed = 0.0
        self._mine = f"{socket.gethostname()}/{os.getpid()}/{time.time_ns()}"

    def __enter__(self) -> Self:
        if self._server.create_document(self._index, _ID, self._source()):
            return self
        found = self._server.read(self._index, _ID)
        if found is not None and found["_source"]["until"] > time.time():
            holder, process, _ = str(found["_source"]["holder"]).split("/")
            raise IndexLocked(
                f"Another writer holds the index at {self._server.name}: process {process} on {holder}. "
                "Try again when it has ended."
            )
        conditions = {} if found is None else {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        if not self._server.put(self._index, _ID, self._source(), **conditions):
            raise IndexLocked(f"Another writer has just taken the index at {self._server.name}; try again later.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        found = self._server.read(self._index, _ID)
        if found is not None and found["_source"]["holder"] == self._mine:
            self._server.delete_document(self._index, _ID)

    @staticmethod
    def is_held(server: Server) -> bool:
        """Whether a writer holds the index."""
        found = server.read(f"{server.address.name}-lock", _ID)
        return found is not None and bool(found["_source"]["until"] > time.time())

    def renew(self) -> None:
        """Say that this writer is still there. Raises IndexLocked where another one has taken over since."""
        if time.monotonic() - self._renewed < _HELD / 4:
            return
        found = self._server.read(self._index, _ID)
        if found is None or found["_source"]["holder"] != self._mine:
            raise IndexLocked(f"Another writer has taken over the index at {self._server.name}; run this again later.")
        self._server.put(self._index, _ID, self._source())
        self._renewed = time.monotonic()

    def _source(self) -> dict[str, Any]:
        self._renewed = time.monotonic()
        return {"holder": self._mine, "until": time.time() + _HELD}
