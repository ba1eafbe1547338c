"""The parts of a query that score: a word, a phrase, or words that count as one, bound to where they are looked for.

    clause = Clause("harbour", Run((("harbour",),)), ("title", "excerpt"), view)
    clause.matches.documents, clause.matches.scores

A clause knows where its words occur, how rare they are, and what they add to B. How clauses combine is `evaluate`'s.
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from newsearch import ranking
from newsearch.engine.rules.explanation import clause_of, words_of
from newsearch.engine.rules.sought import Form, OneOf, Run, Sought, cut_short, terms_in
from newsearch.engine.whoosh.expansions import expanded
from newsearch.engine.whoosh.frequency import frequency
from newsearch.engine.whoosh.matches import NOTHING, Matches
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.engine.whoosh.tallies import Tally, tallied
from newsearch.engine.whoosh.view import View
from newsearch.model import Explanation

__all__ = ["Clause"]

Floats = NDArray[np.float64]

_SLOT_BYTES = 128
_POSTING_BYTES = 16


class Clause:
    """What a part of a query looks for, bound to a view.

    `label` is what it was in the query, a node or text. `fields` are those it is looked for in. `boost` multiplies what
    it adds to B.
    """

    def __init__(
        self, label: object, sought: Sought, fields: tuple[str, ...], view: View, *, boost: float = 1.0
    ) -> None:
        self._node = label
        self.sought: Sought = sought
        self.fields = fields
        self.boost = boost
        self._view = view
        self._matches: Matches | None = None
        self._explained: dict[int, Explanation | None] = {}

    @property
    def label(self) -> str:
        """What it was in the query, for an explanation."""
        return str(self._node)

    @property
    def matches(self) -> Matches:
        """The visible documents where it occurs, and what it adds to the B of each."""
        if self._matches is None:
            found = self._view.words.get(self._key, self._found)
            self._matches = found if self.boost == 1 else found.times(self.boost)
        return self._matches

    @property
    def _key(self) -> object:
        """What tells its matches, its boost left out, from all others'."""
        sought = self.sought
        # Tuples are compared much quicker than what they are the attributes of.
        return (sought.slots, sought.slop, self.fields) if isinstance(sought, Run) else (sought, self.fields)

    @cached_property
    def idf(self) -> float:
        """A word's idf, or that of several words that count as one; a phrase's is the sum of its words'."""
        return sum(ranking.idf(self._view.documents, df) for df in self.document_frequencies)

    @property
    def document_frequencies(self) -> tuple[int, ...]:
        """How many visible articles have it in any text field; for each word of a phrase, how many have that."""
        if isinstance(self.sought, Run):
            return tuple(frequency(terms, TEXT_FIELDS, self._view) for terms in self.sought.slots)
        return (self._view.rarities.get(self.sought, lambda: (self._tally.documents.size, 1)),)

    @property
    def terms(self) -> frozenset[str]:
        """The terms that it asks for."""
        if isinstance(self.sought, Form):
            return frozenset(map(self._view.snapshot.analyzer.term_of, self.words))
        return terms_in(self.sought)

    @cached_property
    def words(self) -> list[str]:
        """The words as written that a prefix, a pattern or a misspelt word stands for, ascending."""
        return expanded(self.sought, self._view).words(self._view) if isinstance(self.sought, Form) else []

    @cached_property
    def fits(self) -> Callable[[str], bool]:
        """What tells whether it stands for a word as written."""
        return expanded(self.sought, self._view).fits(self._view) if isinstance(self.sought, Form) else _never

    @property
    def warning(self) -> str | None:
        """That it stands for more words than are searched, if so."""
        if not isinstance(self.sought, Form) or not expanded(self.sought, self._view).truncated:
            return None
        return cut_short(self.label, self.sought, self.sought.most)

    def explain(self, document: int) -> Explanation | None:
        """What it adds to the B of a document, and why; None where it does not occur."""
        if document not in self._explained:
            # A query may have the same clause a hundred times.
            self._explained[document] = self._explanation(document)
        return self._explained[document]

    def _explanation(self, document: int) -> Explanation | None:
        facts = self._facts(document)
        if not facts:
            return None
        lengths = {field: int(found["length"]) for field, found in facts.items()}
        x = sum(facts[field]["tf"] * float(self._view.weights_by_length(field)[lengths[field]]) for field in facts)
        return clause_of(
            self.label,
            facts,
            self._counted_as_one(),
            x=x,
            idf=self.idf,
            boost=self.boost,
            documents=self._view.documents,
            document_frequencies=self.document_frequencies,
            settings=self._view.settings,
        )

    def _counted_as_one(self) -> dict[str, object]:
        """The words and phrases that it stands for, where that is not what was typed."""
        match self.sought:
            case Form():
                return words_of(self.words)
            case OneOf() if hasattr(self._node, "alternatives"):
                return {"any_of": [str(one) for one in self._node.alternatives]}
        return {}

    @cached_property
    def _tally(self) -> Tally:
        return tallied(self.sought, self._view)

    def _found(self) -> tuple[Matches, int]:
        """What it matches, its boost left out, and the bytes that this may come to."""
        match self.sought:
            case Run(slots=((term,),)):
                matches = self._word(term)
            case _:
                matches = self._summed()
        size = self._view.snapshot.size
        # Asked for by a phrase of two thousand words, it is kept by all of them.
        key = len(self.sought.slots) * _SLOT_BYTES if isinstance(self.sought, Run) else 0
        return matches, key + matches.documents.size * _POSTING_BYTES + (size if matches.is_long(size) else 0)

    def _word(self, term: str) -> Matches:
        """The visible documents of a single term, scored when asked for."""
        view = self._view
        tables = view.weights_by_column(self.fields)
        documents, codes = view.snapshot.postings(term)
        keep = None
        if len(tables) < len(TEXT_FIELDS):
            keep = (view.snapshot.fields.take(codes) & sum(1 << column for column in tables)) > 0
        if not view.all_visible:
            seen = view.visible.take(documents)
            keep = seen if keep is None else keep & seen
        if keep is not None:
            documents, codes = documents[keep], codes[keep]
        # A word of all fields is in as many articles as it matches.
        everywhere = len(tables) == len(TEXT_FIELDS)
        idf = ranking.idf(view.documents, documents.size) if everywhere else self.idf
        return Matches(documents, _TermScorer(view.snapshot, documents, codes, tables, idf, view.settings.k1))

    def _summed(self) -> Matches:
        """The visible documents of several terms or words: their frequencies in each field come first."""
        view, (documents, frequencies) = self._view, self._tally
        if not documents.size:
            # As most phrases of a long query: nobody has to know how rare its words are.
            return NOTHING
        columns = [TEXT_FIELDS.index(field) for field in self.fields]
        if len(columns) < len(TEXT_FIELDS):
            here = sum(frequencies[column] for column in columns).nonzero()[0]  # type: ignore[union-attr]  # an array
            documents, frequencies = documents.take(here), [each.take(here) for each in frequencies]
        x = np.zeros(documents.size)
        for column, field in zip(columns, self.fields, strict=True):
            x += frequencies[column] * view.weights_by_length(field).take(view.snapshot.lengths(field).take(documents))
        return Matches(documents, self.idf * ranking.saturate(x, view.settings.k1))

    def _facts(self, document: int) -> dict[str, dict[str, float]]:
        """The figures of a document's fields that have it."""
        view, frequencies = self._view, self._frequencies(document)
        facts: dict[str, dict[str, float]] = {}
        for field in self.fields if frequencies else ():
            found = float(frequencies[TEXT_FIELDS.index(field)])
            if found:
                facts[field] = {
                    "tf": int(found) if found.is_integer() else found,
                    "weight": getattr(view.settings.weights, field),
                    "length": int(view.snapshot.lengths(field)[document]),
                    "average_length": view.average_lengths[field],
                }
        return facts

    def _frequencies(self, document: int) -> list[float]:
        """How often each of TEXT_FIELDS has it in a document; nothing where none has."""
        match self.sought:
            case Run(slots=((term,),)):
                # A page of hits may be explained by a hundred words: what one has in all articles takes too long.
                documents, codes = self._view.snapshot.postings(term)
                place = int(documents.searchsorted(document))
                found = place < documents.size and documents[place] == document
                return self._view.snapshot.table[codes[place]].tolist() if found else []
        documents, frequencies = self._tally
        place = int(documents.searchsorted(document))
        found = place < documents.size and documents[place] == document
        return [float(each[place]) for each in frequencies] if found else []


def _never(_: str) -> bool:
    return False


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
        x = None
        present = int(np.bitwise_or.reduce(snapshot.fields.take(codes)))
        for column, weights in self._tables.items():
            if not present >> column & 1:
                continue
            # Of all its documents, those that lack it here too: picking out the others takes longer.
            each = snapshot.frequencies[column].take(codes)
            each *= weights.take(snapshot.lengths(TEXT_FIELDS[column]).take(documents))
            x = each if x is None else np.add(x, each, out=x)
        return np.zeros(documents.size) if x is None else self._idf * ranking.saturate(x, self._k1)
