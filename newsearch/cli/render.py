"""What tables and pages are made of: consoles, columns, marked text, scores and sizes as people read them.

    write(rendered(table))
    marked("Harbour ban", ((0, 7),))

Rich is imported when something is drawn with it. All text from outside is made harmless here (`terminal.clean`) and
becomes a rich `Text`, in which square brackets are just brackets.
"""

import io
import os
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import repeat, zip_longest
from typing import TYPE_CHECKING

from newsearch.cli import streams
from newsearch.cli.terminal import clean
from newsearch.weblinks import link_target

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text
__all__ = ["LINKS", "columns", "marked", "prose", "rendered", "score", "size"]

MARK = "bold underline yellow"
"""Of matched words: still to be seen without colours."""


_GAP = "  "
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")

LINKS = "NEWSEARCH_LINKS"
"""The variable that switches links off, with `0`, `no`, `off`, `never` or `false`."""


def rendered(*parts: "RenderableType", width: int | None = None) -> str:
    """Rich renderables as text for stdout: as wide as it is unless told otherwise, styled only if it is a terminal.

    NO_COLOR, FORCE_COLOR and TERM=dumb are obeyed.
    """
    from rich.console import Console  # drawing costs more than searching

    console = Console(
        file=sys.stdout or io.StringIO(),
        width=width or streams.width(),
        height=24,  # means nothing here, but without one rich takes a dumb terminal for 80 columns wide
        highlight=False,
        emoji=False,
    )
    # Not printed by rich itself, which ends the process when a pipe is closed.
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    # Rich fills cells up with spaces, which show nowhere but in what is copied from the screen or piped.
    return "".join(line.rstrip() + "\n" for line in captured.get().splitlines())


def marked(text: str, spans: Iterable[tuple[int, int]] = (), *, url: str | None = None, style: str = "") -> "Text":
    """One line of text with the given ranges of characters marked, and a link if `url` is a web address."""
    from rich.style import Style
    from rich.text import Text

    line = Text(clean(text), style=style, overflow="fold")
    if (target := link_target(url)) is not None and _links():
        line.stylize(Style(link=target))
    for start, end in spans:
        line.stylize(MARK, start, end)
    return line


def _links() -> bool:
    """Whether titles are links (OSC 8): on a terminal alone, whatever FORCE_COLOR says, and if nobody switched it off.

    A terminal without links shows the text alone, but for the console of Linux, which shows the address as rubbish.
    """
    return (
        streams.is_terminal(sys.stdout)
        and os.environ.get("TERM") not in ("dumb", "linux")
        and os.environ.get(LINKS, "").strip().lower() not in ("0", "no", "off", "never", "false")
    )


def columns(rows: Sequence[Sequence[str]], *, table: bool = False) -> str:
    """Rows of text: lined up on a terminal, and where a table was asked for; separated by tabs in a pipe.

    Columns of numbers stand at the right. Where the rows would be wider than the terminal, the widest columns are
    narrowed and their cells wrapped.
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    if not table and not streams.is_terminal(sys.stdout):
        return "".join("\t".join(row) + "\n" for row in cells)
    from rich.cells import cell_len

    stacked = list(zip(*cells, strict=True))
    widths = [max(map(cell_len, column)) for column in stacked]
    numeric = [_is_numeric(column) for column in stacked]
    room = streams.width() - len(_GAP) * (len(widths) - 1)
    if sum(widths) > room:
        longest = [max(cell_len(word) for cell in column for word in (cell.split() or [""])) for column in stacked]
        widths = _narrowed(widths, longest, room)
        return "".join(_wrapped(row, widths, numeric) for row in cells)
    return "".join(
        _GAP.join(
            " " * (width - cell_len(cell)) + cell if right else cell + " " * (width - cell_len(cell))
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        + "\n"
        for row in cells
    )


def _is_numeric(cells: Sequence[str]) -> bool:
    """Whether a column is one of numbers, which its head may not be; they stand at its right."""
    return all(map(_NUMBER.fullmatch, cells[1:] or cells)) and (len(cells) > 1 or bool(_NUMBER.fullmatch(cells[0])))


def _narrowed(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths of columns that have room together: as narrow as their longest words, and what is left shared alike."""
    if sum(least) > room:
        least = [1] * len(widths)
    narrowed = list(least)
    spare = room - sum(least)
    left = len(widths)
    for at in sorted(range(len(widths)), key=lambda at: widths[at] - least[at]):
        more = min(widths[at] - least[at], spare // left)
        narrowed[at] += more
        spare -= more
        left -= 1
    return [max(width, 1) for width in narrowed]


def _wrapped(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    from rich.text import Text

    from newsearch.cli.lines import filled, wrapped

    parts = [wrapped(Text(cell), repeat(width)) for cell, width in zip(row, widths, strict=True)]
    lines = []
    for line in zip_longest(*parts, fillvalue=Text()):
        cells = (filled(part, width, right=right) for part, width, right in zip(line, widths, numeric, strict=True))
        lines.append(_GAP.join(cell.plain for cell in cells).rstrip() + "\n")
    return "".join(lines)


def prose(lines: Iterable[str]) -> str:
    """Lines of text as they are in a pipe; wrapped at words on a terminal, further lines as far in as the first."""
    if not streams.is_terminal(sys.stdout):
        return "".join(f"{line}\n" for line in lines)
    from rich.text import Text

    from newsearch.cli.lines import wrapped

    room = streams.width()
    shown = []
    for line in lines:
        text = line.lstrip(" ")
        indent = line[: len(line) - len(text)]
        shown += [f"{indent}{part.plain}\n" for part in wrapped(Text(text), repeat(room - len(indent)))]
    return "".join(shown)


def score(value: float) -> str:
    """A score, 0..1, with three digits."""
    return f"{value:.3f}"


def size(count: int) -> str:
    """A number of bytes as people read it: `980 B`, `1.4 MB`."""
    if count < 1000:
        return f"{count} B"
    amount = float(count)
    for unit in ("kB", "MB", "GB"):
        amount /= 1000
        if amount < 999.95:
            return f"{amount:.1f} {unit}"
    return f"{amount / 1000:.1f} TB"
