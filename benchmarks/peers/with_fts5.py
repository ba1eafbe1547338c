"""SQLite's full-text index, FTS5: Porter's stemmer, weights a column, one transaction.

A column cannot be found by its exact value in FTS5, so the provider is only stored.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.corpus import Document
from benchmarks.peers.base import LIMIT, STORED, WEIGHTS, Peer, Session, row, text_fields

__all__ = ["PEER"]

_AND = "FTS5 AND"
_FILE = "index.sqlite"


class _Session(Session):
    def __init__(self, folder: Path, fields: list[str]) -> None:
        self._connection = sqlite3.connect(folder / _FILE)
        weights = ", ".join(str(WEIGHTS[field]) for field in fields)
        self._query = (
            f"SELECT {', '.join(STORED)} FROM documents WHERE documents MATCH ? AND rank MATCH ? ORDER BY rank"
        )
        self._query += f" LIMIT {LIMIT}"
        self._rank = f"bm25({weights})"

    def search(self, text: str, mode: str) -> Sequence[object]:
        words = " AND " if mode == _AND else " OR "
        query = words.join(f'"{word}"' for word in text.split())
        return self._connection.execute(self._query, (query, self._rank)).fetchall()

    def close(self) -> None:
        self._connection.close()


class _Fts5(Peer):
    def prepare(self, document: Document) -> dict[str, object]:
        return row(document)

    def build(self, folder: Path, prepared: Iterable[dict[str, object]], *, related: bool) -> None:
        texts = text_fields(related)
        kept = [field for field in STORED if field not in texts]
        columns = [*texts, *(f"{field} UNINDEXED" for field in kept)]
        values = ", ".join(f":{field}" for field in [*texts, *kept])
        connection = sqlite3.connect(folder / _FILE)
        connection.execute(
            f"CREATE VIRTUAL TABLE documents USING fts5({', '.join(columns)}, tokenize='porter unicode61')"
        )
        with connection:
            connection.executemany(f"INSERT INTO documents ({', '.join([*texts, *kept])}) VALUES ({values})", prepared)
        connection.close()

    def open(self, folder: Path, *, related: bool) -> _Session:
        return _Session(folder, text_fields(related))


PEER = _Fts5()
