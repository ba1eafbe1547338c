"""What every engine can do, whatever holds the articles.

    engine.sync(deliveries, removed=(), at=now)  ->  engine.search(SearchRequest(text="facial recognition"))

A face never sees an engine: `newsearch.library` speaks to it. An engine turns news items into articles by the rules of
`newsearch.items.articles`, ranks by `newsearch.ranking`, and answers in the nouns of `newsearch.model`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, Self

from newsearch.errors import ItemError
from newsearch.model import (
    Article,
    CompletionKind,
    NewsItem,
    RankingSettings,
    SearchRequest,
    SearchResult,
    SourceFile,
)
from newsearch.places import Place

if TYPE_CHECKING:  # a search needs none of these
    from newsearch.findings import Relations, TypicalTerms
    from newsearch.model import Completion, Diagnosis, IndexStats
    from newsearch.query.synonyms import Synonyms

__all__ = ["Delivery", "Engine", "EngineKind", "SourceKey", "SyncOutcome", "utc_now"]


def utc_now() -> datetime:
    """The time commits are stamped with and ages count back from, unless a caller brings a clock of its own."""
    return datetime.now(UTC)


SourceKey = tuple[str, str]
"""What names a source file: the root of its archive folder, and its path in there."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One source on its way into the index: read (`item`), not readable (`fault`), or only touched (neither).

    With `holds_lines` it is a file whose lines are delivered as sources of their own, and nothing but remembered.
    """

    source: SourceFile
    item: NewsItem | None = None
    fault: ItemError | None = None
    holds_lines: bool = False


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What an index holds: items (files), articles (related ones too), files whose address another file has."""

    items: int
    articles: int
    duplicates: int


class EngineKind(Protocol):
    """What can be done with a place, a folder or an address, before the index there is open."""

    def open(
        self,
        place: Place,
        /,
        *,
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
        synonyms: "Synonyms | None" = None,
    ) -> "Engine":
        """Open the index there. Raises IndexMissing, IndexDamaged, IndexVersionError, IndexAway."""
        ...

    def create(
        self,
        place: Place,
        /,
        *,
        language: str = "english",
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> "Engine":
        """Make an empty index there; one that is there already is opened."""
        ...

    def open_for_rebuild(
        self,
        place: Place,
        /,
        *,
        language: str,
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> "Engine":
        """Open whatever is there, of any version, or nothing; it stays until the commit that replaces it."""
        ...

    def exists(self, place: Place, /) -> bool:
        """Whether there is an index, of whatever version or health."""
        ...

    def check(self, place: Place, /) -> "Diagnosis":
        """Check all of the index, and what it knows of the archive. Raises IndexMissing."""
        ...

    def wait_until_free(self, place: Place, seconds: float, /) -> bool:
        """Wait until nobody writes to the index; False if somebody still does after so many seconds."""
        ...


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

    def sources(self) -> Mapping[str, Mapping[str, SourceFile]]:
        """The source files of the last commit, as they were when they were read: by root, and by path in there."""
        ...

    def faults(self) -> Mapping[SourceKey, ItemError]:
        """Why those of them that could not be read could not be."""
        ...

    def deliveries(self) -> Iterator[Delivery]:
        """What the index was made of, file by file: for each its item or its fault."""
        ...

    def arrivals(self) -> Mapping[str, int]:
        """When each article first came into the index, in UTC epoch seconds, by id."""
        ...

    def outcome(self) -> SyncOutcome:
        """What the index holds."""
        ...

    def sync(
        self, deliveries: Iterable[Delivery], removed: Iterable[SourceKey], *, at: datetime | None = None
    ) -> SyncOutcome:
        """Bring the index up to date in one atomic commit, stamped with `at` or the clock. Raises IndexLocked.

        `removed` is looked at when all is delivered; what either raises leaves the index as it was.
        """
        ...

    def rebuild(
        self,
        deliveries: Iterable[Delivery],
        *,
        language: str,
        at: datetime | None = None,
        arrivals: Mapping[str, int] | None = None,
    ) -> SyncOutcome:
        """Replace everything by what is delivered, in one atomic commit.

        Times of first arrival are kept, or are those of `arrivals` (UTC epoch seconds by id).
        """
        ...

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a request. Raises QueryError for a value out of range; any text is answered."""
        ...

    def suggest(self, prefix: str, *, limit: int, kinds: Sequence[CompletionKind]) -> "tuple[Completion, ...]":
        """What the beginning of a word, topic or provider may become: those of most articles first."""
        ...

    def get(self, reference: str) -> Article:
        """An article by id, unambiguous prefix of an id, address or path. Raises ArticleNotFound, AmbiguousId."""
        ...

    def similar(self, reference: str, request: SearchRequest) -> SearchResult:
        """The articles like one, by its most telling words; of the request the text and match are not used.

        The result's request has the words for its text. Raises ArticleNotFound, AmbiguousId, QueryError.
        """
        ...

    def related(self, reference: str, *, depth: int, limit: int, as_of: str | None = None) -> "Relations":
        """What citations lead to from an article, in at most `depth` steps, among what was there as of a moment.

        Raises ArticleNotFound, AmbiguousId, QueryError.
        """
        ...

    def terms(self, request: SearchRequest, *, against: SearchRequest | None, limit: int) -> "TypicalTerms":
        """What is typical of a request's hits, against all other articles or those that another request finds."""
        ...

    def stats(self) -> "IndexStats":
        """The state and size of the index."""
        ...

    @property
    def commit(self) -> str:
        """What tells the commit that is searched from all others: a short word, the same in every process."""
        ...

    def refresh(self) -> bool:
        """Move on to the newest commit; True if there was one. Where it cannot be read, this one stays where it is.

        In any number of threads at once; searches under way end on the commit that they began with.
        """
        ...

    def fork(self, clock: Callable[[], datetime] | None = None) -> Self:
        """An engine on the same commit that goes its own way: refreshing one does not move the other.

        It has the same clock, unless one is given. What was read is shared, and so is what is open: a fork costs next
        to nothing, need not be closed, and is not asked any more once either is.
        """
        ...

    def tidy(self) -> None:
        """Remove what writers left that were killed."""
        ...

    def close(self) -> None:
        """Let go of the index's files."""
        ...
