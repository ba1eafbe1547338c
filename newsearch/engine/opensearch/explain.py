"""Why a hit has its score.

    explanation = Explainer(found, analyzer, settings).explain(article, identity)

The tree of the embedded engine, with the same figures: frequencies are counted in the article's own texts, which the
cluster has given back, and multiplied and added in 64 bits. The cluster adds in 32, so the sum may differ from the
score of the hit in the seventh digit.
"""

import math
from collections.abc import Sequence
from typing import Any

from newsearch import ranking
from newsearch.engine.opensearch.clauses import Clause
from newsearch.engine.opensearch.compile import AllOf, AnyOf, Leaf, Operand
from newsearch.engine.opensearch.counting import Words, frequency
from newsearch.engine.opensearch.found import Found, Shares
from newsearch.engine.opensearch.view import Query
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.rules.sought import Form
from newsearch.model import Explanation, NewsItem, RankingSettings, RelatedArticle
from newsearch.query.dates import instant, to_seconds

__all__ = ["Explainer"]

_SHOWN = 20


class Explainer:
    """Explains the scores of what a request found."""

    def __init__(self, found: Found, analyzer: Analyzer, settings: RankingSettings) -> None:
        self._found = found
        self._analyzer = analyzer
        self._settings = settings

    def explain(self, article: NewsItem | RelatedArticle, identity: str) -> Explanation:
        """The score of a matched article as a sum of relevance, quality and recency."""
        settings = self._settings
        parts = (
            _summand("relevance", ranking.relevance_share(settings), self._relevance(Words(article, self._analyzer))),
            _summand("quality", settings.quality_weight, (self._quality(article),)),
            _summand("recency", settings.recency_weight, (self._recency(article),)),
        )
        values = [part.value for part in parts]
        ranks = {
            "rank_without_quality": self._rank(article, identity, values[0] + values[2], quality=False),
            "rank_without_recency": self._rank(article, identity, values[0] + values[1], quality=True),
        }
        return Explanation(sum(values), "score", "sum", parts, ranks)

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
        if raw is None:
            return (Explanation(1.0, "relevance T", facts={"note": "the query has nothing that scores"}),)
        divided = Explanation(1.0 / best, "1 / the best article's B", facts={"best": best})
        return Explanation(raw.value, f"B: {raw.description}", raw.combine, raw.details, raw.facts), divided

    def _part(self, operand: Operand, words: Words) -> Explanation | None:
        """What a part of the tree adds to B; None where it does not match or never adds anything."""
        match operand:
            case Leaf(clause=clause):
                return self._clause(clause, words)
            case AllOf(operands=operands):
                return self._sum("all of", operands, words)
            case AnyOf(operands=operands):
                return self._sum("most of" if self._found.relaxed else "any of", operands, words)
        return None

    def _sum(self, description: str, operands: Sequence[Operand], words: Words) -> Explanation | None:
        details = tuple(part for one in operands if (part := self._part(one, words)) is not None)
        return Explanation(sum(part.value for part in details), description, "sum", details) if details else None

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
        settings = self._settings
        saturation = ranking.saturate(x, settings.k1)
        counted = {"articles": self._found.view.documents, "with_word": clause.document_frequencies}
        figures = (
            Explanation(clause.idf, "idf", facts=counted),
            Explanation(
                saturation,
                "saturation x / (k1 + x)",
                facts={"x": x, "k1": settings.k1, "b": settings.b, "fields": facts},
            ),
        )
        boosts = () if clause.boost == 1 else (Explanation(clause.boost, "weight"),)
        value = clause.idf * saturation * clause.boost
        return Explanation(value, clause.label, "product", (*boosts, *figures), _counted_as_one(clause))

    def _quality(self, article: NewsItem | RelatedArticle) -> Explanation:
        found = article.quality if article.quality is not None and article.quality >= 0 else None
        used = self._found.view.assumed_quality if found is None else found
        told = "quality Q" if found is not None else "quality Q, unknown: the archive's median"
        return Explanation(ranking.quality(used), told, facts={"found": found, "used": used})

    def _recency(self, article: NewsItem | RelatedArticle) -> Explanation:
        view = self._found.view
        seconds, reference = to_seconds(article.date), view.reference
        age = view.median_age
        known = seconds is not None and seconds <= view.latest_valid and age is not None
        if known and seconds is not None and reference is not None:
            age = max(reference - seconds, 0) / ranking.DAY
        value = view.assumed_recency if age is None else ranking.recency(age, self._settings.half_life)
        return Explanation(
            value,
            "recency R" if known else "recency R, no usable date: the archive's median age",
            facts={
                "date": None if seconds is None else instant(seconds),
                "age_days": age,
                "half_life_days": self._settings.half_life,
                "reference": None if reference is None else instant(reference),
            },
        )


def _summand(name: str, share: float, factors: tuple[Explanation, ...]) -> Explanation:
    value = math.prod([share, *(factor.value for factor in factors)])
    return Explanation(value, name, "product", (Explanation(share, "share of the score"), *factors))


def _counted_as_one(clause: Clause) -> dict[str, Any]:
    """The words that it stands for, where that is not what was typed."""
    if isinstance(clause.sought, Form) and clause.expansion is not None:
        words = sorted(clause.expansion.worths)
        return {"words": len(words), "such_as" if len(words) > _SHOWN else "they_are": words[:_SHOWN]}
    return clause.any_of
