"""What holds for a sync, whatever holds the index."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from newsearch.engine.base import Delivery, Engine
from newsearch.engine.places import engine_at
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import AmbiguousId, ArticleNotFound, IndexMissing
from newsearch.items.ids import article_id, article_key
from newsearch.model import Article
from tests.archive import NOW, ROOT, cited, delivery, find, update
from tests.contract.engines import KINDS, Kind, cluster_url, new_place, opened
from tests.strategies import batches

LATER = NOW + timedelta(days=1)


def url_id(address: str) -> str:
    return article_id(article_key(address))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    chosen: Kind = request.param
    return chosen


def test_an_index_that_is_not_there_is_told_so(kind: Kind, tmp_path: Path) -> None:
    place = new_place(kind, tmp_path)
    assert not engine_at(place).exists(place)
    with pytest.raises(IndexMissing, match="newsearch index"):
        engine_at(place).open(place)


def test_an_empty_index_finds_nothing(kind: Kind, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as engine:
        assert not engine.committed
        assert find(engine, "kelp").total == 0
        assert engine.sources() == {}


def test_an_article_that_two_items_cite_is_one_as_the_earliest_describes_it(kind: Kind, tmp_path: Path) -> None:
    shared = "https://b.example/2"
    files = [
        {"path": "late.md", "title": "Late", "url": "https://a.example/1", "date": "2020-09-20"},
        {"path": "early.md", "title": "Early", "url": "https://a.example/2", "date": "2020-09-01"},
    ]
    for file, title in zip(files, ("as late has it", "as early has it"), strict=True):
        file["related"] = [cited(title, shared)]  # type: ignore[assignment]
    with opened(kind, tmp_path) as engine:
        update(engine, files)
        article = engine.get(shared)
        assert article.title == "as early has it"
        assert [ref.title for ref in article.cited_by] == ["Early", "Late"]
        update(engine, removed=["early.md"])
        assert engine.get(shared).title == "as late has it"
        update(engine, removed=["late.md"])
        with pytest.raises(ArticleNotFound):
            engine.get(shared)


def test_a_file_is_preferred_to_citations_and_gives_way_to_them_when_it_goes(kind: Kind, tmp_path: Path) -> None:
    shared = "https://b.example/2"
    with opened(kind, tmp_path) as engine:
        update(engine, [{"path": "a.md", "title": "Citing", "related": [cited("Cited", shared)]}])
        update(engine, [{"path": "b.md", "title": "A file", "url": shared}])
        assert (engine.get(shared).kind, engine.get(shared).title) == ("item", "A file")
        update(engine, removed=["b.md"])
        assert (engine.get(shared).kind, engine.get(shared).title) == ("related", "Cited")


def test_of_two_files_with_one_address_the_newest_update_counts(kind: Kind, tmp_path: Path) -> None:
    files = [
        {"path": "a.md", "title": "Old", "url": "https://b.example/2", "date": "2020-01-01"},
        {"path": "b.md", "title": "New", "url": "https://b.example/2", "date": "2020-02-01"},
    ]
    with opened(kind, tmp_path) as engine:
        update(engine, files)
        assert engine.outcome().duplicates == 1
        assert engine.get("https://b.example/2").title == "New"
        assert engine.get("a.md").title == "New"
        update(engine, removed=["b.md"])
        assert engine.outcome().duplicates == 0
        assert engine.get("https://b.example/2").title == "Old"


def test_a_file_that_cannot_be_read_is_remembered_with_its_fault(kind: Kind, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as engine:
        update(engine, [{"path": "bad.md", "title": None}, {"path": "good.md", "title": "Kelp"}])
        assert list(engine.faults()) == [(ROOT, "bad.md")]
        assert set(engine.sources()[ROOT]) == {"bad.md", "good.md"}
        update(engine, [{"path": "bad.md", "title": "Mended"}])
        assert engine.faults() == {}
        assert find(engine, "mended").total == 1


def test_a_file_that_was_only_touched_stays_as_it_was(kind: Kind, tmp_path: Path) -> None:
    spec = {"path": "a.md", "title": "Kelp", "url": "https://b.example/2"}
    with opened(kind, tmp_path) as engine:
        update(engine, [spec])
        source = delivery(spec).source._replace(mtime_ns=77)
        engine.sync([Delivery(source)], [], at=LATER)
        assert engine.sources()[ROOT]["a.md"].mtime_ns == 77
        assert find(engine, "kelp").total == 1


def test_a_rebuild_keeps_when_an_article_first_came(kind: Kind, tmp_path: Path) -> None:
    spec = {"path": "a.md", "title": "Kelp", "url": "https://b.example/2"}
    other = {"path": "b.md", "title": "Norb", "url": "https://b.example/3"}
    with opened(kind, tmp_path) as engine:
        update(engine, [spec])
        engine.rebuild(map(delivery, [spec, other]), language="english", at=LATER)
        assert engine.get("https://b.example/2").first_indexed == NOW
        assert engine.get("https://b.example/3").first_indexed == LATER


def test_another_one_sees_a_commit_when_it_refreshes(kind: Kind, tmp_path: Path) -> None:
    place = new_place(kind, tmp_path)
    writer = engine_at(place).create(place, clock=lambda: NOW)
    update(writer, [{"path": "a.md", "title": "Kelp"}])
    reader = engine_at(place).open(place, clock=lambda: NOW)
    assert not reader.refresh()
    update(writer, [{"path": "b.md", "title": "Norb"}], at=LATER)
    assert reader.refresh()
    assert reader.outcome().items == 2
    assert find(reader, "norb").index.updated == LATER


def test_a_reference_is_an_id_its_beginning_an_address_or_a_path(kind: Kind, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as engine:
        numbers = range(40)
        update(engine, [{"path": f"{n}.md", "title": f"Kelp {n}", "url": f"https://b.example/{n}"} for n in numbers])
        identity = engine.get("https://b.example/7").id
        assert engine.get(identity).title == engine.get("7.md").title == engine.get(identity[:12]).title == "Kelp 7"
        with pytest.raises(AmbiguousId):
            engine.get(
                next(
                    first
                    for first in "0123456789abcdef"
                    if sum(url_id(f"b.example/{n}").startswith(first) for n in numbers) > 1
                )
            )
        with pytest.raises(ArticleNotFound):
            engine.get("https://b.example/none")


def contents(engine: Engine) -> list[dict[str, Any]]:
    """Every article as `show` prints it, but for when it came."""
    found = [engine.get(hit.id) for hit in find(engine, limit=1000)]
    shown = [{name: getattr(one, name) for name in Article.__slots__ if name != "first_indexed"} for one in found]
    return sorted(shown, key=lambda one: str(one["id"]))


@settings(max_examples=6)
@given(batches())
def test_any_sequence_of_syncs_on_a_cluster_ends_in_what_the_embedded_engine_makes_of_the_files(
    changes: list[dict[str, Any]],
) -> None:
    cluster_url()
    files: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder, opened("cluster", Path(folder)) as grown:
        for batch in changes:
            deliveries: list[Delivery] = []
            for path, change in batch.items():
                if change == "touched":
                    deliveries += [Delivery(delivery(files[path]).source)] if path in files else []
                elif change != "removed":
                    files[path] = {"path": path, "title": None} if change == "broken" else change
                    deliveries.append(delivery(files[path]))
            removed = [(ROOT, path) for path, change in batch.items() if change == "removed"]
            for _, path in removed:
                files.pop(path, None)
            grown.sync(deliveries, removed)
        fresh = WhooshEngine.create(Path(folder) / "fresh", clock=lambda: NOW)
        fresh.sync([delivery(files[path]) for path in sorted(files)], [])
        assert grown.outcome() == fresh.outcome()
        assert grown.sources() == fresh.sources()
        assert {key: str(fault) for key, fault in grown.faults().items()} == {
            key: str(fault) for key, fault in fresh.faults().items()
        }
        assert contents(grown) == contents(fresh)
        fresh.close()
