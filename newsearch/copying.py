"""From one index to another, without the files that the first was made of.

    outcome = copy_index(source, target, since=Path("index"), to=Path("/"))

An index holds all that it has read of each file. What arrives at the other end is what indexing those files there would
give, times of first arrival included. Which engines the two are of does not matter.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from newsearch.engine.base import Delivery, Engine, SyncOutcome
from newsearch.model.reports import ITEM_SOURCES

__all__ = ["copy_index"]


def copy_index(
    source: Engine,
    target: Engine,
    *,
    since: Path,
    to: Path,
    progress: Callable[[int, int], None] | None = None,
) -> SyncOutcome:
    """Replace what `target` holds by what `source` does.

    `since` and `to` are where the two name the archive's folders from. `progress` is told how many of how many files
    are done. Raises IndexLocked, IndexUnwritable, IndexAway.
    """
    total = sum(len(paths) for paths in source.sources().values())

    def deliveries() -> Iterator[Delivery]:
        roots: dict[str, str] = {}
        for done, delivery in enumerate(source.deliveries(), 1):
            root = delivery.source.root
            if root not in roots:
                roots[root] = _renamed(root, since, to)
            yield replace(delivery, source=delivery.source._replace(root=roots[root]))
            if progress is not None:
                progress(done, total)

    return target.rebuild(deliveries(), language=source.language, arrivals=source.arrivals())


def _renamed(root: str, since: Path, to: Path) -> str:
    """What the other index calls a folder; a source of items that are no files has one name everywhere."""
    if root.startswith(ITEM_SOURCES):
        return root
    return Path(os.path.relpath((since / root).resolve(), to.resolve())).as_posix()
