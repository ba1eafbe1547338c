"""A disk that fills up at any moment of `index`: a clear error, the old index as it was, and the next run heals.

    python -m tests.torture full --steps 40 --seed 1

Two ways. A file system of its own, so small that it fills up at some point of the run (root alone can make one; others
bound the size of each file instead): the command as a process, from no room at all to enough of it. And a disk that
says it is full at one step of a commit, and from then on, for each step that there is.
"""

import errno
import os
import random
import resource
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from newsearch.errors import IndexUnwritable
from newsearch.library import NewsIndex
from tests.torture.power import Disk, recorded
from tests.torture.states import (
    NOW,
    Broken,
    change,
    copied,
    fill,
    index_files,
    opens_as,
    run_newsearch,
    state_of,
    stray_files,
)

__all__ = ["run"]

_PAGE = 4096


def run(work: Path, *, seed: int, steps: int, items: int = 80) -> dict[str, object]:
    """Fill the disk in so many places. Broken at the first fault."""
    # An index knows its archive by the way there, so that all of them lie equally deep.
    archive, old, new = work / "archive", work / "old" / "index", work / "new" / "index"
    fill(archive, items=items, seed=seed)
    _index(archive, old)
    before = state_of(old)
    change(archive, items=items, seed=seed)
    _index(archive, copied(old, new))
    states = {"before": before, "after": state_of(new)}
    figures: Counter[str] = Counter()
    disk = work / "disk"
    disk.mkdir()
    is_mounted = _mount(disk, 64 << 20)
    try:
        needed = sum(path.stat().st_size for path in [*old.iterdir(), *new.iterdir()]) + 16 * _PAGE
        chance = random.Random(seed)
        for step in range(steps):
            index = copied(old, disk / "index")
            room = int(needed * 0.75 * (step + chance.random()) / steps)
            told = f"seed {seed}, {room} bytes of room"
            if is_mounted:
                filler = disk / "filler"
                _fill_up(disk, filler, room)
                ended = run_newsearch("index", archive, "--index", index)
            else:
                ended = run_newsearch("index", archive, "--index", index, preexec_fn=partial(_limit, room // 2))
            figures[f"process: {_judged(ended.code, ended.err, index, states, told=told)}"] += 1
            (disk / "filler").unlink(missing_ok=True)
            ended = run_newsearch("index", archive, "--index", index)
            if ended.code or opens_as(index, states, told=f"{told}, run again") != "after" or stray_files(index):
                raise Broken(f"{told}: with room again, it does not finish: {ended.err} {index_files(index)}")
            shutil.rmtree(index)
    finally:
        if is_mounted:
            subprocess.run(["umount", disk], check=True)
    figures["steps of a commit"] = _at_each_step(archive, old, work / "other" / "index", states, told=f"seed {seed}")
    return {"seed": seed, "items": items, "file system of its own": is_mounted, **dict(sorted(figures.items()))}


def _judged(code: int, err: str, index: Path, states: dict[str, Any], *, told: str) -> str:
    found = opens_as(index, states, told=told)
    if code == 0 and found == "after":
        return "enough room"
    if code != 1 or found != "before" or "cannot be written" not in err:
        raise Broken(f"{told}: it ended with {code}, the index is as {found}, and it said: {err}")
    if extra := [name for name in index_files(index) if name.endswith(".new")] + stray_files(index):
        raise Broken(f"{told}: stray files: {extra}")
    return "refused, as before"


def _mount(folder: Path, size: int) -> bool:
    if os.geteuid():
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "newsearch-torture", str(folder)]
    return not subprocess.run(command, capture_output=True, check=False).returncode


def _fill_up(disk: Path, filler: Path, room: int) -> None:
    """Leave so much room on a file system."""
    status = os.statvfs(disk)
    used = status.f_bavail * status.f_frsize - room
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(used, 1))


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _at_each_step(archive: Path, old: Path, index: Path, states: dict[str, Any], *, told: str) -> int:
    """Have the disk full at each step of a commit in turn; how many there are."""
    step = 0
    while True:
        copied(old, index)
        with _full_from(step, index) as reached, suppress(IndexUnwritable):
            _index(archive, index)
        place = f"{told}, full from step {step} on ({reached[-1] if reached else 'never'})"
        if not reached or len(reached) <= step:
            return step
        found = opens_as(index, states, told=place)
        # Once the new table of contents has its name, the commit is there, whatever is said.
        if found == "before" and (left := stray_files(index)):
            raise Broken(f"{place}: stray files: {left}")
        _index(archive, index)
        if opens_as(index, states, told=f"{place}, run again") != "after" or stray_files(index):
            raise Broken(f"{place}: with room again, it does not finish: {index_files(index)}")
        step += 1


@contextmanager
def _full_from(step: int, index: Path) -> Iterator[list[str]]:
    """Within, from a step of the writing on, the disk is full. Gives the steps that were reached."""
    reached: list[str] = []

    def after(told: str) -> None:
        if told.startswith("remove"):  # that needs no room
            return
        reached.append(told)
        if len(reached) > step:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with recorded(Disk(index), after):
        yield reached


def _index(archive: Path, index: Path) -> None:
    with NewsIndex.create(index, clock=lambda: NOW) as opened:
        opened.sync(archive)
