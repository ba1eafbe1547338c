"""The documents that engines are given, and where they come from.

    gather([Path("news.jsonl")], count=34_296, seed=1, folder=Path("build/bench/corpus"))
    documents = list(read(Path("build/bench/corpus"), 3_429))

A corpus is a folder of two files of JSON lines: `documents.jsonl`, of which a smaller size is the beginning, and
`cited.jsonl`, the related articles, which documents name by line. A source is a folder of Markdown items, or JSON lines
with title, excerpt, topics, date, url, provider, domain, quality and `related`, the numbers of the lines it cites.
Without a source the corpus is invented (`benchmarks.synthetic`).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from benchmarks import synthetic

__all__ = ["Cited", "Document", "gather", "read"]


@dataclass(frozen=True, slots=True)
class Cited:
    """A related article. `date` is ISO 8601 in UTC."""

    title: str
    excerpt: str
    date: str | None
    url: str
    provider: str
    domain: str
    quality: int


@dataclass(frozen=True, slots=True)
class Document:
    """A news item; `number` is its place in the corpus, `file` the Markdown file it was read from, if it was."""

    number: int
    title: str
    excerpt: str
    topics: tuple[str, ...]
    date: str | None
    url: str
    provider: str
    domain: str
    quality: int
    related: tuple[Cited, ...] = ()
    file: str | None = None


def gather(sources: Sequence[Path], *, count: int, seed: int, folder: Path) -> int:
    """Make a corpus of up to `count` documents in a folder; returns how many there are."""
    given = chain.from_iterable(_documents(source, count) for source in sources)
    found = given if sources else _rows(synthetic.rows(count, seed=seed))
    places: dict[Cited, int] = {}
    number = -1
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "documents.jsonl").open("w", encoding="utf-8") as lines:
        for number, document in enumerate(islice(found, count)):
            row = asdict(replace(document, number=number, related=()))
            row["related"] = [places.setdefault(cited, len(places)) for cited in document.related]
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    with (folder / "cited.jsonl").open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(asdict(cited), ensure_ascii=False) + "\n" for cited in places)
    return number + 1


def read(folder: Path, size: int, *, related: bool = True) -> Iterator[Document]:
    """The first `size` documents of a corpus, with or without their related articles."""
    cited = [Cited(**row) for row in _lines(folder / "cited.jsonl")] if related else []
    for row in islice(_lines(folder / "documents.jsonl"), size):
        row["topics"] = tuple(row["topics"])
        row["related"] = tuple(cited[place] for place in row["related"]) if related else ()
        yield Document(**row)


def _documents(source: Path, count: int) -> Iterator[Document]:
    return _from_folder(source) if source.is_dir() else _rows(_bounded(source, count))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _bounded(path: Path, count: int) -> Iterator[dict[str, Any]]:
    """The first `count` rows of a file, each with the rows it cites in place of their numbers, wherever these are."""
    wanted = {place for row in islice(_lines(path), count) for place in row.get("related", ())}
    cited = {place: row for place, row in enumerate(_lines(path)) if place in wanted}
    for row in islice(_lines(path), count):
        yield {**row, "related": [cited[place] for place in row.get("related", ()) if place in cited]}


def _rows(rows: Iterable[dict[str, Any]]) -> Iterator[Document]:
    for row in rows:
        related = tuple(_cited(one) for one in row.get("related", ()))
        own = _cited(row)
        yield Document(number=0, topics=tuple(row.get("topics", ())), related=related, **asdict(own))


def _cited(row: dict[str, Any]) -> Cited:
    return Cited(
        title=row["title"],
        excerpt=row.get("excerpt", ""),
        date=row.get("date"),
        url=row["url"],
        provider=row.get("provider", ""),
        domain=row.get("domain", ""),
        quality=row.get("quality", 50),
    )


def _from_folder(folder: Path) -> Iterator[Document]:
    """The items of a folder of Markdown files, by name; what cannot be read is left out."""
    from newsearch.errors import ItemError  # noqa: PLC0415 - a corpus of lines needs no reader
    from newsearch.items.reader import read_item  # noqa: PLC0415

    for file in sorted(folder.rglob("*.md")):
        try:
            item = read_item(file, name=file.name).item
        except ItemError:
            continue
        yield Document(
            number=0,
            topics=item.topics,
            related=tuple(Cited(**_shared(one)) for one in item.related),
            file=str(file.resolve()),
            **_shared(item),
        )


def _shared(article: Any) -> dict[str, Any]:
    """What the newsearch model says of an item as of a related article."""
    return {
        "title": article.title,
        "excerpt": article.excerpt,
        "date": None if article.date is None else article.date.isoformat(),
        "url": article.web_url or article.address,
        "provider": (article.provider and article.provider.name) or "",
        "domain": (article.provider and article.provider.domain) or "",
        "quality": 50 if article.quality is None else article.quality,
    }
