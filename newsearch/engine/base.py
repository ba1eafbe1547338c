"""What every engine can do, whatever holds the articles.

    engine.sync(deliveries, removed=(), at=now)  ->  engine.search(SearchRequest(text="facial recognition"))

A face never sees an engine: `newsearch.library` speaks to it. An engine turns news items into articles by the rules of
`newsearch.items.articles`, ranks by `newsearch.ranking`, and answers in the nouns of `newsearch.model`.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from newsearch.errors import ItemError
from newsearch.model import Article, Diagnosis, IndexStats, NewsItem, SearchRequest, SearchResult, SourceFile

__all__ = ["Delivery", "Engine", "Remembered", "SourceKey", "SyncOutcome", "utc_now"]


def utc_now() -> datetime:
    """The time commits are stamped with and ages count back from, unless a caller brings a clock of its own."""
    return datetime.now(UTC)


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
    """The operations of an open index, whatever holds it. Methods raise NewsearchError subclasses only."""

    @property
    def language(self) -> str:
        """The language that texts are analysed in."""
        ...

    @property
    def committed(self) -> bool:
        """Whether anything was ever committed to the index."""
        ...

    def remembered(self) -> Remembered:
        """The source files of the last commit."""
        ...

    def outcome(self) -> SyncOutcome:
        """What the index holds."""
        ...

    def sync(
        self, deliveries: Iterable[Delivery], removed: Iterable[SourceKey], *, at: datetime | None = None
    ) -> SyncOutcome:
        """Bring the index up to date in one atomic commit, stamped with `at` or the clock. Raises IndexLocked."""
        ...

    def rebuild(self, deliveries: Iterable[Delivery], *, language: str, at: datetime | None = None) -> SyncOutcome:
        """Replace everything by what is delivered, in one atomic commit; times of first arrival are kept."""
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

    @staticmethod
    def check(folder: str | os.PathLike[str]) -> Diagnosis:
        """Check all of the index in a folder, and what it knows of the archive. Raises IndexMissing."""
        ...

    @staticmethod
    def wait_until_free(folder: str | os.PathLike[str], seconds: float) -> bool:
        """Wait until nobody writes to the index in a folder; False if somebody still does after so many seconds."""
        ...

    def tidy(self) -> None:
        """Remove what writers left that were killed."""
        ...

    def close(self) -> None:
        """Let go of the index's files."""
        ...
