"""Which hits are worth judging: the first of several runs, once each, in an order that does not tell whose they are.

    for document in pooled([mine["q1"], theirs["q1"]], depth=10, seed="q1"): ...

Pooling is TREC's way to judge few documents and still compare rankings fairly (Sparck Jones and van Rijsbergen 1975).
The order is shuffled, so that whoever judges cannot lean to the first or to one side, and is the same every time, so
that they can stop and go on.
"""

import random
from collections.abc import Collection, Iterable, Sequence

__all__ = ["pooled"]


def pooled(
    hits: Iterable[Sequence[tuple[str, float]]], *, depth: int, seed: str, judged: Collection[str] = ()
) -> list[str]:
    """The documents among the first `depth` of any of the runs, shuffled by the seed; those in `judged` left out."""
    documents = sorted({document for run in hits for document, _ in run[:depth]})
    random.Random(seed).shuffle(documents)
    return [document for document in documents if document not in judged]
