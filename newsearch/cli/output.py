"""What a command answers, said once, and written in any format.

    hits = Listing((Column("id", lambda hit: hit.short_id), Column("title", lambda hit: hit.title)), result.hits)
    write(Answer((hits,), document=lambda: wire.search_to_dict(result)), Chosen("csv"), voice)

A command says which columns its rows have and what its JSON is; how a value looks in which format is written here and
in `csvtext` and `markdown`, for all commands alike. Only what is drawn for a person, bars or a page, a command draws
itself.

| format | what becomes of control characters |
|---|---|
| table, plain, md | replaced, wherever they go: their lines and tabs are the format's own |
| json | kept, and escaped on a terminal |
| jsonl, csv, urls, ids, paths | kept; on a terminal escaped (jsonl) or replaced |
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from newsearch import wording
from newsearch.cli import markdown, render, streams
from newsearch.cli.formats import NAMES, Chosen
from newsearch.cli.terminal import clean

__all__ = ["Answer", "Cell", "Column", "Listing", "cells", "record_lines", "table", "write"]

Cell = str | int | float | bool | datetime | date | tuple[str, ...] | None
"""A value of a row. Only text comes from outside; numbers, dates and booleans are newsearch's own."""

_EVERYWHERE = ("plain", "csv", "md")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of rows: its name in csv, its title for people, and its value in a row.

    `where` are the formats that have it. `digits` is how many of a fraction people are shown; csv has all.
    `shown` makes the text for people where values of this type are shown otherwise. In Markdown the text links to what
    `link` gives.
    """

    name: str
    value: Callable[[Any], Cell]
    title: str = ""
    where: Sequence[str] = _EVERYWHERE
    digits: int = 3
    shown: Callable[[Any], str] | None = None
    link: Callable[[Any], str | None] | None = None

    @property
    def heading(self) -> str:
        """What people read above it."""
        return self.title or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one kind. A record is a single row of many columns, told to people as a line a column.

    `noun` is what a row is called in a remark; `heading` stands above the rows where there are several listings.
    `below` gives lines that follow a row in plain.
    """

    columns: Sequence[Column]
    rows: Sequence[Any]
    record: bool = False
    noun: str = "article"
    heading: str = ""
    below: Callable[[Any], str] | None = None

    def within(self, format: str) -> list[Column]:  # noqa: A002
        """The columns that a format has."""
        return [column for column in self.columns if format in column.where]


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a command answers.

    `document` makes its JSON, of which jsonl has the lines. `table`, `plain` and `page` (Markdown) draw it, all
    listings, in place of rows lined up.
    """

    listings: Sequence[Listing]
    document: Callable[[], Mapping[str, Any]]
    table: Callable[[], str] | None = None
    plain: Callable[[], str] | None = None
    page: Callable[[], str] | None = None


def write(answer: Answer, chosen: Chosen, voice: streams.Voice) -> None:
    """The answer on stdout, in the format that was chosen; what that cannot say is said on stderr."""
    if chosen.name == "json":
        streams.write_json(answer.document())
    elif chosen.name == "jsonl":
        from newsearch import wire  # the lines of other formats do without

        for line in wire.lines(answer.document()):
            streams.write_json(line, indent=None)
    elif chosen.name == "csv":
        _write_csv(answer.listings[0])
    elif chosen.name == "md":
        streams.write(answer.page() if answer.page is not None else _page(answer.listings))
    elif chosen.name in NAMES:
        _write_names(answer.listings[0], chosen, voice)
    else:
        streams.write(_lines(answer, chosen.name))
    if chosen.name in ("jsonl", "csv", *NAMES):
        for listing in answer.listings[1:]:
            if listing.within("csv"):
                left_out = f"--format {chosen.name} is without the {listing.heading.lower()}"
                voice.warn(f"{left_out}; table, plain, json and md have them.")


def _lines(answer: Answer, format: str) -> str:  # noqa: A002
    draw = answer.table if format == "table" else answer.plain
    if draw is not None:
        return draw()
    blocks = []
    for listing in answer.listings:
        if not listing.within("plain"):
            continue
        rows = record_lines(listing) if listing.record else cells(listing)
        blocks.append(_lined_up(rows) if format == "table" else _tabbed(rows, listing))
    return "\n".join(block for block in blocks if block)


def cells(listing: Listing) -> list[tuple[str, ...]]:
    """The rows as people read them, without a heading."""
    columns = listing.within("plain")
    return [tuple(_text(column, row) for column in columns) for row in listing.rows]


def record_lines(listing: Listing) -> list[tuple[str, str]]:
    """The columns of a record as people read them, a line each."""
    return [(column.heading.lower(), _text(column, row)) for row in listing.rows for column in listing.within("plain")]


def _lined_up(rows: Sequence[Sequence[str]]) -> str:
    return render.columns(rows, table=True) if rows else ""


def _tabbed(rows: Sequence[Sequence[str]], listing: Listing) -> str:
    lines = ["\t".join(map(clean, row)) + "\n" for row in rows]
    if listing.below is not None:
        lines = [line + listing.below(row) for line, row in zip(lines, listing.rows, strict=True)]
    return "".join(lines)


def _text(column: Column, row: object) -> str:
    """A value as people read it; nothing for what is unknown."""
    value = column.value(row)
    if column.shown is not None:
        return column.shown(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.{column.digits}f}"
    if isinstance(value, datetime):
        return wording.day(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)


# --- csv, md ---


def _write_csv(listing: Listing) -> None:
    from newsearch.cli import csvtext  # with Python's csv, for this format only

    columns = listing.within("csv")
    on_screen = streams.is_terminal(sys.stdout)
    streams.write(csvtext.line([column.name for column in columns]))
    for row in listing.rows:
        line = csvtext.line([column.value(row) for column in columns], shown=clean if on_screen else None)
        streams.write(line)


def _page(listings: Sequence[Listing]) -> str:
    several = len(listings) > 1
    return "\n".join(
        (f"## {listing.heading}\n\n" if several and listing.heading else "") + table(listing) for listing in listings
    )


def table(listing: Listing) -> str:
    """A listing as a table in Markdown."""
    columns = listing.within("md")
    if listing.record:
        lines = [[column.heading, _marked(column, row)] for row in listing.rows for column in columns]
        return markdown.table(["", ""], lines, [False, False])
    heads = [column.heading for column in columns]
    rows = [[_marked(column, row) for column in columns] for row in listing.rows]
    return markdown.table(heads, rows, [_is_number(column, listing.rows) for column in columns])


def _marked(column: Column, row: object) -> str:
    text = _text(column, row)
    return markdown.cell(text) if column.link is None else markdown.link_cell(text, column.link(row))


def _is_number(column: Column, rows: Sequence[object]) -> bool:
    """Whether a column has numbers, which stand at the right, and nothing else."""
    values = [value for row in rows[:20] if (value := column.value(row)) is not None]
    return bool(values) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


# --- urls, ids, paths ---


def _write_names(listing: Listing, chosen: Chosen, voice: streams.Voice) -> None:
    """One a line; what has none, or could not be told from two lines, is counted on stderr."""
    name = chosen.name.removesuffix("s")
    [column] = [column for column in listing.within("csv") if column.name == name]
    names = ["" if (value := column.value(row)) is None else str(value) for row in listing.rows]
    absent, broken = names.count(""), 0
    # Each once: a file may have several faults.
    for value in filter(None, dict.fromkeys(names)):
        if not chosen.null and value.splitlines() != [value]:
            broken += 1
        elif chosen.null:
            streams.write(value + "\0")
        else:
            streams.write((clean(value) if streams.is_terminal(sys.stdout) else value) + "\n")
    if absent:
        without = {"url": "an address", "id": "an id", "path": "a path"}[name]
        voice.warn(f"Left out: {wording.counted(absent, listing.noun)} without {without}.")
    if broken:
        voice.warn(f"Left out: {wording.counted(broken, listing.noun)} whose {name} has a line break; -0 has all.")
