"""newsearch itself, through its library: deliveries of items into an index, searches with blended ranking.

The total is counted. A hit works out much of itself when it is asked for; here it is asked for all that the other
engines have stored of a document.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import newsearch
from benchmarks.corpus import Cited, Document
from benchmarks.peers.base import Peer, Session
from newsearch.engine.base import Delivery
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.items.urls import address_of
from newsearch.model import MatchMode, NewsItem, Provider, RelatedArticle, SourceFile

__all__ = ["PEER"]

_MATCH: dict[str, MatchMode] = {"newsearch any": "any", "newsearch auto": "auto"}


class _Session(Session):
    def __init__(self, folder: Path) -> None:
        self._index = newsearch.open(folder)

    def search(self, text: str, mode: str) -> Sequence[object]:
        return [
            (hit.title, hit.excerpt, hit.topics, hit.url, hit.date, hit.provider, hit.quality)
            for hit in self._index.search(text, match=_MATCH[mode]).hits
        ]

    def close(self) -> None:
        self._index.close()


class _Newsearch(Peer):
    def prepare(self, document: Document) -> Delivery:
        path = f"{document.number}.md"
        source = SourceFile("archive", path, 1000, 1, document.number.to_bytes(16, "big"))
        item = NewsItem(
            address=_address(document.url),
            title=document.title,
            excerpt=document.excerpt,
            path=path,
            category="news",
            date=_date(document.date),
            original_url=document.url,
            web_url=document.url,
            type="article",
            quality=document.quality,
            provider=Provider(document.provider, document.domain),
            topics=document.topics,
            related=tuple(map(_related, document.related)),
        )
        return Delivery(source, item=item)

    def build(self, folder: Path, prepared: Iterable[Delivery], *, related: bool) -> None:
        engine = WhooshEngine.create(folder)
        engine.sync(prepared, [])
        engine.close()

    def open(self, folder: Path, *, related: bool) -> _Session:
        return _Session(folder)


def _related(cited: Cited) -> RelatedArticle:
    return RelatedArticle(
        address=_address(cited.url),
        title=cited.title,
        excerpt=cited.excerpt,
        date=_date(cited.date),
        web_url=cited.url,
        type="article",
        quality=cited.quality,
        provider=Provider(cited.provider, cited.domain),
    )


def _address(url: str) -> str:
    return address_of(url) or url


def _date(date: str | None) -> datetime | None:
    return datetime.fromisoformat(date) if date else None


PEER = _Newsearch()
