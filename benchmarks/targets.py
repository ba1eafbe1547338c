"""What the figures of newsearch are to be, each as a bound on a figure or on a ratio of the same run.

    for verdict in judge(table): print(verdict.text, verdict.found, verdict.bound, verdict.met)

A target of which the run has no figures is left out. Nothing fails where one is missed: machines are noisy, and a miss
is for people to look into.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.figures import Figure, Table
from benchmarks.peers.base import ALL, ANY

__all__ = ["Verdict", "judge"]

_LARGE = 100_000
"""Documents from which on the targets of the large corpus hold."""

_PLAIN, _RELATED = "title, excerpt, topics", "and related text"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target: what was found, and the least or most it may be."""

    size: int
    text: str
    found: float
    bound: float
    at_least: bool

    @property
    def met(self) -> bool:
        """Whether it holds."""
        return self.found >= self.bound if self.at_least else self.found <= self.bound


def judge(table: Table) -> Iterator[Verdict]:
    """The verdict on each target that the run has figures for."""
    for size in table.sizes:
        yield from _ratios(table, size)
        yield from _variants(table, size)
        yield from _limits(table, size)
    yield from _growth(table)


def _ratios(table: Table, size: int) -> Iterator[Verdict]:
    """Other engines' figures, divided by newsearch's: at least so many."""
    large = size >= _LARGE
    wanted: list[tuple[str, str, str, float]] = [
        ("index", "from nothing", "CSafeLoader and Whoosh", 8),
        ("index", "from nothing", "CSafeLoader", 1),
        ("index", "nothing changed", "walk and stat", 1 / 2),
        ("start", "newsearch query", "import typer, rich.table, numpy, whoosh.index", 1 / 1.3),
        ("start", "newsearch --help", "import typer", 1 / 1.3),
        ("documents", f"{_PLAIN}: time", "stock Whoosh", 14),
    ]
    for fields in (_PLAIN, _RELATED):
        wanted += [("documents", f"{fields}: {measured}", "tantivy", 1) for measured in ("time", "index size")]
        for chosen in ("titles", "common"):
            for share in ("p50", "p95"):
                for meaning, gate in ((ANY, "OR"), (ALL, "AND")):
                    measured = f"{chosen}, {meaning}: {share}"
                    wanted += [
                        (f"query, {fields}", measured, f"tantivy {gate}", 1),
                        (f"query, {fields}", measured, f"FTS5 {gate}", 30 if large else 5),
                        (f"query, {fields}", measured, f"Whoosh {gate}", 50 if large else 20),
                    ]
    for part, measured, engine, bound in wanted:
        figure = table.find(part, size, measured, engine)
        ratio = None if figure is None else table.ratio(figure)
        if ratio is not None:
            yield Verdict(size, f"{part}; {measured}: times newsearch that {engine} takes", ratio, bound, True)


def _variants(table: Table, size: int) -> Iterator[Verdict]:
    for figure in table.of("variants", size):
        ratio = table.ratio(figure)
        if ratio is not None:
            yield Verdict(size, f"{figure.measure}: times plain that {figure.engine} takes", ratio, 3, False)


def _limits(table: Table, size: int) -> Iterator[Verdict]:
    """Figures that may not be above a limit."""
    limits = [("index", "ten files changed", "newsearch index", 1.0, "s")]
    if size >= _LARGE:
        limits.append(("memory", "newsearch index, workers included: peak", "newsearch", 1000, "MB"))
        for fields in (_PLAIN, _RELATED):
            limits.append(("memory", f"{fields}: peak", "newsearch", 1000, "MB"))
            for meaning, ours in ((ANY, "newsearch any"), (ALL, "newsearch auto")):
                limits.append((f"query, {fields}", f"private memory, {meaning}", ours, 200, "MB"))
    for part, measured, engine, bound, unit in limits:
        figure = table.find(part, size, measured, engine)
        if figure is not None and figure.value is not None:
            yield Verdict(size, f"{part}; {measured}, {unit}", figure.value, bound, False)


def _growth(table: Table) -> Iterator[Verdict]:
    """Times at ten times the size: indexing by twelve at most, queries by no more than tantivy's."""
    grown = {(one.part, one.measure, one.engine, one.sizes): one for one in table.growth()}
    for (part, measured, engine, sizes), growth in grown.items():
        before, size = sizes
        if _is_indexing(table.find(part, size, measured, engine)):
            bound = 1.2 * size / before
            yield Verdict(size, f"{part}; {measured}: times that at {before:,}", growth.times, bound, False)
        elif part.startswith("query") and engine.startswith("newsearch") and measured.endswith(("p50", "p95")):
            rival = "tantivy OR" if ANY in measured else "tantivy AND"
            other = grown.get((part, measured, rival, sizes))
            if other is not None:
                text = f"{part}; {measured}: times that at {before:,}, against {rival}'s"
                yield Verdict(size, text, growth.times, other.times, False)


def _is_indexing(figure: Figure | None) -> bool:
    if figure is None or figure.unit != "s" or not figure.engine.startswith("newsearch"):
        return False
    return figure.part == "documents" or figure.measure == "from nothing"
