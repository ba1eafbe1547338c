"""Which matches somebody has not seen yet, by when articles first came into the index.

    documents[unseen(documents, mark, snapshot)]        what to show
    seen_all(documents, mark, snapshot)                 the mark to show nothing of it again

Commits are stamped in whole seconds, and two may share one. So a mark is a second and, of the articles that came in
then, those that were seen: an article of a later commit of that second is not among them. Times only need to be in the
order of the commits, not to be right. A rebuild keeps them.
"""

from collections.abc import Iterable
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.records import from_seconds, to_seconds
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.items.ids import article_id, key_of_id
from newsearch.model import SeenMark

__all__ = ["seen_all", "unseen"]


def unseen(documents: Documents, mark: SeenMark, snapshot: Snapshot) -> NDArray[np.bool_]:
    """Which of the documents somebody with this mark has not seen."""
    second = to_seconds(mark.moment)
    if second is None:
        return np.ones(documents.size, np.bool_)
    arrived = snapshot.column("first_indexed")[documents]
    known = np.isin(snapshot.keys[documents], np.array(_keys(mark.ids), np.uint64))
    fresh: NDArray[np.bool_] = (arrived > second) | ((arrived == second) & ~known)
    return fresh


def seen_all(documents: Documents, mark: SeenMark, snapshot: Snapshot) -> SeenMark:
    """The mark of somebody who had this one and has now seen all of the documents, which are all that match."""
    arrivals = snapshot.column("first_indexed")
    # The newest of the whole index: what arrives later arrives no earlier than that.
    newest = int(arrivals[snapshot.articles].max(initial=0))
    before = to_seconds(mark.moment)
    if before is not None and newest < before:
        return mark
    at_newest = snapshot.keys[documents[arrivals[documents] == newest]].tolist()
    kept = mark.ids if newest == before else frozenset()
    return SeenMark(from_seconds(newest), kept.union(map(article_id, at_newest)))


def _keys(ids: Iterable[str]) -> list[int]:
    """The keys of ids; what is none, in a mark from outside, is nobody's."""
    keys = []
    for each in ids:
        with suppress(ValueError):
            keys.append(key_of_id(each))
    return keys
