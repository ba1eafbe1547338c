"""Items that are no files: synced from any iterable, with what a folder's sync guarantees."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsearch
from newsearch import ArchiveError, NewsIndex, NewsItem, Provider, QueryError, RelatedArticle
from newsearch.items.mappings import mapping_of, read_written, written
from newsearch.items.reader import read_item
from tests.archive import NOW, Archive
from tests.docs.pages import ROOT

A, B, C = ({"title": f"kelp {name}", "webUrl": f"https://paper.example/{name}"} for name in "abc")


def made(folder: Path, *items: Any, source: str = "cms") -> NewsIndex:
    """A new index of some items."""
    index = NewsIndex.create(folder / "index", clock=lambda: NOW)
    if items:
        index.sync_items(items, source=source)
    return index


def titles(index: NewsIndex) -> set[str]:
    return {hit.title for hit in index.search(limit=1000)}


class TestWhatAnItemIs:
    def test_a_dictionary_is_read_as_front_matter_is(self, tmp_path: Path) -> None:
        item = {
            "title": "Harbour ban",
            "excerpt": "Cameras: gone",
            "publishedDateTime": datetime(2020, 9, 13, 12, tzinfo=UTC),
            "updatedDateTime": date(2020, 9, 14),
            "webUrl": "https://www.Paper.example/ban?utm_source=x",
            "type": "article",
            "quality": 43,
            "heat": -1,
            "published": False,
            "provider": {"name": "The Lantern", "domain": "www.thelantern.example"},
            "topics": ["Privacy", "privacy", "Law: new"],
            "related": ({"title": "Follow-up", "webUrl": "https://b.example/r"},),
            "body": "Text\n---\nand more",
            "views": 17,
            "secured": "c2VjcmV0",
        }
        with made(tmp_path, item) as index:
            article = index.get("https://paper.example/ban")
        assert (article.title, article.excerpt, article.body) == ("Harbour ban", "Cameras: gone", "Text\n---\nand more")
        assert article.date == datetime(2020, 9, 13, 12, tzinfo=UTC)
        assert article.updated == datetime(2020, 9, 14, tzinfo=UTC)
        assert (article.quality, article.heat, article.published) == (43, None, False)
        assert article.provider == Provider("The Lantern", "thelantern.example")
        assert article.topics == ("Privacy", "Law: new")
        assert [ref.title for ref in article.related] == ["Follow-up"]
        assert not any(b"c2VjcmV0" in file.read_bytes() for file in (tmp_path / "index").iterdir())

    def test_a_news_item_is_taken_as_it_is(self, tmp_path: Path) -> None:
        item = NewsItem(
            "paper.example/ban",
            "Harbour ban",
            date=datetime(2020, 9, 13, tzinfo=UTC),
            related=(RelatedArticle("b.example/r", "Follow-up", quality=60),),
        )
        with made(tmp_path, item) as index:
            article = index.get("https://paper.example/ban")
            assert (article.title, article.url) == ("Harbour ban", "https://paper.example/ban")
            assert index.get("https://b.example/r").quality == 60

    @pytest.mark.parametrize("file", sorted((ROOT / "data").rglob("*.md"))[::4], ids=lambda file: file.stem)
    def test_every_item_of_a_file_is_the_same_by_way_of_its_dictionary(self, file: Path) -> None:
        item = read_item(file, name="name").item
        given = {key: value for key, value in mapping_of(item).items() if key != "path"}
        assert read_written(written(given, name="name"), name="name").item == item

    @given(st.text(), st.text(), st.lists(st.text(), max_size=3))
    def test_any_text_is_read_or_refused_as_a_file_would_be(self, title: str, body: str, topics: list[str]) -> None:
        try:
            item = read_written(written({"title": title, "body": body, "topics": topics}, name="x"), name="x").item
        except newsearch.ItemError:
            item = None
        printable = "".join(char for char in title if char.isprintable()).strip()
        assert (item is not None) or not printable or not title.isprintable()
        if item is not None and title.isprintable():
            assert item.title == title.strip()

    def test_what_is_no_item_stops_no_other_and_is_named(self, tmp_path: Path) -> None:
        circle: dict[str, object] = {"title": "kelp"}
        circle["topics"] = circle
        wrong: list[Any] = [
            "text",
            {"excerpt": "no title"},
            {"title": "kelp", "topics": {1, 2}},
            {"title": "kelp", "body": 5},
            {"title": "kelp", "path": "a\nb"},
            circle,
        ]
        with NewsIndex.create(tmp_path / "index") as index:
            report = index.sync_items([*wrong, A], source="cms")
            assert titles(index) == {"kelp a"}
        assert (report.added, len(report.skipped)) == (1, 6)
        assert "cms:1: is of type str, not an item: give a NewsItem or a dictionary." in map(str, report.skipped)
        assert any("type set, which front matter cannot hold" in fault.reason for fault in report.skipped)

    def test_values_that_were_left_out_are_remarks(self, tmp_path: Path) -> None:
        with NewsIndex.create(tmp_path / "index") as index:
            [remark] = index.sync_items([{**A, "quality": "many"}], source="cms").remarks
        assert remark.reason.startswith("quality ")


class TestWhatASourceOwns:
    def test_what_comes_no_more_is_removed(self, tmp_path: Path) -> None:
        with made(tmp_path, A, B, C) as index:
            report = index.sync_items([A, {**B, "title": "norb b"}], source="cms")
            assert (report.added, report.changed, report.removed, report.unchanged) == (0, 1, 1, 1)
            assert titles(index) == {"kelp a", "norb b"}

    def test_other_sources_and_folders_stay(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("from a file")
        with made(tmp_path, A) as index:
            index.sync(archive.folder)
            index.sync_items([B], source="feed")
            index.sync_items([C], source="cms", allow_loss=True)
            assert titles(index) == {"from a file", "kelp b", "kelp c"}
            index.sync(archive.folder)
            assert titles(index) == {"from a file", "kelp b", "kelp c"}

    def test_a_folder_that_holds_the_index_can_be_synced_beside_it(self, tmp_path: Path) -> None:
        Archive(tmp_path).deliver("from a file")
        with made(tmp_path, A) as index:
            index.sync(tmp_path)
            assert titles(index) == {"from a file", "kelp a"}

    def test_a_rebuild_from_folders_alone_is_refused(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("from a file")
        made(tmp_path, A).close()
        with pytest.raises(ArchiveError, match="was made of the source 'cms' too"):
            NewsIndex.rebuild(tmp_path / "index", archive.folder)

    def test_nothing_is_written_where_nothing_changed(self, tmp_path: Path) -> None:
        with made(tmp_path, A, B) as index:
            files = [file for file in (tmp_path / "index").iterdir() if "LOCK" not in file.name]
            before = [file.stat().st_mtime_ns for file in files]
            report = index.sync_items([B, {**A, "views": 3}], source="cms")
            assert report.is_noop
            assert [file.stat().st_mtime_ns for file in files] == before

    def test_the_loss_of_more_than_half_is_refused_unless_allowed(self, tmp_path: Path) -> None:
        with made(tmp_path, A, B, C) as index:
            with pytest.raises(ArchiveError, match="2 of the 3 items of the source 'cms' are gone"):
                index.sync_items([A], source="cms")
            assert len(titles(index)) == 3
            assert index.sync_items([A], source="cms", allow_loss=True).removed == 2

    def test_what_the_items_raise_leaves_the_index_as_it_was(self, tmp_path: Path) -> None:
        def failing() -> Iterator[dict[str, Any]]:
            yield {**A, "title": "norb"}
            raise ConnectionError("gone")

        with made(tmp_path, A, B) as index:
            with pytest.raises(ConnectionError):
                index.sync_items(failing(), source="cms")
            assert titles(index) == {"kelp a", "kelp b"}
            assert index.sync_items([A, B], source="cms").is_noop

    def test_an_empty_source_makes_an_index(self, tmp_path: Path) -> None:
        with NewsIndex.create(tmp_path / "index") as index:
            assert index.sync_items([], source="cms").committed
            assert index.search().total == 0

    @pytest.mark.parametrize("name", ["", "a/b", "ä", "x" * 65, 5])
    def test_a_name_that_is_none_is_refused(self, tmp_path: Path, name: Any) -> None:
        with NewsIndex.create(tmp_path / "index") as index, pytest.raises(QueryError, match="source is"):
            index.sync_items([A], source=name)


class TestPartially:
    def test_what_does_not_come_stays(self, tmp_path: Path) -> None:
        with made(tmp_path, A, B) as index:
            report = index.sync_items([C, {**A, "title": "norb a"}], source="cms", partial=True)
            assert (report.added, report.changed, report.removed) == (1, 1, 0)
            assert titles(index) == {"norb a", "kelp b", "kelp c"}

    def test_what_is_named_goes(self, tmp_path: Path) -> None:
        with made(tmp_path, A, B, {**C, "path": "c/1"}, {"title": "norb", "path": "d/1"}) as index:
            gone = ["http://www.paper.example/a/", "https://paper.example/c", "d/1", "https://paper.example/never"]
            assert index.sync_items([], source="cms", partial=True, gone=gone).removed == 3
            assert titles(index) == {"kelp b"}

    def test_what_comes_is_not_gone(self, tmp_path: Path) -> None:
        with made(tmp_path, A, B) as index:
            report = index.sync_items([{**A, "title": "norb"}], source="cms", partial=True, gone=[A["webUrl"]])
            assert (report.changed, report.removed) == (1, 0)
            assert titles(index) == {"norb", "kelp b"}

    def test_of_another_source_nothing_goes(self, tmp_path: Path) -> None:
        with made(tmp_path, A) as index:
            assert index.sync_items([], source="feed", partial=True, gone=[A["webUrl"]]).removed == 0
            assert titles(index) == {"kelp a"}

    def test_gone_without_partial_is_refused(self, tmp_path: Path) -> None:
        with made(tmp_path, A) as index, pytest.raises(QueryError, match="partial=True"):
            index.sync_items([A], source="cms", gone=["x"])


class TestHowAnItemIsKnownAgain:
    def test_by_its_path_even_when_its_address_changes(self, tmp_path: Path) -> None:
        with made(tmp_path, {**A, "path": "42"}) as index:
            report = index.sync_items([{**B, "path": "42"}], source="cms")
            assert (report.changed, report.removed) == (1, 0)
            assert titles(index) == {"kelp b"}
            assert index.search().hits[0].path == "42"

    def test_by_its_address_even_when_that_is_written_otherwise(self, tmp_path: Path) -> None:
        with made(tmp_path, A) as index:
            changed = {"title": "norb", "webUrl": "http://www.paper.example/a/?utm_campaign=x"}
            assert index.sync_items([changed], source="cms").changed == 1

    def test_by_its_content_where_it_has_neither(self, tmp_path: Path) -> None:
        with made(tmp_path, {"title": "kelp"}, {"title": "norb"}) as index:
            report = index.sync_items([{"title": "norb"}, {"title": "kelp"}], source="cms")
            assert report.is_noop
            assert index.search().total == 2

    def test_what_comes_twice_is_taken_once(self, tmp_path: Path) -> None:
        with NewsIndex.create(tmp_path / "index") as index:
            report = index.sync_items([A, {**A, "title": "norb"}], source="cms")
            assert titles(index) == {"kelp a"}
        assert [remark.reason for remark in report.remarks] == ["comes twice; only the first was taken."]

    def test_of_two_sources_with_one_address_the_rules_of_files_decide(self, tmp_path: Path) -> None:
        with made(tmp_path, {**A, "updatedDateTime": "2020-01-01"}) as index:
            report = index.sync_items([{**A, "title": "norb", "updatedDateTime": "2020-02-01"}], source="feed")
            assert (titles(index), report.duplicates) == ({"norb"}, 1)

    def test_one_that_can_be_read_again_has_no_fault_left(self, tmp_path: Path) -> None:
        with NewsIndex.create(tmp_path / "index") as index:
            assert len(index.sync_items([{"path": "1"}, B], source="cms").skipped) == 1
            assert len(index.sync_items([{"path": "1"}, B], source="cms").skipped) == 1
            assert index.sync_items([{**A, "path": "1"}, B], source="cms").skipped == ()
            assert titles(index) == {"kelp a", "kelp b"}

    @given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True, max_size=6), min_size=1, max_size=5))
    def test_any_sequence_of_syncs_ends_as_the_last_one_alone(self, steps: list[list[str]]) -> None:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as folder, NewsIndex.create(Path(folder) / "index") as index:
            for number, names in enumerate(steps):
                items = [replace(NewsItem(f"paper.example/{name}", name), excerpt=str(number % 2)) for name in names]
                index.sync_items(items, source="cms", allow_loss=True)
            assert titles(index) == set(steps[-1])


class TestBuildingAnew:
    def test_the_items_of_sources_come_along_and_arrived_when_they_did(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("Häuser")
        with made(tmp_path, A, B) as index:
            index.sync(archive.folder)
        items: list[Any] = [A, B, C, {"webUrl": "https://paper.example/untitled"}, 5]
        rebuilt, report = NewsIndex.rebuild(
            tmp_path / "index",
            archive.folder,
            language="german",
            items={"cms": iter(items)},
            clock=lambda: NOW + timedelta(days=1),
        )
        with rebuilt:
            assert (report.added, report.items, len(report.skipped)) == (4, 4, 2)
            assert titles(rebuilt) == {"Häuser", "kelp a", "kelp b", "kelp c"}
            assert rebuilt.count("haus") == 1
            assert rebuilt.get("https://paper.example/a").first_indexed == NOW
            assert rebuilt.get("https://paper.example/c").first_indexed == NOW + timedelta(days=1)
            # It is known again what they were.
            assert rebuilt.sync_items([A, B, C], source="cms", partial=True).is_noop

    def test_there_may_be_no_folder(self, tmp_path: Path) -> None:
        made(tmp_path, A, B).close()
        rebuilt, report = NewsIndex.rebuild(tmp_path / "index", (), items={"cms": [B, A]})
        with rebuilt:
            assert (report.added, titles(rebuilt)) == (2, {"kelp a", "kelp b"})

    def test_a_source_that_is_left_out_is_named_with_what_to_do(self, tmp_path: Path) -> None:
        with made(tmp_path, A) as index:
            index.sync_items([B], source="feed")
        with pytest.raises(ArchiveError, match=r"the source 'feed' too, .*rebuild\(…, items="):
            NewsIndex.rebuild(tmp_path / "index", (), items={"cms": [A]})

    def test_a_source_that_lost_most_is_refused_and_the_index_stays(self, tmp_path: Path) -> None:
        made(tmp_path, A, B, C).close()
        with pytest.raises(ArchiveError, match="2 of the 3 items of the source 'cms' are gone"):
            NewsIndex.rebuild(tmp_path / "index", (), items={"cms": [A]})
        with newsearch.open(tmp_path / "index") as index:
            assert titles(index) == {"kelp a", "kelp b", "kelp c"}
        rebuilt, _ = NewsIndex.rebuild(tmp_path / "index", (), items={"cms": [A]}, allow_loss=True)
        with rebuilt:
            assert titles(rebuilt) == {"kelp a"}

    def test_what_the_items_raise_leaves_the_index_as_it_was(self, tmp_path: Path) -> None:
        def broken() -> Iterator[Any]:
            yield A
            raise OSError("the database went away")

        made(tmp_path, A, B).close()
        with pytest.raises(OSError, match="went away"):
            NewsIndex.rebuild(tmp_path / "index", (), items={"cms": broken()})
        with newsearch.open(tmp_path / "index") as index:
            assert titles(index) == {"kelp a", "kelp b"}
            assert index.sync_items([A, B], source="cms").is_noop


class TestWhatIsNoSource:
    @pytest.mark.parametrize("items", [None, 5, "kelp", A], ids=str)
    def test_what_cannot_be_items_is_refused_before_anything_is_read(self, tmp_path: Path, items: Any) -> None:
        with made(tmp_path) as index:
            with pytest.raises(QueryError, match=r"^items is of type \w+; it must be a list"):
                index.sync_items(items, source="cms")
            assert index.stats().roots == ()

    def test_gone_too(self, tmp_path: Path) -> None:
        with made(tmp_path) as index, pytest.raises(QueryError, match=r"^gone is of type NoneType"):
            index.sync_items([], source="cms", partial=True, gone=None)  # type: ignore[arg-type]

    def test_a_row_of_a_database_is_told_to_become_a_dictionary(self, tmp_path: Path) -> None:
        with closing(sqlite3.connect(":memory:")) as database, made(tmp_path) as index:
            database.row_factory = sqlite3.Row
            [fault] = index.sync_items(database.execute("SELECT 'kelp' AS title"), source="cms").skipped
        assert str(fault) == "cms:1: is of type Row, not an item: give a NewsItem or a dictionary, such as dict(row)."

    def test_what_is_taken_in_is_news_items(self, tmp_path: Path) -> None:
        with made(tmp_path) as index, pytest.raises(QueryError, match="has a dict; it must have NewsItems"):
            index.take_in([A])  # type: ignore[list-item]


class TestItemsThatAreOdd:
    def test_a_name_of_what_is_gone_has_to_be_text(self, tmp_path: Path) -> None:
        with (
            made(tmp_path, A) as index,
            pytest.raises(QueryError, match="gone has 7; it must have addresses and paths"),
        ):
            index.sync_items([], source="cms", partial=True, gone=[7])  # type: ignore[list-item]

    def test_any_mapping_will_do_within_an_item(self, tmp_path: Path) -> None:
        provider = MappingProxyType({"name": "Salon", "domain": "salon.com"})
        with made(tmp_path, {**A, "provider": provider}) as index:
            [hit] = index.search("kelp")
            assert hit.provider == Provider("Salon", "salon.com")

    def test_one_that_is_nested_too_deep_is_skipped_with_the_reason(self, tmp_path: Path) -> None:
        deep: list[Any] = []
        for _ in range(100_000):
            deep = [deep]
        with made(tmp_path) as index:
            report = index.sync_items([{**A, "odd": deep}, B], source="cms")
            assert report.items == 1
            assert [fault.reason for fault in report.skipped] == ["is nested too deep."]
