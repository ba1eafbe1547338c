"""kill -9 at random moments of `newsearch index`: the last or the next commit is whole, and the next run finishes.

    python -m tests.torture kill --moments 200 --seed 1

A third of the moments lies anywhere in the run, a third in its last part, and a third after the first sight of a new
segment in the index's folder, which is when the commit is written. Runs are updates, first runs and
rebuilds. After each kill the index is compared with the states before and after, the command is run again, and the
folder may hold nothing but that commit. No worker may outlive the process that was killed.
"""

import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

from newsearch.errors import IndexDamaged, IndexMissing
from tests.torture.states import (
    Broken,
    State,
    change,
    copied,
    fill,
    index_files,
    newsearch_process,
    opens_as,
    run_newsearch,
    state_of,
    stray_files,
)

__all__ = ["run"]

_KINDS = ("update", "first", "rebuild")
_TOO_LATE = "too late"


def run(work: Path, *, moments: int, seed: int, items: int = 300) -> dict[str, object]:
    """Kill at so many moments; figures by kind of run and by the state that was found. Broken at the first fault.

    A run that had ended before it could be killed does not count.
    """
    chance = random.Random(seed)
    archive, old, index = work / "archive", work / "old", work / "index"
    fill(archive, items=items, seed=seed)
    _expect_done("index", archive, "--index", old)
    before = state_of(old)
    change(archive, items=items, seed=seed)
    states: dict[str, State] = {"before": before}
    lengths: dict[str, tuple[float, float]] = {}
    for kind in _KINDS:
        _prepare(kind, old, index)
        lengths[kind] = _length(_command(kind, archive, index), index)
        after = state_of(index)
        if states.setdefault("after", after) != after:
            raise Broken(f"seed {seed}: {kind} ends in another state than an update")
    found: Counter[str] = Counter()
    number = 0
    while number < moments:
        kind = chance.choice(_KINDS)
        _prepare(kind, old, index)
        told = f"seed {seed}, moment {number} ({kind})"
        where = _kill(_command(kind, archive, index), index, lengths[kind], chance, told=told)
        state = _state_after(kind, index, states, told=told)
        found[f"{kind}, killed {where}: {state}"] += 1
        number += where != _TOO_LATE
        _expect_done("index", archive, "--index", index)
        if opens_as(index, states, told=f"{told}, run again") != "after":
            raise Broken(f"{told}: run again, it did not finish the work")
        if left := stray_files(index):
            raise Broken(f"{told}: stray files: {left}")
    return {"moments": moments, "seed": seed, "items": items, **dict(sorted(found.items()))}


def _prepare(kind: str, old: Path, index: Path) -> None:
    if kind == "first":
        shutil.rmtree(index, ignore_errors=True)
    else:
        copied(old, index)


def _command(kind: str, archive: Path, index: Path) -> list[str | Path]:
    return ["index", archive, "--index", index, *(["--rebuild"] if kind == "rebuild" else [])]


def _state_after(kind: str, index: Path, states: dict[str, State], *, told: str) -> str:
    if kind != "first":
        return opens_as(index, states, told=told)
    try:
        found = state_of(index)
    except IndexMissing:
        return "no index yet"
    except IndexDamaged as error:
        raise Broken(f"{told}: the index does not open: {error}") from error
    if not found["articles"]:
        return "empty"
    return opens_as(index, states, told=told)


def _length(command: list[str | Path], index: Path) -> tuple[float, float]:
    """How long a run takes that is not killed, and how long its commit, both in seconds."""
    known = _segments(index)
    started = time.perf_counter()
    process = newsearch_process(*command)
    _await_segment(process, index, known)
    seen = time.perf_counter()
    _, err = process.communicate()
    if process.returncode:
        raise Broken(f"newsearch {' '.join(map(str, command))} ended with {process.returncode}: {err}")
    return time.perf_counter() - started, time.perf_counter() - seen


def _segments(index: Path) -> set[str]:
    return {name for name in index_files(index) if name.startswith("MAIN_")} if index.is_dir() else set()


def _await_segment(process: "subprocess.Popen[str]", index: Path, known: set[str]) -> None:
    while process.poll() is None and not _segments(index) - known:
        time.sleep(0.0002)


def _kill(
    command: list[str | Path], index: Path, length: tuple[float, float], chance: random.Random, *, told: str
) -> str:
    """Start a command and kill it; says where in its run."""
    where = chance.choice(("anywhere", "late", "in the commit"))
    known = _segments(index)
    process = newsearch_process(*command)
    started = time.perf_counter()
    whole, commit = length
    if where == "in the commit":
        _await_segment(process, index, known)
        time.sleep(chance.random() ** 3 * commit)  # files are written early in it; its end is the report
    else:
        share = chance.uniform(0, 1) if where == "anywhere" else chance.uniform(0.7, 1)
        time.sleep(max(0.0, share * whole - (time.perf_counter() - started)))
    ended = process.poll() is not None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    _expect_no_survivors(process.pid, told=told)
    return _TOO_LATE if ended else where


def _expect_no_survivors(session: int, *, told: str) -> None:
    """Broken where a process of a session lives on for seconds; only where the system shows processes as files."""
    proc = Path("/proc")
    until = time.monotonic() + 10
    while proc.is_dir() and (
        left := [pid for pid in proc.iterdir() if pid.name.isdigit() and _session(pid) == session]
    ):
        if time.monotonic() > until:
            raise Broken(f"{told}: processes live on: {left}")
        time.sleep(0.01)


def _session(pid: Path) -> int:
    try:
        return int((pid / "stat").read_text().rpartition(")")[2].split()[3])
    except (OSError, IndexError, ValueError):
        return -1


def _expect_done(*command: str | Path) -> None:
    ended = run_newsearch(*command)
    if ended.code:
        raise Broken(f"newsearch {' '.join(map(str, command))} ended with {ended.code}: {ended.err}")
