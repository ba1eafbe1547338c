"""The embedded engine: one folder, one Whoosh index, behind the protocol of `newsearch.engine.base`.

    engine = WhooshEngine.open("index", settings=RankingSettings())
    engine.search(SearchRequest(text="facial recognition"))

Opens, creates, refreshes and rebuilds; what a search or a commit consists of is in the other modules of this folder.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

from newsearch.engine.base import Delivery, SourceKey, SyncOutcome, utc_now
from newsearch.engine.whoosh import schema
from newsearch.engine.whoosh.folder import names_in, newest_snapshot, reading, refuse_foreign
from newsearch.engine.whoosh.hits import build_article
from newsearch.engine.whoosh.references import find_document
from newsearch.engine.whoosh.schema import DocumentKind
from newsearch.engine.whoosh.search import Searcher
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.errors import (
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexUnwritable,
    IndexVersionError,
    ItemError,
)
from newsearch.items.ids import article_id, key_of_id
from newsearch.model import (
    Article,
    CompletionKind,
    RankingSettings,
    SearchRequest,
    SearchResult,
    SourceFile,
)

if TYPE_CHECKING:
    from newsearch.engine.whoosh.toc import NewsFileIndex
    from newsearch.findings import Relations, TypicalTerms
    from newsearch.model import Completion, Diagnosis, IndexStats
    from newsearch.query.synonyms import Synonyms

__all__ = ["WhooshEngine"]


class WhooshEngine:
    """An embedded index in a folder.

    Searches may run in any number of threads, also while another process commits: they stay with the commit they began
    with until `refresh`. `clock` gives the time, aware and in UTC. `synonyms` hold for all queries.
    """

    def __init__(
        self,
        folder: Path,
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
        snapshot: Snapshot | None = None,
        synonyms: "Synonyms | None" = None,
    ) -> None:
        """Open whatever index is in a folder, of any version of the schema. Raises IndexMissing, IndexDamaged,
        IndexVersionError.
        """
        if not self.exists(folder):
            raise IndexMissing(f"There is no index in {folder}; make one with: newsearch index")
        self._folder = folder
        self._settings = settings or RankingSettings()
        self._clock = clock
        self._synonyms = synonyms
        self._refreshing = Lock()
        self._names: frozenset[str] | None = None
        self._of_this_version = False  # for all that is known: it may be here to be built anew
        snapshot = newest_snapshot(folder) if snapshot is None else snapshot
        self._searcher = Searcher(snapshot, self._settings, synonyms)

    @classmethod
    def open(
        cls,
        folder: str | os.PathLike[str],
        *,
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
        synonyms: "Synonyms | None" = None,
    ) -> Self:
        """Open an index. Raises IndexMissing, IndexDamaged, or IndexVersionError for one of another version."""
        folder = Path(folder)
        engine = cls(folder, settings, clock, synonyms=synonyms)
        engine._refuse_other_version(engine._searcher)
        engine._of_this_version = True
        return engine

    @classmethod
    def create(
        cls,
        folder: str | os.PathLike[str],
        *,
        language: str = "english",
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Self:
        """Make an empty index in a folder, which is made if it is not there.

        An index that somebody else made there meanwhile is left, and opened.

        Raises ConfigError for a language that is not known and for a folder that holds something else; IndexUnwritable,
        IndexLocked, IndexDamaged.
        """
        # A search writes nothing, and does without Whoosh.
        from whoosh.index import TOC  # noqa: PLC0415

        from newsearch.engine.whoosh.commitfiles import sync_folder, write_toc  # noqa: PLC0415
        from newsearch.engine.whoosh.lock import WriteLock  # noqa: PLC0415
        from newsearch.engine.whoosh.stockschema import make_schema  # noqa: PLC0415

        folder = Path(folder)
        fields = make_schema(language)
        refuse_foreign(folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise IndexUnwritable(
                f"The index {folder} cannot be made: {(error.strerror or str(error)).lower()}."
            ) from None
        with WriteLock(folder):
            if not cls.exists(folder):
                write_toc(folder, TOC(fields, [], 0))
                sync_folder(folder)
        return cls(folder, settings, clock)

    @classmethod
    def open_for_rebuild(
        cls,
        folder: str | os.PathLike[str],
        *,
        language: str,
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Self:
        """Open whatever index is in a folder, of any version; where there is none, make an empty one.

        One that cannot be read is taken for empty, and stays as it is until the commit that replaces it.
        """
        if not cls.exists(folder):
            return cls.create(folder, language=language, settings=settings, clock=clock)
        folder = Path(folder)
        try:
            snapshot = newest_snapshot(folder)
        except (IndexDamaged, IndexVersionError):
            snapshot = Snapshot.empty(language)
        return cls(folder, settings, clock, snapshot)

    @staticmethod
    def exists(folder: str | os.PathLike[str]) -> bool:
        """Whether there is an index in a folder, of whatever version or health."""
        return any(Path(folder).glob("_MAIN_*.toc"))

    @property
    def language(self) -> str:
        """The language that texts are analysed in."""
        return self._searcher.snapshot.language

    @property
    def committed(self) -> bool:
        """Whether anything was ever committed to the index."""
        return bool(self._searcher.committed)

    def sources(self) -> Mapping[str, Mapping[str, SourceFile]]:
        """The source files of the last commit, as they were when they were read: by root, and by path in there."""
        return self._searcher.snapshot.sources()

    def faults(self) -> Mapping[SourceKey, ItemError]:
        """Why those of them that could not be read could not be."""
        return self._searcher.snapshot.faults()

    def sync(
        self, deliveries: Iterable[Delivery], removed: Iterable[SourceKey], *, at: datetime | None = None
    ) -> SyncOutcome:
        """Bring the index up to date in one atomic commit, stamped with `at` or the clock. Raises IndexLocked."""
        from newsearch.engine.whoosh.sync import write_commit  # noqa: PLC0415 - as in `create`

        self.refresh()
        write_commit(self._index, self._newest, deliveries, removed, at=at or self._clock())
        self.refresh()
        return self.outcome()

    def rebuild(
        self,
        deliveries: Iterable[Delivery],
        *,
        language: str,
        at: datetime | None = None,
        arrivals: Mapping[str, int] | None = None,
    ) -> SyncOutcome:
        """Replace everything by what is delivered, in one atomic commit; times of first arrival are kept.

        Until the commit, and if it fails, the index stays as it was.
        """
        from newsearch.engine.whoosh.stockschema import make_schema  # noqa: PLC0415 - as in `create`
        from newsearch.engine.whoosh.sync import write_anew  # noqa: PLC0415

        fields = make_schema(language)
        given = None if arrivals is None else {key_of_id(one): second for one, second in arrivals.items()}
        kept = self._arrivals if given is None else lambda: given
        write_anew(self._index, fields, deliveries, at=at or self._clock(), arrivals=kept)
        self.refresh()
        return self.outcome()

    def deliveries(self) -> Iterator[Delivery]:
        """What the index was made of, file by file: for each its item or its fault."""
        from newsearch.engine.whoosh.records import restore_fault, restore_item  # noqa: PLC0415 - as in `create`

        snapshot = self._searcher.snapshot
        kinds = snapshot.column("kind")
        for document in snapshot.documents_by_source.values():
            source, stored = snapshot.source(document), snapshot.stored(document)
            if kinds[document] == DocumentKind.FILE:
                yield Delivery(source, holds_lines=True)
            elif kinds[document] == DocumentKind.FAULT:
                yield Delivery(source, fault=restore_fault(stored))
            else:
                yield Delivery(source, item=restore_item(stored))

    def arrivals(self) -> Mapping[str, int]:
        """When each article first came into the index, in UTC epoch seconds, by id."""
        return {article_id(key): second for key, second in self._arrivals().items()}

    def outcome(self) -> SyncOutcome:
        """What the index holds."""
        state = self._searcher.state
        duplicates = self._searcher.snapshot.of_kind(DocumentKind.DUPLICATE).size
        return SyncOutcome(state.items, state.articles, int(duplicates))

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Raises QueryError for an option that makes no sense; any text is answered."""
        return self._searcher.search(request, now=self._clock())

    def suggest(self, prefix: str, *, limit: int, kinds: Sequence[CompletionKind]) -> "tuple[Completion, ...]":
        """What the beginning of a word, topic or provider may become: those of most articles first."""
        return self._searcher.complete(prefix, limit=limit, kinds=kinds, now=self._clock())

    def get(self, reference: str) -> Article:
        """An article by id, unambiguous prefix of an id, address or path. Raises ArticleNotFound, AmbiguousId."""
        searcher = self._searcher
        document = find_document(reference.strip(), searcher.snapshot)
        return build_article(document, searcher.snapshot, searcher.live)

    def similar(self, reference: str, request: SearchRequest) -> SearchResult:
        """The articles like one, by its most telling words; of the request the text and match are not used.

        The result's request has the words for its text. Raises ArticleNotFound, AmbiguousId, QueryError.
        """
        from newsearch.engine.whoosh.finding import similar_articles  # noqa: PLC0415 - a search needs none of it

        searcher = self._searcher
        document = find_document(reference.strip(), searcher.snapshot)
        return similar_articles(document, searcher, request, now=self._clock())

    def related(self, reference: str, *, depth: int, limit: int, as_of: str | None = None) -> "Relations":
        """What citations lead to from an article, in at most `depth` steps.

        Raises ArticleNotFound, AmbiguousId, QueryError.
        """
        from newsearch.engine.whoosh.finding import related_articles  # noqa: PLC0415 - as above

        searcher = self._searcher
        document = find_document(reference.strip(), searcher.snapshot)
        return related_articles(document, searcher, depth=depth, limit=limit, as_of=as_of, now=self._clock())

    def terms(self, request: SearchRequest, *, against: SearchRequest | None, limit: int) -> "TypicalTerms":
        """What is typical of a request's hits, against all other articles or those that another request finds."""
        from newsearch.engine.whoosh.finding import typical_terms  # noqa: PLC0415 - as above

        return typical_terms(request, self._searcher, against=against, limit=limit, now=self._clock())

    def stats(self) -> "IndexStats":
        """The state and size of the index."""
        from newsearch.engine.whoosh.stats import stats_of  # noqa: PLC0415 - no search needs it

        return stats_of(self._searcher, self._folder)

    def refresh(self) -> bool:
        """Move on to the newest commit; True if there was one. Searches under way finish on the one they have.

        Raises IndexMissing, IndexDamaged, or IndexVersionError where another version of newsearch has built it anew;
        then it stays where it is.
        """
        # One at a time: else the slower of two threads could go back to the commit that it saw.
        with self._refreshing:
            # As they are before the commit is read: what is committed meanwhile shows as another name the next time.
            names = names_in(self._folder)
            if names is not None and names == self._names:
                return False
            newest = reading(self._folder, lambda: Snapshot.identity_of(self._folder))
            is_newer = newest != self._searcher.snapshot.identity
            if is_newer:
                searcher = Searcher(newest_snapshot(self._folder), self._settings, self._synonyms)
                if self._of_this_version:
                    self._refuse_other_version(searcher)
                self._searcher = searcher
            self._names = names
        return is_newer

    @property
    def commit(self) -> str:
        """What tells the commit that is searched from all others: a short word, the same in every process."""
        number, segments = self._searcher.snapshot.identity
        return f"{number}-{hashlib.blake2b(' '.join(segments).encode(), digest_size=8).hexdigest()}"

    def fork(self, clock: Callable[[], datetime] | None = None) -> Self:
        """An engine on the same commit that goes its own way: refreshing one does not move the other."""
        with self._refreshing:  # else it might have the commit of before and the names of after
            fork = copy(self)
        fork._refreshing = Lock()
        if clock is not None:
            fork._clock = clock
        return fork

    def tidy(self) -> None:
        """Remove what writers left that were killed. Not while another one writes: it sees to that itself."""
        from newsearch.engine.whoosh.lock import WriteLock  # noqa: PLC0415 - as above
        from newsearch.engine.whoosh.strays import clear_strays, strays  # noqa: PLC0415

        if reading(self._folder, lambda: strays(self._folder, *Snapshot.identity_of(self._folder))):
            with suppress(IndexLocked, IndexUnwritable), WriteLock(self._folder):
                clear_strays(self._folder, *Snapshot.identity_of(self._folder))

    @staticmethod
    def check(folder: str | os.PathLike[str]) -> "Diagnosis":
        """Check every byte of the index in a folder, and what it knows of the archive. Raises IndexMissing."""
        from newsearch.engine.whoosh.checkup import check  # noqa: PLC0415 - a search checks what it reads

        return check(Path(folder))

    @staticmethod
    def wait_until_free(folder: str | os.PathLike[str], seconds: float) -> bool:
        """Wait until nobody writes to the index in a folder; False if somebody still does after so many seconds."""
        from newsearch.engine.whoosh.lock import wait_until_free  # noqa: PLC0415 - as above

        return wait_until_free(Path(folder), seconds)

    def close(self) -> None:
        """Nothing: what still searches keeps the index's files open, and nothing else does."""

    def _refuse_other_version(self, searcher: Searcher) -> None:
        version = searcher.schema_version
        if version != schema.SCHEMA_VERSION:
            raise IndexVersionError(
                f"The index {self._folder} was made by another version of newsearch: it has version {version}; this "
                f"newsearch reads version {schema.SCHEMA_VERSION}. Build it anew with: newsearch index --rebuild"
            )

    @property
    def _index(self) -> "NewsFileIndex":
        """The index as Whoosh writes it."""
        from whoosh.filedb.filestore import FileStorage  # noqa: PLC0415 - as in `create`

        from newsearch.engine.whoosh.toc import NewsFileIndex  # noqa: PLC0415

        return reading(self._folder, lambda: NewsFileIndex(FileStorage(str(self._folder))))

    def _newest(self) -> Snapshot:
        self.refresh()
        return self._searcher.snapshot

    def _arrivals(self) -> Mapping[int, int]:
        try:
            snapshot = self._newest()
            articles = snapshot.articles
            keys, first = snapshot.keys[articles], snapshot.column("first_indexed")[articles]
        except (IndexDamaged, IndexVersionError):
            return {}  # a rebuild is how damage is mended, so it cannot depend on what is damaged
        return dict(zip(keys.tolist(), first.tolist(), strict=True))
