"""Documents to the columns of a segment, a batch at a time.

    gathered = Gathered()
    gathered.take([Document(id=17, provider="Salon"), ...])
    gathered.numbers(), gathered.listings(), gathered.blobs(), gathered.cited()

A batch is turned a column at a time, so that hardly any Python is run for a single document. What its texts say is not
looked at here.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.parts import Blobs, Listing
from newsearch.engine.whoosh.schema import (
    BLOBS,
    GIVEN_NUMBERS,
    KEY_LISTINGS,
    NO_NUMBERS,
    STRING_LISTINGS,
    TEXT_FIELDS,
)

__all__ = ["NO_TEXT", "Document", "Gathered"]

Ints = NDArray[np.int64]

NO_TEXT: tuple[Sequence[str], ...] = ((),) * len(TEXT_FIELDS)
"""The texts of a document that has none."""


@dataclass(slots=True)
class Document:
    """A document as the schema has it.

    `numbers` are those of `schema.GIVEN_NUMBERS`, in that order. `texts` has the values of each text field. `id` is the
    article's key where it has one, `cites` the keys of those it cites and `cited` what it says of each, if it says
    anything of one. The strings are as written. `shown`, `record` and `cited` are encoded by
    newsearch.engine.whoosh.records.
    """

    id: int | None = None
    texts: Sequence[Sequence[str]] = NO_TEXT
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


class Gathered:
    """The columns of the documents taken in so far."""

    def __init__(self) -> None:
        self._numbers: list[Ints] = []
        self._keys = {name: _Keys() for name in KEY_LISTINGS}
        self._strings = {name: _Strings() for name in STRING_LISTINGS}
        self._blobs = {name: _Blobs() for name in BLOBS}
        self._cited = _Blobs()

    def take(self, documents: Sequence[Document]) -> None:
        """Take in some documents. Raises ValueError for one that says something of some that it cites, but not all."""
        every = np.fromiter(chain.from_iterable([document.numbers for document in documents]), np.int64)
        self._numbers.append(every.reshape(len(documents), len(GIVEN_NUMBERS)))
        for name, keys in self._keys.items():
            keys.take([getattr(document, name) for document in documents])
        for name, strings in self._strings.items():
            strings.take([getattr(document, name) for document in documents])
        for name, blobs in self._blobs.items():
            blobs.take([getattr(document, name) for document in documents])
        self._cited.take([text for document in documents if document.cites for text in _cited(document)])

    def numbers(self) -> dict[str, NDArray[Any]]:
        """The numbers given, by their names."""
        every = np.concatenate([np.zeros((0, len(GIVEN_NUMBERS)), np.int64), *self._numbers])
        return {name: np.ascontiguousarray(every[:, place]) for place, name in enumerate(GIVEN_NUMBERS)}

    def listings(self) -> dict[str, Listing]:
        """The listings, those of keys before those of strings."""
        return {
            **{name: keys.listing() for name, keys in self._keys.items()},
            **{name: strings.listing() for name, strings in self._strings.items()},
        }

    def blobs(self) -> dict[str, Blobs]:
        """A byte string for each document and each of `schema.BLOBS`."""
        return {name: blobs.blobs() for name, blobs in self._blobs.items()}

    def cited(self) -> Blobs:
        """What is said of each article that is cited, in the order of the listing."""
        return self._cited.blobs()


class _Keys:
    """A listing of keys."""

    def __init__(self) -> None:
        self._counts: list[Ints] = []
        self._values: list[NDArray[np.uint64]] = []

    def take(self, values: Sequence[int | Sequence[int] | None]) -> None:
        lists = [(value,) if isinstance(value, int) else value or () for value in values]
        counts = _lengths(lists)
        self._counts.append(counts)
        self._values.append(np.fromiter(chain.from_iterable(lists), np.uint64, int(counts.sum())))

    def listing(self) -> Listing:
        return Listing(_joined(self._counts), np.concatenate([np.zeros(0, np.uint64), *self._values]))


class _Strings:
    """A listing of strings: those are numbered as they come, and sorted in the end."""

    def __init__(self) -> None:
        self._numbers: defaultdict[str | None, int] = defaultdict(count().__next__)
        self._none = self._numbers[None]
        self._counts: list[Ints] = []
        self._values: list[Ints] = []

    def take(self, values: Sequence[str | Sequence[str] | None]) -> None:
        if all([value is None or isinstance(value, str) for value in values]):
            found = self._numbered(values)
            has = found != self._none
            self._counts.append(has.astype(np.int64))
            self._values.append(found[has])
        else:
            lists = [(value,) if isinstance(value, str) else value or () for value in values]
            self._counts.append(_lengths(lists))
            self._values.append(self._numbered(list(chain.from_iterable(lists))))

    def listing(self) -> Listing:
        strings = sorted([string for string in self._numbers if string is not None])
        rank = np.zeros(len(self._numbers), np.int64)
        rank[[self._numbers[string] for string in strings]] = np.arange(len(strings))
        return Listing(_joined(self._counts), rank[_joined(self._values)], strings)

    def _numbered(self, values: Sequence[Any]) -> Ints:
        return np.fromiter(map(self._numbers.__getitem__, values), np.int64, len(values))


class _Blobs:
    """Byte strings, one after the other."""

    def __init__(self) -> None:
        self._lengths: list[Ints] = []
        self._contents: list[bytes] = []

    def take(self, values: Sequence[Any]) -> None:
        """Take in some bytes, or strings, which are kept as UTF-8."""
        if values and isinstance(values[0], str):
            values = [value.encode() for value in values]
        self._lengths.append(_lengths(values))
        self._contents.append(b"".join(values))

    def blobs(self) -> Blobs:
        return Blobs(np.cumsum(_joined(self._lengths)), b"".join(self._contents))


def _cited(document: Document) -> Sequence[bytes]:
    """What a document says of each article that it cites, in the order of `cites`; nothing of any if it is silent."""
    if document.cited and len(document.cited) != len(document.cites):
        raise ValueError("a document says something of each article that it cites, or of none")
    return document.cited or (b"",) * len(document.cites)


def _lengths(values: Sequence[Any]) -> Ints:
    return np.fromiter(map(len, values), np.int64, len(values))


def _joined(arrays: Sequence[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, np.int64), *arrays])
