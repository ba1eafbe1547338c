"""Where output goes: stdout is for results, stderr for everything else.

    write(line)                     a result
    voice = Voice(verbose=False, quiet=False)
    voice.warn("No article has the topic …")

Nothing else prints, but the progress bar. Results are written as they are; what is said on stderr is made harmless.
"""

import io
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

from newsearch.cli.terminal import clean, escaped

__all__ = ["Voice", "draws", "is_terminal", "prepare", "say", "silence_stdout", "width", "write", "write_json"]

PIPED_WIDTH = 10_000
"""Columns of a table that goes into a pipe, unless COLUMNS says otherwise: so many that nothing is wrapped there."""


def prepare() -> None:
    """Let stdout and stderr take any text: what their encoding does not have becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person reads this stream as it is written. A stream that was closed from outside is None."""
    return stream is not None and stream.isatty()


def draws(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal on which a line can be drawn anew."""
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns to fill: the terminal's, or what COLUMNS says."""
    return shutil.get_terminal_size((PIPED_WIDTH, 24)).columns


def write(text: str) -> None:
    """A result, as it is, to stdout."""
    if sys.stdout is not None:
        sys.stdout.write(text)


def write_json(document: Mapping[str, Any], *, indent: int | None = 2) -> None:
    """A result as JSON, in one write; with escapes only for what the stream's encoding or a terminal cannot take.

    On a terminal it is indented, unless `indent` is None; in a pipe it is one line.
    """
    import json  # not for --help

    on_screen = is_terminal(sys.stdout)
    indent = indent if on_screen else None
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        text = json.dumps(document, indent=indent)
    write((escaped(text) if on_screen else text) + "\n")


def say(sentence: str) -> None:
    """One line on stderr, whatever is in the sentence."""
    # Where nobody listens there is nothing to do about it.
    with suppress(OSError, ValueError):
        print(clean(sentence), file=sys.stderr)


def silence_stdout() -> None:
    """Drop what is still to be written: its reader has gone, and Python would complain at its exit."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


class Voice:
    """What a command says beside its results, as much as -v and -q want. Errors are not silenced by it."""

    def __init__(self, verbose: bool = False, quiet: bool = False) -> None:
        self.verbose = verbose
        self.quiet = quiet

    def note(self, sentence: str) -> None:
        """What went as it should."""
        if not self.quiet:
            say(sentence)

    def warn(self, sentence: str) -> None:
        """What the user may want to change."""
        if not self.quiet:
            say(f"newsearch: {sentence}")

    def tell_log(self) -> None:
        """Have what a server logs said too: what it does with -v, and with -q errors alone."""
        import logging  # not for --help

        level = logging.INFO if self.verbose else logging.ERROR if self.quiet else logging.WARNING
        logging.basicConfig(stream=sys.stderr, format="newsearch: %(message)s", level=level)

    def detail(self, sentence: str) -> None:
        """What few want to know."""
        if self.verbose and not self.quiet:
            say(sentence)
