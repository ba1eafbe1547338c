"""Documents to a segment.

    builder = SegmentBuilder(Analyzer("english"))
    builder.add(Document(id=17, texts=([title], [excerpt], topics, [], [])))
    parts = builder.finish()

Texts are kept until there are enough for the tokenizer to be quick with, then turned into occurrences; `finish` inverts
them in one sort. What has been learnt of words serves the next segment too. Callers finish a segment before it holds
MAX_DOCUMENTS, which bounds memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.analysis import Analyzer
from newsearch.engine.whoosh.invert import MAX_DOCUMENTS, invert
from newsearch.engine.whoosh.parts import Blobs, Listing, Parts, Written
from newsearch.engine.whoosh.schema import (
    BLOBS,
    GIVEN_NUMBERS,
    KEY_LISTINGS,
    NO_NUMBERS,
    STRING_LISTINGS,
    TEXT_FIELDS,
    length_column,
)
from newsearch.engine.whoosh.tokens import BatchTokenizer

__all__ = ["MAX_DOCUMENTS", "Document", "SegmentBuilder"]

_BATCH = 4096
_NO_TEXT: tuple[Sequence[str], ...] = ((),) * len(TEXT_FIELDS)


@dataclass(slots=True)
class Document:
    """A document as the schema has it.

    `numbers` are those of `schema.GIVEN_NUMBERS`, in that order. `texts` has the values of each text field. `id` is the
    article's key where it has one, `cites` the keys of those it cites. The strings are as written. `shown` and `record`
    are encoded by newsearch.engine.whoosh.records.
    """

    id: int | None = None
    texts: Sequence[Sequence[str]] = _NO_TEXT
    cites: Sequence[int] = ()
    provider: str | None = None
    topic: Sequence[str] = ()
    type: str | None = None
    category: str | None = None
    root: str | None = None
    numbers: tuple[int, ...] = NO_NUMBERS
    shown: bytes = b""
    record: bytes = b""
    digest: bytes = b""


class SegmentBuilder:
    """Collects the documents of one segment after the other. Not safe for threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._tokenizer = BatchTokenizer(analyzer)
        self._documents: list[Document] = []
        self._tokenized = 0

    def __len__(self) -> int:
        return len(self._documents)

    def document(self, number: int) -> Document:
        """A document added since the last segment; its texts may have been taken already."""
        return self._documents[number]

    def add(self, document: Document) -> None:
        """Add a document; its number is how many there were before it."""
        self._documents.append(document)
        if len(self._documents) - self._tokenized >= _BATCH:
            self._tokenize()

    def finish(self) -> Parts:
        """The segment of the documents added since the last one."""
        self._tokenize()
        documents, self._documents, self._tokenized = self._documents, [], 0
        occurrences = self._tokenizer.occurrences()
        self._tokenizer.clear()
        pairs = self._tokenizer.written
        terms = sorted({term for _, term in pairs})
        place = {term: rank for rank, term in enumerate(terms)}
        term_of_word = np.fromiter((place[term] for _, term in pairs), np.int64, len(pairs))
        used = np.bincount(occurrences.words, minlength=len(pairs))
        columns = zip(*(document.numbers for document in documents), strict=True)
        numbers = {name: np.array(column, np.int64) for name, column in zip(GIVEN_NUMBERS, columns, strict=False)}
        numbers = {name: numbers.get(name, np.zeros(0, np.int64)) for name in GIVEN_NUMBERS}
        ranks = term_of_word[occurrences.words]
        stops = np.fromiter(map(self._analyzer.is_stop, terms), np.bool_, len(terms))
        counted = np.flatnonzero(~stops[ranks])
        place_of_length = occurrences.documents[counted] * np.int64(len(TEXT_FIELDS)) + occurrences.fields[counted]
        lengths = np.bincount(place_of_length, minlength=len(documents) * len(TEXT_FIELDS))
        for name, column in zip(TEXT_FIELDS, lengths.reshape(-1, len(TEXT_FIELDS)).T, strict=True):
            numbers[length_column(name)] = column
        present = np.bincount(ranks, minlength=len(terms)) > 0
        inverted = invert(
            [terms[rank].encode() for rank in np.flatnonzero(present).tolist()],
            (np.cumsum(present) - 1)[ranks],
            occurrences.documents,
            occurrences.fields,
            occurrences.positions,
        )
        return Parts(
            len(documents),
            inverted,
            _written([written for written, _ in pairs], used),
            numbers,
            self._listings(documents),
            {name: _blobs([getattr(document, name) for document in documents]) for name in BLOBS},
        )

    def _tokenize(self) -> None:
        start = self._tokenized
        batch = self._documents[start:]
        for field in range(len(TEXT_FIELDS)):
            numbers, texts = [], []
            for number, document in enumerate(batch, start):
                for text in document.texts[field]:
                    if text:
                        numbers.append(number)
                        texts.append(text)
            self._tokenizer.add(field, numbers, texts)
        for document in batch:
            document.texts = _NO_TEXT
        self._tokenized = len(self._documents)

    @staticmethod
    def _listings(documents: Sequence[Document]) -> dict[str, Listing]:
        listings = {}
        for name in KEY_LISTINGS:
            listings[name] = _keys([getattr(document, name) for document in documents])
        for name in STRING_LISTINGS:
            listings[name] = _strings([getattr(document, name) for document in documents])
        return listings


def _keys(values: Sequence[int | Sequence[int] | None]) -> Listing:
    lists = [() if value is None else (value,) if isinstance(value, int) else value for value in values]
    flat = np.array([key for keys in lists for key in keys], np.uint64)
    return Listing(_counts(lists), flat)


def _strings(values: Sequence[str | Sequence[str] | None]) -> Listing:
    lists = [() if value is None else (value,) if isinstance(value, str) else value for value in values]
    strings = sorted({string for found in lists for string in found})
    place = {string: rank for rank, string in enumerate(strings)}
    counts = _counts(lists)
    flat = np.fromiter((place[string] for found in lists for string in found), np.int64, int(counts.sum()))
    return Listing(counts, flat, strings)


def _counts(lists: Sequence[Sequence[object]]) -> NDArray[np.int64]:
    return np.fromiter(map(len, lists), np.int64, len(lists))


def _blobs(contents: Sequence[bytes]) -> Blobs:
    ends = np.cumsum(np.fromiter(map(len, contents), np.int64, len(contents)), dtype=np.int64)
    return Blobs(ends, b"".join(contents))


def _written(words: Sequence[str], counts: NDArray[np.int64]) -> Written:
    total: dict[bytes, int] = {}
    for word, count in zip(words, counts.tolist(), strict=True):
        if count:
            encoded = word.encode()
            total[encoded] = total.get(encoded, 0) + count
    ordered = sorted(total)
    return Written(ordered, np.fromiter(map(total.__getitem__, ordered), np.int64, len(ordered)))
