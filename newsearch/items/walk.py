"""A walk through a folder of items: its files in order, what the patterns of `exclude` leave out, what cannot be seen.

    walk = Walk(Path("data"), excluding(["drafts", "/2019/*.jsonl"]))
    for path, file, status in walk.files():
        ...
    walk.faults

What the files hold, and whether they are as they were, is for `scan` to tell.
"""

import os
import re
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from fnmatch import translate
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from newsearch.errors import ArchiveError, ItemError
from newsearch.items.jsonlines import LINE_SUFFIXES

__all__ = ["ITEM_SUFFIXES", "Excluded", "Walk", "excluding", "shown", "with_folders"]

ITEM_SUFFIXES = (".md", ".markdown", *LINE_SUFFIXES)
"""What the name of a file of items ends with, in any case."""

Excluded = Callable[[str], object]
"""Tests whether a pattern fits a relative path."""


class _Frame(NamedTuple):
    """A folder on the way down: the path before its names, its entries still to come, and what tells it from others."""

    prefix: str
    entries: Iterator[os.DirEntry[str]]
    identity: tuple[int, int]


class Walk:
    """One walk through a folder: its files in the order of their names, depth first, and its faults.

    Links to folders come last, so that what is in the archive itself goes by its own path, and no folder is entered by
    them that was entered before: links that lead to each other would have more ways through them than can be walked.
    """

    def __init__(self, folder: Path, excluded: Excluded | None) -> None:
        self.faults: list[ItemError] = []
        self._folder = folder
        self._excluded = excluded
        self._entered: set[tuple[int, int]] = set()
        self._links: deque[tuple[str, os.DirEntry[str]]] = deque()
        self._out_of_sight: set[str] = set()

    def is_out_of_sight(self, path: str) -> bool:
        """Whether a file may still be there although the walk did not meet it."""
        return any(above in self._out_of_sight for above in with_folders(path))

    def files(self) -> Iterator[tuple[str, str, os.stat_result]]:
        """Relative path, path to open and status of each regular file that can be an item."""
        top = self._top()
        self._entered.add(top.identity)
        yield from self._below(top)
        while self._links:
            path, link = self._links.popleft()
            frame = self._enter(path, link, once=True)
            if frame is not None:
                yield from self._below(frame, once=True)

    def _below(self, top: _Frame, *, once: bool = False) -> Iterator[tuple[str, str, os.stat_result]]:
        frames = [top]
        while frames:
            prefix, entries, _ = frames[-1]
            for entry in entries:
                if entry.name[0] == ".":
                    continue
                path = prefix + entry.name
                status = self._look_at(entry, path)
                if status is None:
                    continue
                if stat.S_ISREG(status.st_mode):
                    yield path, entry.path, status
                elif not stat.S_ISDIR(status.st_mode):
                    self._fault(path, "is not a regular file.")
                elif entry.is_symlink():
                    self._links.append((path, entry))
                else:
                    frame = self._enter(path, entry, once=once)
                    if frame is not None:
                        frames.append(frame)
                        break
            else:
                frames.pop()

    def _top(self) -> _Frame:
        name = shown(os.fspath(self._folder))
        try:
            if not self._folder.is_dir() and self._folder.exists():
                raise ArchiveError(f"The archive '{name}' is a file; give the folder that holds it.")
            return _frame("", os.fspath(self._folder))
        except FileNotFoundError:
            raise ArchiveError(
                f"The archive folder '{name}' does not exist; give another one, or set `archive` in newsearch.toml."
            ) from None
        except OSError as error:
            raise ArchiveError(f"The archive folder '{name}' cannot be read: {_reason(error)}.") from error
        except ValueError:
            raise ArchiveError(f"The archive folder '{name}' cannot be read: its name holds a NUL.") from None

    def _look_at(self, entry: os.DirEntry[str], path: str) -> os.stat_result | None:
        """The status of what an entry leads to; None if it is no folder and can be no item, or was noted as a fault."""
        name = entry.name
        try:
            if not name.endswith(".md") and not name.lower().endswith(ITEM_SUFFIXES) and not entry.is_dir():
                return None
            if self._excluded is not None and self._excluded(path):
                return None
            if not path.isascii() and not _is_text(name):
                self._fault(path, "has a name that is not UTF-8; rename it.")
                return None
            return entry.stat()
        except FileNotFoundError:
            if entry.is_symlink():  # A plain file has just been removed, which is no fault.
                self._fault(path, "is a link to nothing.")
        except OSError as error:
            self._fault(path, f"cannot be looked at: {_reason(error)}.", lost_sight=True)
        return None

    def _enter(self, path: str, entry: os.DirEntry[str], *, once: bool) -> _Frame | None:
        """The folder of an entry, unless it cannot be read, or was entered before and is to be `once` at most."""
        try:
            frame = _frame(path + "/", entry.path)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._fault(path, f"cannot be read: {_reason(error)}.", lost_sight=True)
            return None
        if once and frame.identity in self._entered:
            return None
        self._entered.add(frame.identity)
        return frame

    def _fault(self, path: str, reason: str, *, lost_sight: bool = False) -> None:
        """Note a fault; with `lost_sight` what was remembered at or below `path` may be there still."""
        self.faults.append(ItemError(reason, path=shown(path)))
        if lost_sight:
            self._out_of_sight.add(path)


def _frame(prefix: str, folder: str) -> _Frame:
    status = Path(folder).stat()
    with os.scandir(folder) as entries:
        return _Frame(prefix, iter(sorted(entries, key=attrgetter("name"))), (status.st_dev, status.st_ino))


def _reason(error: OSError) -> str:
    return (error.strerror or "input error").lower()


def excluding(exclude: Sequence[str]) -> Excluded | None:
    """A test of relative paths for all patterns at once; None if there is none.

    `/x` fits from the top alone and any other pattern from every folder on; `x/` is `x`. What fits a folder is never
    walked, so the pattern need not reach what is below it.
    """
    alternatives: list[str] = []
    for given in exclude:
        glob = given.strip().rstrip("/")
        glob = glob.removesuffix("/**") or glob  # of `/**` all would go
        if not glob.strip("/"):
            continue
        anchored = glob.startswith("/")
        body = translate(glob.lstrip("/").removeprefix("**/"))
        alternatives.append(body if anchored else f"(?:.*/)?{body}")
    return re.compile("|".join(alternatives), re.DOTALL).match if alternatives else None


def _is_text(name: str) -> bool:
    """Whether a name is Unicode: what the system could not decode is in it as lone surrogates."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def shown(path: str) -> str:
    """A path as text: bytes that are not UTF-8 as `\\xe9`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def with_folders(path: str) -> Iterator[str]:
    """A path, and that of each folder it lies in."""
    while path:
        yield path
        path = path.rpartition("/")[0]
