"""Documents to the columns of a segment, a batch at a time.

    gathered = Gathered()
    texts = gathered.take([Document(id=17, provider="Salon"), ...])
    gathered.numbers(), gathered.listings(), gathered.blobs(), gathered.cited()

Rows become columns by one `zip`, and a column an array by one call; no Python is run for a single document. What texts
say is not looked at here: they are handed on, a field at a time, and not kept.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.parts import Blobs, Listing
from newsearch.engine.whoosh.records import Stored
from newsearch.engine.whoosh.schema import (
    BLOBS,
    GIVEN_NUMBERS,
    KEY_LISTINGS,
    NO_NUMBERS,
    STORED_NUMBERS,
    STRING_LISTINGS,
    TEXT_FIELDS,
)

__all__ = ["Document", "Gathered", "stored_of"]

Ints = NDArray[np.int64]

_NO_TEXT: tuple[Sequence[str], ...] = ((),) * len(TEXT_FIELDS)
_STORED = slice(GIVEN_NUMBERS.index(STORED_NUMBERS[0]), GIVEN_NUMBERS.index(STORED_NUMBERS[-1]) + 1)
_SEVERAL = frozenset(("cites", "topic"))
"""The listings of which a document may have several values."""


class Document(NamedTuple):
    """A document as the schema has it.

    `numbers` are those of `schema.GIVEN_NUMBERS`, in that order. `texts` has the values of each text field. `id` is the
    article's key where it has one, `cites` the keys of those it cites and `cited` what it says of each, if it says
    anything of one. The strings are as written. `shown`, `record` and `cited` are encoded by
    newsearch.engine.whoosh.records. It is a tuple, because many together are turned into columns.
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


def stored_of(document: Document) -> Stored:
    """What an index would have of a document, before it has."""
    return Stored(
        document.shown,
        document.path,
        document.record,
        document.numbers[_STORED],
        document.provider,
        tuple(document.topic),
        document.type,
        document.category,
        tuple(document.cited),
    )


_PLACES = {name: place for place, name in enumerate(Document._fields)}
_TEXTS = _PLACES["texts"]


class Gathered:
    """The columns of the documents taken in so far."""

    def __init__(self) -> None:
        self._batches: list[list[tuple[Any, ...]]] = []
        self._firsts: list[int] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def take(self, documents: Sequence[Document]) -> list[tuple[Sequence[str], ...]]:
        """Take in some documents; returns their texts, for each field the values of each document."""
        if not documents:
            return []
        columns: list[tuple[Any, ...]] = list(zip(*documents, strict=True))
        texts, columns[_TEXTS] = columns[_TEXTS], ()
        self._batches.append(columns)
        self._firsts.append(self._count)
        self._count += len(documents)
        return list(zip(*texts, strict=True))

    def stored(self, number: int) -> Stored:
        """What an index would have of one of the documents."""
        batch = bisect_right(self._firsts, number) - 1
        row: list[Any] = [column[number - self._firsts[batch]] if column else () for column in self._batches[batch]]
        return stored_of(Document(*row))

    def numbers(self) -> dict[str, NDArray[Any]]:
        """The numbers given, by their names."""
        every = np.fromiter(chain.from_iterable(self._column("numbers")), np.int64, self._count * len(GIVEN_NUMBERS))
        columns = np.ascontiguousarray(every.reshape(-1, len(GIVEN_NUMBERS)).T)
        return dict(zip(GIVEN_NUMBERS, columns, strict=True))

    def listings(self) -> dict[str, Listing]:
        """The listings, those of keys before those of strings."""
        found = {}
        for name in (*KEY_LISTINGS, *STRING_LISTINGS):
            counts, values = self._several(name) if name in _SEVERAL else self._single(name)
            found[name] = Listing(counts, *(_keys(values) if name in KEY_LISTINGS else _numbered(values)))
        return found

    def blobs(self) -> dict[str, Blobs]:
        """A byte string for each document and each of `schema.BLOBS`."""
        return {name: _blobs(self._column(name)) for name in BLOBS}

    def cited(self) -> Blobs:
        """What is said of each article that is cited, in the order of the listing.

        Raises ValueError for a document that says something of some that it cites, but not of all.
        """
        every = zip(self._column("cites"), self._column("cited"), strict=True)
        return _blobs([text for cites, cited in every if cites or cited for text in _each(cites, cited)])

    def _column(self, name: str) -> Sequence[Any]:
        place = _PLACES[name]
        return list(chain.from_iterable([columns[place] for columns in self._batches]))

    def _single(self, name: str) -> tuple[Ints, Sequence[Any]]:
        """How many values each document has in a listing, one or none; and those."""
        column = self._column(name)
        values = [value for value in column if value is not None]
        if len(values) == len(column):
            return np.ones(len(column), np.int64), values
        return np.array([value is not None for value in column], np.int64), values

    def _several(self, name: str) -> tuple[Ints, Sequence[Any]]:
        """How many values each document has in a listing, and those."""
        lists = self._column(name)
        return _lengths(lists), list(chain.from_iterable(lists))


def _keys(values: Sequence[int]) -> tuple[NDArray[np.uint64]]:
    return (np.array(values, np.uint64),)


def _numbered(values: Sequence[str]) -> tuple[Ints, list[str]]:
    """For strings their places among the distinct ones, and these, ascending."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    found = np.fromiter(map(numbers.__getitem__, values), np.int64, len(values))
    strings = sorted(numbers)
    rank = np.zeros(len(strings), np.int64)
    rank[[numbers[string] for string in strings]] = np.arange(len(strings))
    return rank[found], strings


def _blobs(values: Sequence[Any]) -> Blobs:
    """Bytes, or strings, which become UTF-8, one after the other."""
    encoded = [value.encode() for value in values] if values and isinstance(values[0], str) else values
    return Blobs(np.cumsum(_lengths(encoded), dtype=np.int64), b"".join(encoded))


def _each(cites: Sequence[int], cited: Sequence[bytes]) -> Sequence[bytes]:
    """What a document says of each article that it cites; nothing of any if it is silent."""
    if cited and len(cited) != len(cites):
        raise ValueError("a document says something of each article that it cites, or of none")
    return cited or (b"",) * len(cites)


def _lengths(values: Iterable[Any]) -> Ints:
    return np.fromiter(map(len, values), np.int64)
