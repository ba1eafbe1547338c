"""Where each term occurs: documents, frequencies in each text field, positions.

    arrays = pack_postings(inverted, documents=34_296)
    postings = Postings(file, documents=34_296)
    postings.documents(rank), postings.frequencies(rank)[:, 0]        # of the term at a place of the sorted terms

All text fields share one dictionary, and a document stands once in a term's list however many fields have it.

    terms/*             the sorted terms                                            (newsearch.engine.whoosh.dictionary)
    postings/count      u8   for each term, how long its list is                       (newsearch.engine.whoosh.columns)
    postings/low        u16  document numbers, their lower 16 bits; ascending in each list
    postings/spans      u32  \\ only past 65,536 documents: for each list, one after the other, the groups of 65,536 it
    postings/span       u16   > reaches into (`spans`: where a list's groups begin; `span`: the group; `inside`: how
    postings/inside     u32  /  many of its documents lie in it)
    postings/code       u8   for each two postings, their rows in the table of frequencies, the first one's in the lower
                             four bits; 15: see the next two
    postings/rare_low   u16  the places of those postings, ascending, their lower 16 bits,
    postings/rare_high  u32  how many of them there are in each 65,536 postings,
    postings/rare       u8   and their rows, 15 less                                   (newsearch.engine.whoosh.columns)
    postings/table      u16  rows of one number a text field: how often the term stands in it. Common rows come first

    short/at  long/at   u32  for each sixteenth term, where its positions begin
    short/positions     in title, excerpt and topics    \\ by term, document, field,
    long/positions      in body and related             /  position                     (newsearch.engine.whoosh.planes)

A frequency is counted up to MAX_FREQUENCY, a position up to MAX_POSITION.
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.columns import narrow, pack_small, read_small
from newsearch.engine.whoosh.container import ArrayFile
from newsearch.engine.whoosh.planes import Planes, pack_planes
from newsearch.engine.whoosh.ragged import ragged

__all__ = ["GROUPS", "MAX_FREQUENCY", "MAX_POSITION", "Inverted", "Postings", "pack_postings"]

MAX_FREQUENCY = 4095
MAX_POSITION = (1 << 21) - 1

GROUPS: dict[str, tuple[int, ...]] = {"short": (0, 1, 2), "long": (3, 4)}
"""The text fields, by their places in `schema.TEXT_FIELDS`, that keep their positions together."""

_SPAN_BITS = 16
_ESCAPE = 15
_CODE_BITS = 4
_PER_START = 16
_BISECTED = 16
"""A list so many times as long as another is looked into by bisection."""

_BOTH = np.array([(both & _ESCAPE, both >> _CODE_BITS) for both in range(256)], np.int64)
"""The two codes of each byte."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Inverted:
    """An inverted index in memory, as it is built and merged.

    `words` are the sorted terms; term i's postings are `start[i]:start[i + 1]` of `documents` and of `codes`, which are
    rows of `table`. `positions` has, for each of GROUPS, the positions in the order of the file. `forms` has for every
    occurrence, in the order of terms, documents, fields and positions, the number of the form it is written in.
    """

    words: list[bytes]
    start: Ints
    documents: NDArray[np.uint32]
    codes: NDArray[np.int64]
    table: NDArray[np.uint16]
    positions: dict[str, NDArray[np.uint32]]
    forms: NDArray[np.uint16]


def pack_postings(inverted: Inverted, *, documents: int) -> dict[str, NDArray[Any] | bytes]:
    """The arrays of an inverted index of so many documents; the terms themselves are left to the dictionary."""
    order, codes = _common_first(inverted)
    table = inverted.table[order]
    rare = np.flatnonzero(codes >= _ESCAPE)
    arrays: dict[str, NDArray[Any] | bytes] = {
        **pack_small("postings/count", np.diff(inverted.start)),
        "postings/low": (inverted.documents & 0xFFFF).astype(np.uint16),
        "postings/code": _by_two(np.minimum(codes, _ESCAPE).astype(np.uint8)),
        "postings/rare_low": (rare & 0xFFFF).astype(np.uint16),
        "postings/rare_high": np.bincount(rare >> 16).astype(np.uint32),
        **pack_small("postings/rare", codes[rare] - _ESCAPE),
        "postings/table": table.ravel(),
    }
    if documents > 1 << _SPAN_BITS:
        arrays |= _spans(inverted)
    for group, fields in GROUPS.items():
        counts = table[:, fields].sum(axis=1, dtype=np.int64)[codes]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        arrays[f"{group}/at"] = ends[inverted.start[:-1:_PER_START]].astype(np.uint32)
        arrays |= pack_planes(f"{group}/positions", inverted.positions[group])
    return arrays


def _by_two(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Codes of four bits, two in a byte."""
    packed = codes[::2].copy()
    packed[: codes.size // 2] |= codes[1::2] << _CODE_BITS
    return packed


def _common_first(inverted: Inverted) -> tuple[Ints, Ints]:
    """The rows of the table that occur, commonest first, and the codes with the rows' new places."""
    counts = np.bincount(inverted.codes, minlength=len(inverted.table))
    order = np.argsort(-counts, kind="stable")
    order = order[: np.count_nonzero(counts)]
    place = np.zeros(len(counts), np.int64)
    place[order] = np.arange(order.size)
    return order, place[inverted.codes]


def _spans(inverted: Inverted) -> dict[str, NDArray[Any]]:
    terms = np.repeat(np.arange(len(inverted.words), dtype=np.int64), np.diff(inverted.start))
    groups = (terms << _SPAN_BITS) | (inverted.documents >> _SPAN_BITS)
    first = np.flatnonzero(np.diff(groups, prepend=-1))
    inside = np.diff(first, append=groups.size)
    owners = groups[first] >> _SPAN_BITS
    return {
        "postings/spans": np.searchsorted(owners, np.arange(len(inverted.words) + 1)).astype(np.uint32),
        "postings/span": (groups[first] & 0xFFFF).astype(np.uint16),
        "postings/inside": inside.astype(np.uint32),
    }


class _Counted(NamedTuple):
    """Of a group of text fields, for each row of the table of frequencies: each field's, and their sum."""

    fields: Ints
    table: Ints
    sums: Ints


class Postings:
    """The postings of a file. Safe for threads; every array it gives is new or read-only."""

    def __init__(self, file: ArrayFile, *, documents: int, fields: int) -> None:
        self._file = file
        self._documents = documents
        self._wide = documents > 1 << _SPAN_BITS
        self._fields = fields
        starts: Any = np.concatenate([np.zeros(1, np.int64), np.cumsum(read_small(file, "postings/count"))])
        self._starts = memoryview(starts)
        self.starts: Ints = starts
        """For each term and once more, where its list begins."""

    @cached_property
    def table(self) -> NDArray[np.int64]:
        """The distinct frequencies: a row for each code, a column for each text field."""
        return self._file["postings/table"].reshape(-1, self._fields).astype(np.int64)

    @cached_property
    def _rare_places(self) -> NDArray[np.uint32]:
        """The places of postings whose rows are in `_rare_rows`, ascending."""
        high = self._file["postings/rare_high"]
        places: NDArray[np.uint32] = np.repeat(np.arange(high.size, dtype=np.uint32) << 16, high)
        places |= self._file["postings/rare_low"]
        return places

    @cached_property
    def _rare_at(self) -> memoryview:
        places: Any = self._rare_places
        return memoryview(places)

    @cached_property
    def _spans(self) -> memoryview:
        return self._file.view("postings/spans")

    @cached_property
    def _rare_rows(self) -> NDArray[Any]:
        return narrow(read_small(self._file, "postings/rare") + _ESCAPE)

    @cached_property
    def _placed(self) -> dict[str, Planes]:
        return {group: Planes(self._file, f"{group}/positions") for group in GROUPS}

    @property
    def total(self) -> int:
        """How many postings there are."""
        return self._starts[-1]

    def count(self, rank: int) -> int:
        """How many documents have a term, deleted ones included."""
        return self._starts[rank + 1] - self._starts[rank]

    def present(self, field: int) -> NDArray[np.bool_]:
        """Which terms occur in a text field."""
        starts = self.starts
        has = self.table[:, field][self._codes(0, int(starts[-1]))] > 0
        counts = np.concatenate([np.zeros(1, np.int64), np.cumsum(has)])
        return counts[starts[1:]] > counts[starts[:-1]]

    def of(self, rank: int) -> tuple[Ints, Ints]:
        """The documents that have a term in any text field, ascending, and their rows in `table`; both are new."""
        first, end = self._starts[rank], self._starts[rank + 1]
        return self._numbers(rank, first, end, np.int64), self._codes(first, end)

    def put(self, rank: int, documents: Ints, codes: Ints, *, base: int, row: int) -> None:
        """Write the same into arrays of the right size, documents numbered from `base` and rows from `row`."""
        first, end = self._starts[rank], self._starts[rank + 1]
        if self._wide:
            np.add(self._numbers(rank, first, end, np.int64), base, out=documents)
        else:
            np.add(self._file.slice("postings/low", first, end), base, out=documents, dtype=np.int64)
        np.add(self._codes(first, end), row, out=codes)

    def documents(self, rank: int) -> NDArray[np.int32]:
        """The documents that have a term in any text field, ascending."""
        return self._numbers(rank, self._starts[rank], self._starts[rank + 1], np.int32)

    def codes(self, rank: int) -> Ints:
        """For each of the term's documents, its row in `table`."""
        return self._codes(self._starts[rank], self._starts[rank + 1])

    def frequencies(self, rank: int) -> Ints:
        """For each of the term's documents, how often each text field has the term."""
        return self.table[self.codes(rank)]

    def gathered(self, ranks: Ints) -> tuple[NDArray[np.int32], Ints, Ints]:
        """The postings of several terms, by their ascending ranks, one term's after the other's: documents, rows in
        `table`, how many of each.

        It takes as long as they are, however few each term has.
        """
        counts = self.starts[ranks + 1] - self.starts[ranks]
        if not ranks.size:
            return np.zeros(0, np.int32), np.zeros(0, np.int64), counts
        places = ragged(self.starts[ranks], counts)
        documents = self._at("postings/low", places).astype(np.int32)
        if self._wide:
            spans = self._file["postings/spans"].astype(np.int64)
            groups = ragged(spans[ranks], spans[ranks + 1] - spans[ranks])
            bases = self._at("postings/span", groups).astype(np.int32) << _SPAN_BITS
            documents += np.repeat(bases, self._at("postings/inside", groups))
        packed = self._at("postings/code", places >> 1)
        codes = (packed >> ((places & 1) * _CODE_BITS)) & _ESCAPE
        rare_at = self._rare_places
        if rare_at.size:
            escaped = (codes == _ESCAPE).nonzero()[0]
            codes[escaped] = self._rare_rows[np.searchsorted(rare_at, places[escaped])]
        return documents, codes, counts

    def _at(self, name: str, places: Ints) -> NDArray[Any]:
        """The items of an array at some places, ascending."""
        if not places.size:
            return self._file.slice(name, 0, 0)
        first = int(places[0])
        return self._file.slice(name, first, int(places[-1]) + 1).take(places - first)

    def places(
        self, rank: int, documents: NDArray[np.int32], *, field_bits: int, position_bits: int
    ) -> dict[str, Ints]:
        """Where a term occurs in some documents: for each of GROUPS, ascending, document, field and position as one
        number.

        The position is in the lowest bits, before it the field, then the document. `documents` ascend, and some of them
        may lack the term. What is read is in proportion to the occurrences in them.
        """
        chosen = self._rows_of(rank, documents)
        if not chosen.size:
            return dict.fromkeys(GROUPS, np.zeros(0, np.int64))
        codes = self.codes(rank)
        own_codes, owners = codes.take(chosen), self.documents(rank).take(chosen).astype(np.int64) << field_bits
        found = {}
        for group, counted in self._counted.items():
            lengths = counted.sums.take(own_codes)
            wanted = int(lengths.sum())
            if not wanted:
                found[group] = np.zeros(0, np.int64)
                continue
            first = self._first_position(group, rank)
            ends = np.cumsum(counted.sums.take(codes))
            if wanted == ends[-1]:
                values = self._placed[group].slice(first, first + wanted)
            else:
                places = ragged(ends.take(chosen) - lengths, lengths)
                values = self._placed[group].at(first, first + int(ends[-1]), places)
            rows = (owners[:, np.newaxis] | counted.fields) << position_bits
            found[group] = np.repeat(rows.ravel(), counted.table.take(own_codes, axis=0).ravel())
            found[group] += values
        return found

    def _rows_of(self, rank: int, documents: NDArray[np.int32]) -> Ints:
        """The places in a term's list of those of some ascending documents that have it, ascending."""
        own = self.documents(rank)
        rows: Ints
        if documents.size * _BISECTED < own.size:
            rows = own.searchsorted(documents)
            rows = rows[own.take(rows, mode="clip") == documents]
        else:
            wanted = np.zeros(self._documents, np.bool_)
            wanted[documents] = True
            rows = wanted.take(own).nonzero()[0]
        return rows

    @cached_property
    def _counted(self) -> dict[str, "_Counted"]:
        """How often a term stands in the fields of each of GROUPS."""
        tables = {group: self.table[:, fields] for group, fields in GROUPS.items()}
        return {group: _Counted(np.array(GROUPS[group]), table, table.sum(axis=1)) for group, table in tables.items()}

    def positions(self, rank: int, field: int) -> tuple[Ints, Ints]:
        """For each document that has a term in a field, how often; and all positions in there, document by document.

        The documents are those of `documents` whose frequency in the field is above 0.
        """
        group, fields = next(found for found in GROUPS.items() if field in found[1])
        frequencies = self.frequencies(rank)
        each = frequencies[:, list(fields)].sum(axis=1)
        first = self._first_position(group, rank)
        values = self._placed[group].slice(first, first + int(each.sum()))
        before = frequencies[:, [other for other in fields if other < field]].sum(axis=1)
        starts = np.cumsum(each) - each + before
        counts = frequencies[:, field]
        present = counts > 0
        return counts[present], values[ragged(starts[present], counts[present])]

    def pairs(self, fields: tuple[int, ...]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Every term in every document that has it in one of the text fields: the term's rank, ascending; the document.

        The documents of one term ascend.
        """
        here = np.flatnonzero(self._has(fields))
        held = np.diff(np.searchsorted(here, self.starts))
        documents: NDArray[np.int32] = self._file["postings/low"][here].astype(np.int32)
        if self._wide:
            spans = np.repeat(self._file["postings/span"], self._file["postings/inside"])
            documents |= spans[here].astype(np.int32) << _SPAN_BITS
        return np.repeat(np.arange(held.size, dtype=np.int32), held), documents

    def _has(self, fields: tuple[int, ...]) -> NDArray[np.bool_]:
        """For each posting of all terms, whether one of the text fields has the term."""
        rows: NDArray[np.bool_] = self.table[:, list(fields)].sum(axis=1) > 0
        common = np.zeros(_ESCAPE + 1, np.bool_)
        common[: min(rows.size, _ESCAPE)] = rows[:_ESCAPE]
        packed = np.arange(256)
        # What each byte says of its two postings, looked up for both at once.
        both = np.stack([common[packed & _ESCAPE], common[packed >> _CODE_BITS]], axis=1).view(np.uint16).ravel()
        found: NDArray[np.bool_] = both.take(self._file["postings/code"]).view(np.bool_)[: self.total]
        found[self._rare_places] = rows[self._rare_rows]
        return found

    def all_codes(self) -> Ints:
        """For each posting of all terms, its row in `table`."""
        return self._codes(0, self.total)

    def inverted(self, words: list[bytes], forms: NDArray[np.uint16]) -> Inverted:
        """All postings in memory, for merging; `forms` are those of newsearch.engine.whoosh.forms."""
        starts = self.starts
        documents = self._all_documents()
        positions = {
            group: self._placed[group]
            .slice(0, int(self.table[:, fields].sum(axis=1)[self.all_codes()].sum()))
            .astype(np.uint32)
            for group, fields in GROUPS.items()
        }
        return Inverted(words, starts, documents, self.all_codes(), self.table.astype(np.uint16), positions, forms)

    def _all_documents(self) -> NDArray[np.uint32]:
        documents: NDArray[np.uint32] = self._file["postings/low"].astype(np.uint32)
        if self._wide:
            bases = self._file["postings/span"].astype(np.uint32) << _SPAN_BITS
            documents += np.repeat(bases, self._file["postings/inside"])
        return documents

    def _numbers(self, rank: int, first: int, end: int, kind: type[np.integer[Any]]) -> NDArray[Any]:
        found: NDArray[Any] = self._file.slice("postings/low", first, end).astype(kind)
        if self._wide:
            spans = self._spans
            a, b = spans[rank], spans[rank + 1]
            bases = self._file.slice("postings/span", a, b).astype(kind) << _SPAN_BITS
            found += np.repeat(bases, self._file.slice("postings/inside", a, b))
        return found

    def _codes(self, first: int, end: int) -> Ints:
        packed = self._file.slice("postings/code", first // 2, (end + 1) // 2)
        codes: Ints = _BOTH.take(packed, axis=0).reshape(-1)[first & 1 : (first & 1) + end - first]
        rare_at = self._rare_at
        # Nearly every list is too short to have one: that is told without NumPy.
        a = bisect_left(rare_at, first)
        if a < len(rare_at) and rare_at[a] < end:
            b = bisect_left(rare_at, end, a)
            codes[self._rare_places[a:b].astype(np.int64) - first] = self._rare_rows[a:b]
        return codes

    def _first_position(self, group: str, rank: int) -> int:
        block = rank // _PER_START
        first = int(self._file[f"{group}/at"][block])
        since = block * _PER_START
        if since == rank:
            return first
        sums = self._counted[group].sums
        return first + int(sums.take(self._codes(self._starts[since], self._starts[rank])).sum())
