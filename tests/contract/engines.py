"""An empty index of either kind, for tests that hold for both.

    with opened("cluster", tmp_path) as engine:
        update(engine, [{"path": "a.md", "title": "Harbour ban"}])

The cluster is a real one: OPENSEARCH_URL says where, and `scripts/opensearch_nodes.py start` starts one, as `.ci/run`
does. Without it the tests that need one are skipped.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from newsearch.engine.base import Engine
from newsearch.engine.places import engine_at
from newsearch.model import RankingSettings
from tests.archive import NOW

__all__ = ["KINDS", "Kind", "cluster_url", "dropped", "new_place", "opened"]

Kind = Literal["embedded", "cluster"]
KINDS: tuple[Kind, ...] = ("embedded", "cluster")


def cluster_url() -> str:
    """Where the cluster is; skips the test where there is none."""
    url = os.environ.get("OPENSEARCH_URL")
    if not url:
        pytest.skip("needs an OpenSearch cluster: OPENSEARCH_URL=$(python scripts/opensearch_nodes.py start)")
    return url


def new_place(kind: Kind, folder: Path) -> str:
    """A place of this kind at which there is no index."""
    if kind == "embedded":
        return str(folder / uuid.uuid4().hex)
    return f"{cluster_url()}/test-{uuid.uuid4().hex}"


def dropped(place: str) -> None:
    """Delete whatever is at a place on a cluster."""
    from newsearch.engine.opensearch.server import Server

    server = Server.at(place)
    for index in server.beginning(f"{server.address.name}-"):
        server.drop(index)
    server.close()


@contextmanager
def opened(kind: Kind, folder: Path, *, settings: RankingSettings | None = None) -> Iterator[Engine]:
    """An empty index of this kind, gone afterwards."""
    place = new_place(kind, folder)
    engine = engine_at(place).create(place, settings=settings, clock=lambda: NOW)
    try:
        yield engine
    finally:
        engine.close()
        if kind == "cluster":
            dropped(place)
