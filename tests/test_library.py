"""newsearch in Python: an archive folder kept up to date and searched."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import newsearch
from newsearch import ArchiveError, IndexClosed, IndexMissing, IndexVersionError, NewsIndex, QueryError
from newsearch.errors import ConfigError
from newsearch.items.files import MAX_FILE_BYTES
from newsearch.model import FacetValue, RankingSettings, SyncReport
from tests.archive import NOW, Archive, build, cited, markdown

R = "https://b.example/r"


def settle(archive: Archive) -> None:
    """Make every file look old, so that its modification time is trusted."""
    for number, file in enumerate(sorted(archive.folder.rglob("*.md"))):
        os.utime(file, (1_500_000_000 + number, 1_500_000_000 + number))


def counts(report: SyncReport) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.removed, report.unchanged


class TestSyncing:
    def test_a_folder_is_read_and_searched(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("Harbour bans cameras", related=[cited("Cameras return", R)])
        with NewsIndex.create(tmp_path / "index") as index:
            report = index.sync([archive.folder])
            assert (report.added, report.items, report.articles) == (1, 1, 2)
            assert {hit.title for hit in index.search("camera")} == {"Harbour bans cameras", "Cameras return"}

    def test_items_at_hand_are_taken_in_without_files(self, tmp_path: Path) -> None:
        items = (newsearch.NewsItem(f"path:{name}", f"Tram {name}", path=name) for name in ("a", "b", "a"))
        with NewsIndex.create(tmp_path / "index") as index:
            index.take_in(items)
            assert sorted((hit.path, hit.title) for hit in index.search("tram")) == [("a", "Tram a"), ("b", "Tram b")]

    def test_what_did_not_change_is_not_written_again(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        for _ in range(3):
            archive.deliver()
        settle(archive)
        index = NewsIndex.create(tmp_path / "index")
        assert counts(index.sync([archive.folder])) == (3, 0, 0, 0)
        before = {file.name: file.stat().st_mtime_ns for file in (tmp_path / "index").iterdir()}
        report = index.sync([archive.folder])
        assert counts(report) == (0, 0, 0, 3)
        assert report.is_noop
        assert {file.name: file.stat().st_mtime_ns for file in (tmp_path / "index").iterdir()} == before

    def test_new_changed_and_removed_files_are_told_apart(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        for name in "abcd":
            archive.deliver(f"kelp {name}", path=f"{name}.md")
        settle(archive)
        index = NewsIndex.create(tmp_path / "index")
        index.sync([archive.folder])
        archive.deliver("norb a, changed", path="a.md")
        archive.remove("b.md")
        archive.deliver("tarn e", path="sub/e.md")
        assert counts(index.sync([archive.folder])) == (1, 1, 1, 2)
        assert {hit.title for hit in index.search()} == {"norb a, changed", "kelp c", "kelp d", "tarn e"}

    def test_touched_files_cost_no_commit(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver()
        settle(archive)
        index = NewsIndex.create(tmp_path / "index", clock=lambda: NOW)
        index.sync([archive.folder])
        os.utime(archive.folder / "item-1.md", (1_400_000_000, 1_400_000_000))
        assert index.sync([archive.folder]).is_noop

    def test_a_file_that_cannot_be_read_stops_no_other_and_is_named_every_time(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp")
        archive.write("bad.md", "---\nquality: 3\n---\n")
        settle(archive)
        index = NewsIndex.create(tmp_path / "index")
        for added in (1, 0):
            report = index.sync([archive.folder])
            assert report.added == added
            assert [fault.path for fault in report.skipped] == ["bad.md"]
        archive.deliver("norb", path="bad.md")
        assert index.sync([archive.folder]).skipped == ()
        assert index.search().total == 2

    def test_a_file_with_another_fault_than_before_is_named_once(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.write("bad.md", "no item")
        index = NewsIndex.create(tmp_path / "index")
        index.sync([archive.folder])
        (archive.folder / "bad.md").write_bytes(bytes(MAX_FILE_BYTES + 1))
        assert [str(fault) for fault in index.sync([archive.folder]).skipped] == ["bad.md: is larger than 8 MiB."]

    def test_values_that_were_left_out_are_remarks_with_their_line(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.write("a.md", "---\ntitle: kelp\nquality: many\n---\n")
        (remark,) = NewsIndex.create(tmp_path / "index").sync([archive.folder]).remarks
        assert str(remark).startswith("a.md:3: quality ")

    def test_files_of_one_address_are_counted_as_duplicates(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        for _ in range(3):
            archive.deliver(url=R)
        report = NewsIndex.create(tmp_path / "index").sync([archive.folder])
        assert (report.items, report.duplicates) == (1, 2)

    def test_an_archive_that_lost_most_of_its_files_is_refused_unless_allowed(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        for name in "abcd":
            archive.deliver(path=f"{name}.md")
        index = NewsIndex.create(tmp_path / "index")
        index.sync([archive.folder])
        for name in "abc":
            archive.remove(f"{name}.md")
        with pytest.raises(ArchiveError, match="3 of the 4 files"):
            index.sync([archive.folder])
        assert index.search().total == 4
        assert index.sync([archive.folder], allow_loss=True).removed == 3

    def test_a_folder_that_is_missing_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ArchiveError, match="nothing"):
            NewsIndex.create(tmp_path / "index").sync([tmp_path / "nothing"])

    @pytest.mark.parametrize("name", ["a\0b", "\ud800", "loop", "loop/below"])
    def test_what_is_the_name_of_no_folder_is_refused(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "loop").symlink_to("loop")
        with pytest.raises(ArchiveError, match="folder"):
            NewsIndex.create(tmp_path / "index").sync(tmp_path / name)

    def test_what_came_from_other_folders_stays(self, tmp_path: Path) -> None:
        first, second = Archive(tmp_path / "first"), Archive(tmp_path / "second")
        first.deliver("kelp", url="https://p/1")
        second.deliver("norb", url="https://p/2")
        index = NewsIndex.create(tmp_path / "index")
        index.sync([first.folder])
        index.sync([second.folder])
        assert {hit.title for hit in index.search()} == {"kelp", "norb"}
        assert len(index.stats().roots) == 2

    def test_a_folder_given_twice_is_read_once(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp")
        index = NewsIndex.create(tmp_path / "index")
        report = index.sync([archive.folder, f"{archive.folder}/."])
        assert (report.items, report.duplicates) == (1, 0)

    def test_a_project_folder_with_both_can_be_moved(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "here" / "data")
        archive.deliver("kelp")
        settle(archive)
        with NewsIndex.create(tmp_path / "here" / "index") as index:
            index.sync([archive.folder])
        (tmp_path / "here").rename(tmp_path / "there")
        with newsearch.open(tmp_path / "there" / "index") as index:
            assert counts(index.sync([tmp_path / "there" / "data"])) == (0, 0, 0, 1)

    def test_excluded_files_are_left_out(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp", path="a.md")
        archive.deliver("norb", path="drafts/b.md")
        index = NewsIndex.create(tmp_path / "index")
        index.sync([archive.folder], exclude=["drafts"])
        assert {hit.title for hit in index.search()} == {"kelp"}

    def test_progress_is_told_of_every_file(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        for _ in range(3):
            archive.deliver()
        told: list[tuple[int, int]] = []
        NewsIndex.create(tmp_path / "index").sync([archive.folder], progress=lambda *done: told.append(done))
        assert told == [(1, 3), (2, 3), (3, 3)]

    def test_an_empty_folder_makes_an_empty_index_that_can_be_searched(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        index = NewsIndex.create(tmp_path / "index", clock=lambda: NOW)
        index.sync([archive.folder])
        assert index.search("kelp").total == 0
        assert index.stats().updated == NOW


class TestOpening:
    def test_there_has_to_be_one(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMissing, match="newsearch index"):
            newsearch.open(tmp_path / "nothing")

    def test_creating_opens_the_one_there_is(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp")
        NewsIndex.create(tmp_path / "index").sync([archive.folder])
        assert NewsIndex.create(tmp_path / "index").search("kelp").total == 1

    def test_another_language_is_refused_with_what_to_do(self, tmp_path: Path) -> None:
        NewsIndex.create(tmp_path / "index").close()
        with pytest.raises(IndexVersionError, match="--rebuild"):
            NewsIndex.create(tmp_path / "index", language="german")

    def test_settings_rank(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp", quality=10, url="https://p/1")
        archive.deliver("kelp norb tarn", quality=90, url="https://p/2")
        NewsIndex.create(tmp_path / "index").sync([archive.folder])
        only_quality = RankingSettings(quality_weight=1.0, recency_weight=0.0)
        with newsearch.open(tmp_path / "index", settings=only_quality) as index:
            assert [hit.score for hit in index.search("kelp")] == [0.9, 0.1]


class TestSynonyms:
    def test_they_hold_for_all_searches_of_an_index_opened_with_them(self, tmp_path: Path) -> None:
        build(tmp_path / "index", [{"path": "a.md", "title": "A streetcar"}]).close()
        (tmp_path / "synonyms.yaml").write_text("- [tram, streetcar]\n")
        with newsearch.open(tmp_path / "index", synonyms=tmp_path / "synonyms.yaml") as index:
            assert index.search("tram").total == index.count("tram") == 1

    def test_a_file_that_makes_no_sense_is_refused_with_its_line(self, tmp_path: Path) -> None:
        build(tmp_path / "index").close()
        (tmp_path / "synonyms.yaml").write_text("- [tram, streetcar]\n- 3: {}\n")
        with pytest.raises(ConfigError, match=r"synonyms.yaml:2: "):
            newsearch.open(tmp_path / "index", synonyms=tmp_path / "synonyms.yaml")


def test_settings_that_are_none_are_refused_at_once(tmp_path: Path) -> None:
    openings: tuple[Any, ...] = (newsearch.open, NewsIndex.create)
    for opening in openings:
        with pytest.raises(ConfigError, match=r"^settings is .*'k1': 2.*; it must be a RankingSettings"):
            opening(tmp_path / "index", settings={"k1": 2})
    assert not (tmp_path / "index").exists()


def test_an_interval_that_there_is_not_is_named_as_it_was_given(tmp_path: Path) -> None:
    with NewsIndex.create(tmp_path / "index") as index, pytest.raises(QueryError, match=r'^interval is "hour"'):
        index.timeline("tram", interval="hour")  # type: ignore[arg-type]


class TestRebuilding:
    def test_times_of_arrival_are_kept_and_the_language_can_change(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("Häuser", path="a.md")
        NewsIndex.create(tmp_path / "index", clock=lambda: NOW).sync([archive.folder])
        later = NOW + timedelta(days=1)
        index, report = NewsIndex.rebuild(tmp_path / "index", [archive.folder], language="german", clock=lambda: later)
        with index:
            assert (report.added, report.items) == (1, 1)
            assert index.search("Haus").total == 1
            assert index.get("a.md").first_indexed == NOW

    # Whoosh leaves a file that it cannot read open until it is collected.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
    def test_it_replaces_an_index_that_cannot_be_opened(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp")
        (tmp_path / "index").mkdir()
        (tmp_path / "index" / "_MAIN_3.toc").write_bytes(b"")
        index, _ = NewsIndex.rebuild(tmp_path / "index", [archive.folder])
        with index:
            assert index.search("kelp").total == 1

    def test_a_folder_that_lost_most_of_its_files_is_refused_unless_allowed(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver(path="a.md")
        NewsIndex.create(tmp_path / "index").sync([archive.folder])
        archive.remove("a.md")
        with pytest.raises(ArchiveError, match="The only file is gone"):
            NewsIndex.rebuild(tmp_path / "index", [archive.folder])
        with newsearch.open(tmp_path / "index") as index:
            assert index.search().total == 1
        index, report = NewsIndex.rebuild(tmp_path / "index", [archive.folder], allow_loss=True)
        with index:
            assert (report.items, index.search().total) == (0, 0)

    def test_a_missing_folder_leaves_the_index_as_it_was(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp")
        NewsIndex.create(tmp_path / "index").sync([archive.folder])
        with pytest.raises(ArchiveError):
            NewsIndex.rebuild(tmp_path / "index", [tmp_path / "nothing"])
        with newsearch.open(tmp_path / "index") as index:
            assert index.search("kelp").total == 1


class TestImporting:
    def test_importing_newsearch_loads_neither_numpy_nor_whoosh(self) -> None:
        code = "import sys, newsearch; sys.exit(bool({'numpy', 'whoosh', 'yaml', 'typer', 'rich'} & set(sys.modules)))"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

    def test_everything_public_is_there(self) -> None:
        assert all(getattr(newsearch, name) is not None for name in newsearch.__all__)
        assert list(newsearch.__all__) == sorted(newsearch.__all__)

    def test_a_name_that_is_not_there_is_an_attribute_error(self) -> None:
        with pytest.raises(AttributeError, match="nothing"):
            _ = newsearch.nothing


def test_the_clock_that_is_given_is_the_one_that_counts(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "data")
    archive.write("a.md", markdown({"title": "kelp", "date": "2019-12-30"}))
    index = NewsIndex.create(tmp_path / "index", clock=lambda: datetime(2020, 1, 1, tzinfo=UTC))
    index.sync([archive.folder])
    assert index.search(since="3d").total == 1
    assert index.search(since="1d").total == 0


@pytest.fixture
def dated(tmp_path: Path) -> Iterator[NewsIndex]:
    """Articles of the end of 2019 and of three days of 2020."""
    archive = Archive(tmp_path / "data")
    for day in ("2019-12-31", "2020-01-01", "2020-01-02T11:00:00Z", "2020-01-03"):
        archive.deliver("kelp", date=day)
    with NewsIndex.create(tmp_path / "index", clock=lambda: NOW) as index:
        index.sync([archive.folder])
        yield index


class TestAsking:
    def test_dates_may_be_pythons(self, dated: NewsIndex) -> None:
        noon = datetime(2020, 1, 2, 13, tzinfo=timezone(timedelta(hours=2)))
        assert dated.search(since=date(2020, 1, 1), until=date(2020, 1, 2)).total == 2
        assert dated.search(until=noon).total == 3
        assert dated.search(until=noon - timedelta(microseconds=1)).total == 2
        assert dated.search(as_of=datetime(2020, 1, 2)).total == 2  # noqa: DTZ001 - without a zone it is UTC

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            ({"text": None}, "text is None"),
            ({"text": 5}, "text is 5"),
            ({"provider": ["a"]}, "provider is"),
            ({"topic": 1}, "topic is 1"),
            ({"since": 2020}, "since is 2020"),
            ({"as_of": ()}, "as_of is"),
            ({"limit": "5"}, "limit is '5'"),
            ({"match": None}, "match is"),
            ({"since": datetime.max.replace(tzinfo=timezone(-timedelta(hours=3)))}, "since: "),
        ],
    )
    def test_an_option_of_another_type_is_refused_by_name(
        self, dated: NewsIndex, options: dict[str, Any], said: str
    ) -> None:
        with pytest.raises(QueryError) as refused:
            dated.search(**options)
        assert str(refused.value).startswith(said)

    def test_a_reference_that_is_no_text_is_refused(self, dated: NewsIndex) -> None:
        with pytest.raises(QueryError, match="reference is None"):
            dated.get(None)  # type: ignore[arg-type]


class TestReporting:
    def test_a_commit_of_nothing_but_a_new_index_is_no_noop(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        index = NewsIndex.create(tmp_path / "index")
        assert [index.sync([archive.folder]).committed for _ in range(2)] == [True, False]

    def test_a_file_that_became_a_fault_is_a_commit_and_its_next_sight_none(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp", path="a.md")
        settle(archive)
        index = NewsIndex.create(tmp_path / "index")
        index.sync([archive.folder])
        archive.write("a.md", b"---\ntitle: a\n---\n" + b"a" * MAX_FILE_BYTES)
        settle(archive)
        first, second = index.sync([archive.folder]), index.sync([archive.folder])
        assert (first.changed, first.items, first.is_noop) == (1, 0, False)
        assert (second.changed, second.unchanged, second.is_noop) == (0, 1, True)
        assert [str(fault) for fault in second.skipped] == ["a.md: is larger than 8 MiB."]

    def test_an_empty_folder_name_is_not_the_current_folder(self, tmp_path: Path) -> None:
        with pytest.raises(ArchiveError, match="empty"):
            NewsIndex.create(tmp_path / "index").sync("")


# --- Figures ---


def test_figures_are_of_what_search_finds_with_the_same_options(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Harbour ban", date="2020-09-13", topics=["Law"], provider={"domain": "post.example"})
    archive.deliver("Harbour view", date="2020-11-02", topics=["Law"])
    archive.deliver("Tram", topics=["AI"])
    with NewsIndex.create(tmp_path / "index") as index:
        index.sync(archive.folder)
        assert index.count() == 3
        assert index.count("harbour", since=date(2020, 10, 1)) == 1
        assert index.facets("topic", "harbour") == (FacetValue("Law", 2, "topic:Law"),)
        assert [one.value for one in index.facets("month", limit=1)] == ["2020-11"]
        assert [one.count for one in index.timeline("harbour").buckets] == [1, 0, 1]
        assert index.timeline(interval="year").undated == 1
        assert [one.value for one in index.topics()] == ["Law", "AI"]
        assert [one.value for one in index.providers(topic="law")] == ["post.example"]
        result = index.search("harbour", limit=1, facets="kind", timeline="year")
        assert result.facets == {"kind": (FacetValue("item", 2, "is:item"),)}
        assert result.timeline == index.timeline("harbour", interval="year")


def test_figures_refuse_what_search_refuses(tmp_path: Path) -> None:
    with NewsIndex.create(tmp_path / "index") as index:
        with pytest.raises(QueryError, match="nearest is topic"):
            index.facets("topics")
        with pytest.raises(QueryError, match="min_quality is -1"):
            index.count(min_quality=-1)
        with pytest.raises(TypeError, match="tpoic"):
            index.count(tpoic="law")  # type: ignore[call-arg]


class TestUse:
    def test_what_is_closed_says_so_and_what_it_gave_can_be_read(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp")
        with NewsIndex.create(tmp_path / "index") as index:
            index.sync(archive.folder)
            result, pinned = index.search("kelp", explain=True), index.pinned()
        assert result[0].title == "kelp"
        assert result[0].explanation is not None
        for use in (index.search, index.stats, index.refresh, index.pinned, lambda: index.sync(archive.folder)):
            with pytest.raises(IndexClosed, match="was closed before it was asked"):
                use()
        index.close()
        assert repr(index) == f"<NewsIndex {str(tmp_path / 'index')!r} closed>"
        assert pinned.count() == 1

    def test_a_result_is_indexed_as_its_hits_are(self, tmp_path: Path) -> None:
        with NewsIndex.create(tmp_path / "index") as index:
            index.sync_items([{"title": f"kelp {name}"} for name in "abc"], source="cms")
            result = index.search("kelp")
        assert (result[0], result[-1], result[:2]) == (result.hits[0], result.hits[2], result.hits[:2])

    def test_a_pinned_index_that_is_pinned_keeps_its_moment(self, tmp_path: Path) -> None:
        times = iter([NOW, NOW, *(NOW + timedelta(days=days) for days in (10, 20, 30, 40))])
        with NewsIndex.create(tmp_path / "index", clock=lambda: next(times)) as index:
            index.sync_items([{"title": "kelp", "publishedDateTime": NOW - timedelta(days=2)}], source="cms")
            pinned = index.pinned()
            assert [one.count(since="3d") for one in (pinned, pinned.pinned(), pinned.pinned().pinned())] == [1, 1, 1]
            assert index.count(since="3d") == 0

    def test_what_is_no_filter_is_refused_by_name(self, tmp_path: Path) -> None:
        with NewsIndex.create(tmp_path / "index") as index:
            asks: list[Any] = [index.count, index.timeline, index.topics, partial(index.facets, "year")]
            for ask in asks:
                with pytest.raises(TypeError, match="there is no argument 'facets'; what selects articles are match, "):
                    ask(facets=["topic"])

    @pytest.mark.parametrize("ask", ["ask", "pages", "terms"])
    def test_what_is_no_request_is_refused(self, tmp_path: Path, ask: str) -> None:
        with (
            NewsIndex.create(tmp_path / "index") as index,
            pytest.raises(QueryError, match=r"^request is 5; it must be a SearchRequest, or text"),
        ):
            getattr(index, ask)(5)

    def test_stats_tell_folders_from_sources(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp")
        with NewsIndex.create(tmp_path / "index") as index:
            index.sync(archive.folder)
            index.sync_items([{"title": "norb"}], source="cms")
            assert (index.stats().folders, index.stats().sources) == (("../data",), ("cms",))

    def test_one_glob_to_exclude_may_stand_alone(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("kelp", path="a.md")
        archive.deliver("draft", path="drafts/b.md")
        with NewsIndex.create(tmp_path / "index") as index:
            index.sync(archive.folder, exclude="drafts/*")
            assert [hit.title for hit in index.search()] == ["kelp"]
