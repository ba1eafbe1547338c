"""The cluster engine: one index on OpenSearch, behind the protocol of `newsearch.engine.base`.

    engine = OpenSearchEngine.open("http://127.0.0.1:9200/news", settings=RankingSettings())
    engine.search(SearchRequest(text="facial recognition"))

Opens, creates, refreshes and rebuilds; what a search or a commit consists of is in the other modules of this folder.
What differs from the embedded engine: a sync that is not a rebuild is seen document by document, and a search sees what
the cluster has, whatever was there when the index was opened.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import datetime
from hashlib import blake2b
from threading import Lock as ThreadLock
from typing import TYPE_CHECKING, Any, Self

from newsearch.engine.base import Delivery, SourceKey, SyncOutcome, utc_now
from newsearch.engine.opensearch import files, indices
from newsearch.engine.opensearch.lock import Lock
from newsearch.engine.opensearch.mapping import SCHEMA_VERSION
from newsearch.engine.opensearch.references import find_article
from newsearch.engine.opensearch.search import Searcher
from newsearch.engine.opensearch.server import Server
from newsearch.errors import ConfigError, IndexMissing, IndexVersionError, ItemError
from newsearch.model import (
    Article,
    CompletionKind,
    RankingSettings,
    SearchRequest,
    SearchResult,
    SourceFile,
)
from newsearch.places import Place

if TYPE_CHECKING:
    from newsearch.engine.opensearch.sync import Commit
    from newsearch.findings import Relations, TypicalTerms
    from newsearch.model import Completion, Diagnosis, IndexStats
    from newsearch.query.synonyms import Synonyms

__all__ = ["OpenSearchEngine"]

_LOOK_AGAIN = 0.5


class OpenSearchEngine:
    """An index on a cluster. Searches may run in any number of threads. `clock` gives the time, aware and in UTC."""

    def __init__(
        self,
        server: Server,
        state: Mapping[str, Any],
        *,
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
        synonyms: "Synonyms | None" = None,
    ) -> None:
        self._server = server
        self._settings = settings or RankingSettings()
        self._clock = clock
        self._synonyms = synonyms
        self._refreshing = ThreadLock()
        self._take(state)

    @classmethod
    def open(
        cls,
        url: Place,
        *,
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
        synonyms: "Synonyms | None" = None,
    ) -> Self:
        """Open an index. Raises IndexAway, IndexMissing, or IndexVersionError for one of another version."""
        server = Server.at(str(url))
        state = indices.read_state(server)
        if state is None:
            raise IndexMissing(f"There is no index at {server.name}; make one with: newsearch index")
        if state["schema"] != SCHEMA_VERSION:
            raise IndexVersionError(
                f"The index at {server.name} was made by another version of newsearch: it has version "
                f"{state['schema']}; this newsearch reads version {SCHEMA_VERSION}. "
                "Build it anew with: newsearch index --rebuild"
            )
        return cls(server, state, settings=settings, clock=clock, synonyms=synonyms)

    @classmethod
    def create(
        cls,
        url: Place,
        *,
        language: str = "english",
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Self:
        """Make an empty index. One that somebody else made there meanwhile is left, and opened."""
        server = Server.at(str(url))
        engine = cls(server, indices.empty_state(language), settings=settings, clock=clock)
        with Lock(server):
            if indices.read_state(server) is None:
                target = indices.new_indices(server, language)
                indices.put_state(server, target, indices.empty_state(language))
                indices.publish(server, target)
        engine.refresh()
        return engine

    @classmethod
    def open_for_rebuild(
        cls,
        url: Place,
        *,
        language: str,
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Self:
        """Open whatever index is there, of any version; where there is none, an empty one is taken for it."""
        server = Server.at(str(url))
        return cls(server, indices.read_state(server) or indices.empty_state(language), settings=settings, clock=clock)

    @staticmethod
    def exists(url: Place) -> bool:
        """Whether there is an index at an address, of whatever version."""
        server = Server.at(str(url))
        try:
            return indices.read_state(server) is not None
        finally:
            server.close()

    @staticmethod
    def check(url: Place) -> "Diagnosis":
        """Refused: a cluster checks its own files."""
        raise ConfigError(
            f"The index at {url} is on a cluster, which checks its files itself; its health is at /_cluster/health. "
            "What is wrong in the archive, an index in a folder tells: newsearch doctor --index DIR"
        )

    @staticmethod
    def wait_until_free(url: Place, seconds: float) -> bool:
        """Wait until nobody writes to the index; False if somebody still does after so many seconds."""
        server = Server.at(str(url))
        until = time.monotonic() + seconds
        try:
            while Lock.is_held(server):
                left = until - time.monotonic()
                if left <= 0:
                    return False
                time.sleep(min(left, _LOOK_AGAIN))
        finally:
            server.close()
        return True

    @property
    def language(self) -> str:
        """The language that texts are analysed in."""
        return str(self._known["language"])

    @property
    def committed(self) -> bool:
        """Whether anything was ever committed to the index."""
        return bool(self._known["committed"])

    def sources(self) -> Mapping[str, Mapping[str, SourceFile]]:
        """The source files of the last commit, as they were when they were read: by root, and by path in there."""
        return files.sources(self._server)

    def faults(self) -> Mapping[SourceKey, ItemError]:
        """Why those of them that could not be read could not be."""
        return files.faults(self._server)

    def deliveries(self) -> Iterator[Delivery]:
        """What the index was made of, file by file: for each its item or its fault."""
        return files.deliveries(self._server)

    def arrivals(self) -> Mapping[str, int]:
        """When each article first came into the index, in UTC epoch seconds, by id."""
        found = self._server.scan(self._server.articles, {"match_all": {}}, ["first_indexed"], page=10_000)
        return {identity: source["first_indexed"] for identity, source in found}

    def outcome(self) -> SyncOutcome:
        """What the index holds."""
        return SyncOutcome(self._known["items"], self._known["articles"], self._known["duplicates"])

    def sync(
        self, deliveries: Iterable[Delivery], removed: Iterable[SourceKey], *, at: datetime | None = None
    ) -> SyncOutcome:
        """Bring the index up to date; what is delivered is seen piece by piece. Raises IndexLocked.

        `removed` is looked at when all is delivered, and what either raises leaves the index as it was. An index in
        which nothing is yet is made anew beside itself, and then seen at once.
        """
        moment = at or self._clock()
        with Lock(self._server) as lock:
            self.refresh()
            if not self.committed:
                self._fill(deliveries, self.language, moment, lock, removed=removed)
            else:
                target = indices.current(self._server)
                commit = self._commit(target, moment, lock)
                if commit.run(deliveries, removed):
                    self._server.refresh(target.articles)
                    self._server.refresh(target.files)
                    indices.write_state(self._server, target, language=self.language, at=moment, arrived=commit.arrived)
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
        """Replace everything by what is delivered, at one moment; times of first arrival are kept, or those given.

        The new index is made beside the old one, which answers until then and, if it fails, after.
        """
        with Lock(self._server) as lock:
            self.refresh()
            self._fill(deliveries, language, at or self._clock(), lock, arrivals)
        self.refresh()
        return self.outcome()

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Raises QueryError for an option that makes no sense; any text is answered."""
        return self._searcher.search(request, now=self._clock())

    def suggest(self, prefix: str, *, limit: int, kinds: Sequence[CompletionKind]) -> "tuple[Completion, ...]":
        """What the beginning of a word, topic or provider may become: those of most articles first."""
        from newsearch.engine.opensearch.complete import complete  # noqa: PLC0415 - a search completes nothing

        return complete(prefix, self._searcher, limit=limit, kinds=kinds, now=self._clock())

    def get(self, reference: str) -> Article:
        """An article by id, unambiguous prefix of an id, address or path. Raises ArticleNotFound, AmbiguousId."""
        from newsearch.engine.opensearch.finding import article_at  # noqa: PLC0415 - a search needs none of it

        return article_at(find_article(reference.strip(), self._server), self._searcher)

    def similar(self, reference: str, request: SearchRequest) -> SearchResult:
        """The articles like one, by its most telling words; of the request the text and match are not used.

        The result's request has the words for its text. Raises ArticleNotFound, AmbiguousId, QueryError.
        """
        from newsearch.engine.opensearch.finding import similar_articles  # noqa: PLC0415 - as above

        return similar_articles(
            find_article(reference.strip(), self._server), self._searcher, request, now=self._clock()
        )

    def related(self, reference: str, *, depth: int, limit: int, as_of: str | None = None) -> "Relations":
        """What citations lead to from an article, in at most `depth` steps.

        Raises ArticleNotFound, AmbiguousId, QueryError.
        """
        from newsearch.engine.opensearch.finding import related_articles  # noqa: PLC0415 - as above

        found = find_article(reference.strip(), self._server)
        return related_articles(found, self._searcher, depth=depth, limit=limit, as_of=as_of, now=self._clock())

    def terms(self, request: SearchRequest, *, against: SearchRequest | None, limit: int) -> "TypicalTerms":
        """What is typical of a request's hits, against all other articles or those that another request finds."""
        from newsearch.engine.opensearch.typical import typical_terms  # noqa: PLC0415 - as above

        return typical_terms(request, self._searcher, against=against, limit=limit, now=self._clock())

    def stats(self) -> "IndexStats":
        """The state and size of the index: of the primary shards, the files' too."""
        from newsearch.engine.opensearch.stats import stats_of  # noqa: PLC0415 - no search needs it

        return stats_of(self._searcher)

    @property
    def commit(self) -> str:
        """What tells the commit that was seen last from all others: a digest of what it says of itself.

        Between it and the next, a search finds what has come in since.
        """
        return blake2b(json.dumps(self._known, sort_keys=True).encode(), digest_size=12).hexdigest()

    def refresh(self) -> bool:
        """Take notice of a newer commit; True if there was one. In any number of threads at once."""
        # One at a time: else the slower of two threads could go back to the commit that it saw.
        with self._refreshing:
            state = indices.read_state(self._server)
            if state is None or state == self._known:
                return False
            self._take(state)
        return True

    def fork(self, clock: Callable[[], datetime] | None = None) -> Self:
        """An engine that goes its own way: refreshing one does not move the other.

        Counts of all articles stay those of its commit. A cluster keeps no commit as it was, though: what an update has
        written since, a search finds. Only a rebuild's articles come all at once, and then for both.
        """
        with self._refreshing:
            fork = copy(self)
        fork._refreshing = ThreadLock()
        if clock is not None:
            fork._clock = clock
        return fork

    def tidy(self) -> None:
        """Remove indices that writers left that were killed."""
        with Lock(self._server):
            indices.clear_strays(self._server)

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()

    # --- Writing ---

    def _take(self, state: Mapping[str, Any]) -> None:
        self._searcher = Searcher(self._server, dict(state), self._settings, self._synonyms)

    @property
    def _known(self) -> Mapping[str, Any]:
        """What the commit that was seen last says of itself."""
        return self._searcher.committed

    def _commit(self, target: indices.Target, at: datetime, lock: Lock, language: str | None = None) -> "Commit":
        from newsearch.engine.opensearch.documents import Documents  # noqa: PLC0415 - as above
        from newsearch.engine.opensearch.sync import Commit  # noqa: PLC0415 - as above
        from newsearch.engine.rules.analysis import Analyzer  # noqa: PLC0415 - as above

        documents = Documents(Analyzer(language or self.language))
        return Commit(self._server, target, documents, state=self._known, at=at, alive=lock.renew)

    def _fill(
        self,
        deliveries: Iterable[Delivery],
        language: str,
        at: datetime,
        lock: Lock,
        arrivals: Mapping[str, int] | None = None,
        *,
        removed: Iterable[SourceKey] = (),
    ) -> None:
        """New indices of what is delivered, in place of what there was; nothing of that is there to be `removed`."""
        indices.clear_strays(self._server)
        if arrivals is None:
            arrivals = self.arrivals() if self.committed else {}
        target = indices.new_indices(self._server, language)
        commit = self._commit(target, at, lock, language)
        commit.fill(deliveries, arrivals)
        for _ in removed:
            pass
        indices.ready(self._server, target)
        indices.write_state(self._server, target, language=language, at=at, arrived=commit.arrived)
        indices.publish(self._server, target)
