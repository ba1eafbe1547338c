"""The parts of a query that score: a word or a phrase, bound to the articles it is looked for in.

    clause = Clause("harbour", [("harbour",)], ("title", "excerpt"), view)
    clause.matches.documents, clause.matches.scores

A clause knows where its words occur, how rare they are, and what they add to B. How clauses combine is `evaluate`'s.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from newsearch import ranking
from newsearch.engine.whoosh import schema
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Documents
from newsearch.engine.whoosh.view import Matches, Terms, View
from newsearch.model import Explanation

__all__ = ["Clause"]

Floats = NDArray[np.float64]


class Clause:
    """A word or a phrase, bound to a view: the part of a query that scores.

    `slots` has the terms of each word of a phrase, one slot for a single word. `fields` are those it is looked for in.
    """

    def __init__(self, label: str, slots: Sequence[Terms], fields: Sequence[str], view: View) -> None:
        self.label = label
        self.slots = tuple(slots)
        self.fields = tuple(fields)
        self._view = view

    @cached_property
    def matches(self) -> Matches:
        """The visible documents where it occurs, and what it adds to the B of each."""
        return self._view.kept((self.slots, self.fields), self._score)

    @cached_property
    def idf(self) -> float:
        """A word's idf; a phrase's is the sum of its words'."""
        return sum(ranking.idf(self._view.documents, df) for df in self.document_frequencies)

    @property
    def document_frequencies(self) -> tuple[int, ...]:
        """For each slot, how many visible articles have one of its terms in any text field."""
        if self._everywhere:
            return (self.matches.documents.size,)
        words = [Clause("", [terms], TEXT_FIELDS, self._view) for terms in self.slots]
        return tuple(word.matches.documents.size for word in words)

    @property
    def _everywhere(self) -> bool:
        """Whether it is a single word looked for in all fields."""
        return len(self.slots) == 1 and self.fields == TEXT_FIELDS

    def frequencies(self, field: str) -> tuple[Documents, NDArray[np.int64]]:
        """The documents where it occurs in a field, and how often; not only visible ones."""
        if len(self.slots) == 1:
            return _term_frequencies(self.slots[0], field, self._view)
        return _phrase_frequencies(self.slots, field, self._view)

    def explain(self, document: int) -> Explanation | None:
        """What it adds to the B of a document, and why; None where it does not occur."""
        facts = {field: self._field_facts(field, document) for field in self.fields}
        facts = {field: found for field, found in facts.items() if found["tf"]}
        if not facts:
            return None
        settings = self._view.settings
        lengths = {field: int(found["length"]) for field, found in facts.items()}
        x = sum(facts[field]["tf"] * float(self._view.weights_by_length(field)[lengths[field]]) for field in facts)
        saturation = ranking.saturate(x, settings.k1)
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
                    facts={"x": x, "k1": settings.k1, "b": settings.b, "fields": facts},
                ),
            ),
        )

    def _score(self) -> Matches:
        if len(self.slots) == 1 and len(self.slots[0]) == 1:
            documents, x = self._word()
        else:
            documents, x = self._summed()
        # A word of all fields is in as many articles as it matches, and `idf` would ask for its matches.
        idf = ranking.idf(self._view.documents, documents.size) if self._everywhere else self.idf
        return Matches(documents, idf * ranking.saturate(x, self._view.settings.k1))

    def _word(self) -> tuple[Documents, Floats]:
        """The visible documents of a single term, and x of each, straight from the segments' tables of frequencies."""
        view = self._view
        documents, sums = [], []
        columns = [TEXT_FIELDS.index(field) for field in self.fields]
        for segment in view.snapshot.segments:
            rank = segment.file.rank(self.slots[0][0])
            if rank < 0:
                continue
            postings = segment.file.postings
            found, codes = postings.documents(rank), postings.codes(rank)
            x = np.zeros(found.size)
            somewhere = np.zeros(found.size, np.bool_)
            table = postings.table
            for field, column in zip(self.fields, columns, strict=True):
                frequencies = table[:, column][codes]
                here = np.flatnonzero(frequencies)
                if here.size:
                    lengths = segment.file.lengths(field)[found[here]]
                    x[here] += frequencies[here] * view.weights_by_length(field)[lengths]
                    somewhere[here] = True
            keep = somewhere if len(columns) < len(TEXT_FIELDS) else None
            if not view.all_visible:
                seen = view.visible[segment.base :][found]
                keep = seen if keep is None else keep & seen
            documents.append((found if keep is None else found[keep]).astype(np.int64) + segment.base)
            sums.append(x if keep is None else x[keep])
        if len(documents) == 1:
            return documents[0], sums[0]
        return np.concatenate([np.zeros(0, np.int64), *documents]), np.concatenate([np.zeros(0), *sums])

    def _summed(self) -> tuple[Documents, Floats]:
        """The same for several terms or words: their frequencies in each field come first."""
        view = self._view
        total, found = np.zeros(view.snapshot.size), np.zeros(view.snapshot.size, np.bool_)
        for field in self.fields:
            documents, frequencies = self.frequencies(field)
            lengths = view.snapshot.column(schema.length_column(field))[documents]
            total[documents] += frequencies * view.weights_by_length(field)[lengths]
            found[documents] = True
        documents = np.flatnonzero(found & view.visible)
        return documents, total[documents]

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
