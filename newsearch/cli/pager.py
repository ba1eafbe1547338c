"""A pager for output that does not fit the terminal, as git and man have one.

    with paged(wanted=True):
        ...                         what is written to stdout is shown when this ends

Only where a person reads: into a pipe or a file output goes as it is written, and so it does on a terminal without a
pager, or where all of it fits. What is said on stderr meanwhile is said after the pager has ended, where it is read.
"""

import io
import os
import re
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, cast

from newsearch.cli import streams

__all__ = ["VARIABLE", "paged"]

VARIABLE = "NEWSEARCH_PAGER"
"""The pager's command line, before PAGER; empty or `cat` for none."""

_LESS = "less"
_LESS_OPTIONS = "FRX"
"""Quit at once if it fits after all, let colours through, leave the text on the screen; unless LESS says otherwise."""

_NONE = ("", "cat")
_LINK = re.compile("\x1b\\]8;[^\x1b]*\x1b\\\\")
_SEQUENCE = re.compile("\x1b\\[[0-9;]*m|" + _LINK.pattern)


@contextmanager
def paged(*, wanted: bool) -> Iterator[None]:
    """Show what is written to stdout in here in a pager, if it does not fit the terminal."""
    screen, errors = sys.stdout, sys.stderr
    command = _command() if wanted and _is_screen(screen) and errors is not None else ""
    if not command:
        yield
        return
    page = _Page(screen, errors)
    sys.stdout, sys.stderr = page.output, page.remarks
    try:
        yield
    finally:
        sys.stdout, sys.stderr = screen, errors
        page.show(command)


class _Page:
    """What a command has written so far, to stdout and to stderr, in its order."""

    def __init__(self, screen: TextIO, errors: TextIO) -> None:
        self._screen = screen
        self._errors = errors
        self._written: list[tuple[TextIO, str]] = []
        # All of a TextIO that is asked of them.
        self.output = cast("TextIO", _Collected(self, screen))
        self.remarks = cast("TextIO", _Collected(self, errors))

    def add(self, stream: TextIO, text: str) -> None:
        """Keep what is written; but a remark on nothing yet, such as a progress bar, goes where it is meant to."""
        if stream is self._errors and not self._written:
            stream.write(text)
        else:
            self._written.append((stream, text))

    def show(self, command: str) -> None:
        """Show it all: in the pager, and the remarks after it; or, where it fits or there is no pager, as it came."""
        text = "".join(part for stream, part in self._written if stream is self._screen)
        size = shutil.get_terminal_size()
        fault = None
        if _rows(text, size.columns) >= size.lines:
            fault = _run(command, text, self._screen)
            if fault is None:
                self._written = [(stream, part) for stream, part in self._written if stream is not self._screen]
        for stream, part in self._written:
            stream.write(part)
        if fault is not None:
            self._screen.flush()
            streams.say(fault)


class _Collected(io.TextIOBase):
    """Stands in for a stream of the terminal, and is as much of one as those who write ask for."""

    def __init__(self, page: _Page, stream: TextIO) -> None:
        self._page = page
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]  # of a real stream too it is read only
        return self._stream.encoding

    def write(self, text: str) -> int:
        self._page.add(self._stream, text)
        return len(text)

    def isatty(self) -> bool:
        return streams.is_terminal(self._stream)

    def fileno(self) -> int:
        return self._stream.fileno()

    def writable(self) -> bool:
        return True


def _is_screen(stream: TextIO | None) -> bool:
    """Whether this is a terminal that a pager could take over, and not only one to those who write."""
    if stream is None or os.environ.get("TERM") in (None, "", "dumb"):
        return False
    try:
        return os.isatty(stream.fileno())
    except (OSError, ValueError):
        return False


def _command() -> str:
    """The pager's command line; empty for none."""
    for name in (VARIABLE, "PAGER"):
        named = os.environ.get(name)
        if named is not None:
            return "" if named.strip() in _NONE else named
    return _LESS if shutil.which(_LESS) else ""


def _rows(text: str, columns: int) -> int:
    """The rows of a terminal that a text takes, at most."""
    rows = 0
    for line in text.splitlines():
        shown = _SEQUENCE.sub("", line)
        cells = len(shown) if shown.isascii() else 2 * len(shown)
        if cells > columns and not shown.isascii():
            from rich.cells import cell_len  # exact, where the guess would decide

            cells = cell_len(shown)
        rows += max(-(-cells // max(columns, 1)), 1)
    return rows


def _run(command: str, text: str, screen: TextIO) -> str | None:
    """Show a text in the pager until it ends; where it cannot be started, a sentence that says so."""
    import subprocess  # only for what does not fit

    try:
        words = shlex.split(command)
        # Others than less show what they do not know of a terminal's language as rubbish, and that is mostly links.
        if os.path.basename(words[0]) != _LESS:  # noqa: PTH119 - the words of a command line
            text = _LINK.sub("", text)
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            env={"LESS": _LESS_OPTIONS, "LESSCHARSET": "utf-8", "LV": "-c", **os.environ},
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return f"newsearch: the pager {command} cannot be started ({reason}); set {VARIABLE}, or use --no-pager."
    # From here on Ctrl-C is the pager's: in less it stops a search, and nobody means this program by it.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        encoded = text.encode(getattr(screen, "encoding", None) or "utf-8", errors="replace")
        with suppress(OSError):  # a pager that is closed before it has read all has shown enough
            process.communicate(encoded)
        process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return None
