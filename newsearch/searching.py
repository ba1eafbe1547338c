"""An open index as one searches it: the reading half of `newsearch.NewsIndex`.

    index.search("facial recognition", limit=5).total

Arguments are checked here, once for every engine and every face; what is answered is the engine's. How an index is
opened, made and kept up to date is `newsearch.library`'s.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, Unpack

from newsearch.engine.base import Engine
from newsearch.errors import IndexClosed
from newsearch.model import (
    Article,
    CompletionKind,
    FacetValue,
    Group,
    Interval,
    MatchMode,
    SearchRequest,
    SearchResult,
    Sort,
    Timeline,
)
from newsearch.query.facets import MAX_VALUES
from newsearch.query.filters import (
    MAX_DEPTH,
    MAX_LIMIT,
    MAX_OFFSET,
    check_completion,
    check_interval,
    check_range,
    check_request,
)
from newsearch.requests import Filters, Moment, as_reference, as_request, as_typed, figures_request

if TYPE_CHECKING:
    from newsearch.findings import Relations, TypicalTerms
    from newsearch.model import Completion, IndexStats

__all__ = ["SearchableIndex"]


class SearchableIndex:
    """What can be asked of an open index, in any number of threads at once."""

    def __init__(self, engine: Engine, path: Path | str, clock: Callable[[], datetime]) -> None:
        self._opened: Engine | None = engine
        self._path = path
        self._clock = clock

    @property
    def _engine(self) -> Engine:
        engine = self._opened
        if engine is None:
            raise IndexClosed(f"The index {self._path} was closed before it was asked this; open it again.")
        return engine

    def __repr__(self) -> str:
        state = "closed" if self._opened is None else f"at commit {self.commit}"
        return f"<{type(self).__name__} {str(self._path)!r} {state}>"

    @property
    def path(self) -> Path | str:
        """The folder of the index or, of one on a cluster, its address; as it was given."""
        return self._path

    def search(
        self,
        text: str = "",
        *,
        limit: int = 10,
        offset: int = 0,
        match: MatchMode = "auto",
        sort: Sort = "relevance",
        since: Moment | None = None,
        until: Moment | None = None,
        as_of: Moment | None = None,
        provider: str | None = None,
        topic: str | None = None,
        type: str | None = None,  # noqa: A002
        kind: Literal["item", "related", "all"] = "all",
        min_quality: int | None = None,
        group: Group | None = None,
        max_per_provider: int | None = None,
        explain: bool = False,
        facets: Sequence[str] = (),
        timeline: Interval | None = None,
    ) -> SearchResult:
        """The best `limit` articles for a text in the query language, from the `offset`-th on.

        Options mean what `newsearch.model.SearchRequest` says; dates may be Python's too. With `facets`, such as
        ("provider", "month:24"), and `timeline` the result counts all matches by their values and over time. Any text
        is answered; an option that makes no sense raises QueryError.
        """
        return self.ask(
            SearchRequest(
                text=text,
                limit=limit,
                offset=offset,
                match=match,
                sort=sort,
                since=as_typed(since),
                until=as_typed(until),
                as_of=as_typed(as_of),
                provider=provider,
                topic=topic,
                type=type,
                kind=kind,
                min_quality=min_quality,
                group=group,
                max_per_provider=max_per_provider,
                explain=explain,
                facets=(facets,) if isinstance(facets, str) else tuple(facets),
                timeline=timeline,
            )
        )

    def count(self, text: str = "", **filters: Unpack[Filters]) -> int:
        """How many articles a query finds. Raises QueryError."""
        return self.ask(figures_request(text, filters)).total

    def facets(
        self, field: str, text: str = "", *, limit: int = 10, **filters: Unpack[Filters]
    ) -> tuple[FacetValue, ...]:
        """The values that a query's articles have, and how many have each: at most `limit`, 1..100,000.

        `field` is provider, topic, type, kind, quality, year or month. The most frequent come first; of quality the
        best band, of years and months the newest. Raises QueryError.
        """
        result = self.ask(figures_request(text, filters, facets=(f"{field}:{limit}",)))
        return next(iter(result.facets.values()))

    def timeline(self, text: str = "", *, interval: Interval = "month", **filters: Unpack[Filters]) -> Timeline:
        """A query's articles by day, week, month or year, gaps included.

        Raises QueryError, also for a time of more than 40,000 buckets.
        """
        check_interval(interval)
        found = self.ask(figures_request(text, filters, timeline=interval)).timeline
        return found if found is not None else Timeline(interval, (), 0, 0)

    def topics(self, **filters: Unpack[Filters]) -> tuple[FacetValue, ...]:
        """All topics there are, and how many articles have each; the most frequent first."""
        return self.facets("topic", limit=MAX_VALUES, **filters)

    def providers(self, **filters: Unpack[Filters]) -> tuple[FacetValue, ...]:
        """All providers there are, and how many articles each has; the most frequent first."""
        return self.facets("provider", limit=MAX_VALUES, **filters)

    def ask(self, request: SearchRequest | str) -> SearchResult:
        """Answer a whole request; `search` with its parts spelt out. Raises QueryError."""
        request = as_request(request)
        check_request(request)
        return self._engine.search(request)

    def pages(self, request: SearchRequest | str = "", *, size: int = 100) -> Iterator[SearchResult]:
        """The results of a request page by page, `size` hits each, until there are no more; at least one.

        All pages are of the commit and the moment at which the first is asked for, whatever is synced or refreshed
        meanwhile. Of the request the limit does not count, and its offset is where the pages begin. They end at the
        1,000,000th hit at the latest. `size` is 1 to 1,000. Raises QueryError, at once.
        """
        check_range("size", size, MAX_LIMIT, least=1)
        request = replace(as_request(request), limit=size)
        check_request(request)
        return self._pages(request)

    def _pages(self, request: SearchRequest) -> Iterator[SearchResult]:
        pinned = self.pinned()
        while True:
            result = pinned.ask(request)
            yield result
            offset = request.offset + request.limit
            if len(result.hits) < request.limit or offset > MAX_OFFSET:
                return
            if result.stories is None and not result.held_back and offset >= result.total:
                return
            # What was counted for the first page is of all matches, and the same on every one.
            request = replace(request, offset=offset, facets=(), timeline=None)

    def suggest(
        self, prefix: str, *, limit: int = 10, kinds: Sequence[CompletionKind] = ("word", "topic", "provider")
    ) -> "tuple[Completion, ...]":
        """What the beginning of a word, topic or provider may become: those of most articles first, ties alphabetical.

        Of several words the last is completed, to what is found together with the words before it; a topic or a
        provider from any of its words on. `limit` is 0..1000. Raises QueryError.
        """
        check_completion(prefix, limit, kinds)
        return self._engine.suggest(prefix, limit=limit, kinds=kinds)

    def similar(
        self,
        reference: str,
        *,
        limit: int = 10,
        offset: int = 0,
        sort: Sort = "relevance",
        since: Moment | None = None,
        until: Moment | None = None,
        as_of: Moment | None = None,
        provider: str | None = None,
        topic: str | None = None,
        type: str | None = None,  # noqa: A002
        kind: Literal["item", "related", "all"] = "all",
        min_quality: int | None = None,
        group: Group | None = None,
        max_per_provider: int | None = None,
        explain: bool = False,
    ) -> SearchResult:
        """More like one article: what has some of its 25 most telling words, ranked as a query for them is.

        The article itself is left out. `result.request.text` is that query, to be read and asked again. The options are
        those of `search`, `reference` is as for `get`. Raises ArticleNotFound, AmbiguousId, QueryError.
        """
        return self.ask_similar(
            reference,
            SearchRequest(
                limit=limit,
                offset=offset,
                sort=sort,
                since=as_typed(since),
                until=as_typed(until),
                as_of=as_typed(as_of),
                provider=provider,
                topic=topic,
                type=type,
                kind=kind,
                min_quality=min_quality,
                group=group,
                max_per_provider=max_per_provider,
                explain=explain,
            ),
        )

    def ask_similar(self, reference: str, request: SearchRequest) -> SearchResult:
        """`similar` with the options as a request, whose text and match mode are not used."""
        request = as_request(request)
        check_request(request)
        return self._engine.similar(as_reference(reference), request)

    def related(self, reference: str, *, depth: int = 1, limit: int = 50, as_of: Moment | None = None) -> "Relations":
        """What citations lead to from an article, followed both ways in at most `depth` steps (1 to 3), nearest first.

        With two steps that has the articles cited together with it. At most `limit` (0 to 1,000) are listed. Raises
        ArticleNotFound, also where it was not there as of then, AmbiguousId, QueryError.
        """
        check_range("depth", depth, MAX_DEPTH, least=1)
        check_range("limit", limit, MAX_LIMIT)
        check_request(SearchRequest(as_of=as_typed(as_of)))
        return self._engine.related(as_reference(reference), depth=depth, limit=limit, as_of=as_typed(as_of))

    def terms(
        self, request: SearchRequest | str, *, against: SearchRequest | str | None = None, limit: int = 10
    ) -> "TypicalTerms":
        """The words, topics and providers that are typical of a query's hits, at most `limit` (0 to 1,000) of each.

        The hits are compared with all other articles or, of those, with what `against` finds, which may be a span of
        time such as `date:2019`; a text is matched as the request is. Of requests the filters count and their pages do
        not, and both look at the moment of the first. Raises QueryError.
        """
        request = as_request(request)
        check_request(request)
        check_range("limit", limit, MAX_LIMIT)
        if against is not None:
            against = as_request(against, name="against", match=request.match)
            check_request(against)
        return self._engine.terms(request, against=against, limit=limit)

    def get(self, reference: str) -> Article:
        """An article by id, unambiguous prefix of an id, address or path.

        Raises ArticleNotFound, AmbiguousId, and QueryError for what is no text.
        """
        return self._engine.get(as_reference(reference))

    def stats(self) -> "IndexStats":
        """The state and size of the index."""
        return self._engine.stats()

    def refresh(self) -> bool:
        """Move on to the newest commit; True if there was one."""
        return self._engine.refresh()

    def pinned(self) -> Self:
        """This index at its commit and at this moment, for searches that are to agree with each other.

        Whatever this one is refreshed to, the other answers from the same commit, and ages such as `7d` count from the
        same moment. It shares what was read, costs next to nothing and need not be closed.
        """
        now = self._clock()
        return self._beside(self._engine.fork(clock=lambda: now), lambda: now)

    @property
    def language(self) -> str:
        """The language that texts and queries are stemmed in, in lower case: that of `create` or the last `rebuild`."""
        return self._engine.language

    @property
    def commit(self) -> str:
        """What tells the commit that is searched from all others: a short word, the same in every process."""
        return self._engine.commit

    def newer(self) -> Self | None:
        """The same index on its newest commit, None where this one is on it.

        Unlike `refresh` it leaves this one where it is, for whoever is in the middle of something.
        """
        engine = self._engine.fork()
        return self._beside(engine, self._clock) if engine.refresh() else None

    def _beside(self, engine: Engine, clock: Callable[[], datetime]) -> Self:
        """The same index by another engine."""
        return type(self)(engine, self._path, clock)

    def close(self) -> None:
        """Let go of the index's files. Searches under way must have ended.

        What came back from it can still be read; whatever it is asked from now on raises IndexClosed.
        """
        engine, self._opened = self._opened, None
        if engine is not None:
            engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
