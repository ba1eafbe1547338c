"""newsearch in Python: one archive's index, to keep up to date and to search.

    import newsearch

    with newsearch.open("index") as index:
        for hit in index.search("facial recognition", limit=5, since="2020-09"):
            print(hit.score, hit.title, hit.url)

Everything a face (command line, HTTP, MCP) does goes through here; what it shows is in the values that come back.
Nothing here prints, and the only exceptions are those of `newsearch.errors`.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import starmap
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, TypedDict, Unpack

from newsearch.engine.base import Delivery, Engine, SourceKey, SyncOutcome, utc_now
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import ArchiveError, IndexDamaged, IndexVersionError, ItemError, QueryError
from newsearch.findings import Relations, SyncPreview, TypicalTerms
from newsearch.model import (
    Article,
    Completion,
    CompletionKind,
    Diagnosis,
    FacetValue,
    Group,
    IndexStats,
    Interval,
    MatchMode,
    RankingSettings,
    SearchRequest,
    SearchResult,
    Sort,
    SourceFile,
    SyncReport,
    Timeline,
)
from newsearch.query.facets import MAX_VALUES
from newsearch.query.filters import MAX_DEPTH, MAX_LIMIT, check_completion, check_range, check_request

if TYPE_CHECKING:
    from newsearch.items.intake import Intake
    from newsearch.items.scan import Scan

__all__ = ["NewsIndex", "open"]

Folders = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
"""One archive folder, or several."""

Moment = str | date | datetime
"""A date as a user types it, or as Python has it; without a zone it is UTC."""


class Filters(TypedDict, total=False):
    """The options that select articles, as `NewsIndex.search` takes them too."""

    match: MatchMode
    since: Moment | None
    until: Moment | None
    as_of: Moment | None
    provider: str | None
    topic: str | None
    type: str | None
    kind: Literal["item", "related", "all"]
    min_quality: int | None


Progress = Callable[[int, int], None]
"""Told, while files are read, how many of how many are done."""


def open(  # noqa: A001 - `newsearch.open` reads as it should
    path: str | os.PathLike[str] = "index",
    *,
    settings: RankingSettings | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> "NewsIndex":
    """Open an index for searching and syncing.

    `settings` are the figures of the ranking formula. `clock` gives the time that commits are stamped with and ages
    count back from, aware and in UTC. Raises IndexMissing, IndexDamaged, IndexVersionError.
    """
    return NewsIndex(WhooshEngine.open(path, settings=settings, clock=clock), Path(path), clock)


class NewsIndex:
    """An open index. Searching is safe for threads; syncing is for one at a time, and IndexLocked says when it is not.

    Searches answer from the commit that was newest when the index was opened or last refreshed.
    """

    def __init__(self, engine: Engine, path: Path, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._path = path
        self._clock = clock

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
        folders: Folders,
        *,
        language: str = "english",
        settings: RankingSettings | None = None,
        exclude: Sequence[str] = (),
        allow_loss: bool = False,
        progress: Progress | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> tuple[Self, SyncReport]:
        """Build an index anew from the files of some folders, whatever was there.

        The old index answers until the new one is committed, and times of first arrival are carried over. One that
        cannot be opened any more stays until then too. Raises ArchiveError as `sync` does, ConfigError, IndexLocked,
        IndexUnwritable.
        """
        engine = WhooshEngine.open_for_rebuild(path, language=language, settings=settings, clock=clock)
        index = cls(engine, Path(path), clock)
        try:
            return index, index._sync(
                folders, exclude=exclude, allow_loss=allow_loss, progress=progress, rebuild=language
            )
        except BaseException:
            index.close()
            raise

    def sync(
        self,
        folders: Folders,
        *,
        exclude: Sequence[str] = (),
        allow_loss: bool = False,
        progress: Progress | None = None,
    ) -> SyncReport:
        """Bring the index up to date with the files of some folders: new, changed and removed ones, in one commit.

        Only these folders are looked at; what came from others stays. `exclude` are globs of paths to leave out. A file
        that cannot be read never stops the others; the report names it. Raises ArchiveError for a folder that is
        missing or, unless `allow_loss`, has lost more than half of its files; IndexLocked, IndexUnwritable.
        """
        return self._sync(folders, exclude=exclude, allow_loss=allow_loss, progress=progress)

    @classmethod
    def preview(
        cls,
        path: str | os.PathLike[str],
        folders: Folders,
        *,
        language: str = "english",
        exclude: Sequence[str] = (),
        allow_loss: bool = False,
        rebuild: bool = False,
        progress: Progress | None = None,
    ) -> SyncPreview:
        """What `sync`, or with `rebuild` that, would do to the index in a folder; nothing is made, locked or written.

        Counts, faults and remarks are those of the real run; `items`, `articles` and `duplicates` are what the index
        holds now. Raises ArchiveError as `sync` does, IndexDamaged, IndexVersionError.
        """
        from newsearch.items.intake import Intake  # noqa: PLC0415 - a search reads no files

        started = time.perf_counter()
        remembered: Mapping[str, Mapping[str, SourceFile]] = {}
        known: Mapping[SourceKey, ItemError] = {}
        outcome = SyncOutcome(0, 0, 0)
        if not rebuild and WhooshEngine.exists(path):
            with cls.create(path, language=language) as index:
                remembered, known = index._engine.sources(), index._engine.faults()
                outcome = index._engine.outcome()
        scans = _scan(folders, Path(path), remembered, exclude=exclude, allow_loss=allow_loss, is_rebuilt=rebuild)
        intake = Intake(scans, progress, listed=True)
        gone = set(intake.gone)
        faults = {key: fault for key, fault in known.items() if key[0] in scans and key not in gone}
        for taken in intake.taken():
            key = taken.source.root, taken.source.path
            faults.pop(key, None)
            if taken.fault is not None:
                faults[key] = taken.fault
        report = _report(intake, outcome, faults, started, committed=False)
        return SyncPreview(report, **{what: tuple(sorted(names)) for what, names in intake.names.items()})

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
                since=_typed(since),
                until=_typed(until),
                as_of=_typed(as_of),
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
        return self.ask(_request(text, filters)).total

    def facets(
        self, field: str, text: str = "", *, limit: int = 10, **filters: Unpack[Filters]
    ) -> tuple[FacetValue, ...]:
        """The values that a query's articles have, and how many have each: at most `limit`, 1..100,000.

        `field` is provider, topic, type, kind, quality, year or month. The most frequent come first; of quality the
        best band, of years and months the newest. Raises QueryError.
        """
        result = self.ask(_request(text, filters, facets=(f"{field}:{limit}",)))
        return next(iter(result.facets.values()))

    def timeline(self, text: str = "", *, interval: Interval = "month", **filters: Unpack[Filters]) -> Timeline:
        """A query's articles by day, week, month or year, gaps included.

        Raises QueryError, also for a time of more than 40,000 buckets.
        """
        found = self.ask(_request(text, filters, timeline=interval)).timeline
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

    def suggest(
        self, prefix: str, *, limit: int = 10, kinds: Sequence[CompletionKind] = ("word", "topic", "provider")
    ) -> tuple[Completion, ...]:
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
                since=_typed(since),
                until=_typed(until),
                as_of=_typed(as_of),
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
        return self._engine.similar(_referring(reference), request)

    def related(self, reference: str, *, depth: int = 1, limit: int = 50) -> Relations:
        """What citations lead to from an article, followed both ways in at most `depth` steps (1 to 3), nearest first.

        With two steps that has the articles cited together with it. At most `limit` (0 to 1,000) are listed. Raises
        ArticleNotFound, AmbiguousId, QueryError.
        """
        check_range("depth", depth, MAX_DEPTH, least=1)
        check_range("limit", limit, MAX_LIMIT)
        return self._engine.related(_referring(reference), depth=depth, limit=limit)

    def terms(self, request: SearchRequest | str, *, against: str | None = None, limit: int = 10) -> TypicalTerms:
        """The words, topics and providers that are typical of a query's hits, at most `limit` (0 to 1,000) of each.

        The hits are compared with all other articles or, of those, with what the query `against` finds, which may be a
        span of time such as `date:2019`. Of a request the filters count, and its page does not. Raises QueryError.
        """
        request = SearchRequest(request) if isinstance(request, str) else request
        check_request(request)
        check_range("limit", limit, MAX_LIMIT)
        if against is not None and not isinstance(against, str):
            raise QueryError(f"against is {against!r}; it must be text: a query.")
        return self._engine.terms(request, against=against, limit=limit)

    def months(self, request: SearchRequest | str) -> Mapping[str, int]:
        """How many dated articles a query finds in each month that has some, oldest first: `{"2020-09": 3}`.

        Raises QueryError.
        """
        request = SearchRequest(request) if isinstance(request, str) else request
        check_request(request)
        return self._engine.months(request)

    def get(self, reference: str) -> Article:
        """An article by id, unambiguous prefix of an id, address or path.

        Raises ArticleNotFound, AmbiguousId, and QueryError for what is no text.
        """
        return self._engine.get(_referring(reference))

    @staticmethod
    def check(path: str | os.PathLike[str] = "index") -> Diagnosis:
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

    def stats(self) -> IndexStats:
        """The state and size of the index."""
        return self._engine.stats()

    def refresh(self) -> bool:
        """Move on to the newest commit; True if there was one."""
        return self._engine.refresh()

    def close(self) -> None:
        """Let go of the index's files. Searches under way must have ended."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _sync(
        self,
        folders: Folders,
        *,
        exclude: Sequence[str] = (),
        allow_loss: bool = False,
        progress: Progress | None = None,
        rebuild: str | None = None,
    ) -> SyncReport:
        from newsearch.items.intake import Intake  # noqa: PLC0415 - a search reads no files

        started = time.perf_counter()
        try:
            self._engine.refresh()
            remembered = self._engine.sources()
        except IndexDamaged:
            if not rebuild:
                raise
            remembered = {}  # building anew is how damage is mended
        scans = _scan(folders, self._path, remembered, exclude=exclude, allow_loss=allow_loss, is_rebuilt=bool(rebuild))
        intake = Intake(scans, progress)
        deliveries = starmap(Delivery, intake.taken())
        first = not rebuild and not self._engine.committed
        if rebuild:
            self._engine.rebuild(deliveries, language=rebuild)
        elif intake.is_needed or first:
            self._engine.sync(deliveries, intake.gone)
        else:
            self._engine.tidy()
        faults = {key: fault for key, fault in self._engine.faults().items() if key[0] in scans}
        committed = bool(rebuild or first or intake.delivered or intake.gone)
        return _report(intake, self._engine.outcome(), faults, started, committed=committed)


def _scan(
    folders: Folders,
    index: Path,
    remembered: Mapping[str, Mapping[str, SourceFile]],
    *,
    exclude: Sequence[str],
    allow_loss: bool,
    is_rebuilt: bool,
) -> "dict[str, Scan]":
    """What changed in each folder, by what the index calls it."""
    from newsearch.items.scan import Scan, scan  # noqa: PLC0415 - as the reader: a search loads no YAML

    folders = [folders] if isinstance(folders, str | os.PathLike) else folders
    if not all(map(os.fspath, folders)):  # to pathlib an empty name is the current folder's
        raise ArchiveError("The name of a folder is empty; name the folder of your items.")
    _refuse_overlap(folders, index, set() if is_rebuilt else set(remembered))
    scans: dict[str, Scan] = {}
    for folder in map(Path, folders):
        root = _root(folder, index)
        if root in scans:  # the same folder may be given twice, under two names too
            continue
        found = scan(
            folder,
            root=root,
            remembered=remembered.get(root, {}),
            exclude=exclude,
            force=is_rebuilt,
            allow_loss=allow_loss,
        )
        if is_rebuilt:  # what was remembered has told of a loss; in the new index every file is new
            added = [*found.added, *found.changed]
            found = Scan(added=added, line_files=found.line_files, faults=found.faults)
        scans[root] = found
    return scans


def _root(folder: Path, index: Path) -> str:
    """What an index calls a folder: its path relative to the index, so that a project that holds both can move."""
    return Path(os.path.relpath(folder.resolve(), index.resolve())).as_posix()


def _refuse_overlap(folders: Sequence[str | os.PathLike[str]], index: Path, known: set[str]) -> None:
    """Raise ArchiveError for a folder in another one: each file of it would be there twice, and go only once."""
    here = index.resolve()
    others = {(here / root).resolve() for root in known} | {Path(folder).resolve() for folder in folders}
    for folder in folders:
        given = Path(folder).resolve()
        for other in others:
            if given in other.parents or other in given.parents:
                inner, outer = (other, given) if given in other.parents else (given, other)
                raise ArchiveError(
                    f"The archive folder '{inner}' lies in '{outer}'; index one of them. To go over from one that "
                    "is indexed already to the other, run: newsearch index --rebuild PATH"
                )


def _report(
    intake: "Intake", outcome: SyncOutcome, faults: Mapping[SourceKey, ItemError], started: float, *, committed: bool
) -> SyncReport:
    skipped = {**faults, **intake.unread}.values()  # what a file's fault is today counts, and once
    return SyncReport(
        added=intake.added,
        changed=intake.changed,
        removed=intake.removed,
        unchanged=intake.unchanged,
        duplicates=outcome.duplicates,
        items=outcome.items,
        articles=outcome.articles,
        seconds=time.perf_counter() - started,
        skipped=tuple(sorted(skipped, key=lambda fault: (fault.path, fault.line or 0))),
        remarks=tuple(intake.remarks),
        committed=committed,
        excluded=intake.excluded,
    )


def _request(text: str, filters: Filters, **asked: Any) -> SearchRequest:
    """A request for figures alone."""
    since, until, as_of = filters.get("since"), filters.get("until"), filters.get("as_of")
    dates = {"since": _typed(since), "until": _typed(until), "as_of": _typed(as_of)}
    return SearchRequest(text, limit=0, **{**filters, **dates, **asked})


def _referring(reference: str) -> str:
    if not isinstance(reference, str):
        raise QueryError(f"reference is {reference!r}; it must be text: an id, an address or a path.")
    return reference


def _typed(moment: Moment | None) -> str | None:
    """A date as a user would type it."""
    if isinstance(moment, datetime):
        # In the first and last hours that there are, UTC may have no such time; it is refused where it is read.
        with suppress(OverflowError):
            moment = moment.astimezone(UTC) if moment.tzinfo is not None else moment
        return moment.isoformat()
    return moment.isoformat() if isinstance(moment, date) else moment
