"""An article as people see it, made of what an engine has stored.

    whole_article(stored, cited, cited_by, first_indexed=at)
    article_ref(stored)                             # enough of it to name it beside another

Which articles cite it, and what is stored of those that it cites, is for the engines to find.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from newsearch.items.ids import article_id, article_key
from newsearch.model import Article, ArticleRef, Kind, NewsItem, RelatedArticle

__all__ = ["Stored", "article_ref", "in_order", "kind_of", "own_texts", "url_of", "whole_article"]

Stored = NewsItem | RelatedArticle
"""What is stored of an article: what its file says or, where it has none, what an item that cites it does."""


def whole_article(
    stored: Stored, cited: Iterable[Stored], cited_by: tuple[ArticleRef, ...], *, first_indexed: datetime | None
) -> Article:
    """Everything known of an article; `cited` is what is stored of those that it cites, `cited_by` is `in_order`."""
    item = stored if isinstance(stored, NewsItem) else NewsItem(address=stored.address, title=stored.title)
    return Article(
        id=article_id(article_key(stored.address)),
        address=stored.address,
        kind=kind_of(stored),
        title=stored.title,
        excerpt=stored.excerpt,
        body=item.body,
        url=url_of(stored),
        path=item.path,
        category=item.category,
        date=stored.date,
        updated=item.updated,
        type=stored.type,
        quality=stored.quality,
        heat=item.heat,
        published=item.published,
        provider=stored.provider,
        topics=item.topics,
        images=stored.images,
        related=tuple(map(article_ref, cited)),
        cited_by=cited_by,
        first_indexed=first_indexed,
    )


def article_ref(stored: Stored) -> ArticleRef:
    """An article, named."""
    return ArticleRef(
        id=article_id(article_key(stored.address)),
        title=stored.title,
        url=url_of(stored),
        date=stored.date,
        provider=stored.provider,
        kind=kind_of(stored),
    )


def own_texts(article: Stored) -> dict[str, Sequence[str]]:
    """The texts that are an article's own, by field."""
    texts: dict[str, Sequence[str]] = {"title": (article.title,), "excerpt": (article.excerpt,)}
    if isinstance(article, NewsItem):
        texts |= {"topics": article.topics, "body": (article.body,)}
    return texts


def in_order(citing: Iterable[ArticleRef]) -> tuple[ArticleRef, ...]:
    """Items that cite an article, as they are listed: oldest first, undated ones last, of equal ones by id."""
    return tuple(sorted(citing, key=lambda ref: (ref.date is None, ref.date, ref.id)))


def kind_of(stored: Stored) -> Kind:
    """Whether an article has a file."""
    return "item" if isinstance(stored, NewsItem) else "related"


def url_of(stored: Stored) -> str | None:
    """Where to read it."""
    if isinstance(stored, NewsItem):
        return stored.web_url or stored.original_url
    return stored.web_url
