"""tantivy through its Python binding: one indexing thread, English stemming, BM25 with weights a field.

The clock stops at the commit; merges that go on behind it are waited for outside, to its advantage. A search leaves the
total uncounted, which lets it skip documents; one mode counts it, as newsearch always does.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from benchmarks.corpus import Document
from benchmarks.peers.base import LIMIT, WEIGHTS, Peer, Session, epoch, related_text, text_fields

__all__ = ["PEER"]

_HEAP = 128_000_000
"""Bytes of the writer's arena: the binding's default."""

_COUNTING = "tantivy OR, counting"
_AND = "tantivy AND"


class _Session(Session):
    def __init__(self, folder: Path, fields: list[str]) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()
        self._fields = fields
        self._weights = {field: WEIGHTS[field] for field in fields}

    def search(self, text: str, mode: str) -> Sequence[object]:
        query = self._index.parse_query(
            text, self._fields, field_boosts=self._weights, conjunction_by_default=mode == _AND
        )
        found = self._searcher.search(query, LIMIT, count=mode == _COUNTING)
        return [self._searcher.doc(address).to_dict() for _, address in found.hits]

    def close(self) -> None:
        pass


class _Tantivy(Peer):
    def prepare(self, document: Document) -> tuple[tantivy.Document, str]:
        own = tantivy.Document(
            title=document.title,
            excerpt=document.excerpt,
            topics=list(document.topics),
            url=document.url.encode(),
            date=epoch(document.date),
            provider=document.provider,
            domain=document.domain.encode(),
            quality=document.quality,
        )
        return own, related_text(document)

    def build(self, folder: Path, prepared: Iterable[tuple[tantivy.Document, str]], *, related: bool) -> None:
        index = tantivy.Index(_schema(related), path=str(folder))
        self._writer = index.writer(heap_size=_HEAP, num_threads=1)
        for document, text in prepared:
            if related:
                document.add_text("related", text)
            self._writer.add_document(document)
        self._writer.commit()

    def settle(self) -> None:
        self._writer.wait_merging_threads()

    def open(self, folder: Path, *, related: bool) -> _Session:
        return _Session(folder, text_fields(related))


def _schema(related: bool) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for field in ("title", "excerpt", "topics"):
        builder.add_text_field(field, stored=True, tokenizer_name="en_stem")
    if related:
        builder.add_text_field("related", tokenizer_name="en_stem")
    builder.add_text_field("provider", stored=True, tokenizer_name="raw", index_option="basic")
    for field in ("url", "domain"):
        builder.add_bytes_field(field, stored=True)  # the only text that can be stored without being indexed
    for field in ("date", "quality"):
        builder.add_integer_field(field, stored=True)
    return builder.build()


PEER = _Tantivy()
