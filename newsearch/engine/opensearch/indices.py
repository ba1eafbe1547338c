"""The cluster's indices that an index of newsearch consists of, and what they say of themselves.

    target = new_indices(server, "english")
    write_state(server, target, language="english", at=now, arrived=0)
    publish(server, target)

There are two, of articles and of files, under aliases that searches ask: so others can take their place at one moment.
The state is a document among the files; with it a commit is done. What is written to them is `sync`'s.
"""

import time
from datetime import datetime
from typing import Any, NamedTuple

from newsearch.engine.opensearch.mapping import SCHEMA_VERSION, articles_body, files_body
from newsearch.engine.opensearch.server import Server
from newsearch.query.dates import to_seconds

__all__ = [
    "Target",
    "clear_strays",
    "current",
    "empty_state",
    "new_indices",
    "publish",
    "put_state",
    "read_state",
    "ready",
    "write_state",
]

_STATE = "state"
"""The id of the document in which an index of files says what the index is."""


class Target(NamedTuple):
    """The two indices that are written to."""

    articles: str
    files: str


def current(server: Server) -> Target:
    """Those that searches ask, by their aliases."""
    return Target(server.articles, server.files)


def new_indices(server: Server, language: str) -> Target:
    """Two empty ones that nobody sees yet."""
    stamp = time.time_ns() // 1_000_000
    target = Target(f"{server.articles}-{stamp}", f"{server.files}-{stamp}")
    # Copies are made when all is there: that is once the work, not twice.
    server.create(target.articles, articles_body(shards=server.address.shards, replicas=0, language=language))
    server.create(target.files, files_body(shards=server.address.shards, replicas=0))
    return target


def ready(server: Server, target: Target) -> None:
    """Let new ones be searched, and copied to as many nodes as the address says."""
    for index in target:
        server.set_settings(index, {"index": {"number_of_replicas": _replicas(server)}})
        server.refresh(index)


def publish(server: Server, target: Target) -> None:
    """Let searches ask these from now on, and delete those that they asked before."""
    old = _in_use(server)
    server.swap({server.articles: target.articles, server.files: target.files})
    for index in old:
        server.drop(index)


def clear_strays(server: Server) -> None:
    """Delete indices that were begun and never came into use."""
    used = set(_in_use(server))
    for alias in (server.articles, server.files):
        for index in server.beginning(f"{alias}-"):
            if index not in used and index.removeprefix(f"{alias}-").isdigit():
                server.drop(index)


def read_state(server: Server) -> dict[str, Any] | None:
    """What the last commit says of itself; None where there is no index."""
    found = server.read(server.files, _STATE)
    return None if found is None else dict(found["_source"]["state"])


def empty_state(language: str) -> dict[str, Any]:
    """What an index says of itself to which nothing was committed."""
    empty = {"committed": 0, "arrived": 0, "items": 0, "articles": 0, "duplicates": 0, "stamp": 0}
    return {"schema": SCHEMA_VERSION, "language": language, **empty}


def write_state(server: Server, target: Target, *, language: str, at: datetime, arrived: int) -> None:
    """Say what the index holds now, as of a commit; `arrived` is the second that its newest articles came in."""
    counted = {"filters": {"filters": {"item": {"term": {"kind": "item"}}}}}
    body = {"size": 0, "track_total_hits": True, "aggs": {"kinds": counted}}
    articles, files = (server.search(index, body) for index in target)
    items = articles["aggregations"]["kinds"]["buckets"]["item"]["doc_count"]
    state = {
        "schema": SCHEMA_VERSION,
        "language": language,
        "committed": to_seconds(at),
        "arrived": arrived,
        "items": items,
        "articles": articles["hits"]["total"]["value"],
        "duplicates": files["aggregations"]["kinds"]["buckets"]["item"]["doc_count"] - items,
        "stamp": time.time_ns(),
    }
    put_state(server, target, state)


def put_state(server: Server, target: Target, state: dict[str, Any]) -> None:
    """Say this of an index."""
    server.put(target.files, _STATE, {"kind": "state", "state": state}, refresh="true")


def _replicas(server: Server) -> int:
    if server.address.replicas is not None:
        return server.address.replicas
    return 1 if server.nodes() > 1 else 0


def _in_use(server: Server) -> list[str]:
    return [*server.behind(server.articles), *server.behind(server.files)]
