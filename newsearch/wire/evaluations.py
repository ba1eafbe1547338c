"""What was measured on judged queries, as JSON.

    evaluation_to_dict({"nDCG@10": 0.75})

A part of `newsearch.wire`, which knows nothing of how measuring is done.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from newsearch.wire.parts import VERSION

__all__ = ["evaluation_to_dict"]

_DIGITS = 6


class Compared(Protocol):
    """Two runs by one measure, as `newsearch.evaluation.Comparison` has them."""

    @property
    def difference(self) -> float:
        """The mean of the differences."""
        ...

    @property
    def wins(self) -> int:
        """Queries that the first run serves better."""
        ...

    @property
    def losses(self) -> int:
        """Queries that the second run serves better."""
        ...

    @property
    def ties(self) -> int:
        """Queries that both serve equally well."""
        ...

    @property
    def p(self) -> float:
        """The p-value of the paired test."""
        ...

    @property
    def differences(self) -> Mapping[str, float]:
        """The difference of each query."""
        ...


def evaluation_to_dict(
    measures: Mapping[str, float],
    *,
    queries: Mapping[str, Mapping[str, float]] | None = None,
    against: Mapping[str, float] | None = None,
    comparisons: Mapping[str, Compared] | None = None,
) -> dict[str, Any]:
    """The means of some measures, under `measures`; values are rounded to six digits.

    `queries` are their values by measure and query. `against` are the means of another run, and `comparisons` by
    measure how the two compare.
    """
    document: dict[str, Any] = {"version": VERSION, "measures": _rounded(measures)}
    if queries is not None:
        document["queries"] = {name: _rounded(values) for name, values in queries.items()}
    if against is not None:
        document["against"] = _rounded(against)
    if comparisons is not None:
        document["comparisons"] = {
            name: {
                "difference": round(one.difference, _DIGITS),
                "wins": one.wins,
                "losses": one.losses,
                "ties": one.ties,
                "p": round(one.p, _DIGITS),
                "differences": _rounded(one.differences),
            }
            for name, one in comparisons.items()
        }
    return document


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in values.items()}
