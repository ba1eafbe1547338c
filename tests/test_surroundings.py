"""What surrounds an index and its archive: clocks that jump, folders that may not be written to, damage in between."""

import ctypes
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

import newsearch
from newsearch.errors import IndexDamaged
from newsearch.library import NewsIndex
from tests.archive import NOW, Archive
from tests.torture.states import Ended, index_files, newsearch_process

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


class TestClocks:
    def test_a_commit_dated_before_the_last_one_is_the_newest_all_the_same(self, tmp_path: Path) -> None:
        archive, index = Archive(tmp_path / "archive"), tmp_path / "index"
        archive.deliver("kelp", path="a.md")
        with NewsIndex.create(index, clock=lambda: NOW) as opened:
            opened.sync(archive.folder)
        earlier = NOW - timedelta(days=400)
        archive.deliver("norb", path="b.md")
        with newsearch.open(index, clock=lambda: earlier) as opened:
            opened.sync(archive.folder)
            assert {hit.title for hit in opened.search("")} == {"kelp", "norb"}
            assert (opened.stats().updated, opened.get("a.md").first_indexed) == (earlier, NOW)

    def test_a_file_from_the_future_is_compared_by_what_it_says(self, tmp_path: Path) -> None:
        archive, index = Archive(tmp_path / "archive"), tmp_path / "index"
        future = 4_000_000_000
        with NewsIndex.create(index) as opened:
            for title in ("kelp", "norb"):
                os.utime(archive.deliver(title, path="a.md"), (future, future))
                opened.sync(archive.folder)
                assert [hit.title for hit in opened.search("")] == [title]
            assert opened.sync(archive.folder).is_noop


def without_powers() -> None:
    """For root, in a process that is about to start newsearch: permissions of files hold for it too, from then on."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def bound(*argv: str | Path) -> Ended:
    """Run newsearch as somebody who is bound by the permissions of files."""
    if os.geteuid() == 0 and sys.platform != "linux":
        pytest.skip("root may write everywhere")
    process = newsearch_process(*argv, **({"preexec_fn": without_powers} if os.geteuid() == 0 else {}))
    out, err = process.communicate()
    return Ended(process.returncode, out, err)


@pytest.mark.skipif(os.name == "nt", reason="folders have no permissions there")
class TestReadOnly:
    def test_an_index_that_may_not_be_written_to_is_searched_and_not_updated(self, tmp_path: Path) -> None:
        archive, index = Archive(tmp_path / "archive"), tmp_path / "index"
        archive.deliver("kelp", path="a.md")
        with NewsIndex.create(index) as opened:
            opened.sync(archive.folder)
        before = index_files(index)
        index.chmod(0o555)
        for file in index.iterdir():
            file.chmod(0o444)
        found = bound("query", "kelp", "--index", index, "--format", "plain")
        assert (found.code, "kelp" in found.out) == (0, True)
        assert bound("doctor", "--index", index).code == 0
        assert bound("index", archive.folder, "--index", index).code == 0  # nothing has changed
        archive.deliver("norb", path="b.md")
        refused = bound("index", archive.folder, "--index", index)
        assert refused.code == 1
        assert refused.err == (
            f"newsearch: The index {index} cannot be written: permission denied. What it held before is as it was.\n"
        )
        assert index_files(index) == before
        index.chmod(0o755)

    def test_an_index_is_not_made_where_nothing_may_be_made(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "archive")
        archive.deliver("kelp")
        (tmp_path / "closed").mkdir(mode=0o555)
        refused = bound("index", archive.folder, "--index", tmp_path / "closed" / "index")
        assert (refused.code, "cannot be made: permission denied" in refused.err) == (1, True)


class TestDamage:
    @staticmethod
    def damaged(tmp_path: Path, pattern: str) -> tuple[Archive, Path, Path]:
        archive, index = Archive(tmp_path / "archive"), tmp_path / "index"
        archive.deliver("kelp", path="a.md")
        with NewsIndex.create(index) as opened:
            opened.sync(archive.folder)
        (file,) = index.glob(pattern)
        raw = file.read_bytes()
        file.unlink()
        file.write_bytes(raw[:-1])
        return archive, index, file

    @pytest.mark.parametrize("pattern", ["*.toc", "*.nws"])
    def test_it_is_told_and_nothing_is_replaced_unasked(self, tmp_path: Path, pattern: str) -> None:
        archive, index, file = self.damaged(tmp_path, pattern)
        raw = file.read_bytes()
        with pytest.raises(IndexDamaged, match="newsearch index --rebuild"):
            NewsIndex.create(index)
        assert file.read_bytes() == raw
        opened, _ = NewsIndex.rebuild(index, archive.folder)
        with opened:
            assert [hit.title for hit in opened.search("")] == ["kelp"]
        assert NewsIndex.check(index).is_sound
        assert len(index_files(index)) == 2

    def test_a_rebuild_that_fails_leaves_what_there_was(self, tmp_path: Path) -> None:
        archive, index, file = self.damaged(tmp_path, "*.toc")

        def stop(done: int, total: int) -> None:
            raise RuntimeError("no paper left")

        with pytest.raises(RuntimeError, match="no paper left"):
            NewsIndex.rebuild(index, archive.folder, progress=stop)
        assert file.exists()
        with pytest.raises(IndexDamaged):
            newsearch.open(index)


def test_a_run_with_nothing_to_do_clears_away_what_a_killed_one_left(tmp_path: Path) -> None:
    archive, index = Archive(tmp_path / "archive"), tmp_path / "index"
    archive.deliver("kelp")
    with NewsIndex.create(index) as opened:
        opened.sync(archive.folder)
        files = index_files(index)
        for name in ("MAIN_abcdefgh01234567.nws", "_MAIN_0.toc", "_MAIN_2.toc.new", "_MAIN_2.toc.1600000000.5"):
            (index / name).write_bytes(b"half")
        assert opened.sync(archive.folder).is_noop
    assert index_files(index) == files
