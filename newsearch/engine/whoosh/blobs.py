"""A byte string for each document, found by its number.

    arrays = pack_blobs("shown", Blobs(ends, content))
    BlobColumn(file, "shown", documents=34_296)[17]

    blob/NAME/length      how long each document's bytes are                         (newsearch.engine.whoosh.columns)
    blob/NAME/content     the bytes; for packed blobs a few documents at a time, as raw deflate; nothing where they are
                          empty
    blob/NAME/packed      for packed blobs: how long each of those is
    blob/NAME/words       for packed blobs: what deflate is told beforehand, words that are common in the texts

A hit shows its texts, so those are packed by four: their words are mostly known beforehand, which makes them nearly
as small as in large blocks, and a hit's are there in some eight microseconds. What hardly any search reads is packed by
sixteen.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.columns import narrow, pack_column, read_column
from newsearch.engine.whoosh.container import ArrayFile
from newsearch.engine.whoosh.parts import Blobs

__all__ = ["PACKED_BLOBS", "Arrays", "BlobColumn", "pack_blobs"]

Arrays = dict[str, NDArray[Any] | bytes]
"""Arrays of a file, by their names."""


@dataclass(frozen=True, slots=True)
class _Packing:
    """So many documents at a time, and deflate's level."""

    documents: int
    level: int


PACKED_BLOBS = {
    "shown": _Packing(4, 4),
    "record": _Packing(16, 1),
    "cited": _Packing(8, 2),
    "path": _Packing(16, 2),
}
"""The others are as long as their lengths say, one after the other."""

_WINDOW = -15
"""Raw deflate that looks back 32 KiB."""
_MEMORY = 8
_WORDS = (1 << 15) - 768
"""The most bytes of words, leaving the window some room for the text itself."""
_SHARE = 32
"""The words take at most one in so many bytes of the content."""
_PIECE = re.compile(rb"[a-z]+://[^/ \x00]+(?:/[^/ \x00-]*/)?|[/-]?[^ /\x00-]+")
"""A word; of a URL its beginning, which all of a site have in common, and the words of the rest with what is before."""
_SAMPLE = 2048
_OFTEN = 2


def pack_blobs(name: str, blobs: Blobs) -> Arrays:
    """The arrays of a column of byte strings."""
    lengths = pack_column(f"blob/{name}/length", np.diff(blobs.ends, prepend=0))
    packing = PACKED_BLOBS.get(name)
    if packing is None:
        return lengths | {f"blob/{name}/content": blobs.content}
    words = _common_words(blobs)
    fresh = zlib.compressobj(packing.level, zlib.DEFLATED, _WINDOW, _MEMORY, zdict=words)
    blocks, start, content = [], 0, blobs.content
    for end in _block_ends(blobs.ends, packing.documents).tolist():
        if end > start:
            deflate = fresh.copy()
            blocks.append(deflate.compress(content[start:end]) + deflate.flush())
        else:
            blocks.append(b"")
        start = end
    return lengths | {
        f"blob/{name}/content": b"".join(blocks),
        f"blob/{name}/packed": narrow(np.fromiter(map(len, blocks), np.int64, len(blocks))),
        f"blob/{name}/words": words,
    }


def _block_ends(ends: NDArray[np.int64], documents: int) -> NDArray[np.int64]:
    """Where blocks of so many documents end in the content; the last block may have fewer."""
    whole = ends[documents - 1 :: documents]
    return whole if not ends.size % documents else np.append(whole, ends[-1])


def _common_words(blobs: Blobs) -> bytes:
    """Words that are worth knowing beforehand, those that save most last: deflate has the shortest way to them."""
    step = max(1, blobs.ends.size // _SAMPLE)
    starts = np.concatenate([np.zeros(1, np.int64), blobs.ends])
    found: Counter[bytes] = Counter()
    for number in range(0, blobs.ends.size, step):
        found.update(_PIECE.findall(blobs.content[starts[number] : starts[number + 1]]))
    room = min(_WORDS, len(blobs.content) // _SHARE)
    worth = sorted(((count * len(word), word) for word, count in found.items() if count >= _OFTEN), reverse=True)
    words: list[bytes] = []
    for _, word in worth:
        room -= len(word) + 1
        if room < 0:
            break
        words.append(word)
    return b" ".join(reversed(words))


class BlobColumn:
    """The byte strings of a file. Safe for threads."""

    def __init__(self, file: ArrayFile, name: str, documents: int) -> None:
        self._file = file
        self._content = f"blob/{name}/content"
        self._ends = _ends_of(read_column(file, f"blob/{name}/length", documents))
        self._packing = PACKED_BLOBS.get(name)
        if self._packing is not None:
            self._documents = self._packing.documents
            self._blocks = _ends_of(file[f"blob/{name}/packed"])
            self._words = file[f"blob/{name}/words"].tobytes()

    def __getitem__(self, document: int) -> bytes:
        ends = self._ends
        start, end = ends[document], ends[document + 1]
        if self._packing is None:
            return self._file.read(self._content, start, end)
        if start == end:
            return b""
        block = document // self._documents
        packed = self._file.read(self._content, self._blocks[block], self._blocks[block + 1])
        first = ends[block * self._documents]
        # No further than to the end of what is wanted.
        return zlib.decompressobj(_WINDOW, self._words).decompress(packed, end - first)[start - first :]

    def all(self) -> Blobs:
        """Those of all documents."""
        ends = np.array(self._ends[1:], np.int64)
        content: bytes = self._file[self._content].tobytes()
        return Blobs(ends, content if self._packing is None else b"".join(self._unpacked_blocks(content)))

    def _unpacked_blocks(self, content: bytes) -> Iterator[bytes]:
        starts = self._blocks.tolist()
        for start, end in pairwise(starts):
            if end > start:
                yield self._unpacked(content[start:end])

    def _unpacked(self, packed: Any) -> bytes:
        return zlib.decompressobj(_WINDOW, self._words).decompress(packed)


def _ends_of(lengths: NDArray[Any]) -> memoryview:
    """Where each string begins, and once more where the last one ends."""
    ends: Any = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
    return memoryview(ends)
