"""What a page asks of the index: a request as its address says it, and all that is shown of the answer.

    found = Found.of(index, request, links)
    found.result.hits, found.facets, found.chart, found.pages

One index object answers all questions of a page, so they are of one commit. HTML is the templates' matter.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, Self

from newsearch.library import NewsIndex
from newsearch.model import SearchRequest, SearchResult
from newsearch.query.filters import MAX_OFFSET
from newsearch.web.page.links import Links, parameters
from newsearch.web.page.narrowing import FACETS, Chip, Facet, chips, choices
from newsearch.web.page.timeline import Chart, chart
from newsearch.web.parameters import SEARCH, QueryPairs, search_request

__all__ = ["Found", "Pages", "page_request"]

_MAX_HITS: Final = 50
"""The most hits that one page has."""

_PASSED_OVER: Final = ("facet", "timeline")
"""Parameters of the API that the page decides itself."""

_PARAMETERS: Final = tuple(
    replace(parameter, least=1, most=_MAX_HITS) if parameter.name == "limit" else parameter
    for parameter in SEARCH
    if parameter.name not in _PASSED_OVER
)

_UNFINISHED = re.compile(r"(?:^|[\s(])\w{2,}\Z")
"""A text whose last word may go on: plain letters, at the very end."""


def page_request(pairs: QueryPairs, *, also: Collection[str] = ()) -> SearchRequest:
    """The request in a page's address; names in `also` are passed over. Raises QueryError."""
    return search_request(pairs, table=_PARAMETERS, also=(*_PASSED_OVER, *also), form=True)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages around one: numbers count from 1, `near` are those to link, None is a gap between them."""

    current: int
    last: int
    near: tuple[int | None, ...]

    @classmethod
    def of(cls, request: SearchRequest, number: int) -> Self | None:
        """The pages of so many hits; None where one page has them all."""
        reachable = min(number, MAX_OFFSET + request.limit)
        last = -(-reachable // request.limit)
        current = request.offset // request.limit + 1
        if last <= 1 and current <= 1:
            return None
        shown = sorted({1, last, *range(current - 1, current + 2)} & set(range(1, last + 1)))
        near: list[int | None] = []
        for page in shown:
            if near and page - (near[-1] or 0) > 1:
                near.append(None)
            near.append(page)
        return cls(current, last, tuple(near))


@dataclass(frozen=True, slots=True)
class Found:
    """A page's answer. `is_home` says that nothing was asked, and that the newest articles are shown instead."""

    request: SearchRequest
    result: SearchResult
    facets: list[Facet]
    chips: list[Chip]
    chart: Chart | None
    pages: Pages | None
    is_home: bool

    @classmethod
    def of(cls, index: NewsIndex, request: SearchRequest, links: Links, *, typing: bool = False) -> Self:
        """Ask all that a page shows.

        While somebody is `typing` and the words are not found as they stand, the last one is taken for the beginning
        of a word. Raises QueryError.
        """
        is_home = not parameters(request, limit=SearchRequest().limit)
        # Without words nothing is more relevant than anything else.
        sort = "date" if not request.text.strip() and request.sort == "relevance" else request.sort
        asked = replace(request, sort=sort, explain=True, facets=FACETS)
        result = index.ask(asked)
        if typing and (not result.total or result.relaxed) and _UNFINISHED.search(request.text):
            longer = replace(asked, text=request.text + "*")
            begun = index.ask(longer)
            if begun.total and not begun.relaxed:
                request, asked, result = replace(request, text=longer.text), longer, begun
        number = result.total - result.held_back if result.stories is None else result.stories
        names = {hit.provider.domain: hit.provider.name for hit in result.hits if hit.provider}
        known = {domain: name for domain, name in names.items() if domain and name}
        return cls(
            request=request,
            result=result,
            facets=choices(index, request, result, links),
            chips=chips(request, links, known),
            chart=chart(index, request, links) if result.total else None,
            pages=Pages.of(request, number),
            is_home=is_home,
        )
