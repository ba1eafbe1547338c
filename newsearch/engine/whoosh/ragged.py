"""Runs of numbers that follow each other, one run after the other: which items several parts of an array have.

    ragged(np.array([10, 40]), np.array([3, 2]))        # 10, 11, 12, 40, 41

What stands there is for who has the array.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["ragged"]

Ints = NDArray[np.int64]


def ragged(starts: Ints, counts: Ints) -> Ints:
    """The indices of runs that begin at `starts` and are `counts` long, one run after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if ends.size else 0
    places = np.repeat(starts - (ends - counts), counts)
    places += np.arange(total)
    return places
