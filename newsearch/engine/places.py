"""Which engine an index is held by: that follows from where it is.

    engine_at("index").open("index")                              # in this folder, by the embedded engine
    engine_at("http://127.0.0.1:9200/news").open(...)             # at this address, by a cluster

Each engine is loaded when an index of its kind is first asked for.
"""

import os
from pathlib import Path

from newsearch.engine.base import EngineKind
from newsearch.places import Place, is_address

__all__ = ["engine_at", "files_from", "place_of"]


def engine_at(place: Place) -> EngineKind:
    """The engine of the index at a place."""
    if is_address(place):
        from newsearch.engine.opensearch.engine import OpenSearchEngine  # noqa: PLC0415 - as the docstring says

        return OpenSearchEngine
    from newsearch.engine.whoosh.engine import WhooshEngine  # noqa: PLC0415 - as the docstring says

    return WhooshEngine


def files_from(place: Place) -> Path:
    """What the archive's folders are named from: the index's own folder or, of one on a cluster, the root of all."""
    return Path(os.path.abspath(os.sep)) if is_address(place) else Path(place)  # noqa: PTH100 - of this drive


def place_of(place: Place) -> Path | str:
    """Where an index is, as it is kept: a folder as a path, an address as it was given."""
    return str(place) if is_address(place) else Path(place)
