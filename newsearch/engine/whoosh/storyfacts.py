"""What is told of a story: how many articles by how many providers, which was first, which others there are.

    story = describe(place, groups=groups, documents=documents, scores=scores, ...)

Which articles a story has is `newsearch.engine.whoosh.stories`'s to say.
"""

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.stories import NAMED
from newsearch.engine.whoosh.distinct import distinct
from newsearch.engine.whoosh.order import first_documents
from newsearch.engine.whoosh.refs import Providers, article_ref
from newsearch.engine.whoosh.schema import MISSING_DATE
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.model import Sort, Story

__all__ = ["describe"]


def describe(
    leader: int,
    *,
    groups: NDArray[np.int64],
    documents: Documents,
    scores: NDArray[np.float64],
    providers: Providers,
    snapshot: Snapshot,
    sort: Sort,
) -> Story:
    """The story of one of the matched documents, told by its place among them; `groups` says which have the same."""
    members = np.flatnonzero(groups == groups[leader])
    found = documents[members]
    if found.size == 1:
        [document] = found.tolist()
        itself = article_ref(document, snapshot)
        return Story(1, int(providers.codes[document] >= 0), itself if itself.date is not None else None)
    best = first_documents(found, scores[members], snapshot, sort=sort, limit=NAMED, offset=0)
    codes = providers.codes[found]
    dated = found[snapshot.dates[found] != MISSING_DATE]
    first = dated[np.lexsort((snapshot.keys[dated], snapshot.dates[dated]))[:1]].tolist()
    return Story(
        size=int(found.size),
        providers=int(distinct(codes[codes >= 0]).size),
        first=article_ref(first[0], snapshot) if first else None,
        others=tuple(article_ref(document, snapshot) for document in found[best[1:]].tolist()),
    )
