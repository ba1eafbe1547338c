"""Texts as the page shows them: cut into marked and plain pieces, days as people write them.

    pieces("Harbour ban", ((0, 7),))        # [(True, "Harbour"), (False, " ban")]

Nothing here is HTML; the templates escape every piece.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

__all__ = ["day", "month", "paragraphs", "pieces", "shortened"]

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BLANK_LINES = re.compile(r"\n[ \t]*\n+")

Piece = tuple[bool, str]


def pieces(text: str, spans: Sequence[tuple[int, int]] = (), *, most: int | None = None) -> list[Piece]:
    """A text as (marked, piece); `spans` are half-open ranges of its characters, in order and apart.

    With `most` it ends there at the latest, after a whole word and with an ellipsis, and marks are cut with it. Ranges
    that reach beyond the text are cut to it.
    """
    end = _word_end(text, most) if most is not None and len(text) > most else len(text)
    found: list[Piece] = []
    at = 0
    for start, stop in spans:
        first, last = max(start, at), min(stop, end)
        if first >= last:
            continue
        if first > at:
            found.append((False, text[at:first]))
        found.append((True, text[first:last]))
        at = last
    if at < end:
        found.append((False, text[at:end]))
    if end < len(text):
        found.append((False, "…"))
    return found


def shortened(text: str, most: int) -> str:
    """The beginning of a text, at most so many characters and the ellipsis."""
    return "".join(piece for _, piece in pieces(text, most=most))


def _word_end(text: str, most: int) -> int:
    space = text.rfind(" ", most // 2, most + 1)
    return space if space > 0 else most


def paragraphs(text: str) -> list[str]:
    """What blank lines separate."""
    return [part.strip("\n") for part in _BLANK_LINES.split(text.replace("\r\n", "\n")) if part.strip()]


def day(moment: datetime | date | None) -> str:
    """A day: `13 Sep 2020`; nothing where it is not known."""
    return "" if moment is None else f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def month(moment: date) -> str:
    """A month: `Sep 2020`."""
    return f"{_MONTHS[moment.month - 1]} {moment.year}"
