"""What comes back from a search: hits with their reasons, values and times with their counts.

    result.hits[0].story.providers

A part of `newsearch.model`, which has all the nouns; JSON of them is `newsearch.wire`'s.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date as calendar_date
from datetime import datetime
from typing import Literal, overload

from newsearch.model.articles import ArticleRef, Kind, Provider
from newsearch.model.requests import Interval, SearchRequest, SeenMark

__all__ = [
    "Explanation",
    "FacetValue",
    "Hit",
    "IndexState",
    "MatchPlace",
    "SearchResult",
    "Snippet",
    "Story",
    "Timeline",
    "TimelineBucket",
]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a number is what it is, as a tree.

    `combine` says how the values of `details` make this node's: added ("sum") or multiplied ("product"); a leaf has
    None. `facts` are the figures behind a leaf (a term's tf, length and weight in each field, an article's age).
    """

    value: float
    description: str
    combine: Literal["sum", "product"] | None = None
    details: tuple["Explanation", ...] = ()
    facts: Mapping[str, object] = field(default_factory=dict)

    def __hash__(self) -> int:
        # A mapping has no hash.
        return hash((self.value, self.description, self.combine, self.details))


@dataclass(frozen=True, slots=True)
class MatchPlace:
    """Where a hit matched: one of its own fields, or (field "related") the text of an article it cites."""

    field: str
    id: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Snippet:
    """The part of a hit's long text that shows best why it was found.

    `text` is the field's from the `start`-th character on, and `more` says whether the field goes on after it.
    `highlights` are half-open ranges of characters of `text`.
    """

    text: str
    field: str
    start: int
    highlights: tuple[tuple[int, int], ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """The story that a hit leads: the matched articles that tell it, of which the hit is the best.

    `size` counts them all, the hit included, and `providers` who published them. `first` is the earliest by date, None
    where none has one. `others` are the articles beside the hit, best first, at most nine of them.
    """

    size: int
    providers: int
    first: ArticleRef | None
    others: tuple[ArticleRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One article in a result.

    `rank` counts from 1 over the whole result, pages included. `score` is 0..1 (newsearch.ranking). `highlights` gives,
    for a field, the half-open character ranges of its text that matched. `short_id` is the shortest prefix of `id`, of
    six characters or more, that no other article shares. `snippet` is of the body where that has words of
    the query which title and excerpt lack, else of an excerpt too long to show, else None. Hits are equal when all of
    this is, wherever they come from.
    """

    id: str
    short_id: str
    rank: int
    score: float
    kind: Kind
    title: str
    excerpt: str
    url: str | None
    path: str | None
    date: datetime | None
    provider: Provider | None
    type: str | None
    quality: int | None
    heat: int | None
    published: bool | None
    topics: tuple[str, ...]
    highlights: Mapping[str, tuple[tuple[int, int], ...]]
    matched_in: tuple[MatchPlace, ...]
    cited_by: tuple[ArticleRef, ...]
    explanation: Explanation | None = None
    snippet: Snippet | None = None
    story: Story | None = None

    def __eq__(self, other: object) -> bool:
        # Not the one that a dataclass has: a hit of a page is of a class of its own.
        if not isinstance(other, Hit):
            return NotImplemented
        return all(getattr(self, spec.name) == getattr(other, spec.name) for spec in fields(Hit))

    def __hash__(self) -> int:
        # Mappings have no hash, and hits that are equal have these in common.
        return hash((self.id, self.rank, self.score))


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value that articles have, and how many of a query's matches have it.

    `filter` is that value in the query language: a query with it added finds exactly `count`. `name` is what a value is
    called besides: a provider, whose value is its domain, has a name.
    """

    value: str
    count: int
    filter: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class TimelineBucket:
    """How many articles are dated in a day, week, month or year; `start` is its first day, of a week its Monday."""

    start: calendar_date
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """A query's matches over time, in UTC.

    `buckets` are in order of time and without gaps, from the first that has an article to the last that has one; each
    is made when it is looked at. `undated` articles are in none. `total` is all of them.
    """

    interval: Interval
    buckets: Sequence[TimelineBucket]
    undated: int
    total: int


@dataclass(frozen=True, slots=True)
class IndexState:
    """The index a result came from: its items (files) and articles (related ones included), and when it changed."""

    items: int
    articles: int
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a SearchRequest.

    `total` counts every match, not the page. `parsed` is the query as understood; `relaxed` says that no article had
    all the words and those with most were taken. `as_of` is the moment the archive was looked at, when one was asked
    for. `suggestion` is the query's text with words that no article has replaced by words of the archive, where that
    finds something. `facets` has the values of each facet asked for, by field, and `timeline` the timeline; both are of
    every match too. `seen` is, where the request had `arrived`, the mark of somebody who has seen all of this result.
    Grouped by story, each hit leads one and `stories` counts them; otherwise it is None. `held_back` counts what
    `max_per_provider` left out of the ranking.

    It is iterated over, counted and indexed as its hits are: the page, not all matches.
    """

    request: SearchRequest
    parsed: str
    relaxed: bool
    as_of: datetime | None
    total: int
    took_ms: float
    index: IndexState
    hits: tuple[Hit, ...]
    warnings: tuple[str, ...] = ()
    suggestion: str | None = None
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    timeline: Timeline | None = None
    seen: SeenMark | None = None
    stories: int | None = None
    held_back: int = 0

    def __hash__(self) -> int:
        # A mapping has no hash.
        return hash((self.request, self.total, self.took_ms, self.hits))

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, place: int) -> Hit: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Hit, ...]: ...

    def __getitem__(self, place: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[place]
