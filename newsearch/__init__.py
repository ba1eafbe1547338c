"""newsearch: full-text search for a curated news archive.

    import newsearch

    with newsearch.open("index") as index:
        for hit in index.search("facial recognition", limit=5):
            print(hit.score, hit.title)

Everything here is public and stable, and so is what the modules aio, arriving, brief, config, saved and wire have in
`__all__`; what is not there is not. The model, the index and its engine are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from newsearch.errors import (
    AmbiguousId,
    ArchiveError,
    ArticleNotFound,
    ConfigError,
    ExtraMissing,
    IndexAway,
    IndexClosed,
    IndexDamaged,
    IndexError_,
    IndexLocked,
    IndexMissing,
    IndexUnwritable,
    IndexVersionError,
    ItemError,
    JudgedSetError,
    NewsearchError,
    QueryError,
)

if TYPE_CHECKING:
    from newsearch.findings import CitationStep, Relation, Relations, TypicalTerm, TypicalTerms
    from newsearch.library import NewsIndex, open  # noqa: A004
    from newsearch.model import (
        Article,
        ArticleRef,
        Completion,
        CompletionKind,
        Diagnosis,
        Explanation,
        FacetValue,
        FieldWeights,
        Finding,
        Group,
        Hit,
        Image,
        IndexState,
        IndexStats,
        Interval,
        Kind,
        MatchMode,
        MatchPlace,
        NewsItem,
        Provider,
        RankingSettings,
        RelatedArticle,
        SearchRequest,
        SearchResult,
        SeenMark,
        SegmentSize,
        Snippet,
        Sort,
        SourceFile,
        Story,
        SyncPreview,
        SyncReport,
        Timeline,
        TimelineBucket,
    )
    from newsearch.query.filters import OptionError
    from newsearch.wire import to_dict

__version__ = "0.1.0"

__all__ = [
    "AmbiguousId",
    "ArchiveError",
    "Article",
    "ArticleNotFound",
    "ArticleRef",
    "CitationStep",
    "Completion",
    "CompletionKind",
    "ConfigError",
    "Diagnosis",
    "Explanation",
    "ExtraMissing",
    "FacetValue",
    "FieldWeights",
    "Finding",
    "Group",
    "Hit",
    "Image",
    "IndexAway",
    "IndexClosed",
    "IndexDamaged",
    "IndexError_",
    "IndexLocked",
    "IndexMissing",
    "IndexState",
    "IndexStats",
    "IndexUnwritable",
    "IndexVersionError",
    "Interval",
    "ItemError",
    "JudgedSetError",
    "Kind",
    "MatchMode",
    "MatchPlace",
    "NewsIndex",
    "NewsItem",
    "NewsearchError",
    "OptionError",
    "Provider",
    "QueryError",
    "RankingSettings",
    "RelatedArticle",
    "Relation",
    "Relations",
    "SearchRequest",
    "SearchResult",
    "SeenMark",
    "SegmentSize",
    "Snippet",
    "Sort",
    "SourceFile",
    "Story",
    "SyncPreview",
    "SyncReport",
    "Timeline",
    "TimelineBucket",
    "TypicalTerm",
    "TypicalTerms",
    "open",
    "to_dict",
]

_HOMES = {
    **dict.fromkeys(("NewsIndex", "open"), "library"),
    **dict.fromkeys(("CitationStep", "Relation", "Relations", "TypicalTerm", "TypicalTerms"), "findings"),
    "OptionError": "query.filters",
    "to_dict": "wire",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # numpy and whoosh take longer to import than most searches take to answer, and the model longer than `--help`.
    found: object = getattr(import_module(f"newsearch.{_HOMES.get(name, 'model')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
