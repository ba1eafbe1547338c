"""What changed in a folder of items since it was last read.

    found = scan(Path("data"), root="data", remembered={"2020/harbour.md": source, ...})
    for entry in found.added + found.changed:
        source, raw = load(entry)          # remember `source`, parse `raw`

A remembered file of the same size and modification time is taken as unchanged, which costs a stat; one whose time
differs is read and its digest compared. New files are not read here: `load` reads each once, for digest and parsing.

Modification times are coarse: a file can change twice within one tick of the clock. So a file whose time is within two
seconds of now, or in the future, is remembered with time 0, and the next scan compares digests.
"""

import hashlib
import os
import re
import stat
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from newsearch.errors import ArchiveError, ItemError
from newsearch.items.files import MAX_FILE_BYTES, read_file
from newsearch.model import SourceFile

__all__ = ["Entry", "Scan", "load", "scan"]

SUFFIXES = (".md", ".markdown")
RACY_NS = 2_000_000_000

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to read. `file` can be opened, `path` is relative to the archive with `/`, `root` names the archive."""

    root: str
    path: str
    file: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder holds, against what was remembered of it; each list is in the order of the walk.

    `touched` are files of the same bytes with another time, as they are to be remembered now. `removed` are the
    remembered paths that are gone. `faults` name what could not be looked at; files remembered below such a folder
    count as unchanged, not as removed.
    """

    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    touched: list[SourceFile] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    faults: list[ItemError] = field(default_factory=list)


def scan(
    folder: Path,
    *,
    root: str,
    remembered: Mapping[str, SourceFile],
    exclude: Sequence[str] = (),
    force: bool = False,
    allow_loss: bool = False,
    clock: Clock = time.time,
) -> Scan:
    """Walk `folder` and compare it with `remembered`, which maps the relative paths of this root's files.

    Items are `*.md` and `*.markdown` in any case. Hidden files and folders are skipped, and so is what `exclude` fits:
    patterns of `*`, `?` and `[]` for a relative path or a name (`*` spans `/`), for a folder and all in it too. Links
    are followed, but none to a folder that is read anyway. With `force` every remembered file counts as changed.
    ArchiveError if the folder is missing, cannot be listed or is none, and, without `allow_loss`, if more than half of
    the remembered files are gone.
    """
    walk = _Walk(folder, exclude)
    added: list[Entry] = []
    changed: list[Entry] = []
    touched: list[SourceFile] = []
    missing = dict(remembered)
    unchanged = 0
    for path, file, status in walk.files():
        known = missing.pop(path, None)
        if known is None:
            added.append(Entry(root, path, file))
        elif force or status.st_size != known.size:
            changed.append(Entry(root, path, file))
        elif status.st_mtime_ns == known.mtime_ns:
            unchanged += 1
        else:
            entry = Entry(root, path, file)
            try:
                now, _ = load(entry, clock=clock)
            except ItemError:
                changed.append(entry)  # Whoever reads it will get the same error, and can report it.
                continue
            if now.digest != known.digest:
                changed.append(entry)
            elif now == known:
                unchanged += 1
            else:
                touched.append(now)
    removed = sorted(path for path in missing if not walk.is_out_of_sight(path))
    unchanged += len(missing) - len(removed)
    if 2 * len(removed) > len(remembered) and not allow_loss:
        raise ArchiveError(
            f"{_share(len(removed), len(remembered))} gone from the archive folder '{_shown(os.fspath(folder))}'. "
            "If that is right, run again with --yes."
        )
    return Scan(added, changed, touched, removed, unchanged, walk.faults)


def load(entry: Entry, *, clock: Clock = time.time) -> tuple[SourceFile, bytes]:
    """Read a file: its bytes, and what to remember of it. ItemError if it cannot be read.

    Of one that is too large for an item the digest and the bytes are those of its beginning: the verdict on it holds
    until its size or time changes.
    """
    raw, status = read_file(entry.file, name=entry.path)
    mtime_ns = status.st_mtime_ns
    # That of the bytes: if the file grew while it was read, the next scan sees another size.
    size = status.st_size if len(raw) > MAX_FILE_BYTES else len(raw)
    if mtime_ns > int(clock() * 1e9) - RACY_NS:
        mtime_ns = 0
    return SourceFile(entry.root, entry.path, size, mtime_ns, hashlib.blake2b(raw, digest_size=16).digest()), raw


def _share(lost: int, known: int) -> str:
    if lost < known:
        return f"{lost:,} of the {known:,} files are"
    return f"All {known:,} files are" if known > 1 else "The only file is"


class _Frame(NamedTuple):
    """A folder on the way down: the path before its names, its entries still to come, and what tells it from others."""

    prefix: str
    entries: Iterator[os.DirEntry[str]]
    identity: tuple[int, int]


class _Walk:
    """One walk through a folder: its files in the order of their names, depth first, and its faults.

    Links to folders come last, so that what is in the archive itself goes by its own path, and no folder is entered by
    them that was entered before: links that lead to each other would have more ways through them than can be walked.
    """

    def __init__(self, folder: Path, exclude: Sequence[str]) -> None:
        self.faults: list[ItemError] = []
        self._folder = folder
        self._excluded = _pattern(exclude)
        self._entered: set[tuple[int, int]] = set()
        self._links: deque[tuple[str, os.DirEntry[str]]] = deque()
        self._out_of_sight: set[str] = set()

    def is_out_of_sight(self, path: str) -> bool:
        """Whether a file may still be there although the walk did not meet it."""
        while path:
            if path in self._out_of_sight:
                return True
            path = path.rpartition("/")[0]
        return False

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
        shown = _shown(os.fspath(self._folder))
        try:
            if not self._folder.is_dir() and self._folder.exists():
                raise ArchiveError(f"The archive '{shown}' is a file; give the folder that holds it.")
            return _frame("", os.fspath(self._folder))
        except FileNotFoundError:
            raise ArchiveError(
                f"The archive folder '{shown}' does not exist; give another one, or set `archive` in newsearch.toml."
            ) from None
        except OSError as error:
            raise ArchiveError(f"The archive folder '{shown}' cannot be read: {_reason(error)}.") from error
        except ValueError:
            raise ArchiveError(f"The archive folder '{shown}' cannot be read: its name holds a NUL.") from None

    def _look_at(self, entry: os.DirEntry[str], path: str) -> os.stat_result | None:
        """The status of what an entry leads to; None if it is no folder and can be no item, or was noted as a fault."""
        name = entry.name
        try:
            if not name.endswith(".md") and not name.lower().endswith(SUFFIXES) and not entry.is_dir():
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
        self.faults.append(ItemError(reason, path=_shown(path)))
        if lost_sight:
            self._out_of_sight.add(path)


def _frame(prefix: str, folder: str) -> _Frame:
    status = Path(folder).stat()
    with os.scandir(folder) as entries:
        return _Frame(prefix, iter(sorted(entries, key=attrgetter("name"))), (status.st_dev, status.st_ino))


def _reason(error: OSError) -> str:
    return (error.strerror or "input error").lower()


def _pattern(exclude: Sequence[str]) -> Callable[[str], object] | None:
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


def _shown(path: str) -> str:
    """A path as text: bytes that are not UTF-8 as `\\xe9`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
