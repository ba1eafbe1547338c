"""An archive over HTTP: the JSON of `newsearch.wire`, feeds, and a page, as one ASGI application.

    from newsearch.web import application

    app = application("index")

`newsearch serve` runs it, and any ASGI server or application can. Needs the extra `serve`.
"""

from newsearch.web.application import application
from newsearch.web.gate import Gate
from newsearch.web.guard import Rules

__all__ = ["Gate", "Rules", "application"]
