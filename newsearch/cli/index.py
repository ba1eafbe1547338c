"""`newsearch index`: the index brought up to date with the files of the archive.

    newsearch index data

What was done is said on stderr. On stdout is what --format asks for, and without it nothing.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsearch.cli import exits, following, formats, output, streams, synced
from newsearch.cli.formats import RECORDS, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured
from newsearch.cli.progress import ProgressBar
from newsearch.errors import ArchiveError, IndexLocked, QueryError

if TYPE_CHECKING:
    from newsearch.config import Settings
    from newsearch.model import SyncPreview, SyncReport

__all__ = ["EXAMPLES", "index"]


EXAMPLES = """\b
Examples:
  newsearch index data
  newsearch index news archive/2019 --index ~/news-index
  newsearch index --dry-run -v --exclude drafts --exclude '2019/*.md'
  newsearch index --watch
  newsearch index --strict --json
  newsearch index --dry-run --format jsonl | jq -r .path

\b
--format lists what was skipped or left out, and with --dry-run what would
be done. A line of --format plain has, between tabs: skipped, remark, add,
change or remove; the path; the line; and the reason.
"""

_UNTOLD_SECONDS = 1.0
"""So long --wait waits without a word."""


def index(
    *,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Folders of items (default: the configured archive, else data)."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="GLOB", help="Files or folders to leave out, instead of those configured."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on, and keep up with the folders until Ctrl-C.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build anew from these folders alone.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Go on where most files are gone, or a rebuild forgets folders.")
    ] = False,
    wait: Annotated[
        str | None,
        typer.Option("--wait", metavar="[SECONDS]", help="Wait while another newsearch writes, for ever or so long."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if a file was skipped.")] = False,
    format: Annotated[  # noqa: A002
        str | None, typer.Option("--format", metavar="|".join(RECORDS), help="Write the report to stdout too.")
    ] = None,
    json: ShortForJson = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Bring the index up to date with the files: new, changed and removed ones.

    Items are Markdown files with front matter, and lines of JSON Lines files. What cannot be read is skipped and named;
    the others are indexed.
    """
    chosen = formats.chosen(format, json) if format is not None or json else None
    voice = streams.Voice(verbose, quiet)
    if watch:
        _refuse_with_watch({"--dry-run": dry_run, "--strict": strict})
        if chosen is not None and chosen.name not in following.FORMATS:
            raise QueryError(f"--watch writes reports as they come; --format {chosen.name} is for one run.")
        following.require()
    settings = configured(index, voice).settings
    if exclude:
        settings = replace(settings, exclude=_globs(exclude))
    folders = _folders(paths or [str(settings.archive)])
    given = {"paths": paths, "index": index}

    def write(found: "SyncReport | SyncPreview") -> None:
        if chosen is not None:
            output.write(synced.answer(found, folders, settings.place), chosen, voice)

    if dry_run:
        preview = _preview(folders, settings, voice, rebuild=rebuild, allow_loss=yes)
        write(preview)
        synced.tell_preview(preview, folders, settings.place, voice, listed=chosen)
        raise typer.Exit(exits.UNSUCCESSFUL if strict and preview.report.skipped else exits.DONE)

    def sync() -> "SyncReport":
        with ProgressBar(shown=not quiet) as progress:
            return _sync(folders, settings, rebuild=rebuild, allow_loss=yes, progress=progress)

    report = sync() if wait is None else _in_turn(sync, settings.place, _seconds(wait), voice)
    write(report)
    synced.tell(report, folders, voice, given, listed=chosen)
    if watch:

        def again(present: Sequence[Path]) -> "SyncReport":
            return _sync(present, settings, rebuild=False, allow_loss=yes, progress=ProgressBar(shown=False))

        following.Following(again, folders, settings.place, voice, write=write).run()
    if strict and report.skipped:
        raise typer.Exit(exits.UNSUCCESSFUL)


def _refuse_with_watch(others: Mapping[str, bool]) -> None:
    for option, is_given in others.items():
        if is_given:
            raise QueryError(f"--watch goes on until it is stopped, so {option} makes no sense with it.")


def _globs(exclude: Sequence[str]) -> tuple[str, ...]:
    globs = tuple(glob.strip() for glob in exclude)
    if "" in globs:
        raise QueryError("--exclude is empty; give it a name or a pattern, such as drafts or '*.bak.md'.")
    return globs


def _preview(
    folders: Sequence[Path], settings: "Settings", voice: streams.Voice, *, rebuild: bool, allow_loss: bool
) -> "SyncPreview":
    from newsearch.library import NewsIndex  # as in `_sync`

    with ProgressBar(shown=not voice.quiet) as progress:
        return NewsIndex.preview(
            settings.place,
            folders,
            language=settings.language,
            exclude=settings.exclude,
            allow_loss=allow_loss,
            rebuild=rebuild,
            progress=progress,
        )


def _folders(paths: Sequence[str]) -> list[Path]:
    """The folders, each once. Checked before there is an index, so that a slip of the finger does not make one."""
    found: dict[Path, Path] = {}
    if "" in paths:  # to pathlib that is the current folder, to a shell a variable that is not set
        raise ArchiveError("PATH is empty; name the folder of your items: newsearch index PATH")
    for path in map(Path, paths):
        try:
            reason = "" if path.is_dir() else "is not a folder" if path.exists() else "does not exist"
        except OSError as error:  # of a name that is too long, say
            reason = f"cannot be looked at ({(error.strerror or str(error)).lower()})"
        if reason:
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
        raise QueryError(f"--wait is {wait!r}; it must be a number of seconds.")
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
