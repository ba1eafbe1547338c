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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, TypedDict, Unpack

from newsearch.engine.base import Delivery, Engine, SourceKey, utc_now
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import ArchiveError, IndexDamaged, IndexVersionError, ItemError, QueryError
from newsearch.findings import Relations, TypicalTerms
from newsearch.model import (
    Article,
    Completion,
    CompletionKind,
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

_FEW_TOUCHED = 1000


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
    and in UTC. Raises IndexMissing, IndexDamaged, IndexVersionError, and ConfigError for a line of the synonyms.
    """
    found = None
    if synonyms is not None:
        from newsearch.query.synonyms import read_synonyms  # noqa: PLC0415 - most archives have no synonyms

        found = read_synonyms(Path(synonyms))
    return NewsIndex(WhooshEngine.open(path, settings=settings, clock=clock, synonyms=found), Path(path), clock)


class _FolderScan(NamedTuple):
    """What changed in a folder; `root` is what the index calls it."""

    root: str
    found: "Scan"


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
        cannot be opened any more is replaced from the start. Raises ArchiveError as `sync` does, ConfigError,
        IndexLocked.
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
        missing or, unless `allow_loss`, has lost more than half of its files; IndexLocked.
        """
        return self._sync(folders, exclude=exclude, allow_loss=allow_loss, progress=progress)

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
        started = time.perf_counter()
        self._engine.refresh()
        try:
            remembered = self._engine.sources()
        except IndexDamaged:
            if not rebuild:
                raise
            remembered = {}  # building anew is how damage is mended
        folders = [folders] if isinstance(folders, str | os.PathLike) else folders
        if not all(map(os.fspath, folders)):  # to pathlib an empty name is the current folder's
            raise ArchiveError("The name of a folder is empty; name the folder of your items.")
        self._refuse_overlap(folders, set() if rebuild else set(remembered))
        scans: dict[str, _FolderScan] = {}
        for folder in folders:
            root = self._root(Path(folder))
            if root not in scans:  # the same folder may be given twice, under two names too
                scans[root] = self._scan(
                    Path(folder),
                    root,
                    remembered.get(root, {}),
                    exclude=exclude,
                    allow_loss=allow_loss,
                    anew=bool(rebuild),
                )
        intake = _Intake(list(scans.values()), progress)
        first = not rebuild and not self._engine.committed
        if rebuild:
            self._engine.rebuild(intake.deliveries(), language=rebuild)
        elif intake.is_needed or first:
            self._engine.sync(intake.deliveries(), intake.removed)
        outcome = self._engine.outcome()
        faults = {key: fault for key, fault in self._engine.faults().items() if key[0] in scans}
        skipped = {**faults, **intake.unread}.values()  # what a file's fault is today counts, and once
        return SyncReport(
            added=intake.added,
            changed=intake.changed,
            removed=len(intake.removed),
            unchanged=intake.unchanged,
            duplicates=outcome.duplicates,
            items=outcome.items,
            articles=outcome.articles,
            seconds=time.perf_counter() - started,
            skipped=tuple(sorted(skipped, key=lambda fault: (fault.path, fault.line or 0))),
            remarks=tuple(intake.remarks),
            committed=bool(rebuild or first or intake.delivered or intake.removed),
        )

    def _root(self, folder: Path) -> str:
        """What the index calls a folder: its path relative to the index, so that a project that holds both can move."""
        return Path(os.path.relpath(folder.resolve(), self._path.resolve())).as_posix()

    def _refuse_overlap(self, folders: Sequence[str | os.PathLike[str]], known: set[str]) -> None:
        """Raise ArchiveError for a folder in another one: each file of it would be there twice, and go only once."""
        here = self._path.resolve()
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

    @staticmethod
    def _scan(
        folder: Path,
        root: str,
        remembered: Mapping[str, SourceFile],
        *,
        exclude: Sequence[str],
        allow_loss: bool,
        anew: bool,
    ) -> "_FolderScan":
        from newsearch.items.scan import Scan, scan  # noqa: PLC0415 - as the reader below: a search loads no YAML

        found = scan(folder, root=root, remembered=remembered, exclude=exclude, force=anew, allow_loss=allow_loss)
        if anew:  # what was remembered has told of a loss; in the new index every file is new
            found = Scan(added=[*found.added, *found.changed], faults=found.faults)
        return _FolderScan(root, found)


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


class _Intake:
    """Reads what a scan found, file by file, and counts."""

    def __init__(self, scans: Sequence[_FolderScan], progress: Progress | None) -> None:
        self._scans = scans
        self._progress = progress
        self.added = self.changed = self.delivered = 0
        self.unread: dict[SourceKey, ItemError] = {
            (scan.root, fault.path): fault for scan in scans for fault in scan.found.faults
        }
        self.remarks: list[ItemError] = []
        self.removed: list[SourceKey] = [(scan.root, path) for scan in scans for path in scan.found.removed]
        self.unchanged = sum(scan.found.unchanged + len(scan.found.touched) for scan in scans)

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to commit; a few files that were only touched are not worth a commit."""
        touched = sum(len(scan.found.touched) for scan in self._scans)
        read = any(scan.found.added or scan.found.changed for scan in self._scans)
        return bool(read or self.removed or touched >= _FEW_TOUCHED)

    def deliveries(self) -> Iterator[Delivery]:
        """Every new or changed file, read; every touched one as it is."""
        from newsearch.items.workers import read_all  # noqa: PLC0415 - a search reads no files

        for scanned in self._scans:
            self.delivered += len(scanned.found.touched)
            yield from map(Delivery, scanned.found.touched)
        entries = [
            (entry, is_new)
            for scanned in self._scans
            for found, is_new in ((scanned.found.added, True), (scanned.found.changed, False))
            for entry in found
        ]
        with closing(read_all(entry for entry, _ in entries)) as outcomes:
            for done, ((_, is_new), outcome) in enumerate(zip(entries, outcomes, strict=True), 1):
                if outcome.source is None:
                    # Its content is not known; what the index has of it stays until it can be read again.
                    if outcome.fault is not None:
                        self.unread[outcome.entry.root, outcome.entry.path] = outcome.fault
                else:
                    self.delivered += 1
                    self.changed += not is_new
                    self.added += is_new and outcome.item is not None
                    self.remarks.extend(outcome.remarks)
                    yield Delivery(outcome.source, outcome.item, outcome.fault)
                if self._progress is not None:
                    self._progress(done, len(entries))
