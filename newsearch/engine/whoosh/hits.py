"""Stored articles as hits, with what of them matched and who cites them; and as whole articles.

    HitBuilder(view, evaluation, explain=False).hits(documents, scores, 1)

What a hit shows is read at once; the records of the page's documents, and of those that cite them, when the evidence is
asked for.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh import records
from newsearch.engine.whoosh.evaluate import Evaluation
from newsearch.engine.whoosh.explain import explain_score
from newsearch.engine.whoosh.highlight import Spans, matched_spans
from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE, UNIT, DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.engine.whoosh.view import View
from newsearch.items.ids import article_id, article_key
from newsearch.model import Article, ArticleRef, Explanation, Hit, Kind, MatchPlace, NewsItem, Provider, RelatedArticle

__all__ = ["SHORT_ID", "HitBuilder", "build_article", "short_id"]

_ITEM = DocumentKind.ITEM.value

SHORT_ID = 6
"""How many characters of an id are shown at least."""


class _Evidence(NamedTuple):
    """What of a hit takes longer to gather than all the rest."""

    short_id: str
    highlights: Mapping[str, Spans]
    matched_in: tuple[MatchPlace, ...]
    cited_by: tuple[ArticleRef, ...]
    explanation: Explanation | None


class _LazyHit(Hit):
    """A hit whose evidence is gathered when it is first asked for: who wants titles alone does not wait for it."""

    __slots__ = ("_evidence", "_gather")
    _evidence: _Evidence | None
    _gather: Callable[[], _Evidence]

    def __init__(self, gather: Callable[[], _Evidence], **shown: object) -> None:
        for name, value in shown.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_gather", gather)
        object.__setattr__(self, "_evidence", None)

    def _gathered(self) -> _Evidence:
        evidence = self._evidence
        if evidence is None:
            evidence = self._gather()
            object.__setattr__(self, "_evidence", evidence)
        return evidence

    @property
    def short_id(self) -> str:
        return self._gathered().short_id

    @property
    def highlights(self) -> Mapping[str, Spans]:
        return self._gathered().highlights

    @property
    def matched_in(self) -> tuple[MatchPlace, ...]:
        return self._gathered().matched_in

    @property
    def cited_by(self) -> tuple[ArticleRef, ...]:
        return self._gathered().cited_by

    @property
    def explanation(self) -> Explanation | None:
        return self._gathered().explanation


class HitBuilder:
    """Builds the hits of one evaluation."""

    def __init__(self, view: View, evaluation: Evaluation, *, explain: bool) -> None:
        self._view = view
        self._snapshot = view.snapshot
        self._evaluation = evaluation
        self._explain = explain

    def hits(self, documents: NDArray[np.int64], scores: NDArray[np.float64], first: int) -> tuple[Hit, ...]:
        """The hits of a page of matched documents, in order; `first` is the rank of the first, over all pages."""
        snapshot = self._snapshot
        columns = (snapshot.column(name)[documents].tolist() for name in ("kind", "quality", "heat", "published"))
        facts = zip(snapshot.keys[documents].tolist(), snapshot.dates[documents].tolist(), *columns, strict=True)
        found = []
        for rank, (document, score, fact) in enumerate(
            zip(documents.tolist(), scores.tolist(), facts, strict=True), first
        ):
            key, date, kind, quality, heat, published = fact
            shown = snapshot.shown(document)
            found.append(
                _LazyHit(
                    partial(self._evidence, document),
                    id=article_id(key),
                    rank=rank,
                    score=score,
                    kind="item" if kind == _ITEM else "related",
                    title=shown.title,
                    excerpt=shown.excerpt,
                    url=shown.web_url or shown.original_url or None,
                    path=shown.path or None,
                    date=None if date == MISSING_DATE else records.from_seconds(date),
                    provider=_provider(snapshot.first_string("provider", document)),
                    type=snapshot.first_string("type", document),
                    quality=None if quality == MISSING else quality,
                    heat=None if heat == MISSING else heat,
                    published=None if published < 0 else bool(published),
                    topics=tuple(snapshot.strings("topic", document)),
                )
            )
        return tuple(found)

    def _evidence(self, document: int) -> _Evidence:
        article = stored_article(document, self._snapshot)
        key = int(self._snapshot.keys[document])
        highlights = {
            field: spans for field in ("title", "excerpt") if (spans := self._spans(getattr(article, field), field))
        }
        item = article if isinstance(article, NewsItem) else None
        return _Evidence(
            short_id=short_id(key, self._snapshot),
            highlights=highlights,
            matched_in=(*(MatchPlace(field) for field in highlights), *self._item_places(item)),
            cited_by=citing_refs(key, self._snapshot, self._view),
            explanation=explain_score(document, self._evaluation, self._view) if self._explain else None,
        )

    def _spans(self, text: str, field: str) -> Spans:
        return matched_spans(text, field=field, clauses=self._evaluation.clauses, analyzer=self._snapshot.analyzer)

    def _item_places(self, item: NewsItem | None) -> list[MatchPlace]:
        """Where an item matched beside its title and excerpt."""
        if item is None:
            return []
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
