"""The application: everything that is served over HTTP, in one that any ASGI server runs or another one mounts.

    app = application("index")
    site = Starlette(routes=[Mount("/search", application("index", hosts=("news.example",)))])

Puts together what the other modules of `newsearch.web` have; nothing is decided here. What routes of their own need is
in the application's state: `served` has the index, and `gate` runs what takes time.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.routing import BaseRoute, Mount, Route, Router

from newsearch.library import NewsIndex
from newsearch.model import RankingSettings
from newsearch.web import feeds, openapi, places
from newsearch.web.answers import JSON, Answer, json_bytes, refusal
from newsearch.web.endpoints import ENDPOINTS, Asked
from newsearch.web.gate import Gate
from newsearch.web.guard import Guard, Rules
from newsearch.web.kept import KEPT, Kept
from newsearch.web.parameters import COMPLETED, FEED
from newsearch.web.questions import Endpointed, Questions, Render
from newsearch.web.served import FOLLOWED, Served
from newsearch.wire import VERSION

__all__ = ["application"]


def application(
    index: str | os.PathLike[str] | NewsIndex = "index",
    *,
    title: str = "newsearch",
    paths: bool = False,
    base_url: str | None = None,
    settings: RankingSettings | None = None,
    synonyms: str | os.PathLike[str] | None = None,
    rules: Rules = Rules(),  # noqa: B008 - frozen
    gate: Gate | None = None,
    kept: int = KEPT,
    follow: float = FOLLOWED,
) -> Starlette:
    """The ASGI application of an index, which is followed as it changes and need not be there yet.

    `title` is what the archive is called, `settings` and `synonyms` are as for `newsearch.open`. With `paths` the
    answers tell where in the archive a file is, and may be asked for by it. `base_url` is the address that clients know
    it by, where a proxy makes that another than requests have. `rules` say who may ask; `gate` how many at a time;
    `kept` how many bytes of answers are remembered; `follow` after how many seconds the index is looked at again.
    Raises ConfigError.
    """
    base = None if base_url is None else places.base_url(base_url)
    if base is not None:
        rules = replace(rules, hosts=(*rules.hosts, places.host_of(base)))
    served = Served(index, title=title, paths=paths, base=base, settings=settings, synonyms=synonyms, follow=follow)
    gate = gate or Gate()
    questions = Questions(served, gate, private=rules.token is not None, kept=Kept(kept))
    # Whether it is well, a server has to say under load too.
    beside = Gate(threads=1, waiting=16)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        gate.close()
        beside.close()

    # An Answer is what Starlette calls a response: an ASGI application.
    handlers: Mapping[Any, Any] = {HTTPException: _not_found}
    app = Starlette(
        routes=[
            *_routes(served, questions, rules),
            Route("/healthz", Questions(served, beside).rendered((), _health(served), JSON)),
            *_page(),
        ],
        middleware=[Middleware(Guard, rules=rules)],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    # An address is right or wrong; a redirect would name the host and scheme of the request.
    app.router.redirect_slashes = False
    app.state.served, app.state.gate = served, gate
    return app


def _routes(served: Served, questions: Questions, rules: Rules) -> list[BaseRoute]:
    described = json_bytes(openapi.document(ENDPOINTS, title=served.title, token=rules.token is not None))
    # An address is a reference too, and has slashes.
    apps: Mapping[str, Endpointed] = {
        **{one.path.replace("{id}", "{id:path}"): questions.endpoint(one) for one in ENDPOINTS},
        "/feed.atom": questions.rendered(FEED, _atom(served), feeds.ATOM),
        "/feed.json": questions.rendered(FEED, _json_feed(served), feeds.JSON_FEED),
        "/opensearch/suggest": questions.rendered(COMPLETED, _suggestions, feeds.SUGGESTIONS),
        "/opensearch.xml": questions.rendered((), _description(served), feeds.OPENSEARCH),
        "/openapi.json": questions.rendered((), lambda *_: described, JSON),
    }
    return [Route(path, app) for path, app in apps.items()]


def _page() -> list[BaseRoute]:
    """The page's routes, in an installation that has it."""
    if find_spec("newsearch.web.page") is None:
        return []
    page = import_module("newsearch.web.page")
    # Under no path of their own: what is above comes first, and answers bring their own gzip.
    routes = Router(page.routes(), redirect_slashes=False)
    return [Mount("", app=routes, middleware=[Middleware(GZipMiddleware, compresslevel=4)])]


# --- What is no table's: feeds and their like ---


def _atom(served: Served) -> Render:
    def render(index: NewsIndex, asked: Asked) -> bytes:
        return feeds.atom(index.ask(asked.request()), title=served.title, base=asked.base, asked=asked.query)

    return render


def _json_feed(served: Served) -> Render:
    def render(index: NewsIndex, asked: Asked) -> bytes:
        result = index.ask(asked.request())
        return json_bytes(feeds.json_feed(result, title=served.title, base=asked.base, asked=asked.query))

    return render


def _suggestions(index: NewsIndex, asked: Asked) -> bytes:
    prefix = asked.given["prefix"]
    return json_bytes([prefix, [one.text for one in index.suggest(prefix)]])


def _description(served: Served) -> Render:
    return lambda _, asked: feeds.description(title=served.title, base=asked.base)


def _health(served: Served) -> Render:
    return lambda *_: json_bytes({"version": VERSION, "status": "ok", "commit": served.check().commit})


async def _not_found(_: Request, error: Exception) -> Answer:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refusal(status, "There is nothing at this address." if status == 404 else "This cannot be answered.")
