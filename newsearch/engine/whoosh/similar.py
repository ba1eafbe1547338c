"""The words that tell one article from the others, as a query for more like it.

    similar_text(document, view)        # "(portland OR ban OR recognition) -id:8eqtc2rdxa4tn"

A word tells as much as it would add to the article's own score: its idf times its saturated, weighted frequency in
title, excerpt, topics and body (`newsearch.ranking`). The most telling make the query, any of which is enough. That is
Lucene's MoreLikeThis with BM25F's weights for its tf-idf. The result is a query like any other: it can be read, changed
and asked again.
"""

from collections.abc import Mapping, Sequence

from newsearch import ranking
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.whoosh.hits import stored_article
from newsearch.engine.whoosh.schema import length_column
from newsearch.engine.whoosh.view import View
from newsearch.model import NewsItem
from newsearch.query import ast

__all__ = ["MOST", "chosen_words", "similar_query", "similar_text", "telling_words"]

MOST = 25
"""How many words a query for similar articles has."""

_AT_LEAST = 2
"""In how many visible articles a word has to be: in one alone it leads to nothing."""

_COMMON = 25
"""Words of more articles than a tenth of all, and than this, say nothing of one of them."""


def similar_text(document: int, view: View) -> str:
    """The query for articles like a document's, which itself is left out."""
    return similar_query(view.snapshot.id(document), telling_words(document, view))


def similar_query(identity: str, words: Sequence[str]) -> str:
    """The query for articles with some of these words but that of this id."""
    itself = ast.Keyword("id", identity)
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
    frequencies = {term: _document_frequency(term, view) for term in weighted}
    return chosen_words(
        weighted, written, frequencies, analyzer, documents=view.documents, k1=view.settings.k1, most=most
    )


def chosen_words(
    weighted: Mapping[str, float],
    written: Mapping[str, str],
    frequencies: Mapping[str, int],
    analyzer: Analyzer,
    *,
    documents: int,
    k1: float,
    most: int = MOST,
) -> list[str]:
    """Of an article's terms, with their weighted frequencies, the words that tell most of it.

    `written` has a way to write each, `frequencies` how many of so many `documents` have it.
    """
    strengths = {}
    for term, x in weighted.items():
        df = frequencies[term]
        if _AT_LEAST <= df <= max(_COMMON, documents // 10):
            strengths[term] = ranking.idf(documents, df) * ranking.saturate(x, k1)
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
