"""What an engine has to do to be measured.

    peer.build(folder, map(peer.prepare, documents), related=False)
    with closing(peer.open(folder)) as session:
        hits = session.search("oil market", "any")

All engines index the same text fields (title, excerpt, topics and, where asked for, the text of related articles) with
positions where they have them, find a provider by its name where they have filters, and store the same fields.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.corpus import Document

__all__ = ["ALL", "ANY", "LIMIT", "STORED", "WEIGHTS", "Peer", "Session", "epoch", "related_text", "row", "text_fields"]

LIMIT = 10
"""Hits that a query asks for."""

ANY = "any word"
ALL = "all words"
"""The two meanings of several words, as tables call them."""

WEIGHTS = {"title": 2.0, "excerpt": 1.0, "topics": 1.0, "related": 0.5}
"""What one occurrence counts in each text field: newsearch's defaults, given to each engine that takes weights."""

STORED = ("title", "excerpt", "topics", "url", "date", "provider", "domain", "quality")
"""What comes back with a hit."""


class Session(ABC):
    """An open index."""

    @abstractmethod
    def search(self, text: str, mode: str) -> Sequence[object]:
        """The best ten hits for words in one of the engine's modes, what is stored of them in Python's hands."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the index."""


class Peer(ABC):
    """An engine."""

    @abstractmethod
    def prepare(self, document: Document) -> Any:
        """The document as the engine's own kind of object; not timed."""

    @abstractmethod
    def build(self, folder: Path, prepared: Iterable[Any], *, related: bool) -> None:
        """An index of the documents in an empty folder, complete and committed on return."""

    def settle(self) -> None:  # noqa: B027 - most have nothing to wait for
        """Wait for what goes on after a commit; not timed."""

    @abstractmethod
    def open(self, folder: Path, *, related: bool) -> Session:
        """Open an index for searching."""


def text_fields(related: bool) -> list[str]:
    """The text fields of an index, with or without the text of related articles."""
    return ["title", "excerpt", "topics", *(["related"] if related else [])]


def related_text(document: Document) -> str:
    """Titles and excerpts of the articles that a document cites."""
    return "\n".join(text for cited in document.related for text in (cited.title, cited.excerpt))


def row(document: Document) -> dict[str, object]:
    """A document as a row of a table: text fields as one text each, a date as a number."""
    return {
        "title": document.title,
        "excerpt": document.excerpt,
        "topics": "\n".join(document.topics),
        "related": related_text(document),
        "url": document.url,
        "date": epoch(document.date),
        "provider": document.provider,
        "domain": document.domain,
        "quality": document.quality,
    }


def epoch(date: str | None) -> int:
    """A date as UTC epoch seconds; 0 for none."""
    return int(datetime.fromisoformat(date).timestamp()) if date else 0
