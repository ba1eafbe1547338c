"""Which of the articles found tell the same story.

    groups = StoryLinks(view, citations(view)).groups(documents)    # a number for each document, equal within a story

What links two articles is said in `newsearch.engine.rules.stories`. All links among the visible articles are made once,
those of titles by `titles`; for a query those count that lead from one article found to another, directly or not.
"""

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.stories import FEW, STORY_DAYS
from newsearch.engine.whoosh.citations import Citations
from newsearch.engine.whoosh.schema import MISSING_DATE
from newsearch.engine.whoosh.snapshot import Documents
from newsearch.engine.whoosh.titles import alike
from newsearch.engine.whoosh.view import View
from newsearch.ranking import DAY

__all__ = ["StoryLinks"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_UNKNOWN = np.iinfo(np.int64).max


class StoryLinks:
    """The links among the visible articles of a view; made once, and then asked for any set of them."""

    def __init__(self, view: View, graph: Citations) -> None:
        """`graph` are the citations among the view's articles."""
        cited = _within_stories(graph, view)
        titles = alike(view, days=STORY_DAYS)
        self._size = view.snapshot.size
        self._left = np.concatenate([graph.citing[cited], titles.left])
        self._right = np.concatenate([graph.cited[cited], titles.right])
        self._is_citation = np.arange(self._left.size) < np.count_nonzero(cited)

    def groups(self, documents: Documents) -> Ints:
        """For each of some visible documents the number of its story, 0 to the snapshot's size."""
        found = np.zeros(self._size, np.bool_)
        found[documents] = True
        used = found[self._right] & (self._is_citation | found[self._left])
        left, right = self._left[used], self._right[used]
        # The documents that are linked are numbered anew, so that the work depends on the links alone.
        linked = np.zeros(self._size, np.bool_)
        linked[left] = linked[right] = True
        nodes = np.flatnonzero(linked)
        numbers = np.arange(self._size)
        numbers[nodes] = np.arange(nodes.size)
        labels = components(numbers[left], numbers[right], nodes.size)
        groups = np.arange(self._size)
        groups[nodes] = nodes[labels]
        return groups[documents]


def components(left: Ints, right: Ints, size: int) -> Ints:
    """For each of `size` nodes the smallest one that the edges connect it with.

    Labels are passed along edges and then followed to their end, until nothing changes: a number of rounds that grows
    with the logarithm of the longest chain in practice (Shiloach and Vishkin 1982).
    """
    labels = np.arange(size)
    while True:
        low = np.minimum(labels[left], labels[right])
        before = labels.copy()
        # To the ends' own labels, so that whole trees move and not single nodes.
        np.minimum.at(labels, before[left], low)
        np.minimum.at(labels, before[right], low)
        while True:
            further = labels[labels]
            if (further == labels).all():
                break
            labels = further
        if (labels == before).all():
            return labels


def _within_stories(graph: Citations, view: View) -> Mask:
    """Which citations count."""
    dates = view.snapshot.dates
    known = (dates[graph.citing] != MISSING_DATE) & (dates[graph.cited] != MISSING_DATE)
    gaps = np.full(graph.citing.size, _UNKNOWN)
    gaps[known] = np.abs(dates[graph.citing[known]] - dates[graph.cited[known]])
    few = np.bincount(graph.cited, minlength=view.snapshot.size)[graph.cited] <= FEW
    landmarks = np.flatnonzero(~few)
    cited, citing = graph.cited[landmarks], graph.citing[landmarks]
    order = np.lexsort((view.snapshot.keys[citing], gaps[landmarks], cited))
    counting = few.copy()
    counting[landmarks[order[np.flatnonzero(np.diff(cited[order], prepend=-1))]]] = True
    close: Mask = ~known | (gaps <= STORY_DAYS * DAY)
    return close & counting
