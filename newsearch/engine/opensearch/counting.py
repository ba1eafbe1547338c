"""How often a clause occurs in the texts of one article.

    frequency(clause, Words(article, analyzer).in_field("title"))

For explanations: the cluster has counted the same in its index, and does not say so.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from newsearch.engine.opensearch.clauses import Clause
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.rules.articles import own_texts
from newsearch.engine.rules.sought import Form, OneOf, Run
from newsearch.model import NewsItem, RelatedArticle

__all__ = ["Value", "Words", "frequency"]


class Value(NamedTuple):
    """One value of a field: its terms in order, and its words as written."""

    terms: tuple[str, ...]
    written: tuple[str, ...]


class Words:
    """The words of one article."""

    def __init__(self, article: NewsItem | RelatedArticle, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._texts = own_texts(article)
        if isinstance(article, NewsItem):
            self._texts["related"] = [text for one in article.related for text in (one.title, one.excerpt)]
        self._known: dict[str, list[Value]] = {}

    def in_field(self, field: str) -> list[Value]:
        """The values of a field."""
        if field not in self._known:
            self._known[field] = [self._value(text) for text in self._texts.get(field, ())]
        return self._known[field]

    def length(self, field: str) -> int:
        """How many words a field has, stop words left out."""
        return sum(not self._analyzer.is_stop(term) for value in self.in_field(field) for term in value.terms)

    def _value(self, text: str) -> Value:
        tokens = list(self._analyzer.tokens(text))
        written = tuple(self._analyzer.written(text[token.start : token.end]) for token in tokens)
        return Value(tuple(token.term for token in tokens), written)


def frequency(clause: Clause, values: Sequence[Value]) -> float:
    """How often a clause occurs in the values of a field."""
    match clause.sought:
        case Form():
            return sum(clause.words.get(word, 0.0) for value in values for word in value.written)
        case OneOf(terms=terms, runs=runs):
            alone = sum(value.terms.count(term) for value in values for term in terms)
            return alone + sum(_occurrences(run, value.terms) for run in runs for value in values)
        case run:
            return sum(_occurrences(run, value.terms) for value in values)


def _occurrences(run: Run, terms: Sequence[str]) -> int:
    width = len(run.slots)
    if run.slop:
        return _windows(run, terms)
    return sum(
        all(terms[start + place] in slot for place, slot in enumerate(run.slots))
        for start in range(len(terms) - width + 1)
    )


def _windows(run: Run, terms: Sequence[str]) -> int:
    """The smallest stretches that have all words of a run and are no longer than it allows."""
    wanted = Counter(run.slots)
    longest = len(run.slots) + run.slop
    found, before = 0, -1
    for end in range(len(terms)):
        left = dict(wanted)
        for begin in range(end, max(-1, end - longest), -1):
            for slot in [slot for slot, count in left.items() if count and terms[begin] in slot]:
                left[slot] -= 1
            if not any(left.values()):
                if begin > before:
                    found += 1
                before = max(before, begin)
                break
    return found
