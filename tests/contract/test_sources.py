"""What an index is made of besides files of one item each, and its commits; whatever holds the index."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsearch import NewsIndex
from newsearch.engine.base import Delivery, Engine
from newsearch.engine.places import engine_at
from newsearch.errors import ArchiveError
from newsearch.model import NewsItem, SourceFile
from newsearch.model.reports import ITEM_SOURCES
from tests.archive import NOW, ROOT, Archive, delivery, find, update
from tests.contract.engines import KINDS, Kind, dropped, new_place, opened

LATER = NOW + timedelta(days=1)
LINES = SourceFile(ROOT, "many.jsonl", 40, 1, bytes(16))
ROWS: list[dict[str, Any]] = [
    {"title": "Kelp ban", "webUrl": "https://b.example/1"},
    {"title": "Norb ban", "webUrl": "https://b.example/2"},
]


class Torn(Exception):
    """Stands for whatever stops a run."""


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen


@pytest.fixture
def engine(kind: Kind, tmp_path: Path) -> Iterator[Engine]:
    with opened(kind, tmp_path) as made:
        update(made, [{"path": "a.md", "title": "Tarn"}])
        yield made


@pytest.fixture
def index(kind: Kind, tmp_path: Path) -> Iterator[NewsIndex]:
    place = new_place(kind, tmp_path)
    with NewsIndex.create(place, clock=lambda: NOW) as made:
        yield made
    if kind == "cluster":
        dropped(place)


def test_a_file_of_lines_is_remembered_and_not_found(engine: Engine) -> None:
    line = delivery({"path": "many.jsonl#1", "title": "Kelp"})
    engine.sync([Delivery(LINES, holds_lines=True), line], [])
    assert engine.sources()[ROOT]["many.jsonl"] == LINES
    assert [hit.title for hit in find(engine, "kelp")] == ["Kelp"]
    assert find(engine).total == engine.outcome().items == 2
    assert sum(one.holds_lines for one in engine.deliveries()) == 1
    engine.sync([], [(ROOT, "many.jsonl"), (ROOT, "many.jsonl#1")])
    assert set(engine.sources()[ROOT]) == {"a.md"}
    assert find(engine).total == 1


def test_what_is_removed_is_asked_when_all_is_delivered(engine: Engine) -> None:
    told: list[str] = []

    def deliveries() -> Iterator[Delivery]:
        yield delivery({"path": "b.md", "title": "Kelp"})
        told.append("delivered")

    def removed() -> Iterator[tuple[str, str]]:
        assert told
        yield ROOT, "a.md"

    engine.sync(deliveries(), removed())
    assert [hit.title for hit in find(engine)] == ["Kelp"]


@pytest.mark.parametrize("where", ["deliveries", "removed"])
def test_a_sync_that_is_not_given_all_leaves_the_index_as_it_was(engine: Engine, where: str) -> None:
    def torn(key: Any) -> Iterator[Any]:
        yield key
        raise Torn

    new = delivery({"path": "b.md", "title": "Kelp"})
    gone = (ROOT, "a.md")
    before = engine.sources(), engine.commit
    with pytest.raises(Torn):
        engine.sync(torn(new) if where == "deliveries" else [new], torn(gone) if where == "removed" else [gone])
    engine.refresh()
    assert (engine.sources(), engine.commit) == before
    engine.sync([], [])
    assert [hit.title for hit in find(engine)] == ["Tarn"]


def test_the_items_of_a_source_come_change_and_go(index: NewsIndex, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Tarn", path="a.md")
    index.sync(archive.folder)
    assert index.sync_items(ROWS, source="cms").added == 2
    assert index.sync_items(ROWS, source="cms").is_noop
    assert f"{ITEM_SOURCES}cms" in index.stats().roots
    changed = [{**ROWS[0], "title": "Kelp strike"}, ROWS[1]]
    assert index.sync_items(changed, source="cms").changed == 1
    with pytest.raises(ArchiveError, match="the source 'cms' are gone"):
        index.sync_items([], source="cms")
    assert index.count("strike") == 1
    assert index.sync_items([], source="cms", partial=True, gone=["https://b.example/1"]).removed == 1
    assert {hit.title for hit in index.search("")} == {"Norb ban", "Tarn"}


def test_items_at_hand_are_taken_in(index: NewsIndex) -> None:
    index.take_in(NewsItem(address=f"b.example/{n}", title=f"Kelp {n}", path=f"{n}.md") for n in range(3))
    assert index.count("kelp") == 3
    assert index.get("1.md").title == "Kelp 1"


def test_a_preview_tells_what_a_sync_would_do_and_does_nothing(index: NewsIndex, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Tarn", path="a.md")
    index.sync(archive.folder)
    archive.deliver("Kelp", path="b.md")
    commit = index.commit
    preview = NewsIndex.preview(index.path, archive.folder)
    assert (preview.report.added, preview.report.items) == (1, 1)
    assert [name for _, name in preview.added] == ["b.md"]
    assert not index.refresh()
    assert index.commit == commit


def test_a_preview_of_an_index_that_is_not_there_makes_none(kind: Kind, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Tarn")
    place = new_place(kind, tmp_path)
    assert NewsIndex.preview(place, archive.folder).report.added == 1
    assert not engine_at(place).exists(place)


def test_a_copy_has_the_files_of_lines_and_the_items_of_sources_too(index: NewsIndex, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.write("many.jsonl", '{"title": "Kelp", "webUrl": "https://b.example/9"}\n{"title": \n')
    index.sync(archive.folder)
    index.sync_items(ROWS, source="cms")
    index.copy(tmp_path / "copy")
    with NewsIndex.create(tmp_path / "copy") as copy:
        assert copy.sync(archive.folder).is_noop
        assert copy.sync_items(ROWS, source="cms").is_noop
        assert copy.count("") == 3


def test_a_line_that_cannot_be_read_is_told_by_its_file_ever_after(index: NewsIndex, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.write("many.jsonl", '{"title": "Kelp", "webUrl": "https://b.example/9"}\n{"title": \n')
    first, second = index.sync(archive.folder), index.sync(archive.folder)
    assert [(fault.path, fault.line) for fault in first.skipped] == [("many.jsonl", 2)]
    assert [str(fault) for fault in second.skipped] == [str(fault) for fault in first.skipped]


def test_a_commit_has_a_name_that_every_reader_gives_it(kind: Kind, tmp_path: Path) -> None:
    place = new_place(kind, tmp_path)
    with NewsIndex.create(place, clock=lambda: NOW) as writer, NewsIndex.create(place, clock=lambda: NOW) as reader:
        empty = writer.commit
        assert reader.commit == empty
        writer.take_in([NewsItem(address="b.example/1", title="Kelp")])
        assert writer.commit != empty
        assert reader.commit == empty
        assert reader.refresh()
        assert reader.commit == writer.commit
    if kind == "cluster":
        dropped(place)


def test_a_fork_is_refreshed_by_itself(engine: Engine) -> None:
    fork = engine.fork(clock=lambda: LATER)
    assert fork.commit == engine.commit
    update(engine, [{"path": "b.md", "title": "Kelp"}], at=LATER)
    assert fork.commit != engine.commit
    assert fork.refresh()
    assert fork.commit == engine.commit
    assert find(fork, "date:1d").total == find(engine, "date:1d").total == 0
    assert [hit.title for hit in find(fork, "kelp")] == ["Kelp"]
