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
    IndexDamaged,
    IndexError_,
    IndexLocked,
    IndexMissing,
    IndexUnwritable,
    IndexVersionError,
    ItemError,
    NewsearchError,
    QueryError,
)

if TYPE_CHECKING:
    from newsearch.library import NewsIndex, open  # noqa: A004
    from newsearch.model import (
        Article,
        ArticleRef,
        Diagnosis,
        Explanation,
        FieldWeights,
        Finding,
        Hit,
        Image,
        IndexState,
        IndexStats,
        Kind,
        MatchMode,
        MatchPlace,
        NewsItem,
        Provider,
        RankingSettings,
        RelatedArticle,
        SearchRequest,
        SearchResult,
        Sort,
        SourceFile,
        SyncReport,
    )

__version__ = "0.1.0"

__all__ = [
    "AmbiguousId",
    "ArchiveError",
    "Article",
    "ArticleNotFound",
    "ArticleRef",
    "ConfigError",
    "Diagnosis",
    "Explanation",
    "FieldWeights",
    "Finding",
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
    "ItemError",
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
    "SearchRequest",
    "SearchResult",
    "Sort",
    "SourceFile",
    "SyncReport",
    "open",
]

_LIBRARY = ("NewsIndex", "open")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # numpy and whoosh take longer to import than most searches take to answer, and the model longer than `--help`.
    home = import_module("newsearch.library" if name in _LIBRARY else "newsearch.model")
    found: object = getattr(home, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
