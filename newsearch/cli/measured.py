"""What was measured on judged queries, as an answer in any format.

    figures = Figures(measured, second, compared, {"q1": "facial recognition ban"})
    output.write(figures.answer(per_query=False, format="csv"), chosen, voice)

A row is a measure, or with `--per-query` a query's value by a measure. It measures nothing, and gives no verdict.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from newsearch.cli import output, render
from newsearch.cli.output import Answer, Column, Listing

if TYPE_CHECKING:
    from newsearch.evaluation import Comparison, Measured

__all__ = ["Figures", "p_value"]

_MOST_CHANGED = 5
"""Queries that are shown of each end."""

_CHANGED = 1e-9
"""A difference that is none, but for the arithmetic."""


class _Value(NamedTuple):
    """The value of a query by a measure, and with another run that one's."""

    measure: str
    query: str
    value: float
    against: float
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """A run's figures; with another run its, and by measure how the two compare.

    `texts` are the queries by their ids, each in one line.
    """

    measured: "Measured"
    second: "Measured | None"
    compared: "Mapping[str, Comparison]"
    texts: Mapping[str, str]

    def answer(self, *, per_query: bool, format: str) -> Answer:  # noqa: A002
        """The means, and the values of each query where they are wanted; csv, of one kind of row, has these alone."""
        from newsearch import wire

        def drawn() -> str:
            blocks = [_headed(means)]
            if per_query:
                blocks.append(_headed(self._queries()))
            elif changed := self._most_changed():
                blocks.append(render.columns(changed, table=True))
            return "\n".join(blocks)

        def document() -> Mapping[str, object]:
            return wire.evaluation_to_dict(
                self.measured.mean,
                queries=self.measured.each if per_query else None,
                against=None if self.second is None else self.second.mean,
                comparisons=self.compared if self.second is not None else None,
            )

        means = self._means()
        listings: tuple[Listing, ...] = (means,)
        if per_query and format == "csv":
            listings = (self._queries("csv"), means)
        elif per_query:
            listings = (means, self._queries())
        return Answer(listings, document, table=drawn)

    def _means(self) -> Listing:
        mean, other, compared = self.measured.mean, self.second, self.compared
        columns = [Column("measure", str), Column("value", lambda name: mean[name], digits=4)]
        if other is not None:
            columns += [
                Column("against", lambda name: other.mean[name], digits=4),
                Column("difference", lambda name: compared[name].difference, shown=_signed),
                Column("wins", lambda name: compared[name].wins, "Won"),
                Column("losses", lambda name: compared[name].losses, "Lost"),
                Column("ties", lambda name: compared[name].ties, "Tied"),
                Column("p", lambda name: compared[name].p, "p", shown=p_value),
            ]
        return Listing(columns, list(mean), noun="measure", heading="Measures")

    def _queries(self, *where: str) -> Listing:
        """Each query's values; in the formats that are named, otherwise in those that have several listings."""
        formats = where or ("plain", "md")
        columns = [
            Column("query", lambda row: row.query, where=formats),
            Column("measure", lambda row: row.measure, where=formats),
            Column("value", lambda row: row.value, where=formats, digits=4),
        ]
        if self.second is not None:
            columns += [
                Column("against", lambda row: row.against, where=formats, digits=4),
                Column("difference", lambda row: row.value - row.against, where=formats, shown=_signed),
            ]
        columns.append(Column("text", lambda row: row.text, where=formats))
        return Listing(columns, list(self._values()), noun="value", heading="Queries")

    def _values(self) -> Iterator[_Value]:
        second = self.measured if self.second is None else self.second
        for query, text in self.texts.items():
            for name, values in self.measured.each.items():
                if query in values:
                    yield _Value(name, query, values[query], second.each[name][query], text)

    def _most_changed(self) -> Sequence[tuple[str, str, str]]:
        """The queries that by the first measure one of the two serves much better than the other, at both ends."""
        name = next(iter(self.measured.mean))
        if name not in self.compared:
            return ()
        changed = [pair for pair in self.compared[name].differences.items() if abs(pair[1]) > _CHANGED]
        if not changed:
            return ()
        ends = changed if len(changed) <= 2 * _MOST_CHANGED else changed[:_MOST_CHANGED] + changed[-_MOST_CHANGED:]
        return [(name, "query", "text"), *((_signed(value), query, self.texts[query]) for query, value in ends)]


def _headed(listing: Listing) -> str:
    """A listing as a table for people, under the names of its columns."""
    heads = tuple(column.heading.lower() for column in listing.within("plain"))
    return render.columns([heads, *output.cells(listing)], table=True)


def p_value(p: float) -> str:
    """A p-value as people read it."""
    return f"{p:.3f}" if p >= 0.001 else "<0.001"


def _signed(value: float) -> str:
    return f"{value:+.4f}"
