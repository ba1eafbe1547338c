"""What is found from one article on: all of it, articles like it, where citations lead.

    similar_articles(identity, searcher, SearchRequest(limit=5), now=now)
    related_articles(identity, searcher, depth=2, limit=50, as_of=None, now=now)

By `newsearch.engine.rules`, on what the cluster gives back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from newsearch.engine.opensearch.counting import Words
from newsearch.engine.opensearch.hits import article_of, citing_refs
from newsearch.engine.opensearch.view import View
from newsearch.engine.rules.articles import article_ref, own_texts, whole_article
from newsearch.engine.rules.similar import similar_query, telling_words
from newsearch.errors import ArticleNotFound
from newsearch.findings import CitationStep, Relation, Relations
from newsearch.items.ids import article_id, article_key
from newsearch.model import Article, NewsItem, RelatedArticle, SearchRequest, SearchResult
from newsearch.query.dates import from_seconds

if TYPE_CHECKING:
    from newsearch.engine.opensearch.search import Searcher

__all__ = ["article_at", "related_articles", "similar_articles"]

_MOST = 10_000
_AT_ONCE = 1000
_SOURCE = ["id", "kind", "record"]


def article_at(identity: str, searcher: "Searcher") -> Article:
    """Everything known of an article, the articles it cites and the items that cite it included."""
    server = searcher.server
    source = server.documents(server.articles, [identity])[identity]
    stored = article_of(source)
    related = stored.related if isinstance(stored, NewsItem) else ()
    keys = [article_id(article_key(one.address)) for one in related]
    files = server.documents(server.articles, keys, _SOURCE)
    # One that has a file of its own is as that file says.
    cited = [
        article_of(files[key]) if key in files and files[key]["kind"] == "item" else one
        for key, one in zip(keys, related, strict=True)
    ]
    citing = citing_refs(_citing([identity], searcher.live)).get(identity, ())
    return whole_article(stored, cited, citing, first_indexed=from_seconds(int(source["first_indexed"])))


def similar_articles(identity: str, searcher: "Searcher", request: SearchRequest, *, now: datetime) -> SearchResult:
    """The articles like one, by its most telling words."""
    view = searcher.view_of(request, now=now)
    article = _article(identity, searcher)
    words = Words(article, searcher.analyzer)
    fields = own_texts(article)
    telling = telling_words(
        [(view.weight(field, words.length(field)), text) for field, texts in fields.items() for text in texts],
        searcher.analyzer,
        counted=lambda terms: view.counts([{"term": {"terms": term}} for term in terms]),
        documents=view.documents,
        k1=searcher.settings.k1,
    )
    text = similar_query(identity, telling)
    return searcher.search(replace(request, text=text, match="any"), now=now)


class _Reached(NamedTuple):
    article: NewsItem | RelatedArticle
    links: int
    parent: str
    forward: bool


def related_articles(
    identity: str, searcher: "Searcher", *, depth: int, limit: int, as_of: str | None, now: datetime
) -> Relations:
    """The articles that citations lead to from one, nearest first.

    Raises ArticleNotFound where it was not there as of then, QueryError for a moment that cannot be read.
    """
    view = searcher.view_of(SearchRequest(as_of=as_of), now=now)
    start = _visible([identity], view).get(identity)
    if start is None:
        raise ArticleNotFound(f"The article {identity} was not there as of {as_of}.")
    seen = {identity}
    layer: dict[str, NewsItem | RelatedArticle] = {identity: start}
    steps: dict[str, tuple[CitationStep, ...]] = {identity: ()}
    relations: list[Relation] = []
    for distance in range(1, depth + 1):
        reached = _next_layer(layer, seen, view)
        ranked = sorted(reached.items(), key=lambda pair: (-pair[1].links, *_newest_first(pair[1].article), pair[0]))
        for key, one in ranked:
            ref = article_ref(one.article)
            steps[key] = (*steps[one.parent], CitationStep("cites" if one.forward else "cited by", ref))
            relations.append(Relation(ref, distance, one.links, steps[key]))
        seen.update(reached)
        layer = {key: one.article for key, one in ranked}
        if not layer:
            break
    return Relations(article_ref(start), depth, len(relations), tuple(relations[:limit]))


def _next_layer(layer: dict[str, NewsItem | RelatedArticle], seen: set[str], view: View) -> dict[str, _Reached]:
    """What one more citation, followed either way, leads to, with the links from this layer."""
    place = {key: number for number, key in enumerate(layer)}
    links: dict[str, list[tuple[int, bool, str]]] = {}
    for key, article in layer.items():
        if isinstance(article, NewsItem):
            for cited in dict.fromkeys(article_id(article_key(one.address)) for one in article.related):
                if cited not in seen:
                    links.setdefault(cited, []).append((place[key], False, key))
    articles = _visible(list(links), view)
    for hit in _citing(list(layer), view):
        citing = article_of(hit["_source"])
        own = hit["_source"]["id"]
        if own in seen or not isinstance(citing, NewsItem):
            continue
        articles[own] = citing
        for cited in dict.fromkeys(article_id(article_key(one.address)) for one in citing.related):
            if cited in place:
                links.setdefault(own, []).append((place[cited], True, cited))
    reached = {}
    for key, found in links.items():
        if key in articles:
            _, backward, parent = min(found)
            reached[key] = _Reached(articles[key], len(found), parent, not backward)
    return reached


def _newest_first(article: NewsItem | RelatedArticle) -> tuple[bool, float]:
    return (True, 0.0) if article.date is None else (False, -article.date.timestamp())


def _article(identity: str, searcher: "Searcher") -> NewsItem | RelatedArticle:
    return article_of(searcher.server.documents(searcher.server.articles, [identity], _SOURCE)[identity])


def _visible(ids: Sequence[str], view: View) -> dict[str, NewsItem | RelatedArticle]:
    """Those of some articles that are visible, by id."""
    found = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = view.among({"terms": {"id": list(ids[start : start + _AT_ONCE])}})
        body = {"query": query, "size": _AT_ONCE, "_source": _SOURCE, "track_total_hits": False}
        for hit in view.ask(body)["hits"]["hits"]:
            found[hit["_id"]] = article_of(hit["_source"])
    return found


def _citing(ids: Sequence[str], view: View) -> list[dict[str, Any]]:
    """The visible items that cite one of some articles."""
    query = view.among({"terms": {"cites": list(ids)}})
    body = {"query": query, "size": _MOST, "_source": _SOURCE, "track_total_hits": False}
    hits: list[dict[str, Any]] = view.ask(body)["hits"]["hits"]
    return hits
