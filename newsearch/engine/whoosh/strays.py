"""Files that no commit needs, and their removal.

    strays(folder, 7, ["MAIN_6jbdj27rga7yqc69"])

A writer that is killed leaves at most files that no table of contents names, and the next one removes them, as it does
what its own commit no longer needs. Looking for them needs no Whoosh, so that an index run that finds nothing to do is
soon done. This module takes no lock: whoever removes files holds one.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from newsearch.engine.whoosh.contents import NAME
from newsearch.engine.whoosh.lock import FILE_NAME
from newsearch.engine.whoosh.opening import EXTENSION

__all__ = ["clear_strays", "strays"]


def strays(folder: Path, generation: int, segments: Iterable[str]) -> list[Path]:
    """The files of an index that its newest commit, of that number and with those segments, does not need, by name."""
    needed = {f"_{NAME}_{generation}.toc", FILE_NAME}
    needed.update([f"{segment}{EXTENSION}" for segment in segments])
    ours = (f"_{NAME}_", f"{NAME}_")
    return sorted(path for path in folder.iterdir() if path.name.startswith(ours) and path.name not in needed)


def clear_strays(folder: Path, generation: int, segments: Iterable[str]) -> None:
    """Remove what the newest commit does not need; what cannot be removed is left for another time."""
    # Older tables of contents go first: none may be left that names what is not there any more.
    with suppress(OSError):
        found = strays(folder, generation, segments)
        for path in sorted(found, key=lambda path: not path.name.startswith("_")):
            with suppress(OSError):
                path.unlink()
