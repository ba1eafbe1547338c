"""The words of many texts at once: the analyzer's terms and positions, as arrays.

    tokenizer = BatchTokenizer(Analyzer("english"))
    tokenizer.add(field=0, documents=[0, 1], texts=["Harbour ban", "U.S. labs"])
    tokenizer.occurrences()

Whatever `Analyzer.occurrences` finds in a value is found here, term by term and position by position; that is tested.
It is quick because nearly all of a text is words seen before: values of a batch are joined as bytes, their letters made
small and signs that are in no word blanked in one go, and then split at blanks, which no word spans. Every piece has a
number; what words are in it is looked at once, for all new pieces of a batch together, and only those that are no plain
words of letters, possessives or numbers are given to the analyzer.

Words are numbered as they are written (folded, not stemmed), terms as they come; `terms_of_words` leads from the one to
the other.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, count, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.analysis import POSITION_GAP, Analyzer
from newsearch.engine.whoosh.invert import Occurrences, packed_places
from newsearch.engine.whoosh.ragged import ragged

__all__ = ["BatchTokenizer"]

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
"""Signs that are in no word: taken out, they leave fewer pieces that are new. All begin with the same two bytes."""
_LOOSE_ENDS = np.isin(np.arange(256), [sign[2] for sign in _LOOSE_SIGNS])
_QUOTE, _COMMA, _STOP, _BLANK = b"',. "
_BELOW_BLANK = np.uint8(0x0F)
"""The bits that these signs have beside a blank's."""


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


_LEARNT = 1_000_000
"""With more pieces than this, all that was learnt is forgotten when a segment is complete, which bounds memory."""


def _numbering() -> defaultdict[Any, int]:
    """A dictionary that numbers its keys as they are first looked up, without a line of Python run."""
    return defaultdict(count().__next__)


def _latest(numbered: dict[Any, int], known: int) -> list[Any]:
    """The keys but the first so many."""
    found = list(islice(reversed(numbered), len(numbered) - known))
    found.reverse()
    return found


class _Vocabulary:
    """Which words are in the pieces of texts. A word is kept under its letters, or with its term if that is unusual."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._pieces = _numbering()
        self._words = _numbering()
        self._terms = _numbering()
        self._term_of_word: list[int] = []
        self._lists: list[list[int]] = []
        self._word_of_piece = np.zeros(0, np.int32)
        self.words_of([_BOUNDARY])

    def __len__(self) -> int:
        return len(self._pieces)

    @property
    def words(self) -> list[str]:
        """The words as written, in the order of their numbers."""
        return [key if isinstance(key, str) else key[0] for key in self._words]

    @property
    def terms(self) -> list[str]:
        """The terms, in the order of their numbers."""
        return list(self._terms)

    @property
    def term_of_word(self) -> list[int]:
        """For each word the number of its term."""
        return self._term_of_word

    def words_of(self, pieces: Sequence[bytes]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The number of the one word of each piece, or -1 - the place of its list; and which are boundaries."""
        known = len(self._pieces)
        numbers = np.fromiter(map(self._pieces.__getitem__, pieces), np.int32, len(pieces))
        if len(self._pieces) > known:
            self._learn(_latest(self._pieces, known))
        return self._word_of_piece[numbers], numbers == 0

    def several(self, pieces: NDArray[np.int32]) -> list[list[int]]:
        """The words of pieces that have several or none."""
        return [self._lists[-1 - piece] for piece in pieces.tolist()]

    def _learn(self, pieces: list[bytes]) -> None:
        numbers = self._words
        known = len(numbers)
        # No piece has a blank: they are decoded all at once.
        texts = b" ".join(pieces).decode().split(" ")
        found = [
            numbers[text] if piece.isalnum() and len(piece) <= _LONGEST_PLAIN else self._unusual(piece)
            for piece, text in zip(pieces, texts, strict=True)
        ]
        self._word_of_piece = np.append(self._word_of_piece, np.array(found, np.int32))
        new = _latest(numbers, known)
        terms = self._analyzer.terms_of([key if isinstance(key, str) else key[0] for key in new])
        terms = [term if isinstance(key, str) else key[1] for key, term in zip(new, terms, strict=True)]
        self._term_of_word.extend(map(self._terms.__getitem__, terms))

    def _unusual(self, piece: bytes) -> int:
        """The number of a piece that has other signs than letters and digits of ASCII."""
        word = _plain_word(piece)
        if word is not None:
            return self._words[word]
        # Only the analyzer can tell the words of all others.
        for capitals, sign in _CAPITALS:
            piece = piece.replace(sign, capitals)
        pairs = self._analyzer.written_terms(piece.decode()) if piece != _BOUNDARY else []
        usual = self._analyzer.terms_of([word for word, _ in pairs])
        words = [
            self._words[word if term == own else (word, term)] for (word, term), own in zip(pairs, usual, strict=True)
        ]
        if len(words) == 1:
            return words[0]
        self._lists.append(words)
        return -len(self._lists)


def _plain_word(piece: bytes) -> str | None:
    """The one word of a piece that is letters and digits, with or without a possessive, or a number."""
    if piece.isalnum():
        word = piece
    elif piece[-2:] == b"'s" and piece[:-2].isalnum():
        word = piece[:-2]
    elif _NUMBER.fullmatch(piece):
        word = piece.replace(b",", b"")
    else:
        return None
    return word.decode() if len(piece) <= _LONGEST_PLAIN else None


class BatchTokenizer:
    """Collects the words of texts. Not safe for threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._vocabulary = _Vocabulary(analyzer)
        self._batches: list[Occurrences] = []

    def add(self, field: int, documents: Sequence[int] | Ints, texts: Sequence[str]) -> None:
        """Take in some values of a field, several of one document in the order in which they follow each other.

        Documents ascend and are below invert.MAX_DOCUMENTS.
        """
        if not texts:
            return
        owners = np.asarray(documents, np.int64)
        if owners[0] == owners[-1] or int(np.count_nonzero(np.diff(owners))) + 1 < len(texts):
            # Values of a field that has several, as topics, are often the same.
            numbered = _numbering()
            chosen = np.fromiter(map(numbered.__getitem__, texts), np.int64, len(texts))
            words, each = self._words(list(numbered))
            firsts = np.cumsum(each) - each
            words, each = words[ragged(firsts[chosen], each[chosen])], each[chosen]
        else:
            words, each = self._words(texts)
        starts = _value_starts(owners, each)
        places = packed_places(owners, field, starts, each)
        self._batches.append(Occurrences(words, places))

    def occurrences(self) -> list[Occurrences]:
        """All occurrences taken in so far, in the batches that they came in."""
        return list(self._batches)

    def clear(self) -> None:
        """Forget the occurrences; what has been learnt of words stays, unless it has become too much."""
        self._batches.clear()
        if len(self._vocabulary) > _LEARNT:
            self._vocabulary = _Vocabulary(self._analyzer)

    @property
    def words(self) -> list[str]:
        """The words as written; a word's number is its place."""
        return self._vocabulary.words

    @property
    def written(self) -> list[tuple[str, str]]:
        """Each word as written, and its term."""
        terms = self.terms
        return [(word, terms[term]) for word, term in zip(self.words, self._vocabulary.term_of_word, strict=True)]

    @property
    def terms(self) -> list[str]:
        """The terms; a term's number is its place."""
        return self._vocabulary.terms

    @property
    def word_count(self) -> int:
        """How many words there are."""
        return len(self._vocabulary.term_of_word)

    @property
    def terms_of_words(self) -> Ints:
        """For each word the number of its term."""
        return np.array(self._vocabulary.term_of_word, np.int64)

    def _words(self, texts: Sequence[str]) -> tuple[NDArray[np.int32], Ints]:
        """The words of all the texts, one after the other, and how many each has."""
        words, boundaries = self._vocabulary.words_of(_joined(texts).split())
        counts = np.ones(words.size, np.int64)
        odd = np.flatnonzero(words < 0)
        lists = self._vocabulary.several(words[odd])
        counts[odd] = np.fromiter(map(len, lists), np.int64, odd.size)
        ends = np.cumsum(counts)
        past = np.append(ends[boundaries], ends[-1] if ends.size else 0)  # no words are in a boundary
        words = np.repeat(words, counts)
        places = ragged((ends - counts)[odd], counts[odd])
        words[places] = np.fromiter(chain.from_iterable(lists), np.int32, places.size)
        return words, np.diff(past, prepend=0)


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
        joined = joined.replace(_APOSTROPHE, b"'")
    signs = np.frombuffer(bytearray(joined), np.uint8)
    if not joined.isascii():
        begins = np.flatnonzero(signs == _LOOSE_SIGNS[0][0])
        begins = begins[(signs[begins + 1] == _LOOSE_SIGNS[0][1]) & _LOOSE_ENDS[signs[begins + 2]]]
        for byte in range(3):
            signs[begins + byte] = _BLANK
    # What stands at the end of a word, a sign or a quotation mark, is no part of it.
    apostrophe = signs == _QUOTE
    closing = apostrophe | (signs == _COMMA) | (signs == _STOP)
    blank = signs == _BLANK
    closing[:-1] &= blank[1:]
    closing[1:] |= apostrophe[1:] & blank[:-1]
    closing[-1:] = False
    signs &= ~(closing * _BELOW_BLANK)
    return signs.tobytes()


def _value_starts(owners: Ints, each: Ints) -> Ints:
    """The position of each value's first word: past the last one of the document's value before it, and the gap."""
    steps = np.maximum(each - 1, 0) + POSITION_GAP
    running = np.cumsum(steps) - steps
    first = np.flatnonzero(np.diff(owners, prepend=-1))
    starts: Ints = running - np.repeat(running[first], np.diff(first, append=owners.size))
    return starts
