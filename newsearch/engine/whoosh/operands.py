"""The parts of a compiled query: what each matches, and how matches combine.

    AllOf([Leaf(first), Leaf(second)], [Selection(mask)], optional=True).matches(view)

Clauses that score and masks that select are the leaves; all, any or most of several are above them. Scores are added in
query order, so that they are the same whatever the segments. How a tree becomes these is `evaluate`'s.
"""

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.explanation import sum_of
from newsearch.engine.whoosh.clauses import Clause
from newsearch.engine.whoosh.matches import NOTHING, Matches
from newsearch.engine.whoosh.snapshot import Documents
from newsearch.engine.whoosh.view import View
from newsearch.model import Explanation

__all__ = ["AllOf", "AnyOf", "Leaf", "MostOf", "Operand", "Selection", "found_of", "selected", "where"]

Mask = NDArray[np.bool_]


class Operand:
    """A part of a query that knows what it matches."""

    def matches(self, view: View) -> Matches:
        """The visible documents that match, and what it adds to the B of each."""
        raise NotImplementedError

    def explain(self, document: int) -> Explanation | None:
        """What it adds to the B of a document; None where it does not match or never adds anything."""
        raise NotImplementedError


class Leaf(Operand):
    """A clause."""

    def __init__(self, clause: Clause) -> None:
        self.clause = clause

    def matches(self, view: View) -> Matches:  # noqa: ARG002 - a clause is bound to its view
        """The clause's documents."""
        return self.clause.matches

    def explain(self, document: int) -> Explanation | None:
        """The clause's figures."""
        return self.clause.explain(document)


class Selection(Operand):
    """A constraint beside words that score: selects, adds nothing."""

    def __init__(self, mask: NDArray[np.bool_]) -> None:
        self._mask = mask

    def matches(self, view: View) -> Matches:
        """What is selected, with scores of 0."""
        return selected(self._mask & view.visible)

    def explain(self, document: int) -> Explanation | None:
        """That it is selected; nothing is added."""
        return Explanation(0.0, "constraint") if self._mask[document] else None


class AnyOf(Operand):
    """At least one of some operands. `is_plain`: all of them are clauses."""

    def __init__(self, operands: Sequence[Operand]) -> None:
        self.operands = operands
        self.is_plain = all(isinstance(operand, Leaf) for operand in operands)

    def matches(self, view: View) -> Matches:
        """The documents of any."""
        return _some_of(found_of(self.operands, view), view.snapshot.size, at_least=1)

    def explain(self, document: int) -> Explanation | None:
        """The sum of those that match."""
        return sum_of("any of", [operand.explain(document) for operand in self.operands])


class AllOf(Operand):
    """All of some operands, and of what only selects. `optional`: most will do where nothing has all."""

    def __init__(self, operands: Sequence[Operand], selections: Sequence[Operand], *, optional: bool) -> None:
        self.operands = operands
        self.selections = selections
        self.optional = optional
        self.is_plain = not selections and all(isinstance(operand, Leaf) for operand in operands)

    def matches(self, view: View) -> Matches:
        """The documents that all have."""
        return _all_of(found_of((*self.operands, *self.selections), view), view.snapshot.size)

    def explain(self, document: int) -> Explanation | None:
        """The sum of all; None where one does not match."""
        parts = [operand.explain(document) for operand in (*self.operands, *self.selections)]
        return None if None in parts else sum_of("all of", parts)


class MostOf(Operand):
    """The documents that match more than half of the operands of a conjunction, or as many as the best one does."""

    def __init__(self, wanted: AllOf) -> None:
        self._wanted = wanted

    def matches(self, view: View) -> Matches:
        """The documents of most."""
        # Equal operands are the same one, and count as often as they are there.
        of_each = {operand: operand.matches(view) for operand in dict.fromkeys(self._wanted.operands)}
        found = [of_each[operand] for operand in self._wanted.operands]
        if self._wanted.selections:
            allowed = _all_of([selection.matches(view) for selection in self._wanted.selections], view.snapshot.size)
            found = [_only(one, allowed.documents) for one in found]
        counts = np.zeros(view.snapshot.size, np.int32)
        for one in found:
            counts[one.documents] += 1
        most = int(counts.max(initial=0))
        return _some_of(found, view.snapshot.size, at_least=max(1, min(most, len(found) // 2 + 1)))

    def explain(self, document: int) -> Explanation | None:
        """The sum of those that match."""
        return sum_of("most of", [operand.explain(document) for operand in self._wanted.operands])


def found_of(operands: Sequence[Operand], view: View) -> list[Matches]:
    """What operands match; of a clause that is there several times it is once, with so many times the scores."""
    times: dict[Clause | Operand, int] = {}
    for operand in operands:
        one = operand.clause if isinstance(operand, Leaf) else operand
        times[one] = times.get(one, 0) + 1
    return [
        found if count == 1 else found.times(count)
        for one, count in times.items()
        for found in [one.matches if isinstance(one, Clause) else one.matches(view)]
    ]


def selected(mask: Mask) -> Matches:
    """The documents that a mask marks, with scores of 0."""
    documents = np.flatnonzero(mask)
    return Matches(documents, np.zeros(documents.size))


def where(matches: Matches, keep: Mask | None) -> Matches:
    """Those of the matches that a mask marks."""
    if keep is None:
        return matches
    here = np.flatnonzero(keep.take(matches.documents))
    return Matches(matches.documents.take(here), matches.scores_at(here))


def _only(matches: Matches, documents: Documents) -> Matches:
    keep = np.isin(matches.documents, documents, assume_unique=True)
    return Matches(matches.documents[keep], matches.scores[keep])


_SPARSE = 8
"""Postings of a union are sorted while they are fewer than the snapshot's documents divided by this."""

_ALIKE = 16
"""Documents are looked up in a list by bisection where it is so many times as long; else they are marked for it."""

_MARKED = 256
"""So are less than one in so many of all documents: marking takes the longer the more there are of those."""


def _all_of(found: Sequence[Matches], size: int) -> Matches:
    """The documents that all of the matches have, and the sums of their scores, added in the order given."""
    if len(found) == 1:
        return found[0]
    rarest, *others = sorted(range(len(found)), key=lambda place: found[place].documents.size)
    common = found[rarest].documents
    # For each of the matches looked at so far, where it has the documents that are left.
    places: dict[int, Documents] = {rarest: np.arange(common.size)}
    for place in others:
        documents = found[place].documents
        if not common.size or not documents.size:
            return NOTHING
        here, places[place] = _shared(common, documents, size)
        if here.size < common.size:
            common = common.take(here)
            places = {known: own if known == place else own.take(here) for known, own in places.items()}
    if not common.size:
        return NOTHING
    return Matches(common, reduce(np.add, [one.scores_at(places[place]) for place, one in enumerate(found)]))


def _shared(few: Documents, many: Documents, size: int) -> tuple[Documents, Documents]:
    """Where in each of two ascending lists the documents are that both have."""
    if few.size * _ALIKE < many.size or few.size * _MARKED < size:
        places = many.searchsorted(few)
        here = (many.take(places, mode="clip") == few).nonzero()[0]
        return here, places.take(here)
    marked = np.zeros(size, np.bool_)
    marked[few] = True
    places = marked.take(many).nonzero()[0]
    return few.searchsorted(many.take(places)), places


def _some_of(found: Sequence[Matches], size: int, *, at_least: int) -> Matches:
    """The documents that so many of the matches have, and the sums of their scores, added in the order given."""
    if len(found) == 1:
        return found[0]
    if sum(one.documents.size for one in found) * _SPARSE < size:
        documents = np.concatenate([one.documents for one in found])
        if not documents.size:
            return NOTHING
        order = documents.argsort(kind="stable")
        documents = documents.take(order)
        new = np.empty(documents.size, np.bool_)
        new[0] = True
        np.not_equal(documents[1:], documents[:-1], out=new[1:])
        first = np.flatnonzero(new)
        sums = np.add.reduceat(np.concatenate([one.scores for one in found]).take(order), first)
        documents = documents.take(first)
        if at_least > 1:
            enough = np.flatnonzero(np.diff(first, append=order.size) >= at_least)
            documents, sums = documents.take(enough), sums.take(enough)
        return Matches(documents, sums)
    documents = np.concatenate([one.documents for one in found])
    # Added one after the other, as they come.
    sums = np.bincount(documents, np.concatenate([one.scores for one in found]), size).astype(np.float64, copy=False)
    documents = (np.bincount(documents, minlength=size) >= at_least).nonzero()[0]
    return Matches(documents, sums.take(documents))
