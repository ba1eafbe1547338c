"""Which terms each document has: the inverted index turned around.

    forward = Forward(segment.file, fields=(0, 1))
    forward.counts(mask)                          # for each term, how many of some documents have it
    forward.terms[forward.starts[d]:forward.starts[d + 1]]

For questions about all terms of some documents, which the lists of the terms would answer one by one. It is made of all
postings, in about ten milliseconds a million, and takes four bytes for each that it has; whoever asks again keeps it.
Scores and positions are not in it.
"""

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.ragged import ragged
from newsearch.engine.whoosh.segmentfile import SegmentFile

__all__ = ["Forward"]

Ints = NDArray[np.int64]

_DENSE = 4
"""From one document in so many on, looking at all terms is quicker than at those of the documents alone."""


class Forward:
    """The terms of each document of one segment in some text fields; never changes.

    Document d has the terms of the places `terms[starts[d]:starts[d + 1]]`, ascending, each once.
    """

    def __init__(self, file: SegmentFile, *, fields: tuple[int, ...]) -> None:
        """`fields` are places in `schema.TEXT_FIELDS`."""
        ranks, documents = file.postings.pairs(fields)
        self.count = file.terms.count
        self.held: Ints = np.bincount(documents, minlength=file.documents)
        self.starts: Ints = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.held)])
        self.terms: NDArray[np.int32] = ranks[_ascending(documents)]

    def counts(self, mask: NDArray[np.bool_]) -> Ints:
        """How many of the marked documents have each term; `mask` is of this segment's documents."""
        chosen = np.flatnonzero(mask)
        if chosen.size == mask.size:
            found = self.terms
        elif chosen.size * _DENSE >= mask.size:
            found = self.terms[np.repeat(mask, self.held)]
        else:
            found = self.terms[ragged(self.starts[chosen], self.held[chosen])]
        return np.bincount(found, minlength=self.count)


def _ascending(documents: NDArray[np.int32]) -> Ints:
    """The order of document numbers, equal ones as they stand: a radix sort, 16 bits at a time."""
    order = np.argsort((documents & 0xFFFF).astype(np.uint16), kind="stable")
    if documents.size and documents.max() > 0xFFFF:
        order = order[np.argsort((documents >> 16).astype(np.uint16)[order], kind="stable")]
    return order
