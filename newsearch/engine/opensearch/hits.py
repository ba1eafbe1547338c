"""The cluster's hits as newsearch's: what of them matched, who cites them, why they have their score.

    HitBuilder(found, analyzer, settings, explain=False).hits(page.hits, 1)

Texts come back from the cluster as they were, and are marked here (`newsearch.engine.rules.marks`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from newsearch.engine.opensearch.explain import Explainer
from newsearch.engine.opensearch.found import Found
from newsearch.engine.opensearch.records import restore_item, restore_related
from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.rules.articles import article_ref, in_order, kind_of, url_of
from newsearch.engine.rules.marks import Marks
from newsearch.items.ids import ID_LENGTH, article_id, article_key
from newsearch.model import (
    ArticleRef,
    Hit,
    MatchPlace,
    NewsItem,
    RankingSettings,
    RelatedArticle,
    Story,
)

__all__ = ["HitBuilder", "article_of", "citing_refs"]

_SHORT_ID = 6
_CITING = 10_000
_DIGITS = 6
"""Decimals of a score: the cluster's scores are floats of 32 bits."""


class HitBuilder:
    """Builds the hits of one request."""

    def __init__(self, found: Found, analyzer: Analyzer, settings: RankingSettings, *, explain: bool) -> None:
        self._found = found
        self._marks = Marks(found.compiled.clauses, analyzer)
        self._explainer = Explainer(found, analyzer, settings) if explain else None

    def hits(
        self, raw: Sequence[Mapping[str, Any]], first: int, stories: Sequence[Story] | None = None
    ) -> tuple[Hit, ...]:
        """The hits of a page, in order; `first` is the rank of the first, over all pages."""
        if not raw:
            return ()
        ids = [hit["_source"]["id"] for hit in raw]
        view = self._found.view
        answers = view.ask_all([_citing_query(ids, view), *(_alike(one) for one in ids)])
        cited_by = citing_refs(answers[0]["hits"]["hits"])
        hits = []
        for row, (hit, alike) in enumerate(zip(raw, answers[1:], strict=True)):
            identity = ids[row]
            others = [one["fields"]["id"][0] for one in alike["hits"]["hits"]]
            hits.append(
                self._hit(
                    hit,
                    rank=first + row,
                    short_id=_short_id(identity, others),
                    cited_by=cited_by.get(identity, ()),
                    story=None if stories is None else stories[row],
                )
            )
        return tuple(hits)

    def _hit(
        self,
        raw: Mapping[str, Any],
        *,
        rank: int,
        short_id: str,
        cited_by: tuple[ArticleRef, ...],
        story: Story | None,
    ) -> Hit:
        source = raw["_source"]
        article = article_of(source)
        item = article if isinstance(article, NewsItem) else None
        highlights = self._marks.highlights(article)
        places = [MatchPlace(field) for field in highlights]
        if item is not None:
            places += self._marks.item_places(item)
        explanation = None if self._explainer is None else self._explainer.explain(article, raw["_id"])
        return Hit(
            id=source["id"],
            short_id=short_id,
            rank=rank,
            score=round(float(raw["_score"]), _DIGITS),
            kind=kind_of(article),
            title=article.title,
            excerpt=article.excerpt,
            url=url_of(article),
            path=None if item is None else item.path,
            date=article.date,
            provider=article.provider,
            type=article.type,
            quality=article.quality,
            heat=None if item is None else item.heat,
            published=None if item is None else item.published,
            topics=() if item is None else item.topics,
            highlights=highlights,
            matched_in=tuple(places),
            cited_by=cited_by,
            explanation=explanation,
            snippet=self._marks.snippet(article),
            story=story,
        )


def article_of(source: Mapping[str, Any]) -> NewsItem | RelatedArticle:
    """The item or related article of a document."""
    record = source["record"]
    return restore_item(record) if source["kind"] == "item" else restore_related(record)


def citing_refs(raw: Sequence[Mapping[str, Any]]) -> dict[str, tuple[ArticleRef, ...]]:
    """For each article the items among some hits that cite it, oldest first and undated ones last."""
    by_cited: dict[str, dict[str, ArticleRef]] = {}
    for hit in raw:
        item = restore_item(hit["_source"]["record"])
        ref = article_ref(item)
        for related in item.related:
            by_cited.setdefault(article_id(article_key(related.address)), {})[ref.id] = ref
    return {cited: in_order(refs.values()) for cited, refs in by_cited.items()}


def _citing_query(ids: Sequence[str], view: View) -> Query:
    query = view.among({"terms": {"cites": list(ids)}})
    return {"query": query, "size": _CITING, "_source": ["record"], "track_total_hits": False}


def _alike(identity: str) -> Query:
    """The neighbours of an id among all ids, which say how much of it is enough."""
    query = {"prefix": {"id": identity[:_SHORT_ID]}}
    return {"query": query, "size": 100, "_source": False, "docvalue_fields": ["id"], "track_total_hits": False}


def _short_id(identity: str, alike: Sequence[str]) -> str:
    """The shortest prefix of an id, of six characters or more, that none of the others has."""
    others = [one for one in alike if one != identity]
    for length in range(_SHORT_ID, ID_LENGTH):
        if not any(one.startswith(identity[:length]) for one in others):
            return identity[:length]
    return identity
