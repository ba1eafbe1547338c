"""The lock of the one writer: who has it is told, forks do not free or keep it, and the dead lose it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage

from newsearch.engine.whoosh.lock import FILE_NAME, WriteLock, wait_until_free
from newsearch.errors import IndexLocked, IndexUnwritable
from tests.torture.states import PROJECT

HOLD = """
import sys, os
from pathlib import Path
from newsearch.engine.whoosh.lock import WriteLock
lock = WriteLock(Path(sys.argv[1]))
lock.acquire()
if sys.argv[2] == "fork" and os.fork():
    sys.stdin.read()
    os._exit(0)
print("held", flush=True)  # with a child by that child, which has let go of what it inherited then
sys.stdin.read()
"""


@contextmanager
def holder(folder: Path, how: str = "alone") -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def test_who_holds_it_is_told(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        with pytest.raises(IndexLocked, match=rf"\(process {other.pid} on this computer, since \d{{4}}-.* UTC\)"):
            WriteLock(tmp_path).acquire()
        (tmp_path / FILE_NAME).write_text(
            json.dumps({"pid": 7, "host": "elsewhere", "since": "2020-09-13T12:08:00+00:00"}), encoding="utf-8"
        )
        with pytest.raises(IndexLocked, match=r"\(process 7 on elsewhere, since 2020-09-13 12:08 UTC\)"):
            WriteLock(tmp_path).acquire()


@pytest.mark.parametrize(
    "said", ["", "nonsense", "[]", '{"pid": {}}', '{"pid": 1, "host": 2, "since": "x"}', "\x00\xff"]
)
def test_what_its_file_says_decides_nothing(tmp_path: Path, said: str) -> None:
    (tmp_path / FILE_NAME).write_text(said, encoding="utf-8")
    with WriteLock(tmp_path):
        (tmp_path / FILE_NAME).write_text(said, encoding="utf-8")
        with pytest.raises(IndexLocked, match="Another newsearch is writing"):
            WriteLock(tmp_path).acquire()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 here")
@pytest.mark.parametrize(
    "how", ["alone", pytest.param("fork", marks=pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork"))]
)
def test_it_is_taken_over_from_the_dead_even_where_a_child_lives_on(tmp_path: Path, how: str) -> None:
    with holder(tmp_path, how) as other:
        other.kill()
        other.wait()
        with WriteLock(tmp_path):
            pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_that_ends_does_not_free_it(tmp_path: Path) -> None:
    with WriteLock(tmp_path) as lock:
        child = os.fork()
        if not child:
            lock.release()
            os._exit(0)
        os.waitpid(child, 0)
        with pytest.raises(IndexLocked):
            WriteLock(tmp_path).acquire()


def test_whoosh_is_locked_out_too(tmp_path: Path) -> None:
    with WriteLock(tmp_path):
        assert not FileStorage(str(tmp_path)).lock(FILE_NAME).acquire()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    lock = WriteLock(tmp_path)
    for _ in range(3):
        lock.acquire()
        lock.release()
    lock.release()


def test_waiting_ends_when_it_is_free_and_when_the_time_is_over(tmp_path: Path) -> None:
    assert wait_until_free(tmp_path, 0)
    with holder(tmp_path) as other:
        assert not wait_until_free(tmp_path, 0.3)
        other.kill()
        assert wait_until_free(tmp_path, 60)


def test_a_folder_that_is_not_there_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(IndexUnwritable, match="no such file"):
        WriteLock(tmp_path / "nothing").acquire()
