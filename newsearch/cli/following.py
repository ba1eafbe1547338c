"""`newsearch index --watch`: runs that follow the changes of the folders, until Ctrl-C.

    Following(sync, [Path("data")], Path("index"), voice, write=lambda report: None).run()

The watching is watchfiles' (the extra `watch`). What changed it need not say: each run compares the folders with the
index, so nothing that is missed or told twice does harm. A folder that is gone is looked for until it is back, and its
items stay in the index as long.
"""

import os
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from newsearch.cli import exits, streams, synced
from newsearch.cli.extras import extra
from newsearch.errors import ArchiveError, IndexLocked, IndexUnwritable, NewsearchError

if TYPE_CHECKING:
    from newsearch.model import SyncReport

__all__ = ["FORMATS", "Following", "require"]

FORMATS = ("json", "jsonl")
"""Those of one report after the other; of the others each is a whole."""

_LOOK_MS = 500
"""How often to see whether a folder is gone or back, and whether a run that failed is to be tried again."""

_QUIET_MS = 200
_LONGEST_MS = 2000
"""A run starts once nothing has changed for the shorter time, or changes have gone on for the longer one."""

_Identity = tuple[int, int]


def require() -> None:
    """Raise ExtraMissing if watchfiles is not installed."""
    with extra("watch", for_command="--watch"):
        import watchfiles  # noqa: F401 - an extra


class Following:
    """Runs `sync` with those of the folders that are there whenever something in them has changed.

    Each commit is told on stderr in a line, and `write` is given its report.
    """

    def __init__(
        self,
        sync: Callable[[Sequence[Path]], "SyncReport"],
        folders: Sequence[Path],
        index: Path | str,
        voice: streams.Voice,
        *,
        write: Callable[["SyncReport"], None],
    ) -> None:
        self._sync = sync
        self._folders = folders
        self._index = index
        self._voice = voice
        self._write = write
        self._faults: frozenset[str] = frozenset()
        self._trouble = ""
        self._gone: list[Path] = []
        self._is_due = True

    def run(self) -> None:
        """Follow the folders until Ctrl-C, which ends the command with 130. Raises what no waiting puts right."""
        self._voice.note(f"Watching {', '.join(map(str, self._folders))}; Ctrl-C ends it.")
        try:
            while True:
                present = self._present()
                self._is_due = True
                if present:
                    self._follow(present)
                else:
                    time.sleep(_LOOK_MS / 1000)
        except KeyboardInterrupt:
            raise typer.Exit(exits.INTERRUPTED) from None

    def _follow(self, present: dict[Path, _Identity]) -> None:
        """Follow the folders that are there until one of them goes or another one comes back."""
        with closing(self._looks(list(present))) as looks:
            for has_changed in looks:
                if has_changed or self._is_due:
                    self._catch_up(list(present))
                if self._present() != present:
                    return

    def _present(self) -> dict[Path, _Identity]:
        """The folders that are there, each with what tells it from another one in its place."""
        present: dict[Path, _Identity] = {}
        gone: list[Path] = []
        for folder in self._folders:
            try:
                status = folder.stat()
            except OSError:
                gone.append(folder)
            else:
                present[folder] = status.st_dev, status.st_ino
        for folder in gone:
            if folder not in self._gone:
                self._voice.warn(f"{folder} is gone; its items stay in the index, and it is looked for.")
        for folder in self._gone:
            if folder in present:
                self._voice.note(f"{folder} is back.")
        self._gone = gone
        return present

    def _looks(self, folders: Sequence[Path]) -> Generator[bool, None, None]:
        """Every half second and at each change: whether there was one. The first look is taken with the watch on."""
        import watchfiles  # an extra

        try:
            changes = watchfiles.watch(
                *(folder.resolve() for folder in folders),
                watch_filter=self._concerns,
                debounce=_LONGEST_MS,
                step=_QUIET_MS,
                rust_timeout=_LOOK_MS,
                yield_on_timeout=True,
                ignore_permission_denied=True,
            )
            with closing(changes):
                yield from map(bool, changes)
        except (OSError, RuntimeError) as error:  # its own errors are RuntimeErrors
            if all(folder.is_dir() for folder in folders):
                raise ArchiveError(f"The folders cannot be watched: {error}.") from error

    def _concerns(self, change: Any, path: str) -> bool:  # noqa: ARG002 - what watchfiles calls it with
        """Whether a change may be one of items: not of the index, nor of anything hidden."""
        if isinstance(self._index, Path):  # an index on a cluster lies in no folder
            index = os.fspath(self._index.resolve())
            if path == index or path.startswith(index + os.sep):
                return False
        for folder in self._folders:
            with suppress(ValueError):
                return not any(part.startswith(".") for part in Path(path).relative_to(folder.resolve()).parts)
        return True

    def _catch_up(self, folders: Sequence[Path]) -> None:
        """One run; where it cannot be done now, it stays due."""
        from newsearch.library import NewsIndex  # loaded by the first run already

        self._is_due = True
        try:
            report = self._sync(folders)
        except IndexLocked as locked:
            self._warn(f"{str(locked).partition(';')[0]}; waiting for it to finish ...")
            NewsIndex.wait_until_free(self._index, _LOOK_MS / 1000)
        except IndexUnwritable as error:
            self._warn(str(error))
        except ArchiveError as error:
            self._is_due = False  # until something changes
            if len(self._present()) == len(folders):  # else it has just been told which is gone
                self._warn(_without_options(error))
        else:
            self._is_due = False
            self._trouble = ""
            self._tell(report, folders)

    def _tell(self, report: "SyncReport", folders: Sequence[Path]) -> None:
        self._faults = synced.tell_faults(report, folders, self._voice, known=self._faults)
        if report.is_noop:
            return
        synced.tell_summary(report, self._voice)
        self._write(report)
        if sys.stdout is not None:
            sys.stdout.flush()

    def _warn(self, sentence: str) -> None:
        """Tell of what is in the way, once as long as it is."""
        if sentence != self._trouble:
            self._trouble = sentence
            self._voice.warn(sentence)


def _without_options(error: NewsearchError) -> str:
    """An error's sentence without the options that cannot be given to a command that runs."""
    return str(error).replace("run again with --yes", "run newsearch index with --yes")
