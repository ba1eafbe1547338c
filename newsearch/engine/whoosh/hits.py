"""Stored articles as hits, with what of them matched and who cites them; and as whole articles.

    HitBuilder(view, evaluation, explain=False).hits(documents, scores, 1)

The texts that a hit shows are read at once, all else when it is first asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh import records
from newsearch.engine.whoosh.evaluate import Evaluation
from newsearch.engine.whoosh.explain import Explainer
from newsearch.engine.whoosh.highlight import Highlighter, Spans
from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE, UNIT, DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.engine.whoosh.snippet import LONGEST, best_snippet
from newsearch.engine.whoosh.view import View
from newsearch.items.ids import article_id, article_key
from newsearch.model import (
    Article,
    ArticleRef,
    Explanation,
    Hit,
    Kind,
    MatchPlace,
    NewsItem,
    Provider,
    RelatedArticle,
    Snippet,
    Story,
)

__all__ = ["SHORT_ID", "HitBuilder", "build_article", "short_id"]

Value = TypeVar("Value")

_ITEM = DocumentKind.ITEM.value

SHORT_ID = 6
"""How many characters of an id are shown at least."""


class _later(Generic[Value]):  # noqa: N801 - a decorator, as `property` is
    """An attribute of a hit that is worked out when it is first asked for, and then kept in its `__dict__`.

    What `functools.cached_property` does, without the lock that it takes in Python 3.11.
    """

    def __init__(self, work_out: "Callable[[Any], Value]") -> None:
        self._work_out = work_out
        self._name = work_out.__name__

    def __get__(self, hit: Any, owner: type) -> Value:
        value = hit.__dict__[self._name] = self._work_out(hit)
        return value


class _PageHit(Hit):
    """A hit of a page: it has its texts, and works out the rest when it is asked for.

    Making whole hits took longer than finding them, and nobody looks at everything of each. What is there from the
    start goes into `__dict__` at once; for that the names have to be covered here, or Hit's slots would come first.
    """

    rank = score = title = excerpt = url = path = None  # type: ignore[assignment]
    _page: "HitBuilder"
    _row: int
    _document: int

    @_later
    def id(self) -> str:
        return article_id(self._number("key"))

    @_later
    def kind(self) -> Kind:
        return "item" if self._number("kind") == _ITEM else "related"

    @_later
    def date(self) -> datetime | None:
        date = self._number("date")
        return None if date == MISSING_DATE else records.from_seconds(date)

    @_later
    def provider(self) -> Provider | None:
        return _provider(self._page.snapshot.first_string("provider", self._document))

    @_later
    def type(self) -> str | None:
        return self._page.snapshot.first_string("type", self._document)

    @_later
    def quality(self) -> int | None:
        quality = self._number("quality")
        return None if quality == MISSING else quality

    @_later
    def heat(self) -> int | None:
        heat = self._number("heat")
        return None if heat == MISSING else heat

    @_later
    def published(self) -> bool | None:
        published = self._number("published")
        return None if published < 0 else bool(published)

    @_later
    def topics(self) -> tuple[str, ...]:
        return tuple(self._page.snapshot.strings("topic", self._document))

    @_later
    def short_id(self) -> str:
        return short_id(self._number("key"), self._page.snapshot)

    @_later
    def highlights(self) -> Mapping[str, Spans]:
        found = ((field, self._page.spans(getattr(self, field), field)) for field in ("title", "excerpt"))
        return {field: spans for field, spans in found if spans}

    @_later
    def matched_in(self) -> tuple[MatchPlace, ...]:
        places = map(MatchPlace, self.highlights)
        return (*places, *self._page.item_places(self._document)) if self.kind == "item" else tuple(places)

    @_later
    def cited_by(self) -> tuple[ArticleRef, ...]:
        return citing_refs(self._number("key"), self._page.snapshot, self._page.view)

    @_later
    def explanation(self) -> Explanation | None:
        return self._page.explanation(self._document)

    @_later
    def snippet(self) -> Snippet | None:
        return self._page.snippet(self._document)

    @_later
    def story(self) -> Story | None:
        return self._page.story(self._row)

    def _number(self, column: str) -> int:
        return self._page.column(column)[self._row]


class HitBuilder:
    """Builds the hits of one evaluation."""

    def __init__(self, view: View, evaluation: Evaluation, *, explain: bool) -> None:
        self.view = view
        self.snapshot = view.snapshot
        self._evaluation = evaluation
        self._highlighter = Highlighter(evaluation.clauses, view)
        self._explainer = Explainer(evaluation, view) if explain else None
        self._documents = np.zeros(0, np.int64)
        self._columns: dict[str, list[int]] = {}
        self._stories: Sequence[Callable[[], Story]] | None = None

    def hits(
        self,
        documents: NDArray[np.int64],
        scores: NDArray[np.float64],
        first: int,
        stories: Sequence[Callable[[], Story]] | None = None,
    ) -> tuple[Hit, ...]:
        """The hits of a page of matched documents, in order; `stories` tell of those that they lead.

        `first` is the rank of the first, over all pages.
        """
        self._documents = documents
        self._stories = stories
        shown, found = self.snapshot.shown, []
        for row, (document, score) in enumerate(zip(documents.tolist(), scores.tolist(), strict=True)):
            title, excerpt, web_url, original_url, path = shown(document)
            hit = _PageHit.__new__(_PageHit)
            hit.__dict__.update(
                _page=self,
                _row=row,
                _document=document,
                rank=first + row,
                score=score,
                title=title,
                excerpt=excerpt,
                url=web_url or original_url or None,
                path=path or None,
            )
            found.append(hit)
        return tuple(found)

    def column(self, name: str) -> list[int]:
        """A number of each document of the page."""
        values = self._columns.get(name)
        if values is None:
            column = self.snapshot.keys if name == "key" else self.snapshot.column(name)
            values = self._columns[name] = column.take(self._documents).tolist()
        return values

    def explanation(self, document: int) -> Explanation | None:
        """Why a document has its score, if the request asks for that."""
        return None if self._explainer is None else self._explainer.explain(document)

    def story(self, row: int) -> Story | None:
        """The story that a hit of the page leads, where stories are asked for."""
        return None if self._stories is None else self._stories[row]()

    def snippet(self, document: int) -> Snippet | None:
        """The best part of the body if it has words that title and excerpt lack, else of a long excerpt."""
        article = stored_article(document, self.snapshot)
        by_clause = self._highlighter.spans_by_clause
        titles, excerpts = (by_clause(getattr(article, field), field) for field in ("title", "excerpt"))
        lacking = [not title and not excerpt for title, excerpt in zip(titles, excerpts, strict=True)]
        weights = [clause.idf for clause in self._evaluation.clauses]
        if isinstance(article, NewsItem) and article.body and any(lacking):
            bodies = by_clause(article.body, "body")
            if any(spans for spans, lacks in zip(bodies, lacking, strict=True) if lacks):
                return best_snippet(article.body, bodies, weights, field="body")
        if len(article.excerpt) > LONGEST:
            return best_snippet(article.excerpt, excerpts, weights, field="excerpt")
        return None

    def spans(self, text: str, field: str) -> Spans:
        """Where in a text of a field the query matched."""
        return self._highlighter.spans(text, field)

    def item_places(self, document: int) -> list[MatchPlace]:
        """Where an item matched beside its title and excerpt."""
        item = stored_article(document, self.snapshot)
        if not isinstance(item, NewsItem):
            return []
        places = []
        if any(self.spans(topic, "topics") for topic in item.topics):
            places.append(MatchPlace("topics"))
        if self.spans(item.body, "body"):
            places.append(MatchPlace("body"))
        for related in item.related:
            if self.spans(related.title, "related") or self.spans(related.excerpt, "related"):
                identity = article_id(article_key(related.address))
                places.append(MatchPlace("related", identity, related.title))
        return places


@lru_cache(maxsize=1024)
def _provider(written: str | None) -> Provider | None:
    if written is None:
        return None
    name, _, domain = written.partition(UNIT)
    return Provider(name or None, domain or None)


def stored_article(document: int, snapshot: Snapshot) -> NewsItem | RelatedArticle:
    """The item or related article of a document."""
    stored = snapshot.stored(document)
    if snapshot.column("kind")[document] == DocumentKind.RELATED:
        return records.restore_related(stored)
    return records.restore_item(stored)


def citing_refs(key: int, snapshot: Snapshot, view: View) -> tuple[ArticleRef, ...]:
    """The visible items that cite an article, oldest first and undated ones last."""
    documents = [document for document in snapshot.citing(key) if view.visible[document]]
    refs = [_ref(int(snapshot.keys[document]), stored_article(document, snapshot)) for document in documents]
    return tuple(sorted(refs, key=lambda ref: (ref.date is None, ref.date, ref.id)))


def build_article(document: int, snapshot: Snapshot, view: View) -> Article:
    """Everything known of a document's article, the articles it cites and the items that cite it included."""
    key = int(snapshot.keys[document])
    stored = stored_article(document, snapshot)
    item = stored if isinstance(stored, NewsItem) else NewsItem(address=stored.address, title=stored.title)
    return Article(
        id=article_id(key),
        address=stored.address,
        kind=_kind(stored),
        title=stored.title,
        excerpt=stored.excerpt,
        body=item.body,
        url=_url(stored),
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
        related=tuple(_cited_ref(related, snapshot) for related in item.related),
        cited_by=citing_refs(key, snapshot, view),
        first_indexed=records.from_seconds(int(snapshot.column("first_indexed")[document])),
    )


def short_id(key: int, snapshot: Snapshot) -> str:
    """The shortest prefix of an article's id, of SHORT_ID characters or more, that no other document's id has."""
    full = article_id(key)
    others = [article_id(other) for other in snapshot.keys_with(full[:SHORT_ID]) if other != key]
    for length in range(SHORT_ID, len(full)):
        if not any(other.startswith(full[:length]) for other in others):
            return full[:length]
    return full


def _cited_ref(related: RelatedArticle, snapshot: Snapshot) -> ArticleRef:
    """A cited article as the index has it, which for one that has a file of its own is as the file says."""
    key = article_key(related.address)
    documents = snapshot.documents_of(key, DocumentKind.ITEM)
    return _ref(key, stored_article(documents[0], snapshot) if documents else related)


def _ref(key: int, article: NewsItem | RelatedArticle) -> ArticleRef:
    return ArticleRef(
        id=article_id(key),
        title=article.title,
        url=_url(article),
        date=article.date,
        provider=article.provider,
        kind=_kind(article),
    )


def _kind(article: NewsItem | RelatedArticle) -> Kind:
    return "item" if isinstance(article, NewsItem) else "related"


def _url(article: NewsItem | RelatedArticle) -> str | None:
    if isinstance(article, NewsItem):
        return article.web_url or article.original_url
    return article.web_url
