"""The words of one dictionary by how they are written: those that fit a pattern, and those that are nearly a word.

    vocabulary = Vocabulary(segment.file.written)
    vocabulary.prefixed("recogni"), vocabulary.fitting("wom?n")     # places of the words, ascending
    vocabulary.near("recogniton", 1)                                # places, and the edits of each

All words are compared at once, a letter of theirs at a time. Edits are those of the optimal string alignment distance
(Boytsov, Indexing methods for approximate dictionary searching, 2011), and looked for only along the diagonal that so
few can reach.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.columns import narrow
from newsearch.engine.whoosh.dictionary import Words

__all__ = ["Vocabulary"]

Places = NDArray[np.int64]

_LETTERS = 26
_OTHERS = 6
_ASCII_BITS = np.array(
    [1 << (code - ord("a") if chr(code).islower() else _LETTERS + code % _OTHERS) for code in range(128)], np.uint32
)


class Vocabulary:
    """The words of a dictionary, as code points. Read when first asked for; safe for threads."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def prefixed(self, prefix: str) -> Places:
        """The places of the words with a prefix."""
        found = self._words.range(prefix.encode())
        return np.arange(found.start, max(found.start, found.stop))

    def fitting(self, pattern: str) -> Places:
        """The places of the words that fit a folded pattern."""
        head, *rest = pattern.split("*")
        literal = head.partition("?")[0]
        places = self.prefixed(literal) if literal else np.arange(self._words.count)
        if not rest:
            places = places[self.lengths[places] == len(head)]
            return self._having(places, self._starts[places], head)
        middle, tail = [piece for piece in rest[:-1] if piece], rest[-1]
        places = places[self.lengths[places] >= len(pattern) - pattern.count("*")]
        places = self._having(places, self._starts[places], head)
        places = self._having(places, self._starts[places + 1] - len(tail), tail)
        # Between two `*` the first place that fits is as good as any.
        reached = self._starts[places] + len(head)
        for piece in middle:
            places, reached = self._following(places, reached, piece, len(tail))
        return places

    def near(self, word: str, limit: int) -> tuple[Places, NDArray[np.uint8]]:
        """The places of the words within so many edits of a word, and each one's edits."""
        codes = _codes(word)
        places = np.flatnonzero(np.abs(self.lengths - codes.size) <= limit)
        # An edit takes at most one letter away and brings one in, which leaves few words to compare.
        wanted, letters = np.bitwise_or.reduce(_bits_of(codes), initial=np.uint32(0)), self._letters[places]
        places = places[(_ones(wanted & ~letters) <= limit) & (_ones(letters & ~wanted) <= limit)]
        lengths = self.lengths[places]
        width = codes.size + limit
        columns = np.zeros((width, places.size), np.uint32)
        for place in range(width):
            long = np.flatnonzero(lengths > place)
            columns[place, long] = self._codes[self._starts[places[long]] + place]
        edits = _edits(codes.tolist(), columns, lengths, limit)
        near = edits <= limit
        return places[near], edits[near]

    def texts(self, places: Places) -> list[str]:
        """The words at some places."""
        text = self._text
        starts, ends = self._starts[places].tolist(), self._starts[places + 1].tolist()
        return [text[start:end] for start, end in zip(starts, ends, strict=True)]

    @cached_property
    def lengths(self) -> Places:
        """How many characters each word has."""
        return np.diff(self._starts)

    @cached_property
    def _read(self) -> tuple[str, NDArray[Any], Places]:
        """All words, one after the other: as text, as code points; and where each begins, and all end."""
        letters, starts = self._words.joined()
        text = letters.tobytes().decode()
        if len(text) == letters.size:
            return text, letters, starts
        characters = np.concatenate([np.zeros(1, np.int64), np.cumsum((letters & 0xC0) != 0x80)])
        return text, narrow(_codes(text)), characters[starts]

    @cached_property
    def numbers(self) -> Places:
        """For each word its number among the distinct ones: one that is written for two terms stands there twice."""
        lengths = self.lengths
        same = np.flatnonzero(lengths[1:] == lengths[:-1]) + 1
        # Neighbours of one length differ at their ends.
        for behind in range(1, int(lengths.max(initial=0)) + 1):
            same = same[(lengths[same] < behind) | (self._letter(same, behind) == self._letter(same - 1, behind))]
            if not (lengths[same] > behind).any():
                break
        new = np.ones(lengths.size, np.int64)
        new[same] = 0
        new[:1] = 0
        return np.cumsum(new)

    def end_of(self, word: str) -> int:
        """The place of the first word that is after this one, which is all letters of its own."""
        return self._words.insertion(word.encode() + b"\0")

    def _letter(self, places: Places, behind: int) -> NDArray[Any]:
        """A letter of each of some words, counted from behind; any letter where a word has fewer."""
        return self._codes[np.maximum(self._starts[places + 1] - behind, 0)]

    @cached_property
    def _owners(self) -> NDArray[np.int32]:
        """The word that each letter is of."""
        return np.repeat(np.arange(self.lengths.size, dtype=np.int32), self.lengths)

    @property
    def _text(self) -> str:
        return self._read[0]

    @property
    def _codes(self) -> NDArray[Any]:
        return self._read[1]

    @property
    def _starts(self) -> Places:
        return self._read[2]

    @cached_property
    def _letters(self) -> NDArray[np.uint32]:
        """The letters of each word, a bit for each (`_bits_of`)."""
        if not self._words.count:
            return np.zeros(0, np.uint32)
        letters: NDArray[np.uint32] = np.bitwise_or.reduceat(_bits_of(self._codes), self._starts[:-1])
        return letters

    def _following(self, places: Places, reached: Places, piece: str, behind: int) -> tuple[Places, Places]:
        """Those of some words, ascending, that have a piece of a pattern from a letter of theirs on, and so many
        letters behind it; and, for each, the letter behind the first such piece.

        Letters are numbered through all words.
        """
        if not places.size:
            return places, reached
        starts = self._starts
        first, last = int(starts[places[0]]), int(starts[places[-1] + 1])
        codes = self._codes[first:last]
        stands = np.ones(max(codes.size - len(piece) + 1, 0), np.bool_)
        for offset, sign in enumerate(piece):
            if sign != "?":
                stands &= codes[offset : offset + stands.size] == ord(sign)
        found = stands.nonzero()[0] + first
        if found.size > places.size:
            # Of each word the first piece that stands there is found by bisection: few words, many pieces.
            next_one = found.searchsorted(reached)
            has = next_one < found.size
            places, found = places[has], found[next_one[has]]
        else:
            from_where = np.full(self.lengths.size, starts[-1])
            from_where[places] = reached
            owners = self._owners[found]
            fits = found >= from_where[owners]
            owners, found = owners[fits], found[fits]
            new = np.diff(owners, prepend=-1) > 0
            places, found = owners[new].astype(np.int64), found[new]
        fits = found + len(piece) <= starts[places + 1] - behind
        return places[fits], found[fits] + len(piece)

    def _having(self, places: Places, starts: Places, signs: str) -> Places:
        """Those of the places whose words have certain signs from `starts` on; `?` is any."""
        for offset, sign in enumerate(signs):
            if sign != "?":
                kept = self._codes[starts + offset] == ord(sign)
                places, starts = places[kept], starts[kept]
        return places


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _bits_of(codes: NDArray[Any]) -> NDArray[np.uint32]:
    """For each character a bit: one a letter from a to z, and some for several other signs together."""
    bits: NDArray[np.uint32] = _ASCII_BITS.take(codes, mode="clip")
    far = np.flatnonzero(codes >= _ASCII_BITS.size)
    bits[far] = np.uint32(1) << (_LETTERS + codes[far] % _OTHERS).astype(np.uint32)
    return bits


def _ones(masks: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """How many bits each mask has set (Hacker's Delight, 5-1)."""
    ones: NDArray[np.uint32] = masks - ((masks >> 1) & np.uint32(0x55555555))
    ones = (ones & np.uint32(0x33333333)) + ((ones >> 2) & np.uint32(0x33333333))
    ones = (ones + (ones >> 4)) & np.uint32(0x0F0F0F0F)
    ones *= np.uint32(0x01010101)
    return ones >> np.uint32(24)


def _edits(word: Sequence[int], letters: NDArray[Any], lengths: Places, limit: int) -> NDArray[np.uint8]:
    """The edits to each word, `limit` + 1 standing for more; `lengths` differ from the word's by `limit` at most.

    `letters` has a row for each letter's place and a column for each word, with zeros behind a word's end.
    """
    far = np.full(lengths.size, limit + 1, np.uint8)
    # rows[-1][j] are the edits from the word's first i characters to each word's first j; the band is |i - j| <= limit.
    rows = [{place: np.full(lengths.size, place, np.uint8) for place in range(limit + 1)}]
    for i, code in enumerate(word, 1):
        above, row = rows[-1], {}
        for j in range(max(0, i - limit), min(len(letters), i + limit) + 1):
            if j == 0:
                row[j] = np.full(lengths.size, i, np.uint8)
                continue
            edits = above[j - 1] + (letters[j - 1] != code)
            if j in above:
                np.minimum(edits, above[j] + np.uint8(1), out=edits)
            if j - 1 in row:
                np.minimum(edits, row[j - 1] + np.uint8(1), out=edits)
            if i > 1 and j > 1 and j - 2 in rows[-2]:
                swapped = (letters[j - 2] == code) & (letters[j - 1] == word[i - 2])
                np.minimum(edits, np.where(swapped, rows[-2][j - 2] + np.uint8(1), far), out=edits)
            row[j] = edits
        rows = [above, row]
    last = far.copy()
    for length, edits in rows[-1].items():
        whole = lengths == length
        last[whole] = edits[whole]
    return last
