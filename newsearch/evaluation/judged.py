"""A judged set: a folder with queries, judgements and, unless they are of one's own archive, a corpus.

    judged = JudgedSet(Path("judged"))
    judged.topics(), judged.qrels()
    for item in judged.documents(): ...         streamed, however many there are

The layout is BEIR's:

    queries.jsonl                       {"_id": "q1", "text": "…"} on each line
    qrels.tsv, or qrels/test.tsv        query-id, corpus-id and score between tabs
    corpus.jsonl, or corpus.jsonl.gz    {"_id": "doc7", "title": "…", "text": "…"} on each line

A document's `date`, `quality` and `topics`, in it or in its `metadata`, are taken too. The folder is only read here.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsearch.errors import JudgedSetError
from newsearch.evaluation.lines import JsonLine, faulty, json_lines
from newsearch.evaluation.qrels import Qrels, read_qrels
from newsearch.evaluation.topics import Topic, read_topics
from newsearch.model import NewsItem

__all__ = ["JudgedSet"]

QUERIES = ("queries.jsonl", "queries.jsonl.gz")
QRELS = ("qrels.tsv", "qrels/test.tsv", "qrels.txt", "qrels")
CORPUS = ("corpus.jsonl", "corpus.jsonl.gz")


class JudgedSet:
    """The files of a judged set. Methods raise JudgedSetError for a file that is missing or cannot be read."""

    def __init__(self, folder: Path) -> None:
        """Raises JudgedSetError if there is no such folder."""
        if not folder.is_dir():
            raise JudgedSetError(f"{folder} is no folder; name one with queries.jsonl and qrels.tsv.")
        self.folder = folder

    @property
    def corpus(self) -> Path | None:
        """The corpus's file, None where the set is about an archive that is indexed already."""
        return self._file(CORPUS)

    @property
    def qrels_file(self) -> Path:
        """The file that judgements are read from, or would be."""
        return self._file(QRELS) or self.folder / QRELS[0]

    @property
    def queries_file(self) -> Path:
        """The file that queries are read from, or would be."""
        return self._file(QUERIES) or self.folder / QUERIES[0]

    def topics(self) -> list[Topic]:
        """The queries that something was judged for, in the order of their file."""
        qrels = self.qrels()
        topics = [topic for topic in self.all_topics() if topic.id in qrels]
        if not topics:
            raise JudgedSetError(f"{self.qrels_file} judges none of the queries in {self.queries_file.name}.")
        return topics

    def all_topics(self) -> list[Topic]:
        """All queries, judged or not."""
        return read_topics(self._needed(QUERIES))

    def qrels(self) -> Qrels:
        """The judgements."""
        return read_qrels(self._needed(QRELS))

    def documents(self) -> Iterator[NewsItem]:
        """The corpus as items, one after the other; the path of each is its id. Raises JudgedSetError."""
        file = self._needed(CORPUS)
        return (_item(file, line) for line in json_lines(file))

    def _file(self, names: tuple[str, ...]) -> Path | None:
        return next((file for name in names if (file := self.folder / name).is_file()), None)

    def _needed(self, names: tuple[str, ...]) -> Path:
        file = self._file(names)
        if file is None:
            raise JudgedSetError(f"{self.folder} has no {' and no '.join(names[:2])}.")
        return file


def _item(file: Path, line: JsonLine) -> NewsItem:
    fields = line.fields
    name = line.id
    title, text = fields.get("title") or "", fields.get("text") or ""
    if name is None or not isinstance(title, str) or not isinstance(text, str):
        form = '{"_id": "1", "title": "…", "text": "…"}'
        raise faulty(file, line.number, f"this is no document; it has to look like {form}.")
    further = fields.get("metadata")
    known = {**further, **fields} if isinstance(further, Mapping) else fields
    return NewsItem(
        address=f"path:{name}",
        path=name,
        title=title,
        body=text,
        date=_date(known.get("date")),
        quality=_quality(known.get("quality")),
        topics=_topics(known.get("topics")),
    )


def _date(value: Any) -> datetime | None:
    """A date in ISO's form, in UTC unless it says otherwise; None for any other, as for an item's."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _quality(value: Any) -> int | None:
    is_known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31
    return value if is_known else None


def _topics(value: Any) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
