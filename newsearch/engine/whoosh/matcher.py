"""One term's postings as Whoosh's matchers walk them.

    matcher = PostingMatcher(documents, frequencies, positions, format_, scorer)

For Whoosh's own searcher and for query nodes that newsearch does not evaluate on arrays. Everything it gives is a plain
Python number: Whoosh's bit sets and assertions want no NumPy scalars.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from whoosh.formats import Format
from whoosh.matching import LeafMatcher, ReadTooFar

__all__ = ["PostingMatcher"]

_BLOCK = 128
_END = 0x7FFFFFFF


class PostingMatcher(LeafMatcher):  # type: ignore[misc]
    """Walks ascending document numbers. `positions` gives those of the i-th posting and may be slow."""

    def __init__(
        self,
        documents: list[int],
        frequencies: list[int],
        positions: Callable[[int], list[int]],
        format_: Format,
        *,
        scorer: Any = None,
        term: tuple[str, bytes] | None = None,
    ) -> None:
        # AndNot and AndMaybe ask an exhausted matcher for its id once more: a sentinel answers.
        self._ids = [*documents, _END]
        self._frequencies = [*frequencies, 0]
        self._positions = positions
        self._count = len(documents)
        self._at = 0
        self.format = format_
        self.scorer = scorer
        self._term = term

    def is_active(self) -> bool:
        return self._at < self._count

    def id(self) -> int:
        return self._ids[self._at]

    def all_ids(self) -> Iterator[int]:
        return iter(self._ids[: self._count])

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        return self._at % _BLOCK == 0

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        if not self.is_active():
            raise ReadTooFar
        if id > self._ids[self._at]:
            self._at = bisect_left(self._ids, id, self._at, self._count)

    def reset(self) -> None:
        self._at = 0

    def copy(self) -> "PostingMatcher":
        twin = PostingMatcher.__new__(PostingMatcher)
        twin.__dict__.update(self.__dict__)
        return twin

    def weight(self) -> float:
        return float(self._frequencies[self._at])

    def value(self) -> bytes:
        if self.format.supports("positions"):
            return bytes(self.format.encode(self._positions(self._at)))
        return b""

    def value_as(self, astype: str) -> Any:
        if astype == "positions":
            return self._positions(self._at)
        if astype == "frequency":
            return self._frequencies[self._at]
        if astype == "weight":
            return self.weight()
        return self.format.decode_as(astype, self.value())

    def supports(self, astype: str) -> bool:
        return bool(self.format.supports(astype))

    def supports_block_quality(self) -> bool:
        return bool(self.scorer and self.scorer.supports_block_quality())

    def block_quality(self) -> float:
        return float(self.scorer.block_quality(self)) if self.is_active() else 0.0

    def max_quality(self) -> float:
        return float(self.scorer.max_quality())

    def block_max_weight(self) -> float:
        first = self._at - self._at % _BLOCK
        return float(max(self._frequencies[first : min(first + _BLOCK, self._count)], default=0))

    def block_min_length(self) -> int:
        return 0

    def skip_to_quality(self, minquality: float) -> int:
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._at = min(self._at - self._at % _BLOCK + _BLOCK, self._count)
            skipped += 1
        return skipped
