"""The cluster's hits as newsearch's: what of them matched, who cites them, why they have their score.

    HitBuilder(found, analyzer, settings, explain=False).hits(page.hits, 1)

Texts come back from the cluster as they were, and are marked here, by the same code as on the embedded engine.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from newsearch.engine.opensearch.explain import Explainer
from newsearch.engine.opensearch.found import Found
from newsearch.engine.opensearch.records import restore_item, restore_related
from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.rules.highlight import Highlighter
from newsearch.engine.rules.snippet import LONGEST, best_snippet
from newsearch.items.ids import ID_LENGTH, article_id, article_key
from newsearch.model import (
    ArticleRef,
    Hit,
    MatchPlace,
    NewsItem,
    RankingSettings,
    RelatedArticle,
    Snippet,
    Story,
)

__all__ = ["HitBuilder", "article_of", "article_ref", "citing_refs", "url_of"]

_SHORT_ID = 6
_CITING = 10_000
_DIGITS = 6
"""Decimals of a score: the cluster's scores are floats of 32 bits."""


class HitBuilder:
    """Builds the hits of one request."""

    def __init__(self, found: Found, analyzer: Analyzer, settings: RankingSettings, *, explain: bool) -> None:
        self._found = found
        self._highlighter = Highlighter(found.compiled.clauses, analyzer)
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
        texts = (("title", article.title), ("excerpt", article.excerpt))
        highlights = {field: spans for field, text in texts if (spans := self._highlighter.spans(text, field))}
        places = [MatchPlace(field) for field in highlights]
        if item is not None:
            places += self._item_places(item)
        explanation = None if self._explainer is None else self._explainer.explain(article, raw["_id"])
        return Hit(
            id=source["id"],
            short_id=short_id,
            rank=rank,
            score=round(float(raw["_score"]), _DIGITS),
            kind="related" if item is None else "item",
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
            snippet=self._snippet(article),
            story=story,
        )

    def _item_places(self, item: NewsItem) -> list[MatchPlace]:
        """Where an item matched beside its title and excerpt."""
        spans = self._highlighter.spans
        places = []
        if any(spans(topic, "topics") for topic in item.topics):
            places.append(MatchPlace("topics"))
        if spans(item.body, "body"):
            places.append(MatchPlace("body"))
        for related in item.related:
            if spans(related.title, "related") or spans(related.excerpt, "related"):
                places.append(MatchPlace("related", article_id(article_key(related.address)), related.title))
        return places

    def _snippet(self, article: NewsItem | RelatedArticle) -> Snippet | None:
        """The best part of the body if it has words that title and excerpt lack, else of a long excerpt."""
        by_clause = self._highlighter.spans_by_clause
        titles, excerpts = by_clause(article.title, "title"), by_clause(article.excerpt, "excerpt")
        lacking = [not title and not excerpt for title, excerpt in zip(titles, excerpts, strict=True)]
        weights = [clause.idf for clause in self._found.compiled.clauses]
        if isinstance(article, NewsItem) and article.body and any(lacking):
            bodies = by_clause(article.body, "body")
            if any(spans for spans, lacks in zip(bodies, lacking, strict=True) if lacks):
                return best_snippet(article.body, bodies, weights, field="body")
        if len(article.excerpt) > LONGEST:
            return best_snippet(article.excerpt, excerpts, weights, field="excerpt")
        return None


def article_of(source: Mapping[str, Any]) -> NewsItem | RelatedArticle:
    """The item or related article of a document."""
    record = source["record"]
    return restore_item(record) if source["kind"] == "item" else restore_related(record)


def url_of(article: NewsItem | RelatedArticle) -> str | None:
    """Where to read it."""
    if isinstance(article, NewsItem):
        return article.web_url or article.original_url
    return article.web_url


def article_ref(article: NewsItem | RelatedArticle) -> ArticleRef:
    """An article, named."""
    return ArticleRef(
        id=article_id(article_key(article.address)),
        title=article.title,
        url=url_of(article),
        date=article.date,
        provider=article.provider,
        kind="item" if isinstance(article, NewsItem) else "related",
    )


def citing_refs(raw: Sequence[Mapping[str, Any]]) -> dict[str, tuple[ArticleRef, ...]]:
    """For each article the items among some hits that cite it, oldest first and undated ones last."""
    by_cited: dict[str, dict[str, ArticleRef]] = {}
    for hit in raw:
        item = restore_item(hit["_source"]["record"])
        ref = article_ref(item)
        for related in item.related:
            by_cited.setdefault(article_id(article_key(related.address)), {})[ref.id] = ref
    return {
        cited: tuple(sorted(refs.values(), key=lambda ref: (ref.date is None, ref.date, ref.id)))
        for cited, refs in by_cited.items()
    }


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
