"""Occurrences of words, sorted into an inverted index of their terms.

    occurrences = Occurrences(words, packed_places(documents, field, starts, counts))
    inverted = invert(terms, [occurrences], term_of_word, form_of_word)

One sort does it: term, document, field, position and the written form are packed into one 64-bit number each. The form
needs no sorting, it comes along; where the terms are so many that there is no room for it, an index is sorted instead.

    an occurrence's place  bits 40..24 document ┊ 23..21 field ┊ 20..0 position
    what is sorted         the term's place among the sorted terms ┊ the occurrence's place ┊ form
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.postings import GROUPS, MAX_FREQUENCY, MAX_POSITION, Inverted

__all__ = ["MAX_DOCUMENTS", "MAX_TERMS", "Occurrences", "invert", "packed_places"]

MAX_DOCUMENTS = 1 << 17
"""How many documents can be inverted at once; more make several segments, which are merged."""

MAX_TERMS = 1 << 23

_DOCUMENT, _FIELD = 24, 21
_PLACE_BITS, _KEY_BITS = 41, 64
_BITS = 12
_LOW = 15
"""Frequencies up to this one, in every field, are looked up in a table; the others, which are rare, are sorted."""

_AT_ONCE = 1 << 16
"""So many sorted occurrences are taken apart at a time: they stay in the processor's cache."""

Ints = NDArray[np.int64]

_ONE: Ints = np.int64(1) << (np.arange(8, dtype=np.int64) * _BITS)
"""For each field what one occurrence adds to a posting's frequencies."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Occurrences of words, in any order: the words' numbers, and where each stands (`packed_places`)."""

    words: NDArray[np.int32]
    places: NDArray[np.uint64]

    @property
    def documents(self) -> Ints:
        """The document of each."""
        return (self.places >> np.uint64(_DOCUMENT)).astype(np.int64)

    @property
    def fields(self) -> Ints:
        """The text field of each, by its number."""
        return ((self.places >> np.uint64(_FIELD)) & np.uint64(7)).astype(np.int64)

    @property
    def positions(self) -> Ints:
        """The position of each in its field."""
        return (self.places & np.uint64(MAX_POSITION)).astype(np.int64)

    def add_lengths(self, lengths: Ints, counted: NDArray[np.bool_]) -> None:
        """Add to `lengths`, a row a document, how many words are in each field; `counted` tells which count."""
        runs = (self.places[counted[self.words]] >> np.uint64(_FIELD)).astype(np.int64)
        if runs.size:
            first = int(runs.min())
            found = np.bincount(runs - first)
            lengths.reshape(-1)[first : first + found.size] += found


def packed_places(documents: Ints, fields: Ints | int, starts: Ints, counts: Ints) -> NDArray[np.uint64]:
    """The places of runs of occurrences: each in a field of a document, at so many positions from a first one on.

    Positions past MAX_POSITION count as that. Raises ValueError past MAX_DOCUMENTS.
    """
    if documents.size and int(documents.max()) >= MAX_DOCUMENTS:
        raise ValueError("too many documents for one segment")
    positions: Ints = np.repeat(starts - (np.cumsum(counts) - counts), counts)
    positions += np.arange(positions.size)
    np.minimum(positions, MAX_POSITION, out=positions)
    places: Ints = np.repeat(documents << _DOCUMENT | fields << _FIELD, counts)
    places |= positions
    return places.astype(np.uint64)


def invert(
    terms: Sequence[bytes], batches: Sequence[Occurrences], term_of_word: Ints, form_of_word: NDArray[np.uint16]
) -> Inverted:
    """The inverted index of occurrences.

    `terms` ascend and are distinct. For every number of a word, `term_of_word` has its term's place in there, and
    `form_of_word` which of the term's forms it is. Raises ValueError past MAX_TERMS.
    """
    if len(terms) > MAX_TERMS:
        raise ValueError("too many terms for one segment")
    keys, forms = _sorted(batches, term_of_word, form_of_word, len(terms))
    runs = [_run_of(keys[start:end]) for start, end in pairwise(_cuts(keys))]
    if any(run.crowded for run in runs):
        keys, forms = _countable(keys, forms)
        runs = [_run_of(keys[start:end]) for start, end in pairwise(_cuts(keys))]
    owners = np.concatenate([np.zeros(0, np.uint64), *(run.owners for run in runs)])
    codes, table = _frequency_codes(np.concatenate([np.zeros(0, np.int64), *(run.counts for run in runs)]))
    counts = np.bincount((owners >> np.uint64(_PLACE_BITS - _DOCUMENT)).astype(np.int64), minlength=len(terms))
    none = np.zeros(0, np.uint32)
    return Inverted(
        list(terms),
        np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]),
        owners.astype(np.uint32) & np.uint32(MAX_DOCUMENTS - 1),
        codes,
        table,
        {group: np.concatenate([none, *(run.positions[group] for run in runs)]) for group in GROUPS},
        forms,
    )


class _Run(NamedTuple):
    """Some of the sorted occurrences, all of each posting that is among them, taken apart.

    For each posting its term and document, and its frequencies in all fields (_BITS bits each); the positions by
    groups of fields; and whether a posting may have more occurrences than are counted.
    """

    owners: NDArray[np.uint64]
    counts: Ints
    positions: dict[str, NDArray[np.uint32]]
    crowded: bool


def _cuts(keys: NDArray[np.uint64]) -> list[int]:
    """Where to cut sorted occurrences so that pieces have about _AT_ONCE and no posting lies in two."""
    postings = keys[::_AT_ONCE] >> np.uint64(_DOCUMENT) << np.uint64(_DOCUMENT)
    return [*np.unique(np.searchsorted(keys, postings)).tolist(), keys.size]


def _run_of(keys: NDArray[np.uint64]) -> _Run:
    postings = keys >> np.uint64(_DOCUMENT)
    first = np.flatnonzero(postings[1:] != postings[:-1]) + 1
    first = np.concatenate([np.zeros(min(keys.size, 1), np.int64), first])
    crowded = keys.size > MAX_FREQUENCY and int(np.diff(first, append=keys.size).max()) > MAX_FREQUENCY
    fields = ((keys >> np.uint64(_FIELD)) & np.uint64(7)).astype(np.uint8)
    positions = keys.astype(np.uint32) & np.uint32(MAX_POSITION)
    groups = {group: positions[_one_of(members)[fields]] for group, members in GROUPS.items()}
    counts = np.add.reduceat(_ONE[fields], first) if first.size else np.zeros(0, np.int64)
    return _Run(postings[first], counts, groups, crowded)


def _sorted(
    batches: Sequence[Occurrences], term_of_word: Ints, form_of_word: NDArray[np.uint16], terms: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint16]]:
    """The occurrences as terms and places, ascending; and their forms."""
    width = int(form_of_word.max(initial=0)).bit_length()
    fits = terms.bit_length() + _PLACE_BITS + width <= _KEY_BITS
    form_bits = np.uint64(width if fits else 0)
    heads = term_of_word.astype(np.uint64) << np.uint64(_PLACE_BITS) << form_bits
    if fits:
        heads |= form_of_word
    keys = np.empty(sum(batch.words.size for batch in batches), np.uint64)
    end = 0
    for batch in batches:
        start, end = end, end + batch.words.size
        np.bitwise_or(heads[batch.words], batch.places << form_bits, out=keys[start:end])
    if fits:
        keys.sort()
        forms = keys.astype(np.uint16) & np.uint16((1 << width) - 1)
        keys >>= form_bits
        return keys, forms
    order = np.argsort(keys)
    every = np.concatenate([batch.words for batch in batches])
    return keys[order], form_of_word[every][order]


def _countable(keys: NDArray[np.uint64], forms: NDArray[np.uint16]) -> tuple[NDArray[np.uint64], NDArray[np.uint16]]:
    """Sorted occurrences without those past MAX_FREQUENCY of a term in one field of a document."""
    runs = keys >> np.uint64(_FIELD)
    past = np.flatnonzero(runs[MAX_FREQUENCY:] == runs[:-MAX_FREQUENCY]) + MAX_FREQUENCY
    return np.delete(keys, past), np.delete(forms, past)


def _one_of(members: Sequence[int]) -> NDArray[np.bool_]:
    """For each field number whether it is one of some, to look up those of an array at once."""
    table = np.zeros(8, np.bool_)
    table[list(members)] = True
    return table


def _frequency_codes(packed: Ints) -> tuple[Ints, NDArray[np.uint16]]:
    """For postings' frequencies a code each, and the table of what the codes stand for, a column a field."""
    count = sum(map(len, GROUPS.values()))
    small = np.zeros(packed.size, np.int64)
    for field in range(count):
        small |= ((packed >> (_BITS * field)) & _LOW) << (4 * field)
    # Postings with a frequency past _LOW somewhere are coded apart, after the others.
    high = sum((MAX_FREQUENCY & ~_LOW) << (_BITS * field) for field in range(count))
    large = np.flatnonzero(packed & high)
    seen = np.zeros(1 << (4 * count), np.bool_)
    ordinary = np.delete(small, large) if large.size else small
    seen[ordinary] = True
    distinct = np.flatnonzero(seen)
    lookup = np.zeros(seen.size, np.int64)
    lookup[distinct] = np.arange(distinct.size)
    codes = lookup[small]
    rows = [np.stack([(distinct >> (4 * field)) & _LOW for field in range(count)], axis=1)]
    if large.size:
        values, inverse = np.unique(packed[large], return_inverse=True)
        codes[large] = distinct.size + inverse
        rows.append(np.stack([(values >> (_BITS * field)) & MAX_FREQUENCY for field in range(count)], axis=1))
    return codes, np.concatenate(rows).astype(np.uint16)
