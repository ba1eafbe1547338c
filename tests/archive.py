"""Small archives for tests: Markdown files as those of a real one.

    archive = Archive(tmp_path / "archive")
    archive.deliver(title="Harbour ban", topics=["law"], related=[cited("Follow-up", "https://b.example/2")])

A file is described by a plain dict, its spec: `path`, `body`, and the keys of the front matter in short (`KEYS`). What
is not given is not in the file. `build` and `update` take specs to an engine without a folder in between.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from newsearch.engine.base import Delivery, Engine
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import ItemError
from newsearch.items.reader import parse_item
from newsearch.model import RankingSettings, SearchRequest, SearchResult, SourceFile

__all__ = ["KEYS", "NOW", "ROOT", "Archive", "Spec", "build", "cited", "delivery", "find", "markdown", "update"]

Spec = Mapping[str, Any]
"""A file, or a related article in it, as a plain dict."""

NOW = datetime(2020, 10, 1, tzinfo=UTC)
"""When the commits of tests happen, unless a test says otherwise."""

ROOT = "archive"
"""What an engine is told the folder is called."""

KEYS = {
    "category": "category",
    "title": "title",
    "excerpt": "excerpt",
    "date": "publishedDateTime",
    "updated": "updatedDateTime",
    "original_url": "originalUrl",
    "url": "webUrl",
    "type": "type",
    "quality": "quality",
    "heat": "heat",
    "published": "published",
    "provider": "provider",
    "topics": "topics",
    "images": "images",
    "related": "related",
    "secured": "secured",
}
"""A spec's keys and what they are called in front matter. `path` and `body` are a file's besides."""

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def cited(title: str, url: str, **fields: Any) -> dict[str, Any]:
    """The spec of a related article."""
    return {"title": title, "url": url, **fields}


def markdown(spec: Spec) -> str:
    """The text of a file: front matter and body."""
    front = yaml.dump(_front_matter(spec), Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{front}---\n{spec.get('body', '')}\n"


def _front_matter(spec: Spec) -> dict[str, Any]:
    front = {key: spec[name] for name, key in KEYS.items() if spec.get(name) is not None}
    if "related" in front:
        front["related"] = [_front_matter(related) for related in front["related"]]
    return front


class Archive:
    """A folder of items that tests fill file by file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0
        folder.mkdir(parents=True, exist_ok=True)

    def deliver(self, title: str = "An item", *, path: str | None = None, **fields: Any) -> Path:
        """Write an item, over the one at `path` if there is one. Without a path it gets one of its own.

        It gets an address of its own too, unless `url` is given; with `url=None` it has none.
        """
        self._count += 1
        path = path or f"item-{self._count}.md"
        fields.setdefault("url", f"https://paper.example/{path.removesuffix('.md')}")
        return self.write(path, markdown({"title": title, **fields}))

    def write(self, path: str, text: str | bytes) -> Path:
        """Write any file."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def remove(self, path: str) -> None:
        """Delete a file."""
        (self.folder / path).unlink()


def delivery(spec: Spec) -> Delivery:
    """A file as an engine gets it, read from its Markdown; a title of None makes one that cannot be read."""
    raw = markdown(spec).encode()
    path = spec["path"]
    source = SourceFile(ROOT, path, len(raw), 1, hashlib.blake2b(raw, digest_size=16).digest())
    try:
        return Delivery(source, item=parse_item(raw, name=path).item)
    except ItemError as fault:
        return Delivery(source, fault=fault)


def build(
    folder: Path | str, specs: Iterable[Spec] = (), *, settings: RankingSettings | None = None, at: datetime = NOW
) -> WhooshEngine:
    """A new index of some files, built in one commit."""
    engine = WhooshEngine.create(folder, settings=settings, clock=lambda: NOW)
    update(engine, specs, at=at)
    return engine


def update(engine: Engine, specs: Iterable[Spec] = (), *, removed: Sequence[str] = (), at: datetime = NOW) -> None:
    """One commit that delivers some files and removes others by their paths."""
    engine.sync(map(delivery, specs), [(ROOT, path) for path in removed], at=at)


def find(engine: Engine, text: str = "", **options: Any) -> SearchResult:
    """A search for everything that matches, up to 1,000 hits."""
    return engine.search(SearchRequest(text, **{"limit": 1000, **options}))
