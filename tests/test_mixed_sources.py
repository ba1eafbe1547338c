"""Any sequence of runs over Markdown files, files of lines and sources of items ends as one run over what is left.

Files are written, written again, changed and removed, sources delivered whole and in part; whatever came of that on the
way, the index at the end is that of a fresh build, but for the times.
"""

import json
import os
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest

from newsearch.deliveries import sync_items
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.schema import KEYWORD_FIELDS, STRING_LISTINGS, TEXT_FIELDS, DocumentKind, length_column
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.intake import sync_folders
from newsearch.model import Article
from tests.archive import NOW, Archive, cited, find, markdown

OLD_NS = 1_500_000_000_000_000_000
WORDS = ("kelp", "norb", "tarn", "running", "universe", "university", "us", "zürich", "東京", "the")
FILES = ("a.md", "b.md", "sub/c.md")
LINE_FILES = ("news.jsonl", "sub/more.ndjson")
QUERIES = ("kelp", "univ*", '"norb tarn"~3 OR running', "kelp norb is:related", "-tarn", "zurich~1")


class Scene:
    """An index that grows with every change to a folder and two sources, and what is there now."""

    def __init__(self, folder: Path, seed: str) -> None:
        self.chance = random.Random(seed)
        self.folder = folder
        self.archive = Archive(folder / "archive")
        self.engine = WhooshEngine.create(folder / "grown", clock=lambda: NOW)
        self.whole: list[dict[str, Any]] = []
        self.parts: dict[str, dict[str, Any]] = {}
        self.ticks = 0

    def text(self, most: int) -> str:
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(0, most)))

    def item(self) -> dict[str, Any]:
        """Of few addresses, so that files, lines and sources come to have the same ones."""
        fields: dict[str, Any] = {
            "title": self.text(4) or "kelp",
            "excerpt": self.text(4),
            "webUrl": self.chance.choice((None, *(f"https://paper.example/{number}" for number in range(6)))),
            "publishedDateTime": self.chance.choice((None, "2020-07-01", "2020-08-20")),
            "quality": self.chance.choice((None, 20, 80)),
            "topics": self.chance.sample(("law", "ai"), self.chance.randint(0, 2)),
            "related": [
                {"title": self.text(3) or "tarn", "webUrl": f"https://paper.example/{self.chance.randint(0, 8)}"}
                for _ in range(self.chance.randint(0, 2))
            ],
        }
        return {name: value for name, value in fields.items() if value}

    def line(self) -> str:
        if self.chance.random() < 0.15:
            return self.chance.choice(("", "{broken", '"no item"'))
        return json.dumps({**self.item(), "body": self.text(6)})

    def write(self, path: str, text: str) -> None:
        file = self.archive.write(path, text)
        self.ticks += 1
        os.utime(file, ns=(OLD_NS + self.ticks, OLD_NS + self.ticks))

    def change(self) -> None:
        """One change to what there is, and often a run that takes it in."""
        chance = self.chance
        kind = chance.random()
        if kind < 0.25:
            path = chance.choice(FILES)
            fields = self.item()
            if chance.random() < 0.1:
                self.write(path, "no front matter")
            else:
                front = {"title": fields["title"], "url": fields.get("webUrl"), "date": fields.get("publishedDateTime")}
                related = [cited(one["title"], one["webUrl"]) for one in fields.get("related", ())]
                self.write(path, markdown({**front, "related": related, "body": self.text(8)}))
        elif kind < 0.55:
            path = chance.choice(LINE_FILES)
            file = self.archive.folder / path
            lines = file.read_text().splitlines() if file.exists() else []
            lines = [line for line in lines if chance.random() < 0.8]
            for _ in range(chance.randint(0, 3)):
                lines.insert(chance.randint(0, len(lines)), self.line())
            if chance.random() < 0.3:
                chance.shuffle(lines)
            self.write(path, "".join(f"{line}\n" for line in lines))
        elif kind < 0.65:
            file = self.archive.folder / chance.choice((*FILES, *LINE_FILES))
            file.unlink(missing_ok=True)
        elif kind < 0.8:
            self.whole = [one for one in self.whole if chance.random() < 0.7]
            self.whole += [self.item() for _ in range(chance.randint(0, 2))]
            sync_items(self.engine, self.whole, source="whole", allow_loss=True)
        else:
            came = {f"p{chance.randint(0, 4)}": self.item() for _ in range(chance.randint(0, 3))}
            went = [path for path in self.parts if path not in came and chance.random() < 0.3]
            for path in went:
                del self.parts[path]
            self.parts |= came
            items = [{**item, "path": path} for path, item in came.items()]
            sync_items(self.engine, items, source="parts", partial=True, gone=went)
        if chance.random() < 0.7:
            self.run(self.engine, "grown")

    def run(self, engine: WhooshEngine, name: str) -> None:
        sync_folders(engine, self.folder / name, self.archive.folder, allow_loss=True)

    def anew(self) -> WhooshEngine:
        """A fresh index of what there is now."""
        engine = WhooshEngine.create(self.folder / "fresh", clock=lambda: NOW)
        items = [{**item, "path": path} for path, item in sorted(self.parts.items())]
        sync_items(engine, items, source="parts", partial=True)
        sync_items(engine, self.whole, source="whole")
        self.run(engine, "fresh")
        return engine


def contents(engine: WhooshEngine) -> list[tuple[object, ...]]:
    """All that the live documents hold but for times, and for the sizes of files, which blank lines may change."""
    snapshot = Snapshot.newest(engine._folder)
    terms: dict[int, list[tuple[object, ...]]] = {}
    for field in TEXT_FIELDS:
        for term in snapshot.text_terms():
            for document, position in zip(*map(list, snapshot.positions(field, term)), strict=True):
                terms.setdefault(int(document), []).append((field, term, int(position)))
    for field in KEYWORD_FIELDS:
        for term in snapshot.keyword_terms(field):
            for document in snapshot.keyword_documents(field, term).tolist():
                terms.setdefault(document, []).append((field, term))
    columns = ("kind", "date", "quality", "heat", "published", "has_image", *map(length_column, TEXT_FIELDS))
    found = []
    for document in range(snapshot.size):
        kind = snapshot.column("kind")[document]
        if not snapshot.alive[document] or kind in (DocumentKind.STATE, DocumentKind.FILE):
            continue
        source = None if kind == DocumentKind.RELATED else snapshot.source(document)
        found.append(
            (
                *(int(snapshot.column(name)[document]) for name in columns),
                None if source is None else (source.root, source.path, source.digest.hex()),
                repr(snapshot.stored(document)),
                int(snapshot.keys[document]),
                snapshot.citations(document).tolist(),
                [snapshot.strings(listing, document) for listing in STRING_LISTINGS],
                sorted(map(repr, terms.get(document, []))),
            )
        )
    return sorted(found, key=repr)


def shown(engine: WhooshEngine) -> list[Article]:
    found = [engine.get(hit.id) for hit in find(engine)]
    return [
        Article(**{**{name: getattr(one, name) for name in Article.__slots__}, "first_indexed": None}) for one in found
    ]


@pytest.mark.parametrize("seed", range(12))
def test_any_sequence_of_changes_to_mixed_sources_equals_a_fresh_build(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder), f"mixed {seed}")
        for _ in range(scene.chance.randint(1, 14)):
            scene.change()
        scene.run(scene.engine, "grown")
        fresh = scene.anew()
        assert contents(scene.engine) == contents(fresh)
        assert shown(scene.engine) == shown(fresh)
        assert scene.engine.outcome() == fresh.outcome()
        assert {key: str(fault) for key, fault in scene.engine.faults().items()} == {
            key: str(fault) for key, fault in fresh.faults().items()
        }
        for text in QUERIES:
            for as_of in (None, "2020-07-15"):
                one, other = (find(engine, text, as_of=as_of, explain=True) for engine in (scene.engine, fresh))
                assert list(one) == list(other), (text, as_of)
