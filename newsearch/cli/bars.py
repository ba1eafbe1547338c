"""Numbers as bars: values with their counts, and counts over time.

    write(facets(result.facets))
    write(timeline(result.timeline))

Bars fill what the longest value leaves of the terminal, up to 60 columns, or 30 under a table of hits; a value that
leaves less than 12 goes on in the next line. The longest bar stands for the largest count shown.
"""

import itertools
import sys
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import TYPE_CHECKING

from newsearch.cli import render, streams
from newsearch.cli.terminal import clean
from newsearch.wording import bucket_name

if TYPE_CHECKING:
    from rich.text import Text

    from newsearch.model import FacetValue, Timeline

__all__ = ["ROWS", "facets", "timeline", "values"]

ROWS = 400
"""The most buckets of a timeline that a terminal is shown; a pipe gets all."""

_LONGEST = 60
_SMALL = 30
_SHORTEST = 12
_STYLE = "cyan"
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_SPARKS = "▁▂▃▄▅▆▇█"
_NONE = "·"
_SKIPPED = "…"

_GAP = 5
"""So many empty buckets of a timeline are shown; of more in a row is said how many there are."""


def facets(found: "Mapping[str, Sequence[FacetValue]]") -> str:
    """Several facets under each other, each with its field's name."""
    from rich.text import Text

    lines: list[Text] = []
    for field, each in found.items():
        lines += [
            *([Text()] if lines else []),
            Text(field, style="bold"),
            *_bars(_rows(each), indent=2, longest=_SMALL),
        ]
    return render.rendered(*lines)


def values(found: "Sequence[FacetValue]") -> str:
    """One facet."""
    return render.rendered(*_bars(_rows(found))) if found else ""


def timeline(found: "Timeline", *, sparks: bool = True) -> str:
    """A line of sparks over all of the time, if wanted, and a bar a bucket, of the newest ROWS of them."""
    from rich.text import Text

    if not found.buckets:
        return ""
    first, last = (bucket_name(found.buckets[end].start, found.interval) for end in (0, -1))
    lines: list[Text] = []
    if sparks and _writes(_SPARKS + _NONE) and len(found.buckets) > 1:
        room = streams.width() - len(first) - len(last) - 2
        counts = [bucket.count for bucket in found.buckets]
        line = Text.assemble(f"{first} ", (_sparks(counts, min(room, 120)), _STYLE), f" {last}")
        lines += [line, Text()]
    shown = found.buckets[-ROWS:]
    rows: list[tuple[Text, int | Text]] = []
    for is_empty, run in itertools.groupby(shown, key=lambda bucket: not bucket.count):
        buckets = list(run)
        if is_empty and len(buckets) > _GAP:
            rows.append(
                (Text(_SKIPPED if _writes(_SKIPPED) else "..."), Text(f"{len(buckets):,} without", style="dim"))
            )
        else:
            rows += [(Text(bucket_name(bucket.start, found.interval)), bucket.count) for bucket in buckets]
    lines += _bars(rows)
    return render.rendered(*lines)


def _rows(found: "Sequence[FacetValue]") -> "list[tuple[Text, int | Text]]":
    """The values with their counts; names, where some have one, in a column of their own."""
    from rich.text import Text

    from newsearch.cli.lines import filled

    texts = [Text(clean(value.value)) for value in found]
    if any(value.name is not None for value in found):
        width = min(max(text.cell_len for text in texts), streams.width() // 2)
        names = [Text(clean(value.name or ""), style="dim") for value in found]
        texts = [Text.assemble(filled(text, width), "  ", name) for text, name in zip(texts, names, strict=True)]
    return [(text, value.count) for text, value in zip(texts, found, strict=True)]


def _bars(rows: "Sequence[tuple[Text, int | Text]]", *, indent: int = 0, longest: int = _LONGEST) -> "list[Text]":
    """A line a row: its label, and a count with its bar, or what is to be said in their place."""
    from rich.text import Text

    from newsearch.cli.lines import filled, wrapped

    if not rows:
        return [Text(" " * indent + "none", style="dim")]
    screen = streams.width()
    largest = max(count for _, count in rows if isinstance(count, int))
    of_count = len(f"{largest:,}")
    of_label = min(max(text.cell_len for text, _ in rows), max(screen - indent - of_count - 4 - _SHORTEST, 8))
    room = max(min(screen - indent - of_label - of_count - 4, longest), 1)
    lines = []
    for text, count in rows:
        first, *more = wrapped(text, repeat(of_label))
        if not isinstance(count, int):
            lines.append(Text.assemble(" " * indent, filled(first, of_label + of_count + 2), "  ", count))
            continue
        number = filled(Text(f"{count:,}"), of_count, right=True)
        bar = Text(_bar(count, largest, room), style=_STYLE)
        lines.append(Text.assemble(" " * indent, filled(first, of_label), "  ", number, "  ", bar))
        lines += [Text.assemble(" " * indent, line) for line in more]
    return lines


def _bar(count: int, largest: int, room: int) -> str:
    """A bar to the eighth of a column; any count but 0 shows something."""
    if not count:
        return ""
    if not _writes(_EIGHTHS):
        return "#" * max(count * room // largest, 1)
    eighths = max(count * room * 8 // largest, 1)
    return _EIGHTHS[-1] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _sparks(counts: Sequence[int], room: int) -> str:
    """A character a count or, where they are more than fit, for as many of them as it takes, added up."""
    each = -(-len(counts) // max(room, 1))
    sums = [sum(counts[at : at + each]) for at in range(0, len(counts), each)]
    largest = max(sums)
    return "".join(_SPARKS[(one * len(_SPARKS) - 1) // largest] if one else _NONE for one in sums)


def _writes(signs: str) -> bool:
    """Whether stdout can show these characters."""
    try:
        signs.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
