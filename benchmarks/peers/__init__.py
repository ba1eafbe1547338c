"""The engines that are compared: newsearch and its peers, each a `Peer` of `benchmarks.peers.base`.

    names = installed()                  # ["newsearch", "tantivy", ...]
    peer = load("tantivy")               # imports the engine's library: for a process of its own

Nothing here imports an engine until it is loaded, so that each process holds one engine only.
"""

import sqlite3
from contextlib import closing
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from benchmarks.peers.base import ALL, ANY, Peer

__all__ = ["MODES", "PEERS", "installed", "load", "version_of"]

PEERS = {
    "newsearch": "with_newsearch",
    "tantivy": "with_tantivy",
    "SQLite FTS5": "with_fts5",
    "bm25s": "with_bm25s",
    "stock Whoosh": "with_whoosh",
}
"""The engines by the name that tables show, newsearch first, and the modules that run them."""

MODES: dict[str, dict[str, str]] = {
    "newsearch": {"newsearch any": ANY, "newsearch auto": ALL},
    "tantivy": {"tantivy OR": ANY, "tantivy OR, counting": ANY, "tantivy AND": ALL},
    "SQLite FTS5": {"FTS5 OR": ANY, "FTS5 AND": ALL},
    "bm25s": {"bm25s": ANY},
    "stock Whoosh": {"Whoosh OR": ANY, "Whoosh AND": ALL},
}
"""The ways to ask each engine: what tables call each, and what it makes of several words."""

_DISTRIBUTIONS = {"tantivy": "tantivy", "bm25s": "bm25s", "stock Whoosh": "whoosh"}


def load(name: str) -> Peer:
    """The engine of a name in `PEERS`; imports its library."""
    module = import_module(f"benchmarks.peers.{PEERS[name]}")
    peer: Peer = module.PEER
    return peer


def version_of(name: str) -> str | None:
    """The version of an engine; None if it is not installed."""
    if name == "newsearch":
        return str(import_module("newsearch").__version__)
    if name == "SQLite FTS5":
        return sqlite3.sqlite_version if _has_fts5() else None
    try:
        return version(_DISTRIBUTIONS[name])
    except PackageNotFoundError:
        return None


def installed() -> list[str]:
    """The engines that can be run here, in the order of `PEERS`."""
    return [name for name in PEERS if version_of(name) is not None]


def _has_fts5() -> bool:
    with closing(sqlite3.connect(":memory:")) as connection:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    return "ENABLE_FTS5" in options
