"""The parts of a query that score, as queries of the cluster: a word, a phrase, or words that count as one.

    clause = Clause(node, Run((("harbour",),)), ("title", "excerpt"), view, expansions)
    clause.scoring(), clause.filtering()

The formula is the embedded engine's: the fields' weighted and length-normalised frequencies are added first and
saturated once. A frequency comes as the score of a query on one field (`mapping`), a script multiplies it by
the weight of an occurrence at the field's exact length, the cluster adds up the fields, another script saturates. How
rare a word is comes from here, so every shard counts with the same figures.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice, product

from newsearch import ranking
from newsearch.engine.opensearch.expansions import Expansion
from newsearch.engine.opensearch.mapping import LENGTH, TEXT, WRITTEN
from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.rules.sought import Form, OneOf, Run, Sought, cut_short, terms_in
from newsearch.query.fields import TEXT_FIELDS

__all__ = ["Clause"]

_FIELD = (
    "long n = doc[params.l].size() == 0 ? 0 : doc[params.l].value;"
    " return _score * params.w / (n * params.s + params.d);"
)
"""A field's weighted frequency: w is the weight over what counts as one, l the length's field, s and d its norm."""

_SATURATED = "return params.i * (_score / (_score + params.k));"
"""i is idf and boost, k is k1."""

_WRITINGS = 64
"""Ways to write a phrase whose words stand for several terms; only `us` does."""


class Clause:
    """What a part of a query looks for, bound to a view.

    `fields` are those it is looked for in, `boost` multiplies what it adds to B, `expansion` has the words that it
    stands for where it is a prefix, a pattern or a misspelt word.
    """

    def __init__(
        self,
        label: object,
        sought: Sought,
        fields: tuple[str, ...],
        view: View,
        *,
        boost: float = 1.0,
        expansion: Expansion | None = None,
    ) -> None:
        self._label = label
        self.sought = sought
        self.fields = fields
        self.view = view
        self.boost = boost
        self.expansion = expansion

    @property
    def label(self) -> str:
        """What it was in the query."""
        return str(self._label)

    @property
    def warning(self) -> str | None:
        """What the cluster does of it in another way than asked."""
        if isinstance(self.sought, Form) and self.expansion is not None and self.expansion.truncated:
            return cut_short(self.label, self.sought, len(self.words))
        if any(run.slop for run in self._runs):
            return f"{self.label}: on a cluster, words near each other count the more the nearer they stand."
        return None

    @property
    def any_of(self) -> dict[str, object]:
        """The words and phrases that it stands for, where synonyms gave them."""
        alternatives = getattr(self._label, "alternatives", None)
        return {} if alternatives is None else {"any_of": [str(one) for one in alternatives]}

    @property
    def terms(self) -> frozenset[str]:
        """The terms that it asks for, those of its `words` left out."""
        return terms_in(self.sought)

    @property
    def words(self) -> Mapping[str, float]:
        """The words as written that a prefix, a pattern or a misspelt word stands for, and what each counts."""
        return {} if self.expansion is None else self.expansion.worths

    @property
    def fits(self) -> Callable[[str], bool]:
        """What tells whether it stands for a word as written."""
        return self.words.__contains__

    @property
    def frequency_queries(self) -> list[Query]:
        """What counts the articles that have it: one query, or for a phrase one for each word."""
        if isinstance(self.sought, Run):
            return [{"terms": {"terms": list(terms)}} for terms in self.sought.slots]
        return [self._found_in(TEXT_FIELDS)]

    @cached_property
    def document_frequencies(self) -> list[int]:
        """How many visible articles have it in any text field; for each word of a phrase, how many have that."""
        return self.view.counts(self.frequency_queries)

    @cached_property
    def idf(self) -> float:
        """A word's idf, or that of several words that count as one; a phrase's is the sum of its words'."""
        return sum(ranking.idf(self.view.documents, df) for df in self.document_frequencies)

    def filtering(self) -> Query:
        """A query for the articles that have it."""
        return self._found_in(self.fields)

    def scoring(self) -> Query:
        """A query for the articles that have it, whose score is what it adds to B."""
        parts = [part for field in self.fields for part in self._weighted(field)]
        if not parts:
            return {"match_none": {}}
        added = parts[0] if len(parts) == 1 else {"bool": {"should": parts}}
        return _scripted(added, _SATURATED, i=self.idf * self.boost, k=self.view.settings.k1)

    def _weighted(self, field: str) -> Iterator[Query]:
        """Queries on a field whose scores add up to its weighted frequency."""
        weight = float(getattr(self.view.settings.weights, field))
        slope, least = self.view.norm(field)
        for query, counted in self._frequencies(field):
            values = {"w": weight / counted, "l": f"{LENGTH}.{field}", "s": slope, "d": least}
            yield _scripted(query, _FIELD, **values)

    def _frequencies(self, field: str) -> Iterator[tuple[Query, int]]:
        """Queries on a field whose scores add up to its frequency, each times a number that is given beside it."""
        terms, name = self._terms, f"{TEXT}.{field}"
        if isinstance(self.sought, Form):
            name = f"{WRITTEN}.{field}"
            words: list[Query] = [
                {"term": {name: {"value": word, "boost": worth}}} for word, worth in self.words.items()
            ]
            if words:
                yield {"bool": {"should": words}}, 1
            return
        if terms:
            alone: list[Query] = [{"term": {name: term}} for term in terms]
            yield (alone[0] if len(alone) == 1 else {"bool": {"should": alone}}), 1
        for run in self._runs:
            for writing in _writings(run):
                # A phrase's score is the sum over its words, each of which has the frequency of the phrase.
                if run.slop:
                    yield _near(name, writing, run.slop), len(set(writing))
                else:
                    yield _phrase(name, writing), len(writing)

    def _found_in(self, fields: tuple[str, ...]) -> Query:
        """The articles that have it in some of the text fields."""
        everywhere = len(fields) == len(TEXT_FIELDS)
        parts: list[Query] = []
        if self.expansion is not None:
            words = list(self.expansion.worths)
            names = ["words"] if everywhere else [f"{WRITTEN}.{field}" for field in fields]
            parts += [{"terms": {name: words}} for name in names if words]
        elif self._terms:
            names = ["terms"] if everywhere else [f"{TEXT}.{field}" for field in fields]
            parts += [{"terms": {name: list(self._terms)}} for name in names]
        for run in self._runs:
            for field in fields:
                for writing in _writings(run):
                    name = f"{TEXT}.{field}"
                    parts.append(_near(name, writing, run.slop) if run.slop else _phrase(name, writing))
        if not parts:
            return {"match_none": {}}
        return parts[0] if len(parts) == 1 else {"bool": {"should": parts}}

    @property
    def _terms(self) -> tuple[str, ...]:
        match self.sought:
            case Run(slots=(terms,)):
                return terms
            case OneOf(terms=terms):
                return terms
        return ()

    @property
    def _runs(self) -> tuple[Run, ...]:
        match self.sought:
            case Run(slots=slots) if len(slots) > 1:
                return (self.sought,)
            case OneOf(runs=runs):
                return runs
        return ()


def _writings(run: Run) -> Iterator[tuple[str, ...]]:
    """A phrase in each of the terms that its words stand for."""
    return islice(product(*run.slots), _WRITINGS)


def _phrase(name: str, terms: tuple[str, ...]) -> Query:
    return {"match_phrase": {name: {"query": " ".join(terms), "analyzer": "terms"}}}


def _near(name: str, terms: tuple[str, ...], slop: int) -> Query:
    """Words in any order within a window of so many positions more than there are words."""
    spans: Query = {
        "span_near": {"clauses": [{"span_term": {name: term}} for term in dict.fromkeys(terms)], "in_order": False}
    }
    once = len(set(terms))
    # A word that is twice in the phrase takes a place of the window of its own.
    spans["span_near"]["slop"] = slop + len(terms) - once
    if once == len(terms):
        return spans
    match = {"query": " ".join(terms), "analyzer": "terms", "max_gaps": slop, "mode": "unordered"}
    if once == 1:
        spans = {"term": {name: terms[0]}}
    return {"bool": {"must": [spans], "filter": [{"intervals": {name: {"match": match}}}]}}


def _scripted(query: Query, source: str, **values: object) -> Query:
    return {"script_score": {"query": query, "script": {"source": source, "params": values}}}
