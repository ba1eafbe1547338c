"""Records set aside on disk until it is known what becomes of them.

    with Spool() as spool:
        place = spool.append(record)
        spool.read(place) == record

Whose an address is, and who speaks for a related article, is settled only when the last file has been read; an archive
may be larger than memory. The file is unnamed where the system allows it, and gone when closed.
"""

import tempfile
from types import TracebackType
from typing import NamedTuple, Self

__all__ = ["Place", "Spool"]

_IN_MEMORY = 16 * 1024 * 1024


class Place(NamedTuple):
    """Where a record lies: its first byte and its length."""

    offset: int
    length: int


class Spool:
    """A file of byte strings to append to and to read back; up to 16 MiB stay in memory."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="newsearch-")  # noqa: SIM115
        self._end = 0

    def append(self, record: bytes) -> Place:
        """Set a record aside. Raises OSError when the disk is full."""
        self._file.seek(self._end)
        self._file.write(record)
        place = Place(self._end, len(record))
        self._end += len(record)
        return place

    def read(self, place: Place) -> bytes:
        """The record at a place."""
        self._file.seek(place.offset)
        return self._file.read(place.length)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
