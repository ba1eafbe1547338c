"""Reading with workers gives what reading without them gives, whatever becomes of the workers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from newsearch.errors import ItemError
from newsearch.items import workers
from newsearch.items.scan import Entry
from newsearch.items.workers import Outcome, read_all

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals are as POSIX has them")

# The bounds in tests, so that not every test has to read thousands of files.
FEW, HEAD, BATCH = 60, 20, 8
MANY = 200

# A file that has just been written is remembered without its time.
LONG_AGO_NS = 1_600_000_000_123_456_789

ITEM = """\
---
title: Harbour ban {number}
excerpt: The council voted.
publishedDateTime: 2020-09-13T12:08:00.5+02:00
webUrl: https://paper.example/{number}
quality: much
provider: {{name: The Paper, domain: paper.example}}
topics: [law, Häfen]
images: [{{url: "https://paper.example/{number}.jpg", width: 640, isCached: true}}]
related:
  - title: Follow-up
    webUrl: https://other.example/{number}
    provider: {{name: Other}}
---
Körper {number}
"""


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, bound in (("FEW", FEW), ("HEAD", HEAD), ("BATCH", BATCH)):
        monkeypatch.setattr(workers, name, bound)


def write(folder: Path, count: int) -> list[Entry]:
    """Files with everything an item can have, and the entries a scan would find."""
    entries = []
    for number in range(count):
        file = folder / f"item-{number}.md"
        file.write_text(ITEM.format(number=number), encoding="utf-8")
        os.utime(file, ns=(LONG_AGO_NS, LONG_AGO_NS))
        entries.append(Entry("archive", file.name, str(file)))
    return entries


def many(folder: Path) -> list[Entry]:
    """Enough entries for workers to be used, of a few files."""
    few = write(folder, 10)
    return [few[number % len(few)] for number in range(MANY)]


def comparable(outcome: Outcome) -> tuple[object, ...]:
    """An outcome, its errors as text: exceptions are equal to themselves alone."""
    remarks = [str(remark) for remark in outcome.remarks]
    return outcome.entry, outcome.source, outcome.item, remarks, str(outcome.fault)


def read_here(entries: list[Entry]) -> list[tuple[object, ...]]:
    return [comparable(outcome) for outcome in read_all(entries, processes=1)]


def wait_until(condition: Callable[[], bool]) -> None:
    """Poll for the end of a process, for half a minute at most."""
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail("this took more than 30 s")
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether a process runs that need not be a child of this one. A zombie, an orphan nobody collects, does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return not Path("/proc/self/stat").exists()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The workers started in a test, which are real ones."""
    seen: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            seen.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    yield seen
    assert all(worker.poll() is not None for worker in seen), "a worker outlived its test"


# -- what is read -----------------------------------------------------------------------------------------------------


def test_three_thousand_files_come_back_in_order_and_equal_to_what_one_process_reads(
    tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    entries = write(tmp_path, 3000)

    outcomes = [comparable(outcome) for outcome in read_all(iter(entries), processes=3)]

    assert len(started) == 3
    assert [outcome[0] for outcome in outcomes] == entries
    assert outcomes == read_here(entries)


def test_an_outcome_has_the_item_its_source_and_its_remarks(tmp_path: Path) -> None:
    outcome = list(read_all(many(tmp_path), processes=2))[HEAD + 3]

    assert outcome.item is not None
    assert outcome.source is not None
    assert outcome.fault is None
    assert outcome.item.title.startswith("Harbour ban")
    assert outcome.source.size == Path(outcome.entry.file).stat().st_size
    assert [str(remark) for remark in outcome.remarks] == [
        f"{outcome.entry.path}:6: quality 'much' is not a whole number."
    ]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_file_that_is_no_item_is_a_fault_with_a_source(tmp_path: Path, processes: int) -> None:
    entries = many(tmp_path)
    (tmp_path / "bare.md").write_text("No front matter.")
    entries[-1] = Entry("archive", "bare.md", str(tmp_path / "bare.md"))

    outcome = list(read_all(entries, processes=processes))[-1]

    assert outcome.item is None
    assert outcome.source is not None
    assert isinstance(outcome.fault, ItemError)
    assert (outcome.fault.path, outcome.fault.line) == ("bare.md", 1)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_file_that_vanished_after_the_scan_is_a_fault_without_a_source(tmp_path: Path, processes: int) -> None:
    entries = many(tmp_path)
    entries[-1] = Entry("archive", "gone.md", str(tmp_path / "gone.md"))

    outcome = list(read_all(entries, processes=processes))[-1]

    assert (outcome.source, outcome.item) == (None, None)
    assert str(outcome.fault) == "gone.md: is no longer there."


@pytest.mark.parametrize("processes", [1, 2])
def test_what_cannot_be_read_is_a_fault_without_a_source(tmp_path: Path, processes: int) -> None:
    entries = many(tmp_path)
    (tmp_path / "folder.md").mkdir()
    entries[-1] = Entry("archive", "folder.md", str(tmp_path / "folder.md"))

    outcome = list(read_all(entries, processes=processes))[-1]

    assert outcome.source is None
    assert str(outcome.fault) == "folder.md: is not a regular file."


@posix_only
def test_a_file_below_a_folder_whose_name_is_no_text_is_found_by_workers(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes no such name")

    assert all(outcome.item for outcome in read_all(many(folder), processes=2))


def test_answers_larger_than_a_pipe_and_than_a_part_come_back_whole(tmp_path: Path) -> None:
    entries = many(tmp_path)
    large = tmp_path / "large.md"
    large.write_text(f"---\ntitle: Large\n---\n{'word ' * 300_000}")
    os.utime(large, ns=(LONG_AGO_NS, LONG_AGO_NS))
    for place in range(HEAD, HEAD + 5):
        entries[place] = Entry("archive", "large.md", str(large))

    assert [comparable(outcome) for outcome in read_all(entries, processes=2)] == read_here(entries)


# -- how many workers -------------------------------------------------------------------------------------------------


def test_few_entries_start_no_workers(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    assert len(list(read_all(many(tmp_path)[: FEW - 1], processes=2))) == FEW - 1
    assert started == []


def test_one_process_starts_no_workers(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    assert len(list(read_all(many(tmp_path), processes=1))) == MANY
    assert started == []


def test_entries_are_drawn_as_they_are_needed(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    drawn = 0

    def endless() -> Iterator[Entry]:
        nonlocal drawn
        for entry in iter(write(tmp_path, 1) * 1_000_000):
            drawn += 1
            yield entry

    with closing(read_all(endless(), processes=2)) as outcomes:
        taken = len(list(islice(outcomes, 2 * FEW)))

    assert len(started) == 2
    assert taken <= drawn <= taken + 3 * BATCH


# -- the end of workers -----------------------------------------------------------------------------------------------


def test_no_worker_is_left_when_all_is_read(tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    assert len(list(read_all(many(tmp_path), processes=2))) == MANY
    assert [worker.returncode is None for worker in started] == [False, False]


@pytest.mark.parametrize("taken", [1, HEAD + 1])
def test_no_worker_is_left_when_the_generator_is_closed_early(
    tmp_path: Path, started: list[subprocess.Popen[bytes]], taken: int
) -> None:
    with closing(read_all(many(tmp_path), processes=2)) as outcomes:
        assert len(list(islice(outcomes, taken))) == taken
    assert [worker.returncode is None for worker in started] == [False, False]


@pytest.mark.parametrize("killed", [1, 2])
@pytest.mark.parametrize("after", [1, HEAD + BATCH + 1])
def test_killed_workers_lose_nothing(
    tmp_path: Path, started: list[subprocess.Popen[bytes]], killed: int, after: int
) -> None:
    entries = many(tmp_path)
    outcomes = read_all(entries, processes=2)

    read = list(islice(outcomes, after))
    for worker in started[:killed]:
        worker.kill()
    read += outcomes

    assert [comparable(outcome) for outcome in read] == read_here(entries)


def test_workers_that_cannot_start_are_not_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    entries = many(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    assert [comparable(outcome) for outcome in read_all(entries, processes=2)] == read_here(entries)
    assert "0 of 2 workers" in caplog.text


def test_a_program_that_is_no_interpreter_is_not_started_as_a_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[subprocess.Popen[bytes]]
) -> None:
    monkeypatch.setattr(sys, "executable", "/opt/newsearch/newsearch")

    assert len(list(read_all(many(tmp_path), processes=2))) == MANY
    assert started == []


def test_a_worker_that_cannot_import_is_not_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    entries = many(tmp_path)
    monkeypatch.setattr(sys, "path", [])

    assert [comparable(outcome) for outcome in read_all(entries, processes=2)] == read_here(entries)
    assert "A worker ended (status" in caplog.text


def test_what_nobody_expected_is_raised_with_the_name_of_the_file(tmp_path: Path) -> None:
    entries = many(tmp_path)
    entries[HEAD + 5] = Entry("archive", "odd.md", None)  # type: ignore[arg-type]

    with closing(read_all(entries, processes=2)) as outcomes:
        assert len(list(islice(outcomes, HEAD + 5))) == HEAD + 5
        with pytest.raises(TypeError) as caught:
            next(outcomes)

    assert caught.value.__notes__ == ["This happened while newsearch was reading None."]


def test_a_failure_that_is_the_workers_own_is_made_good_and_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing = "import newsearch.items.workers as w; w._pack = None; w._serve()"
    monkeypatch.setattr(workers, "_PROGRAM", f"import sys; sys.path[:] = sys.argv[1:]; {failing}")
    entries = many(tmp_path)

    assert [comparable(outcome) for outcome in read_all(entries, processes=2)] == read_here(entries)
    assert "'NoneType' object is not callable" in caplog.text


# -- the end of the process that reads ---------------------------------------------------------------------------------

# No `if __name__ == "__main__"`, on purpose: a script without it has to work as well.
SCRIPT = """
import subprocess, sys
pids = []
class Recorded(subprocess.Popen):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        pids.append(self.pid)
subprocess.Popen = Recorded
from newsearch.items.scan import Entry
from newsearch.items.workers import read_all
entries = [Entry("archive", "item-0.md", sys.argv[1])] * 1_000_000
lock = open(sys.argv[2], "w")
if sys.platform != "win32":
    import fcntl, os
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock.fileno(), True)
for number, outcome in enumerate(read_all(entries, processes=2)):
    if number == 5000:
        lock.close()
        print(*pids, flush=True)
    if number == int(sys.argv[3]):
        break
"""


def run_script(folder: Path, *, until: int = 1_000_000) -> tuple[subprocess.Popen[str], list[int]]:
    """A process amid reading, in a session of its own, and the pids of its workers."""
    (entry,) = write(folder, 1)
    script = folder / "script.py"
    script.write_text(SCRIPT)
    reading = subprocess.Popen(
        [sys.executable, script, entry.file, folder / "lock", str(until)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(place for place in sys.path if place)},
    )
    assert reading.stdout is not None
    return reading, [int(pid) for pid in reading.stdout.readline().split()]


@posix_only
def test_workers_never_hold_a_lock_of_the_process_that_reads(tmp_path: Path) -> None:
    import fcntl

    reading, pids = run_script(tmp_path)
    with reading, (tmp_path / "lock").open() as lock:
        assert len(pids) == 2
        assert all(is_running(pid) for pid in pids)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        reading.kill()


@posix_only
def test_workers_die_with_a_process_that_is_killed(tmp_path: Path) -> None:
    reading, pids = run_script(tmp_path)
    with reading:
        assert len(pids) == 2
        reading.kill()
    wait_until(lambda: not any(map(is_running, pids)))


@posix_only
def test_one_interrupt_ends_everything_and_workers_say_nothing(tmp_path: Path) -> None:
    reading, pids = run_script(tmp_path)
    os.killpg(reading.pid, signal.SIGINT)  # What a terminal does on Ctrl-C.
    _, errors = reading.communicate(timeout=30)

    assert errors.count("Traceback") == 1
    assert errors.rstrip().endswith("KeyboardInterrupt")
    wait_until(lambda: not any(map(is_running, pids)))


@posix_only
def test_a_process_that_ends_amid_reading_ends_at_once_and_quietly(tmp_path: Path) -> None:
    reading, pids = run_script(tmp_path, until=5001)
    _, errors = reading.communicate(timeout=30)

    assert (reading.returncode, errors) == (0, "")
    wait_until(lambda: not any(map(is_running, pids)))
