"""Sorted words in little space: each of a block of sixteen says how much of the one before it it shares.

arrays = pack_words("terms", [b"harbour", b"harvest"])
words = Words(file, "terms")
words.rank(b"harvest")          # 1, its place among the sorted words; -1 where there is none
words.range(b"har")             # range(0, 2), the places of the words with a prefix

NAME/blocks   u32  for each block, where it begins in NAME/words
NAME/firsts   u32  and the first four bytes of its first word, as a number that orders as they do: where to look is
                   known without reading words
NAME/words    u8   a block: length, bytes of its first word; then, for each word, the number of bytes it shares with
                   the word before it, the number of its other bytes, and those
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.container import ArrayFile
from newsearch.engine.whoosh.ragged import ragged

__all__ = ["MAX_WORD_BYTES", "Words", "pack_words"]

MAX_WORD_BYTES = 255
"""The longest word that fits; the analyzer cuts off longer ones."""

_PER_BLOCK = 16
_AT_ONCE = 4096
_BEGINNING = 4
_BYTES = [bytes((number,)) for number in range(256)]


def pack_words(name: str, words: Sequence[bytes]) -> dict[str, NDArray[np.uint32] | bytes]:
    """The arrays of some words, which have to be ascending; `Words.rank` finds the first of several that are equal."""
    shared = _shared_lengths(words)
    blocks: list[int] = []
    packed: list[bytes] = []
    end = 0
    for start in range(0, len(words), _PER_BLOCK):
        blocks.append(end)
        first = words[start]
        parts = [_BYTES[len(first)], first]
        for word, same in zip(words[start + 1 : start + _PER_BLOCK], shared[start : start + _PER_BLOCK], strict=False):
            parts += (_BYTES[same], _BYTES[len(word) - same], word[same:])
        block = b"".join(parts)
        packed.append(block)
        end += len(block)
    return {
        f"{name}/blocks": np.array(blocks, np.uint32),
        f"{name}/firsts": np.array([_beginning(word) for word in words[::_PER_BLOCK]], np.uint32),
        f"{name}/words": b"".join(packed),
    }


def _beginning(word: bytes) -> int:
    """The first four bytes of a word as a number that orders as they do; a shorter word has zeros there."""
    return int.from_bytes(word[:_BEGINNING].ljust(_BEGINNING, b"\0"), "big")


def _shared_lengths(words: Sequence[bytes]) -> list[int]:
    """How many bytes each word but the first shares with the one before it."""
    shared: list[int] = []
    for start in range(0, len(words) - 1, _AT_ONCE):
        # As rows of a matrix, in bounded pieces: one long word would make a wide one of all.
        rows = np.array(words[start : start + _AT_ONCE + 1], np.bytes_)
        letters = rows.view(np.uint8).reshape(rows.size, -1)
        same = np.logical_and.accumulate(letters[1:] == letters[:-1], axis=1).sum(axis=1)
        # Behind the end of a word its row has zeros, which are no letters of it.
        lengths = np.fromiter(map(len, words[start : start + _AT_ONCE + 1]), np.int64, rows.size)
        shared += np.minimum(same, np.minimum(lengths[1:], lengths[:-1])).tolist()
    return shared


class Words:
    """The words of a file, found by bisection. Safe for threads."""

    def __init__(self, file: ArrayFile, name: str, count: int) -> None:
        self.count = count
        self._blocks = file.view(f"{name}/blocks")
        self._words = file.view(f"{name}/words")
        self._firsts = file.view(f"{name}/firsts")

    def __iter__(self) -> Iterator[bytes]:
        for block in range(len(self._blocks)):
            yield from self._block(block)

    def word(self, rank: int) -> bytes:
        """The word at a place. Raises IndexError."""
        if not 0 <= rank < self.count:
            raise IndexError(rank)
        return self._block(rank // _PER_BLOCK)[rank % _PER_BLOCK]

    def rank(self, word: bytes) -> int:
        """The place of a word, or -1."""
        first, end = self._alike(word)
        block = (first if first == end else bisect_right(range(end), word, first, key=self._head)) - 1
        if block < 0:
            return -1
        # The one block that can have it is read no further than to its place; as `_walk` does, without a generator.
        packed, rank = self._packed(block), block * _PER_BLOCK
        size, at = len(packed), 1 + packed[0]
        found = packed[1:at]
        while found < word and at < size:
            start = at + 2
            shared, at = packed[at], start + packed[at + 1]
            found = found[:shared] + packed[start:at]
            rank += 1
        return rank if found == word else -1

    def insertion(self, word: bytes) -> int:
        """The place of the first word that is not before this one."""
        first, end = self._alike(word)
        block = bisect_left(range(end), word, first, key=self._head)
        # The head of the block is the first head not before the word; the word itself may end the block before.
        if block:
            found = bisect_left(self._block(block - 1), word)
            place = (block - 1) * _PER_BLOCK + found
            return min(place, self.count)
        return 0

    def range(self, prefix: bytes) -> range:
        """The places of the words with a prefix."""
        end = _after_prefix(prefix)
        return range(self.insertion(prefix), self.count if end is None else self.insertion(end))

    def between(self, first: int, end: int) -> list[bytes]:
        """The words at the places from `first` to before `end`, ascending."""
        if first >= end:
            return []
        blocks = range(first // _PER_BLOCK, (end - 1) // _PER_BLOCK + 1)
        words = [word for block in blocks for word in self._block(block)]
        start = blocks.start * _PER_BLOCK
        return words[first - start : end - start]

    def joined(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """All words, one after the other, and where each begins; and once more, where the last one ends."""
        if not self.count:
            return np.zeros(0, np.uint8), np.zeros(1, np.int64)
        packed: NDArray[np.uint8] = np.asarray(self._words)
        shared, source, lengths = self._layout(packed)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        letters = np.empty(int(starts[-1]), np.uint8)
        # Words' own bytes stand in both in one order: here behind those shared, there behind one or two numbers.
        both = np.stack([shared, lengths - shared], axis=1).ravel()
        stored = np.ones(packed.size, np.bool_)
        stored[source - 1] = False
        stored[np.delete(source, np.s_[::_PER_BLOCK]) - 2] = False
        letters[np.repeat(np.arange(both.size) % 2 == 1, both)] = packed[stored]
        for step in range(1, _PER_BLOCK):
            # The words before these, each block's, are whole.
            places = np.arange(step, self.count, _PER_BLOCK)
            begins, counts = starts[places], shared[places]
            into = ragged(begins, counts)
            letters[into] = letters[into - np.repeat(begins - starts[places - 1], counts)]
        return letters, starts

    def _layout(self, packed: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """For each word: the bytes it shares with the one before it, where its own ones are, how many it has in all."""
        count = len(self._blocks) * _PER_BLOCK
        shared, source, own = (np.zeros(count, np.int64) for _ in range(3))
        place = np.asarray(self._blocks).astype(np.int64) - 1
        for step in range(_PER_BLOCK):
            if step:
                # The last block may hold fewer words; what is read past it is cut off.
                shared[step::_PER_BLOCK] = packed[np.minimum(place, packed.size - 1)]
            own[step::_PER_BLOCK] = packed[np.minimum(place + 1, packed.size - 1)]
            source[step::_PER_BLOCK] = place + 2
            place = place + 2 + own[step::_PER_BLOCK]
        return shared[: self.count], source[: self.count], (shared + own)[: self.count]

    def _alike(self, word: bytes) -> tuple[int, int]:
        """From where to where blocks begin as a word does: all before them are before it, and all behind after it."""
        beginning = _beginning(word)
        first = bisect_left(self._firsts, beginning)
        return first, bisect_right(self._firsts, beginning, first)

    def _head(self, block: int) -> bytes:
        start = self._blocks[block]
        return bytes(self._words[start + 1 : start + 1 + self._words[start]])

    def _block(self, block: int) -> list[bytes]:
        return list(self._walk(block))

    def _packed(self, block: int) -> bytes:
        end = self._blocks[block + 1] if block + 1 < len(self._blocks) else len(self._words)
        return bytes(self._words[self._blocks[block] : end])

    def _walk(self, block: int) -> Iterator[bytes]:
        packed = self._packed(block)
        place = 1 + packed[0]
        word = packed[1:place]
        yield word
        while place < len(packed):
            shared, rest = packed[place], packed[place + 1]
            word = word[:shared] + packed[place + 2 : place + 2 + rest]
            place += 2 + rest
            yield word


def _after_prefix(prefix: bytes) -> bytes | None:
    """The least word that is after all with a prefix; None where there is none."""
    stripped = prefix.rstrip(b"\xff")
    return stripped[:-1] + bytes((stripped[-1] + 1,)) if stripped else None
