"""`newsearch index --watch`, as a process that watches a real folder."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer

from newsearch.cli import streams
from newsearch.cli.following import Following
from newsearch.model import SyncReport
from tests.archive import Archive
from tests.cli.command import run
from tests.engine.test_lock import holder
from tests.torture.states import newsearch_process

pytest.importorskip("watchfiles", reason="needs the extra newsearch[watch]")

PATIENCE = 60.0
"""Seconds until a test gives up: far more than any of them needs."""


class Watched:
    """A running `index --watch`, and what it has said so far."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        if self.process.stderr is not None:
            for line in iter(self.process.stderr.readline, ""):  # one by one: the test takes lines out meanwhile
                self.said.append(line)

    def wait(self, what: str) -> str:
        """The next line that holds this, once it has been said; lines before it are forgotten."""
        found: list[str] = []

        def is_said() -> bool:
            found[:] = [line for line in list(self.said) if what in line]
            return bool(found)

        until(is_said, f"{what!r} in {self.said}")
        del self.said[: self.said.index(found[0]) + 1]
        return found[0]

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self.hear_out()
        return code

    def hear_out(self) -> None:
        """Wait for the last of what it says, before anybody closes the stream that is read from."""
        self._reader.join(PATIENCE)


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"waited in vain for {what}")
        threading.Event().wait(0.02)


@contextmanager
def watching(*argv: str | Path) -> Iterator[Watched]:
    process = newsearch_process("index", "--watch", *argv)
    with process:
        watched = Watched(process)
        try:
            watched.wait("Watching ")
            yield watched
            if process.poll() is None and sys.platform != "win32":
                assert watched.end() == 130  # whatever it is doing
        finally:
            process.kill()
            watched.hear_out()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Harbour ban", path="a.md")
    archive.deliver("Other", path="b.md")
    return archive


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_changes_are_followed_with_a_line_for_each_commit(archive: Archive, index: Path) -> None:
    with watching(archive.folder, "--index", index) as watched:
        archive.deliver("Kelp", path="deep/er/c.md")
        assert watched.wait(" added, ").startswith("1 added, 0 changed, 0 removed; 3 items, ")
        archive.write("n.jsonl", '{"title": "Kelp line", "webUrl": "https://k.example/1"}\n')
        assert watched.wait(" added, ").startswith("1 added, 0 changed, 0 removed; 4 items, ")
        archive.remove("a.md")
        assert watched.wait(" added, ").startswith("0 added, 0 changed, 1 removed; 3 items, ")
        assert run("count", "kelp", "--index", index).out == "2\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_an_interrupt_ends_it_quietly_with_130(archive: Archive, index: Path) -> None:
    with watching(archive.folder, "--index", index) as watched:
        assert watched.end() == 130
        assert watched.said == []


def test_a_file_in_the_index_or_hidden_is_no_change(tmp_path: Path) -> None:
    """The index lies in the folder that is watched; its own files would keep it running for ever."""
    archive, index = Archive(tmp_path), tmp_path / "index"
    index.mkdir()
    runs: list[bool] = []

    def sync(_: Sequence[Path]) -> SyncReport:
        runs.append((tmp_path / "c.md").exists())
        if len(runs) > 1:
            raise KeyboardInterrupt
        (index / "written").touch()
        archive.write(".git/x.md", "x")
        # Long after a run for those two would have been.
        threading.Timer(1.5, archive.deliver, ("Kelp",), {"path": "c.md"}).start()
        return SyncReport(0, 0, 0, 0, 0, 0, 0, 0.0, committed=False)

    following = Following(sync, [tmp_path], index, streams.Voice(quiet=True), write=lambda _: None)
    with pytest.raises(typer.Exit):
        following.run()
    assert runs == [False, True]


def test_a_fault_is_told_once(archive: Archive, index: Path) -> None:
    with watching(archive.folder, "--index", index) as watched:
        archive.write("bad.md", "no front matter")
        watched.wait("bad.md:1: has no front matter")
        watched.wait("0 added, 0 changed, 0 removed, 1 skipped")
        archive.deliver("Kelp", path="c.md")
        watched.wait("1 added, 0 changed, 0 removed, 1 skipped")
        assert watched.said == []


def test_a_folder_that_goes_is_waited_for_and_its_items_stay(archive: Archive, index: Path) -> None:
    away = archive.folder.with_name("away")
    with watching(archive.folder, "--index", index) as watched:
        archive.folder.rename(away)
        watched.wait("archive is gone; its items stay in the index")
        assert run("count", "", "--index", index).out == "2\n"
        Archive(away).deliver("Kelp", path="c.md")
        away.rename(archive.folder)
        assert watched.wait(" added, ").startswith("1 added, 0 changed, 0 removed; 3 items, ")


def test_most_files_gone_is_told_and_waited_out(archive: Archive, index: Path) -> None:
    with watching(archive.folder, "--index", index) as watched:
        aside = archive.folder.with_name("aside")
        aside.mkdir()
        for name in ("a.md", "b.md"):
            (archive.folder / name).rename(aside / name)
        watched.wait("files are gone from the archive folder")
        for name in ("a.md", "b.md"):
            (aside / name).rename(archive.folder / name)
        archive.deliver("Kelp", path="c.md")
        watched.wait(" added, ")
        until(lambda: run("count", "", "--index", index).out == "3\n", "three items")


def test_another_writer_is_waited_for(archive: Archive, index: Path) -> None:
    with watching(archive.folder, "--index", index) as watched, holder(index) as other:
        archive.deliver("Kelp", path="c.md")
        assert "waiting for it to finish ..." in watched.wait(f"(process {other.pid} on this computer")
        other.kill()
        other.wait()
        assert watched.wait(" added, ").startswith("1 added, ")


def test_each_commit_is_a_line_of_json(archive: Archive, index: Path) -> None:
    with watching(archive.folder, "--index", index, "--json") as watched:
        out = watched.process.stdout
        assert out is not None
        assert json.loads(out.readline())["report"]["added"] == 2
        archive.deliver("Kelp", path="c.md")
        assert json.loads(out.readline())["report"]["added"] == 1


@pytest.mark.parametrize("option", ["--dry-run", "--strict"])
def test_what_makes_no_sense_with_it_is_refused(archive: Archive, index: Path, option: str) -> None:
    outcome = run("index", archive.folder, "--index", index, "--watch", option)
    assert (outcome.code, f"so {option} makes no sense with it" in outcome.err) == (2, True)


def test_without_watchfiles_it_says_what_to_install(
    archive: Archive, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    outcome = run("index", archive.folder, "--index", index, "--watch")
    assert outcome.code == 2
    assert outcome.err == "newsearch: --watch needs watchfiles; install it with: pip install 'newsearch[watch]'\n"
    assert not index.exists()
