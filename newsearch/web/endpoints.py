"""What can be asked over HTTP, and how each is answered: one table, for answering and for describing.

    ENDPOINTS[0].path, ENDPOINTS[0].parameters          "/api/search", parameters.SEARCH

An answer is the JSON of `newsearch.wire`, as the command line's `--json` gives it. How a request comes in and bytes go
out is `newsearch.web.questions`'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from newsearch import wire
from newsearch.library import NewsIndex
from newsearch.model import CompletionKind, SearchRequest
from newsearch.requests import MAX_REFERENCE
from newsearch.web import parameters
from newsearch.web.parameters import Parameter, ParameterError, checked

__all__ = ["ENDPOINTS", "REFERENCE", "Asked", "Endpoint"]

REFERENCE: Final = "An article's id, the start of it, or its web address with https:// before it."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was read: the parameters given by their names in Python, defaults included.

    `base` is the address of the application, without a slash at its end, and `query` what stood after the `?`.
    """

    given: Mapping[str, Any]
    reference: str = ""
    base: str = ""
    query: str = ""

    def request(self, **more: Any) -> SearchRequest:
        """The search that is asked for. Raises ParameterError."""
        return checked(SearchRequest(**self.given, **more))

    def article(self) -> str:
        """The article that is asked for, as `NewsIndex.get` takes it. Raises ParameterError."""
        if len(self.reference) > MAX_REFERENCE:
            raise ParameterError(f"The article's id or address has more than {MAX_REFERENCE:,} characters.", "id")
        return self.reference


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address under which something is answered. `shape` is what the wire's schema calls the answer.

    `answer` runs in a thread, on an index that stays on its commit; it raises NewsearchError.
    """

    path: str
    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    shape: str
    answer: Callable[[NewsIndex, Asked], dict[str, Any]]

    @property
    def of_article(self) -> bool:
        """Whether its path names an article."""
        return "{id}" in self.path


def _search(index: NewsIndex, asked: Asked) -> dict[str, Any]:
    return wire.search_to_dict(index.ask(asked.request()))


def _article(index: NewsIndex, asked: Asked) -> dict[str, Any]:
    return wire.article_to_dict(index.get(asked.article()))


def _similar(index: NewsIndex, asked: Asked) -> dict[str, Any]:
    return wire.search_to_dict(index.ask_similar(asked.article(), asked.request()))


def _related(index: NewsIndex, asked: Asked) -> dict[str, Any]:
    return wire.relations_to_dict(index.related(asked.article(), **asked.given))


def _facets(index: NewsIndex, asked: Asked) -> dict[str, Any]:
    given = dict(asked.given)
    facet = f"{given.pop('field')}:{given.pop('limit')}"
    return wire.facets_to_dict(index.ask(checked(SearchRequest(limit=0, facets=(facet,), **given))))


def _timeline(index: NewsIndex, asked: Asked) -> dict[str, Any]:
    given = dict(asked.given)
    interval = given.pop("interval")
    return wire.timeline_to_dict(index.ask(checked(SearchRequest(limit=0, timeline=interval, **given))))


def _suggest(index: NewsIndex, asked: Asked) -> dict[str, Any]:
    prefix = asked.given["prefix"]
    kinds = asked.given.get("kinds", get_args(CompletionKind))
    return wire.completions_to_dict(prefix, index.suggest(prefix, limit=asked.given["limit"], kinds=kinds))


ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint("/api/search", "search", "Articles, best first.", parameters.SEARCH, "search", _search),
    Endpoint("/api/facets", "facets", "A query's articles counted by a field.", parameters.FACETS, "facets", _facets),
    Endpoint("/api/timeline", "timeline", "A query's articles over time.", parameters.TIMELINE, "timeline", _timeline),
    Endpoint(
        "/api/suggest", "suggest", "What is typed, completed: words, topics, providers.", parameters.SUGGEST,
        "completions", _suggest,
    ),
    Endpoint(
        "/api/articles/{id}/similar", "similar", "More like one article, by its most telling words.",
        parameters.SIMILAR, "search", _similar,
    ),
    Endpoint(
        "/api/articles/{id}/related", "related", "What citations lead to from one article, both ways.",
        parameters.RELATED, "relations", _related,
    ),
    Endpoint("/api/articles/{id}", "article", "Everything known of one article.", (), "article", _article),
)  # fmt: skip
