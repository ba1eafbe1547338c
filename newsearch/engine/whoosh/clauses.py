"""The parts of a query that score: a word or a phrase, bound to the articles it is looked for in.

    clause = Clause("harbour", (("harbour",),), ("title", "excerpt"), view)
    clause.matches.documents, clause.matches.scores

A clause knows where its words occur, how rare they are, and what they add to B. How clauses combine is `evaluate`'s.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from newsearch import ranking
from newsearch.engine.whoosh import schema
from newsearch.engine.whoosh.matches import Matches
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.engine.whoosh.view import Terms, View
from newsearch.model import Explanation

__all__ = ["Clause"]

Floats = NDArray[np.float64]

_POSTING_BYTES = 16
_FEW = 2000
"""Up to so many postings a field is weighted for all of them at once, those that lack it too."""


class Clause:
    """A word or a phrase, bound to a view: the part of a query that scores.

    `label` is what it was in the query, a node or text. `slots` has the terms of each word of a phrase, one slot for a
    single word. `fields` are those it is looked for in.
    """

    def __init__(self, label: object, slots: tuple[Terms, ...], fields: tuple[str, ...], view: View) -> None:
        self._node = label
        self.slots = slots
        self.fields = fields
        self._view = view
        self._matches: Matches | None = None

    @property
    def label(self) -> str:
        """What it was in the query, for an explanation."""
        return str(self._node)

    @property
    def matches(self) -> Matches:
        """The visible documents where it occurs, and what it adds to the B of each."""
        if self._matches is None:
            self._matches = self._view.words.get((self.slots, self.fields), self._found)
        return self._matches

    @cached_property
    def idf(self) -> float:
        """A word's idf; a phrase's is the sum of its words'."""
        return sum(ranking.idf(self._view.documents, df) for df in self.document_frequencies)

    @property
    def document_frequencies(self) -> tuple[int, ...]:
        """For each slot, how many visible articles have one of its terms in any text field."""
        if self._everywhere:
            return (self.matches.documents.size,)
        words = [Clause("", (terms,), TEXT_FIELDS, self._view) for terms in self.slots]
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

    def _found(self) -> tuple[Matches, int]:
        """What it matches, and the bytes that this may come to."""
        matches = self._word() if len(self.slots) == 1 and len(self.slots[0]) == 1 else self._summed()
        size = self._view.snapshot.size
        return matches, matches.documents.size * _POSTING_BYTES + (size if matches.is_long(size) else 0)

    def _word(self) -> Matches:
        """The visible documents of a single term, scored when asked for."""
        view = self._view
        term, columns = self.slots[0][0], [TEXT_FIELDS.index(field) for field in self.fields]
        documents, codes = view.snapshot.postings(term)
        keep = None
        if len(columns) < len(TEXT_FIELDS):
            keep = (view.snapshot.fields.take(codes) & sum(1 << column for column in columns)) > 0
        if not view.all_visible:
            seen = view.visible.take(documents)
            keep = seen if keep is None else keep & seen
        if keep is not None:
            documents, codes = documents[keep], codes[keep]
        # A word of all fields is in as many articles as it matches, and `idf` would ask for its matches.
        idf = ranking.idf(view.documents, documents.size) if self._everywhere else self.idf
        tables = {column: view.weights_by_length(field) for column, field in zip(columns, self.fields, strict=True)}
        return Matches(documents, _TermScorer(view.snapshot, documents, codes, tables, idf, view.settings.k1))

    def _summed(self) -> Matches:
        """The visible documents of several terms or words: their frequencies in each field come first."""
        view = self._view
        total, found = np.zeros(view.snapshot.size), np.zeros(view.snapshot.size, np.bool_)
        for field in self.fields:
            documents, frequencies = self.frequencies(field)
            lengths = view.snapshot.column(schema.length_column(field))[documents]
            total[documents] += frequencies * view.weights_by_length(field)[lengths]
            found[documents] = True
        documents = np.flatnonzero(found & view.visible)
        idf = ranking.idf(view.documents, documents.size) if self._everywhere else self.idf
        return Matches(documents, idf * ranking.saturate(total[documents], view.settings.k1))

    def _field_facts(self, field: str, document: int) -> dict[str, float]:
        documents, frequencies = self.frequencies(field)
        return {
            "tf": int(frequencies[documents == document].sum()),
            "weight": getattr(self._view.settings.weights, field),
            "length": int(self._view.snapshot.column(schema.length_column(field))[document]),
            "average_length": self._view.average_lengths[field],
        }


class _TermScorer:
    """What a term adds to the B of its documents, straight from the snapshot's table of frequencies.

    It knows the figures it needs and not the view, which keeps it: a view that nobody uses any more goes at once.
    """

    __slots__ = ("_codes", "_documents", "_idf", "_k1", "_snapshot", "_tables")

    def __init__(  # noqa: PLR0917 - the figures of one term
        self,
        snapshot: Snapshot,
        documents: Documents,
        codes: NDArray[np.int64],
        tables: dict[int, Floats],
        idf: float,
        k1: float,
    ) -> None:
        """`tables` has, for each field by its place in TEXT_FIELDS, the weights by length."""
        self._snapshot = snapshot
        self._documents = documents
        self._codes = codes
        self._tables = tables
        self._idf = idf
        self._k1 = k1

    def __call__(self, places: Documents | None) -> Floats:
        """The scores of the documents at some places, or of all."""
        snapshot, documents, codes = self._snapshot, self._documents, self._codes
        if places is not None:
            documents, codes = documents.take(places), codes.take(places)
        x = np.zeros(documents.size)
        present = int(np.bitwise_or.reduce(snapshot.fields.take(codes)))
        for column, weights in self._tables.items():
            if not present >> column & 1:
                continue
            frequencies = snapshot.frequencies[column].take(codes)
            lengths = snapshot.lengths(TEXT_FIELDS[column])
            if documents.size <= _FEW:
                x += frequencies * weights.take(lengths.take(documents))
            else:
                here = frequencies.nonzero()[0]
                x[here] += frequencies.take(here) * weights.take(lengths.take(documents.take(here)))
        return self._idf * ranking.saturate(x, self._k1)


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
