"""One index in many threads, while another process writes it: what a search sees, and what `refresh` moves on to."""

import copy
import pickle
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import newsearch
from newsearch import IndexDamaged, IndexMissing, NewsIndex, QueryError, SearchRequest
from newsearch.engine.whoosh import snapshot
from newsearch.model import Hit
from tests.archive import Archive
from tests.docs.pages import ROOT

COMMITS = 6


def indexed(folder: Path, count: int) -> Archive:
    """An archive of some items, and its index beside it."""
    archive = Archive(folder / "data")
    for number in range(count):
        archive.deliver(f"kelp {number}", topics=["Sea"], quality=number)
    with NewsIndex.create(folder / "index") as index:
        index.sync(archive.folder)
    return archive


def reindex(folder: Path) -> None:
    """Bring the index up to date in a process of its own."""
    command = [sys.executable, "-m", "newsearch", "index", str(folder / "data"), "--index", str(folder / "index")]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)


class TestThreads:
    def test_search_while_another_process_writes_and_one_thread_refreshes(self, tmp_path: Path) -> None:
        archive = indexed(tmp_path, 20)
        ended = threading.Event()
        with newsearch.open(tmp_path / "index") as index:

            def ask() -> set[int]:
                seen = set()
                while not ended.is_set():
                    result = index.search("kelp", facets=("topic",), explain=True)
                    # Whatever is told in one result is of one commit.
                    assert result.total == result.index.articles == result.facets["topic"][0].count
                    assert len(result.hits) == 10
                    assert all(hit.title.startswith("kelp") and hit.topics == ("Sea",) for hit in result)
                    assert index.get(result.hits[0].id).title == result.hits[0].title
                    seen.add(result.total)
                return seen

            def refresh() -> int:
                moved = 0
                while not ended.is_set():
                    moved += index.refresh()
                return moved

            with ThreadPoolExecutor(6) as threads:
                asking = [threads.submit(ask) for _ in range(4)]
                refreshing = [threads.submit(refresh) for _ in range(2)]
                try:
                    for number in range(COMMITS):
                        archive.deliver(f"kelp {20 + number}", topics=["Sea"])
                        reindex(tmp_path)
                finally:
                    ended.set()
                seen = set().union(*(future.result() for future in asking))
                moved = sum(future.result() for future in refreshing) + index.refresh()
            assert index.count("kelp") == 20 + COMMITS
        assert seen <= set(range(20, 21 + COMMITS))
        assert 1 <= moved <= COMMITS


class TestSnapshots:
    def test_what_another_process_commits_is_seen_after_refresh_and_not_before(self, tmp_path: Path) -> None:
        archive = indexed(tmp_path, 2)
        with newsearch.open(tmp_path / "index") as index:
            archive.deliver("kelp too")
            reindex(tmp_path)
            assert index.count("kelp") == 2
            assert index.refresh()
            assert index.count("kelp") == 3
            assert not index.refresh()

    def test_refreshing_reads_nothing_where_nothing_was_committed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        indexed(tmp_path, 2)
        with newsearch.open(tmp_path / "index") as index:
            assert not index.refresh()
            monkeypatch.setattr(snapshot, "read_contents", None)  # called, it would fail
            assert not index.refresh()
            (tmp_path / "index" / "stray").touch()
            with pytest.raises(IndexDamaged):
                index.refresh()

    def test_an_index_that_was_removed_is_missed(self, tmp_path: Path) -> None:
        indexed(tmp_path, 2)
        with newsearch.open(tmp_path / "index") as index:
            shutil.rmtree(tmp_path / "index")
            with pytest.raises(IndexMissing):
                index.refresh()
            assert index.count("kelp") == 2

    def test_a_result_can_be_read_after_its_commit_is_gone(self, tmp_path: Path) -> None:
        archive = indexed(tmp_path, 2)
        with newsearch.open(tmp_path / "index") as index:
            result = index.search("kelp", explain=True)
            for file in archive.folder.iterdir():
                archive.deliver("norb", path=file.name)
            reindex(tmp_path)
            index.refresh()
            assert [hit.highlights["title"] for hit in result] == [((0, 4),), ((0, 4),)]
            assert all(hit.explanation is not None and hit.short_id for hit in result)

    def test_a_pinned_index_stays(self, tmp_path: Path) -> None:
        archive = indexed(tmp_path, 2)
        with newsearch.open(tmp_path / "index") as index:
            pinned = index.pinned()
            archive.deliver("kelp too")
            index.sync(archive.folder)
            assert (pinned.count("kelp"), index.count("kelp")) == (2, 3)
            assert pinned.refresh()
            assert pinned.count("kelp") == 3


class TestPages:
    def test_have_every_hit_once_and_in_order(self, tmp_path: Path) -> None:
        indexed(tmp_path, 23)
        with newsearch.open(tmp_path / "index") as index:
            pages = list(index.pages(SearchRequest("kelp", sort="quality"), size=10))
            assert [len(page) for page in pages] == [10, 10, 3]
            assert [hit.rank for page in pages for hit in page] == list(range(1, 24))
            assert [hit.quality for page in pages for hit in page] == list(range(22, -1, -1))

    def test_are_all_of_the_commit_of_the_first(self, tmp_path: Path) -> None:
        archive = indexed(tmp_path, 12)
        with newsearch.open(tmp_path / "index") as index:
            pages = index.pages("kelp", size=10)
            first = next(pages)
            archive.deliver("kelp too")
            index.sync(archive.folder)
            assert [page.total for page in (first, *pages)] == [12, 12]
            assert index.count("kelp") == 13

    def test_end_where_the_hits_do(self, tmp_path: Path) -> None:
        indexed(tmp_path, 10)
        with newsearch.open(tmp_path / "index") as index:
            assert [len(page) for page in index.pages("kelp", size=5)] == [5, 5]
            assert [len(page) for page in index.pages("zebra")] == [0]
            assert [len(page) for page in index.pages(SearchRequest("kelp", offset=8))] == [2]

    def test_of_stories_and_with_few_of_a_provider_end_too(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        for number in range(9):
            archive.deliver(f"kelp {number}", provider=f"Paper {number % 3}")
        with NewsIndex.create(tmp_path / "index") as index:
            index.sync(archive.folder)
            for request in (SearchRequest("kelp", group="story"), SearchRequest("kelp", max_per_provider=1)):
                hits = [hit.id for page in index.pages(request, size=2) for hit in page]
                assert len(hits) == len(set(hits)) == (9 if request.group else 3)

    def test_what_makes_no_sense_is_refused_at_once(self, tmp_path: Path) -> None:
        indexed(tmp_path, 1)
        with newsearch.open(tmp_path / "index") as index:
            with pytest.raises(QueryError, match="size is 0"):
                index.pages(size=0)
            with pytest.raises(QueryError, match="sort"):
                index.pages(SearchRequest(sort="dates"))  # type: ignore[arg-type]


class TestHits:
    def test_have_a_hash_and_are_equal_by_what_they_show(self, tmp_path: Path) -> None:
        indexed(tmp_path, 3)
        with newsearch.open(tmp_path / "index") as index:
            first, again = index.search("kelp"), index.search("kelp")
            assert set(first) == set(again)
            assert len({*first, *again}) == 3
            assert first.hits[0] != first.hits[1]
            assert first.hits[0] != "kelp"
            assert hash(first) != hash(again) or first.took_ms == again.took_ms

    def test_are_plain_hits_once_they_are_pickled_or_copied(self, tmp_path: Path) -> None:
        indexed(tmp_path, 3)
        with newsearch.open(tmp_path / "index") as index:
            hit = index.search("kelp", explain=True).hits[0]
            for other in (pickle.loads(pickle.dumps(hit)), copy.copy(hit), copy.deepcopy(hit)):
                assert type(other) is Hit
                assert other == hit
                assert hash(other) == hash(hit)

    def test_are_called_hits(self, tmp_path: Path) -> None:
        indexed(tmp_path, 1)
        with newsearch.open(tmp_path / "index") as index:
            assert repr(index.search("kelp").hits[0]).startswith("Hit(id='")

    def test_have_a_class_that_can_be_inspected(self, tmp_path: Path) -> None:
        indexed(tmp_path, 1)
        with newsearch.open(tmp_path / "index") as index:
            kind = type(index.search("kelp").hits[0])
            for name in dir(kind):
                getattr(kind, name)
