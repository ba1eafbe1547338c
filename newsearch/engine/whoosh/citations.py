"""The citations among the visible articles, and where they lead.

    graph = citations(view)
    reached = neighbours(document, graph, view, depth=2)

A citation is a pair of documents, the item that cites and the article that is cited. Naming what is found is
`newsearch.engine.whoosh.refs`'s; what citations say about stories is `newsearch.engine.whoosh.stories`'s.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.engine.whoosh.view import View

__all__ = ["Citations", "Neighbours", "citations", "neighbours"]


class Citations(NamedTuple):
    """Pairs of visible documents: `citing[i]` cites `cited[i]`."""

    citing: Documents
    cited: Documents


class Neighbours(NamedTuple):
    """What citations lead to, nearest first.

    For each document its distance, the citations that lead to it from one step nearer, the document that it was
    reached from and whether that one cites it (it is cited by it otherwise).
    """

    documents: Documents
    distances: NDArray[np.int64]
    links: NDArray[np.int64]
    parents: Documents
    forward: NDArray[np.bool_]


def citations(view: View) -> Citations:
    """All citations among the visible articles of a view."""
    citing, keys = view.snapshot.cited
    articles = np.flatnonzero(view.visible)
    order = np.argsort(view.snapshot.keys[articles], kind="stable")
    known = view.snapshot.keys[articles][order]
    if not known.size:
        return Citations(np.zeros(0, np.int64), np.zeros(0, np.int64))
    places = np.minimum(np.searchsorted(known, keys), known.size - 1)
    kept = (known[places] == keys) & view.visible[citing]
    return Citations(citing[kept], articles[order[places[kept]]])


def neighbours(document: int, graph: Citations, view: View, *, depth: int) -> Neighbours:
    """The articles that at most `depth` citations, followed either way, lead to from a document.

    Of those at one distance, the ones that most citations lead to come first, then newer ones, undated ones last, then
    by id. Of several articles to reach one from, the first counts, and one that cites before one that is cited.
    """
    snapshot = view.snapshot
    seen = np.zeros(snapshot.size, np.bool_)
    seen[document] = True
    place = np.zeros(snapshot.size, np.int64)
    layer = np.array([document], np.int64)
    found: list[Neighbours] = []
    for distance in range(1, depth + 1):
        inside = np.zeros(snapshot.size, np.bool_)
        inside[layer] = True
        place[layer] = np.arange(layer.size)
        out, back = inside[graph.citing] & ~seen[graph.cited], inside[graph.cited] & ~seen[graph.citing]
        reached = np.concatenate([graph.cited[out], graph.citing[back]])
        parents = np.concatenate([graph.citing[out], graph.cited[back]])
        backward = np.repeat([False, True], [np.count_nonzero(out), np.count_nonzero(back)])
        order = np.lexsort((backward, place[parents], reached))
        first = np.flatnonzero(np.diff(reached[order], prepend=-1))
        links = np.diff(first, append=reached.size)
        chosen = order[first]
        ranked = _ranked(reached[chosen], links, snapshot)
        chosen, links = chosen[ranked], links[ranked]
        layer = reached[chosen]
        seen[layer] = True
        found.append(Neighbours(layer, np.full(layer.size, distance), links, parents[chosen], ~backward[chosen]))
        if not layer.size:
            break
    return Neighbours(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _ranked(documents: Documents, links: NDArray[np.int64], snapshot: Snapshot) -> NDArray[np.int64]:
    return np.lexsort((snapshot.keys[documents], ~snapshot.dates[documents], -links))
