"""One commit of the index, read as arrays.

    snapshot = Snapshot.newest(Path("index"))
    documents, frequencies = snapshot.arrays("title", "harbour")

Documents are numbered through all segments, 0 to `size`, deleted ones included: `alive` tells them apart. A snapshot
never changes, so searches that run while a writer commits stay with what they began with, and any number of threads may
use one. It answers what is stored; what is visible, how it scores and what a query means lies elsewhere (`view`,
`evaluate`).
"""

import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.base import SourceKey
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.whoosh import records, schema
from newsearch.engine.whoosh.contents import Contents, read_contents
from newsearch.engine.whoosh.opening import open_segment_file
from newsearch.engine.whoosh.records import Shown, Stored
from newsearch.engine.whoosh.schema import DocumentKind
from newsearch.engine.whoosh.segmentfile import SegmentFile
from newsearch.errors import ItemError
from newsearch.items.ids import article_id, key_range
from newsearch.model import SourceFile

__all__ = ["Documents", "Segment", "Snapshot"]

Documents = NDArray[np.int64]
"""Ascending document numbers."""

Identity = tuple[int, tuple[str, ...]]
"""What tells one commit from all others: its number, which an index made anew counts from the start again, and the
names of its segments, which are drawn at random."""

_FIELD = {name: place for place, name in enumerate(schema.TEXT_FIELDS)}


class Segment:
    """One segment of a snapshot: its file, the number of its first document, and which of its documents are deleted."""

    __slots__ = ("base", "deleted", "file")

    def __init__(self, file: SegmentFile, base: int, deleted: list[int]) -> None:
        self.file = file
        self.base = base
        self.deleted = deleted


class Snapshot:
    """The segments of one commit."""

    def __init__(self, segments: list[Segment], language: str, identity: Identity) -> None:
        self.segments = segments
        self.language = language
        self.identity = identity
        self.analyzer = Analyzer(language)
        self.size: int = segments[-1].base + segments[-1].file.documents if segments else 0
        self._bases = [segment.base for segment in segments]
        self._columns: dict[str, NDArray[Any]] = {}
        self._lengths: dict[str, NDArray[Any]] = {}

    @classmethod
    def newest(cls, folder: Path) -> Self:
        """The last commit of the index in a folder. Raises IndexDamaged, and OSError for a file that is gone."""
        contents = read_contents(folder)
        segments, base = [], 0
        for listed in contents.segments:
            file = open_segment_file(folder, listed.name)
            segments.append(Segment(file, base, listed.deleted))
            base += file.documents
        return cls(segments, contents.language, _identity(contents))

    @staticmethod
    def identity_of(folder: Path) -> Identity:
        """What tells the last commit of the index in a folder from all others."""
        return _identity(read_contents(folder))

    @classmethod
    def empty(cls, language: str) -> Self:
        """A commit of nothing, for building anew."""
        return cls([], language, (-1, ()))

    @cached_property
    def alive(self) -> NDArray[np.bool_]:
        """Which documents are not deleted."""
        alive = np.ones(self.size, np.bool_)
        for segment in self.segments:
            alive[np.array(segment.deleted, np.int64) + segment.base] = False
        return alive

    @cached_property
    def articles(self) -> NDArray[np.bool_]:
        """Which documents are live articles: items or related ones."""
        return self.alive & (self.column("kind") <= DocumentKind.RELATED)

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """The key of each document's article; 0 where it has none."""
        keys = np.zeros(self.size, np.uint64)
        for segment in self.segments:
            listing = segment.file.listing("id")
            keys[segment.file.keys("id").owners + segment.base] = listing.values
        return keys

    @cached_property
    def dates(self) -> NDArray[np.int64]:
        """The date of each document, in UTC epoch seconds; `schema.MISSING_DATE` where there is none."""
        return self.column("date").astype(np.int64, copy=False)

    def of_kind(self, kind: DocumentKind) -> Documents:
        """The live documents of one kind."""
        return np.flatnonzero(self.alive & (self.column("kind") == kind))

    def column(self, name: str) -> NDArray[Any]:
        """A number a document, in whatever integers hold it; the names are `schema.NUMBERS`."""
        values = self._columns.get(name)
        if values is None:
            parts = [segment.file.numbers(name) for segment in self.segments]
            # One segment's numbers stay in the file, which other processes map too.
            # Joined as int64: of unsigned and signed numbers of 64 bits NumPy would make floats.
            several = [part.astype(np.int64) for part in parts]
            values = parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, np.int64), *several])
            self._columns[name] = values
        return values

    def arrays(self, field: str, term: str) -> tuple[Documents, NDArray[np.int64]]:
        """The documents that have a term in a field, ascending and deleted ones included, and how often each has it."""
        found = [segment.file.arrays(_FIELD[field], term) for segment in self.segments]
        documents = [part + segment.base for (part, _), segment in zip(found, self.segments, strict=True)]
        return _joined(documents), _joined([frequencies for _, frequencies in found])

    def postings(self, term: str) -> tuple[Documents, NDArray[np.int64]]:
        """The documents that have a term in any text field, ascending and deleted ones included; for each of them, its
        row in `frequencies` and `fields`."""
        ranks = [segment.file.rank(term) for segment in self.segments]
        if len(ranks) == 1 and ranks[0] >= 0:
            return self.segments[0].file.postings.of(ranks[0])
        # Each segment's are written where they belong at once.
        places = [place for place, rank in enumerate(ranks) if rank >= 0]
        counts = [self.segments[place].file.postings.count(ranks[place]) for place in places]
        documents, codes = np.empty(sum(counts), np.int64), np.empty(sum(counts), np.int64)
        end = 0
        for place, count in zip(places, counts, strict=True):
            segment, start, end = self.segments[place], end, end + count
            own = slice(start, end)
            row = self._first_rows[place]
            segment.file.postings.put(ranks[place], documents[own], codes[own], base=segment.base, row=row)
        return documents, codes

    @cached_property
    def _first_rows(self) -> list[int]:
        """Where each segment's table of frequencies begins among all of them."""
        sizes = [len(segment.file.postings.table) for segment in self.segments]
        return [0, *accumulate(sizes[:-1])] if sizes else []

    @cached_property
    def frequencies(self) -> list[NDArray[np.float64]]:
        """For each text field, how often a posting's row says that the term stands in it."""
        tables = [segment.file.postings.table for segment in self.segments]
        table = np.concatenate([np.zeros((0, len(_FIELD)), np.int64), *tables])
        return [np.ascontiguousarray(column, np.float64) for column in table.T]

    @cached_property
    def table(self) -> NDArray[np.int64]:
        """The same as whole numbers, a row for each posting's; and behind them, for each field, one that stands for
        one occurrence in it."""
        rows = np.stack(self.frequencies, axis=1).astype(np.int64)
        return np.concatenate([rows, np.eye(len(_FIELD), dtype=np.int64)])

    @cached_property
    def fields(self) -> NDArray[np.uint8]:
        """For each such row, the text fields that have the term: bit i is for the i-th of TEXT_FIELDS."""
        bits = np.zeros(self.frequencies[0].size, np.uint8)
        for place, frequencies in enumerate(self.frequencies):
            bits |= ((frequencies > 0) << place).astype(np.uint8)
        return bits

    def lengths(self, field: str) -> NDArray[Any]:
        """The length of a text field in each document, stop words left out, in the narrowest integers."""
        lengths = self._lengths.get(field)
        if lengths is None:
            parts = [segment.file.lengths(field) for segment in self.segments]
            lengths = parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, np.uint8), *parts])
            self._lengths[field] = lengths
        return lengths

    def positions(self, field: str, term: str) -> tuple[Documents, NDArray[np.int64]]:
        """Every occurrence of a term in a text field: its document and its position, ascending by both."""
        found = [segment.file.positions(_FIELD[field], term) for segment in self.segments]
        documents = [part + segment.base for (part, _), segment in zip(found, self.segments, strict=True)]
        return _joined(documents), _joined([places for _, places in found])

    def keyword_documents(self, field: str, term: str) -> Documents:
        """The documents that have a keyword, ascending and deleted ones included."""
        return _joined([segment.file.keyword_documents(field, term) + segment.base for segment in self.segments])

    def keyword_terms(self, field: str) -> Iterator[str]:
        """The terms of a keyword field, ascending; some may be of deleted documents alone."""
        last = None
        for term in heapq.merge(*(segment.file.keyword_terms(field) for segment in self.segments), key=str.encode):
            if term != last:
                yield term
            last = term

    def keys_with(self, prefix: str) -> list[int]:
        """The keys of documents, deleted ones included, whose ids have a prefix; ascending."""
        low, high = key_range(prefix)
        found = [segment.file.keys("id").between(low, high) for segment in self.segments]
        return sorted({key for part in found for key in part.tolist()})

    def documents_of(self, key: int, *kinds: DocumentKind) -> list[int]:
        """The live documents of an article's key that are of one of the kinds, ascending."""
        column = self.column("kind")
        found = self._having("id", key)
        return [document for document in found.tolist() if self.alive[document] and column[document] in kinds]

    def citing(self, key: int) -> list[int]:
        """The live items that cite an article, ascending."""
        documents = self._having("cites", key)
        live: list[int] = documents[self.alive[documents]].tolist()
        return live

    def citations(self, document: int) -> NDArray[np.uint64]:
        """The keys of the articles that an item cites."""
        segment, number = self._place(document)
        return segment.file.keys("cites").of(number)

    @cached_property
    def cited(self) -> tuple[Documents, NDArray[np.uint64]]:
        """All citations: the document that cites, deleted ones included, and the key of the article that it cites."""
        parts = [(segment, segment.file.keys("cites").owners) for segment in self.segments]
        owners = [own.astype(np.int64) + segment.base for segment, own in parts]
        values = [segment.file.listing("cites").values for segment in self.segments]
        return _joined(owners), np.concatenate(values) if values else np.zeros(0, np.uint64)

    def text_terms(self, prefix: str = "") -> list[str]:
        """The terms of the text fields that begin with a prefix, ascending; some may be of deleted documents alone."""
        found: set[bytes] = set()
        for segment in self.segments:
            terms = segment.file.terms
            found.update(terms.word(rank) for rank in terms.range(prefix.encode()))
        return [term.decode() for term in sorted(found)]

    def term_count(self) -> int:
        """How many distinct terms the text fields have together."""
        if len(self.segments) == 1:
            return self.segments[0].file.terms.count
        return len(set().union(*(segment.file.terms for segment in self.segments)))

    def shown(self, document: int) -> Shown:
        """The texts of a document that a hit shows."""
        segment, number = self._place(document)
        return segment.file.shown(number)

    def path(self, document: int) -> str:
        """Where the file of a document lies under its root; empty where it has none."""
        segment, number = self._place(document)
        return segment.file.path(number)

    def stored(self, document: int) -> Stored:
        """All that is stored of one article, for newsearch.engine.whoosh.records to restore."""
        segment, number = self._place(document)
        return segment.file.stored(number)

    def first_string(self, listing: str, document: int) -> str | None:
        """The first value that a document has in a string listing, as written."""
        return self.first_strings(listing, [document])[0]

    def first_strings(self, listing: str, documents: list[int]) -> list[str | None]:
        """The same of several documents."""
        if len(self.segments) == 1:
            return self.segments[0].file.first_strings_of(listing, documents)
        placed = map(self._place, documents)
        return [segment.file.first_strings_of(listing, [number])[0] for segment, number in placed]

    def strings(self, listing: str, document: int) -> list[str]:
        """The values that a document has in a string listing, as written."""
        return self.strings_of(listing, [document])[0]

    def strings_of(self, listing: str, documents: list[int]) -> list[list[str]]:
        """The same of several documents."""
        if len(self.segments) == 1:
            return self.segments[0].file.strings_of(listing, documents)
        return [segment.file.strings(listing, number) for segment, number in map(self._place, documents)]

    def source(self, document: int) -> SourceFile:
        """The file that a document was read from, as it then was."""
        segment, number = self._place(document)
        return SourceFile(
            root=self.first_string("root", document) or "",
            path=self.path(document),
            size=int(self.column("size")[document]),
            mtime_ns=int(self.column("mtime")[document]),
            digest=segment.file.blob("digest", number),
        )

    @cached_property
    def documents_by_source(self) -> dict[SourceKey, int]:
        """Every file this commit was made from, and the document that holds it."""
        found: dict[SourceKey, int] = {}
        for segment, numbers in self._files():
            found.update(zip(segment.file.source_keys(numbers), (numbers + segment.base).tolist(), strict=True))
        return found

    def sources(self) -> dict[str, dict[str, SourceFile]]:
        """The same files as they were when they were read: by root, and by path in there."""
        found: defaultdict[str, dict[str, SourceFile]] = defaultdict(dict)
        for segment, numbers in self._files():
            for source in segment.file.sources(numbers):
                found[source.root][source.path] = source
        return dict(found)

    def faults(self) -> dict[SourceKey, ItemError]:
        """Why those of them that could not be read could not be."""
        faults: dict[SourceKey, ItemError] = {}
        for document in self.of_kind(DocumentKind.FAULT).tolist():
            source = self.source(document)
            faults[source.root, source.path] = records.restore_fault(self.stored(document))
        return faults

    def _files(self) -> Iterator[tuple[Segment, NDArray[np.int64]]]:
        """For each segment the documents that were read from files, by their numbers in it."""
        kinds = self.column("kind")
        from_files = self.alive & (kinds != DocumentKind.RELATED) & (kinds != DocumentKind.STATE)
        for segment in self.segments:
            yield segment, np.flatnonzero(from_files[segment.base : segment.base + segment.file.documents])

    def state(self) -> bytes | None:
        """The record of the index itself; None in an index that was never synced."""
        documents = self.of_kind(DocumentKind.STATE)
        if not documents.size:
            return None
        # Nothing else is read: of another version it may well not be there, and it is here that the version stands.
        segment, number = self._place(int(documents[-1]))
        return segment.file.blob("record", number)

    def id(self, document: int) -> str:
        """The id of a document's article."""
        return article_id(int(self.keys[document]))

    def _having(self, listing: str, key: int) -> Documents:
        return _joined([segment.file.keys(listing).documents(key) + segment.base for segment in self.segments])

    def _place(self, document: int) -> tuple[Segment, int]:
        if len(self._bases) == 1:
            return self.segments[0], document
        segment = self.segments[bisect_right(self._bases, document) - 1]
        return segment, document - segment.base


def _identity(contents: Contents) -> Identity:
    return contents.generation, tuple([listed.name for listed in contents.segments])


def _joined(parts: list[NDArray[Any]]) -> NDArray[np.int64]:
    if len(parts) == 1:
        return parts[0].astype(np.int64, copy=False)
    return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64, copy=False)
