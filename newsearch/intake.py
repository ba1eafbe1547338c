"""From folders to one commit: what changed in them is scanned, read and handed to an engine.

    report = sync_folders(engine, Path("index"), ["data"])

The straight line of an index run, and its count of what was done. How files are scanned and read is
`newsearch.items`'s, what becomes of items the engine's. A search loads none of this.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from newsearch.engine.base import Delivery, Engine, SourceKey
from newsearch.errors import ArchiveError, IndexDamaged, IndexVersionError, ItemError
from newsearch.items.scan import Scan, scan
from newsearch.items.workers import read_all
from newsearch.model import SourceFile, SyncReport

__all__ = ["Folders", "Progress", "sync_folders"]

Folders = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
"""One archive folder, or several."""

Progress = Callable[[int, int], None]
"""Told, while files are read, how many of how many are done."""

_FEW_TOUCHED = 1000
_FOLDERS_NAMED = 5


def sync_folders(
    engine: Engine,
    index: Path,
    folders: Folders,
    *,
    exclude: Sequence[str] = (),
    allow_loss: bool = False,
    progress: Progress | None = None,
    rebuild: str | None = None,
) -> SyncReport:
    """Bring an engine's index, in the folder `index`, up to date with some folders; with `rebuild`, a language, anew.

    Raises ArchiveError, IndexDamaged, IndexVersionError, IndexLocked as `NewsIndex.sync` does.
    """
    started = time.perf_counter()
    try:
        engine.refresh()
        remembered = engine.sources()
    except (IndexDamaged, IndexVersionError):
        if not rebuild:
            raise
        remembered = {}  # building anew is how damage is mended
    folders = [folders] if isinstance(folders, str | os.PathLike) else folders
    if not all(map(os.fspath, folders)):  # to pathlib an empty name is the current folder's
        raise ArchiveError("The name of a folder is empty; name the folder of your items.")
    _refuse_overlap(index, folders, set() if rebuild else set(remembered))
    if rebuild and not allow_loss:
        _refuse_forgetting(index, folders, set(remembered))
    scans: dict[str, _FolderScan] = {}
    for folder in folders:
        root = _root(index, Path(folder))
        if root not in scans:  # the same folder may be given twice, under two names too
            scans[root] = _scan(
                Path(folder),
                root,
                remembered.get(root, {}),
                exclude=exclude,
                allow_loss=allow_loss,
                anew=bool(rebuild),
            )
    intake = _Intake(list(scans.values()), progress)
    first = not rebuild and not engine.committed
    if rebuild:
        engine.rebuild(intake.deliveries(), language=rebuild)
    elif intake.is_needed or first:
        engine.sync(intake.deliveries(), intake.removed)
    else:
        engine.tidy()
    outcome = engine.outcome()
    faults = {key: fault for key, fault in engine.faults().items() if key[0] in scans}
    skipped = {**faults, **intake.unread}.values()  # what a file's fault is today counts, and once
    return SyncReport(
        added=intake.added,
        changed=intake.changed,
        removed=len(intake.removed),
        unchanged=intake.unchanged,
        duplicates=outcome.duplicates,
        items=outcome.items,
        articles=outcome.articles,
        seconds=time.perf_counter() - started,
        skipped=tuple(sorted(skipped, key=lambda fault: (fault.path, fault.line or 0))),
        remarks=tuple(intake.remarks),
        committed=bool(rebuild or first or intake.delivered or intake.removed),
    )


class _FolderScan(NamedTuple):
    """What changed in a folder; `root` is what the index calls it."""

    root: str
    found: Scan


def _root(index: Path, folder: Path) -> str:
    """What the index calls a folder: its path relative to the index, so that a project that holds both can move."""
    return Path(os.path.relpath(folder.resolve(), index.resolve())).as_posix()


def _refuse_overlap(index: Path, folders: Sequence[str | os.PathLike[str]], known: set[str]) -> None:
    """Raise ArchiveError for a folder in another one: each file of it would be there twice, and go only once."""
    here = index.resolve()
    others = {(here / root).resolve() for root in known} | {Path(folder).resolve() for folder in folders}
    for folder in folders:
        given = Path(folder).resolve()
        for other in others:
            if given in other.parents or other in given.parents:
                inner, outer = (other, given) if given in other.parents else (given, other)
                raise ArchiveError(
                    f"The archive folder '{inner}' lies in '{outer}'; index one of them. To go over from one that "
                    "is indexed already to the other, run: newsearch index --rebuild --yes PATH"
                )


def _refuse_forgetting(index: Path, folders: Sequence[str | os.PathLike[str]], known: set[str]) -> None:
    """Raise ArchiveError where an index would be built anew without folders that it was made of."""
    forgotten = sorted(known - {_root(index, Path(folder)) for folder in folders})
    if forgotten:
        here = index.resolve()
        shown = [f"'{(here / root).resolve()}'" for root in forgotten[:_FOLDERS_NAMED]]
        if more := len(forgotten) - len(shown):
            shown.append(f"{more:,} more")
        raise ArchiveError(
            f"The index {index} was made of {', '.join(shown)} too, and built anew it would lose all that came from "
            "there; name every folder to keep. To replace it all the same, run: newsearch index --rebuild --yes"
        )


def _scan(
    folder: Path,
    root: str,
    remembered: Mapping[str, SourceFile],
    *,
    exclude: Sequence[str],
    allow_loss: bool,
    anew: bool,
) -> _FolderScan:
    found = scan(folder, root=root, remembered=remembered, exclude=exclude, force=anew, allow_loss=allow_loss)
    if anew:  # what was remembered has told of a loss; in the new index every file is new
        found = Scan(added=[*found.added, *found.changed], faults=found.faults)
    return _FolderScan(root, found)


class _Intake:
    """Reads what a scan found, file by file, and counts."""

    def __init__(self, scans: Sequence[_FolderScan], progress: Progress | None) -> None:
        self._scans = scans
        self._progress = progress
        self.added = self.changed = self.delivered = 0
        self.unread: dict[SourceKey, ItemError] = {
            (scan.root, fault.path): fault for scan in scans for fault in scan.found.faults
        }
        self.remarks: list[ItemError] = []
        self.removed: list[SourceKey] = [(scan.root, path) for scan in scans for path in scan.found.removed]
        self.unchanged = sum(scan.found.unchanged + len(scan.found.touched) for scan in scans)

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to commit; a few files that were only touched are not worth a commit."""
        touched = sum(len(scan.found.touched) for scan in self._scans)
        read = any(scan.found.added or scan.found.changed for scan in self._scans)
        return bool(read or self.removed or touched >= _FEW_TOUCHED)

    def deliveries(self) -> Iterator[Delivery]:
        """Every new or changed file, read; every touched one as it is."""
        for scanned in self._scans:
            self.delivered += len(scanned.found.touched)
            yield from map(Delivery, scanned.found.touched)
        entries = [
            (entry, is_new)
            for scanned in self._scans
            for found, is_new in ((scanned.found.added, True), (scanned.found.changed, False))
            for entry in found
        ]
        with closing(read_all(entry for entry, _ in entries)) as outcomes:
            for done, ((_, is_new), outcome) in enumerate(zip(entries, outcomes, strict=True), 1):
                if outcome.source is None:
                    # Its content is not known; what the index has of it stays until it can be read again.
                    if outcome.fault is not None:
                        self.unread[outcome.entry.root, outcome.entry.path] = outcome.fault
                else:
                    self.delivered += 1
                    self.changed += not is_new
                    self.added += is_new and outcome.item is not None
                    self.remarks.extend(outcome.remarks)
                    yield Delivery(outcome.source, outcome.item, outcome.fault)
                if self._progress is not None:
                    self._progress(done, len(entries))
