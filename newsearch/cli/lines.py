"""Lines as wide as they may be: text broken at words, and cells filled up to a column.

    wrapped(title, itertools.repeat(60))
    filled(Text("43"), 7, right=True)

A width is in the cells of a terminal, of which a Chinese character takes two. Nothing is cut off: a word that is longer
than a line goes on in the next. What stands where is for those who call this.
"""

from collections.abc import Iterable, Iterator

from rich.cells import chop_cells
from rich.text import Text

__all__ = ["filled", "wrapped"]


def wrapped(text: Text, widths: Iterable[int]) -> list[Text]:
    """One line of text as lines of the given widths, its styles kept; the last width goes for all further lines."""
    return [text[start:end] for start, end in _lines(text.plain, widths)] or [text]


def filled(cell: Text, width: int, *, right: bool = False) -> Text:
    """`cell` with spaces up to `width`, after it or, for numbers, before it."""
    room = " " * (width - cell.cell_len)
    return Text.assemble(room, cell) if right else Text.assemble(cell, room)


def _lines(text: str, widths: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where each line starts and ends in `text`, spaces at its ends left out."""
    start, length = 0, len(text.rstrip(" "))
    further = iter(widths)
    width = 1
    while start < length:
        width = max(next(further, width), 1)
        # No more is looked at than could fit if every second character took no cells.
        ahead = text[start : min(start + 2 * width, length)]
        end = start + max(len(next(iter(chop_cells(ahead, width)), ahead)), 1)
        if end < length and (space := text.rfind(" ", start, end + 1)) > start:
            end = space
        yield start, start + len(text[start:end].rstrip(" "))
        start = end
        while start < length and text[start] == " ":
            start += 1
