"""The application run by uvicorn: on a socket that is bound here, in one process or several.

    sockets = listening("127.0.0.1", 8000)
    serve(partial(application, "index"), sockets)

Returns when the process is told to end. It prints nothing; uvicorn logs through `logging`.
"""

import ipaddress
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import resource_tracker
from typing import Final

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from newsearch.errors import ConfigError
from newsearch.web.protocol import BoundedProtocol

__all__ = ["BACKLOG", "address", "is_loopback", "listening", "serve"]

BACKLOG: Final = 2048
"""Connections that the system holds until they are taken up."""

_KEPT = 15
"""Seconds that a connection is kept for a next request."""

_LAST = 10
"""Seconds for what is being answered when the server is told to end."""

_TURN = 0.02
"""Seconds that a thread may compute before another one has its turn."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server at `host`."""
    with suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return host.lower() == "localhost"


def listening(host: str, port: int) -> list[socket.socket]:
    """The sockets of a host's addresses, taking connections; a port of 0 is any that is free. Raises ConfigError."""
    host = host.strip("[]")
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"host is {host!r}, which is no address of this machine ({_reason(error)}).") from None
    family, kind, protocol, _, place = places[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it means that two may have the same port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(place)
        # From now on whoever connects waits for the first answer, and is not refused.
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise ConfigError(f"{host}:{port} cannot be listened on: {_reason(error)}; choose another port.") from None
    bound.set_inheritable(True)
    return [bound]


def address(bound: socket.socket) -> str:
    """The address to open in a browser for a bound socket."""
    host, port = bound.getsockname()[:2]
    if ipaddress.ip_address(host).is_unspecified:
        host = socket.gethostname()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(
    make: Callable[[], Starlette], sockets: Sequence[socket.socket], *, workers: int = 1, access_log: bool = False
) -> None:
    """Answer on these sockets until the process is interrupted or told to end.

    `make` makes the application; with several `workers` each of these processes calls it, so it has to be one that
    pickle takes. Raises KeyboardInterrupt after an orderly end by Ctrl-C.
    """
    _allow_connections()
    config = uvicorn.Config(
        partial(_made, make),
        factory=True,
        workers=workers,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        backlog=BACKLOG,
        access_log=access_log,
        log_config=None,
        log_level=logging.INFO if access_log else logging.WARNING,
        server_header=False,
        # Whoever connects could claim to be somebody else.
        proxy_headers=False,
        timeout_keep_alive=_KEPT,
        timeout_graceful_shutdown=_LAST,
    )
    if workers > 1:
        _Processes(config, sockets=list(sockets)).run()
    else:
        uvicorn.Server(config).run(list(sockets))


class _Processes(Multiprocess):
    """Uvicorn's several processes, of which only this one minds Ctrl-C: it tells the others to end.

    The terminal sends it to all of them, and one that is just starting would answer with a traceback.
    """

    def init_processes(self) -> None:
        """Start them."""
        with _without_interrupts():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        """Start those anew that have died."""
        with _without_interrupts():
            super().keep_subprocess_alive()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Interrupts come afterwards here, and never in the processes that are started meanwhile: they inherit it."""
    if os.name != "posix":
        yield
        return
    # Started with the first process otherwise, and it lets interrupts in again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _made(make: Callable[[], Starlette]) -> Starlette:
    """The application, made in the process that answers."""
    # Most searches are done before; at Python's 5 ms threads take turns so often that it costs a fifth of all work.
    sys.setswitchinterval(_TURN)
    return make()


def _allow_connections() -> None:
    """As many open files as the system lets a process have: the usual 1,024 are fewer than connections."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not on Windows

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 4 * BACKLOG if hard == resource.RLIM_INFINITY else min(4 * BACKLOG, hard)
        if soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _reason(error: OSError | UnicodeError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
