"""What goes back over HTTP: bytes with a status and headers, an error as JSON.

    answer = json_answer({"version": 1})
    await answer.send(scope, send)

An error's JSON is `{"version":1,"error":{"status":422,"message":"…","parameter":"limit"}}`. No error tells what is on
the machine: what is wrong with the index is logged and not sent.
"""

import json
import logging
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import Receive, Scope, Send

from newsearch.errors import ArticleNotFound, IndexError_, IndexMissing, NewsearchError, QueryError
from newsearch.web.gate import Busy
from newsearch.web.parameters import naming
from newsearch.wire import VERSION

__all__ = ["JSON", "Answer", "error_answer", "json_answer", "json_bytes", "refusal"]

JSON: Final = "application/json"

_SMALL = 1400
"""Bytes that fit one packet anyway."""

_LEVEL = 4
"""Of gzip: nine tenths of what the best level saves, in a third of its time."""

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Answer:
    """One response, whole. Header names are in lower case."""

    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]]

    def zipped(self) -> "Answer":
        """The same as gzip, where that is shorter."""
        if len(self.body) <= _SMALL:
            return self
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
        body = packer.compress(self.body) + packer.flush()
        return Answer(self.status, body, [*self.headers, (b"content-encoding", b"gzip")])

    async def send(self, scope: Scope, send: Send) -> None:
        """Send it; to HEAD, without the body."""
        headers = self.headers
        if self.status not in (204, 304):
            headers = [*headers, (b"content-length", str(len(self.body)).encode())]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's
        """An ASGI application that always answers this."""
        await self.send(scope, send)


def json_bytes(document: object) -> bytes:
    """A document as JSON in UTF-8; half characters, which that does not have, are escaped."""
    try:
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(document, separators=(",", ":")).encode()


def json_answer(
    document: Mapping[str, Any], *, status: int = 200, media: str = JSON, headers: Mapping[str, str] | None = None
) -> Answer:
    """A document as it is sent."""
    sent = [(b"content-type", media.encode())]
    sent += [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()]
    return Answer(status, json_bytes(document), sent)


def refusal(status: int, message: str, *, headers: Mapping[str, str] | None = None, **more: object) -> Answer:
    """An error as JSON; `more` are further facts of it, None counts as absent."""
    error = {"status": status, "message": message, **{name: fact for name, fact in more.items() if fact is not None}}
    document = {"version": VERSION, "error": error}
    return json_answer(document, status=status, headers={"cache-control": "no-store", **(headers or {})})


def error_answer(error: Exception, *, logged: bool = False) -> Answer:
    """What is sent for an error: 404, 422 or 503 for those of newsearch, else 500.

    What is not told is logged; of an index that is followed, `newsearch.web.served` may have `logged` it already.
    """
    match error:
        case Busy():
            wait = {"retry-after": str(error.seconds)}
            return refusal(503, "Too many are searching at this moment; try again in a few seconds.", headers=wait)
        case QueryError():
            sentence, parameter = naming(error)
            return refusal(422, sentence, parameter=parameter)
        case ArticleNotFound():
            return refusal(404, str(error))
        case IndexError_():
            if not logged:
                _logger.error("%s", error)
            missing = isinstance(error, IndexMissing)
            sentence = "There is no index yet." if missing else "The index cannot be read; its owner has to mend it."
            return refusal(503, sentence, headers={"retry-after": "10"})
        case NewsearchError():
            _logger.error("%s", error)
        case _:
            _logger.error("This should not happen.", exc_info=error)
    return refusal(500, "This server made a mistake; its log says which.")
