"""One commit of the index, read as arrays.

    snapshot = Snapshot.newest(index)
    documents, frequencies = snapshot.arrays("title", "harbour")

Documents are numbered through all segments, 0 to `size`, deleted ones included: `alive` tells them apart. A snapshot
never changes, so searches that run while a writer commits stay with what they began with. It answers what is stored;
what is visible, how it scores and what a query means lies elsewhere (`view`, `evaluate`).
"""

from collections.abc import Iterator
from functools import cached_property
from threading import RLock
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.fields import Schema
from whoosh.index import TOC, FileIndex
from whoosh.reading import EmptyReader, IndexReader, SegmentReader

from newsearch.engine.base import Remembered, SourceKey
from newsearch.engine.whoosh import records, schema
from newsearch.engine.whoosh.analysis import Analyzer
from newsearch.engine.whoosh.schema import DocumentKind
from newsearch.errors import ItemError
from newsearch.items.ids import article_id
from newsearch.model import SourceFile

__all__ = ["Documents", "Snapshot"]

Documents = NDArray[np.int64]
"""Ascending document numbers."""

_NONE: Documents = np.zeros(0, np.int64)


class Snapshot:
    """The readers of one commit. Safe for threads: whatever touches Whoosh's readers, which are not, holds a lock."""

    def __init__(self, reader: IndexReader, fields: Schema, generation: int) -> None:
        self._lock = RLock()
        self._reader = reader
        self.generation = generation
        self.language = schema.language_of(fields)
        self.analyzer = Analyzer(self.language)
        self._leaves: list[tuple[SegmentReader, int]] = [
            (leaf, base) for leaf, base in reader.leaf_readers() if leaf.doc_count_all()
        ]
        self.size: int = reader.doc_count_all()
        self._columns: dict[str, NDArray[Any]] = {}

    @classmethod
    def newest(cls, index: FileIndex) -> Self:
        """The last commit of an index."""
        toc = TOC.read(index.storage, index.indexname)
        reader = FileIndex._reader(index.storage, toc.schema, toc.segments, toc.generation)
        return cls(reader, toc.schema, toc.generation)

    @classmethod
    def empty(cls, fields: Schema) -> Self:
        """A commit of nothing, for building anew."""
        return cls(EmptyReader(fields), fields, -1)

    @property
    def segments(self) -> int:
        """How many segments hold the documents."""
        return len(self._leaves)

    @cached_property
    def alive(self) -> NDArray[np.bool_]:
        """Which documents are not deleted."""
        alive = np.ones(self.size, np.bool_)
        with self._lock:
            for leaf, base in self._leaves:
                deleted = np.fromiter(leaf.segment().deleted_docs(), np.int64)
                alive[deleted + base] = False
        return alive

    @cached_property
    def articles(self) -> NDArray[np.bool_]:
        """Which documents are live articles: items or related ones."""
        return self.alive & (self.column("kind") <= DocumentKind.RELATED)

    def of_kind(self, kind: DocumentKind) -> Documents:
        """The live documents of one kind."""
        return np.flatnonzero(self.alive & (self.column("kind") == kind))

    def column(self, name: str) -> NDArray[Any]:
        """A number column's values, one a document; its type and default are in `schema.NUMBER_COLUMNS`."""
        values = self._columns.get(name)
        if values is None:
            with self._lock:
                values = self._columns[name] = self._read_column(name)
        return values

    def arrays(self, field: str, term: str) -> tuple[Documents, NDArray[np.int64]]:
        """The documents that have a term in a field, ascending and deleted ones included, and how often each has it."""
        found, frequencies = [], []
        with self._lock:
            for leaf, base in self._leaves:
                if (field, term) not in leaf:
                    continue
                matcher = leaf.postings(field, term)
                while matcher.is_active():
                    found.append(matcher.id() + base)
                    frequencies.append(matcher.weight())
                    matcher.next()
        return np.array(found, np.int64), np.array(frequencies, np.int64)

    def positions(self, field: str, term: str) -> tuple[Documents, NDArray[np.int64]]:
        """Every occurrence of a term in a text field: its document and its position, ascending by both."""
        found, places = [], []
        with self._lock:
            for leaf, base in self._leaves:
                if (field, term) not in leaf:
                    continue
                matcher = leaf.postings(field, term)
                while matcher.is_active():
                    at = matcher.value_as("positions")
                    places.extend(at)
                    found.extend([matcher.id() + base] * len(at))
                    matcher.next()
        return np.array(found, np.int64), np.array(places, np.int64)

    def terms(self, field: str, prefix: str = "") -> Iterator[str]:
        """The terms of a field that begin with a prefix, ascending; some may be of deleted documents alone."""
        with self._lock:
            found = []
            for term in self._reader.expand_prefix(field, prefix):
                found.append(term.decode())
        return iter(found)

    def term_count(self) -> int:
        """How many distinct terms the text fields have together, each field's counted for itself."""
        with self._lock:
            return sum(1 for field in schema.TEXT_FIELDS for _ in self._reader.lexicon(field))

    def record(self, document: int) -> bytes:
        """A document's record (`records`)."""
        return self._bytes("record", document)

    def citations(self, document: int) -> NDArray[np.uint64]:
        """The keys of the articles that an item cites."""
        return np.frombuffer(self._bytes("citations", document), "<u8")

    def source(self, document: int) -> SourceFile:
        """The file that a document was read from, as it then was."""
        return records.restore_source(self._bytes("source", document))

    def documents_of(self, key: int, *kinds: DocumentKind) -> list[int]:
        """The live documents of an article's key that are of one of the kinds, ascending."""
        documents, _ = self.arrays("id", article_id(key))
        column = self.column("kind")
        return [document for document in documents.tolist() if self.alive[document] and column[document] in kinds]

    def citing(self, key: int) -> list[int]:
        """The live items that cite an article, ascending."""
        documents, _ = self.arrays("cites", article_id(key))
        live: list[int] = documents[self.alive[documents]].tolist()
        return live

    @cached_property
    def sources(self) -> dict[SourceKey, tuple[int, SourceFile]]:
        """Every file this commit was made from: the document that holds it, and the file as it was when read."""
        kinds = self.column("kind")
        from_files = self.alive & (kinds != DocumentKind.RELATED) & (kinds != DocumentKind.STATE)
        found = {}
        for document in np.flatnonzero(from_files).tolist():
            source = self.source(document)
            found[source.root, source.path] = document, source
        return found

    def remembered(self) -> Remembered:
        """The source files of this commit, and the faults of those that could not be read."""
        faults: dict[SourceKey, ItemError] = {}
        for document in self.of_kind(DocumentKind.FAULT).tolist():
            source = self.source(document)
            faults[source.root, source.path] = records.restore_fault(self.record(document))
        return Remembered({key: source for key, (_, source) in self.sources.items()}, faults)

    def state(self) -> bytes | None:
        """The record of the index itself; None in an index that was never synced."""
        documents = self.of_kind(DocumentKind.STATE)
        return self.record(int(documents[-1])) if documents.size else None

    def close(self) -> None:
        """Let go of the files. Searches on this snapshot must have ended."""
        with self._lock:
            self._reader.close()

    def _read_column(self, name: str) -> NDArray[Any]:
        code, default = schema.NUMBER_COLUMNS[name]
        values = np.full(self.size, default, np.dtype(code))
        for leaf, base in self._leaves:
            if leaf.has_column(name):
                # Whoosh's reader gives one Python number at a time; the bytes behind it are a big-endian array that
                # ends with the last document whose value is not the default.
                column = leaf.column_reader(name, translate=False)
                count, width = column._count, column._fixedlen
                stored = column._dbfile.get(column._basepos, count * width)
                values[base : base + count] = np.frombuffer(stored, np.dtype(code).newbyteorder(">"))
        return values

    def _bytes(self, name: str, document: int) -> bytes:
        with self._lock:
            for leaf, base in self._leaves:
                if base <= document < base + leaf.doc_count_all():
                    if not leaf.has_column(name):
                        return b""
                    return bytes(leaf.column_reader(name, translate=False)[document - base])
        raise IndexError(document)
