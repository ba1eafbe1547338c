"""Which written form of a term each of its occurrences has.

    arrays = pack_forms(inverted, written)
    forms = Forms(file, postings)
    forms.counts(places, documents)       # of the words at some places of the words as written

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

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.columns import pack_small, read_small
from newsearch.engine.whoosh.container import ArrayFile
from newsearch.engine.whoosh.dictionary import pack_words
from newsearch.engine.whoosh.distinct import counted, distinct
from newsearch.engine.whoosh.parts import Written
from newsearch.engine.whoosh.postings import Inverted, Postings
from newsearch.engine.whoosh.ragged import ragged
from newsearch.engine.whoosh.totals import totals

__all__ = ["Forms", "pack_forms"]

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
    def occurrences(self) -> Ints:
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

    def counts(self, places: Ints, documents: int) -> tuple[Ints, list[Ints]]:
        """The documents that have some of the words as written at some places, ascending, deleted ones included; and
        for each text field how often each document has them in it.

        `documents` is how many the file has. Terms all of whose forms are asked for, as those of a prefix mostly are,
        are not looked at form by form.
        """
        ranks, asked = counted(self.terms[places])
        _, starts = self._by_term
        whole = asked == starts[ranks + 1] - starts[ranks]
        table = self._postings.table
        if whole.all():
            having, codes, _ = self._postings.gathered(ranks)
            return totals(having, codes, table, documents)
        having, codes, _ = self._postings.gathered(ranks[whole])
        others, other_codes, mixed, counts = self._of_some_forms(ranks[~whole], places)
        # Who has other forms of a term too has a row of his own.
        rows = np.arange(len(table), len(table) + mixed.size)
        return totals(
            np.concatenate([having, others, mixed]),
            np.concatenate([codes, other_codes, rows]),
            np.concatenate([table, counts]) if mixed.size else table,
            documents,
        )

    def present(self, documents: NDArray[np.bool_], places: Ints) -> NDArray[np.bool_]:
        """Which of the words as written at some places some of the documents have.

        It looks at every posting of the words' terms.
        """
        order, starts = self._by_term
        ranks = distinct(self.terms[places])
        variety = starts[ranks + 1] - starts[ranks]
        found = np.zeros(self.terms.size, np.bool_)
        single, several = ranks[variety == 1], ranks[variety > 1]
        if single.size:
            having, _, counts = self._postings.gathered(single)
            found[order[starts[single]]] = np.logical_or.reduceat(documents[having], np.cumsum(counts) - counts)
        if several.size:
            having, codes, counts = self._postings.gathered(several)
            variety = variety[variety > 1]
            forms, begins, each = self._occurrences(several, codes, counts, np.cumsum(variety) - variety)
            shown = documents[having].nonzero()[0]
            seen = np.zeros(int(variety.sum()), np.bool_)
            seen[forms.take(ragged(begins.take(shown), each.take(shown)))] = True
            found[order[ragged(starts[several], variety)]] = seen
        return found[places]

    def _of_some_forms(
        self, ranks: Ints, places: Ints
    ) -> tuple[NDArray[np.int32], Ints, NDArray[np.int32], NDArray[np.int64]]:
        """The postings of terms with several forms, as far as they are of those at some places.

        First the documents that have no other forms of the term, with their rows in the table of frequencies; then the
        documents that have others too, and how often each of their fields has those asked for.
        """
        documents, codes, postings = self._postings.gathered(ranks)
        table = self._postings.table
        order, starts = self._by_term
        variety = starts[ranks + 1] - starts[ranks]
        asked_for = np.zeros(self.terms.size, np.bool_)
        asked_for[places] = True
        asked_for = asked_for[order[ragged(starts[ranks], variety)]]  # of each term's forms, by their numbers
        forms, begins, each = self._occurrences(ranks, codes, postings, np.cumsum(variety) - variety)
        before = np.zeros(forms.size + 1, np.int32)
        np.cumsum(asked_for.take(forms), dtype=np.int32, out=before[1:])
        having = before.take(begins + each) - before.take(begins)
        alone, mixed = (having == each).nonzero()[0], ((having > 0) & (having < each)).nonzero()[0]
        rows = table[codes.take(mixed)]
        field_ends = begins.take(mixed)[:, np.newaxis] + np.cumsum(rows, axis=1)
        counts = (before.take(field_ends) - before.take(field_ends - rows)).astype(np.int64)
        return documents.take(alone), codes.take(alone), documents.take(mixed), counts

    def _occurrences(
        self, ranks: Ints, codes: Ints, postings: Ints, added: Ints
    ) -> tuple[NDArray[np.int32], Ints, Ints]:
        """The forms of all occurrences of some terms with several forms; where each posting's begin; how many it has.

        `codes` are the rows of the terms' postings, of which each term has so many. To the numbers of a term's forms
        `added` is added. Terms stand in any order, and behind a term's forms there may be some that mean nothing.
        """
        each = self._postings.table.sum(axis=1).take(codes)
        ends = np.cumsum(each)
        term_ends = ends[np.cumsum(postings) - 1]
        of_terms = np.diff(term_ends, prepend=0)
        several, widths = self._runs
        at = np.searchsorted(several, ranks)
        begins, widths = self._file["forms/at"][at].astype(np.int64), widths[at]
        first, parts, end = np.zeros(ranks.size, np.int64), [], 0
        for width in distinct(widths).tolist():
            chosen = np.flatnonzero(widths == width)
            per_item = max(1, _BYTE // width)
            sizes = -(-of_terms[chosen] // per_item)
            packed = self._file[f"forms/{width}"][ragged(begins[chosen], sizes)]
            forms = _EACH_BYTE[width].take(packed, axis=0) if per_item > 1 else packed[:, np.newaxis]
            part = forms + np.repeat(added[chosen].astype(np.int32), sizes)[:, np.newaxis]
            parts.append(part.ravel())
            first[chosen] = end + (np.cumsum(sizes) - sizes) * per_item
            end += part.size
        return np.concatenate(parts), ends - each + np.repeat(first - (term_ends - of_terms), postings), each

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


def _unpacked(packed: NDArray[Any], width: int) -> NDArray[Any]:
    """The numbers in an array of so many bits each."""
    if width >= _BYTE:
        return packed
    forms: NDArray[Any] = _EACH_BYTE[width].take(packed, axis=0).ravel()
    return forms


def _numbers_in_bytes(width: int) -> NDArray[np.uint8]:
    """The numbers of so many bits in each byte there is."""
    shifts = np.arange(0, _BYTE, width, dtype=np.uint8)
    numbers: NDArray[np.uint8] = (np.arange(256, dtype=np.uint8)[:, np.newaxis] >> shifts) & np.uint8((1 << width) - 1)
    return numbers


_EACH_BYTE = {width: _numbers_in_bytes(width) for width in _WIDTHS if width < _BYTE}
