"""What is found from an article or a query, from one snapshot: similar articles, neighbours, what is typical.

    similar_articles(document, searcher, SearchRequest(limit=5), now=now)
    related_articles(document, searcher, depth=2, limit=50)
    typical_terms(request, searcher, against="date:2019", limit=20, now=now)

Puts together what `similar`, `citations`, `typical` and `search` compute, in the nouns of `newsearch.findings`.
"""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np

from newsearch.engine.whoosh.citations import neighbours
from newsearch.engine.whoosh.records import from_seconds
from newsearch.engine.whoosh.refs import article_ref
from newsearch.engine.whoosh.schema import MISSING_DATE
from newsearch.engine.whoosh.search import Searcher
from newsearch.engine.whoosh.similar import similar_text
from newsearch.engine.whoosh.typical import Sides, typical_providers, typical_topics, typical_words
from newsearch.findings import CitationStep, Relation, Relations, TypicalTerms
from newsearch.model import SearchRequest, SearchResult

__all__ = ["counts_by_month", "related_articles", "similar_articles", "typical_terms"]


def similar_articles(document: int, searcher: Searcher, request: SearchRequest, *, now: datetime) -> SearchResult:
    """The articles like a document's, by its most telling words; of the request the text and match are not used.

    Raises QueryError as `Searcher.search` does.
    """
    text = similar_text(document, searcher.view_of(request, now=now))
    return searcher.search(replace(request, text=text, match="any"), now=now)


def related_articles(document: int, searcher: Searcher, *, depth: int, limit: int) -> Relations:
    """The articles that citations lead to from a document, nearest first."""
    snapshot = searcher.snapshot
    found = neighbours(document, searcher.citations, searcher.live, depth=depth)
    steps: dict[int, tuple[CitationStep, ...]] = {document: ()}
    relations = []
    columns = (column[:limit].tolist() for column in found)
    for reached, distance, links, parent, forward in zip(*columns, strict=True):
        # What leads to it stands before it, so that its path is known.
        article = article_ref(reached, snapshot)
        steps[reached] = (*steps[parent], CitationStep("cites" if forward else "cited by", article))
        relations.append(Relation(article, distance, links, steps[reached]))
    return Relations(article_ref(document, snapshot), depth, int(found.documents.size), tuple(relations))


def typical_terms(
    request: SearchRequest, searcher: Searcher, *, against: str | None, limit: int, now: datetime
) -> TypicalTerms:
    """What a request's hits have more often than all other articles, or than those that another text finds.

    The other text is matched as the request's is and looked at as of the same moment; the request's filters are its
    own. Raises QueryError as `Searcher.search` does.
    """
    started = time.perf_counter()
    snapshot = searcher.snapshot
    found = searcher.find(request, now=now)
    hits = np.zeros(snapshot.size, np.bool_)
    hits[found.evaluation.matches.documents] = True
    others, compared = found.view.visible & ~hits, None
    if against is not None:
        compared = searcher.find(SearchRequest(against, match=request.match, as_of=request.as_of), now=now)
        others = np.zeros(snapshot.size, np.bool_)
        others[compared.evaluation.matches.documents] = True
        others &= ~hits
    sides = Sides(hits, others)
    own = {term for clause in found.evaluation.clauses for term in clause.terms}
    total, rest = int(np.count_nonzero(hits)), int(np.count_nonzero(others))
    warnings = list(found.warnings)
    if compared is not None:
        warnings += compared.warnings
    if total and not rest:
        warnings.append("There is nothing to compare the hits with, so nothing is typical of them.")
    return TypicalTerms(
        request=request,
        against=against,
        parsed=found.parsed,
        against_parsed=None if compared is None else compared.parsed,
        as_of=found.as_of,
        total=total,
        others=rest,
        words=typical_words(sides, snapshot, without=own, limit=limit),
        topics=typical_topics(sides, snapshot, limit=limit),
        providers=typical_providers(sides, searcher.providers, limit=limit),
        took_ms=(time.perf_counter() - started) * 1000,
        index=searcher.state,
        warnings=tuple(warnings),
    )


def counts_by_month(request: SearchRequest, searcher: Searcher, *, now: datetime) -> Mapping[str, int]:
    """How many dated articles a request matches in each month that has some, oldest first, as `2020-09`."""
    documents = searcher.find(request, now=now).evaluation.matches.documents
    dates = searcher.snapshot.dates[documents]
    days, counts = np.unique(dates[dates != MISSING_DATE] // 86_400, return_counts=True)
    months: Counter[str] = Counter()
    for day, count in zip(days.tolist(), counts.tolist(), strict=True):
        moment = from_seconds(day * 86_400)
        if moment is not None:
            months[f"{moment.year:04}-{moment.month:02}"] += count
    return dict(months)
