"""An index for those who may not know the archive's files: no query tells whether there is such a file.

    served = PathlessIndex.of(newsearch.open("index"))
    served.search("path:plans/merger.md").warnings      # it was searched as text

It finds nothing by the name of a file. The answers still have the paths of what they show: a face that serves strangers
leaves them out with `newsearch.wire.without_paths`, and takes no path for a reference to an article.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from newsearch.library import NewsIndex
from newsearch.model import CompletionKind, SearchRequest, SearchResult
from newsearch.query.filters import check_completion, check_request
from newsearch.query.pathless import PATH_REMARK, without_path_filters
from newsearch.requests import as_request

if TYPE_CHECKING:
    from newsearch.findings import TypicalTerms
    from newsearch.model import Completion

__all__ = ["PathlessIndex"]


class PathlessIndex(NewsIndex):
    """An index with `path:` for a word like any other. `newer` and `pinned` of it are the same."""

    @classmethod
    def of(cls, index: NewsIndex) -> Self:
        """The same index, so; it shares what was read, and need not be closed."""
        return cls(index._engine, index._path, index._clock)

    def ask(self, request: SearchRequest | str) -> SearchResult:
        """Answer a request; a warning says where a filter was searched as text. Raises QueryError."""
        request = as_request(request)
        check_request(request)
        text = self._plain(request.text)
        if text == request.text:
            return super().ask(request)
        result = super().ask(replace(request, text=text))
        return replace(result, request=request, warnings=(PATH_REMARK, *result.warnings))

    def suggest(
        self, prefix: str, *, limit: int = 10, kinds: Sequence[CompletionKind] = ("word", "topic", "provider")
    ) -> "tuple[Completion, ...]":
        """As `NewsIndex.suggest`. Raises QueryError."""
        check_completion(prefix, limit, kinds)
        return super().suggest(self._plain(prefix), limit=limit, kinds=kinds)

    def terms(
        self, request: SearchRequest | str, *, against: SearchRequest | str | None = None, limit: int = 10
    ) -> "TypicalTerms":
        """As `NewsIndex.terms`. Raises QueryError."""
        request = SearchRequest(request) if isinstance(request, str) else request
        check_request(request)
        against = SearchRequest(against, match=request.match) if isinstance(against, str) else against
        if isinstance(against, SearchRequest):
            check_request(against)
            against = replace(against, text=self._plain(against.text))
        return super().terms(replace(request, text=self._plain(request.text)), against=against, limit=limit)

    def _plain(self, text: str) -> str:
        return without_path_filters(text, today=self._clock())
