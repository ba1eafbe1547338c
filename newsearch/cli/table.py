"""Hits laid out as a table.

    for row in rows(result.hits, width=80): ...

A hit's first line has its rank, score and title, and in columns beside it what fits. Everything else stands below, from
the title's left edge to the end of the line, and so does the rest of a title that needs a second one. On a narrow
terminal nothing stands beside the title. Nothing is cut off: what does not fit is wrapped, or counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

from rich.cells import cell_len
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from newsearch import wording
from newsearch.cli import render
from newsearch.cli.explained import tree
from newsearch.cli.lines import filled, wrapped
from newsearch.cli.terminal import clean
from newsearch.model import Hit, Snippet

__all__ = ["rows"]

_COLUMNS = {"provider": "Provider", "date": "Date", "quality": "Quality", "id": "Id"}
"""What stands beside a title, and the heads of these columns."""

_ROOM_FOR_COLUMNS = 96
"""Of the terminal's own; in a narrower one they would leave titles less than half of it."""

_WIDEST = 22
"""Cells of a column; only providers can have longer names, which are wrapped."""

_RIGHT = ("quality",)
_GAP = "  "
_INDENT = "  "
"""Before what is no title, to tell it from a title's second line."""

_SNIPPET = 140
"""Characters of an excerpt that are shown around its first match."""

_CITING = 2
"""Lines for the items that cite an article, of which those that do not fit are counted."""

_QUIET = "dim"
_QUOTED = "dim italic"


def rows(hits: Sequence[Hit], width: int) -> Iterator[RenderableType]:
    """The lines of a table of hits, its head first; `width` is the terminal's, in cells."""
    layout = _Layout(hits, width)
    yield layout.head()
    for hit in hits:
        yield from layout.entry(hit)


class _Layout:
    """Where things stand: the widths of all columns, taken from the hits that they are for."""

    def __init__(self, hits: Sequence[Hit], width: int) -> None:
        self._rank = max(len(f"{hit.rank:,}") for hit in hits)
        self._left = self._rank + len(_GAP) + len("Score") + len(_GAP)
        self._full = max(width - self._left, 1)
        cells = [_cells(hit) for hit in hits]
        self._beside = {
            name: min(_WIDEST, max(cell_len(text) for text in (head, *(row[name] for row in cells))))
            for name, head in _COLUMNS.items()
            if width >= _ROOM_FOR_COLUMNS
        }
        longest = max(len("Title"), *(_title(hit).cell_len for hit in hits))
        self._title = min(self._full - sum(len(_GAP) + column for column in self._beside.values()), longest)

    def head(self) -> Text:
        """The names of the columns."""
        start = Text(f"{'#':>{self._rank}}{_GAP}Score{_GAP}")
        line = self._line(start, Text("Title"), {name: Text(_COLUMNS[name]) for name in self._beside})
        line.stylize("bold")
        return line

    def entry(self, hit: Hit) -> Iterator[RenderableType]:
        """The lines of a hit."""
        start = Text(f"{hit.rank:>{self._rank},}{_GAP}{render.score(hit.score)}{_GAP}")
        cells = _cells(hit)
        beside = {name: wrapped(Text(cells[name]), [width]) for name, width in self._beside.items()}
        height = max(map(len, beside.values()), default=0)
        title = wrapped(_title(hit), [*repeat(self._title, height), self._full])
        for row in range(max(len(title), height)):
            neighbours = {name: lines[row] for name, lines in beside.items() if row < len(lines)}
            yield self._line(start, title[row] if row < len(title) else Text(), neighbours)
            start = Text(" " * self._left)
        for line in self._below(hit, cells):
            yield Text.assemble(start, _INDENT, line)
        if hit.explanation is not None:
            yield Padding(tree(hit.explanation), (0, 0, 0, self._left + len(_INDENT)), expand=False)

    def _line(self, start: Text, title: Text, neighbours: Mapping[str, Text]) -> Text:
        line = Text.assemble(start, title)
        if neighbours:
            line = filled(line, self._left + self._title)
            for name, width in self._beside.items():
                cell = neighbours.get(name, Text())
                line = Text.assemble(line, _GAP, filled(cell, width, right=name in _RIGHT))
            line.rstrip()
        return line

    def _below(self, hit: Hit, cells: Mapping[str, str]) -> Iterator[Text]:
        """What has no column, the topics, where the hit matched and who cites it."""
        room = self._full - len(_INDENT)
        if not self._beside:
            facts = [f"quality {cell}" if name == "quality" else cell for name, cell in cells.items() if cell]
            yield from wrapped(Text(" · ".join(facts), style=_QUIET), [room])
        if hit.topics:
            yield from _topics([clean(topic) for topic in hit.topics], room)
        titled = "title" in hit.highlights
        if hit.snippet is not None and not (titled and hit.snippet.field == "excerpt"):
            yield from wrapped(_shown(hit.snippet), [room])
        elif not titled and (spans := hit.highlights.get("excerpt")):
            yield from wrapped(_snippet(hit.excerpt, spans), [room])
        if not hit.highlights and hit.snippet is None:
            # With its own words marked it is plain why it was found.
            matched = [place.title for place in hit.matched_in if place.field == "related" and place.title]
            yield from _named("matched in related article", matched, 1, room)
        if hit.story is not None and hit.story.size > 1:
            yield from wrapped(Text(f"story: {wording.covered(hit.story, clean)}", style=_QUIET), [room])
        yield from _citing([wording.titled(ref.title) for ref in hit.cited_by], room)


def _cells(hit: Hit) -> dict[str, str]:
    """What can stand beside a title, harmless; what is unknown is empty."""
    return {
        "provider": clean(wording.provider_name(hit.provider)),
        "date": wording.day(hit.date),
        "quality": "" if hit.quality is None else str(hit.quality),
        "id": hit.short_id,
    }


def _title(hit: Hit) -> Text:
    if not hit.title:
        return Text(wording.titled(hit.title))
    return render.marked(hit.title, hit.highlights.get("title", ()), url=hit.url)


def _topics(topics: Sequence[str], room: int) -> list[Text]:
    """As many as fit into a line, and how many there are besides."""
    line = ""
    for shown in range(len(topics), 0, -1):
        line = ", ".join(topics[:shown]) + _more(len(topics) - shown)
        if cell_len(line) <= room:
            break
    return wrapped(Text(line, style=_QUIET), [room])


def _citing(titles: Sequence[str], room: int) -> list[Text]:
    """As many as fit into their lines, but at least one."""
    lines: list[Text] = []
    for shown in range(min(_CITING, len(titles)), 0, -1):
        lines = _named("cited by", titles, shown, room)
        if len(lines) <= _CITING:
            break
    return lines


def _named(label: str, titles: Sequence[str], shown: int, room: int) -> list[Text]:
    """Some titles, each on a line of its own, and how many there are besides."""
    named = [f"{label}: {title}" for title in titles[:shown]]
    if named:
        named[-1] += _more(len(titles) - shown)
    return [line for text in named for line in wrapped(render.marked(text, style=_QUOTED), [room])]


def _more(count: int) -> str:
    return f", and {count:,} more" if count > 0 else ""


def _shown(snippet: Snippet) -> Text:
    """A snippet, with signs of what is left out before and after it."""
    before, after = ("…" if snippet.start > 0 else ""), ("…" if snippet.more else "")
    inside = [(low + len(before), high + len(before)) for low, high in snippet.highlights]
    return render.marked(before + snippet.text + after, inside, style=_QUIET)


def _snippet(text: str, spans: tuple[tuple[int, int], ...]) -> Text:
    """The part of a text around its first match, at whole words where there are any."""
    start = max(0, spans[0][0] - _SNIPPET // 3)
    end = min(len(text), start + _SNIPPET)
    if start > 0:
        start = text.find(" ", start, spans[0][0]) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", spans[0][1], end), spans[0][1]) if " " in text[spans[0][1] : end] else end
    before, after = ("…" if start > 0 else ""), ("…" if end < len(text) else "")
    moved = len(before) - start
    inside = [(low + moved, min(high, end) + moved) for low, high in spans if start <= low < end]
    return render.marked(before + text[start:end] + after, inside, style=_QUIET)
