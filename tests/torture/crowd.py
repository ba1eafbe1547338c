"""Readers in processes and threads beside a writer: no error, each answer from one commit, nothing that grows.

    python -m tests.torture crowd --seconds 600 --readers 8

Each commit makes every item's title say its number, so an answer of two commits would show. Half of the readers are
processes and half are threads of one process, the writer is another process; some keep one index open and refresh it,
some open a new one each time.
Numbers never go back for a reader. Open files, mappings of the index and memory are measured as the commits go by.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import newsearch
from newsearch.library import NewsIndex
from tests.archive import Archive
from tests.torture.states import PROJECT, Broken

__all__ = ["run"]

ITEMS = 24
_MAPPINGS = 12
"""Mappings of an index's files a reader may have: those of the commit it is on, and of one that it is leaving."""
_PAUSE = 0.005
"""Between two answers, so that the writer has its turn."""
_FILES = 8
_MEGABYTES = 48
"""What a reader may have more of at the end than early on."""


@dataclass
class Reader:
    """One reader's loop, and what it has seen."""

    index: Path
    keeps_open: bool
    answers: int = 0
    commits: int = 0
    newest: int = 0
    faults: list[str] = field(default_factory=list)

    def read_until(self, stop: threading.Event) -> None:
        """Read until told to stop, or the first fault."""
        try:
            if self.keeps_open:
                with newsearch.open(self.index) as opened:
                    while not stop.is_set():
                        opened.refresh()
                        self._look(opened)
            while not stop.is_set():
                with newsearch.open(self.index) as opened:
                    self._look(opened)
        except Broken as broken:
            self.faults.append(str(broken))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault
            self.faults.append(f"{type(error).__name__}: {error}")

    def _look(self, index: NewsIndex) -> None:
        result = index.search("everyone", limit=100)
        commits = {int(found[1]) for hit in result if (found := re.search(r"commit(\d+)", hit.title))}
        if len(commits) != 1 or result.total != ITEMS or len(result) != ITEMS:
            raise Broken(f"an answer of commits {commits} with {result.total} articles")
        (commit,) = commits
        again = index.search(f"commit{commit}", limit=1)
        if again.total != ITEMS:
            raise Broken(f"in commit {commit}, its own word is found {again.total} times")
        if commit < self.newest:
            raise Broken(f"after commit {self.newest} came {commit}")
        self.commits += commit > self.newest
        self.newest = commit
        self.answers += 1
        time.sleep(_PAUSE)


def run(work: Path, *, seconds: int = 600, readers: int = 8) -> dict[str, object]:
    """Read and write for so long. Broken at the first fault, and where a reader keeps more than it needs."""
    archive, index = Archive(work / "archive"), work / "index"
    _write(archive, 1)
    with NewsIndex.create(index) as opened:
        opened.sync(archive.folder)
    faults: list[str] = []
    figures: dict[str, object] = {"seconds": seconds, "readers": readers}
    processes = {"writer": _started("write", archive.folder, index, seconds)}
    for number in range(readers // 2):
        processes[f"process {number}"] = _started("keep" if number % 2 else "open", archive.folder, index, seconds)
    with _threads(index, readers - readers // 2) as threads:
        time.sleep(seconds * 0.2)
        early = _held()
        for name, process in processes.items():
            out, err = process.communicate(timeout=seconds + 120)
            if process.returncode:
                faults.append(f"{name}: {err.strip()}")
            figures[name] = out.strip()
        late = _held()
    faults += [fault for reader in threads for fault in reader.faults] + _growth(early, late)
    figures["threads"] = f"{sum(reader.answers for reader in threads)} answers, held {early} early and {late} late"
    if faults:
        raise Broken("; ".join(faults))
    return figures


def _started(role: str, archive: Path, index: Path, seconds: float) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.torture.crowd", role, str(archive), str(index), str(seconds)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def _threads(index: Path, count: int) -> Iterator[list[Reader]]:
    stop = threading.Event()
    readers = [Reader(index, keeps_open=bool(number % 2)) for number in range(count)]
    threads = [threading.Thread(target=reader.read_until, args=(stop,)) for reader in readers]
    for thread in threads:
        thread.start()
    try:
        yield readers
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _be_the_writer(archive: Archive, index: Path, seconds: float) -> int:
    """Commit for so long, one commit after the other."""
    commit = 1
    until = time.monotonic() + seconds
    with newsearch.open(index) as opened:
        while time.monotonic() < until:
            commit += 1
            _write(archive, commit)
            opened.sync(archive.folder)
    print(f"{commit} commits")
    return 0


def _write(archive: Archive, commit: int) -> None:
    for number in range(ITEMS):
        archive.deliver(
            f"commit{commit} for everyone, {number}", path=f"{number}.md", body="of the body " * (commit % 50)
        )


def _held() -> dict[str, int]:
    """Open files, mappings of segments and resident memory in MB of this process; nothing where they cannot be seen."""
    own = Path("/proc/self")
    if not own.is_dir():
        return {}
    maps = (own / "maps").read_text().count(".nws")
    pages = int((own / "statm").read_text().split()[1])
    return {
        "files": len(list((own / "fd").iterdir())),
        "mappings": maps,
        "megabytes": pages * os.sysconf("SC_PAGE_SIZE") >> 20,
    }


def _growth(early: dict[str, int], late: dict[str, int]) -> list[str]:
    """A fault if a process holds much more late than it did early, or more mappings than two commits have."""
    if not late:
        return []
    grown = late["files"] > early["files"] + _FILES or late["megabytes"] > early["megabytes"] + _MEGABYTES
    return [f"it holds {late}, and held {early}"] if grown or late["mappings"] > _MAPPINGS else []


def _be_a_reader(index: Path, seconds: float, *, keeps_open: bool) -> int:
    """Read as a process for so long; what it holds early on and at the end is compared."""
    reader = Reader(index, keeps_open=keeps_open)
    stop = threading.Event()
    thread = threading.Thread(target=reader.read_until, args=(stop,))
    thread.start()
    time.sleep(seconds * 0.2)
    early = _held()
    time.sleep(seconds * 0.8)
    late = _held()
    stop.set()
    thread.join()
    reader.faults += _growth(early, late)
    if reader.faults or not reader.answers:
        print(reader.faults or "no answer", file=sys.stderr)
        return 1
    kind = "one index kept open" if keeps_open else "a new index each time"
    print(f"{kind}: {reader.answers} answers of {reader.commits} commits, held {early} early and {late} late")
    return 0


def _main(role: str, archive: str, index: str, seconds: str) -> int:
    if role == "write":
        return _be_the_writer(Archive(Path(archive)), Path(index), float(seconds))
    return _be_a_reader(Path(index), float(seconds), keeps_open=role == "keep")


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
