"""The application: everything that is served over HTTP, in one that any ASGI server runs or another one mounts.

    app = application("index")

Puts together what the other modules of `newsearch.web` have; nothing is decided here.
"""

import os
from importlib.util import find_spec

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from newsearch.model import RankingSettings
from newsearch.web.served import Served

__all__ = ["application"]


def application(
    index: str | os.PathLike[str] = "index",
    *,
    title: str = "newsearch",
    paths: bool = False,
    settings: RankingSettings | None = None,
    synonyms: str | os.PathLike[str] | None = None,
) -> Starlette:
    """The ASGI application of an index."""
    served = Served(index, title=title, paths=paths, settings=settings, synonyms=synonyms)
    app = Starlette(routes=_page())
    app.state.served = served
    return app


def _page() -> list[BaseRoute]:
    if find_spec("newsearch.web.page") is None:
        return []
    from newsearch.web import page  # noqa: PLC0415 - as `find_spec` has it

    return list(page.routes())
