"""What changed in a folder of items since it was last read.

    found = scan(Path("data"), root="data", remembered={"2020/harbour.md": source, ...})
    for entry in found.added + found.changed:
        source, raw = load(entry)          # remember `source`, parse `raw`

A remembered file of the same size and modification time is taken as unchanged, which costs a stat; one whose time
differs is read and its digest compared. New files are not read here: `load` reads each once, for digest and parsing.

A file of lines, each of them an item (`jsonlines`), is read here, if it is not as it was: which lines are new, only
their content tells.
"""

import hashlib
import os
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from newsearch.errors import ArchiveError, ItemError
from newsearch.items.files import MAX_FILE_BYTES, Clock, Entry, read_file, trusted_time
from newsearch.items.jsonlines import LineFile, compare, is_line_file, line_file_of
from newsearch.items.walk import Excluded, Walk, excluding, shown, with_folders
from newsearch.model import SourceFile

__all__ = ["Entry", "Scan", "load", "scan"]

_Lines = Mapping[str, SourceFile]
"""What is remembered of a file's lines, by their names."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a folder holds, against what was remembered of it; each list is in the order of the walk.

    `touched` are files of the same bytes with another time, as they are to be remembered now. `line_files` are the
    files of lines that are new or not as they were. `removed` are the remembered names that are gone, those of the
    lines of a file that is gone included, and `excluded` those that are no longer to be looked at. `faults` name what
    could not be looked at; files remembered below such a folder count as unchanged, not as removed.
    """

    added: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    touched: list[SourceFile] = field(default_factory=list)
    line_files: list[LineFile] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
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

    Items are `*.md` and `*.markdown`, files of them `*.jsonl` and `*.ndjson`, in any case. Hidden files and folders are
    skipped, and so is what `exclude` fits: patterns of `*`, `?` and `[]` for a relative path or a name (`*` spans `/`),
    for a folder and all in it too. Links are followed, but none to a folder that is read anyway. With `force` every
    remembered file counts as changed, and every line as new. ArchiveError if the folder is missing, cannot be listed or
    is none, and, without `allow_loss`, if more than half of the remembered files, or of the items in them, are gone;
    what is excluded does not count for that.
    """
    excluded = excluding(exclude)
    walk = Walk(folder, excluded)
    found = Scan(faults=walk.faults)
    missing, lines = _apart(remembered)
    gone = _Gone(walk, excluded, missing, lines)
    unchanged = 0
    for path, file, status in walk.files():
        known = missing.pop(path, None)
        is_same = known is not None and known.size == status.st_size and known.mtime_ns == status.st_mtime_ns
        if is_same and not force and path.endswith(".md"):  # nearly every file, nearly every time
            unchanged += 1
            continue
        entry = Entry(root, path, file)
        if is_line_file(path):
            before = lines.pop(path, {})
            if is_same and not force:
                unchanged += len(before)
            else:
                unchanged += _look_into(entry, found, *((None, {}) if force else (known, before)), clock)
        elif known is None:
            found.added.append(entry)
        elif force or status.st_size != known.size:
            found.changed.append(entry)
        elif is_same:
            unchanged += 1
        else:
            unchanged += _compare(entry, found, known, clock)
    for path in sorted({*missing, *lines}):
        gone.file(path, lines.get(path, ()), is_known=path in missing)
    if not allow_loss:
        gone.refuse_loss(folder)
    return replace(found, removed=gone.removed, excluded=gone.excluded, unchanged=unchanged + gone.unseen)


def load(entry: Entry, *, clock: Clock = time.time) -> tuple[SourceFile, bytes]:
    """Read a file: its bytes, and what to remember of it. ItemError if it cannot be read.

    Of one that is too large for an item the digest and the bytes are those of its beginning: the verdict on it holds
    until its size or time changes.
    """
    raw, status = read_file(entry.file, name=entry.path)
    # That of the bytes: if the file grew while it was read, the next scan sees another size.
    size = status.st_size if len(raw) > MAX_FILE_BYTES else len(raw)
    digest = hashlib.blake2b(raw, digest_size=16).digest()
    return SourceFile(entry.root, entry.path, size, trusted_time(status, clock), digest), raw


def _apart(remembered: Mapping[str, SourceFile]) -> tuple[dict[str, SourceFile], dict[str, dict[str, SourceFile]]]:
    """What is remembered of files, by their paths, and of lines, by their files' paths and their names."""
    files = dict(remembered)
    lines: dict[str, dict[str, SourceFile]] = {}
    for name, file in [(name, file) for name in remembered if (file := line_file_of(name)) is not None]:
        lines.setdefault(file, {})[name] = files.pop(name)
    return files, lines


def _compare(entry: Entry, found: Scan, known: SourceFile, clock: Clock) -> int:
    """Note a file whose time is another as changed or touched; 1 if it is neither."""
    try:
        now, _ = load(entry, clock=clock)
    except ItemError:
        found.changed.append(entry)  # Whoever reads it will get the same error, and can report it.
        return 0
    if now.digest != known.digest:
        found.changed.append(entry)
    elif now != known:
        found.touched.append(now)
    else:
        return 1
    return 0


def _look_into(entry: Entry, found: Scan, known: SourceFile | None, lines: _Lines, clock: Clock) -> int:
    """Note a file of lines that is not as it was; the number of its lines that are."""
    try:
        inside = compare(entry, remembered=lines, known=known, clock=clock)
    except ItemError as fault:
        found.faults.append(fault)
        return len(lines)
    if inside.source != known or not inside.is_touched:
        found.line_files.append(inside)
    return len(inside.kept)


class _Gone:
    """Remembered files that a walk did not meet: lost, left out on purpose, or out of sight."""

    def __init__(
        self, walk: Walk, excluded: Excluded | None, files: Mapping[str, SourceFile], lines: Mapping[str, _Lines]
    ) -> None:
        """`files` and `lines` are all that is remembered."""
        self.removed: list[str] = []
        self.excluded: list[str] = []
        self.unseen = 0
        self._walk = walk
        self._is_excluded = excluded
        self._files = len(files.keys() | lines.keys())
        self._items = _items_among(files) + sum(map(len, lines.values()))
        self._lost_files = self._lost_items = 0

    def file(self, path: str, lines: Collection[str], *, is_known: bool) -> None:
        """A file that was not met, with the names of its lines, where it has some."""
        names = sorted(lines)
        items = len(names) if is_line_file(path) else 1
        if is_known:
            names.append(path)
        if self._walk.is_out_of_sight(path):
            self.unseen += items
        elif self._is_excluded is not None and any(map(self._is_excluded, with_folders(path))):
            self.excluded += names
            self._files -= 1
            self._items -= items
        else:
            self.removed += names
            self._lost_files += 1
            self._lost_items += items

    def refuse_loss(self, folder: Path) -> None:
        """Raise ArchiveError if more than half is lost of what is not excluded: a disk may not be mounted."""
        if 2 * self._lost_files <= self._files and 2 * self._lost_items <= self._items:
            return
        items = f", with {self._lost_items:,} of the {self._items:,} items"
        raise ArchiveError(
            f"{_share(self._lost_files, self._files)} gone from the archive folder '{shown(os.fspath(folder))}'"
            f"{items if self._items != self._files else ''}. If that is right, run again with --yes."
        )


def _items_among(files: Collection[str]) -> int:
    """How many files are not of lines."""
    return len(files) - sum([is_line_file(path) for path in files if not path.endswith(".md")])


def _share(lost: int, known: int) -> str:
    if lost < known:
        return f"{lost:,} of the {known:,} files are"
    return f"All {known:,} files are" if known > 1 else "The only file is"
