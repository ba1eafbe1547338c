"""How often something occurs in each text field of each document, added up over many postings.

    documents, counts = totals(documents, codes, table, size)       # counts[field] of each document

A posting is a document and a row of a table of frequencies. What is added up, and what it is worth, is for others.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.distinct import numbered

__all__ = ["totals"]

Ints = NDArray[np.int64]

_EXACT_BITS = 52
"""Whole numbers of so many bits are added up exactly as floating point numbers."""

_SPARSE = 16
"""Fewer postings than one in so many documents are sorted, rather than counted in an array of all documents."""


def totals(documents: NDArray[Any], codes: Ints, table: Ints, size: int) -> tuple[Ints, list[Ints]]:
    """The distinct documents of some postings, ascending; and for each column of `table` what their rows add up to.

    `documents` are below `size`, in any order and more than once; `codes` are their rows. Time is in proportion to the
    postings: columns are added up several at a time, as the digits of one number.
    """
    if not documents.size:
        nothing = np.zeros(0, np.int64)
        return nothing, [nothing] * table.shape[1]
    if documents.size * _SPARSE < size:
        found, documents = numbered(documents)
        found, size, here = found.astype(np.int64, copy=False), found.size, None
        often = np.bincount(documents, minlength=size)
    else:
        documents = documents.astype(np.intp, copy=False)
        often = np.bincount(documents, minlength=size)
        found = here = often.nonzero()[0]
    counts = [np.zeros(found.size, np.int64) for _ in range(table.shape[1])]
    # No document's count is more than its postings times the highest frequency.
    most = int(often.max(initial=0))
    highest = [most * value for value in table.max(axis=0, initial=0).tolist()]
    for columns, shifts in _together(highest):
        rows = (table[:, columns] << np.array(shifts)).sum(axis=1).astype(np.float64)
        sums = np.bincount(documents, rows.take(codes), size)
        whole = (sums if here is None else sums.take(here)).astype(np.int64)
        for column, shift in zip(columns, shifts, strict=True):
            counts[column] = (whole >> shift) & ((1 << highest[column].bit_length()) - 1)
    return found, counts


def _together(highest: list[int]) -> list[tuple[list[int], list[int]]]:
    """Which columns are added up together, and by how many bits each is shifted: their sums fit side by side."""
    groups: list[tuple[list[int], list[int]]] = []
    used = _EXACT_BITS
    for column, value in enumerate(highest):
        bits = value.bit_length()
        if not bits:
            continue
        if used + bits > _EXACT_BITS:
            groups.append(([], []))
            used = 0
        groups[-1][0].append(column)
        groups[-1][1].append(used)
        used += bits
    return groups
