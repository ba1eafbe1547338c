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

from newsearch.engine.base import Delivery, Place, SourceKey, SyncOutcome, utc_now
from newsearch.engine.opensearch.lock import Lock
from newsearch.engine.opensearch.mapping import SCHEMA_VERSION
from newsearch.engine.opensearch.naming import find_article
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
from newsearch.query.dates import to_seconds

if TYPE_CHECKING:
    from newsearch.engine.opensearch.sync import Target
    from newsearch.findings import Relations, TypicalTerms
    from newsearch.model import Completion, Diagnosis, IndexStats
    from newsearch.query.synonyms import Synonyms

__all__ = ["OpenSearchEngine"]

_LOOK_AGAIN = 0.5
_FILE = ["root", "path", "size", "mtime", "digest", "kind", "fault"]


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
        state = _state(server)
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
        engine = cls(server, _empty_state(language), settings=settings, clock=clock)
        with Lock(server):
            if _state(server) is None:
                target = engine._new_indices(language)
                engine._publish(target, _empty_state(language))
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
        return cls(server, _state(server) or _empty_state(language), settings=settings, clock=clock)

    @staticmethod
    def exists(url: Place) -> bool:
        """Whether there is an index at an address, of whatever version."""
        server = Server.at(str(url))
        try:
            return _state(server) is not None
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
        from newsearch.engine.opensearch.sync import FILES, source_file  # noqa: PLC0415 - a search reads no files

        found: dict[str, dict[str, SourceFile]] = {}
        for source in self._files(FILES):
            file = source_file(source)
            found.setdefault(file.root, {})[file.path] = file
        return found

    def faults(self) -> Mapping[SourceKey, ItemError]:
        """Why those of them that could not be read could not be."""
        found = self._files({"term": {"kind": "fault"}})
        return {(source["root"], source["path"]): _fault(source) for source in found}

    def deliveries(self) -> Iterator[Delivery]:
        """What the index was made of, file by file: for each its item or its fault."""
        from newsearch.engine.opensearch.records import restore_item  # noqa: PLC0415 - as above
        from newsearch.engine.opensearch.sync import FILES, source_file  # noqa: PLC0415 - as above

        for _, source in self._server.scan(self._server.files, FILES, [*_FILE, "record"]):
            match source["kind"]:
                case "item":
                    yield Delivery(source_file(source), item=restore_item(source["record"]))
                case "file":
                    yield Delivery(source_file(source), holds_lines=True)
                case _:
                    yield Delivery(source_file(source), fault=_fault(source))

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
        from newsearch.engine.opensearch.sync import Target  # noqa: PLC0415 - as above

        moment = at or self._clock()
        with Lock(self._server) as lock:
            self.refresh()
            if not self.committed:
                self._fill(deliveries, self.language, moment, lock, removed=removed)
            else:
                target = Target(self._server.articles, self._server.files)
                commit = self._commit(target, moment, lock)
                if commit.run(deliveries, removed):
                    self._server.refresh(target.articles)
                    self._server.refresh(target.files)
                    self._write_state(target, self.language, moment, commit.arrived)
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
        from newsearch.engine.opensearch.naming import survey  # noqa: PLC0415 - no search needs it

        return survey(self._searcher, self._known, self.language)

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
            state = _state(self._server)
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
            self._clear_strays()

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

    def _commit(self, target: "Target", at: datetime, lock: Lock, language: str | None = None) -> Any:
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
        self._clear_strays()
        if arrivals is None:
            arrivals = self.arrivals() if self.committed else {}
        target = self._new_indices(language)
        commit = self._commit(target, at, lock, language)
        commit.fill(deliveries, arrivals)
        for _ in removed:
            pass
        for index in target:
            self._server.set_settings(index, {"index": {"number_of_replicas": self._replicas()}})
            self._server.refresh(index)
        self._write_state(target, language, at, commit.arrived)
        old = self._in_use()
        self._server.swap({self._server.articles: target.articles, self._server.files: target.files})
        for index in old:
            self._server.drop(index)

    def _new_indices(self, language: str) -> "Target":
        from newsearch.engine.opensearch.mapping import articles_body, files_body  # noqa: PLC0415 - as above
        from newsearch.engine.opensearch.sync import Target  # noqa: PLC0415 - as above

        stamp = time.time_ns() // 1_000_000
        target = Target(f"{self._server.articles}-{stamp}", f"{self._server.files}-{stamp}")
        # Copies are made when all is there: that is once the work, not twice.
        self._server.create(
            target.articles, articles_body(shards=self._server.address.shards, replicas=0, language=language)
        )
        self._server.create(target.files, files_body(shards=self._server.address.shards, replicas=0))
        return target

    def _publish(self, target: "Target", state: Mapping[str, Any]) -> None:
        from newsearch.engine.opensearch.sync import STATE  # noqa: PLC0415 - as above

        self._server.put(target.files, STATE, {"kind": "state", "state": dict(state)}, refresh="true")
        self._server.swap({self._server.articles: target.articles, self._server.files: target.files})

    def _write_state(self, target: "Target", language: str, at: datetime, arrived: int) -> None:
        """Say what the index holds now; with this a commit is done."""
        from newsearch.engine.opensearch.sync import STATE  # noqa: PLC0415 - as above

        counted = {"filters": {"filters": {"item": {"term": {"kind": "item"}}}}}
        body = {"size": 0, "track_total_hits": True, "aggs": {"kinds": counted}}
        articles, files = (self._server.search(index, body) for index in target)
        items = articles["aggregations"]["kinds"]["buckets"]["item"]["doc_count"]
        state = {
            "schema": SCHEMA_VERSION,
            "language": language,
            "committed": to_seconds(at) or 0,
            "arrived": arrived,
            "items": items,
            "articles": articles["hits"]["total"]["value"],
            "duplicates": files["aggregations"]["kinds"]["buckets"]["item"]["doc_count"] - items,
            "stamp": time.time_ns(),
        }
        self._server.put(target.files, STATE, {"kind": "state", "state": state}, refresh="true")

    def arrivals(self) -> Mapping[str, int]:
        """When each article first came into the index, in UTC epoch seconds, by id."""
        found = self._server.scan(self._server.articles, {"match_all": {}}, ["first_indexed"], page=10_000)
        return {identity: source["first_indexed"] for identity, source in found}

    def _replicas(self) -> int:
        if self._server.address.replicas is not None:
            return self._server.address.replicas
        return 1 if self._server.nodes() > 1 else 0

    def _in_use(self) -> list[str]:
        return [*self._server.behind(self._server.articles), *self._server.behind(self._server.files)]

    def _clear_strays(self) -> None:
        """Delete indices that were begun and never came into use."""
        used = set(self._in_use())
        for alias in (self._server.articles, self._server.files):
            for index in self._server.beginning(f"{alias}-"):
                if index not in used and index.removeprefix(f"{alias}-").isdigit():
                    self._server.drop(index)

    # --- Finding by name ---

    def _files(self, query: dict[str, Any]) -> Iterable[Mapping[str, Any]]:
        if not self._server.exists(self._server.files):
            return ()
        return (source for _, source in self._server.scan(self._server.files, query, _FILE))


def _fault(source: Mapping[str, Any]) -> ItemError:
    return ItemError(source["fault"]["reason"], path=source["path"], line=source["fault"]["line"])


def _state(server: Server) -> dict[str, Any] | None:
    from newsearch.engine.opensearch.sync import STATE  # noqa: PLC0415 - the rest of it is for writers

    found = server.read(server.files, STATE)
    return None if found is None else dict(found["_source"]["state"])


def _empty_state(language: str) -> dict[str, Any]:
    empty = {"committed": 0, "arrived": 0, "items": 0, "articles": 0, "duplicates": 0, "stamp": 0}
    return {"schema": SCHEMA_VERSION, "language": language, **empty}
