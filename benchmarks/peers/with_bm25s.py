"""bm25s: scores computed when indexing, one matrix column a word, added up by NumPy.

It knows no fields, so a document's texts are joined, and no AND. The stemmer is Whoosh's, which bm25s calls once for
each distinct word. Stored fields are read from its corpus file.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import bm25s
from whoosh.lang.porter import stem

from benchmarks.corpus import Document
from benchmarks.peers.base import LIMIT, Peer, Session, epoch, related_text

__all__ = ["PEER"]


class _Session(Session):
    def __init__(self, folder: Path) -> None:
        self._retriever = bm25s.BM25.load(str(folder), mmap=True, load_corpus=True)
        self._most = min(LIMIT, len(self._retriever.corpus))

    def search(self, text: str, mode: str) -> Sequence[object]:
        tokens = _tokens([text], return_ids=False)
        # What matches nothing is a page of documents with a score of 0.
        documents, scores = self._retriever.retrieve(tokens, k=self._most, show_progress=False)
        return [document for document, score in zip(documents[0], scores[0], strict=True) if score > 0]

    def close(self) -> None:
        pass


class _Bm25s(Peer):
    def prepare(self, document: Document) -> tuple[str, str, dict[str, object]]:
        stored = {
            "title": document.title,
            "excerpt": document.excerpt,
            "topics": list(document.topics),
            "url": document.url,
            "date": epoch(document.date),
            "provider": document.provider,
            "domain": document.domain,
            "quality": document.quality,
        }
        return "\n".join((document.title, document.excerpt, *document.topics)), related_text(document), stored

    def build(self, folder: Path, prepared: Iterable[tuple[str, str, dict[str, object]]], *, related: bool) -> None:
        texts: list[str] = []
        stored: list[dict[str, object]] = []
        for text, cited, kept in prepared:
            texts.append(f"{text}\n{cited}" if related else text)
            stored.append(kept)
        retriever = bm25s.BM25(k1=1.2, b=0.75)
        retriever.index(_tokens(texts), show_progress=False)
        retriever.save(str(folder), corpus=stored, show_progress=False)

    def open(self, folder: Path, *, related: bool) -> _Session:
        return _Session(folder)


def _tokens(texts: list[str], *, return_ids: bool = True) -> Any:
    return bm25s.tokenize(texts, stopwords="english", stemmer=_stemmed, return_ids=return_ids, show_progress=False)


def _stemmed(words: list[str]) -> list[str]:
    return [stem(word) for word in words]


PEER = _Bm25s()
