"""What hits show of documents whatever was asked, kept for the next query that finds them.

    cards = Cards(snapshot)
    page = cards.of(documents)              # a card each: its texts, and what else was asked for before
    class _PageHit(Hit): date = on_card(dates)

How a hit is made of it, and what of a hit depends on the query, is `hits`'.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.keywords import split_provider
from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE, DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.items.ids import article_id
from newsearch.model import ArticleRef, Kind, NewsItem, Provider, RelatedArticle
from newsearch.query.dates import from_seconds

__all__ = [
    "Card",
    "Cards",
    "PageCards",
    "dates",
    "heats",
    "ids",
    "kinds",
    "on_card",
    "paths",
    "providers",
    "published",
    "qualities",
    "short_id",
    "short_ids",
    "topics",
    "types",
]

Value = TypeVar("Value")
Article = NewsItem | RelatedArticle
Card = dict[str, Any]
"""Attributes of a hit by name; `_document` is the document's number."""

_BYTES = 6_000_000
"""How much of cards is kept, roughly; then it begins anew."""

_STORED = 12_000_000
"""The same of whole articles, which take most of the time of a hit that is looked at whole."""

_CARD_BYTES = 1200
"""What a card takes beside its texts, when everything was asked for."""

_ARTICLE_BYTES = 8000
"""What a whole article takes beside its longest texts, the articles that it cites included."""

_OF_A_HIT: Card = dict.fromkeys(("_page", "_row", "rank", "score"))
"""What differs from hit to hit: a copy of a card that has the names already need not grow."""

_SHORT_ID = 6
"""How many characters of an id are shown at least."""

Documents = NDArray[np.int64]


class Cards:
    """The cards of a snapshot's documents. Safe for threads: what two of them work out at once is the same."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._cards: dict[int, Card] = {}
        self._size = 0
        self._articles: dict[int, Any] = {}
        self._stored = 0

    def of(self, documents: Documents) -> "PageCards":
        """The cards of a page."""
        known = self._cards.get
        found = [known(document) or self._write(document) for document in documents.tolist()]
        return PageCards(self._snapshot, documents, found)

    def article(self, document: int, restore: Callable[[int, Snapshot], Article]) -> Article:
        """All that is stored of a document, as `restore` makes it."""
        known = self._articles.get(document)
        if known is None:
            known = self._articles[document] = restore(document, self._snapshot)
            self._stored += _ARTICLE_BYTES + len(known.excerpt) + len(getattr(known, "body", ""))
            if self._stored >= _STORED:
                self._articles.clear()
                self._stored = 0
        return known

    def citing(self, document: int) -> list[int]:
        """The live items that cite a document's article, ascending."""
        card = self._cards.get(document) or self._write(document)
        if "_citing" not in card:
            card["_citing"] = self._snapshot.citing(int(self._snapshot.keys[document]))
        found: list[int] = card["_citing"]
        return found

    def refs(self, documents: Sequence[int]) -> list[ArticleRef]:
        """Some items, named."""
        asked = np.array(documents, np.int64)
        cards = self.of(asked).cards
        if not all("_ref" in card for card in cards):
            snapshot = self._snapshot
            parts = (ids(snapshot, asked), dates(snapshot, asked), providers(snapshot, asked), kinds(snapshot, asked))
            for card, (identity, date, provider, kind) in zip(cards, zip(*parts, strict=True), strict=True):
                card["_ref"] = ArticleRef(identity, card["title"], card["url"], date, provider, kind)
        return [card["_ref"] for card in cards]

    def _write(self, document: int) -> Card:
        title, excerpt, web_url, original_url = self._snapshot.shown(document)
        url = web_url or original_url or None
        card: Card = {**_OF_A_HIT, "_document": document, "title": title, "excerpt": excerpt, "url": url}
        if self._size >= _BYTES:
            self._cards.clear()
            self._size = 0
        self._cards[document] = card
        self._size += _CARD_BYTES + len(title) + len(excerpt)
        return card


class PageCards:
    """The cards of a page's documents, in its order."""

    __slots__ = ("_documents", "_snapshot", "cards")

    def __init__(self, snapshot: Snapshot, documents: Documents, cards: list[Card]) -> None:
        self._snapshot = snapshot
        self._documents = documents
        self.cards = cards

    def fill_in(self, name: str, work_out: Callable[[Snapshot, Documents], Iterable[object]]) -> None:
        """Put an attribute on every card of the page."""
        for card, value in zip(self.cards, work_out(self._snapshot, self._documents), strict=True):
            card[name] = value


class on_card(Generic[Value]):  # noqa: N801 - a descriptor, as `property` is
    """An attribute of a hit that says which `_row` of which `_page` it is; that has its cards as `page`.

    When it is first asked for it is worked out for the whole page: that costs little more than for one document.
    """

    def __init__(self, work_out: Callable[[Snapshot, Documents], Iterable[Value]]) -> None:
        self._work_out = work_out
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, hit: Any, owner: type) -> Value:
        if hit is None:  # asked of the class, as tools that document and inspect do
            return self  # type: ignore[return-value]
        held, name = hit.__dict__, self._name
        page: PageCards = held["_page"].page
        card = page.cards[held["_row"]]
        if name not in card:
            page.fill_in(name, self._work_out)
        value: Value = card[name]
        held[name] = value
        return value


# What stands on the cards of some documents.


def ids(snapshot: Snapshot, documents: Documents) -> list[str]:
    """The ids of their articles."""
    return [article_id(key) for key in snapshot.keys.take(documents).tolist()]


def short_ids(snapshot: Snapshot, documents: Documents) -> list[str]:
    """The shortest ids that tell them apart from all others."""
    return [short_id(key, snapshot) for key in snapshot.keys.take(documents).tolist()]


def short_id(key: int, snapshot: Snapshot) -> str:
    """The shortest prefix of an article's id, of six characters or more, that no other document's id has."""
    full = article_id(key)
    others = [article_id(other) for other in snapshot.keys_with(full[:_SHORT_ID]) if other != key]
    for length in range(_SHORT_ID, len(full)):
        if not any(other.startswith(full[:length]) for other in others):
            return full[:length]
    return full


def kinds(snapshot: Snapshot, documents: Documents) -> list[Kind]:
    """Which of them are items."""
    return [
        "item" if kind == DocumentKind.ITEM else "related" for kind in snapshot.column("kind").take(documents).tolist()
    ]


def dates(snapshot: Snapshot, documents: Documents) -> list[datetime | None]:
    """Their dates, aware and in UTC."""
    found = snapshot.column("date").take(documents).tolist()
    return [None if date == MISSING_DATE else from_seconds(date) for date in found]


def providers(snapshot: Snapshot, documents: Documents) -> list[Provider | None]:
    """Who published them."""
    return list(map(_provider, snapshot.first_strings("provider", documents.tolist())))


def types(snapshot: Snapshot, documents: Documents) -> list[str | None]:
    """Their types."""
    return snapshot.first_strings("type", documents.tolist())


def qualities(snapshot: Snapshot, documents: Documents) -> list[int | None]:
    """Their qualities."""
    return _numbers("quality", snapshot, documents)


def heats(snapshot: Snapshot, documents: Documents) -> list[int | None]:
    """How hot they were."""
    return _numbers("heat", snapshot, documents)


def published(snapshot: Snapshot, documents: Documents) -> list[bool | None]:
    """Whether they were published."""
    found = snapshot.column("published").take(documents).tolist()
    return [None if one < 0 else bool(one) for one in found]


def topics(snapshot: Snapshot, documents: Documents) -> list[tuple[str, ...]]:
    """Their topics, as written."""
    return list(map(tuple, snapshot.strings_of("topic", documents.tolist())))


def paths(snapshot: Snapshot, documents: Documents) -> list[str | None]:
    """Where their files lie."""
    return [snapshot.path(document) or None for document in documents.tolist()]


def _numbers(column: str, snapshot: Snapshot, documents: Documents) -> list[int | None]:
    found = snapshot.column(column).take(documents).tolist()
    return [None if number == MISSING else number for number in found]


_provider = lru_cache(maxsize=1024)(split_provider)
