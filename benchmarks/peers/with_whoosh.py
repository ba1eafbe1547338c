"""Whoosh 2.7.4 as it comes: its own codec, writer, analyzer, BM25F and query parser."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import AndGroup, MultifieldParser, OrGroup

from benchmarks.corpus import Document
from benchmarks.peers.base import LIMIT, WEIGHTS, Peer, Session, row, text_fields

__all__ = ["PEER"]

_OR, _AND = "Whoosh OR", "Whoosh AND"


class _Session(Session):
    def __init__(self, folder: Path, fields: list[str]) -> None:
        self._searcher = open_dir(str(folder)).searcher()
        weights = {field: WEIGHTS[field] for field in fields}
        self._parsers = {
            mode: MultifieldParser(fields, self._searcher.schema, fieldboosts=weights, group=group)
            for mode, group in ((_OR, OrGroup), (_AND, AndGroup))
        }

    def search(self, text: str, mode: str) -> Sequence[object]:
        found = self._searcher.search(self._parsers[mode].parse(text), limit=LIMIT)
        return [hit.fields() for hit in found]

    def close(self) -> None:
        self._searcher.close()


class _Whoosh(Peer):
    def prepare(self, document: Document) -> dict[str, object]:
        return row(document)

    def build(self, folder: Path, prepared: Iterable[dict[str, object]], *, related: bool) -> None:
        writer = create_in(str(folder), _schema(related)).writer()
        for document in prepared:
            if not related:
                document.pop("related")
            writer.add_document(**document)
        writer.commit()

    def open(self, folder: Path, *, related: bool) -> _Session:
        return _Session(folder, text_fields(related))


def _schema(related: bool) -> Schema:
    analyzer = StemmingAnalyzer()
    fields = {field: TEXT(analyzer=analyzer, stored=field != "related") for field in text_fields(related)}
    kept = {field: STORED() for field in ("url", "date", "domain", "quality")}
    return Schema(**fields, **kept, provider=ID(stored=True))


PEER = _Whoosh()
