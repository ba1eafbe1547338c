"""The words of many texts at once: the analyzer's terms and positions, as arrays.

    tokenizer = BatchTokenizer(Analyzer("english"))
    tokenizer.add(field=0, documents=[0, 1], texts=["Harbour ban", "U.S. labs"])
    tokenizer.occurrences()

Whatever `Analyzer.occurrences` finds in a value is found here, term by term and position by position; that is tested.
It is quick because nearly all of a text is words seen before: values of a batch are joined as bytes, their letters made
small and signs that are in no word blanked in one go, and then split at blanks, which no word spans. A dictionary has
the words of every piece ever seen; only a new piece is looked at by itself, and only one that is no plain word of
letters is given to the analyzer.

Words are numbered as they are written (folded, not stemmed), terms as they come; `terms_of_words` leads from the one to
the other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.analysis import POSITION_GAP, Analyzer
from newsearch.engine.whoosh.postings import ragged

__all__ = ["BatchTokenizer", "Occurrences"]

Ints = NDArray[np.int64]

_BOUNDARY = b"\x00"
"""A piece of its own between two values."""
_CAPITALS = ((b"US'S", b"\x02"), ("US\u2019S".encode(), b"\x03"), (b"US", b"\x01"))
"""What in capitals may be another word than in small letters, the country, and what stands for it."""
_BLANKED = b"\x00\x01\x02\x03"
_BLANKS = str.maketrans(dict.fromkeys(_BLANKED.decode(), " "))
_BETWEEN = f" {_BOUNDARY.decode()} "
_LOOSE = b'!"$%()*/:;<=>?[\\]^`{|}~-@'
_LOOSE_SIGNS = tuple(sign.encode() for sign in "\u2018\u201c\u201d\u2013\u2014\u2026")
"""Signs that are in no word: taken out, they leave fewer pieces that are new."""


def _plainer() -> bytes:
    """For each byte of UTF-8, the one that is looked at: small for capital letters, a blank for what is in no word."""
    table = bytearray(range(256))
    table[: ord(" ")] = b" " * ord(" ")
    for byte in _LOOSE:
        table[byte] = ord(" ")
    for byte in _BLANKED:
        table[byte] = byte
    for letter in range(ord("A"), ord("Z") + 1):
        table[letter] = letter + (ord("a") - ord("A"))
    return bytes(table)


_PLAINER = _plainer()
_NUMBER = re.compile(rb"[0-9]+(?:[.,][0-9]+)*")
_APOSTROPHE = "\u2019".encode()
"""It is to the analyzer what that of ASCII is."""
_LONGEST_PLAIN = 50
"""Pieces up to so many letters are surely not cut off by the analyzer."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences of words: all arrays have an entry an occurrence.

    `words` are places in `BatchTokenizer.written`; `documents` ascend within one call of `add`.
    """

    words: NDArray[np.int32]
    documents: NDArray[np.int32]
    fields: NDArray[np.uint8]
    positions: NDArray[np.int32]


class _Pieces(dict[bytes, int]):
    """From a piece of text to its one word's number or, with several words or none, to -1 - the place of their list."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self._analyzer = analyzer
        self._numbers: dict[tuple[str, str], int] = {}
        self._terms: dict[str, int] = {}
        self.term_of_word: list[int] = []
        self.several: list[list[int]] = []
        self.boundary = self._list([])
        self[_BOUNDARY] = self.boundary

    @property
    def written(self) -> list[tuple[str, str]]:
        return list(self._numbers)

    @property
    def terms(self) -> list[str]:
        return list(self._terms)

    def __missing__(self, piece: bytes) -> int:
        if piece.isalpha() and len(piece) <= _LONGEST_PLAIN:  # letters of ASCII, nearly always
            value = self._number(self._analyzer.written_word(piece.decode()))
        elif piece[-2:] == b"'s" and piece[:-2].isalpha() and len(piece) <= _LONGEST_PLAIN:
            value = self[piece[:-2]]  # the analyzer takes a possessive for the word itself
        elif _NUMBER.fullmatch(piece) and len(piece) <= _LONGEST_PLAIN:
            number = piece.replace(b",", b"").decode()
            value = self._number((number, number))
        else:
            written = piece
            for capitals, sign in _CAPITALS:
                written = written.replace(sign, capitals)
            found = [self._number(pair) for pair in self._analyzer.written_terms(written.decode())]
            value = found[0] if len(found) == 1 else self._list(found)
        self[piece] = value
        return value

    def _number(self, pair: tuple[str, str]) -> int:
        number = self._numbers.setdefault(pair, len(self.term_of_word))
        if number == len(self.term_of_word):
            self.term_of_word.append(self._terms.setdefault(pair[1], len(self._terms)))
        return number

    def _list(self, numbers: list[int]) -> int:
        self.several.append(numbers)
        return -len(self.several)


class BatchTokenizer:
    """Collects the words of texts. Not safe for threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._pieces = _Pieces(analyzer)
        self._batches: list[Occurrences] = []

    def add(self, field: int, documents: Sequence[int], texts: Sequence[str]) -> None:
        """Take in some values of a field, several of one document in the order in which they follow each other."""
        if not texts:
            return
        split = _joined(texts).split()
        pieces = np.fromiter(map(self._pieces.__getitem__, split), np.int32, len(split))
        boundary = pieces == self._pieces.boundary
        value_of_piece = np.cumsum(boundary)
        words, counts = self._expand(pieces)
        value_of_word = np.repeat(value_of_piece, counts)
        each = np.bincount(value_of_word, minlength=len(texts))
        owners = np.asarray(documents, np.int32)
        starts = _value_starts(owners, each)
        first = np.cumsum(each) - each
        inside = np.arange(words.size) - first[value_of_word]
        self._batches.append(
            Occurrences(
                words,
                owners[value_of_word],
                np.full(words.size, field, np.uint8),
                (starts[value_of_word] + inside).astype(np.int32),
            )
        )

    def occurrences(self) -> Occurrences:
        """All occurrences taken in so far."""
        none = np.zeros(0, np.int32)
        empty = Occurrences(none, none, np.zeros(0, np.uint8), none)
        batches = self._batches or [empty]
        return Occurrences(
            np.concatenate([batch.words for batch in batches]),
            np.concatenate([batch.documents for batch in batches]),
            np.concatenate([batch.fields for batch in batches]),
            np.concatenate([batch.positions for batch in batches]),
        )

    def clear(self) -> None:
        """Forget the occurrences; what has been learnt of words stays."""
        self._batches.clear()

    @property
    def written(self) -> list[tuple[str, str]]:
        """Each word as written, and its term; a word's number is its place."""
        return self._pieces.written

    @property
    def terms(self) -> list[str]:
        """The terms; a term's number is its place."""
        return self._pieces.terms

    @property
    def word_count(self) -> int:
        """How many words there are."""
        return len(self._pieces.term_of_word)

    @property
    def terms_of_words(self) -> NDArray[np.int64]:
        """For each word the number of its term."""
        return np.array(self._pieces.term_of_word, np.int64)

    def _expand(self, pieces: NDArray[np.int32]) -> tuple[NDArray[np.int32], Ints]:
        """The words of the pieces, and how many each piece has."""
        counts = np.ones(pieces.size, np.int64)
        odd = np.flatnonzero(pieces < 0)
        lists = [self._pieces.several[-1 - piece] for piece in pieces[odd].tolist()]
        counts[odd] = [len(numbers) for numbers in lists]
        words = np.repeat(pieces, counts)
        ends = np.cumsum(counts)
        places = ragged((ends - counts)[odd], counts[odd])
        words[places] = np.fromiter((number for numbers in lists for number in numbers), np.int32, places.size)
        return words, counts


def _joined(texts: Sequence[str]) -> bytes:
    """Texts as bytes to be split at blanks, with a boundary as a piece of its own between each two."""
    # In a text all in capitals, "US" is a word like any other; see the analyzer.
    plain = [text.replace("US", "us") if text.isupper() else text for text in texts]
    joined = _BETWEEN.join(plain).encode()
    if joined.count(_BOUNDARY) >= len(texts) or any(sign in joined for _, sign in _CAPITALS):
        joined = _BETWEEN.join([text.translate(_BLANKS) for text in plain]).encode()
    for capitals, sign in _CAPITALS:
        joined = joined.replace(capitals, sign)
    joined = joined.translate(_PLAINER)
    if not joined.isascii():
        for loose in _LOOSE_SIGNS:
            joined = joined.replace(loose, b" ")
        joined = joined.replace(_APOSTROPHE, b"'")
    # What stands at the end of a word, a sign or a quotation mark, is no part of it.
    for loose in (b", ", b". ", b"' ", b" '"):
        joined = joined.replace(loose, b" ")
    return joined


def _value_starts(owners: NDArray[np.int32], each: Ints) -> Ints:
    """The position of each value's first word: past the last one of the document's value before it, and the gap."""
    steps = np.maximum(each - 1, 0) + POSITION_GAP
    running = np.cumsum(steps) - steps
    first = np.flatnonzero(np.diff(owners, prepend=-1))
    starts: Ints = running - np.repeat(running[first], np.diff(first, append=owners.size))
    return starts
