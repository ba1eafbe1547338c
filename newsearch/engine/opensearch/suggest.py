"""What to tell somebody who found nothing, or not what was meant.

    suggestion(found, request, searcher, total=0, now=now)          # "facial recognition"
    list(hints(found))                                              # ["No article has the provider ..."]

What is said is decided by `newsearch.engine.rules`; the words, and how many articles have them, are the cluster's.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from newsearch.engine.opensearch.constraints import constraint_query
from newsearch.engine.opensearch.expansions import near
from newsearch.engine.opensearch.found import Found
from newsearch.engine.opensearch.mapping import TEXT
from newsearch.engine.opensearch.view import Query
from newsearch.engine.rules import hints as rules
from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.correction import corrected, edits_allowed
from newsearch.engine.rules.questions import has_choices
from newsearch.engine.rules.sought import Terms
from newsearch.model import SearchRequest
from newsearch.query import ast
from newsearch.query.fields import TEXT_FIELDS, nearest

if TYPE_CHECKING:
    from newsearch.engine.opensearch.search import Searcher

__all__ = ["hints", "suggestion"]

_VALUES = 20_000


def suggestion(found: Found, request: SearchRequest, searcher: "Searcher", *, total: int, now: datetime) -> str | None:
    """The query with better words for those that no article has, if that finds something."""
    view = found.view
    if total and not found.relaxed:
        # A word that is missing has to be one that articles may lack.
        having = view.counts([clause.filtering() for clause in found.compiled.clauses])
        if all(having) or not has_choices(found.question.tree, request):
            return None

    def articles(terms: Terms, fields: tuple[str, ...]) -> int:
        names = ["terms"] if len(fields) == len(TEXT_FIELDS) else [f"{TEXT}.{field}" for field in fields]
        each: list[Query] = [{"terms": {name: list(terms)}} for name in names]
        return view.counts([{"bool": {"should": each}}])[0]

    def alike(word: str) -> list[tuple[int, str]]:
        limit = edits_allowed(word)
        return near(word, limit, view) if limit else []

    parsed = found.question.parsed
    text = corrected(
        request.text, parsed.tree, searcher.analyzer, articles=articles, near=alike, doubtful=parsed.doubtful
    )
    if text is None:
        return None
    better = searcher.find(replace(request, text=text), now=now)
    answer = view.ask({"size": 0, "query": better.matching(), "track_total_hits": 1})
    return text if answer["hits"]["total"]["value"] else None


def hints(found: Found) -> Iterator[str]:
    """Sentences that explain an empty result, as far as one can tell."""
    view = found.view

    def is_there(asked: ast.Keyword) -> bool:
        return bool(view.counts([constraint_query(asked)])[0])

    def nearest_there(asked: ast.Keyword) -> str | None:
        listed = {"values": {"terms": {"field": asked.field, "size": _VALUES}}}
        # Of articles that can be seen: what is only in those that are not there yet is nobody's to learn.
        answer = view.ask({"size": 0, "query": view.among(), "aggs": listed, "track_total_hits": False})
        known = [bucket["key"] for bucket in answer["aggregations"]["values"]["buckets"]]
        return nearest(fold(asked.value), known)

    return rules.hints(found.question, newest=view.reference, is_there=is_there, nearest_there=nearest_there)
