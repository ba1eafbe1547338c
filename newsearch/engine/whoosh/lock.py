"""The lock of the one writer an index has at a time.

    lock = WriteLock(Path("index"))
    lock.acquire()        # IndexLocked says who has it
    lock.release()

It is the system's lock on a file, so it ends with the process that holds it, however that ends, and the next writer
takes over; the file stays. What is written in the file says who holds the lock, for people to read, and decides
nothing. Whoosh locks the same file in the same way.

A child that the writer forks would share its lock and keep it when the writer is dead, so it lets go of its copy at
once, without unlocking. Not for readers: they need no lock.
"""

import json
import os
import socket
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from weakref import WeakSet

from newsearch.engine.whoosh.contents import NAME
from newsearch.errors import IndexLocked, IndexUnwritable

__all__ = ["FILE_NAME", "WriteLock", "wait_until_free"]

FILE_NAME = f"{NAME}_WRITELOCK"

_POLL_SECONDS = 0.2
_MOST_SAID = 1000
# Windows locks bytes and lets nobody read them meanwhile, so the one that is locked lies far behind the text.
_LOCKED_BYTE = 1 << 30

_held: "WeakSet[WriteLock]" = WeakSet()
_forks_watched = False


class WriteLock:
    """The lock on the index in a folder. A context manager: held inside of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises IndexLocked where another writer has it, IndexUnwritable where there can be none."""
        _watch_forks()
        try:
            descriptor = os.open(self._folder / FILE_NAME, os.O_CREAT | os.O_RDWR, 0o666)
        except OSError as error:
            raise IndexUnwritable.because(self._folder, error) from error
        try:
            taken = _lock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        if not taken:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise IndexLocked(
                f"Another newsearch{holder} is writing to the index {self._folder}; run this again when it has "
                "finished, or let it wait with: newsearch index --wait"
            )
        self._descriptor = descriptor
        _held.add(self)
        with suppress(OSError):  # on a full disk nobody is told who holds it
            os.ftruncate(descriptor, 0)
            os.write(descriptor, json.dumps(_self()).encode())

    def release(self) -> None:
        """Let go of the lock; in a forked child only of the child's copy. A lock that is not held stays so."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
            os.close(descriptor)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _forget(self) -> None:
        """In a forked child: close the copy of the descriptor. What locks it is shared, so nothing is unlocked."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            with suppress(OSError):
                os.close(descriptor)


def wait_until_free(folder: Path, seconds: float) -> bool:
    """Wait until nobody writes to the index in a folder; False if somebody still does after so many seconds."""
    until = time.monotonic() + seconds
    lock = WriteLock(folder)
    while True:
        try:
            lock.acquire()
        except IndexLocked:
            left = until - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(_POLL_SECONDS, left))
        else:
            lock.release()
            return True


def _self() -> dict[str, object]:
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat(timespec="seconds")}


def _holder(descriptor: int) -> str:
    """` (process 4711 on this computer, since 2020-09-13 12:08 UTC)`; nothing where the file does not say."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = json.loads(os.read(descriptor, _MOST_SAID))
        host, since = str(said["host"]), datetime.fromisoformat(said["since"])
        place = "this computer" if host == socket.gethostname() else host
        return f" (process {int(said['pid'])} on {place}, since {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"
    return ""


def _watch_forks() -> None:
    global _forks_watched  # noqa: PLW0603 - once in a process, and not for those who never write
    if not _forks_watched and hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forget_all)
        _forks_watched = True


def _forget_all() -> None:
    for lock in list(_held):
        lock._forget()


if sys.platform == "win32":  # pragma: no cover - the tests run elsewhere
    import msvcrt

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
