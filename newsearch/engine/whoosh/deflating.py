"""Byte strings packed in a thread of its own, while terms are sorted.

    with Deflating() as deflating:
        parts = builder.finish(deflating.begin)
        write_segment(file, parts, deflating.packed)

Deflating takes about as long as inverting and packing a segment's terms, and neither holds Python's lock for most of
that. What is packed is the same byte for byte, with the thread or without.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from newsearch.engine.whoosh.blobs import PACKED_BLOBS, Arrays, pack_blobs
from newsearch.engine.whoosh.parts import Blobs

__all__ = ["Deflating"]


class Deflating:
    """The packing of one segment's byte strings; nothing of it is left when the context ends."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "newsearch-deflating")
        self._begun: dict[str, tuple[Blobs, Future[Arrays]]] = {}

    def begin(self, blobs: Mapping[str, Blobs]) -> None:
        """Begin to pack byte strings, by their names."""
        for name, strings in blobs.items():
            if name in PACKED_BLOBS:
                self._begun[name] = strings, self._thread.submit(pack_blobs, name, strings)

    def packed(self, name: str, blobs: Blobs) -> Arrays:
        """The arrays of byte strings, waited for if they were begun; raises what went wrong in the thread."""
        begun, future = self._begun.get(name, (None, None))
        return future.result() if future is not None and begun is blobs else pack_blobs(name, blobs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)
