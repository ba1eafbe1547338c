"""Occurrences of terms, sorted into an inverted index.

    inverted = invert(words, terms, documents, fields, positions)

One sort does it: term, document, field and position are packed into one 64-bit number each.

    bits 63..41 the term's place among the sorted words ┊ 40..24 document ┊ 23..21 field ┊ 20..0 position
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.postings import GROUPS, MAX_FREQUENCY, MAX_POSITION, Inverted

__all__ = ["MAX_DOCUMENTS", "MAX_TERMS", "invert"]

MAX_DOCUMENTS = 1 << 17
"""How many documents can be inverted at once; more make several segments, which are merged."""

MAX_TERMS = 1 << 23

_TERM, _DOCUMENT, _FIELD = 41, 24, 21
_BITS = 12
_LOW = 15
"""Frequencies up to this one, in every field, are looked up in a table; the others, which are rare, are sorted."""

Ints = NDArray[np.int64]


def invert(
    words: Sequence[bytes],
    terms: NDArray[np.integer[Any]],
    documents: NDArray[np.integer[Any]],
    fields: NDArray[np.uint8],
    positions: NDArray[np.integer[Any]],
    *,
    forms: NDArray[np.uint16] | None = None,
) -> Inverted:
    """The inverted index of occurrences, given in any order.

    `terms` are places in `words`, which may be in any order and have to be distinct. All occurrence arrays have the
    same length; without `forms` all are written in a term's form 0. Raises ValueError past MAX_DOCUMENTS or MAX_TERMS.
    """
    if len(words) > MAX_TERMS or (documents.size and int(documents.max()) >= MAX_DOCUMENTS):
        raise ValueError("too many terms or documents for one segment")
    order = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words), np.uint64)
    rank[order] = np.arange(len(words), dtype=np.uint64)
    keys = rank[terms] << np.uint64(_TERM)
    keys |= documents.astype(np.uint64) << np.uint64(_DOCUMENT)
    keys |= fields.astype(np.uint64) << np.uint64(_FIELD)
    keys |= np.minimum(positions, MAX_POSITION).astype(np.uint64)
    written = None if forms is None else _later_forms(keys, forms)
    keys.sort()
    keys = _countable(keys)
    sorted_forms = np.zeros(keys.size, np.uint16)
    if written is not None:
        places = np.searchsorted(keys, written[0])
        kept = np.flatnonzero(keys[np.minimum(places, keys.size - 1)] == written[0])
        sorted_forms[places[kept]] = written[1][kept]
    sorted_fields = ((keys >> np.uint64(_FIELD)) & np.uint64(7)).astype(np.uint8)
    postings = (keys >> np.uint64(_DOCUMENT)).astype(np.int64)
    first = np.flatnonzero(np.diff(postings, prepend=-1))
    codes, table = _frequency_codes(sorted_fields, first)
    owners = postings[first]
    all_positions = (keys & np.uint64(MAX_POSITION)).astype(np.uint32)
    return Inverted(
        [words[place] for place in order],
        np.searchsorted(owners >> (_TERM - _DOCUMENT), np.arange(len(words) + 1)),
        (owners & (MAX_DOCUMENTS - 1)).astype(np.uint32),
        codes,
        table,
        {group: all_positions[_one_of(members)[sorted_fields]] for group, (members, _) in GROUPS.items()},
        sorted_forms,
    )


def _later_forms(keys: NDArray[np.uint64], forms: NDArray[np.uint16]) -> tuple[NDArray[np.uint64], NDArray[np.uint16]]:
    """The occurrences that are not in their term's form 0, which are few, and their forms; sorted."""
    later = np.flatnonzero(forms)
    order = np.argsort(keys[later], kind="stable")
    return keys[later][order], forms[later][order]


def _one_of(members: Sequence[int]) -> NDArray[np.bool_]:
    """For each field number whether it is one of some, to look up those of an array at once."""
    table = np.zeros(8, np.bool_)
    table[list(members)] = True
    return table


def _frequency_codes(fields: NDArray[np.uint8], first: Ints) -> tuple[Ints, NDArray[np.uint16]]:
    """For each posting a code, and the table of the frequencies that the codes stand for, a column a field."""
    count = sum(len(members) for members, _ in GROUPS.values())
    if not first.size:
        return np.zeros(0, np.int64), np.zeros((0, count), np.uint16)
    packed = _counted(fields, first)
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


def _countable(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sorted occurrences without those past MAX_FREQUENCY of a term in one field of a document."""
    runs = keys >> np.uint64(_FIELD)
    past = np.flatnonzero(runs[MAX_FREQUENCY:] == runs[:-MAX_FREQUENCY]) + MAX_FREQUENCY
    return np.delete(keys, past) if past.size else keys


def _counted(fields: NDArray[np.uint8], first: Ints) -> Ints:
    """For each posting, its frequencies in all fields, _BITS bits each."""
    one = np.int64(1) << (np.arange(8, dtype=np.int64) * _BITS)
    return np.add.reduceat(one[fields], first)
