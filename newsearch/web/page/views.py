"""What answers at each address of the page: a whole page, the part of it that changes, an article.

    Route("/", search)

Each is asked in a thread of `request.app.state.gate`, for a search takes time, and of the index of
`request.app.state.served`. Headers that hold for every answer are the application's.
"""

import hashlib
import logging
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newsearch.errors import ArticleNotFound, IndexError_, NewsearchError, QueryError
from newsearch.findings import Relation
from newsearch.library import NewsIndex
from newsearch.model import SearchRequest
from newsearch.web.endpoints import Asked
from newsearch.web.gate import Busy, Gate
from newsearch.web.page.asking import Found, page_request
from newsearch.web.page.links import LINKED, Links, parameters
from newsearch.web.page.rendering import render
from newsearch.web.parameters import MAX_TEXT, naming
from newsearch.web.places import root_path
from newsearch.web.served import Served

__all__ = ["article", "fragment", "search"]

_SIMILAR: Final = 6
_NEIGHBOURS: Final = 20

_CHOSEN: Final = ("sort", "provider", "topic", "type", "kind", "min_quality", "explain", "limit")
"""The options that the form of a search carries along, because links choose them."""

_ALL: Final = tuple(name for name in LINKED if name != "offset")
"""Those that the form of an article's page does: there are no fields for the others."""

_logger = logging.getLogger(__name__)


async def search(request: Request) -> Response:
    """The page of a query, and without one the newest articles."""
    return await _answered(request, lambda index: _search(request, index, "search.html"))


async def fragment(request: Request) -> Response:
    """What changes of that page from one query to the next, for the page's own script.

    With the parameter `typing` the last word may be one that is not yet finished.
    """
    return await _answered(request, lambda index: _search(request, index, "fragment.html"), refused="refusal.html")


async def article(request: Request) -> Response:
    """One article with its citations, both ways, and others like it.

    The address has, beside the article, the search that led there, which is one click or one word away.
    """
    return await _answered(request, lambda index: _article(request, index))


async def nowhere(request: Request) -> Response:
    """What a person is told who asks for an address that there is not. Raises HTTPException for a program."""
    if "text/html" not in request.headers.get("accept", ""):
        raise HTTPException(404)
    return _refusal(request, 404, "There is no such page.", "refused.html")


async def _answered(
    request: Request, answer: Callable[[NewsIndex], Response], *, refused: str = "refused.html"
) -> Response:
    """What `answer` makes of the index, or a page that says why there is none; nothing, if the browser has it."""

    def work() -> Response:
        try:
            index = _served(request).index()
            tag = _tag(request, index)
            if tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers={"etag": tag, "cache-control": "private, no-cache"})
            found = answer(index)
        except NewsearchError as error:
            return _refused(request, error, refused)
        except Exception:
            _logger.exception("This should not happen.")
            return _refusal(request, 500, "This server made a mistake; its log says which.", refused)
        found.headers["etag"] = tag
        found.headers["cache-control"] = "private, no-cache"
        return found

    gate: Gate = request.app.state.gate
    try:
        return await gate.run(work)
    except Busy as error:
        sentence = "Too many are searching at this moment; please try again in a moment."
        return _refusal(request, 503, sentence, refused, retry=error.seconds)


def _article(request: Request, index: NewsIndex) -> Response:
    asked = page_request(request.query_params)
    found = index.get(Asked({}, str(request.path_params["id"])).article())
    similar = index.similar(found.id, limit=_SIMILAR)
    beside = _beside(index, found.id)
    return _page(request, "article.html", asked=asked, carried=_ALL, article=found, similar=similar, beside=beside)


def _search(request: Request, index: NewsIndex, template: str) -> Response:
    typing = "typing" in request.query_params
    asked = page_request(request.query_params, also=("typing",))
    found = Found.of(index, asked, Links(_root(request)), typing=typing)
    return _page(request, template, asked=found.request, found=found, typing=typing)


def _beside(index: NewsIndex, article_id: str) -> list[Relation]:
    """The articles that are cited together with one, or by the same items: two citations away."""
    relations = index.related(article_id, depth=2, limit=_NEIGHBOURS)
    return [relation for relation in relations.articles if relation.distance > 1]


def _refused(request: Request, error: NewsearchError, template: str) -> Response:
    """A page that says what was wrong. What is wrong with the index is for the log: it names folders."""
    if isinstance(error, ArticleNotFound):
        return _refusal(request, 404, str(error), template)
    if isinstance(error, QueryError):
        return _refusal(request, 422, naming(error)[0], template)
    if isinstance(error, IndexError_):
        _served(request).tell(error)
        return _refusal(request, 503, "There is no index to search at the moment; please try again later.", template)
    _logger.error("%s", error)
    return _refusal(request, 500, "This server made a mistake; its log says which.", template)


def _refusal(request: Request, status: int, sentence: str, template: str, *, retry: int | None = None) -> Response:
    text = request.query_params.get("q", "")[:MAX_TEXT]
    response = _page(request, template, status=status, sentence=sentence, asked=SearchRequest(text=text))
    response.headers["cache-control"] = "no-store"
    if retry is not None:
        response.headers["retry-after"] = str(retry)
    return response


def _page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    asked: SearchRequest | None = None,
    carried: Collection[str] = _CHOSEN,
    **values: Any,
) -> Response:
    """A template with what every page has: links, the title, and the form as it was filled in."""
    asked = asked or SearchRequest()
    content = render(
        template,
        **values,
        status=status,
        links=Links(_root(request)),
        title=_served(request).title,
        paths=_served(request).paths,
        asked=asked,
        bare=SearchRequest(text=asked.text, sort=asked.sort, limit=asked.limit),
        anew=SearchRequest(),
        hidden=[(name, value) for name, value in parameters(asked) if name in carried],
    )
    return Response(content, status_code=status, media_type="text/html")


def _tag(request: Request, index: NewsIndex) -> str:
    """What tells this answer from others, weakly. Ages count back from now, so it holds for a minute."""
    now = datetime.now(UTC).isoformat()[:16]
    parts = (_served(request).settings, index.commit, now, _root(request), request.url.path, request.url.query)
    return f'W/"{hashlib.blake2b(chr(0).join(parts).encode(), digest_size=12).hexdigest()}"'


def _root(request: Request) -> str:
    return root_path(request.scope, _served(request).base)


def _served(request: Request) -> Served:
    served: Served = request.app.state.served
    return served
