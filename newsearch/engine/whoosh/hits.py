"""Stored articles as hits, with what of them matched and who cites them; and as whole articles.

    HitBuilder(view, evaluation, Cards(view.snapshot), explain=False).hits(documents, scores, 1)

The texts that a hit shows are read at once, all else when it is first asked for. What is the same for every query is
kept for the next one that finds the document (`cards`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.articles import in_order, whole_article
from newsearch.engine.rules.highlight import Spans
from newsearch.engine.rules.marks import Marks
from newsearch.engine.whoosh import cards, records
from newsearch.engine.whoosh.cards import Cards, PageCards, on_card
from newsearch.engine.whoosh.evaluate import Evaluation
from newsearch.engine.whoosh.explain import Explainer
from newsearch.engine.whoosh.refs import article_ref
from newsearch.engine.whoosh.schema import DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.engine.whoosh.view import View
from newsearch.items.ids import article_key
from newsearch.model import (
    Article,
    ArticleRef,
    Explanation,
    Hit,
    MatchPlace,
    NewsItem,
    RelatedArticle,
    Snippet,
    Story,
)
from newsearch.query.dates import from_seconds

__all__ = ["HitBuilder", "build_article"]

Value = TypeVar("Value")


class _later(Generic[Value]):  # noqa: N801 - a decorator, as `property` is
    """An attribute of a hit that is worked out when it is first asked for, and then kept in its `__dict__`.

    What `functools.cached_property` does, without the lock that it takes in Python 3.11.
    """

    def __init__(self, work_out: "Callable[[Any], Value]") -> None:
        self._work_out = work_out
        self._name = work_out.__name__

    def __get__(self, hit: Any, owner: type) -> Value:
        if hit is None:  # asked of the class, as tools that document and inspect do
            return self  # type: ignore[return-value]
        value = hit.__dict__[self._name] = self._work_out(hit)
        return value


class _PageHit(Hit):
    """A hit of a page: it has its texts, and works out the rest when it is asked for.

    Making whole hits took longer than finding them, and nobody looks at everything of each. What is there from the
    start is its `__dict__`; for that the names have to be covered here, or Hit's slots would come first.
    """

    # To whoever prints it, it is a hit.
    __qualname__ = "Hit"

    rank = score = title = excerpt = url = None  # type: ignore[assignment]
    _page: "HitBuilder"
    _row: int
    _document: int

    id = on_card(cards.ids)
    kind = on_card(cards.kinds)
    date = on_card(cards.dates)
    provider = on_card(cards.providers)
    type = on_card(cards.types)
    quality = on_card(cards.qualities)
    heat = on_card(cards.heats)
    published = on_card(cards.published)
    topics = on_card(cards.topics)
    short_id = on_card(cards.short_ids)
    path = on_card(cards.paths)

    def __reduce__(self) -> tuple[object, ...]:
        # Pickled or copied, it is a whole hit that no longer knows of its page.
        return Hit, tuple(getattr(self, spec.name) for spec in fields(Hit))

    @_later
    def highlights(self) -> Mapping[str, Spans]:
        return self._page.marks.highlights(self)

    @_later
    def matched_in(self) -> tuple[MatchPlace, ...]:
        places = map(MatchPlace, self.highlights)
        return (*places, *self._page.item_places(self._document)) if self.kind == "item" else tuple(places)

    @_later
    def cited_by(self) -> tuple[ArticleRef, ...]:
        return self._page.citing(self._document)

    @_later
    def explanation(self) -> Explanation | None:
        return self._page.explanation(self._document)

    @_later
    def snippet(self) -> Snippet | None:
        return self._page.snippet(self._document)

    @_later
    def story(self) -> Story | None:
        return self._page.story(self._row)


class HitBuilder:
    """Builds the hits of one evaluation."""

    def __init__(self, view: View, evaluation: Evaluation, cards: Cards, *, explain: bool) -> None:
        self.view = view
        self._cards = cards
        self.snapshot = view.snapshot
        self.page: PageCards | None = None
        self.marks = Marks(evaluation.clauses, view.snapshot.analyzer)
        self._explainer = Explainer(evaluation, view) if explain else None
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
        self._stories = stories
        self.page, found = self._cards.of(documents), []
        make, give = object.__new__, object.__setattr__
        for row, (card, score) in enumerate(zip(self.page.cards, scores.tolist(), strict=True)):
            hit, held = make(_PageHit), card.copy()
            held["_page"], held["_row"], held["rank"], held["score"] = self, row, first + row, score
            give(hit, "__dict__", held)
            found.append(hit)
        return tuple(found)

    def explanation(self, document: int) -> Explanation | None:
        """Why a document has its score, if the request asks for that."""
        return None if self._explainer is None else self._explainer.explain(document)

    def story(self, row: int) -> Story | None:
        """The story that a hit of the page leads, where stories are asked for."""
        return None if self._stories is None else self._stories[row]()

    def snippet(self, document: int) -> Snippet | None:
        """The part of a document's text that shows best why it was found, where title and excerpt do not."""
        return self.marks.snippet(self._cards.article(document, stored_article))

    def citing(self, document: int) -> tuple[ArticleRef, ...]:
        """The visible items that cite a document's article, oldest first."""
        documents = [one for one in self._cards.citing(document) if self.view.visible[one]]
        return in_order(self._cards.refs(documents)) if documents else ()

    def item_places(self, document: int) -> list[MatchPlace]:
        """Where an item matched beside its title and excerpt."""
        item = self._cards.article(document, stored_article)
        return self.marks.item_places(item) if isinstance(item, NewsItem) else []


def stored_article(document: int, snapshot: Snapshot) -> NewsItem | RelatedArticle:
    """The item or related article of a document."""
    stored = snapshot.stored(document)
    if snapshot.column("kind")[document] == DocumentKind.RELATED:
        return records.restore_related(stored)
    return records.restore_item(stored)


def build_article(document: int, snapshot: Snapshot, view: View) -> Article:
    """Everything known of a document's article, the articles it cites and the visible items that cite it included."""
    stored = stored_article(document, snapshot)
    related = stored.related if isinstance(stored, NewsItem) else ()
    citing = snapshot.citing(int(snapshot.keys[document]))
    return whole_article(
        stored,
        [_cited(one, snapshot) for one in related],
        in_order(article_ref(one, snapshot) for one in citing if view.visible[one]),
        first_indexed=from_seconds(int(snapshot.column("first_indexed")[document])),
    )


def _cited(related: RelatedArticle, snapshot: Snapshot) -> NewsItem | RelatedArticle:
    """A cited article as the index has it, which for one that has a file of its own is as the file says."""
    documents = snapshot.documents_of(article_key(related.address), DocumentKind.ITEM)
    return stored_article(documents[0], snapshot) if documents else related
