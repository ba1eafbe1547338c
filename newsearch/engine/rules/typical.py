"""How much more often hits have a value than other articles, and whether chance may be the reason.

    log_likelihood(np.array([12]), np.array([3]), hits=40, others=34_000)       # array([150.9])

On both sides it is counted how many articles have a value, and the log-likelihood ratio G² of the two counts says how
little chance explains the difference: Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence",
Computational Linguistics 19 (1993), of the whole 2 x 2 table; for comparing corpora Rayson and Garside (2000). Typical
is what hits have more often than the others, LEAST hits at the least, with a G² of SIGNIFICANT or more.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST", "SIGNIFICANT", "log_likelihood", "nothing_else"]

LEAST = 2
"""How many hits have to have a value for it to be typical."""

SIGNIFICANT = 10.83
"""A G² that chance exceeds once in a thousand (chi-squared with one degree of freedom)."""

Ints = NDArray[np.int64]


def log_likelihood(a: Ints, b: Ints, hits: int, others: int) -> NDArray[np.float64]:
    """G² of values that `a` of so many hits have and `b` of so many others; 0 or more."""
    cells = _entropy(a) + _entropy(b) + _entropy(hits - a) + _entropy(others - b)
    rows = _entropy(np.array([hits])) + _entropy(np.array([others])) - _entropy(np.array([hits + others]))
    columns = _entropy(a + b) + _entropy(hits + others - a - b)
    return np.maximum(2.0 * (cells - columns - rows), 0.0)


def _entropy(counts: Ints) -> NDArray[np.float64]:
    """n ln n, 0 for 0."""
    return np.where(counts > 0, counts * np.log(np.maximum(counts, 1)), 0.0)


def nothing_else(asked: bool, found: bool) -> str:
    """Why hits have nothing to be compared with: whether something was asked for, and whether it was found."""
    if not asked:
        return "The query finds all articles, so there are no others to compare them with; ask for fewer."
    if not found:
        return "What the hits are to be compared with finds no article."
    return "What the hits are to be compared with finds nothing but hits."
