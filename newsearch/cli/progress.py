"""A progress bar on stderr, for a person who waits.

    with ProgressBar(shown=True) as progress:
        index.sync(folders, progress=progress)

It comes up only when the work turns out to be long, and only on a terminal that can draw it.
"""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from newsearch.cli.streams import draws

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["ProgressBar"]

_PATIENCE = 0.5
"""Seconds that nobody minds."""

_INTERVAL = 0.1
"""Seconds from one drawing to the next."""


class ProgressBar:
    """Called with how many of how many files are done. Draws no more often than the eye can follow, in no thread."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and draws(sys.stderr)
        self._due = time.monotonic() + _PATIENCE
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Draw, if it is time to."""
        now = time.monotonic()
        if not self._shown or (now < self._due and (self._bar is None or done < total)):
            return
        self._due = now + _INTERVAL
        bar, task = self._started(total)
        # After the last file the engine writes; how long that takes it does not say.
        bar.update(task, completed=done, total=total, description="Reading" if done < total else "Writing")
        bar.refresh()

    def _started(self, total: int) -> "tuple[Progress, TaskID]":
        if self._bar is None or self._task is None:
            # A short run never needs these.
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._task = self._bar.add_task("Reading", total=total)
            self._bar.start()
        return self._bar, self._task
