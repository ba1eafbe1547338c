"""Lines of CSV that a spreadsheet opens, and opens without running anything.

    line(["Harbour ban", 43, None])         'Harbour ban,43,\\r\\n'
    line(["=1+1"])                          "'=1+1\\r\\n"

RFC 4180: commas, CRLF, quotes where there are commas, quotes or line breaks, and quotes doubled. Text that a
spreadsheet would take for a formula, because it begins with = + - @, a tab or a line break (or the wide forms of the
signs), has an apostrophe before it, as OWASP's page on CSV injection advises. So has text that begins with an
apostrophe and one of these, so that nothing is lost: `unguarded` is the way back. Numbers are newsearch's own and stay
as they are.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime

from newsearch.wire.parts import date_text

__all__ = ["guarded", "line", "unguarded"]

_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def line(cells: Sequence[object], *, shown: Callable[[str], str] | None = None) -> str:
    """A line of values, unknown ones empty and lists joined by `; `. Text passes through `shown` first, if given."""
    out = io.StringIO()
    written = [_written(cell, shown) for cell in cells]
    # One empty cell alone would be an empty line, which readers pass over.
    csv.writer(out, quoting=csv.QUOTE_ALL if written == [""] else csv.QUOTE_MINIMAL).writerow(written)
    return out.getvalue()


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _written(cell: object, shown: Callable[[str], str] | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return repr(cell)
    if isinstance(cell, datetime):
        return date_text(cell) or ""
    if isinstance(cell, date):
        return cell.isoformat()
    text = "; ".join(cell) if isinstance(cell, tuple) else str(cell)
    return guarded(text if shown is None else shown(text))
