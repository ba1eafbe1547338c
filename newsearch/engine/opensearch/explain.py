"""Why a hit has its score.

    explanation = Explainer(found, analyzer, settings).explain(article, identity)

How it is told is `newsearch.engine.rules.explanation`'s. Frequencies are counted in the article's own texts, which the
cluster has given back, and multiplied and added in 64 bits. The cluster adds in 32, so the sum may differ from the
score of the hit in the seventh digit.
"""

from dataclasses import replace

from newsearch import ranking
from newsearch.engine.opensearch.clauses import Clause
from newsearch.engine.opensearch.compile import AllOf, AnyOf, Leaf, Operand
from newsearch.engine.opensearch.counting import Words, frequency
from newsearch.engine.opensearch.found import Found, Shares
from newsearch.engine.opensearch.view import Query
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.rules.explanation import (
    clause_of,
    explained,
    quality_of,
    recency_of,
    relevance_of,
    sum_of,
    words_of,
)
from newsearch.model import Explanation, NewsItem, RankingSettings, RelatedArticle
from newsearch.query.dates import to_seconds

__all__ = ["Explainer"]


class Explainer:
    """Explains the scores of what a request found."""

    def __init__(self, found: Found, analyzer: Analyzer, settings: RankingSettings) -> None:
        self._found = found
        self._analyzer = analyzer
        self._settings = settings

    def explain(self, article: NewsItem | RelatedArticle, identity: str) -> Explanation:
        """The score of a matched article as a sum of relevance, quality and recency."""
        relevance = self._relevance(Words(article, self._analyzer))
        told = explained(relevance, self._quality(article), self._recency(article), self._settings)
        values = [part.value for part in told.details]
        ranks = {
            "rank_without_quality": self._rank(article, identity, values[0] + values[2], quality=False),
            "rank_without_recency": self._rank(article, identity, values[0] + values[1], quality=True),
        }
        return replace(told, facts=ranks)

    def _rank(self, article: NewsItem | RelatedArticle, identity: str, score: float, *, quality: bool) -> int:
        """The rank of a matched article, 1 the best, by relevance and one of the others alone."""
        view, settings = self._found.view, self._settings
        shares = Shares.of(settings)._replace(**{"recency" if quality else "quality": 0.0})
        margin = score * 1e-6
        above = self._found.scored(settings, shares=shares, least=score + margin)
        level = self._found.scored(settings, shares=shares, least=score - margin)
        seconds = to_seconds(article.date)
        newer: list[Query] = (
            [{"range": {"date": {"gt": seconds}}}] if seconds is not None else [{"exists": {"field": "date"}}]
        )
        same = (
            {"term": {"date": seconds}}
            if seconds is not None
            else {"bool": {"must_not": {"exists": {"field": "date"}}}}
        )
        earlier: Query = {"bool": {"filter": [same, {"range": {"id": {"lt": identity}}}]}}
        before = {"bool": {"filter": [level, {"bool": {"should": [*newer, earlier], "minimum_should_match": 1}}]}}
        either = {"bool": {"should": [above, before], "minimum_should_match": 1}}
        counted = view.ask({"size": 0, "query": either, "track_total_hits": True})
        return 1 + int(counted["hits"]["total"]["value"])

    def _relevance(self, words: Words) -> tuple[Explanation, ...]:
        best = self._found.best
        raw = None if self._found.root is None or best <= 0 else self._part(self._found.root, words)
        return relevance_of(raw, best)

    def _part(self, operand: Operand, words: Words) -> Explanation | None:
        """What a part of the tree adds to B; None where it does not match or never adds anything."""
        match operand:
            case Leaf(clause=clause):
                return self._clause(clause, words)
            case AllOf(operands=operands):
                return sum_of("all of", [self._part(one, words) for one in operands])
            case AnyOf(operands=operands):
                described = "most of" if self._found.relaxed else "any of"
                return sum_of(described, [self._part(one, words) for one in operands])
        return None

    def _clause(self, clause: Clause, words: Words) -> Explanation | None:
        facts: dict[str, dict[str, float]] = {}
        x = 0.0
        for field in clause.fields:
            found = frequency(clause, words.in_field(field))
            if not found:
                continue
            length = words.length(field)
            x += found * self._found.view.weight(field, length)
            facts[field] = {
                "tf": int(found) if float(found).is_integer() else found,
                "weight": getattr(self._settings.weights, field),
                "length": length,
                "average_length": self._found.view.average_lengths[field],
            }
        if not facts:
            return None
        return clause_of(
            clause.label,
            facts,
            clause.any_of if clause.expansion is None else words_of(sorted(clause.words)),
            x=x,
            idf=clause.idf,
            boost=clause.boost,
            documents=self._found.view.documents,
            document_frequencies=clause.document_frequencies,
            settings=self._settings,
        )

    def _quality(self, article: NewsItem | RelatedArticle) -> Explanation:
        found = article.quality if article.quality is not None and article.quality >= 0 else None
        assumed = self._found.view.assumed_quality
        return quality_of(ranking.quality(assumed if found is None else found), found=found, assumed=assumed)

    def _recency(self, article: NewsItem | RelatedArticle) -> Explanation:
        view, half_life = self._found.view, self._settings.half_life
        seconds, reference, age = to_seconds(article.date), view.reference, view.median_age
        is_usable = seconds is not None and seconds <= view.latest_valid and age is not None
        if is_usable and seconds is not None and reference is not None:
            age = max(reference - seconds, 0) / ranking.DAY
        value = view.assumed_recency if age is None else ranking.recency(age, half_life)
        return recency_of(value, date=seconds, is_usable=is_usable, age=age, half_life=half_life, reference=reference)
