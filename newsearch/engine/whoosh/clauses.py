"""The parts of a query that score: a word or a phrase, bound to the articles it is looked for in.

    clause = Clause("harbour", [("harbour",)], ("title", "excerpt"), view)
    clause.matches.documents, clause.matches.scores

A clause knows where its words occur, how rare they are, and what they add to B. How clauses combine is `evaluate`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from newsearch import ranking
from newsearch.engine.whoosh import schema
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Documents
from newsearch.engine.whoosh.view import View
from newsearch.model import Explanation

__all__ = ["Clause", "Floats", "Matches", "Terms"]

Floats = NDArray[np.float64]
Terms = tuple[str, ...]
"""The terms that one query word stands for."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Visible documents, ascending, and the raw score B of each."""

    documents: Documents
    scores: Floats


class Clause:
    """A word or a phrase, bound to a view: the part of a query that scores.

    `slots` has the terms of each word of a phrase, one slot for a single word. `fields` are those it is looked for in.
    """

    def __init__(self, label: str, slots: Sequence[Terms], fields: Sequence[str], view: View) -> None:
        self.label = label
        self.slots = tuple(slots)
        self.fields = tuple(fields)
        self._view = view
        self._frequencies: dict[str, tuple[Documents, NDArray[np.int64]]] = {}

    def frequencies(self, field: str) -> tuple[Documents, NDArray[np.int64]]:
        """The documents where it occurs in a field, and how often; not only visible ones."""
        found = self._frequencies.get(field)
        if found is None:
            if len(self.slots) == 1:
                found = _term_frequencies(self.slots[0], field, self._view)
            else:
                found = _phrase_frequencies(self.slots, field, self._view)
            self._frequencies[field] = found
        return found

    @cached_property
    def document_frequencies(self) -> tuple[int, ...]:
        """For each slot, how many visible articles have one of its terms in any text field."""
        return tuple(_document_frequency(terms, self._view) for terms in self.slots)

    @cached_property
    def idf(self) -> float:
        """A word's idf; a phrase's is the sum of its words'."""
        return sum(ranking.idf(self._view.documents, df) for df in self.document_frequencies)

    @cached_property
    def weighted_frequency(self) -> tuple[Documents, Floats]:
        """The visible documents where it occurs, and x of each: tf over all fields, weighted and length-normalised."""
        size = self._view.snapshot.size
        total = np.zeros(size)
        found = np.zeros(size, np.bool_)
        for field in self.fields:
            documents, frequencies = self.frequencies(field)
            weight = getattr(self._view.settings.weights, field)
            total[documents] += weight * frequencies / self._view.length_norms(field)[documents]
            found[documents] = True
        documents = np.flatnonzero(found & self._view.visible)
        return documents, total[documents]

    @cached_property
    def matches(self) -> Matches:
        """The visible documents where it occurs, and what it adds to the B of each."""
        documents, x = self.weighted_frequency
        return Matches(documents, self.idf * ranking.saturate(x, self._view.settings.k1))

    def explain(self, document: int) -> Explanation | None:
        """What it adds to the B of a document, and why; None where it does not occur."""
        documents, x = self.weighted_frequency
        place = int(np.searchsorted(documents, document))
        if place == documents.size or documents[place] != document:
            return None
        saturation = float(ranking.saturate(x[place], self._view.settings.k1))
        fields = {field: self._field_facts(field, document) for field in self.fields}
        return Explanation(
            self.idf * saturation,
            self.label,
            "product",
            (
                Explanation(
                    self.idf,
                    "idf",
                    facts={"articles": self._view.documents, "with_word": list(self.document_frequencies)},
                ),
                Explanation(
                    saturation,
                    "saturation x / (k1 + x)",
                    facts={
                        "x": float(x[place]),
                        "k1": self._view.settings.k1,
                        "b": self._view.settings.b,
                        "fields": {field: facts for field, facts in fields.items() if facts["tf"]},
                    },
                ),
            ),
        )

    def _field_facts(self, field: str, document: int) -> dict[str, float]:
        documents, frequencies = self.frequencies(field)
        return {
            "tf": int(frequencies[documents == document].sum()),
            "weight": getattr(self._view.settings.weights, field),
            "length": int(self._view.snapshot.column(schema.length_column(field))[document]),
            "average_length": self._view.average_lengths[field],
        }


def _term_frequencies(terms: Terms, field: str, view: View) -> tuple[Documents, NDArray[np.int64]]:
    if len(terms) == 1:
        return view.snapshot.arrays(field, terms[0])
    parts = [view.snapshot.arrays(field, term) for term in terms]
    total = np.zeros(view.snapshot.size, np.int64)
    for documents, frequencies in parts:
        total[documents] += frequencies
    documents = np.flatnonzero(total)
    return documents, total[documents]


def _phrase_frequencies(slots: Sequence[Terms], field: str, view: View) -> tuple[Documents, NDArray[np.int64]]:
    """Where the slots' terms stand at successive positions: places are kept as one number, document and position."""
    places: NDArray[np.int64] | None = None
    for offset, terms in enumerate(slots):
        parts = [view.snapshot.positions(field, term) for term in terms]
        here = np.concatenate([(documents << 32) + positions - offset for documents, positions in parts])
        # A place left of a document's first position would be the end of the document before it.
        here = here[np.concatenate([positions for _, positions in parts]) >= offset]
        places = here if places is None else places[np.isin(places, here)]
        if not places.size:
            break
    if places is None or not places.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    documents, counts = np.unique(np.unique(places) >> 32, return_counts=True)
    return documents, counts.astype(np.int64)


def _document_frequency(terms: Terms, view: View) -> int:
    found = np.zeros(view.snapshot.size, np.bool_)
    for field in TEXT_FIELDS:
        for term in terms:
            found[view.snapshot.arrays(field, term)[0]] = True
    return int(np.count_nonzero(found & view.visible))
