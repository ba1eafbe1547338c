"""Whether one run is better than another, query by query.

    found = compare(measured.each["nDCG@10"], other.each["nDCG@10"])
    found.difference, found.wins, found.losses, found.p

The test is the paired randomisation test (Fisher's; recommended for retrieval by Smucker, Allan and Carterette, CIKM
2007). If the two runs were equally good, each query's difference could as well have had the other sign; p is the share
of all ways to set the signs in which the mean is as far from 0 as the one that was seen. It assumes nothing of how
values are distributed. Few queries are tested by all of their ways, more by a fixed random sample of them, so that the
same values give the same p.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SAMPLES", "SEED", "Comparison", "compare", "randomisation_test"]

SAMPLES = 100_000
"""Ways to set the signs that are drawn where there are more; p is then known to about .001 near .05."""

SEED = 20_070_611

_EXACT = 16
"""Queries with a difference up to which all 2 ** n ways are gone through."""

_CHUNK = 4096
_SAME = 1e-9
"""Values this near are one value, which arithmetic has made two."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs by one measure, over the queries that both were measured for.

    `differences` are by query, the first run's value less the second's, largest first; `difference` is their mean.
    `wins`, `losses` and `ties` count queries from the first run's side. `p` is the two-sided p-value of the paired
    randomisation test, 0 < p <= 1.
    """

    difference: float
    wins: int
    losses: int
    ties: int
    p: float
    differences: Mapping[str, float]


def compare(first: Mapping[str, float], second: Mapping[str, float]) -> Comparison:
    """Compare two runs by their values of one measure, by query."""
    found = {query: value - second[query] for query, value in first.items() if query in second}
    ordered = dict(sorted(found.items(), key=lambda pair: -pair[1]))
    values = np.array(list(found.values()), dtype=np.float64)
    values[np.abs(values) <= _SAME] = 0.0
    wins, losses = int((values > 0).sum()), int((values < 0).sum())
    return Comparison(
        difference=float(values.mean()) if values.size else 0.0,
        wins=wins,
        losses=losses,
        ties=values.size - wins - losses,
        p=randomisation_test(values),
        differences=ordered,
    )


def randomisation_test(differences: NDArray[np.float64]) -> float:
    """The two-sided p-value of differences under random signs; 1 where all are 0.

    Of a sample, the seen signs count as one of it: p = (1 + as extreme) / (1 + SAMPLES), never 0 (Phipson and Smyth
    2010). Time is in proportion to SAMPLES times the differences, memory to a chunk of it.
    """
    nonzero = differences[differences != 0]
    if not nonzero.size:
        return 1.0
    seen = abs(float(nonzero.sum())) - _SAME
    if nonzero.size <= _EXACT:
        ways = np.arange(1 << nonzero.size)[:, None] >> np.arange(nonzero.size) & 1
        return float((np.abs((1 - 2 * ways) @ nonzero) >= seen).mean())
    generator = np.random.default_rng(SEED)
    extreme = 0
    for start in range(0, SAMPLES, _CHUNK):
        size = (min(_CHUNK, SAMPLES - start), nonzero.size)
        signs = generator.integers(0, 2, size=size, dtype=np.int8) * np.int8(2) - np.int8(1)
        extreme += int((np.abs(signs @ nonzero) >= seen).sum())
    return (1 + extreme) / (1 + SAMPLES)
