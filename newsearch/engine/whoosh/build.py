"""Documents to a segment.

    builder = SegmentBuilder(Analyzer("english"))
    builder.add(Document(id=17, texts=([title], [excerpt], topics, [], [])))
    parts = builder.finish()

Documents wait until there are enough for the tokenizer to be quick with, then their texts are turned into occurrences
and the rest into columns (newsearch.engine.whoosh.gather); `finish` inverts the occurrences in one sort. What has been
learnt of words serves the next segment too. Callers finish a segment before it holds MAX_DOCUMENTS, and before its
`volume` is more than they have memory for: some eight bytes for each character.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.analysis import Analyzer
from newsearch.engine.whoosh.gather import Document, Gathered, stored_of
from newsearch.engine.whoosh.invert import MAX_DOCUMENTS, Occurrences, invert
from newsearch.engine.whoosh.parts import Blobs, Parts, Written, form_numbers
from newsearch.engine.whoosh.records import Stored
from newsearch.engine.whoosh.schema import TEXT_FIELDS, length_column
from newsearch.engine.whoosh.tokens import BatchTokenizer

__all__ = ["MAX_DOCUMENTS", "Document", "SegmentBuilder"]

Ints = NDArray[np.int64]

_BATCH = 4096
_BATCH_VOLUME = 4_000_000
"""So many documents, or so many characters, are tokenized at a time."""
_WORD_VOLUME = 13
"""A word takes as much memory as so many characters, however short it is."""


class SegmentBuilder:
    """Collects the documents of one segment after the other. Not safe for threads."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._tokenizer = BatchTokenizer(analyzer)
        self.count = 0
        """How many documents there are since the last segment."""
        self.volume = 0
        """How much the documents since the last segment have: characters and bytes, or more where words are short."""
        self._start()

    def __len__(self) -> int:
        return self.count

    def stored(self, number: int) -> Stored:
        """What the segment will have of a document added since the last one."""
        taken = len(self._gathered)
        return self._gathered.stored(number) if number < taken else stored_of(self._waiting[number - taken])

    def add(self, document: Document) -> None:
        """Add a document; its number is how many there were before it."""
        self._waiting.append(document)
        self.count += 1
        self.volume += _volume_of(document)
        if len(self._waiting) >= _BATCH or self.volume - self._taken_volume >= _BATCH_VOLUME:
            self._take()

    def finish(self, begin: Callable[[Mapping[str, Blobs]], None] | None = None) -> Parts:
        """The segment of the documents added since the last one; `begin` gets its byte strings before all the rest."""
        self._take()
        gathered = self._gathered
        self._start()
        blobs = gathered.blobs()
        if begin is not None:
            begin(blobs)
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
        numbers = gathered.numbers() | _lengths(occurrences, counted[ranks] if words else ranks > 0, len(gathered))
        return Parts(len(gathered), inverted, written, numbers, gathered.listings(), blobs, gathered.cited())

    def _start(self) -> None:
        """Begin a segment."""
        self._waiting: list[Document] = []
        self._gathered = Gathered()
        self._taken_volume = self.volume = self.count = 0

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

    def _take(self) -> None:
        """Take in the documents that wait: their texts go to the tokenizer, all else is gathered."""
        first = len(self._gathered)
        columns = self._gathered.take(self._waiting)
        self._waiting.clear()
        numbers = np.arange(first, len(self._gathered))
        for field, values in enumerate(columns):
            texts = list(chain.from_iterable(values))
            owners = np.repeat(numbers, np.fromiter(map(len, values), np.int64, len(values)))
            if "" in texts:
                owners = owners[np.fromiter(map(bool, texts), np.bool_, len(texts))]
                texts = list(filter(None, texts))
            self._tokenizer.add(field, owners, texts)
        words = sum(batch.words.size for batch in self._tokenizer.occurrences())
        self.volume = max(self.volume, words * _WORD_VOLUME)
        self._taken_volume = self.volume


def _volume_of(document: Document) -> int:
    """The characters of a document's texts, and the bytes that are stored of it."""
    volume = sum(map(len, map("".join, document.texts))) + len(document.shown) + len(document.record)
    return volume + sum(map(len, document.cited)) if document.cited else volume


def _lengths(occurrences: Sequence[Occurrences], counted: NDArray[np.bool_], documents: int) -> dict[str, NDArray[Any]]:
    """How many counted words each document has in each text field."""
    lengths = np.zeros((documents, 8), np.int64)
    for batch in occurrences:
        batch.add_lengths(lengths, counted)
    return {length_column(name): lengths[:, field] for field, name in enumerate(TEXT_FIELDS)}
