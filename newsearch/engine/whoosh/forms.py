"""Which written form of a term each of its occurrences has.

    arrays = pack_forms(inverted, written)
    forms = Forms(file, postings)
    forms.arrays(field, place)            # of the word at a place of the words as written

Terms are stems: "universe" and "university" are one. Who asks for words as they are written needs the occurrences of
one form alone. A term's forms are numbered in the order of the words as written; of a term with one form nothing is
stored, for that is all of its occurrences.

    written/*         the words as written, ascending; one that is written for two terms stands there twice, in the
                      terms' order                                                (newsearch.engine.whoosh.dictionary)
    written/count     how often each occurs                                          (newsearch.engine.whoosh.columns)
    written/step      for each, how far its term's place lies behind that of the word before it: twice the way on, or
                      twice the way back less one                                    (newsearch.engine.whoosh.columns)
    forms/at     u32  for each term with several forms, and by its width, where its run begins
    forms/1 2 4  u8   \\ the numbers of forms, term by term, in the order of documents, fields and positions; so many
    forms/8      u8    > bits each as hold the term's greatest, the first in the lowest bits. A run begins with a byte
    forms/16     u16  /
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.columns import pack_small, read_small
from newsearch.engine.whoosh.container import ArrayFile
from newsearch.engine.whoosh.dictionary import pack_words
from newsearch.engine.whoosh.parts import Written
from newsearch.engine.whoosh.postings import Inverted, Postings, ragged

__all__ = ["Forms", "added_up", "pack_forms"]

Ints = NDArray[np.int64]

_WIDTHS = (1, 2, 4, 8, 16)
_BYTE = 8


def pack_forms(inverted: Inverted, written: Written) -> dict[str, NDArray[Any] | bytes]:
    """The arrays of the words as written and of each occurrence's form."""
    steps = np.diff(written.terms, prepend=0)
    arrays: dict[str, NDArray[Any] | bytes] = {
        **pack_words("written", written.words),
        **pack_small("written/count", written.counts),
        **pack_small("written/step", np.where(steps < 0, -2 * steps - 1, 2 * steps)),
    }
    variety = np.bincount(written.terms, minlength=len(inverted.words))
    several = np.flatnonzero(variety > 1)
    each = inverted.table.sum(axis=1, dtype=np.int64)[inverted.codes]
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(each)])[inverted.start]
    counts = np.diff(ends)[several]
    begins = ends[several]
    widths = _widths(variety[several])
    at = np.zeros(several.size, np.int64)
    for width in _WIDTHS:
        chosen = widths == width
        runs = inverted.forms[ragged(begins[chosen], counts[chosen])]
        arrays[f"forms/{width}"], at[chosen] = _packed(runs, counts[chosen], width)
    arrays["forms/at"] = at.astype(np.uint32)
    return arrays


def _widths(variety: Ints) -> Ints:
    """How many bits the numbers of so many forms take."""
    limits = np.array([1 << width for width in _WIDTHS])
    return np.array(_WIDTHS)[np.searchsorted(limits, variety)]


def _packed(forms: NDArray[np.uint16], counts: Ints, width: int) -> tuple[NDArray[Any], Ints]:
    """Runs of forms in so many bits each, and where each run begins."""
    if width >= _BYTE:
        return forms.astype(np.uint16 if width > _BYTE else np.uint8), np.cumsum(counts) - counts
    per_byte = _BYTE // width
    sizes = -(-counts // per_byte)
    starts = np.cumsum(sizes) - sizes
    room = np.zeros(int(sizes.sum()) * per_byte, np.uint8)
    room[ragged(starts * per_byte, counts)] = forms
    rows = room.reshape(-1, per_byte)
    packed = np.zeros(len(rows), np.uint8)
    for place in range(per_byte):
        packed |= rows[:, place] << (place * width)
    return packed, starts


class Forms:
    """The written forms of a file. Safe for threads."""

    def __init__(self, file: ArrayFile, postings: Postings) -> None:
        self._file = file
        self._postings = postings

    @cached_property
    def counts(self) -> Ints:
        """For each word as written, how often it occurs."""
        return read_small(self._file, "written/count")

    @cached_property
    def terms(self) -> Ints:
        """For each word as written, the place of its term."""
        steps = read_small(self._file, "written/step")
        return np.cumsum(np.where(steps & 1, -(steps + 1) // 2, steps // 2))

    @cached_property
    def _by_term(self) -> tuple[Ints, Ints]:
        """The words as written ordered by their terms; and for each term and once more, where its own begin."""
        order = np.argsort(self.terms, kind="stable")
        count = int(self.terms.max(initial=-1)) + 1
        return order, np.searchsorted(self.terms[order], np.arange(count + 1))

    @cached_property
    def _runs(self) -> tuple[Ints, Ints]:
        """The terms with several forms, and how many bits a number of theirs takes."""
        variety = np.diff(self._by_term[1])
        several = np.flatnonzero(variety > 1)
        return several, _widths(variety[several])

    def of_term(self, rank: int) -> Ints:
        """The places of the words as written that become a term, ascending."""
        order, starts = self._by_term
        return order[starts[rank] : starts[rank + 1]]

    def arrays(self, field: int, place: int) -> tuple[NDArray[np.int32], Ints]:
        """The documents that have the word as written at a place in a text field, and how often each has it.

        Ascending and deleted ones included.
        """
        rank = int(self.terms[place])
        documents = self._postings.documents(rank)
        frequencies = self._postings.frequencies(rank)
        counts = frequencies[:, field]
        own = self.of_term(rank)
        if own.size > 1:
            each = frequencies.sum(axis=1)
            found = self._run(rank, int(each.sum())) == np.searchsorted(own, place)
            before = np.concatenate([np.zeros(1, np.int64), np.cumsum(found)])
            begins = np.cumsum(each) - each + frequencies[:, :field].sum(axis=1)
            counts = before[begins + counts] - before[begins]
        present = counts > 0
        return documents[present], counts[present]

    def all(self) -> NDArray[np.uint16]:
        """The form of every occurrence, for merging."""
        each = self._postings.table.sum(axis=1)[self._postings.all_codes()]
        ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(each)])[self._postings.starts]
        forms = np.zeros(int(ends[-1]), np.uint16)
        several, widths = self._runs
        at = self._file["forms/at"].astype(np.int64)
        counts = np.diff(ends)[several]
        for width in _WIDTHS:
            chosen = widths == width
            unpacked = _unpacked(self._file[f"forms/{width}"], width)
            per_item = max(1, _BYTE // width)
            places = ragged(at[chosen] * per_item, counts[chosen])
            forms[ragged(ends[several[chosen]], counts[chosen])] = unpacked[places]
        return forms

    def _run(self, rank: int, count: int) -> NDArray[Any]:
        """The forms of all occurrences of a term with several forms."""
        several, widths = self._runs
        place = int(np.searchsorted(several, rank))
        width = int(widths[place])
        first = int(self._file["forms/at"][place])
        items = count if width >= _BYTE else -(-count * width // _BYTE)
        return _unpacked(self._file.slice(f"forms/{width}", first, first + items), width)[:count]


def _unpacked(packed: NDArray[Any], width: int) -> NDArray[Any]:
    """The numbers in an array of so many bits each."""
    if width >= _BYTE:
        return packed
    shifts = np.arange(0, _BYTE, width, dtype=np.uint8)
    return ((packed[:, np.newaxis] >> shifts) & np.uint8((1 << width) - 1)).ravel()


def added_up(found: Sequence[tuple[NDArray[Any], Ints]]) -> tuple[NDArray[Any], Ints]:
    """Documents and frequencies of several words as those of any of them: ascending, a document's frequencies added."""
    if len(found) == 1:
        return found[0]
    none = np.zeros(0, np.int32), np.zeros(0, np.int64)
    every, each = (np.concatenate(arrays) for arrays in zip(none, *found, strict=True))
    documents, places = np.unique(every, return_inverse=True)
    return documents, np.bincount(places, each, documents.size).astype(np.int64)
