"""What every engine can do, whatever holds the articles.

    engine.sync(deliveries, removed=(), at=now)  ->  engine.search(SearchRequest(text="facial recognition"))

A face never sees an engine: `newsearch.library` speaks to it. An engine turns news items into articles by the rules of
`newsearch.items.articles`, ranks by `newsearch.ranking`, and answers in the nouns of `newsearch.model`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from newsearch.errors import ItemError
from newsearch.model import Article, IndexStats, NewsItem, SearchRequest, SearchResult, SourceFile

__all__ = ["Delivery", "Engine", "Remembered", "SourceKey", "SyncOutcome"]

SourceKey = tuple[str, str]
"""What names a source file: the root of its archive folder, and its path in there."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One source file on its way into the index: read (`item`), not readable (`fault`), or only touched (neither)."""

    source: SourceFile
    item: NewsItem | None = None
    fault: ItemError | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an index remembers of its source files, and of those among them that could not be read."""

    sources: Mapping[SourceKey, SourceFile]
    faults: Mapping[SourceKey, ItemError]


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What an index holds: items (files), articles (related ones too), files whose address another file has."""

    items: int
    articles: int
    duplicates: int


class Engine(Protocol):
    """The operations of an engine. Methods raise NewsearchError subclasses only."""

    def remembered(self) -> Remembered:
        """The source files of the last commit."""
        ...

    def sync(self, deliveries: Iterable[Delivery], removed: Iterable[SourceKey], *, at: datetime) -> SyncOutcome:
        """Bring the index up to date in one atomic commit, stamped with the time `at`. Raises IndexLocked."""
        ...

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Raises QueryError for a value out of range; any text is answered."""
        ...

    def get(self, reference: str) -> Article:
        """An article by id, unambiguous prefix of an id, address or path. Raises ArticleNotFound, AmbiguousId."""
        ...

    def stats(self) -> IndexStats:
        """The state and size of the index."""
        ...

    def refresh(self) -> bool:
        """Move on to the newest commit; True if there was one."""
        ...

    def close(self) -> None:
        """Let go of the index's files."""
        ...
