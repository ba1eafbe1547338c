"""The nouns of newsearch: what an archive holds, what is asked of it and what comes back.

    item = NewsItem(title="Harbour ban", path="2020/harbour.md")
    request = SearchRequest(text="facial recognition", limit=5)

All classes are frozen; two with the same values are equal. They hold values, not behaviour: reading files
is `newsearch.items`, ranking is `newsearch.ranking`, JSON is `newsearch.wire`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date as calendar_date
from datetime import datetime
from typing import Literal, NamedTuple

from newsearch.errors import ConfigError, ItemError

__all__ = [
    "LANGUAGES",
    "Article",
    "ArticleRef",
    "Completion",
    "CompletionKind",
    "Diagnosis",
    "Explanation",
    "FacetValue",
    "FieldWeights",
    "Finding",
    "Group",
    "Hit",
    "Image",
    "IndexState",
    "IndexStats",
    "Interval",
    "Kind",
    "MatchMode",
    "MatchPlace",
    "NewsItem",
    "Provider",
    "RankingSettings",
    "RelatedArticle",
    "SearchRequest",
    "SearchResult",
    "SeenMark",
    "Snippet",
    "Sort",
    "SourceFile",
    "Story",
    "SyncReport",
    "Timeline",
    "TimelineBucket",
]

Kind = Literal["item", "related"]
MatchMode = Literal["auto", "all", "any"]
Sort = Literal["relevance", "date", "quality", "heat"]
CompletionKind = Literal["word", "topic", "provider"]
Interval = Literal["day", "week", "month", "year"]
Group = Literal["story"]

LANGUAGES = (
    *("danish", "dutch", "english", "finnish", "french", "german", "hungarian", "italian", "none", "norwegian"),
    *("portuguese", "russian", "spanish", "swedish"),
)
"""The languages that texts can be in; `none` takes words as they stand."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who published an article. Either part may be missing; with neither, the article has no provider at all."""

    name: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of an article. Width and height are in pixels."""

    url: str
    width: int | None = None
    height: int | None = None
    cached: bool | None = None


@dataclass(frozen=True, slots=True)
class RelatedArticle:
    """An article as the item that cites it describes it: text, address and provider, but no topics and no body.

    `address` is canonical (`newsearch.items.urls`) and never empty: a related article without an address has no
    identity, and the reader leaves it out with a remark. `quality` is None where unknown. Dates are aware and in UTC.
    """

    address: str
    title: str
    excerpt: str = ""
    date: datetime | None = None
    web_url: str | None = None
    amp_url: str | None = None
    cdn_amp_url: str | None = None
    type: str | None = None
    quality: int | None = None
    provider: Provider | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One file of the archive.

    `address` is the canonical web address, or `path:` and the path where there is none. `date` is when it was published
    and `updated` when it was last changed; both are aware, in UTC, and None where missing or unreadable. `quality` and
    `heat` are None where unknown (a heat below 0 means unknown too). `path` is relative to the archive, with `/`.
    """

    address: str
    title: str
    excerpt: str = ""
    body: str = ""
    path: str | None = None
    category: str | None = None
    date: datetime | None = None
    updated: datetime | None = None
    original_url: str | None = None
    web_url: str | None = None
    amp_url: str | None = None
    cdn_amp_url: str | None = None
    type: str | None = None
    quality: int | None = None
    heat: int | None = None
    published: bool | None = None
    provider: Provider | None = None
    topics: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    related: tuple[RelatedArticle, ...] = ()


class SourceFile(NamedTuple):
    """A file of an archive folder as it was when it was read.

    `root` names the folder, `path` is relative to it, with `/`. `size` is in bytes, `mtime_ns` in nanoseconds (0
    where it cannot be trusted to change with the content), `digest` is the BLAKE2b hash of the content, 16 bytes. It is
    a tuple, because one is made of every file of an archive whenever that is looked through for changes.
    """

    root: str
    path: str
    size: int
    mtime_ns: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """Enough of an article to name it beside another one."""

    id: str
    title: str
    url: str | None = None
    date: datetime | None = None
    provider: Provider | None = None
    kind: Kind = "item"


@dataclass(frozen=True, slots=True)
class Article:
    """Everything the index knows of one article; what `newsearch show` prints.

    `id` is stable: it depends on the canonical address alone. `kind` is "item" for a file's own article and "related"
    for one known by citation alone. `path` is None for the latter. `related` are the articles it cites and `cited_by`
    the items that cite it, oldest first. `first_indexed` is when it first came into this index.
    """

    id: str
    address: str
    kind: Kind
    title: str
    excerpt: str = ""
    body: str = ""
    url: str | None = None
    path: str | None = None
    category: str | None = None
    date: datetime | None = None
    updated: datetime | None = None
    type: str | None = None
    quality: int | None = None
    heat: int | None = None
    published: bool | None = None
    provider: Provider | None = None
    topics: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    related: tuple[ArticleRef, ...] = ()
    cited_by: tuple[ArticleRef, ...] = ()
    first_indexed: datetime | None = None


def _require_range(key: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also refuses NaN
        raise ConfigError(f"{key} is {value:g}; it has to be from {low:g} to {high:g}.")


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """How much one occurrence of a word counts in each text field; 0 leaves the field out of the score."""

    title: float = 2.0
    excerpt: float = 1.0
    topics: float = 1.0
    body: float = 1.0
    related: float = 0.5

    def __post_init__(self) -> None:
        for spec in fields(self):
            _require_range(f"ranking.weights.{spec.name}", getattr(self, spec.name), 0.0, 1000.0)
        if not any(getattr(self, spec.name) for spec in fields(self)):
            raise ConfigError("ranking.weights are all 0; at least one field has to count.")


@dataclass(frozen=True, slots=True)
class RankingSettings:
    """The figures of the ranking formula (`newsearch.ranking`); the defaults are those the guide explains.

    `quality_weight` and `recency_weight` are shares of the score, 0..1 and together at most 1; relevance has the
    rest. `half_life` is in days. `k1` (saturation, 0..100) and `b` (length normalisation, 0..1) are BM25's. Raises
    ConfigError.
    """

    quality_weight: float = 0.10
    recency_weight: float = 0.10
    half_life: float = 180.0
    k1: float = 1.2
    b: float = 0.75
    weights: FieldWeights = FieldWeights()

    def __post_init__(self) -> None:
        _require_range("ranking.quality_weight", self.quality_weight, 0.0, 1.0)
        _require_range("ranking.recency_weight", self.recency_weight, 0.0, 1.0)
        _require_range("ranking.half_life", self.half_life, 1e-6, 1e9)
        _require_range("ranking.k1", self.k1, 1e-6, 100.0)
        _require_range("ranking.b", self.b, 0.0, 1.0)
        if self.quality_weight + self.recency_weight > 1.0 + 1e-9:
            raise ConfigError(
                f"ranking.quality_weight and ranking.recency_weight add up to "
                f"{self.quality_weight + self.recency_weight:g}; together they may be 1 at most."
            )


@dataclass(frozen=True, slots=True)
class SeenMark:
    """How far somebody has seen what came into an index.

    Seen is every article that first came in before `moment`, and of those that came in that very second the ones in
    `ids`: two commits may share a second. Without a moment nothing has been seen. It says nothing of publication dates.
    """

    moment: datetime | None = None
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question to an archive, the same from every face to every engine.

    `since`, `until` and `as_of` are text as a user types it (`2020-09`, `7d`, `latest`); `newsearch.query.dates` reads
    them, because an age counts back from a day that only the engine knows. `limit` is 0..1000, `offset` 0..1,000,000;
    with `group` both count stories. `max_per_provider`, 1..1000, holds back what one provider has beyond that.
    """

    text: str = ""
    limit: int = 10
    offset: int = 0
    match: MatchMode = "auto"
    sort: Sort = "relevance"
    since: str | None = None
    until: str | None = None
    as_of: str | None = None
    provider: str | None = None
    topic: str | None = None
    type: str | None = None
    kind: Literal["item", "related", "all"] = "all"
    min_quality: int | None = None
    group: Group | None = None
    max_per_provider: int | None = None
    explain: bool = False
    facets: tuple[str, ...] = ()
    timeline: Interval | None = None
    arrived: SeenMark | None = None


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
    the query which title and excerpt lack, else of an excerpt too long to show, else None.
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

    `buckets` are in order of time and without gaps, from the first that has an article to the last that has one;
    `undated` articles are in none. `total` is all of them.
    """

    interval: Interval
    buckets: tuple[TimelineBucket, ...]
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

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


@dataclass(frozen=True, slots=True)
class Completion:
    """What the beginning of a word or name may become: `count` articles have it."""

    text: str
    kind: CompletionKind
    count: int


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one `index` run did, in files, and what the index then holds.

    `skipped` are the files that could not be read, those remembered from earlier runs included; `remarks` are values in
    readable files that were left out. `duplicates` counts files whose address another file has. `excluded` counts those
    of the removed that are to be left out from now on. `committed` says whether the index was written at all. Of a file
    of lines, each line counts as a file.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    duplicates: int
    items: int
    articles: int
    seconds: float
    skipped: tuple[ItemError, ...] = ()
    remarks: tuple[ItemError, ...] = ()
    committed: bool = True
    excluded: int = 0

    @property
    def is_noop(self) -> bool:
        """Whether the index was already up to date and nothing was written."""
        return not self.committed


@dataclass(frozen=True, slots=True)
class IndexStats:
    """The state and size of an index; what `newsearch stats` prints. `bytes` is its size on disk."""

    path: str
    schema_version: int
    language: str
    items: int
    articles: int
    duplicates: int
    skipped: int
    segments: int
    deleted: int
    bytes: int
    terms: int
    providers: int
    topics: int
    oldest: datetime | None
    newest: datetime | None
    median_quality: int | None
    updated: datetime | None
    roots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing that a check found, however often.

    `check` is its short name, the same in every version; `message` a sentence; `places` are the files that it is about,
    with a line or a reason where there is one. Damage is the index's and is mended by building it anew, a fault is the
    archive's, and a remark may be as it should be.
    """

    severity: Literal["damage", "fault", "remark"]
    check: str
    message: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a check of an index found; `files` and `bytes` are what was read of it, all of it if it is sound."""

    path: str
    files: int
    bytes: int
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether the index is undamaged."""
        return all(finding.severity != "damage" for finding in self.findings)

    @property
    def is_faultless(self) -> bool:
        """Whether there is nothing but remarks."""
        return all(finding.severity == "remark" for finding in self.findings)
