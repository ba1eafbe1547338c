"""What tables and pages are made of: consoles, columns, marked text, numbers and dates as people read them.

    write(rendered(table))
    marked("Harbour ban", ((0, 7),))

Rich is imported when something is drawn with it. All text from outside is made harmless here (`terminal.clean`) and
becomes a rich `Text`, in which square brackets are just brackets.
"""

import io
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from newsearch.cli import streams
from newsearch.cli.terminal import clean, link_target

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from newsearch.model import Provider

__all__ = ["columns", "counted", "day", "marked", "provider_name", "rendered", "score", "size"]

MARK = "bold underline yellow"
"""Of matched words: still to be seen without colours."""


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
    if (target := link_target(url)) is not None:
        line.stylize(Style(link=target))
    for start, end in spans:
        line.stylize(MARK, start, end)
    return line


def columns(rows: Sequence[Sequence[str]], *, table: bool = False) -> str:
    """Rows of text: lined up on a terminal, and where a table was asked for; separated by tabs in a pipe."""
    cells = [[clean(cell) for cell in row] for row in rows]
    if not table and not streams.is_terminal(sys.stdout):
        return "".join("\t".join(row) + "\n" for row in cells)
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    return "".join(
        "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in cells
    )


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """`1 article`, `1,234 articles`; `nouns` is the plural where it is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def day(moment: datetime | None) -> str:
    """The day of a moment, `2020-09-13`; nothing for None."""
    return "" if moment is None else moment.date().isoformat()


def provider_name(provider: "Provider | None") -> str:
    """What a provider is called: its name, else its domain, else nothing."""
    return "" if provider is None else provider.name or provider.domain or ""


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
