"""The words of an archive that are written nearly like another.

    spelling = Spelling([segment.file.written for segment in snapshot.segments])
    spelling.near("recogniton")                     # [(1, 'recognition'), ...], by edits

An edit is a letter too many, a letter missing, a wrong letter, or two neighbours that changed places. This is the
optimal string alignment distance, which edits no place twice (Boytsov, Indexing methods for approximate dictionary
searching, 2011). All words of an archive are compared at once, a letter of theirs at a time, and only along the
diagonal that so few edits can reach. How common a word is, and whether any article still has it, is for those who
choose.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.dictionary import Words

__all__ = ["LONGEST", "Spelling", "edits_allowed"]

LONGEST = 26
"""Words of more characters are not looked for: they are addresses and hashes rather than misspelt."""

_SHORT, _MIDDLING = 3, 6
_MAX_EDITS = 2
_WIDTH = LONGEST + _MAX_EDITS

_LETTER = np.zeros(256, np.uint32)
"""For each byte a bit: one a letter from a to z, and some for several other signs together; none for no letter."""
_LETTER[1:] = 1 << (26 + np.arange(1, 256, dtype=np.uint32) % 6)
_LETTER[ord("a") : ord("z") + 1] = 1 << np.arange(26, dtype=np.uint32)

_BITS: NDArray[np.uint8] = np.unpackbits(np.arange(1 << 16, dtype=">u2").view(np.uint8).reshape(-1, 2), axis=1).sum(
    axis=1, dtype=np.uint8
)
"""How many bits each number of 16 has set."""

Letters = NDArray[Any]
"""A row for each letter's place, a column for each word; zeros behind a word's end."""


def edits_allowed(length: int) -> int:
    """How many edits a word of so many characters may be away: of shorter ones everything is near everything."""
    return 0 if length < _SHORT else 1 if length < _MIDDLING else _MAX_EDITS


class Spelling:
    """The words of some dictionaries, to be found by how they are written. Safe for threads."""

    def __init__(self, dictionaries: Sequence[Words]) -> None:
        self._dictionaries = dictionaries

    def near(self, word: str) -> list[tuple[int, str]]:
        """The words within `edits_allowed` of a word, with their edits, fewest first, then alphabetical.

        The word itself is among them with no edits. Nothing is near a word of digits, or of more than LONGEST letters.
        """
        limit = edits_allowed(len(word))
        if not limit or len(word) > LONGEST or not any(char.isalpha() for char in word):
            return []
        found = {near: edits for words in self._sets for edits, near in words.near(word, limit)}
        return sorted((edits, near) for near, edits in found.items())

    @cached_property
    def _sets(self) -> list["_WordSet"]:
        return [_WordSet(words) for words in self._dictionaries]


class _WordSet:
    """The words of one dictionary as columns of letters."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._columns, lengths = words.columns(_WIDTH)
        # Of a longer word only the beginning is there, and it is near nothing.
        whole = lengths <= _WIDTH
        ascii_only = self._columns.max(axis=0, initial=0) < 0x80
        self._plain = np.flatnonzero(whole & ascii_only)
        self._other = np.flatnonzero(whole & ~ascii_only)
        self._plain_lengths = lengths[self._plain]
        firsts = (self._columns[:, self._other] & 0xC0) != 0x80  # of UTF-8: bytes that begin a character, and zeros
        self._other_lengths = firsts.sum(axis=0) - (_WIDTH - lengths[self._other])
        self._other_foreign = (self._columns[:, self._other] >= 0xC0).sum(axis=0)
        self._letters = np.zeros(self._plain.size, np.uint32)
        for row in self._columns:
            self._letters |= _LETTER[row[self._plain]]

    def near(self, word: str, limit: int) -> list[tuple[int, str]]:
        codes = [ord(char) for char in word]
        return [*self._near_plain(codes, limit), *self._near_other(codes, limit)]

    def _near_plain(self, codes: Sequence[int], limit: int) -> Iterator[tuple[int, str]]:
        places = np.flatnonzero(np.abs(self._plain_lengths - len(codes)) <= limit)
        wanted = np.bitwise_or.reduce(_LETTER[[min(code, 0x80) for code in codes]])
        # An edit takes at most one letter away and brings one in, which leaves few words to compare.
        letters = self._letters[places]
        kept = (_bits(wanted & ~letters) <= limit) & (_bits(letters & ~wanted) <= limit)
        places = places[kept]
        chosen = self._plain[places]
        columns = self._columns[: len(codes) + limit, chosen]
        for place, edits in _within(codes, columns, self._plain_lengths[places], limit):
            yield edits, self._words.word(int(chosen[place])).decode()

    def _near_other(self, codes: Sequence[int], limit: int) -> Iterator[tuple[int, str]]:
        """The same for words past ASCII, whose letters are decoded first; most archives have few of them."""
        near = np.abs(self._other_lengths - len(codes)) <= limit
        near &= self._other_foreign <= sum(code >= 0x80 for code in codes) + limit
        if not near.any():
            return
        texts = [self._words.word(place).decode() for place in self._other[near].tolist()]
        width = len(codes) + limit
        columns = np.array(texts, f"<U{width}").view(np.uint32).reshape(-1, width).T
        for place, edits in _within(codes, columns, self._other_lengths[near], limit):
            yield edits, texts[place]


def _bits(masks: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """How many bits each mask has set."""
    bits: NDArray[np.uint8] = _BITS[masks & 0xFFFF] + _BITS[masks >> 16]
    return bits


def _within(word: Sequence[int], letters: Letters, lengths: NDArray[np.int64], limit: int) -> list[tuple[int, int]]:
    """The places of the words within `limit` edits, with their edits; `lengths` differ from the word's by no more."""
    far = limit + 1
    count = lengths.size
    none = np.full(count, far, np.uint8)
    # rows[-1][j] are the edits from the word's first i characters to each word's first j; the band is |i - j| <= limit.
    rows = [{place: np.full(count, place, np.uint8) for place in range(limit + 1)}]
    for i, code in enumerate(word, 1):
        above, row = rows[-1], {}
        for j in range(max(0, i - limit), min(len(letters), i + limit) + 1):
            if j == 0:
                row[j] = np.full(count, i, np.uint8)
                continue
            edits = above[j - 1] + (letters[j - 1] != code)
            if j in above:
                np.minimum(edits, above[j] + np.uint8(1), out=edits)
            if j - 1 in row:
                np.minimum(edits, row[j - 1] + np.uint8(1), out=edits)
            if i > 1 and j > 1 and j - 2 in rows[-2]:
                swapped = (letters[j - 2] == code) & (letters[j - 1] == word[i - 2])
                np.minimum(edits, np.where(swapped, rows[-2][j - 2] + np.uint8(1), none), out=edits)
            row[j] = edits
        rows = [above, row]
    last = none.copy()
    for length, edits in rows[-1].items():
        whole = lengths == length
        last[whole] = edits[whole]
    near = np.flatnonzero(last <= limit)
    return list(zip(near.tolist(), last[near].tolist(), strict=True))
