"""newsearch in Python: one archive's index, to keep up to date and to search.

    import newsearch

    with newsearch.open("index") as index:
        for hit in index.search("facial recognition", limit=5, since="2020-09"):
            print(hit.score, hit.title, hit.url)

Everything a face (command line, HTTP, MCP) does goes through here; what it shows is in the values that come back.
Nothing here prints, and the only exceptions are those of `newsearch.errors`.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, Unpack

from newsearch.engine.base import Engine, utc_now
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import ConfigError, IndexDamaged, IndexVersionError, QueryError
from newsearch.model import (
    Article,
    CompletionKind,
    FacetValue,
    Group,
    Interval,
    MatchMode,
    NewsItem,
    RankingSettings,
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
from newsearch.requests import Filters, Moment, as_reference, as_typed, figures_request

if TYPE_CHECKING:
    from newsearch.findings import Relations, TypicalTerms
    from newsearch.intake import Folders, Progress
    from newsearch.model import Completion, Diagnosis, IndexStats, NewsItem, SyncPreview, SyncReport

__all__ = ["NewsIndex", "open"]


def open(  # noqa: A001 - `newsearch.open` reads as it should
    path: str | os.PathLike[str] = "index",
    *,
    settings: RankingSettings | None = None,
    synonyms: str | os.PathLike[str] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> "NewsIndex":
    """Open an index for searching and syncing.

    `settings` are the figures of the ranking formula. `synonyms` is a file of words that mean each other, which is read
    now and holds for all searches. `clock` gives the time that commits are stamped with and ages count back from, aware
    and in UTC. Raises IndexMissing, IndexDamaged, IndexVersionError, and ConfigError for
    settings that are none and for a line of the synonyms.
    """
    _check_settings(settings)
    found = None
    if synonyms is not None:
        from newsearch.query.synonyms import read_synonyms  # noqa: PLC0415 - most archives have no synonyms

        found = read_synonyms(Path(synonyms))
    return NewsIndex(WhooshEngine.open(path, settings=settings, clock=clock, synonyms=found), Path(path), clock)


def _check_settings(settings: object) -> None:
    if settings is not None and not isinstance(settings, RankingSettings):
        form = "settings=newsearch.RankingSettings(k1=2)"
        raise ConfigError(f"settings is {settings!r}; it must be a RankingSettings, as in {form}.")


class NewsIndex:
    """An open index. Searching is safe for threads; syncing is for one at a time, and IndexLocked says when it is not.

    Searches answer from the commit that was newest when the index was opened or last refreshed.
    """

    def __init__(self, engine: Engine, path: Path, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._path = path
        self._clock = clock

    @property
    def path(self) -> Path:
        """The folder of the index, as it was given."""
        return self._path

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str] = "index",
        *,
        language: str = "english",
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Self:
        """Open the index in a folder, or make an empty one there; `language` is that of its texts.

        Raises ConfigError for a language that is not known, IndexVersionError for an index of another language or
        version, IndexDamaged.
        """
        _check_settings(settings)
        if not WhooshEngine.exists(path):
            engine = WhooshEngine.create(path, language=language, settings=settings, clock=clock)
        else:
            engine = WhooshEngine.open(path, settings=settings, clock=clock)
            if engine.language != language:
                engine.close()
                raise IndexVersionError(
                    f"The index {path} is for texts in {engine.language}, not {language}. "
                    "Build it anew with: newsearch index --rebuild"
                )
        return cls(engine, Path(path), clock)

    @classmethod
    def rebuild(
        cls,
        path: str | os.PathLike[str],
        folders: "Folders",
        *,
        language: str = "english",
        settings: RankingSettings | None = None,
        exclude: Sequence[str] = (),
        allow_loss: bool = False,
        progress: "Progress | None" = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> tuple[Self, "SyncReport"]:
        """Build an index anew from the files of some folders, whatever was there.

        The old index answers until the new one is committed, and times of first arrival are carried over. One that
        cannot be opened any more stays until then too. Raises ArchiveError as `sync` does and, unless
        `allow_loss`, for an index that was made of other folders too; ConfigError, IndexLocked, IndexUnwritable.
        """
        from newsearch.intake import sync_folders  # noqa: PLC0415 - a search reads no files

        _check_settings(settings)
        engine = WhooshEngine.open_for_rebuild(path, language=language, settings=settings, clock=clock)
        index = cls(engine, Path(path), clock)
        try:
            return index, sync_folders(
                engine, Path(path), folders, exclude=exclude, allow_loss=allow_loss, progress=progress, rebuild=language
            )
        except BaseException:
            index.close()
            raise

    def sync(
        self,
        folders: "Folders",
        *,
        exclude: Sequence[str] = (),
        allow_loss: bool = False,
        progress: "Progress | None" = None,
    ) -> "SyncReport":
        """Bring the index up to date with the files of some folders: new, changed and removed ones, in one commit.

        Only these folders are looked at; what came from others stays. `exclude` are globs of paths to leave out. A file
        that cannot be read never stops the others; the report names it. Raises ArchiveError for a folder that is
        missing or, unless `allow_loss`, has lost more than half of its files; IndexLocked, IndexUnwritable.
        """
        from newsearch.intake import sync_folders  # noqa: PLC0415 - as in `rebuild`

        return sync_folders(
            self._engine, self._path, folders, exclude=exclude, allow_loss=allow_loss, progress=progress
        )

    @classmethod
    def preview(
        cls,
        path: str | os.PathLike[str],
        folders: "Folders",
        *,
        language: str = "english",
        exclude: Sequence[str] = (),
        allow_loss: bool = False,
        rebuild: bool = False,
        progress: "Progress | None" = None,
    ) -> "SyncPreview":
        """What `sync`, or with `rebuild` that, would do to the index in a folder; nothing is made, locked or written.

        Counts, faults and remarks are those of the real run; `items`, `articles` and `duplicates` are what the index
        holds now. Raises ArchiveError as `sync` does; IndexDamaged, IndexVersionError where the run would.
        """
        from newsearch.intake import preview_folders  # noqa: PLC0415 - as in `rebuild`

        with ExitStack() as opened:
            engine: Engine | None = None
            if WhooshEngine.exists(path):
                try:
                    engine = opened.enter_context(cls.create(path, language=language))._engine
                except (IndexDamaged, IndexVersionError):
                    if not rebuild:
                        raise
            return preview_folders(
                engine,
                Path(path),
                folders,
                exclude=exclude,
                allow_loss=allow_loss,
                rebuild=rebuild,
                progress=progress,
            )

    def sync_items(
        self,
        items: "Iterable[NewsItem | Mapping[str, object]]",
        *,
        source: str,
        partial: bool = False,
        gone: Iterable[str] = (),
        allow_loss: bool = False,
    ) -> "SyncReport":
        """Bring the index up to date with the items of a source that is no folder, in one commit.

        An item is a NewsItem, or a dictionary as front matter has it, with the text after it as `body`. `source` is the
        name of where they come from: up to 64 letters of ASCII, digits, dots, hyphens and underscores. The items are
        all that this source has, and what it had before and has no more is removed; what came from folders and other
        sources stays. With `partial` nothing is removed but what `gone` names, by addresses or by paths.

        An item is known again by its `path`, else by its address; one that is as it was is not written anew. One that
        cannot be read never stops the others; the report names it. What `items` raises leaves the index as it was, and
        nobody else can write while they come. Raises ArchiveError where, unless `allow_loss`, more than half of the
        source's items are gone; QueryError, IndexLocked, IndexUnwritable.
        """
        from newsearch.deliveries import sync_items  # noqa: PLC0415 - as in `rebuild`

        return sync_items(self._engine, items, source=source, partial=partial, gone=gone, allow_loss=allow_loss)

    def take_in(self, items: "Iterable[NewsItem]") -> None:
        """Add items that are at hand and in no files, in one commit; they may be more than memory holds.

        Each is known by its path, or its address if it has none; of two with one path the first counts. For an index
        that is made for the moment: no `sync` changes or removes them. Raises IndexLocked, IndexUnwritable.
        """
        from newsearch.deliveries import take_in  # noqa: PLC0415 - as in `rebuild`

        take_in(self._engine, items)

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

    def ask(self, request: SearchRequest) -> SearchResult:
        """Answer a whole request; `search` with its parts spelt out. Raises QueryError."""
        check_request(request)
        return self._engine.search(request)

    def pages(self, request: SearchRequest | str = "", *, size: int = 100) -> Iterator[SearchResult]:
        """The results of a request page by page, `size` hits each, until there are no more; at least one.

        All pages are of the commit and the moment at which the first is asked for, whatever is synced or refreshed
        meanwhile. Of the request the limit does not count, and its offset is where the pages begin. They end at the
        1,000,000th hit at the latest. `size` is 1 to 1,000. Raises QueryError, at once.
        """
        check_range("size", size, MAX_LIMIT, least=1)
        request = replace(SearchRequest(request) if isinstance(request, str) else request, limit=size)
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
        request = SearchRequest(request) if isinstance(request, str) else request
        check_request(request)
        check_range("limit", limit, MAX_LIMIT)
        if isinstance(against, str):
            against = SearchRequest(against, match=request.match)
        if against is not None:
            if not isinstance(against, SearchRequest):
                raise QueryError(f"against is {against!r}; it must be text: a query.")
            check_request(against)
        return self._engine.terms(request, against=against, limit=limit)

    def get(self, reference: str) -> Article:
        """An article by id, unambiguous prefix of an id, address or path.

        Raises ArticleNotFound, AmbiguousId, and QueryError for what is no text.
        """
        return self._engine.get(as_reference(reference))

    @staticmethod
    def check(path: str | os.PathLike[str] = "index") -> "Diagnosis":
        """Check every byte of an index, and look for what is wrong in the archive as the index knows it.

        Damage is not raised but found, for what is damaged cannot be opened. Raises IndexMissing.
        """
        return WhooshEngine.check(path)

    @staticmethod
    def wait_until_free(path: str | os.PathLike[str], seconds: float) -> bool:
        """Wait until nobody writes to the index in a folder; False if somebody still does after so many seconds.

        For whoever got an IndexLocked and has the time: try again after it.
        """
        return WhooshEngine.wait_until_free(path, seconds)

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
        return type(self)(self._engine.pinned(), self._path, self._clock)

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
        engine = self._engine.newer()
        return None if engine is None else type(self)(engine, self._path, self._clock)

    def close(self) -> None:
        """Let go of the index's files. Searches under way must have ended."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
