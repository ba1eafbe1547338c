"""Which matches somebody has not seen yet, by when articles first came into the index.

    documents[unseen(documents, mark, snapshot)]        what to show
    seen_all(mark, arrived)                             the mark to show nothing of it again

Each commit that brings articles stamps them with a second that is later than that of every commit before it: the
clock's, or one more than the last where the clock stands still or was set back. So a second is all that a mark has to
be. Times need to be in the order of the commits, not to be right. A rebuild keeps them.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.model import SeenMark
from newsearch.query.dates import from_seconds, to_seconds

__all__ = ["arrival_of", "seen_all", "unseen"]


def unseen(documents: Documents, mark: SeenMark, snapshot: Snapshot) -> NDArray[np.bool_]:
    """Which of the documents somebody with this mark has not seen."""
    second = to_seconds(mark.moment)
    if second is None:
        return np.ones(documents.size, np.bool_)
    fresh: NDArray[np.bool_] = snapshot.column("first_indexed")[documents] > second
    return fresh


def arrival_of(state: Mapping[str, Any], snapshot: Snapshot) -> int:
    """The second that the newest articles of an index were stamped with, in UTC epoch seconds; 0 where none ever came.

    `state` is what its last commit says of itself. An index from before it said so has the articles' own stamps.
    """
    known = state.get("arrived")
    return int(snapshot.column("first_indexed").max(initial=0) if known is None else known)


def seen_all(mark: SeenMark, arrived: int) -> SeenMark:
    """The mark of somebody who had this one and has now seen all that came in until a second."""
    before = to_seconds(mark.moment)
    return mark if before is not None and before >= arrived else SeenMark(from_seconds(arrived))
