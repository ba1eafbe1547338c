"""The words of many texts at once: the analyzer's terms and positions, as arrays.

    tokenizer = BatchTokenizer(Analyzer("english"))
    tokenizer.add(field=0, documents=[0, 1], texts=["Harbour ban", "U.S. labs"])
    tokenizer.occurrences()

Whatever `Analyzer.occurrences` finds in a value is found here, term by term and position by position; that is tested.
It is quick because nearly all of a text is words seen before: values are split at white space, which no word spans, and
a dictionary has the words of every piece ever seen. Only a new piece is given to the analyzer.

Words are numbered as they are written (folded, not stemmed); `terms` leads from those to the terms that are indexed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.analysis import POSITION_GAP, Analyzer
from newsearch.engine.whoosh.postings import ragged

__all__ = ["BatchTokenizer", "Occurrences"]

Ints = NDArray[np.int64]

_BOUNDARY = "\x00"
_LOOSE = '!"$%()*/:;<=>?[\\]^`{|}~-@\u2018\u201c\u201d\u2013\u2014\u2026'
"""Signs that are in no word: taken out, they leave fewer pieces that are new."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences of words: all arrays have an entry an occurrence.

    `words` are places in `BatchTokenizer.written`; `documents` ascend within one call of `add`.
    """

    words: NDArray[np.int32]
    documents: NDArray[np.int32]
    fields: NDArray[np.uint8]
    positions: NDArray[np.int32]


class _Pieces(dict[str, int]):
    """From a piece of text to its one word's number or, with several words or none, to -1 - the place of their list."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self._analyzer = analyzer
        self.numbers: dict[tuple[str, str], int] = {}
        self.several: list[list[int]] = []
        self.boundary = self._list([])
        self[_BOUNDARY] = self.boundary

    def __missing__(self, piece: str) -> int:
        # In capitals, "US" is another word than in small letters; past ASCII, lower case may be more letters.
        if "US" not in piece and piece.isascii():
            lower = piece.lower()
            if lower != piece:
                value = self[piece] = self[lower]
                return value
        numbers = self.numbers
        found = [numbers.setdefault(pair, len(numbers)) for pair in self._analyzer.written_terms(piece)]
        value = self[piece] = found[0] if len(found) == 1 else self._list(found)
        return value

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
        # In a text all in capitals, "US" is a word like any other; see the analyzer.
        joined = f" {_BOUNDARY} ".join(map(_plain, texts))
        for sign in _LOOSE:
            joined = joined.replace(sign, " ")
        split = joined.replace(", ", " ").replace(". ", " ").split()
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
        return list(self._pieces.numbers)

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


def _plain(text: str) -> str:
    """A text without the sign of a boundary, and without what is another word in capitals if it is all in capitals."""
    if _BOUNDARY in text:
        text = text.replace(_BOUNDARY, " ")
    return text.replace("US", "us") if text.isupper() else text


def _value_starts(owners: NDArray[np.int32], each: Ints) -> Ints:
    """The position of each value's first word: past the last one of the document's value before it, and the gap."""
    steps = np.maximum(each - 1, 0) + POSITION_GAP
    running = np.cumsum(steps) - steps
    first = np.flatnonzero(np.diff(owners, prepend=-1))
    starts: Ints = running - np.repeat(running[first], np.diff(first, append=owners.size))
    return starts
