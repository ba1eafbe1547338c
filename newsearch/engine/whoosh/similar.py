"""The words that tell one article from the others, as a query for more like it.

    similar_text(document, view)        # "(portland OR ban OR recognition) -id:8eqtc2rdxa4tn"

A word tells as much as it would add to the article's own score: its idf times its saturated, weighted frequency in
title, excerpt, topics and body (`newsearch.ranking`). The most telling make the query, any of which is enough. That is
Lucene's MoreLikeThis with BM25F's weights for its tf-idf. The result is a query like any other: it can be read, changed
and asked again.
"""

from newsearch import ranking
from newsearch.engine.whoosh.hits import stored_article
from newsearch.engine.whoosh.schema import length_column
from newsearch.engine.whoosh.view import View
from newsearch.model import NewsItem
from newsearch.query import ast

__all__ = ["MOST", "similar_text", "telling_words"]

MOST = 25
"""How many words a query for similar articles has."""

_AT_LEAST = 2
"""In how many visible articles a word has to be: in one alone it leads to nothing."""

_COMMON = 25
"""Words of more articles than a tenth of all, and than this, say nothing of one of them."""


def similar_text(document: int, view: View) -> str:
    """The query for articles like a document's, which itself is left out."""
    itself = ast.Keyword("id", view.snapshot.id(document))
    words = telling_words(document, view)
    if not words:
        return f"{itself} -{itself}"  # nothing is like an article without words
    tree = ast.combined(ast.Or, [ast.Word(word) for word in words])
    return str(ast.combined(ast.Sequence, [tree, ast.Not(itself)]))


def telling_words(document: int, view: View, most: int = MOST) -> list[str]:
    """The article's most telling words, in small letters where that is the same word; of equal ones by the alphabet."""
    analyzer = view.snapshot.analyzer
    weighted: dict[str, float] = {}
    written: dict[str, str] = {}
    for field, values in _texts(document, view).items():
        length = int(view.snapshot.column(length_column(field))[document])
        weight = float(view.weights_by_length(field)[length])
        for value in values:
            for token in analyzer.tokens(value):
                if not token.stop:
                    weighted[token.term] = weighted.get(token.term, 0.0) + weight
                    written.setdefault(token.term, value[token.start : token.end])
    strengths = {}
    for term, x in weighted.items():
        df = _document_frequency(term, view)
        if _AT_LEAST <= df <= max(_COMMON, view.documents // 10):
            strengths[term] = ranking.idf(view.documents, df) * ranking.saturate(x, view.settings.k1)
    words = []
    for term in sorted(strengths, key=lambda term: (-strengths[term], term)):
        # A query's word has to become the same term again, which one may not in small letters (US) or at all.
        for word in (analyzer.written_terms(written[term])[0][0], written[term]):
            if analyzer.terms(word, capitals=False) == [term]:
                words.append(word)
                break
        if len(words) == most:
            break
    return words


def _texts(document: int, view: View) -> dict[str, list[str]]:
    article = stored_article(document, view.snapshot)
    texts = {"title": [article.title], "excerpt": [article.excerpt]}
    if isinstance(article, NewsItem):
        texts |= {"topics": list(article.topics), "body": [article.body]}
    return texts


def _document_frequency(term: str, view: View) -> int:
    """How many visible articles have a term in any text field."""
    found = 0
    for segment in view.snapshot.segments:
        rank = segment.file.rank(term)
        if rank >= 0 and view.all_visible:
            found += segment.file.postings.count(rank)
        elif rank >= 0:
            found += int(view.visible[segment.base :][segment.file.postings.documents(rank)].sum())
    return found
