"""The files of a commit: its table of contents put in place at one stroke.

    write_toc(folder, TOC(schema, segments, generation))
    sync_folder(folder)

The order is what makes a commit survive a crash: segment files are on disk under their names, and the table of contents
under a name that no reader looks at, before one renaming makes it the newest; and that is on disk before anything old
is removed (newsearch.engine.whoosh.strays).

This module does not say what a commit consists of, and takes no lock: whoever calls it holds one.
"""

import os
from pathlib import Path

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from newsearch.engine.whoosh import seal
from newsearch.engine.whoosh.contents import NAME
from newsearch.errors import IndexUnwritable

__all__ = ["sync_folder", "write_toc"]

_UNFINISHED = ".new"


def write_toc(folder: Path, toc: TOC) -> None:
    """Make `toc` the newest of an index, whose segments' files have been synced already.

    It lasts once the folder is synced. Raises IndexUnwritable; then nothing has changed.
    """
    target = folder / toc._filename(NAME, toc.generation)
    unfinished = target.with_name(target.name + _UNFINISHED)
    try:
        with unfinished.open("wb") as file:
            file.write(seal.sealed(_as_whoosh_writes(toc)))
            file.flush()
            os.fsync(file.fileno())
        sync_folder(folder)
        unfinished.replace(target)
    except BaseException as error:
        unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise IndexUnwritable.because(folder, error) from error
        raise


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk. Raises IndexUnwritable."""
    if os.name == "nt":  # pragma: no cover - folders cannot be opened there, and renames are on disk when they return
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise IndexUnwritable.because(folder, error) from error


def _as_whoosh_writes(toc: TOC) -> bytes:
    memory = RamStorage()
    toc.write(memory, NAME)
    (raw,) = memory.files.values()
    return bytes(raw)
