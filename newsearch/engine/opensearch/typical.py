"""What is typical of the articles found: words, topics and providers.

    typical_terms(request, searcher, against=None, limit=20, now=now)

The measure is `newsearch.engine.rules.typical`'s. Counted are the CANDIDATES values that most hits have. A word is
shown as most articles write it.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.rules.typical import LEAST, SIGNIFICANT, log_likelihood, nothing_else
from newsearch.findings import TypicalTerm, TypicalTerms
from newsearch.model import SearchRequest

if TYPE_CHECKING:
    from newsearch.engine.opensearch.search import Searcher

__all__ = ["CANDIDATES", "typical_terms"]

CANDIDATES = 5000
"""Values of a field that are compared."""

_FORMS = 50
_STEM = 3


def typical_terms(
    request: SearchRequest, searcher: "Searcher", *, against: SearchRequest | None, limit: int, now: datetime
) -> TypicalTerms:
    """What a request's hits have more often than all other articles, or than those that another request finds."""
    started = time.perf_counter()
    found = searcher.find(request, now=now)
    compared = None if against is None else searcher.find(replace(against, as_of=request.as_of), now=now)
    view, hits = found.view, found.matching()
    rest: Query = {"bool": {"must_not": [hits]}}
    others = view.among(rest) if compared is None else view.among(compared.matching(), rest)
    total, rest_total, compared_total = _totals(
        view, [hits, others, others if compared is None else compared.matching()]
    )
    sides = _Sides(view, hits, others, total, rest_total)
    own: set[str] = set()
    for clause in found.compiled.clauses:
        own.update(clause.terms, map(searcher.analyzer.term_of, clause.words))
    warnings = [*found.warnings, *(compared.warnings if compared is not None else ())]
    if total and not rest_total:
        warnings.append(nothing_else(compared is not None, bool(compared is not None and compared_total)))
    words = sides.strongest("own", limit, without=own)
    return TypicalTerms(
        request=request,
        against=None if against is None else against.text,
        parsed=found.question.understood,
        against_parsed=None if compared is None else compared.question.understood,
        as_of=found.question.moment,
        total=total,
        others=rest_total,
        words=_as_written(words, view, searcher),
        topics=sides.named("topic", limit, searcher),
        providers=sides.named("publisher", limit, searcher),
        relaxed=found.relaxed,
        took_ms=(time.perf_counter() - started) * 1000,
        index=searcher.state,
        warnings=tuple(warnings),
    )


class _Sides:
    """The articles compared, as queries, and how many they are."""

    def __init__(self, view: View, hits: Query, others: Query, total: int, rest: int) -> None:
        self._view = view
        self._hits = hits
        self._others = others
        self._total = total
        self._rest = rest

    def strongest(self, field: str, limit: int, without: set[str] | None = None) -> list[TypicalTerm]:
        """The strongest values of a field, of equal ones by name."""
        if not self._total or not self._rest:
            return []
        listed = {"values": {"terms": {"field": field, "size": CANDIDATES, "min_doc_count": LEAST}}}
        answer = self._view.ask({"size": 0, "query": self._hits, "aggs": listed, "track_total_hits": False})
        a = {one["key"]: one["doc_count"] for one in answer["aggregations"]["values"]["buckets"]}
        a = {value: count for value, count in a.items() if not without or value not in without}
        if not a:
            return []
        same = {"values": {"terms": {"field": field, "size": len(a), "include": list(a)}}}
        answer = self._view.ask({"size": 0, "query": self._others, "aggs": same, "track_total_hits": False})
        b = {one["key"]: one["doc_count"] for one in answer["aggregations"]["values"]["buckets"]}
        values = list(a)
        here = np.array([a[value] for value in values], np.int64)
        there = np.array([b.get(value, 0) for value in values], np.int64)
        strengths = log_likelihood(here, there, self._total, self._rest).tolist()
        found = [
            TypicalTerm(value, a[value], b.get(value, 0), strength)
            for value, strength in zip(values, strengths, strict=True)
            if strength >= SIGNIFICANT and a[value] * self._rest > b.get(value, 0) * self._total
        ]
        return sorted(found, key=lambda one: (-one.strength, one.value))[:limit]

    def named(self, field: str, limit: int, searcher: "Searcher") -> tuple[TypicalTerm, ...]:
        """The strongest topics or providers, as they are written; of several ways to write one the first."""
        names = searcher.facets.names("provider" if field == "publisher" else field)
        found = [replace(one, value=names.get(one.value, one.value)) for one in self.strongest(field, limit)]
        return tuple(sorted(found, key=lambda one: (-one.strength, one.value)))


def _as_written(found: Sequence[TypicalTerm], view: View, searcher: "Searcher") -> tuple[TypicalTerm, ...]:
    """Terms as the word that most of the articles that have them write."""
    bodies: list[Query] = []
    for one in found:
        listed = {"field": "words", "size": _FORMS, "include": f"{_escaped(one.value[:_STEM])}.*"}
        query = view.among({"term": {"terms": one.value}})
        bodies.append({"size": 0, "query": query, "aggs": {"words": {"terms": listed}}, "track_total_hits": False})
    written = []
    for one, answer in zip(found, view.ask_all(bodies), strict=True):
        buckets = answer["aggregations"]["words"]["buckets"]
        forms = [bucket["key"] for bucket in buckets if searcher.analyzer.term_of(bucket["key"]) == one.value]
        written.append(replace(one, value=forms[0] if forms else one.value))
    return tuple(written)


def _escaped(text: str) -> str:
    return "".join(sign if sign.isalnum() else f"\\{sign}" for sign in text)


def _totals(view: View, queries: Sequence[Query]) -> list[int]:
    bodies: list[Query] = [{"size": 0, "query": query, "track_total_hits": True} for query in queries]
    return [int(answer["hits"]["total"]["value"]) for answer in view.ask_all(bodies)]
