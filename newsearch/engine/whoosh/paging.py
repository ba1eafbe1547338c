"""Which of a query's matches a page shows: in order, one a story, so many a provider.

    page = Paging(live).page(request, documents, scores, view)
    documents[page.places]

How documents are ordered is `order`'s, what makes a story `stories`'.
"""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.citations import Citations, citations
from newsearch.engine.whoosh.order import best_of_each, capped, first_documents, held_back
from newsearch.engine.whoosh.refs import Providers
from newsearch.engine.whoosh.snapshot import Documents
from newsearch.engine.whoosh.stories import StoryLinks
from newsearch.engine.whoosh.storyfacts import describe
from newsearch.engine.whoosh.view import View
from newsearch.model import SearchRequest, Story

__all__ = ["Page", "Paging"]


class Page(NamedTuple):
    """What a page shows: places among the matches, the stories that they lead, and what was counted besides.

    `story_count` is of all matches, None where they are not grouped; `held_back` are passed over for their provider.
    """

    places: NDArray[np.int64]
    stories: tuple[Callable[[], Story], ...] | None = None
    story_count: int | None = None
    held_back: int = 0


class Paging:
    """The pages of one snapshot's results; what grouping needs to know of all articles is kept. Safe for threads."""

    def __init__(self, live: View) -> None:
        self._live = live
        self._snapshot = live.snapshot

    @cached_property
    def providers(self) -> Providers:
        """Who published what."""
        return Providers(self._snapshot)

    @cached_property
    def citations(self) -> Citations:
        """The citations among all live articles."""
        return citations(self._live)

    @cached_property
    def _live_links(self) -> StoryLinks:
        return StoryLinks(self._live, self.citations)

    def page(self, request: SearchRequest, documents: Documents, scores: NDArray[np.float64], view: View) -> Page:
        """The page of a request, whose matches in a view have these blended scores."""
        order: Any = {"sort": request.sort, "limit": request.limit, "offset": request.offset}
        if request.group is None and request.max_per_provider is None:
            return Page(first_documents(documents, scores, self._snapshot, **order))
        listed = np.arange(documents.size)
        groups = None
        if request.group is not None:
            links = self._live_links if view is self._live else StoryLinks(view, citations(view))
            groups = links.groups(documents)
            listed = best_of_each(groups, documents, scores, self._snapshot, sort=request.sort)
        most, passed = request.max_per_provider, 0
        chosen, values = documents[listed], scores[listed]
        if most is None:
            places = listed[first_documents(chosen, values, self._snapshot, **order)]
        else:
            codes = self.providers.codes[chosen]
            passed = held_back(codes, most)
            places = listed[capped(codes, chosen, values, self._snapshot, most=most, **order)]
        if groups is None:
            return Page(places, held_back=passed)
        tell = partial(
            describe, groups=groups, documents=documents, scores=scores, providers=self.providers, sort=request.sort
        )
        stories = tuple(partial(tell, place, snapshot=self._snapshot) for place in places.tolist())
        return Page(places, stories, int(listed.size), passed)
