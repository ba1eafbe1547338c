"""The nouns of newsearch: what an archive holds, what is asked of it and what comes back.

    item = NewsItem(title="Harbour ban", path="2020/harbour.md")
    request = SearchRequest(text="facial recognition", limit=5)

All classes are frozen; two with the same values are equal. They hold values, not behaviour: reading files
is `newsearch.items`, ranking is `newsearch.ranking`, JSON is `newsearch.wire`. Each part is loaded when one of its
nouns is first asked for: making so many classes takes longer than a search.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsearch.model.articles import (
        LANGUAGES,
        Article,
        ArticleRef,
        Image,
        Kind,
        NewsItem,
        Provider,
        RelatedArticle,
        SourceFile,
    )
    from newsearch.model.reports import Completion, Diagnosis, Finding, IndexStats, SegmentSize, SyncPreview, SyncReport
    from newsearch.model.requests import (
        CompletionKind,
        FieldWeights,
        Group,
        Interval,
        MatchMode,
        RankingSettings,
        SearchRequest,
        SeenMark,
        Sort,
    )
    from newsearch.model.results import (
        Explanation,
        FacetValue,
        Hit,
        IndexState,
        MatchPlace,
        SearchResult,
        Snippet,
        Story,
        Timeline,
        TimelineBucket,
    )

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
    "SegmentSize",
    "Snippet",
    "Sort",
    "SourceFile",
    "Story",
    "SyncPreview",
    "SyncReport",
    "Timeline",
    "TimelineBucket",
]

_PARTS = {
    "articles": (
        "LANGUAGES",
        "Article",
        "ArticleRef",
        "Image",
        "Kind",
        "NewsItem",
        "Provider",
        "RelatedArticle",
        "SourceFile",
    ),
    "requests": (
        "CompletionKind",
        "FieldWeights",
        "Group",
        "Interval",
        "MatchMode",
        "RankingSettings",
        "SearchRequest",
        "SeenMark",
        "Sort",
    ),
    "results": (
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
    ),
    "reports": ("Completion", "Diagnosis", "Finding", "IndexStats", "SegmentSize", "SyncPreview", "SyncReport"),
}
_HOMES = {name: part for part, names in _PARTS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
