"""Answers kept for whoever asks the same next, as long as nothing has changed.

    kept = Kept(16_000_000)
    kept.put(b"tag", answer)
    kept.get(b"tag")

What an answer is known by has to change with everything that it depends on. For one thread: the event loop's.
"""

from typing import Final

from newsearch.web.answers import Answer

__all__ = ["KEPT", "Kept"]

KEPT: Final = 16_000_000
"""Bytes of answers that are kept, unless it is said otherwise."""

_LARGE = 8
"""An answer of more than one in so many bytes of all is not kept: it would drive out too many others."""

_BESIDE = 500
"""Bytes that an answer takes beside its body."""


class Kept:
    """Answers of at most `most` bytes together; those that were not asked for longest go first."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._size = 0
        self._answers: dict[bytes, Answer] = {}

    def get(self, tag: bytes) -> Answer | None:
        """The answer that is known by a tag."""
        found = self._answers.pop(tag, None)
        if found is not None:
            self._answers[tag] = found  # as the newest
        return found

    def put(self, tag: bytes, answer: Answer) -> None:
        """Keep an answer; it is never changed."""
        size = len(answer.body) + _BESIDE
        if size * _LARGE > self._most or tag in self._answers:
            return
        self._answers[tag] = answer
        self._size += size
        while self._size > self._most:
            oldest = next(iter(self._answers))
            self._size -= len(self._answers.pop(oldest).body) + _BESIDE
