"""From folders to one commit: what changed in them is scanned, read and handed to an engine.

    report = sync_folders(engine, Path("index"), ["data"])
    report = sync_folders(engine, Path("index"), ["data"], rebuild="english", items={"cms": rows})
    preview = preview_folders(engine, Path("index"), ["data"])    # what that would do

The straight line of an index run, and its report. How files are scanned and read is `newsearch.items`'s, what becomes
of items the engine's. A search loads none of this.
"""

import os
import time
from collections.abc import Mapping, Sequence, Set
from itertools import chain, starmap
from pathlib import Path

from newsearch.deliveries import Items, SourceIntake
from newsearch.engine.base import Delivery, Engine, SourceKey, SyncOutcome
from newsearch.errors import ArchiveError, IndexDamaged, IndexVersionError, ItemError
from newsearch.items.scan import Scan, scan
from newsearch.items.taken import Intake, Progress
from newsearch.model import SourceFile, SyncPreview, SyncReport
from newsearch.model.reports import ITEM_SOURCES

__all__ = ["Folders", "Progress", "preview_folders", "sync_folders"]

Folders = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
"""One archive folder, or several."""

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
    items: Mapping[str, Items] | None = None,
) -> SyncReport:
    """Bring an engine's index, in the folder `index`, up to date with some folders; with `rebuild`, a language, anew.

    Then `items` are those of the sources that are no folders, by their names. Raises ArchiveError, IndexDamaged,
    IndexVersionError, IndexLocked as `NewsIndex.sync` does.
    """
    started = time.perf_counter()
    try:
        engine.refresh()
        remembered = engine.sources()
    except (IndexDamaged, IndexVersionError):
        if not rebuild:
            raise
        remembered = {}  # building anew is how damage is mended
    supplies = [SourceIntake(given, source, remembered) for source, given in (items or {}).items()]
    supplied = {supply.root for supply in supplies}
    scans = _scans(
        index, folders, remembered, exclude=exclude, allow_loss=allow_loss, anew=bool(rebuild), supplied=supplied
    )
    intake = Intake(scans, progress)
    deliveries = chain(
        starmap(Delivery, intake.taken()), *(supply.everything(allow_loss=allow_loss) for supply in supplies)
    )
    first = not rebuild and not engine.committed
    if rebuild:
        engine.rebuild(deliveries, language=rebuild)
    elif intake.is_needed or first:
        engine.sync(deliveries, intake.gone)
    else:
        engine.tidy()
    roots = supplied.union(scans)
    faults = {key: fault for key, fault in engine.faults().items() if key[0] in roots}
    committed = bool(rebuild or first or intake.delivered or any(True for _ in intake.gone))
    return _report(intake, engine.outcome(), faults, started, committed=committed, supplies=supplies)


def preview_folders(
    engine: Engine | None,
    index: Path,
    folders: Folders,
    *,
    exclude: Sequence[str] = (),
    allow_loss: bool = False,
    progress: Progress | None = None,
    rebuild: bool = False,
) -> SyncPreview:
    """What `sync_folders` would do; nothing is written. `engine` is None where there is no index that can be opened.

    Raises ArchiveError as `sync_folders` does.
    """
    started = time.perf_counter()
    remembered: Mapping[str, Mapping[str, SourceFile]] = engine.sources() if engine is not None else {}
    known: Mapping[SourceKey, ItemError] = {}
    outcome = SyncOutcome(0, 0, 0)
    if engine is not None:
        outcome = engine.outcome()
        known = {} if rebuild else engine.faults()
    scans = _scans(index, folders, remembered, exclude=exclude, allow_loss=allow_loss, anew=rebuild)
    intake = Intake(scans, progress, listed=True)
    gone = set(intake.gone)
    faults = {key: fault for key, fault in known.items() if key[0] in scans and key not in gone}
    for taken in intake.taken():
        key = taken.source.root, taken.source.path
        faults.pop(key, None)
        if taken.fault is not None:
            faults[key] = taken.fault
    report = _report(intake, outcome, faults, started, committed=False)
    return SyncPreview(report, **{what: tuple(sorted(names)) for what, names in intake.names.items()})


def _scans(
    index: Path,
    folders: Folders,
    remembered: Mapping[str, Mapping[str, SourceFile]],
    *,
    exclude: Sequence[str],
    allow_loss: bool,
    anew: bool,
    supplied: Set[str] = frozenset(),
) -> dict[str, Scan]:
    """What changed in each folder, by what the index calls it. `supplied` are the roots of what comes beside them."""
    folders = [folders] if isinstance(folders, str | os.PathLike) else folders
    exclude = [exclude] if isinstance(exclude, str) else exclude  # of its letters none is meant
    if not all(map(os.fspath, folders)):  # to pathlib an empty name is the current folder's
        raise ArchiveError("The name of a folder is empty; name the folder of your items.")
    _refuse_overlap(index, folders, set() if anew else set(remembered))
    if anew and not allow_loss:
        _refuse_forgetting(index, folders, remembered.keys() - supplied)
    scans: dict[str, Scan] = {}
    for folder in map(Path, folders):
        root = _root(index, folder)
        if root in scans:  # the same folder may be given twice, under two names too
            continue
        found = scan(
            folder,
            root=root,
            remembered=remembered.get(root, {}),
            exclude=exclude,
            force=anew,
            allow_loss=allow_loss,
        )
        if anew:  # what was remembered has told of a loss; in the new index every file is new
            added = [*found.added, *found.changed]
            found = Scan(added=added, line_files=found.line_files, faults=found.faults)
        scans[root] = found
    return scans


def _root(index: Path, folder: Path) -> str:
    """What the index calls a folder: its path relative to the index, so that a project that holds both can move."""
    return Path(os.path.relpath(_resolved(folder), index.resolve())).as_posix()


def _resolved(folder: Path) -> Path:
    """A folder by its own path, no link in it. Raises ArchiveError for what is the name of none."""
    try:
        os.fsencode(folder)
        return folder.resolve()
    except ValueError:
        name = ascii(os.fspath(folder))
        raise ArchiveError(f"{name} can be no folder's name: it holds a NUL or half a character.") from None
    except (OSError, RuntimeError):  # which of them, the version of Python decides
        raise ArchiveError(f"The archive folder '{folder}' is a link that leads back to itself.") from None


def _refuse_overlap(index: Path, folders: Sequence[str | os.PathLike[str]], known: set[str]) -> None:
    """Raise ArchiveError for a folder in another one: each file of it would be there twice, and go only once."""
    here = index.resolve()
    kept = {(here / root).resolve() for root in known if not root.startswith(ITEM_SOURCES)}
    others = kept | {_resolved(Path(folder)) for folder in folders}
    for folder in folders:
        given = _resolved(Path(folder))
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
        shown = [_named(root, index.resolve()) for root in forgotten[:_FOLDERS_NAMED]]
        if more := len(forgotten) - len(shown):
            shown.append(f"{more:,} more")
        items = ""
        if any(root.startswith(ITEM_SOURCES) for root in forgotten):
            items = ", and in Python bring the items of such a source: NewsIndex.rebuild(…, items={name: items})"
        raise ArchiveError(
            f"The index was made of {', '.join(shown)} too, and built anew it would lose all that came from "
            f"there; name every folder to keep{items}. To replace it all the same, run: newsearch index --rebuild --yes"
        )


def _named(root: str, here: Path) -> str:
    """A folder or a source of items as a sentence names it."""
    source = root.removeprefix(ITEM_SOURCES)
    return f"'{(here / root).resolve()}'" if source == root else f"the source '{source}'"


def _report(
    intake: Intake,
    outcome: SyncOutcome,
    faults: Mapping[SourceKey, ItemError],
    started: float,
    *,
    committed: bool,
    supplies: Sequence[SourceIntake] = (),
) -> SyncReport:
    unread = chain(intake.unread.items(), *(supply.unnamed.items() for supply in supplies))
    skipped = {**faults, **dict(unread)}.values()  # what a file's fault is today counts, and once
    return SyncReport(
        added=intake.added + sum(supply.added for supply in supplies),
        changed=intake.changed,
        removed=intake.removed,
        unchanged=intake.unchanged,
        duplicates=outcome.duplicates,
        items=outcome.items,
        articles=outcome.articles,
        seconds=time.perf_counter() - started,
        skipped=tuple(sorted(skipped, key=lambda fault: (fault.path, fault.line or 0))),
        remarks=(*intake.remarks, *chain.from_iterable(supply.remarks for supply in supplies)),
        committed=committed,
        excluded=intake.excluded,
    )
