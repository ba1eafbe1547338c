"""The page's own files: style, script and icon, held in memory, for ever the same at the same address.

    Route("/static/{name}", static)

An address names the version of a file (`?v=…`), so a browser asks for each once. No path of a request ever reaches the
file system.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

__all__ = ["STATIC", "static", "versions"]

STATIC: Final = Path(__file__).with_name("static")
"""The folder of the page's style, script and icon."""

_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


async def static(request: Request) -> Response:
    """One of the files. Raises HTTPException with status 404 for any other."""
    name = request.path_params["name"]
    content = _files().get(name)
    if content is None:
        raise HTTPException(404)
    version = versions()[name]
    headers = {
        "etag": f'W/"{version}"',
        "cache-control": _FOR_EVER if request.query_params.get("v") == version else "no-cache",
    }
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=_TYPES[Path(name).suffix])


@cache
def versions() -> Mapping[str, str]:
    """What changes with a file's content, by its name."""
    return {name: hashlib.blake2b(content, digest_size=6).hexdigest() for name, content in _files().items()}


@cache
def _files() -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in STATIC.iterdir() if path.suffix in _TYPES}
