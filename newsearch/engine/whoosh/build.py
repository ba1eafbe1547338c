"""Documents to a segment.

    builder = SegmentBuilder(Analyzer("english"))
    builder.add(Document(id=17, texts=([title], [excerpt], topics, [], [])))
    parts = builder.finish()

Texts are kept until there are enough for the tokenizer to be quick with, then turned into occurrences; `finish` inverts
them in one sort. What has been learnt of words serves the next segment too. Callers finish a segment before it holds
MAX_DOCUMENTS, and before its `volume` is more than they have memory for: some eight bytes for each character.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.whoosh.invert import MAX_DOCUMENTS, Occurrences, invert
from newsearch.engine.whoosh.parts import Blobs, Listing, Parts, Written, form_numbers
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

Ints = NDArray[np.int64]

_BATCH = 4096
_BATCH_VOLUME = 4_000_000
"""So many documents, or so many characters, are tokenized at a time."""
_WORD_VOLUME = 13
"""A word takes as much memory as so many characters, however short it is."""
_NO_TEXT: tuple[Sequence[str], ...] = ((),) * len(TEXT_FIELDS)


@dataclass(slots=True)
class Document:
    """A document as the schema has it.

    `numbers` are those of `schema.GIVEN_NUMBERS`, in that order. `texts` has the values of each text field. `id` is the
    article's key where it has one, `cites` the keys of those it cites and `cited` what it says of each, if it says
    anything of one. The strings are as written. `shown`, `record` and `cited` are encoded by
    newsearch.engine.whoosh.records.
    """

    id: int | None = None
    texts: Sequence[Sequence[str]] = _NO_TEXT
    cites: Sequence[int] = ()
    cited: Sequence[bytes] = ()
    provider: str | None = None
    topic: Sequence[str] = ()
    type: str | None = None
    category: str | None = None
    root: str | None = None
    numbers: tuple[int, ...] = NO_NUMBERS
    shown: bytes = b""
    path: str = ""
    record: bytes = b""
    digest: bytes = b""


class SegmentBuilder:
    """Collects the documents of one segment after the other. Not safe for threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._tokenizer = BatchTokenizer(analyzer)
        self._documents: list[Document] = []
        self._tokenized = 0
        self._volume = self._tokenized_volume = 0

    @property
    def volume(self) -> int:
        """How much the documents since the last segment have: characters and bytes, or more where words are short."""
        return self._volume

    def __len__(self) -> int:
        return len(self._documents)

    def document(self, number: int) -> Document:
        """A document added since the last segment; its texts may have been taken already."""
        return self._documents[number]

    def add(self, document: Document) -> None:
        """Add a document; its number is how many there were before it."""
        self._documents.append(document)
        self._volume += _volume_of(document)
        if len(self._documents) - self._tokenized >= _BATCH or self._volume - self._tokenized_volume >= _BATCH_VOLUME:
            self._tokenize()

    def finish(self) -> Parts:
        """The segment of the documents added since the last one."""
        self._tokenize()
        documents, self._documents, self._tokenized = self._documents, [], 0
        self._volume = self._tokenized_volume = 0
        occurrences = self._tokenizer.occurrences()
        self._tokenizer.clear()
        used = np.zeros(self._tokenizer.word_count, np.int64)
        for batch in occurrences:
            used += np.bincount(batch.words, minlength=used.size)
        words, ranks = self._terms(used)
        written, forms = self._written(used, ranks)
        inverted = invert(words, occurrences, ranks, forms)
        stops = {word.encode() for word in self._analyzer.stop_words}
        counted = np.fromiter((word not in stops for word in words), np.bool_, len(words))
        numbers = _columns(documents) | _lengths(occurrences, counted[ranks] if words else ranks > 0, len(documents))
        blobs = {name: _blobs([getattr(document, name) for document in documents]) for name in BLOBS}
        cited = _blobs(list(chain.from_iterable(map(_cited, documents))))
        return Parts(len(documents), inverted, written, numbers, self._listings(documents), blobs, cited)

    def _terms(self, used: Ints) -> tuple[list[bytes], Ints]:
        """The sorted terms of words that are used so often; and for each word the place of its term."""
        term_of_word = self._tokenizer.terms_of_words
        present = np.unique(term_of_word[used > 0])
        terms = self._tokenizer.terms
        encoded = [terms[number].encode() for number in present.tolist()]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        rank = np.zeros(len(terms), np.int64)
        rank[present[order]] = np.arange(len(order))
        return [encoded[place] for place in order], rank[term_of_word]

    def _written(self, used: Ints, ranks: Ints) -> tuple[Written, NDArray[np.uint16]]:
        """The words as written that are used; and for each word what number of form it is of its term."""
        written = self._tokenizer.words
        present = np.flatnonzero(used)
        present = present[np.argsort(ranks[present], kind="stable")]  # a word of two terms is in the terms' order
        encoded = [written[number].encode() for number in present.tolist()]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        numbers = present[order]
        forms = np.zeros(len(written), np.uint16)
        forms[numbers] = form_numbers(ranks[numbers])
        return Written([encoded[place] for place in order], ranks[numbers], used[numbers]), forms

    def _tokenize(self) -> None:
        start = self._tokenized
        batch = self._documents[start:]
        numbers = np.arange(start, len(self._documents))
        for field, values in enumerate(zip(*[document.texts for document in batch], strict=True)):
            owners = np.repeat(numbers, _counts(values))
            texts = list(chain.from_iterable(values))
            if "" in texts:
                owners = owners[np.fromiter(map(bool, texts), np.bool_, len(texts))]
                texts = list(filter(None, texts))
            self._tokenizer.add(field, owners, texts)
        for document in batch:
            document.texts = _NO_TEXT
        words = sum(batch.words.size for batch in self._tokenizer.occurrences())
        self._volume = max(self._volume, words * _WORD_VOLUME)
        self._tokenized, self._tokenized_volume = len(self._documents), self._volume

    @staticmethod
    def _listings(documents: Sequence[Document]) -> dict[str, Listing]:
        listings = {}
        for name in KEY_LISTINGS:
            listings[name] = _keys([getattr(document, name) for document in documents])
        for name in STRING_LISTINGS:
            listings[name] = _strings([getattr(document, name) for document in documents])
        return listings


def _volume_of(document: Document) -> int:
    """The characters of a document's texts, and the bytes that are stored of it."""
    texts = sum(map(len, chain.from_iterable(document.texts)))
    return texts + len(document.shown) + len(document.record) + sum(map(len, document.cited))


def _cited(document: Document) -> Sequence[bytes]:
    """What a document says of each article that it cites, in the order of `cites`; nothing of any if it is silent."""
    if document.cited and len(document.cited) != len(document.cites):
        raise ValueError("a document says something of each article that it cites, or of none")
    return document.cited or (b"",) * len(document.cites)


def _keys(values: Sequence[int | Sequence[int] | None]) -> Listing:
    lists = [() if value is None else (value,) if isinstance(value, int) else value for value in values]
    counts = _counts(lists)
    return Listing(counts, np.fromiter(chain.from_iterable(lists), np.uint64, int(counts.sum())))


def _strings(values: Sequence[str | Sequence[str] | None]) -> Listing:
    lists = [() if value is None else (value,) if isinstance(value, str) else value for value in values]
    counts = _counts(lists)
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    flat = np.fromiter(map(numbers.__getitem__, chain.from_iterable(lists)), np.int64, int(counts.sum()))
    strings = sorted(numbers)
    rank = np.zeros(len(strings), np.int64)
    rank[[numbers[string] for string in strings]] = np.arange(len(strings))
    return Listing(counts, rank[flat], strings)


def _counts(lists: Sequence[Sequence[object]]) -> NDArray[np.int64]:
    return np.fromiter(map(len, lists), np.int64, len(lists))


def _blobs(contents: Sequence[bytes | str]) -> Blobs:
    encoded = [content.encode() if isinstance(content, str) else content for content in contents]
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), dtype=np.int64)
    return Blobs(ends, b"".join(encoded))


def _columns(documents: Sequence[Document]) -> dict[str, NDArray[Any]]:
    if not documents:
        return {name: np.zeros(0, np.int64) for name in GIVEN_NUMBERS}
    columns = zip(*[document.numbers for document in documents], strict=True)
    return {name: np.array(column, np.int64) for name, column in zip(GIVEN_NUMBERS, columns, strict=True)}


def _lengths(occurrences: Sequence[Occurrences], counted: NDArray[np.bool_], documents: int) -> dict[str, NDArray[Any]]:
    """How many counted words each document has in each text field."""
    lengths = np.zeros((documents, 8), np.int64)
    for batch in occurrences:
        batch.add_lengths(lengths, counted)
    return {length_column(name): lengths[:, field] for field, name in enumerate(TEXT_FIELDS)}
