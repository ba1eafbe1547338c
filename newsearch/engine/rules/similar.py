"""The words that tell one article from the others, as a query for more like it.

    words = telling_words([(2.0, "Portland bans recognition")], analyzer, counted=counted, documents=34_000, k1=1.2)
    similar_query("8eqtc2rdxa4tn", words)           # "(portland OR recognition) -id:8eqtc2rdxa4tn"

A word tells as much as it would add to the article's own score: its idf times its saturated, weighted frequency in
title, excerpt, topics and body (`newsearch.ranking`). The most telling make the query, any of which is enough. That is
Lucene's MoreLikeThis with BM25F's weights for its tf-idf. The result is a query like any other: it can be read, changed
and asked again.
"""

from collections.abc import Callable, Iterable, Sequence

from newsearch import ranking
from newsearch.engine.rules.analysis import Analyzer
from newsearch.query import ast

__all__ = ["MOST", "similar_query", "telling_words"]

MOST = 25
"""How many words a query for similar articles has."""

_AT_LEAST = 2
"""In how many visible articles a word has to be: in one alone it leads to nothing."""

_COMMON = 25
"""Words of more articles than a tenth of all, and than this, say nothing of one of them."""


def similar_query(identity: str, words: Sequence[str]) -> str:
    """The query for articles with some of these words but that of this id."""
    itself = ast.Keyword("id", identity)
    if not words:
        return f"{itself} -{itself}"  # nothing is like an article without words
    tree = ast.combined(ast.Or, [ast.Word(word) for word in words])
    return str(ast.combined(ast.Sequence, [tree, ast.Not(itself)]))


def telling_words(
    texts: Iterable[tuple[float, str]],
    analyzer: Analyzer,
    *,
    counted: Callable[[Sequence[str]], Sequence[int]],
    documents: int,
    k1: float,
    most: int = MOST,
) -> list[str]:
    """An article's most telling words, in small letters where that is the same word; of equal ones by the alphabet.

    Each of its texts comes with what a word in there weighs; `counted` tells how many of so many visible `documents`
    have each of some terms.
    """
    weighted: dict[str, float] = {}
    written: dict[str, str] = {}
    for weight, text in texts:
        for token in analyzer.tokens(text):
            if not token.stop:
                weighted[token.term] = weighted.get(token.term, 0.0) + weight
                written.setdefault(token.term, text[token.start : token.end])
    strengths = {}
    for (term, x), df in zip(weighted.items(), counted(list(weighted)), strict=True):
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
