"""What makes articles one story, in figures.

    STORY_DAYS, FEW, RARE, nearly_the_same(4, 5)

Articles are linked, and what is linked, directly or through others that were found, is one story:

- by a citation, where the dates of both are at most STORY_DAYS apart or one is not known. An article that more than
  FEW visible items cite is a landmark that many stories point to: only the citation nearest in date counts, of equally
  near ones the one of the smallest id. An item that was not found still links the articles found that it cites.
- by titles that are alike: of articles dated within as many days of each other whose titles have two terms or more,
  stop words left out, that are equal, or `nearly_the_same` with the rarest of them all in common. Rare is what few
  visible titles have: of equally rare terms the first by the alphabet, and none that more than RARE titles have. What
  only a template shares ("… 4TH QTR NET") has the names apart.

What is linked depends on the visible articles alone; which links count for a query, on what it found. So a story is the
same whatever the order of the hits, and no chain of old stories, round-ups and landmarks joins an archive to one.
"""

from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEW", "NAMED", "RARE", "STORY_DAYS", "nearly_the_same"]

STORY_DAYS: Final = 14
"""How many days may lie between two articles that are linked."""

FEW: Final = 3
"""How many items may cite an article that is no landmark."""

RARE: Final = 64
"""How many titles may have a rare term."""

NAMED: Final = 10
"""How many articles of a story are named, the one that leads it included."""


@overload
def nearly_the_same(common: int, union: int) -> bool: ...
@overload
def nearly_the_same(common: NDArray[np.int64], union: NDArray[np.int64]) -> NDArray[np.bool_]: ...
def nearly_the_same(common: Any, union: Any) -> Any:
    """Whether two sets of terms have four fifths of all their terms in common (Jaccard 1901); of pairs, each."""
    return 5 * common >= 4 * union
