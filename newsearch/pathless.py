"""An index for those who may not know the archive's files: nothing asked of it tells whether there is such a file.

    served = PathlessIndex.of(newsearch.open("index"))
    served.search("path:plans/merger.md").warnings      # it was searched as text
    served.get("plans/merger.md")                       # ArticleNotFound, whether there is one or not

It finds nothing by the name of a file. The answers still have the paths of what they show: a face that serves strangers
leaves them out with `newsearch.wire.without_paths`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from newsearch.errors import ArticleNotFound
from newsearch.library import NewsIndex
from newsearch.model import Article, CompletionKind, SearchRequest, SearchResult
from newsearch.query.filters import check_completion, check_request
from newsearch.query.pathless import PATH_REMARK, without_path_filters
from newsearch.requests import Moment, as_reference, as_request

if TYPE_CHECKING:
    from newsearch.findings import Relations, TypicalTerms
    from newsearch.model import Completion

__all__ = ["PathlessIndex", "may_name_a_path"]

_ID = re.compile(r"[0-9A-Za-z]{1,13}")


def may_name_a_path(reference: str) -> bool:
    """Whether a reference to an article may be the path of a file: it is neither an id, or part of one, nor a URL."""
    return "://" not in reference and _ID.fullmatch(reference.strip()) is None


class PathlessIndex(NewsIndex):
    """An index with `path:` for a word like any other, in which no article is known by a path.

    `newer` and `pinned` of it are the same.
    """

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

    def get(self, reference: str) -> Article:
        """As `NewsIndex.get`, but for paths. Raises ArticleNotFound, AmbiguousId, QueryError."""
        return super().get(_pathless(reference))

    def ask_similar(self, reference: str, request: SearchRequest) -> SearchResult:
        """As `NewsIndex.ask_similar`, but for paths. Raises ArticleNotFound, AmbiguousId, QueryError."""
        return super().ask_similar(_pathless(reference), request)

    def related(self, reference: str, *, depth: int = 1, limit: int = 50, as_of: Moment | None = None) -> "Relations":
        """As `NewsIndex.related`, but for paths. Raises ArticleNotFound, AmbiguousId, QueryError."""
        return super().related(_pathless(reference), depth=depth, limit=limit, as_of=as_of)

    def suggest(
        self, prefix: str, *, limit: int = 10, kinds: Sequence[CompletionKind] = ("word", "topic", "provider")
    ) -> "tuple[Completion, ...]":
        """As `NewsIndex.suggest`. Raises QueryError."""
        check_completion(prefix, limit, kinds)
        return super().suggest(self._plain(prefix), limit=limit, kinds=kinds)

    def terms(
        self, request: SearchRequest | str, *, against: SearchRequest | str | None = None, limit: int = 10
    ) -> "TypicalTerms":
        """As `NewsIndex.terms`; a warning says where a filter was searched as text. Raises QueryError."""
        request = as_request(request)
        check_request(request)
        if against is not None:
            against = as_request(against, name="against", match=request.match)
            check_request(against)
        asked = replace(request, text=self._plain(request.text))
        compared = None if against is None else replace(against, text=self._plain(against.text))
        found = super().terms(asked, against=compared, limit=limit)
        if (asked, compared) == (request, against):
            return found
        texts = None if against is None else against.text
        return replace(found, request=request, against=texts, warnings=(PATH_REMARK, *found.warnings))

    def _plain(self, text: str) -> str:
        return without_path_filters(text, today=self._clock())


def _pathless(reference: str) -> str:
    """A reference that names no file, there or not. Raises ArticleNotFound, and QueryError for what is no text."""
    if may_name_a_path(as_reference(reference)):
        raise ArticleNotFound(f"No article has the id or address {reference!r}.")
    return reference
