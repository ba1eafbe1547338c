"""`newsearch index`: the index brought up to date with the files of the archive.

    newsearch index data

What was done is said on stderr; with --json it is also on stdout.
"""

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsearch.cli import exits, render, streams
from newsearch.cli.advice import fitted
from newsearch.cli.options import Command, IndexFolder, Json, Quiet, Verbose, configured
from newsearch.cli.progress import ProgressBar
from newsearch.errors import ArchiveError, IndexLocked, ItemError

if TYPE_CHECKING:
    from newsearch.config import Settings
    from newsearch.model import SyncReport

__all__ = ["EXAMPLES", "IndexCommand", "index"]

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")

EXAMPLES = """\b
Examples:
  newsearch index data
  newsearch index news archive/2019 --index ~/news-index
  newsearch index --strict --json
"""

_REMARKS = 10
"""Remarks that are shown without -v."""

_UNTOLD_SECONDS = 1.0
"""So long --wait waits without a word."""


class IndexCommand(Command):
    """A command whose --wait may stand alone: what follows it is its value only if it is a number."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Give a --wait that stands alone an empty value."""
        given = []
        for place, word in enumerate(args):
            follows = args[place + 1] if place + 1 < len(args) else ""
            given.append("--wait=" if word == "--wait" and not _NUMBER.fullmatch(follows) else word)
        return super().parse_args(ctx, given)


def index(
    *,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Folders of Markdown files (default: the configured archive, else data)."),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build anew from these folders alone.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Go on where a folder has lost most of its files.")] = False,
    wait: Annotated[
        str | None,
        typer.Option("--wait", metavar="[SECONDS]", help="Wait while another newsearch writes, for ever or so long."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if a file was skipped.")] = False,
    index: IndexFolder = None,
    json: Json = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Bring the index up to date with the files: new, changed and removed ones.

    A file that cannot be read is skipped and named; the others are indexed.
    """
    voice = streams.Voice(verbose, quiet)
    settings = configured(index, voice).settings
    folders = _folders(paths or [str(settings.archive)])

    def sync() -> "SyncReport":
        with ProgressBar(shown=not quiet) as progress:
            return _sync(folders, settings, rebuild=rebuild, allow_loss=yes, progress=progress)

    report = sync() if wait is None else _in_turn(sync, settings.place, _seconds(wait), voice)
    if json:
        from newsearch import wire

        streams.write_json(wire.report_to_dict(report))
    _tell(report, folders, voice, {"paths": paths, "index": index})
    if strict and report.skipped:
        raise typer.Exit(exits.UNSUCCESSFUL)


def _folders(paths: Sequence[str]) -> list[Path]:
    """The folders, each once. Checked before there is an index, so that a slip of the finger does not make one."""
    found: dict[Path, Path] = {}
    if "" in paths:  # to pathlib that is the current folder, to a shell a variable that is not set
        raise ArchiveError("PATH is empty; name the folder of your items: newsearch index PATH")
    for path in map(Path, paths):
        if not path.is_dir():
            reason = "is not a folder" if path.exists() else "does not exist"
            raise ArchiveError(f"{path} {reason}; name the folder of your items: newsearch index PATH")
        found.setdefault(path.resolve(), path)
    return list(found.values())


def _sync(
    folders: Sequence[Path], settings: "Settings", *, rebuild: bool, allow_loss: bool, progress: ProgressBar
) -> "SyncReport":
    from newsearch.library import NewsIndex  # the engine, which neither --help nor a wrong folder waits for

    if rebuild:
        archive, report = NewsIndex.rebuild(
            settings.place,
            folders,
            language=settings.language,
            settings=settings.ranking,
            exclude=settings.exclude,
            allow_loss=allow_loss,
            progress=progress,
        )
        archive.close()
        return report
    with NewsIndex.create(settings.place, language=settings.language, settings=settings.ranking) as archive:
        return archive.sync(folders, exclude=settings.exclude, allow_loss=allow_loss, progress=progress)


def _seconds(wait: str) -> float:
    """How long to wait: for ever where the option stands alone."""
    try:
        seconds = float(wait) if wait else math.inf
    except ValueError:
        seconds = math.nan
    if not seconds >= 0:
        raise typer.BadParameter(f"--wait is {wait!r}; it must be a number of seconds.")
    return seconds


def _in_turn(sync: Callable[[], "SyncReport"], index: Path | str, seconds: float, voice: streams.Voice) -> "SyncReport":
    """What `sync` gives, once nobody else writes to the index. Raises IndexLocked when the time is over."""
    from newsearch.library import NewsIndex  # as in `_sync`

    until = time.monotonic() + seconds
    is_told = False
    while True:
        try:
            return sync()
        except IndexLocked as locked:
            left = until - time.monotonic()
            if left <= 0:
                raise
            # Who waits a moment only need not be told.
            if not is_told and not NewsIndex.wait_until_free(index, min(left, _UNTOLD_SECONDS)):
                is_told = True
                voice.note(f"{str(locked).partition(';')[0]}; waiting for it to finish ...")
            NewsIndex.wait_until_free(index, max(0.0, until - time.monotonic()))


def _tell(report: "SyncReport", folders: Sequence[Path], voice: streams.Voice, given: Mapping[str, object]) -> None:
    for fault in report.skipped:
        voice.note(_placed(fault, folders))
    shown = report.remarks if voice.verbose else report.remarks[:_REMARKS]
    for remark in shown:
        voice.note(_placed(remark, folders))
    if more := len(report.remarks) - len(shown):
        # The next run will not read these files, and so will have nothing to remark on.
        again = fitted("To see all of them: newsearch index --rebuild", given)
        voice.note(f"And {render.counted(more, 'more remark')} on values that were left out. {again} -v")
    voice.note(_summary(report))
    if not report.items and not report.skipped:
        voice.warn(f"There are no Markdown files in {', '.join(map(str, folders))}.")


def _placed(fault: ItemError, folders: Sequence[Path]) -> str:
    """`data/_news/x.md:3: reason`: a path that leads there from here, where it is plain which folder it is in."""
    places = folders if len(folders) == 1 else [folder for folder in folders if (folder / fault.path).exists()]
    path = str(places[0] / fault.path) if len(places) == 1 else fault.path
    return str(ItemError(fault.reason, path=path, line=fault.line))


def _summary(report: "SyncReport") -> str:
    """`42 added, 1 changed, 0 removed, 3 skipped; 43 items, 118 articles in 1.2 s`."""
    skipped = [f"{len(report.skipped):,} skipped"] if report.skipped else []
    duplicates = [render.counted(report.duplicates, "duplicate")] if report.duplicates else []
    held = f"{render.counted(report.items, 'item')}, {render.counted(report.articles, 'article')}"
    if report.is_noop:
        return f"Nothing changed: {', '.join([held, *skipped, *duplicates])}."
    done = [f"{report.added:,} added", f"{report.changed:,} changed", f"{report.removed:,} removed"]
    return f"{', '.join([*done, *skipped, *duplicates])}; {held} in {report.seconds:.1f} s"
