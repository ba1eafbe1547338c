"""Which of a query's matches a page shows: in order, one a story, so many a provider.

    page = Paging(snapshot).page(request, documents, scores, view)
    documents[page.places]

How documents are ordered is `order`'s, what makes a story `stories`'.
"""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.citations import Citations, citations
from newsearch.engine.whoosh.order import best_of_each, capped, first_documents, held_back
from newsearch.engine.whoosh.refs import Providers
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
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

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        # Of a view that nobody looks at any more they go with it.
        self._citations: WeakKeyDictionary[View, Citations] = WeakKeyDictionary()
        self._links: WeakKeyDictionary[View, StoryLinks] = WeakKeyDictionary()

    @cached_property
    def providers(self) -> Providers:
        """Who published what."""
        return Providers(self._snapshot)

    def citations(self, view: View) -> Citations:
        """The citations among the visible articles of a view."""
        found = self._citations.get(view)
        if found is None:
            found = self._citations[view] = citations(view)
        return found

    def _links_in(self, view: View) -> StoryLinks:
        links = self._links.get(view)
        if links is None:
            links = self._links[view] = StoryLinks(view, self.citations(view))
        return links

    def page(self, request: SearchRequest, documents: Documents, scores: NDArray[np.float64], view: View) -> Page:
        """The page of a request, whose matches in a view have these blended scores."""
        order: Any = {"sort": request.sort, "limit": request.limit, "offset": request.offset}
        if request.group is None and request.max_per_provider is None:
            return Page(first_documents(documents, scores, self._snapshot, **order))
        listed = np.arange(documents.size)
        groups = None
        if request.group is not None:
            groups = self._links_in(view).groups(documents)
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
