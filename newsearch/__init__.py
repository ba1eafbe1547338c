"""newsearch: full-text search for a curated news archive.

    import newsearch

    with newsearch.open("index") as index:
        for hit in index.search("facial recognition", limit=5):
            print(hit.score, hit.title)

Everything here is public and stable; what is not here is not. The model, the index and its engine are loaded when they
are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from newsearch.errors import (
    AmbiguousId,
    ArchiveError,
    ArticleNotFound,
    ConfigError,
    ExtraMissing,
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
        Snippet,
        Sort,
        SourceFile,
        Story,
        SyncReport,
        Timeline,
        TimelineBucket,
    )

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
    "Provider",
    "QueryError",
    "RankingSettings",
    "RelatedArticle",
    "Relation",
    "Relations",
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
    "TypicalTerm",
    "TypicalTerms",
    "open",
]

_LIBRARY = ("NewsIndex", "open")
_FINDINGS = ("CitationStep", "Relation", "Relations", "TypicalTerm", "TypicalTerms")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # numpy and whoosh take longer to import than most searches take to answer, and the model longer than `--help`.
    home = "library" if name in _LIBRARY else "findings" if name in _FINDINGS else "model"
    found: object = getattr(import_module(f"newsearch.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
