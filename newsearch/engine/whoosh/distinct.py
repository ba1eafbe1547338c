"""Some numbers ascending, each once.

    distinct(np.array([3, 1, 3]))                       # 1, 3
    counted(np.array([3, 1, 3]))                        # 1, 3; 1, 2
    numbered(np.array([3, 1, 3]))                       # 1, 3; 1, 0, 1

What np.unique gives. That imports NumPy's masked arrays at its first call, which takes longer than most searches, and
looks for much that documents, places and rows cannot be.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["counted", "distinct", "numbered"]

Number = TypeVar("Number", bound=np.integer)
Mask = NDArray[np.bool_]


def distinct(numbers: NDArray[Number]) -> NDArray[Number]:
    """The numbers, ascending, each once; always a new array."""
    ordered = np.sort(numbers, kind="stable")
    return ordered[_new(ordered)]


def counted(numbers: NDArray[Number]) -> tuple[NDArray[Number], NDArray[np.int64]]:
    """The same, and how often each is there."""
    ordered = np.sort(numbers, kind="stable")
    first = _new(ordered).nonzero()[0]
    counts = np.empty(first.size, np.int64)
    np.subtract(first[1:], first[:-1], out=counts[:-1])
    counts[-1:] = ordered.size - first[-1:]
    return ordered.take(first), counts


def numbered(numbers: NDArray[Number]) -> tuple[NDArray[Number], NDArray[np.int64]]:
    """The same, and for each of the numbers given its place among them."""
    order = numbers.argsort(kind="stable")
    ordered = numbers.take(order)
    new = _new(ordered)
    places = np.empty(order.size, np.int64)
    places[order] = np.cumsum(new) - 1
    return ordered[new], places


def _new(ordered: NDArray[Number]) -> Mask:
    """Which of some ascending numbers are not the one before."""
    new = np.ones(ordered.size, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return new
