"""newsearch: full-text search for a curated news archive.

    import newsearch

    with newsearch.open("index") as index:
        for hit in index.search("facial recognition", limit=5):
            print(hit.score, hit.title)

Everything here is public and stable; what is not here is not. The index and its engine are loaded when first used.
"""

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
    IndexVersionError,
    ItemError,
    NewsearchError,
    QueryError,
)
from newsearch.model import (
    Article,
    ArticleRef,
    Explanation,
    FieldWeights,
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

if TYPE_CHECKING:
    from newsearch.library import NewsIndex, open  # noqa: A004

__version__ = "0.1.0"

__all__ = [
    "AmbiguousId",
    "ArchiveError",
    "Article",
    "ArticleNotFound",
    "ArticleRef",
    "ConfigError",
    "Explanation",
    "FieldWeights",
    "Hit",
    "Image",
    "IndexDamaged",
    "IndexError_",
    "IndexLocked",
    "IndexMissing",
    "IndexState",
    "IndexStats",
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
    # numpy and whoosh take longer to import than most searches take to answer.
    if name in _LIBRARY:
        from newsearch import library  # noqa: PLC0415

        return getattr(library, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
