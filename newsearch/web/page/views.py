"""What answers at each address of the page: a whole page, the part of it that changes, an article.

    Route("/", search)

Each is a plain function, which Starlette runs in a thread, for a search takes time. Where the index and its title come
from is `request.app.state.served`, which the application sets. Headers that hold for every answer are the application's.
"""

from typing import Any, Final, Protocol

from starlette.requests import Request
from starlette.responses import Response

from newsearch.errors import AmbiguousId, ArticleNotFound, IndexError_, NewsearchError, QueryError
from newsearch.library import NewsIndex
from newsearch.model import SearchRequest
from newsearch.web.page.asking import Found, page_request
from newsearch.web.page.links import Links, parameters
from newsearch.web.page.rendering import render
from newsearch.web.parameters import MAX_REFERENCE, MAX_TEXT, naming

__all__ = ["Served", "article", "fragment", "search"]

_SIMILAR: Final = 6
_NEIGHBOURS: Final = 20


class Served(Protocol):
    """What the application serves."""

    title: str
    paths: bool

    def index(self) -> NewsIndex:
        """The index on its newest commit; it stays on it."""
        ...


def search(request: Request) -> Response:
    """The page of a query, and without one the newest articles."""
    return _search(request, "search.html")


def fragment(request: Request) -> Response:
    """What changes of that page from one query to the next, for the page's own script.

    With the parameter `typing` the last word may be one that is not yet finished.
    """
    return _search(request, "fragment.html")


def article(request: Request) -> Response:
    """One article with its citations, both ways, and others like it."""
    try:
        index = _served(request).index()
        reference = str(request.path_params["id"])
        if len(reference) > MAX_REFERENCE:
            raise ArticleNotFound(f"An article's id has 13 characters, not {len(reference):,}.")
        found = index.get(reference)
        values = {
            "article": found,
            "similar": index.similar(found.id, limit=_SIMILAR),
            "beside": _beside(index, found.id),
        }
    except NewsearchError as error:
        return _refused(request, error)
    return _page(request, "article.html", **values)


def _search(request: Request, template: str) -> Response:
    links = Links(_root(request))
    typing = "typing" in request.query_params
    try:
        asked = page_request(request.query_params, also=("typing",))
        found = Found.of(_served(request).index(), asked, links, typing=typing)
    except NewsearchError as error:
        return _refused(request, error, template=template if template == "fragment.html" else "refused.html")
    return _page(request, template, found=found, asked=found.request, typing=typing)


def _beside(index: NewsIndex, article_id: str) -> list[Any]:
    """The articles that are cited together with one, or by the same items: two citations away."""
    relations = index.related(article_id, depth=2, limit=_NEIGHBOURS)
    return [relation for relation in relations.articles if relation.distance > 1]


def _refused(request: Request, error: NewsearchError, *, template: str = "refused.html") -> Response:
    """A page that says what was wrong, with what was typed still there."""
    sentence = naming(error)[0] if isinstance(error, QueryError) else str(error)
    status = 422
    if isinstance(error, ArticleNotFound | AmbiguousId):
        status = 404
    elif isinstance(error, IndexError_):
        # The sentence names a folder of this machine, which is the log's business.
        status, sentence = 503, "There is no index to search at the moment; please try again later."
    text = request.query_params.get("q", "")[:MAX_TEXT]
    name = "refusal.html" if template == "fragment.html" else template
    return _page(request, name, status=status, sentence=sentence, asked=SearchRequest(text=text))


def _page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    asked = values.pop("asked", None) or SearchRequest()
    content = render(
        template,
        **values,
        status=status,
        links=Links(_root(request)),
        title=_served(request).title,
        paths=_served(request).paths,
        asked=asked,
        bare=SearchRequest(text=asked.text, sort=asked.sort, limit=asked.limit),
        hidden=[(name, value) for name, value in parameters(asked) if name in _HIDDEN],
    )
    return Response(content, status_code=status, media_type="text/html")


_HIDDEN: Final = ("sort", "provider", "topic", "type", "kind", "min_quality", "limit")
"""The options that the form carries along, because links choose them."""


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))


def _served(request: Request) -> Served:
    served: Served = request.app.state.served
    return served
