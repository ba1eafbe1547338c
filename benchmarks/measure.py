"""Clocks and scales: timing calls and processes, reading memory, and putting many runs into one figure.

    runs = interleaved({"a": measure_a, "b": measure_b}, rounds=5, budget=60)     # {"a": [...], "b": [...]}
    seconds = timed_process([sys.executable, "-c", "import numpy"])

Times are of `time.perf_counter`; the garbage collector is left on. Memory is what Linux tells in /proc, None elsewhere.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

__all__ = [
    "ROOT",
    "folder_mb",
    "interleaved",
    "peak_mb",
    "percentile",
    "private_mb",
    "run_child",
    "timed_process",
    "tree_peak_mb",
]

ROOT = Path(__file__).resolve().parent.parent
"""Where `newsearch` and `benchmarks` are imported from by the processes that are started."""

_MB = 1e6
_SAMPLE_SECONDS = 0.02

Value = TypeVar("Value")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0..1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def interleaved(
    calls: Mapping[str, Callable[[], Value]], *, rounds: int, budget: float = math.inf
) -> dict[str, list[Value]]:
    """What each call gave, round by round; in a round each is called once, so that all see the same noise.

    A call that has taken more than `budget` seconds in all is not called again.
    """
    found: dict[str, list[Value]] = {name: [] for name in calls}
    spent = dict.fromkeys(calls, 0.0)
    for _ in range(rounds):
        for name, call in calls.items():
            if spent[name] <= budget:
                started = time.perf_counter()
                found[name].append(call())
                spent[name] += time.perf_counter() - started
    return found


def run_child(task: str, **arguments: Any) -> Any:
    """What a task of `benchmarks.child` returns, run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.child", task, json.dumps(arguments, default=str)]
    with tempfile.TemporaryFile("w+") as errors:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=_environment(), check=False
        )
        if done.returncode:
            errors.seek(0)
            raise RuntimeError(f"{task} failed with {arguments}:\n{errors.read()[-4000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def timed_process(command: Sequence[str], *, cwd: Path | None = None) -> float:
    """The seconds from before the start of a command to after its end, its output unseen. RuntimeError if it fails."""
    with tempfile.TemporaryFile("w+") as errors:
        started = time.perf_counter()
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=errors, env=_environment(), cwd=cwd, check=False
        )
        seconds = time.perf_counter() - started
        if done.returncode:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed:\n{errors.read()[-4000:]}")
    return seconds


def tree_peak_mb(command: Sequence[str], *, cwd: Path | None = None) -> float:
    """The most memory that a command and the processes it starts have held together; not for timing.

    Shared pages are counted once. Where /proc does not tell, it is the peak of the command alone.
    """
    peak = 0.0
    ended = threading.Event()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment(), cwd=cwd)

    def watch() -> None:
        nonlocal peak
        while not ended.wait(_SAMPLE_SECONDS):
            peak = max(peak, sum(_rollup(pid).get("Pss", 0.0) for pid in _tree(child.pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    watcher.join()
    if child.returncode:
        raise RuntimeError(f"{' '.join(command)} failed with status {child.returncode}")
    return max(peak, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / _MB)


def peak_mb() -> float | None:
    """The most memory that this process has held since it began to run its program."""
    for line in _proc(os.getpid(), "status"):
        if line.startswith("VmHWM:"):
            return float(line.split()[1]) * 1024 / _MB
    return None


def private_mb() -> tuple[float, float] | None:
    """What of this process's memory is its own: written pages, and those with the file pages that only it maps."""
    sizes = _rollup(os.getpid())
    if not sizes:
        return None
    dirty = sizes["Private_Dirty"] + sizes.get("Swap", 0.0)
    return dirty, dirty + sizes["Private_Clean"]


def folder_mb(folder: Path) -> float:
    """The bytes of all files below a folder, in MB."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / _MB


def _environment() -> dict[str, str]:
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    # Whoever has installed a program has its bytecode; without it, compiling is a third of the time of a search.
    ours = ("NEWSEARCH_", "PYTHONDONTWRITEBYTECODE")
    own = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**own, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _tree(pid: int) -> list[int]:
    """A process and all that it has started."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for thread in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def _rollup(pid: int) -> dict[str, float]:
    """The sizes in a process's summary of its memory, in MB; empty if there is none."""
    sizes: dict[str, float] = {}
    for line in _proc(pid, "smaps_rollup"):
        words = line.split()
        if len(words) == 3 and words[2] == "kB":
            sizes[words[0].rstrip(":")] = float(words[1]) * 1024 / _MB
    return sizes


def _proc(pid: int, name: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/{name}").read_text().splitlines()
    except OSError:
        return []
