"""Which articles documents cite, and what they say of them, in little space.

    arrays = pack_cited(parts)
    column = CitedColumn(file, documents, entries)
    column.keys(ids), column.places[17], column.text(place)

A citing item describes the article, and nearly always as the article's own document does, be it the cited file's or the
one that was made of the description. Where that document is in the same segment, its number says all: the key and the
description. All else, an article of another segment or one described in other words, goes into a table, once. Numbers
of documents mean something in their file alone, so segments in memory (newsearch.engine.whoosh.parts) have every
description, and joining and deleting know nothing of this.

    cited/place   for each entry of the listing: a document's number; from the number of documents on, a row of the
                  table                                                                (newsearch.engine.whoosh.columns)
    cited/key     u64  the table: the articles' keys,
    blob/cited/*       and the descriptions                                              (newsearch.engine.whoosh.blobs)
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.blobs import BlobColumn, pack_blobs
from newsearch.engine.whoosh.columns import pack_column, read_column
from newsearch.engine.whoosh.container import ArrayFile
from newsearch.engine.whoosh.parts import Blobs, Listing, Parts
from newsearch.engine.whoosh.records import describe_document
from newsearch.engine.whoosh.schema import CITES, DocumentKind

__all__ = ["CitedColumn", "pack_cited"]

Ints = NDArray[np.int64]


def pack_cited(parts: Parts) -> dict[str, NDArray[Any] | bytes]:
    """The arrays of what documents cite and say of it."""
    keys = parts.listings[CITES].values
    entries = _split(parts.cited)
    places = _documents_of(keys, parts)
    found = np.flatnonzero(places >= 0)
    expected = _described(parts.numbers, parts.listings, parts.blobs, places[found])
    for entry, document in zip(found.tolist(), places[found].tolist(), strict=True):
        if entries[entry] != expected[document]:
            places[entry] = -1
    rows: dict[tuple[int, bytes], int] = {}
    others = np.flatnonzero(places < 0)
    for entry, key in zip(others.tolist(), keys[others].tolist(), strict=True):
        places[entry] = parts.documents + rows.setdefault((key, entries[entry]), len(rows))
    texts = [text for _, text in rows]
    return {
        **pack_column("cited/place", places),
        "cited/key": np.fromiter((key for key, _ in rows), np.uint64, len(rows)),
        **pack_blobs("cited", _joined(texts)),
    }


class CitedColumn:
    """What the documents of a file cite. Safe for threads."""

    def __init__(self, file: ArrayFile, documents: int, entries: int) -> None:
        self._file = file
        self._documents = documents
        self.places: NDArray[Any] = read_column(file, "cited/place", entries)
        """For each entry of the listing a document's number, or from `documents` on a row of the table."""

    @cached_property
    def _texts(self) -> BlobColumn:
        return BlobColumn(self._file, "cited", self._file["cited/key"].size)

    def text(self, place: int) -> bytes:
        """The description at a place from the number of documents on."""
        return self._texts[place - self._documents]

    def keys(self, ids: Listing) -> NDArray[np.uint64]:
        """For each entry the key of the article; `ids` are the documents' own."""
        each = np.zeros(self._documents, np.uint64)
        each[ids.counts > 0] = ids.values
        found: NDArray[np.uint64] = np.concatenate([each, self._file["cited/key"]])[self.places]
        return found

    def all(
        self, numbers: Mapping[str, NDArray[Any]], listings: Mapping[str, Listing], blobs: Mapping[str, Blobs]
    ) -> Blobs:
        """Every entry's description; the arguments are the segment's, as newsearch.engine.whoosh.parts has them."""
        own = self.places[self.places < self._documents]
        texts: dict[int, bytes] = _described(numbers, listings, blobs, own)
        rows = _split(self._texts.all())
        texts |= dict(zip(range(self._documents, self._documents + len(rows)), rows, strict=True))
        return _joined([texts[place] for place in self.places.tolist()])


def _documents_of(keys: NDArray[np.uint64], parts: Parts) -> Ints:
    """For each key the document of that article, or -1."""
    ids, kinds = parts.listings["id"], parts.numbers["kind"]
    owners = np.repeat(np.arange(parts.documents), ids.counts)
    # What is stored of a file whose address another one has is not in the columns.
    speaking = np.isin(kinds[owners], (DocumentKind.ITEM.value, DocumentKind.RELATED.value))
    owners, own = owners[speaking], ids.values[speaking]
    if not own.size:
        return np.full(keys.size, -1, np.int64)
    order = np.argsort(own, kind="stable")
    at = order[np.minimum(np.searchsorted(own, keys, sorter=order), own.size - 1)]
    return np.where(own[at] == keys, owners[at], -1)


def _described(
    numbers: Mapping[str, NDArray[Any]],
    listings: Mapping[str, Listing],
    blobs: Mapping[str, Blobs],
    documents: NDArray[Any],
) -> dict[int, bytes]:
    """What would be said of some documents if it were what they have themselves."""
    chosen = np.unique(documents)
    shown = blobs["shown"]
    ends = shown.ends[chosen]
    starts = ends - np.diff(shown.ends, prepend=0)[chosen]
    texts = [shown.content[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    described = map(
        describe_document,
        texts,
        numbers["date"][chosen].tolist(),
        numbers["quality"][chosen].tolist(),
        _firsts(listings["type"], chosen),
        _firsts(listings["provider"], chosen),
    )
    return dict(zip(chosen.tolist(), described, strict=True))


def _firsts(listing: Listing, documents: Ints) -> list[str | None]:
    """The first string that each of some documents has in a listing."""
    first = np.full(listing.counts.size, -1, np.int64)
    has = np.flatnonzero(listing.counts)
    first[has] = listing.values[(np.cumsum(listing.counts) - listing.counts)[has]]
    strings = listing.strings or []
    return [None if place < 0 else strings[place] for place in first[documents].tolist()]


def _split(blobs: Blobs) -> list[bytes]:
    ends = blobs.ends.tolist()
    return [blobs.content[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _joined(texts: list[bytes]) -> Blobs:
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), dtype=np.int64)
    return Blobs(ends, b"".join(texts))
