"""The web page: search, articles and what belongs to them as HTML that needs no script and is better with a little.

    app = Starlette(routes=newsearch.web.page.routes())         # app.state.served has the index

`routes` is all there is to it. It expects `served` and `gate` in the application's state, and the API beside it, for
suggestions and feeds; every link is relative to where the application is mounted. Headers, limits and the API are the
application's. Nothing on the page comes from elsewhere, and there is no style and no script within it, so the strictest
content security policy fits.
"""

from starlette.routing import BaseRoute, Route

from newsearch.web.page.files import static
from newsearch.web.page.views import article, fragment, nowhere, search

__all__ = ["routes"]


def routes() -> list[BaseRoute]:
    """The routes of the page: `/`, `/fragment`, `/articles/{id}`, `/static/…`, and a word for who asks for another."""
    return [
        Route("/", search, name="page"),
        Route("/fragment", fragment, name="fragment"),
        Route("/articles/{id:path}", article, name="article"),
        Route("/static/{name}", static, name="static"),
        Route("/{elsewhere:path}", nowhere, name="nowhere"),
    ]
