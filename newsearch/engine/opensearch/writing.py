"""Writes gathered into bulks.

    writing = Writing(server, alive)
    writing.put("news-articles-1", "3kz0v9q2m7c4t", source)
    writing.flush()

Bulks are sent one after the other, in the order in which writes came, so the last write of a document counts. While one
is on its way the next is gathered.
"""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from newsearch.engine.opensearch.server import Server

__all__ = ["Writing"]

_BULK_BYTES = 8_000_000
_BULK_WRITES = 3000


class Writing:
    """Writes that are not sent yet. `alive` is called with each bulk."""

    def __init__(self, server: Server, alive: Callable[[], None]) -> None:
        self._server = server
        self._alive = alive
        self._lines: list[Any] = []
        self._size = self._writes = 0
        self._sender = ThreadPoolExecutor(1, "newsearch-bulk")
        self._sent: Future[None] | None = None

    def put(self, index: str, identity: str, source: Mapping[str, Any]) -> None:
        """Write a document over what is there."""
        self._add({"index": {"_index": index, "_id": identity}}, source)

    def update(self, index: str, identity: str, changes: Mapping[str, Any]) -> None:
        """Change some of a document's values."""
        self._add({"update": {"_index": index, "_id": identity}}, {"doc": changes})

    def delete(self, index: str, identity: str) -> None:
        """Delete a document, if it is there."""
        self._add({"delete": {"_index": index, "_id": identity}})

    def flush(self) -> None:
        """Send what was not sent yet, and wait until the cluster has acknowledged all of it."""
        self._send()
        self._wait()

    def _send(self) -> None:
        self._wait()
        if self._lines:
            lines, self._lines = self._lines, []
            self._size = self._writes = 0
            self._sent = self._sender.submit(self._server.bulk, lines)
        self._alive()

    def _wait(self) -> None:
        """Until the bulk before is acknowledged; what was wrong with it is raised here."""
        if self._sent is not None:
            sent, self._sent = self._sent, None
            sent.result()

    def _add(self, *lines: Mapping[str, Any]) -> None:
        # Written here, once: the size of a bulk is what the cluster has to take in.
        texts = [json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines]
        self._lines.append(texts)
        self._size += sum(map(len, texts))
        self._writes += 1
        if self._size >= _BULK_BYTES or self._writes >= _BULK_WRITES:
            self._send()
