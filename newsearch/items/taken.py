"""Reading what scans found, and counting it: the part of a sync that comes before the engine.

    intake = Intake({"../data": scan(...)})
    for taken in intake.taken():               # every new or changed file and line, read
        ...
    intake.added, intake.changed, intake.removed

Counts are of items: a file of lines counts as many as it has lines. An intake that no engine takes is a dry run.
"""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

from newsearch.errors import ItemError
from newsearch.items.files import Entry
from newsearch.items.jsonlines import Line, LineFile, is_item, lines_at
from newsearch.items.scan import Scan
from newsearch.items.workers import Outcome, read_all
from newsearch.model import NewsItem, SourceFile

__all__ = ["Intake", "Progress", "Taken"]

Progress = Callable[[int, int], None]
"""Told, while files are read, how many of how many are done."""

MAX_LINE_FAULTS = 100
"""Lines of one file that are named as faulty. In a file that is no JSON Lines every one would be."""

FEW_TOUCHED = 1000
FEW_TOUCHED_BYTES = 16 << 20
"""Up to so many touched files, and so much in files of lines, is compared again in each run rather than committed."""

_Key: TypeAlias = tuple[str, str]
_NO_DIGEST = bytes(16)


class Taken(NamedTuple):
    """One source on its way into an index: with its item or its fault; with neither it was only touched.

    With `holds_lines` it is a file of lines, which are taken apart from it.
    """

    source: SourceFile
    item: NewsItem | None = None
    fault: ItemError | None = None
    holds_lines: bool = False


class _Group(NamedTuple):
    """Entries to read that are counted alike: those of a file of lines, or files that are all new or all changed."""

    root: str
    entries: Sequence[Entry]
    lines_of: LineFile | None = None
    is_new: bool = False


class Intake:
    """What scans of some folders found, by their roots, on its way into an index.

    Counts, `gone`, `unread` and `remarks` are complete once all is taken. `excluded` is a part of `removed`. With
    `listed`, `names` has what was counted.
    """

    def __init__(self, scans: Mapping[str, Scan], progress: Progress | None = None, *, listed: bool = False) -> None:
        """`progress` is told how many of how many files and lines are read."""
        self._scans = scans
        self._progress = progress
        self._listed = listed
        self.delivered = 0
        self._counts = {"added": 0, "changed": 0, "removed": 0}
        self.names: dict[str, list[_Key]] = {"added": [], "changed": [], "removed": []}
        self.unread: dict[_Key, ItemError] = {
            (root, fault.path): fault for root, found in scans.items() for fault in found.faults
        }
        self.remarks: list[ItemError] = []
        self.unchanged = sum(found.unchanged + len(found.touched) for found in scans.values())
        self.excluded = sum(map(is_item, chain.from_iterable(found.excluded for found in scans.values())))
        for root, found in scans.items():
            for name in chain(found.removed, found.excluded):
                self._count("removed", root, name, wanted=is_item(name))

    @property
    def gone(self) -> Iterator[_Key]:
        """The sources that are to be forgotten beside those that are taken anew: before all is taken, at most these."""
        for root, found in self._scans.items():
            yield from ((root, name) for name in chain(found.removed, found.excluded))
            for file in found.line_files:
                yield from ((root, name) for name in file.gone)

    @property
    def added(self) -> int:
        """Items that were not there before."""
        return self._counts["added"]

    @property
    def changed(self) -> int:
        """Files and items that are no longer as they were."""
        return self._counts["changed"]

    @property
    def removed(self) -> int:
        """Files and items that are no longer there, or no longer to be looked at."""
        return self._counts["removed"]

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to commit; a few files that were only touched are not worth a commit."""
        touched = touched_bytes = 0
        for found in self._scans.values():
            if found.added or found.changed or not all(file.is_touched for file in found.line_files):
                return True
            touched += len(found.touched) + len(found.line_files)
            touched_bytes += sum(file.source.size for file in found.line_files)
        return any(True for _ in self.gone) or touched >= FEW_TOUCHED or touched_bytes >= FEW_TOUCHED_BYTES

    def taken(self) -> Iterator[Taken]:
        """Every new or changed file and line, read; every touched file as it is. To be gone through once."""
        for found in self._scans.values():
            self.delivered += len(found.touched)
            yield from map(Taken, found.touched)
        groups = list(self._groups())
        total, done = sum(len(group.entries) for group in groups), 0
        with closing(read_all(chain.from_iterable(group.entries for group in groups))) as outcomes:
            for group in groups:
                own = islice(outcomes, len(group.entries))
                for taken in self._files(group, own) if group.lines_of is None else self._lines(group, own):
                    if taken is not None:
                        self.delivered += 1
                        yield taken
                    if self._progress is not None and (taken is None or not taken.holds_lines):
                        done = min(done + 1, total)
                        self._progress(done, total)

    def _groups(self) -> Iterator[_Group]:
        for root, found in self._scans.items():
            yield _Group(root, found.added, is_new=True)
            yield _Group(root, found.changed)
            for file in found.line_files:
                yield _Group(root, file.lines, file)

    def _files(self, group: _Group, outcomes: Iterator[Outcome]) -> Iterator[Taken | None]:
        """For each file what is taken of it; None if it could not be read: what an index has of it is to stay."""
        for outcome in outcomes:
            if outcome.source is None:
                self._note_unread(outcome)
                yield None
                continue
            if group.is_new:
                self._count("added", group.root, outcome.source.path, wanted=outcome.item is not None)
            else:
                self._count("changed", group.root, outcome.source.path)
            self.remarks.extend(outcome.remarks)
            yield Taken(outcome.source, outcome.item, outcome.fault)

    def _lines(self, group: _Group, outcomes: Iterator[Outcome]) -> Iterator[Taken | None]:
        """For each line what is taken of it, and at last the file itself."""
        file = group.lines_of
        if file is None:
            return
        faults = 0
        is_read = True
        for outcome in outcomes:
            if outcome.source is None:
                is_read = False
                self._note_unread(outcome)
                yield None
            elif outcome.item is None:
                faults += 1
                yield Taken(outcome.source, fault=outcome.fault) if faults <= MAX_LINE_FAULTS else None
            else:
                yield self._line(group, file, outcome, is_counted=True)
        if file.displaced:
            is_read = is_read and (yield from self._displaced(group, file))
        if not is_read:
            # Nobody knows what the lines that were not read are versions of: nothing is forgotten for them, and the
            # next run looks into the file again, whatever it is by then.
            file.gone.clear()
            yield Taken(file.source._replace(mtime_ns=0, digest=_NO_DIGEST), holds_lines=True)
            return
        for name in sorted(file.gone):
            self._count("removed", group.root, name, wanted=is_item(name))
        if faults > MAX_LINE_FAULTS:
            yield _unnamed_faults(file.source, faults - MAX_LINE_FAULTS)
        yield Taken(file.source, holds_lines=True)

    def _line(self, group: _Group, file: LineFile, outcome: Outcome, *, is_counted: bool) -> Taken | None:
        """What is taken of a line that is an item; None if it was read only to see that it is called as before."""
        if outcome.item is None or outcome.source is None or not isinstance(outcome.entry, Line):
            raise ValueError("a line that is an item was read from a line")
        item = file.named(outcome.item, outcome.entry)
        name = item.path or outcome.source.path
        is_new = name not in file.gone
        file.gone.discard(name)
        if file.doubtful.get(name) == outcome.source.digest:
            self.unchanged += 1
            return None
        if is_counted:
            self._count("added" if is_new else "changed", group.root, name)
            self.remarks.extend(outcome.remarks)
        return Taken(outcome.source._replace(path=name), item)

    def _displaced(self, group: _Group, file: LineFile) -> Generator[Taken | None, None, bool]:
        """Lines that are as they were but for what they are called; whether all could be read."""
        try:
            lines = lines_at(file.displaced, file.lines[0])
        except ItemError as fault:
            self.unread[group.root, file.source.path] = fault
            return False
        with closing(read_all(lines, processes=1)) as outcomes:
            for outcome in outcomes:
                if outcome.item is None:
                    self._note_unread(outcome)
                    return False
                yield self._line(group, file, outcome, is_counted=False)
        return True

    def _note_unread(self, outcome: Outcome) -> None:
        if outcome.fault is not None:
            self.unread[outcome.entry.root, outcome.entry.path] = outcome.fault

    def _count(self, what: str, root: str, name: str, *, wanted: bool = True) -> None:
        if wanted:
            self._counts[what] += 1
            if self._listed:
                self.names[what].append((root, name))


def _unnamed_faults(file: SourceFile, count: int) -> Taken:
    """The faults of a file's lines that are too many to be named each."""
    source = SourceFile(file.root, f"{file.path}:0", 0, 0, _NO_DIGEST)
    return Taken(source, fault=ItemError(f"{count:,} more lines are no items.", path=file.path))
