"""Documents on their way to the cluster, kept until it is known that all of them are to go.

    with Spool() as spool:
        spool.add({"root": "data", "path": "a.md", "kind": "item"})
        for document in spool: ...

They may be more than memory holds: past some megabytes they are in a temporary file, which nobody else can open by its
name and which is gone when the spool is closed.
"""

import json
from collections.abc import Iterator, Mapping
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Any, Self

__all__ = ["Spool"]

_IN_MEMORY = 32_000_000


class Spool:
    """A queue of documents, gone through once all are in it."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the spool

    def add(self, document: Mapping[str, Any]) -> None:
        """Put a document at the end."""
        self._file.write(json.dumps(document, separators=(",", ":")).encode() + b"\n")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self._file.seek(0)
        for line in self._file:
            yield json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
