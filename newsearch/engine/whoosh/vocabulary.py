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
from newsearch.engine.whoosh.dictionary import MAX_WORD_BYTES, Words

__all__ = ["Vocabulary"]

Places = NDArray[np.int64]

_LONGEST = MAX_WORD_BYTES
_NEVER = 1000
"""More edits than any word has."""

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
            places = places[self._sizes[places] == len(head)] if len(head) <= _LONGEST else places[:0]
            return self._having(places, self._starts[places], head)
        middle, tail = [piece for piece in rest[:-1] if piece], rest[-1]
        shortest = len(pattern) - pattern.count("*")
        if shortest > _LONGEST:
            return places[:0]
        if not literal and tail and tail[-1] != "?":
            # Few words end in the letter asked for, and that is seen at once.
            places = np.flatnonzero(self._ends == ord(tail[-1]))
        places = places[self._sizes[places] >= shortest]
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
        if codes.size - limit > _LONGEST:
            return np.zeros(0, np.int64), np.zeros(0, np.uint8)
        lowest, highest = max(codes.size - limit, 0), min(codes.size + limit, _LONGEST)
        order, bounds, letters = self._by_length
        first, end = bounds[lowest], bounds[highest + 1]
        # An edit takes at most one letter away and brings one in, which leaves few words to compare.
        wanted, letters = np.bitwise_or.reduce(_bits_of(codes), initial=np.uint32(0)), letters[first:end]
        likely = np.flatnonzero(_within(wanted & ~letters, limit))
        places = np.sort(order[first:end].take(likely[_within(letters.take(likely) & ~wanted, limit)]))
        lengths, offsets = self.lengths[places], np.arange(codes.size + limit)[:, np.newaxis]
        columns = self._codes.take(self._starts[places] + offsets, mode="clip")
        columns[offsets >= lengths] = 0
        edits = _edits(codes.tolist(), columns, lengths, limit)
        near = edits <= limit
        return places[near], edits[near].astype(np.uint8)

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
    def _sizes(self) -> NDArray[np.uint8]:
        """The same in little space: no word has more letters than fit a byte."""
        return self.lengths.astype(np.uint8)

    @cached_property
    def _ends(self) -> NDArray[Any]:
        """The last letter of each word."""
        return self._codes[np.maximum(self._starts[1:] - 1, 0)]

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

    @cached_property
    def _by_length(self) -> tuple[Places, Places, NDArray[np.uint32]]:
        """The words ordered by their lengths; for each length and once more, where its own begin; their letters."""
        order = self._sizes.argsort(kind="stable")
        bounds = np.zeros(_LONGEST + 2, np.int64)
        np.cumsum(np.bincount(self._sizes, minlength=_LONGEST + 1), out=bounds[1:])
        return order, bounds, self._letters.take(order)

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


def _within(masks: NDArray[np.uint32], limit: int) -> NDArray[np.bool_]:
    """Which masks have no more than so many bits set (Hacker's Delight, 2-1: the lowest bit is turned off)."""
    for _ in range(limit):
        masks = masks & (masks - np.uint32(1))
    few: NDArray[np.bool_] = masks == 0
    return few


def _edits(word: Sequence[int], letters: NDArray[Any], lengths: Places, limit: int) -> NDArray[np.int16]:
    """The edits to each word, right as far as they are `limit` or fewer; `lengths` differ from the word's by no more.

    `letters` has a row for each letter's place and a column for each word, with zeros behind a word's end.
    """
    band = 2 * limit + 1
    padded = np.concatenate([np.zeros((limit + 1, lengths.size), letters.dtype), letters])
    steps = np.arange(band, dtype=np.int16)[:, np.newaxis]
    # edits[d] are those from the word's first i characters to each word's first j = i + d - limit; there are none for
    # j < 0. A cell draws on lower j alone, so what lies behind a word's end does no harm.
    edits = np.repeat(np.where(steps < limit, np.int16(_NEVER), steps - np.int16(limit)), lengths.size, axis=1)
    before, previous = edits, -1
    for i, code in enumerate(word, 1):
        here = padded[i : i + band]
        found = edits + (here != code)
        np.minimum(found[:-1], edits[1:] + np.int16(1), out=found[:-1])
        if i > 1:
            swapped = (padded[i - 1 : i - 1 + band] == code) & (here == previous)
            np.minimum(found, before + np.int16(1), out=found, where=swapped)
        # What comes from the cell before, in the same row, may itself come from there.
        found -= steps
        np.minimum.accumulate(found, axis=0, out=found)
        found += steps
        before, edits, previous = edits, found, code
    last: NDArray[np.int16] = edits[lengths - len(word) + limit, np.arange(lengths.size)]
    return last
