"""A run as Markdown tables for people and as JSON for machines.

    write(Table(figures), about, folder)             # folder/results.md and folder/results.json

In a table a row is a measure and a column an engine. A cell has the median, and behind it how many times the base of
the row it is: newsearch, except where newsearch's own abilities are compared.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Growth, Table
from benchmarks.targets import judge

__all__ = ["FORMAT", "as_json", "as_markdown", "write"]

FORMAT = 1
"""The version of the JSON; it goes up when a reader of the one before would misread it."""


def write(table: Table, about: Mapping[str, Any], folder: Path) -> None:
    """Write both files into a folder."""
    (folder / "results.md").write_text(as_markdown(table, about), encoding="utf-8")
    text = json.dumps(as_json(table, about), indent=1, ensure_ascii=False)
    (folder / "results.json").write_text(text + "\n", encoding="utf-8")


def as_json(table: Table, about: Mapping[str, Any]) -> dict[str, Any]:
    """Everything about a run. A figure's `ratio` is its value divided by that of `base` in the same row."""
    figures = [{**asdict(one), "value": one.value, "ratio": table.ratio(one)} for one in table.figures]
    verdicts = [{**asdict(one), "met": one.met} for one in judge(table)]
    growth = [asdict(one) for one in table.growth()]
    return {"format": FORMAT, **about, "figures": figures, "growth": growth, "targets": verdicts}


def as_markdown(table: Table, about: Mapping[str, Any]) -> str:
    """The tables, part by part and size by size."""
    return "\n".join(_lines(table, about)) + "\n"


def _lines(table: Table, about: Mapping[str, Any]) -> Iterator[str]:
    yield "# Benchmark results"
    yield ""
    for name, value in about.items():
        yield f"- {name}: {_listed(value)}"
    yield ""
    yield "Medians of several runs. In brackets: how many times the first column's figure; above 1 the first is better."
    for part in table.parts:
        for size in table.sizes:
            figures = table.of(part, size)
            if figures:
                yield from ("", f"## {part[0].upper()}{part[1:]}; {size:,} documents", "")
                yield from _matrix(table, figures)
    yield from _growth_lines(list(table.growth()))
    verdicts = list(judge(table))
    if verdicts:
        yield from ("", "## Targets", "")
        yield from _grid(
            ["documents", "target", "found", "bound", "met"],
            (
                [f"{one.size:,}", one.text, _number(one.found), _bound(one.bound, one.at_least), _yes(one.met)]
                for one in verdicts
            ),
        )


def _matrix(table: Table, figures: Sequence[Figure]) -> Iterator[str]:
    """Rows of the same engines in one table; a row of others begins the next."""
    measures: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        measures.setdefault(figure.measure, {})[figure.engine] = figure
    groups: dict[tuple[str, ...], list[str]] = {}
    for measure, row in measures.items():
        groups.setdefault(tuple(row), []).append(measure)
    for place, (engines, rows) in enumerate(groups.items()):
        if place:
            yield ""
        yield from _grid(
            ["", *engines],
            (
                [_named(measure, measures[measure]), *(_cell(table, measures[measure][engine]) for engine in engines)]
                for measure in rows
            ),
        )


def _growth_lines(growth: Sequence[Growth]) -> Iterator[str]:
    for part, sizes in dict.fromkeys((one.part, one.sizes) for one in growth):
        chosen = [one for one in growth if (one.part, one.sizes) == (part, sizes)]
        before, size = sizes
        yield from ("", f"## Growth of {part}: {size:,} against {before:,} documents ({size / before:.1f} times)", "")
        engines = list(dict.fromkeys(one.engine for one in chosen))
        rows: dict[str, dict[str, str]] = {}
        for one in chosen:
            rows.setdefault(one.measure, {})[one.engine] = f"{_number(one.times)}×"
        yield from _grid(
            ["", *engines], ([measure, *(row.get(engine, "–") for engine in engines)] for measure, row in rows.items())
        )


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|---|{'---:|' * (len(header) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _named(measure: str, row: Mapping[str, Figure]) -> str:
    unit = next(iter(row.values())).unit
    return f"{measure}, {unit}" if unit else measure


def _cell(table: Table, figure: Figure) -> str:
    if figure.value is None:
        return figure.note or "–"
    ratio = table.ratio(figure)
    return _number(figure.value) + ("" if ratio is None else f" ({_number(ratio)}×)")


def _number(value: float) -> str:
    """Three significant digits, as people write them."""
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    return f"{value:,.{max(0, digits)}f}" if value != int(value) else f"{value:,.0f}"


def _bound(bound: float, at_least: bool) -> str:
    return f"{'≥' if at_least else '≤'} {_number(bound)}"


def _yes(met: bool) -> str:
    return "yes" if met else "**no**"


def _listed(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(f"{one:,}" if isinstance(one, int) else str(one) for one in value) or "none"
    return str(value)
