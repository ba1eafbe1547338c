"""A server for tests: the application asked in this process, or a real one on a port of its own.

with client(folder, [{"path": "a.md", "title": "Harbour ban"}]) as web:
    web.get("/api/search?q=ban").json()

with running(index) as port: ...
"""

import json
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="needs the extra serve")

import uvicorn
from starlette.testclient import TestClient

from newsearch.web import application
from newsearch.web.protocol import BoundedProtocol
from newsearch.web.server import listening
from tests.archive import Spec, build

__all__ = ["ITEMS", "body_of", "client", "exchange", "running"]

ITEMS: tuple[Spec, ...] = (
    {
        "path": "port/ban.md", "title": "Harbour ban", "excerpt": "The port says no to ferries.", "quality": 60,
        "date": "2020-09-13T12:00:00Z", "url": "https://post.example/ban", "topics": ["law", "ports"],
        "provider": {"name": "Harbour Post", "domain": "post.example"},
        "related": [{"title": "Ferries protest", "excerpt": "Against the ban.", "url": "https://other.example/ferries"}],
    },
    {
        "path": "secret/plan.md", "title": "A plan without an address", "excerpt": "No ban on it.", "url": None,
        "date": "2020-08-01T00:00:00Z",
    },
)  # fmt: skip
"""An item with a related article, and one that has no address but its path."""


@contextmanager
def client(folder: Path, items: Iterable[Spec] = ITEMS, **options: Any) -> Iterator[TestClient]:
    """The application of an index of these items, to be asked; `options` are its own."""
    build(folder / "index", items)
    app = application(folder / "index", **{"follow": 0.0, **options})
    with TestClient(app, base_url="http://localhost:8000", raise_server_exceptions=False) as web:
        yield web


@contextmanager
def running(index: Path, *, protocol: type[BoundedProtocol] = BoundedProtocol, **options: Any) -> Iterator[int]:
    """A real server of an index, in a thread; gives its port."""
    [bound] = listening("127.0.0.1", 0)
    bound.listen(2048)
    config = uvicorn.Config(
        partial(application, index, **options), factory=True, http=protocol, ws="none", log_config=None,
        log_level="critical", access_log=False, server_header=False, proxy_headers=False, timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(30)
        bound.close()


def exchange(port: int, sent: bytes, *, timeout: float = 30) -> bytes:
    """What a server answers to some bytes, until it closes the connection."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        try:
            connection.sendall(sent)
            while part := connection.recv(65_536):
                received += part
        except (ConnectionResetError, BrokenPipeError):
            pass  # closed while there was something left to send
    return received


def body_of(answer: bytes) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.partition(b"\r\n\r\n")[2])
