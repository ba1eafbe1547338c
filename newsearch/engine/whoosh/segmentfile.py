"""A segment on disk, and read from there.

    write_segment(file, parts)
    segment = SegmentFile(path)
    segment.numbers("date"), segment.listing("topic"), segment.postings.documents(rank)

Beside the arrays of newsearch.engine.whoosh.postings and newsearch.engine.whoosh.forms, for the names of the schema:

    number/NAME                                                                   (newsearch.engine.whoosh.columns)
    listing/NAME/count    how many values each document has                       (newsearch.engine.whoosh.columns)
    listing/NAME/value    the values: keys as u64; places of strings                 (newsearch.engine.whoosh.columns)
    listing/NAME/string   the strings, as UTF-8 of a JSON list
    blob/NAME/*           byte strings                                            (newsearch.engine.whoosh.blobs)
    cited/*               what documents cite, and what they say of it            (newsearch.engine.whoosh.cited)
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.blobs import Arrays, BlobColumn, pack_blobs
from newsearch.engine.whoosh.cited import CitedColumn, pack_cited
from newsearch.engine.whoosh.columns import pack_column, read_column
from newsearch.engine.whoosh.container import ArrayFile, write_arrays
from newsearch.engine.whoosh.dictionary import Words, pack_words
from newsearch.engine.whoosh.forms import Forms, pack_forms
from newsearch.engine.whoosh.keywords import KEYWORD_SOURCES, Keys, Keywords
from newsearch.engine.whoosh.parts import Blobs, Listing, Parts, Written
from newsearch.engine.whoosh.postings import Postings, pack_postings
from newsearch.engine.whoosh.records import Shown, Stored, describe_document, show
from newsearch.engine.whoosh.schema import CITES, KEY_LISTINGS, STORED_NUMBERS, TEXT_FIELDS, length_column
from newsearch.engine.whoosh.vocabulary import Vocabulary
from newsearch.model import SourceFile

__all__ = ["SegmentFile", "write_segment"]


def write_segment(file: BinaryIO, parts: Parts, pack: Callable[[str, Blobs], Arrays] = pack_blobs) -> None:
    """Write a whole segment; `pack` gives the arrays of byte strings. Raises OSError when the disk is full."""
    arrays: Arrays = {
        **pack_words("terms", parts.inverted.words),
        **pack_postings(parts.inverted, documents=parts.documents),
        **pack_forms(parts.inverted, parts.written),
    }
    for name, values in parts.numbers.items():
        arrays |= pack_column(f"number/{name}", values)
    for name, listing in parts.listings.items():
        arrays |= pack_column(f"listing/{name}/count", listing.counts)
        if name == CITES:
            arrays |= pack_cited(parts)
        elif listing.strings is None:
            arrays[f"listing/{name}/value"] = listing.values
        else:
            arrays |= pack_column(f"listing/{name}/value", listing.values)
            arrays[f"listing/{name}/string"] = json.dumps(listing.strings, ensure_ascii=False).encode()
    for name, blobs in parts.blobs.items():
        arrays |= pack(name, blobs)
    meta = {
        "documents": parts.documents,
        "terms": len(parts.inverted.words),
        "written": len(parts.written.words),
        "occurrences": int(parts.written.counts.sum()),
        "numbers": list(parts.numbers),
        "listings": list(parts.listings),
        "blobs": list(parts.blobs),
    }
    write_arrays(file, arrays, meta)


class SegmentFile:
    """An open segment file. Safe for threads."""

    def __init__(self, path: Path) -> None:
        """Open a segment. Raises IndexDamaged, OSError."""
        self.file = ArrayFile(path)
        meta: Mapping[str, Any] = self.file.meta
        self.documents: int = meta["documents"]
        self.terms = Words(self.file, "terms", meta["terms"])
        self.postings = Postings(self.file, documents=self.documents, fields=len(TEXT_FIELDS))
        self.forms = Forms(self.file, self.postings)
        self._listings: dict[str, Listing] = {}
        self._keywords: dict[str, Keywords] = {}
        self._keys: dict[str, Keys] = {}
        self._firsts: dict[str, tuple[memoryview, list[str]]] = {}
        self._listed: dict[str, tuple[memoryview, memoryview, list[str]]] = {}
        self._numbers: dict[str, NDArray[Any]] = {}
        self._blobs: dict[str, BlobColumn] = {}
        self._ranks: dict[str, int] = {}

    @cached_property
    def written(self) -> Words:
        """The words as written; a word that is written for two terms stands there twice."""
        return Words(self.file, "written", self.file.meta["written"])

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words as written by how they are written; they are at the same places as in `written`."""
        return Vocabulary(self.written)

    @property
    def posting_count(self) -> int:
        """How many postings the text fields have."""
        return self.postings.total

    @property
    def occurrence_count(self) -> int:
        """How many words the text fields have."""
        return int(self.file.meta["occurrences"])

    def rank(self, term: str) -> int:
        """The place of a term among the sorted terms, or -1."""
        rank = self._ranks.get(term)
        if rank is None:
            rank = self.terms.rank(term.encode())
            if len(self._ranks) < 100_000:
                self._ranks[term] = rank
        return rank

    def numbers(self, name: str) -> NDArray[Any]:
        """A number a document."""
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = read_column(self.file, f"number/{name}", self.documents)
        return found

    def lengths(self, field: str) -> NDArray[Any]:
        """The lengths of a text field, stop words left out."""
        return self.numbers(length_column(field))

    def arrays(self, field: int, term: str) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The documents that have a term in a text field, ascending and deleted ones included, and how often each."""
        rank = self.rank(term)
        if rank < 0:
            return np.zeros(0, np.int32), np.zeros(0, np.int64)
        frequencies = self.postings.frequencies(rank)[:, field]
        present = frequencies > 0
        return self.postings.documents(rank)[present], frequencies[present]

    def positions(self, field: int, term: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Every occurrence of a term in a text field: its document and its position, ascending by both."""
        rank = self.rank(term)
        if rank < 0:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        counts, places = self.postings.positions(rank, field)
        documents = self.arrays(field, term)[0].astype(np.int64)
        return np.repeat(documents, counts), places

    def keyword_terms(self, field: str) -> list[str]:
        """The terms of a keyword field, ascending."""
        return self.keys(field).terms if field in KEY_LISTINGS else self.keywords(field).terms

    def keyword_documents(self, field: str, term: str) -> NDArray[np.int32]:
        """The documents that have a keyword, ascending and deleted ones included."""
        if field in KEY_LISTINGS:
            return self.keys(field).documents_by_id(term)
        return self.keywords(field).documents(term)

    def keywords(self, field: str) -> Keywords:
        """A keyword field of strings."""
        keywords = self._keywords.get(field)
        if keywords is None:
            listing, terms_of = KEYWORD_SOURCES[field]
            keywords = self._keywords[field] = Keywords(self.listing(listing), terms_of)
        return keywords

    def keys(self, field: str) -> Keys:
        """A keyword field of keys."""
        keys = self._keys.get(field)
        if keys is None:
            keys = self._keys[field] = Keys(self.listing(field))
        return keys

    def listing(self, name: str) -> Listing:
        """Any number of values a document."""
        listing = self._listings.get(name)
        if listing is None:
            counts = read_column(self.file, f"listing/{name}/count", self.documents).astype(np.int64)
            if name == CITES:
                return self._listings.setdefault(name, Listing(counts, self._cited.keys(self.listing("id"))))
            value = read_column(self.file, f"listing/{name}/value", int(counts.sum()))
            strings = None
            if f"listing/{name}/string" in self.file:
                strings = json.loads(self.file[f"listing/{name}/string"].tobytes())
            listing = self._listings[name] = Listing(counts, value, strings)
        return listing

    def shown(self, document: int) -> Shown:
        """The texts of a document that a hit shows."""
        return show(self.blob("shown", document))

    def path(self, document: int) -> str:
        """Where the file of a document lies under its root; empty where it has none."""
        return self.blob("path", document).decode()

    def stored(self, document: int) -> Stored:
        """All that there is of one article, for newsearch.engine.whoosh.records to restore."""
        return Stored(
            self.blob("shown", document),
            self.path(document),
            self.blob("record", document),
            tuple([int(self.numbers(name)[document]) for name in STORED_NUMBERS]),
            self._first_string("provider", document),
            tuple(self.strings("topic", document)),
            self._first_string("type", document),
            self._first_string("category", document),
            self.cited(document),
        )

    def cited(self, document: int) -> tuple[bytes, ...]:
        """What a document says of each article that it cites."""
        column, starts = self._cited, self._cites_starts
        return tuple(
            [
                self._described(place) if place < self.documents else column.text(place)
                for place in column.places[starts[document] : starts[document + 1]].tolist()
            ]
        )

    def _described(self, document: int) -> bytes:
        return describe_document(
            self.blob("shown", document),
            int(self.numbers("date")[document]),
            int(self.numbers("quality")[document]),
            self._first_string("type", document),
            self._first_string("provider", document),
        )

    @cached_property
    def _cited(self) -> CitedColumn:
        return CitedColumn(self.file, self.documents, self._cites_starts[-1])

    @cached_property
    def _cites_starts(self) -> memoryview:
        counts = read_column(self.file, f"listing/{CITES}/count", self.documents)
        starts: Any = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])
        return memoryview(starts)

    def blob(self, name: str, document: int) -> bytes:
        """A document's bytes."""
        column = self._blobs.get(name)
        if column is None:
            column = self._blobs[name] = BlobColumn(self.file, name, self.documents)
        return column[document]

    def strings(self, listing: str, document: int) -> list[str]:
        """The values that a document has in a string listing, as written."""
        listed = self._listed.get(listing)
        if listed is None:
            found = self.listing(listing)
            starts: Any = np.concatenate([np.zeros(1, np.int64), np.cumsum(found.counts)])
            values: Any = found.values
            listed = self._listed[listing] = memoryview(starts), memoryview(values), found.strings or []
        ends, places, strings = listed
        return [strings[place] for place in places[ends[document] : ends[document + 1]]]

    def first_strings(self, listing: str) -> tuple[memoryview, list[str]]:
        """For each document the place of its first value in a string listing, or -1; and the strings."""
        found = self._firsts.get(listing)
        if found is None:
            values = self.listing(listing)
            first: Any = np.full(self.documents, -1, np.int64)
            has = np.flatnonzero(values.counts)
            first[has] = values.values[(np.cumsum(values.counts) - values.counts)[has]]
            found = self._firsts[listing] = memoryview(first), values.strings or []
        return found

    def _first_string(self, listing: str, document: int) -> str | None:
        places, strings = self.first_strings(listing)
        return None if places[document] < 0 else strings[places[document]]

    def sources(self, documents: NDArray[np.int64]) -> Iterator[SourceFile]:
        """For documents that were read from files: each one's file as it then was."""
        # A column at a time, for nearly every document is asked for whenever an archive is looked through for changes.
        digests = _some(self._all_blobs("digest"), documents)
        sizes, times = self.numbers("size")[documents].tolist(), self.numbers("mtime")[documents].tolist()
        rows = zip(self._roots(documents), self._paths(documents), sizes, times, digests, strict=True)
        return map(partial(tuple.__new__, SourceFile), rows)

    def source_keys(self, documents: NDArray[np.int64]) -> Iterator[tuple[str, str]]:
        """For documents that were read from files: each one's folder and path, as `sources` has them."""
        return zip(self._roots(documents), self._paths(documents), strict=True)

    def _roots(self, documents: NDArray[np.int64]) -> Iterator[str]:
        places, names = self.first_strings("root")
        return map(names.__getitem__, np.asarray(places)[documents].tolist())

    def _paths(self, documents: NDArray[np.int64]) -> list[str]:
        return list(map(bytes.decode, _some(self._all_blobs("path"), documents)))

    def documents_of_path(self, path: str) -> NDArray[np.int64]:
        """The documents that were read from files of a path, of whatever folder."""
        wanted, blobs = path.encode("utf-8", "surrogatepass"), self._all_blobs("path")
        if not wanted:
            return np.zeros(0, np.int64)
        as_long = np.flatnonzero(np.diff(blobs.ends, prepend=0) == len(wanted))
        found = [blob == wanted for blob in _some(blobs, as_long)]
        return as_long[np.array(found, np.bool_)]

    def parts(self) -> Parts:
        """All of the segment in memory, for merging."""
        meta = self.file.meta
        numbers = {name: self.numbers(name) for name in meta["numbers"]}
        listings = {name: self.listing(name) for name in meta["listings"]}
        blobs = {name: self._all_blobs(name) for name in meta["blobs"]}
        return Parts(
            self.documents,
            self.postings.inverted(list(self.terms), self.forms.all()),
            Written(list(self.written), self.forms.terms, self.forms.occurrences),
            numbers,
            listings,
            blobs,
            self._cited.all(numbers, listings, blobs),
        )

    def _all_blobs(self, name: str) -> Blobs:
        return BlobColumn(self.file, name, self.documents).all()


def _some(blobs: Blobs, documents: NDArray[np.int64]) -> list[bytes]:
    """The bytes of some documents."""
    ends = blobs.ends[documents]
    starts = ends - np.diff(blobs.ends, prepend=0)[documents]
    return [blobs.content[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
