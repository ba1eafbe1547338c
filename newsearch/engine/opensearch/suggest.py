"""What to tell somebody who found nothing, or not what was meant.

    suggestion(found, request, searcher, total=0, now=now)          # "facial recognition"
    list(hints(found, searcher))                                    # ["No article has the provider ..."]

By the rules of the embedded engine; the words, and how many articles have them, are the cluster's.
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
from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.keywords import KEYWORDS_BY_TERM
from newsearch.engine.rules.sought import Terms
from newsearch.engine.whoosh.hints import begins_after
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.search import has_choices
from newsearch.engine.whoosh.spelling import LONGEST, edits_allowed
from newsearch.engine.whoosh.suggest import corrected
from newsearch.model import SearchRequest
from newsearch.query import ast
from newsearch.query.dates import from_seconds
from newsearch.query.fields import nearest, shown

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
        if all(having) or not has_choices(found.tree, request):
            return None

    def articles(terms: Terms, fields: tuple[str, ...]) -> int:
        names = ["terms"] if len(fields) == len(TEXT_FIELDS) else [f"{TEXT}.{field}" for field in fields]
        each: list[Query] = [{"terms": {name: list(terms)}} for name in names]
        return view.counts([{"bool": {"should": each}}])[0]

    def alike(word: str) -> list[tuple[int, str]]:
        limit = edits_allowed(len(word))
        if not limit or len(word) > LONGEST or not any(char.isalpha() for char in word):
            return []
        return near(word, limit, view)

    parsed = found.parsed
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
    yield from _unknown_values(found.tree, found)
    ages = found.ages if found.as_of is None else ()
    newest = found.view.reference
    reference = from_seconds(newest)
    if ages and reference is not None and newest is not None and begins_after(found.tree, newest):
        yield (
            f"The newest article is of {reference:%Y-%m-%d}; {', '.join(ages)} counts back from today. "
            "Count from the archive's end with --as-of latest."
        )


def _unknown_values(tree: ast.Node, found: Found) -> Iterator[str]:
    match tree:
        case ast.Keyword(field=field, value=value) if field in KEYWORDS_BY_TERM:
            if found.view.counts([constraint_query(tree)])[0]:
                return
            listed = {"values": {"terms": {"field": field, "size": _VALUES}}}
            # Of articles that can be seen: what is only in those that are not there yet is nobody's to learn.
            body = {"size": 0, "query": found.view.among(), "aggs": listed, "track_total_hits": False}
            answer = found.view.ask(body)
            known = [bucket["key"] for bucket in answer["aggregations"]["values"]["buckets"]]
            near_value = nearest(fold(value), known)
            yield f"No article has the {field} {shown(value)}." + (f" Did you mean {near_value}?" if near_value else "")
        case ast.Sequence(children=children) | ast.And(children=children) | ast.Or(children=children):
            for child in children:
                yield from _unknown_values(child, found)
        case ast.Boosted(child=child):
            yield from _unknown_values(child, found)
