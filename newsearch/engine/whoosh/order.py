"""Which of the matched documents come first.

    page = first_documents(documents, scores, snapshot, sort="relevance", limit=10, offset=0)

Whatever is sorted by, ties break by date, newest first and undated last, and then by id, so that pages fit together.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.model import Sort

__all__ = ["first_documents"]

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
    values = scores if sort == "relevance" else _sortable(sort, snapshot)[documents]
    places = np.arange(documents.size)
    if wanted < documents.size:
        # Only what is at least as good as the last one wanted has to be sorted.
        ordered = values.copy()
        ordered.partition(documents.size - wanted)
        threshold = ordered[documents.size - wanted]
        places = (values >= threshold).nonzero()[0]
    values = values.take(places)
    if places.size <= _FEW:
        # Most often nothing ties, and the values alone tell the order.
        listed = values.tolist()
        if len(set(listed)) == len(listed):
            first = sorted(range(len(listed)), key=listed.__getitem__, reverse=True)
            return places.take(first[offset:wanted])
    dates = snapshot.dates.take(documents.take(places))
    keys = snapshot.keys.take(documents.take(places))
    order = np.lexsort((keys, _descending(dates), _descending(values)))
    return places.take(order[offset:wanted])


def _sortable(sort: Sort, snapshot: Snapshot) -> NDArray[Any]:
    return snapshot.dates if sort == "date" else snapshot.column(sort)


def _descending(values: NDArray[Any]) -> NDArray[Any]:
    """Keys that sort the other way round; `~` and not `-`, for the smallest integer has no negative."""
    return -values if values.dtype.kind == "f" else ~values
