"""A figure of the report, and what is reckoned from figures: ratios and growth.

figure = Figure("query", 3429, "titles, any word: p50", "tantivy OR", "ms", (0.14, 0.15, 0.13), base="newsearch any")
figure.value                  # 0.14, the median
table = Table([figure, ...])
table.ratio(figure)           # its value divided by that of its base in the same row
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from statistics import median

__all__ = ["ABSENT", "Figure", "Growth", "Table"]

ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one engine took in one measure.

    `runs` are the values of the runs; none means that the engine cannot do it, or that it cannot be measured here, as
    `note` says. `base` is the engine whose figure in the same row it is set against.
    """

    part: str
    size: int
    measure: str
    engine: str
    unit: str
    runs: tuple[float, ...]
    base: str | None = None
    note: str = ""

    @property
    def value(self) -> float | None:
        """The median of the runs."""
        return median(self.runs) if self.runs else None


@dataclass(frozen=True, slots=True)
class Growth:
    """How many times a figure is that of the size before; `sizes` are the smaller and the larger."""

    part: str
    measure: str
    engine: str
    sizes: tuple[int, int]
    times: float


class Table:
    """Figures to look up by part, size, measure and engine."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = list(figures)

    @cached_property
    def _places(self) -> dict[tuple[str, int, str, str], Figure]:
        return {(one.part, one.size, one.measure, one.engine): one for one in self.figures}

    @property
    def sizes(self) -> list[int]:
        """The sizes that were measured, smallest first."""
        return sorted({figure.size for figure in self.figures})

    @property
    def parts(self) -> list[str]:
        """The parts that were measured, in their order."""
        return list(dict.fromkeys(figure.part for figure in self.figures))

    def of(self, part: str, size: int) -> list[Figure]:
        """The figures of one part at one size."""
        return [figure for figure in self.figures if (figure.part, figure.size) == (part, size)]

    def find(self, part: str, size: int, measure: str, engine: str) -> Figure | None:
        """One figure, if it was taken."""
        return self._places.get((part, size, measure, engine))

    def ratio(self, figure: Figure) -> float | None:
        """A figure divided by its base's in the same row; None for the base itself and where there is none."""
        if figure.base is None or figure.base == figure.engine:
            return None
        base = self.find(figure.part, figure.size, figure.measure, figure.base)
        if base is None or not base.value or figure.value is None:
            return None
        return figure.value / base.value

    def growth(self) -> Iterator[Growth]:
        """Every time and size set against that of the next smaller size."""
        for figure in self.figures:
            before = max((size for size in self.sizes if size < figure.size), default=None)
            if before is None or figure.unit not in ("s", "ms", "MB"):
                continue
            smaller = self.find(figure.part, before, figure.measure, figure.engine)
            if smaller is not None and smaller.value and figure.value is not None:
                times = figure.value / smaller.value
                yield Growth(figure.part, figure.measure, figure.engine, (before, figure.size), times)
