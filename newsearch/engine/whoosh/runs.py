"""Where in a segment words follow each other, or stand near each other.

    documents, fields = occurrences(Run((("police",), ("facial",)), slop=3), segment, view.places)

The documents that have all the words come first: positions are read of those alone. What occurrences come to in a view
is `tallies`'.
"""

from collections.abc import Collection, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.sought import Run, Terms
from newsearch.engine.whoosh.distinct import distinct
from newsearch.engine.whoosh.kept import Kept
from newsearch.engine.whoosh.postings import GROUPS
from newsearch.engine.whoosh.snapshot import Segment

__all__ = ["Places", "occurrences"]

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]

_POSITION_BITS = 24
_FIELD_BITS = 3
_BISECTED = 16
"""A list so many times as long as another is looked into by bisection."""

_SLOT_BYTES = 128

Places = dict[Terms, dict[str, Ints]]
"""For each word of a run, and each group of text fields, where it occurs in the documents that have all of them."""


def occurrences(run: Run, segment: Segment, kept: Kept[Places]) -> tuple[Ints, Ints]:
    """For each occurrence of a run its document, by its number in the segment, and its field; in no order.

    Words near each other occur where the smallest stretches with all of them do. `kept` has where words are that were
    asked for together before: many phrases of a query may have the same ones.
    """
    starts = _stretches(run, segment, kept)
    if not starts.size:
        return starts, starts
    owners = starts >> _POSITION_BITS
    return owners >> _FIELD_BITS, owners & (1 << _FIELD_BITS) - 1


def _stretches(run: Run, segment: Segment, kept: Kept[Places]) -> Ints:
    """The place of each occurrence's first word: a document, a field and a position in one number."""
    slots = frozenset(run.slots)
    places = kept.get((segment.base, slots), lambda: _places_of(slots, segment))
    found = []
    for group in GROUPS:
        here = {slot: of_groups[group] for slot, of_groups in places.items()}
        if here and all(own.size for own in here.values()):
            found.append(_near(run, here) if run.slop else _in_a_row(run.slots, here))
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _places_of(slots: Collection[Terms], segment: Segment) -> tuple[Places, int]:
    """Where words are in the documents that have all of them, nothing where there are none; and the bytes it takes.

    Those of the words themselves are among them: a phrase may have hundreds, and nothing else.
    """
    size = len(slots) * _SLOT_BYTES
    ranks = {slot: [rank for rank in map(segment.file.rank, slot) if rank >= 0] for slot in slots}
    if not all(ranks.values()):
        return {}, size
    common = _having_all(list(ranks.values()), segment)
    if not common.size:
        return {}, size
    places = {slot: _places(own, common, segment) for slot, own in ranks.items()}
    return places, size + sum(own.nbytes for of_groups in places.values() for own in of_groups.values())


def _having_all(ranks: list[list[int]], segment: Segment) -> Numbers:
    """The documents that have, for each of several lists of terms, one of them; most runs have a rare one."""
    postings, size = segment.file.postings, segment.file.documents
    owners = [[postings.documents(rank) for rank in own] for own in ranks]
    lists = [own[0] if len(own) == 1 else distinct(np.concatenate(own)) for own in owners]
    return reduce(lambda few, many: _common(few, many, size), sorted(lists, key=len))


def _common(few: Numbers, many: Numbers, size: int) -> Numbers:
    """The documents, of so many, that are in both lists; both ascend."""
    if few.size * _BISECTED < many.size:
        return few[_among(few, many)]
    marked = np.zeros(size, np.bool_)
    marked[many] = True
    return few[marked.take(few)]


def _among(few: NDArray[Any], many: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of some ascending numbers are among others, of which there are some."""
    here: NDArray[np.bool_] = many.take(many.searchsorted(few), mode="clip") == few
    return here


def _places(ranks: Sequence[int], common: Numbers, segment: Segment) -> dict[str, Ints]:
    """Where in some documents some terms occur, ascending in each group of fields."""
    postings = segment.file.postings
    found = [postings.places(rank, common, field_bits=_FIELD_BITS, position_bits=_POSITION_BITS) for rank in ranks]
    if len(found) == 1:
        return found[0]
    return {group: np.sort(np.concatenate([own[group] for own in found])) for group in GROUPS}


def _in_a_row(slots: Sequence[Terms], places: dict[Terms, Ints]) -> Ints:
    """Where all slots follow each other, beginning with the first."""
    offsets = sorted(range(len(slots)), key=lambda offset: places[slots[offset]].size)
    starts = places[slots[offsets[0]]] - offsets[0]
    for offset in offsets[1:]:
        if not starts.size:
            break
        starts = starts[_among(starts + offset, places[slots[offset]])]
    return starts


def _near(run: Run, places: dict[Terms, Ints]) -> Ints:
    """Where the smallest stretches with all slots, each as often as it is asked for, begin."""
    length = len(run.slots) + run.slop
    rarest = min(places.values(), key=len)
    # What is far from the rarest word is in no stretch that is short enough.
    near = {slot: own if own is rarest else own[_within(own, rarest, length)] for slot, own in places.items()}
    if not all(own.size for own in near.values()):
        return np.zeros(0, np.int64)
    if len(near) == len(run.slots) == 2 and set(run.slots[0]).isdisjoint(run.slots[1]):
        first, second = near.values()
        return _side_by_side(first, second, length)
    return _smallest(run.slots, near, length)


def _within(places: Ints, others: Ints, length: int) -> NDArray[np.bool_]:
    """Which places are less than so many positions from one of some others."""
    if others.size * _BISECTED > places.size:
        return np.ones(places.size, np.bool_)
    marked = np.zeros(places.size + 1, np.int64)
    np.add.at(marked, places.searchsorted(others - length, "right"), 1)
    np.add.at(marked, places.searchsorted(others + length, "left"), -1)
    within: NDArray[np.bool_] = np.cumsum(marked[:-1]) > 0
    return within


def _side_by_side(first: Ints, second: Ints, length: int) -> Ints:
    """Where the smallest stretches with both of two words begin: no other word of the two is in between."""
    every = np.sort(np.concatenate([first << 1, second << 1 | 1]))
    places = every >> 1
    changes = ((every[1:] ^ every[:-1]) & 1).astype(np.bool_)
    begins: Ints = places[:-1][changes & (np.diff(places) < length)]
    return begins


def _smallest(slots: Sequence[Terms], places: dict[Terms, Ints], length: int) -> Ints:
    """The same of any words.

    One that ends at a word begins where the words needed, counted back from there, begin; and it is among the smallest
    if the stretch that ends at the word before begins earlier.
    """
    every = np.concatenate([places[slot] for slot in places])
    order = every.argsort(kind="stable")
    ends = every.take(order)
    owners = np.repeat(np.arange(len(places), dtype=np.uint16), [own.size for own in places.values()]).take(order)
    begins = ends
    for number, (slot, own) in enumerate(places.items()):
        until = np.cumsum(owners == number, dtype=np.int64) - slots.count(slot)
        begins = np.minimum(begins, np.where(until >= 0, own.take(np.maximum(until, 0)), -1))
    if len({term for slot in places for term in slot}) < sum(map(len, places)):
        # A word that is of two slots stands there twice; what is counted at the last of them is right.
        last = np.diff(ends, append=-1) != 0
        ends, begins = ends[last], begins[last]
    smallest = np.diff(begins, prepend=-1) > 0
    found: Ints = begins[smallest & (ends - begins < length)]
    return found
