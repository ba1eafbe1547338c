"""What of an article matched: in which of its parts, and the part of its text that shows it best.

    marks = Marks(clauses, analyzer)
    marks.item_places(item), marks.snippet(item)

Texts are marked by `highlight`, and cut by `snippet`; here is which of an article's texts are looked at for what.
"""

from collections.abc import Sequence
from typing import Protocol

from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.rules.articles import Stored
from newsearch.engine.rules.highlight import Highlighter, Marked, Spans
from newsearch.engine.rules.snippet import LONGEST, best_snippet
from newsearch.items.ids import article_id, article_key
from newsearch.model import Hit, MatchPlace, NewsItem, Snippet

__all__ = ["Marks", "Weighed"]


class Weighed(Marked, Protocol):
    """What a clause, of whatever engine, has to say to be marked, and to be shown for its weight."""

    @property
    def idf(self) -> float:
        """How rare it is."""
        ...


class Marks:
    """Marks what the clauses of one query matched."""

    def __init__(self, clauses: Sequence[Weighed], analyzer: Analyzer) -> None:
        self._clauses = clauses
        self._highlighter = Highlighter(clauses, analyzer)
        self._spans = self._highlighter.spans

    def highlights(self, shown: Hit | Stored) -> dict[str, Spans]:
        """Where title and excerpt matched, for those that did."""
        texts = (("title", shown.title), ("excerpt", shown.excerpt))
        return {field: spans for field, text in texts if (spans := self._spans(text, field))}

    def item_places(self, item: NewsItem) -> list[MatchPlace]:
        """Where an item matched beside its title and excerpt."""
        places = []
        if any(self._spans(topic, "topics") for topic in item.topics):
            places.append(MatchPlace("topics"))
        if self._spans(item.body, "body"):
            places.append(MatchPlace("body"))
        for related in item.related:
            if self._spans(related.title, "related") or self._spans(related.excerpt, "related"):
                identity = article_id(article_key(related.address))
                places.append(MatchPlace("related", identity, related.title))
        return places

    def snippet(self, article: Stored) -> Snippet | None:
        """The best part of the body if it has words that title and excerpt lack, else of a long excerpt."""
        by_clause = self._highlighter.spans_by_clause
        titles, excerpts = by_clause(article.title, "title"), by_clause(article.excerpt, "excerpt")
        lacking = [not title and not excerpt for title, excerpt in zip(titles, excerpts, strict=True)]
        weights = [clause.idf for clause in self._clauses]
        if isinstance(article, NewsItem) and article.body and any(lacking):
            bodies = by_clause(article.body, "body")
            if any(spans for spans, lacks in zip(bodies, lacking, strict=True) if lacks):
                return best_snippet(article.body, bodies, weights, field="body")
        if len(article.excerpt) > LONGEST:
            return best_snippet(article.excerpt, excerpts, weights, field="excerpt")
        return None
