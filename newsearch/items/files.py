"""Reading one file of an archive: its bytes, bounded, and the status that goes with them.

    raw, status = read_file("data/2020/harbour.md", name="2020/harbour.md")

What the bytes mean is `newsearch.items.reader`'s, which a look for changes does without.

Modification times are coarse: a file can change twice within one tick of the clock. So a file whose time is within two
seconds of now, or in the future, is remembered with time 0, and the next scan looks at its content.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from newsearch.errors import ItemError

__all__ = ["MAX_FILE_BYTES", "Clock", "Entry", "opened", "read_file", "trusted_time"]

Clock = Callable[[], float]
"""The time in seconds since the epoch."""

RACY_NS = 2_000_000_000

MAX_FILE_BYTES = 8 << 20

_EXPLAINED_ERRNO = {
    errno.ENOENT: "is no longer there",
    errno.EACCES: "cannot be read: permission denied",
    errno.EPERM: "cannot be read: permission denied",
    errno.ELOOP: "is a link that leads back to itself",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to read. `file` can be opened, `path` is relative to the archive with `/`, `root` names the archive."""

    root: str
    path: str
    file: str


def read_file(path: Path | str, *, name: str) -> tuple[bytes, os.stat_result]:
    """A regular file's bytes, and the status it had when it was opened.

    Of a file larger than 8 MiB, which is no item, there is one byte more than that. ItemError if it is no regular file
    or cannot be read.
    """
    with opened(path, name=name) as (descriptor, status):
        return _read_bounded(descriptor, min(status.st_size, MAX_FILE_BYTES)), status


@contextmanager
def opened(path: Path | str, *, name: str) -> Iterator[tuple[int, os.stat_result]]:
    """A regular file's descriptor, open for reading, and its status.

    ItemError if it is no regular file or cannot be read, be it in the midst of it.
    """
    # Without O_NONBLOCK, opening a named pipe would wait for a writer, perhaps for ever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ItemError("is not a regular file.", path=name)
            yield descriptor, status
        finally:
            os.close(descriptor)
    except OSError as error:
        reason = _EXPLAINED_ERRNO.get(error.errno or 0, f"cannot be read: {error.strerror or 'input error'}")
        raise ItemError(f"{reason}.", path=name) from error
    except ValueError:
        raise ItemError("cannot be read: its name holds a NUL.", path=name) from None


def trusted_time(status: os.stat_result, clock: Clock) -> int:
    """A file's modification time in ns, as it is to be remembered: 0 if it may change again without it showing."""
    return 0 if status.st_mtime_ns > int(clock() * 1e9) - RACY_NS else status.st_mtime_ns


def _read_bounded(descriptor: int, size: int) -> bytes:
    """Up to a byte more than the bound. A file may have grown since its size was taken."""
    raw = os.read(descriptor, size + 1)
    if len(raw) <= size:
        return raw
    chunks = [raw]
    total = len(raw)
    while total <= MAX_FILE_BYTES and (chunk := os.read(descriptor, MAX_FILE_BYTES + 1 - total)):
        chunks.append(chunk)
        total += len(chunk)
    return b"".join(chunks)
