"""A segment on disk, and read from there.

    write_segment(file, parts)
    segment = SegmentFile(path)
    segment.numbers("date"), segment.listing("topic"), segment.postings.documents(rank)

Beside the arrays of newsearch.engine.whoosh.postings, for the names of the schema:

    written/*             the words as written                                    (newsearch.engine.whoosh.dictionary)
    written/count   u32   how often each occurs
    number/NAME           in the narrowest integers that hold the values
    listing/NAME/count    how many values each document has; absent where each has one
    listing/NAME/value    the values: keys as u64, places of strings in the narrowest integers
    listing/NAME/string   the strings, as UTF-8 of a JSON list
    blob/NAME/length      how long each document's bytes are
    blob/NAME/content     the bytes; for packed blobs sixteen documents at a time, deflated
    blob/NAME/packed      for packed blobs: where each deflated block ends

`PACKED_BLOBS` are those that are rarely read; the others are there to be shown at once.
"""

import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.container import ArrayFile, write_arrays
from newsearch.engine.whoosh.dictionary import Words, pack_words
from newsearch.engine.whoosh.keywords import KEYWORD_SOURCES, Keys, Keywords
from newsearch.engine.whoosh.parts import Blobs, Listing, Parts, Written
from newsearch.engine.whoosh.postings import Postings, pack_postings
from newsearch.engine.whoosh.schema import KEY_LISTINGS, TEXT_FIELDS, length_column
from newsearch.model import SourceFile

__all__ = ["PACKED_BLOBS", "SegmentFile", "write_segment"]

PACKED_BLOBS = frozenset({"record"})

_PER_BLOCK = 16
_LEVEL = 1


def write_segment(file: BinaryIO, parts: Parts) -> None:
    """Write a whole segment. Raises OSError when the disk is full."""
    arrays: dict[str, NDArray[Any] | bytes] = {
        **pack_words("terms", parts.inverted.words),
        **pack_postings(parts.inverted, documents=parts.documents),
        **pack_words("written", parts.written.words),
        "written/count": np.minimum(parts.written.counts, 2**32 - 1).astype(np.uint32),
    }
    for name, values in parts.numbers.items():
        arrays[f"number/{name}"] = _narrow(values)
    for name, listing in parts.listings.items():
        if not (listing.counts == 1).all():
            arrays[f"listing/{name}/count"] = _narrow(listing.counts)
        arrays[f"listing/{name}/value"] = listing.values if listing.strings is None else _narrow(listing.values)
        if listing.strings is not None:
            arrays[f"listing/{name}/string"] = json.dumps(listing.strings, ensure_ascii=False).encode()
    for name, blobs in parts.blobs.items():
        arrays |= _packed(name, blobs) if name in PACKED_BLOBS else _plain(name, blobs)
    meta = {
        "documents": parts.documents,
        "terms": len(parts.inverted.words),
        "written": len(parts.written.words),
        "numbers": list(parts.numbers),
        "listings": list(parts.listings),
        "blobs": list(parts.blobs),
    }
    write_arrays(file, arrays, meta)


def _narrow(values: NDArray[Any]) -> NDArray[Any]:
    """The values in the narrowest integers that hold them."""
    if not values.size:
        return values.astype(np.uint8)
    low, high = int(values.min()), int(values.max())
    for dtype in (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.int64):
        limits = np.iinfo(dtype)
        if limits.min <= low and high <= limits.max:
            return values.astype(dtype)
    raise OverflowError("a column's values fit no integer")


def _plain(name: str, blobs: Blobs) -> dict[str, NDArray[Any] | bytes]:
    return {
        f"blob/{name}/length": _narrow(np.diff(blobs.ends, prepend=0)),
        f"blob/{name}/content": blobs.content,
    }


def _packed(name: str, blobs: Blobs) -> dict[str, NDArray[Any] | bytes]:
    blocks, start = [], 0
    for end in [*blobs.ends[_PER_BLOCK - 1 :: _PER_BLOCK].tolist(), len(blobs.content)]:
        blocks.append(zlib.compress(blobs.content[start:end], _LEVEL))
        start = end
    return {
        f"blob/{name}/length": _narrow(np.diff(blobs.ends, prepend=0)),
        f"blob/{name}/content": b"".join(blocks),
        f"blob/{name}/packed": np.cumsum([len(block) for block in blocks]).astype(np.uint64),
    }


class SegmentFile:
    """An open segment file. Safe for threads."""

    def __init__(self, path: Path) -> None:
        """Open a segment. Raises IndexDamaged, OSError."""
        self.file = ArrayFile(path)
        meta: Mapping[str, Any] = self.file.meta
        self.documents: int = meta["documents"]
        self.terms = Words(self.file, "terms", meta["terms"])
        self.postings = Postings(self.file, documents=self.documents, fields=len(TEXT_FIELDS))
        self._listings: dict[str, Listing] = {}
        self._keywords: dict[str, Keywords] = {}
        self._keys: dict[str, Keys] = {}
        self._firsts: dict[str, tuple[memoryview, list[str]]] = {}
        self._ends: dict[str, memoryview] = {}
        self._listed: dict[str, tuple[memoryview, memoryview, list[str]]] = {}
        self._ranks: dict[str, int] = {}

    @property
    def written(self) -> Words:
        """The words as written."""
        return Words(self.file, "written", self.file.meta["written"])

    @property
    def posting_count(self) -> int:
        """How many postings the text fields have."""
        return self.postings.total

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
        return self.file[f"number/{name}"]

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
            value = self.file[f"listing/{name}/value"]
            if f"listing/{name}/count" in self.file:
                counts = self.file[f"listing/{name}/count"].astype(np.int64)
            else:
                counts = np.ones(self.documents, np.int64)
            strings = None
            if f"listing/{name}/string" in self.file:
                strings = json.loads(self.file[f"listing/{name}/string"].tobytes())
            listing = self._listings[name] = Listing(counts, value, strings)
        return listing

    def blob(self, name: str, document: int) -> bytes:
        """A document's bytes."""
        ends = self._blob_ends(name)
        start, end = ends[document], ends[document + 1]
        if name not in PACKED_BLOBS:
            return self.file.read(f"blob/{name}/content", start, end)
        block = document // _PER_BLOCK
        blocks = self.file[f"blob/{name}/packed"]
        packed = self.file.slice(f"blob/{name}/content", int(blocks[block - 1]) if block else 0, int(blocks[block]))
        first = ends[block * _PER_BLOCK]
        return zlib.decompress(packed.tobytes())[start - first : end - first]

    def _blob_ends(self, name: str) -> memoryview:
        """Where each document's bytes begin, and once more where the last ones end, before any packing."""
        ends = self._ends.get(name)
        if ends is None:
            lengths = self.file[f"blob/{name}/length"]
            each: Any = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
            ends = self._ends[name] = memoryview(each)
        return ends

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

    def sources(self, documents: NDArray[np.int64]) -> Iterator[SourceFile]:
        """For documents that were read from files: each one's file as it then was."""
        # A column at a time, for nearly every document is asked for whenever an archive is looked through for changes.
        places, names = self.first_strings("root")
        roots = [names[place] for place in np.asarray(places)[documents].tolist()]
        shown, digests = self._all_blobs("shown"), self._all_blobs("digest")
        # The path is the last of the texts shown.
        text, find = shown.content, shown.content.rindex
        paths = [text[find(b"\0", 0, end) + 1 : end].decode() for end in shown.ends[documents].tolist()]
        starts = digests.ends[documents] - np.diff(digests.ends, prepend=0)[documents]
        bounds = zip(starts.tolist(), digests.ends[documents].tolist(), strict=True)
        each = [digests.content[start:end] for start, end in bounds]
        sizes, times = self.numbers("size")[documents].tolist(), self.numbers("mtime")[documents].tolist()
        return map(SourceFile, roots, paths, sizes, times, each)

    def parts(self) -> Parts:
        """All of the segment in memory, for merging."""
        meta = self.file.meta
        return Parts(
            self.documents,
            self.postings.inverted(list(self.terms)),
            Written(list(self.written), self.file["written/count"].astype(np.int64)),
            {name: self.numbers(name) for name in meta["numbers"]},
            {name: self.listing(name) for name in meta["listings"]},
            {name: self._all_blobs(name) for name in meta["blobs"]},
        )

    def _all_blobs(self, name: str) -> Blobs:
        ends = np.cumsum(self.file[f"blob/{name}/length"], dtype=np.int64)
        content = self.file[f"blob/{name}/content"].tobytes()
        if name in PACKED_BLOBS:
            blocks = self.file[f"blob/{name}/packed"].tolist()
            starts = [0, *blocks[:-1]]
            content = b"".join(zlib.decompress(content[start:end]) for start, end in zip(starts, blocks, strict=True))
        return Blobs(ends, content)
