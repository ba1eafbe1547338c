"""What is found from an article or a query, from one snapshot: similar articles, neighbours, what is typical.

    similar_articles(document, searcher, SearchRequest(limit=5), now=now)
    related_articles(document, searcher, depth=2, limit=50, as_of=None, now=now)
    typical_terms(request, searcher, against="date:2019", limit=20, now=now)

Puts together what `similar`, `citations`, `typical` and `search` compute, in the nouns of `newsearch.findings`.
"""

import time
from dataclasses import replace
from datetime import datetime

import numpy as np

from newsearch.engine.rules.typical import nothing_else
from newsearch.engine.whoosh.citations import neighbours
from newsearch.engine.whoosh.refs import article_ref
from newsearch.engine.whoosh.search import Searcher
from newsearch.engine.whoosh.similar import similar_text
from newsearch.engine.whoosh.typical import Sides
from newsearch.errors import ArticleNotFound
from newsearch.findings import CitationStep, Relation, Relations, TypicalTerms
from newsearch.model import SearchRequest, SearchResult

__all__ = ["related_articles", "similar_articles", "typical_terms"]


def similar_articles(document: int, searcher: Searcher, request: SearchRequest, *, now: datetime) -> SearchResult:
    """The articles like a document's, by its most telling words; of the request the text and match are not used.

    Raises QueryError as `Searcher.search` does.
    """
    text = similar_text(document, searcher.view_of(request, now=now))
    return searcher.search(replace(request, text=text, match="any"), now=now)


def related_articles(
    document: int, searcher: Searcher, *, depth: int, limit: int, as_of: str | None, now: datetime
) -> Relations:
    """The articles that citations lead to from a document, nearest first.

    Raises ArticleNotFound where it was not there as of then, QueryError for a moment that cannot be read.
    """
    snapshot = searcher.snapshot
    view = searcher.view_of(SearchRequest(as_of=as_of), now=now)
    if not view.visible[document]:
        raise ArticleNotFound(f"The article {snapshot.id(document)} was not there as of {as_of}.")
    found = neighbours(document, searcher.citations(view), view, depth=depth)
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
    request: SearchRequest, searcher: Searcher, *, against: SearchRequest | None, limit: int, now: datetime
) -> TypicalTerms:
    """What a request's hits have more often than all other articles, or than those that another request finds.

    Both look at the same moment, the first one's. Raises QueryError as `Searcher.search` does.
    """
    started = time.perf_counter()
    snapshot = searcher.snapshot
    found = searcher.find(request, now=now)
    hits = np.zeros(snapshot.size, np.bool_)
    hits[found.evaluation.matches.documents] = True
    compared = None
    if against is None:
        sides = Sides(hits, found.view.visible & ~hits, rest_of=found.view)
    else:
        compared = searcher.find(replace(against, as_of=request.as_of), now=now)
        others = np.zeros(snapshot.size, np.bool_)
        others[compared.evaluation.matches.documents] = True
        sides = Sides(hits, others & ~hits)
    own = {term for clause in found.evaluation.clauses for term in clause.terms}
    total, rest = int(np.count_nonzero(hits)), int(np.count_nonzero(sides.others))
    warnings = list(found.warnings)
    if compared is not None:
        warnings += compared.warnings
    if total and not rest:
        warnings.append(
            nothing_else(compared is not None, bool(compared and compared.evaluation.matches.documents.size))
        )
    return TypicalTerms(
        request=request,
        against=None if against is None else against.text,
        parsed=found.question.understood,
        against_parsed=None if compared is None else compared.question.understood,
        as_of=found.question.moment,
        total=total,
        others=rest,
        words=searcher.typical.words(sides, without=own, limit=limit),
        topics=searcher.typical.topics(sides, limit=limit),
        providers=searcher.typical.providers(sides, limit=limit),
        relaxed=found.evaluation.relaxed,
        took_ms=(time.perf_counter() - started) * 1000,
        index=searcher.state,
        warnings=tuple(warnings),
    )
