"""Which of the matched documents come first.

    page = first_documents(documents, scores, snapshot, sort="relevance", limit=10, offset=0)
    leaders = best_of_each(groups, documents, scores, snapshot, sort="relevance")
    page = capped(codes, documents, scores, snapshot, sort="relevance", limit=10, offset=0, most=2)

Whatever is sorted by, ties break by date, newest first and undated last, and then by id, so that pages fit together.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.model import Sort

__all__ = ["best_of_each", "capped", "first_documents", "held_back"]

_FEW = 100


def first_documents(
    documents: Documents,
    scores: NDArray[np.float64],
    snapshot: Snapshot,
    *,
    sort: Sort,
    limit: int,
    offset: int,
) -> NDArray[np.int64]:
    """The places in `documents` of those that a page shows, in order. What is not known sorts last."""
    wanted = offset + limit
    if not limit or offset >= documents.size:
        return np.zeros(0, np.int64)
    values = _values(documents, scores, snapshot, sort)
    if wanted >= documents.size:
        places = np.arange(documents.size)
    else:
        # Only what is at least as good as the last one wanted has to be sorted.
        ordered = values.copy()
        ordered.partition(documents.size - wanted)
        threshold = ordered[documents.size - wanted]
        places = (values >= threshold).nonzero()[0]
    if places.size <= _FEW:
        # Most often nothing ties, and the values alone tell the order.
        listed = values.take(places).tolist()
        if len(set(listed)) == len(listed):
            first = sorted(range(len(listed)), key=listed.__getitem__, reverse=True)
            return places.take(first[offset:wanted])
    order = np.lexsort(_keys(places, documents, values, snapshot))
    return places.take(order[offset:wanted])


def best_of_each(
    groups: NDArray[np.int64],
    documents: Documents,
    scores: NDArray[np.float64],
    snapshot: Snapshot,
    *,
    sort: Sort,
) -> NDArray[np.int64]:
    """The places in `documents`, ascending, of the first one of every group; `groups` has a number for each document.

    The numbers are 0 to the snapshot's size.
    """
    several = (np.bincount(groups, minlength=1) > 1)[groups]
    places = np.flatnonzero(several)
    values = _values(documents, scores, snapshot, sort)
    order = np.lexsort((*_keys(places, documents, values, snapshot), groups[places]))
    first = np.flatnonzero(np.diff(groups[places[order]], prepend=-1))
    return np.sort(np.concatenate([np.flatnonzero(~several), places[order[first]]]))


def capped(
    codes: NDArray[np.int64],
    documents: Documents,
    scores: NDArray[np.float64],
    snapshot: Snapshot,
    *,
    sort: Sort,
    limit: int,
    offset: int,
    most: int,
) -> NDArray[np.int64]:
    """As `first_documents`, passing over what has the code of `most` documents that come before; -1 is no code."""
    wanted = min(offset + limit, documents.size - held_back(codes, most))
    looked = 4 * wanted
    while True:
        # Whether a document is passed over depends on those before it alone, so a part of the ranking is enough.
        places = first_documents(documents, scores, snapshot, sort=sort, limit=looked, offset=0)
        kept = places[_earlier_alike(codes[places]) < most]
        if kept.size >= wanted:
            return kept[offset:wanted]
        looked *= 4


def held_back(codes: NDArray[np.int64], most: int) -> int:
    """How many documents `capped` passes over in the whole ranking."""
    return int(np.maximum(np.bincount(codes[codes >= 0], minlength=1) - most, 0).sum())


def _earlier_alike(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each code how often it stands before; 0 for -1."""
    order = np.argsort(codes, kind="stable")
    alike = codes[order]
    starts = np.flatnonzero(np.diff(alike, prepend=-2))
    within = np.arange(codes.size) - np.repeat(starts, np.diff(starts, append=codes.size))
    found = np.zeros(codes.size, np.int64)
    found[order] = np.where(alike < 0, 0, within)
    return found


def _values(documents: Documents, scores: NDArray[np.float64], snapshot: Snapshot, sort: Sort) -> NDArray[Any]:
    """What each document is sorted by."""
    if sort == "relevance":
        return scores
    return (snapshot.dates if sort == "date" else snapshot.column(sort))[documents]


def _keys(
    places: NDArray[np.int64], documents: Documents, values: NDArray[Any], snapshot: Snapshot
) -> tuple[NDArray[Any], ...]:
    """The keys of some places for np.lexsort, the last one first: value, date, id."""
    chosen = documents[places]
    return snapshot.keys[chosen], _descending(snapshot.dates[chosen]), _descending(values[places])


def _descending(values: NDArray[Any]) -> NDArray[Any]:
    """Keys that sort the other way round; `~` and not `-`, for the smallest integer has no negative."""
    return -values if values.dtype.kind == "f" else ~values
