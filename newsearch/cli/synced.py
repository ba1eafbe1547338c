"""What a run of `newsearch index` says of what it did, or with --dry-run would do.

    tell(report, folders, voice, {"paths": None, "index": None})
    # data/bad.md:3: has no title: 'title' is empty.
    # 42 added, 1 changed, 0 removed, 1 skipped; 43 items, 118 articles in 1.2 s

What is told goes to stderr; `answer` is the same for stdout, in any format.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsearch import wording
from newsearch.cli.advice import fitted
from newsearch.cli.formats import Chosen
from newsearch.cli.output import Answer, Column, Listing
from newsearch.cli.streams import Voice
from newsearch.errors import ItemError

if TYPE_CHECKING:
    from newsearch.model import SyncPreview, SyncReport

__all__ = ["answer", "tell", "tell_faults", "tell_preview", "tell_summary"]

_REMARKS = 10
"""Remarks that are shown without -v."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What a run says of one file or line: skipped, remark, add, change or remove."""

    kind: str
    path: str
    place: str
    line: int | None = None
    reason: str | None = None


def answer(found: "SyncReport | SyncPreview", folders: Sequence[Path], index: Path | str) -> Answer:
    """What was skipped and left out, and of a preview what would be done, line by line."""
    from newsearch import wire
    from newsearch.model import SyncPreview

    preview, report = (found, found.report) if isinstance(found, SyncPreview) else (None, found)
    lines = [
        _Line(kind, fault.path, _path_of(fault, folders), fault.line, fault.reason)
        for kind, faults in (("skipped", report.skipped), ("remark", report.remarks))
        for fault in faults
    ]
    if preview is not None:
        lines += _would_be(preview, folders, index)
    columns = [
        Column("kind", lambda one: one.kind),
        Column("path", lambda one: one.place, where=("plain", "md")),
        Column("path", lambda one: one.path, where=("csv",)),
        Column("line", lambda one: one.line),
        Column("reason", lambda one: one.reason),
    ]

    def document() -> Mapping[str, object]:
        return wire.report_to_dict(report) if preview is None else wire.preview_to_dict(preview)

    return Answer((Listing(columns, lines, noun="file"),), document)


def tell(
    report: "SyncReport",
    folders: Sequence[Path],
    voice: Voice,
    given: Mapping[str, object],
    *,
    listed: Chosen | None = None,
) -> None:
    """All that there is to say of a run; `given` are the options and arguments that it was called with.

    What people have been shown on stdout already, in the format `listed`, is not said again.
    """
    is_listed = _is_for_people(listed)
    if not is_listed:
        tell_faults(report, folders, voice)
    if not is_listed and (more := len(report.remarks) - len(_shown_remarks(report, voice))):
        # The next run will not read these files, and so will have nothing to remark on.
        again = fitted("To see all of them: newsearch index --rebuild", given)
        voice.note(f"And {wording.counted(more, 'more remark')} on values that were left out. {again} -v")
    tell_summary(report, voice)
    if not report.items and not report.skipped:
        voice.warn(f"There are no files of items in {', '.join(map(str, folders))}.")


def tell_faults(
    report: "SyncReport", folders: Sequence[Path], voice: Voice, *, known: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Why files were skipped, but for what is `known`, and some of the remarks; the faults as they were told."""
    told = [_placed(fault, folders) for fault in report.skipped]
    for sentence in told:
        if sentence not in known:
            voice.note(sentence)
    for remark in _shown_remarks(report, voice):
        voice.note(_placed(remark, folders))
    return frozenset(told)


def tell_summary(report: "SyncReport", voice: Voice) -> None:
    """`42 added, 1 changed, 0 removed, 3 skipped; 43 items, 118 articles in 1.2 s`."""
    held = f"{wording.counted(report.items, 'item')}, {wording.counted(report.articles, 'article')}"
    if report.is_noop:
        voice.note(f"Nothing changed: {', '.join([held, *_besides(report)])}.")
    else:
        voice.note(f"{', '.join([_done(report), *_besides(report)])}; {held} in {report.seconds:.1f} s")


def tell_preview(
    preview: "SyncPreview", folders: Sequence[Path], index: Path | str, voice: Voice, *, listed: Chosen | None = None
) -> None:
    """What would be skipped and what be done; with -v each file and line by its path. `listed` is as in `tell`."""
    if not _is_for_people(listed):
        tell_faults(preview.report, folders, voice)
        if voice.verbose:
            for line in _would_be(preview, folders, index):
                voice.detail(f"{line.kind} {line.place}")
    skipped = f", {len(preview.report.skipped):,} skipped" if preview.report.skipped else ""
    voice.note(f"Would be: {_done(preview.report)}{skipped}. Nothing was written.")


def _is_for_people(listed: Chosen | None) -> bool:
    return listed is not None and listed.name not in ("json", "jsonl", "csv")


def _shown_remarks(report: "SyncReport", voice: Voice) -> Sequence[ItemError]:
    return report.remarks if voice.verbose else report.remarks[:_REMARKS]


def _placed(fault: ItemError, folders: Sequence[Path]) -> str:
    """`data/_news/x.md:3: reason`: a path that leads there from here, where it is plain which folder it is in."""
    return str(ItemError(fault.reason, path=_path_of(fault, folders), line=fault.line))


def _path_of(fault: ItemError, folders: Sequence[Path]) -> str:
    places = folders if len(folders) == 1 else [folder for folder in folders if (folder / fault.path).exists()]
    return str(places[0] / fault.path) if len(places) == 1 else fault.path


def _done(report: "SyncReport") -> str:
    """`42 added, 1 changed, 2 removed (1 by exclude)`."""
    excluded = f" ({report.excluded:,} by exclude)" if report.excluded else ""
    return f"{report.added:,} added, {report.changed:,} changed, {report.removed:,} removed{excluded}"


def _besides(report: "SyncReport") -> list[str]:
    skipped = [f"{len(report.skipped):,} skipped"] if report.skipped else []
    duplicates = [wording.counted(report.duplicates, "duplicate")] if report.duplicates else []
    return [*skipped, *duplicates]


def _would_be(preview: "SyncPreview", folders: Sequence[Path], index: Path | str) -> Iterator[_Line]:
    """`add data/_news/x.md`, with the folder as it was given."""
    given = {folder.resolve(): folder for folder in folders}
    # Folders are named from the index's own or, of one on a cluster, from the root of all.
    here = index.resolve() if isinstance(index, Path) else Path(os.sep)
    for what, names in (("add", preview.added), ("change", preview.changed), ("remove", preview.removed)):
        for root, path in names:
            folder = (here / root).resolve()
            yield _Line(what, path, os.fspath(given.get(folder, folder) / path))
