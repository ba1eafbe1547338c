"""The folder of an index as it lies there: read although commits come and go, and its faults in words.

    snapshot = newest_snapshot(Path("index"))
    reading(Path("index"), lambda: Snapshot.identity_of(Path("index")))

Which files a commit is made of is `contents` and `commitfiles`; nothing is written here.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from typing import TypeVar

from newsearch.engine.whoosh.contents import ContentsMissing
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.errors import ConfigError, IndexDamaged, IndexMissing, IndexVersionError

__all__ = ["bytes_in", "names_in", "newest_snapshot", "reading", "refuse_foreign"]

Read = TypeVar("Read")

_ATTEMPTS = 5


def refuse_foreign(folder: Path) -> None:
    """Raise ConfigError for a folder with files in it that are no index's."""
    if folder.is_dir():
        for entry in folder.iterdir():
            if not entry.name.startswith((".", "MAIN", "_MAIN")):
                raise ConfigError(
                    f"The folder {folder} holds other files ({entry.name}) and no index; name an empty one, "
                    "or one that does not exist yet."
                )
    elif folder.exists():
        raise ConfigError(f"The index {folder} would be a folder, but there is a file of that name; name another.")


def newest_snapshot(folder: Path) -> Snapshot:
    """The index in a folder at its newest commit. Raises IndexMissing, IndexDamaged, IndexVersionError."""
    return reading(folder, lambda: Snapshot.newest(folder))


def names_in(folder: Path) -> frozenset[str] | None:
    """The names of an index's files, None where they cannot be listed. No two commits have the same.

    A table of contents has its generation in its name and a segment a random id, and neither is ever written again.
    Listing them takes a tenth of the time of reading the table.
    """
    try:
        return frozenset(os.listdir(folder))  # noqa: PTH208 - names are all that is asked for
    except OSError:
        return None


def bytes_in(folder: Path) -> int:
    """How many bytes the files of a folder have, but for those that go while it is looked at, as a commit has some."""
    size = 0
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            status = file.stat()
            size += status.st_size if S_ISREG(status.st_mode) else 0
    return size


def reading(folder: Path, read: Callable[[], Read]) -> Read:
    """What `read` gives. A commit that happens meanwhile takes files away from under it: it is tried again then."""
    for attempt in range(_ATTEMPTS):
        try:
            return read()
        except (ContentsMissing, FileNotFoundError) as error:
            if attempt < _ATTEMPTS - 1:
                time.sleep(0.02 * (attempt + 1))
                continue
            if isinstance(error, ContentsMissing) or not folder.exists():
                raise IndexMissing(f"There is no index in {folder}; make one with: newsearch index") from None
            raise _damaged(folder, f"{Path(str(error.filename)).name} is missing") from None
        except PermissionError as error:
            raise IndexDamaged(f"The index {folder} cannot be read: {error.strerror}.") from None
        except (IndexDamaged, IndexVersionError):
            raise
        except Exception as error:  # whatever damaged bytes make of Whoosh's readers
            raise _damaged(folder, f"{type(error).__name__}: {error}") from error
    raise AssertionError("unreachable")


def _damaged(folder: Path, reason: str) -> IndexDamaged:
    return IndexDamaged(f"The index {folder} is damaged ({reason}). Build it anew with: newsearch index --rebuild")
