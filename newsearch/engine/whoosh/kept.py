"""What was computed before, kept up to a bound.

    kept = Kept(64_000_000)
    matches = kept.get(key, lambda: (compute(), size_in_bytes))

The entry that was not asked for the longest goes first. Safe for threads: what two of them compute at once has to be
the same, and one of both is kept.
"""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["ENTRY", "Kept"]

Value = TypeVar("Value")

ENTRY = 1024
"""Bytes that an entry takes beside its arrays: words that match nothing are kept too."""


class Kept(Generic[Value]):
    """Values by key, of so many bytes together; each takes `overhead` bytes beside those it is said to take."""

    def __init__(self, limit: int, *, overhead: int = ENTRY) -> None:
        self._limit = limit
        self._overhead = overhead
        self._size = 0
        self._entries: OrderedDict[object, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: object, compute: Callable[[], tuple[Value, int]]) -> Value:
        """The value of a key, computed if it is not here; `compute` gives it with its size in bytes.

        Nobody may change a value.
        """
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
                return entry[0]
        value, size = compute()
        size += self._overhead
        with self._lock:
            if key not in self._entries:
                self._entries[key] = value, size
                self._size += size
                while self._size > self._limit and len(self._entries) > 1:
                    _, (_, freed) = self._entries.popitem(last=False)
                    self._size -= freed
        return value
