"""Single keys from the terminal, as they are typed; none is lost that is typed ahead.

    with keys.waiting():
        key = keys.typed()

For as long as `waiting` lasts the terminal hands over each key at once and does not show it. To switch that on for each
key and off again, as click's `getchar` does, throws away what was typed in between. Without a terminal keys are the
characters of stdin. What the keys mean is for whoever asks.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from newsearch.cli import streams

__all__ = ["END", "typed", "waiting"]

END = ""
"""What `typed` gives when there is no more input: at its end, and for Ctrl-D."""

_ESCAPE = "\x1b"
_LONGEST = 32
"""Characters of an escape sequence, after which it is none."""


@contextmanager
def waiting() -> Iterator[None]:
    """Have the terminal that stdin is, if it is one, give keys at once; afterwards it is as it was."""
    try:
        import termios  # not on Windows, whose console gives keys as they are
    except ImportError:
        yield
        return
    if not streams.is_terminal(sys.stdin):
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    try:
        _hand_over(terminal)
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def typed() -> str:
    """The next key, a character; of one that sends several, such as an arrow, the escape that it begins with.

    Raises KeyboardInterrupt for Ctrl-C.
    """
    if sys.stdin is None:
        return END
    if not streams.is_terminal(sys.stdin):
        return sys.stdin.read(1)
    if sys.platform == "win32":
        key = typer.getchar()
    else:
        _hand_over(sys.stdin.fileno())  # once more: who stopped and went on has the shell's terminal
        key = _next()
        if key == _ESCAPE:
            _pass_over_sequence()
    if key == "\x03":
        raise KeyboardInterrupt
    return END if key == "\x04" else key


def _hand_over(terminal: int) -> None:
    import termios
    import tty

    tty.setcbreak(terminal, termios.TCSADRAIN)  # drain, for flush would drop what was typed ahead


def _next() -> str:
    # A byte at a time and past sys.stdin, so that the others stay for the next key.
    return os.read(sys.stdin.fileno(), 1).decode("latin-1")


def _pass_over_sequence() -> None:
    """Read the rest of an escape sequence, whose last letter would be taken for a key: Down ends with B."""
    import select

    def is_next() -> bool:
        return bool(select.select([sys.stdin], [], [], 0.02)[0])

    if not is_next() or _next() not in "[O":
        return
    for _ in range(_LONGEST):
        if not is_next() or "@" <= _next() <= "~":
            return
