"""A power cut at any moment of a commit: what was not synced may be lost, and whole commits stay.

    python -m tests.torture power --seed 1

The commit runs here, on a disk that keeps a record: which files are opened for writing, renamed, removed and synced.
After each of these steps the power is cut. What a disk may hold then is made in many ways: the contents of files that
were not synced are missing, cut in half, zeros or there; each change of a name since the folder was last synced
happened or did not, in any combination. Every such folder has to open with the last or the next commit whole, and the
next `index` has to make it the next commit, with no stray file.

It takes the system at its word that what is synced is on disk, and that a renaming happens or does not.
"""

import io
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from newsearch.errors import IndexDamaged, IndexMissing
from newsearch.library import NewsIndex
from tests.torture.states import (
    NOW,
    Broken,
    change,
    fill,
    opens_as,
    state_of,
    stray_files,
)

__all__ = ["Disk", "recorded", "run"]

_RANDOM_CHOICES = 6


@dataclass
class Disk:
    """A folder as it is, what of it is on the disk for certain, and what may be.

    A file's content is that of its number; a name leads to a number. `pending` are changes of names since the folder
    was last synced: a name, and the number it leads to from then on, or None.
    """

    folder: Path
    names: dict[str, int] = field(default_factory=dict)
    certain_names: dict[str, int] = field(default_factory=dict)
    certain: dict[int, bytes] = field(default_factory=dict)
    written: dict[int, bytes] = field(default_factory=dict)
    pending: list[dict[str, int | None]] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    next_number: int = 0

    def __post_init__(self) -> None:
        for path in self.folder.iterdir():
            self.names[path.name] = self.certain_names[path.name] = self.next_number
            self.certain[self.next_number] = path.read_bytes()
            self.next_number += 1

    def opened(self, name: str) -> None:
        """A file was opened for writing, and is empty if it is new."""
        if name not in self.names:
            self.pending.append({name: self.next_number})
            self.names[name] = self.next_number
            self.next_number += 1

    def synced(self, name: str) -> None:
        """What a file holds is on the disk."""
        number = self.names[name]
        self.certain[number] = (self.folder / name).read_bytes()
        self.written.pop(number, None)

    def synced_folder(self) -> None:
        """All names are on the disk."""
        self.certain_names = dict(self.names)
        self.pending.clear()

    def renamed(self, old: str, new: str) -> None:
        """A file has another name; both names change at one stroke."""
        number = self.names.pop(old)
        self.names[new] = number
        self.pending.append({old: None, new: number})

    def removed(self, name: str) -> None:
        """A file has no name any more."""
        if self.names.pop(name, None) is not None:
            self.pending.append({name: None})

    def look(self) -> None:
        """Take note of what files hold that were not synced."""
        for name, number in self.names.items():
            path = self.folder / name
            raw = path.read_bytes() if path.exists() else b""
            if self.certain.get(number) != raw:
                self.written[number] = raw

    def after_a_cut(self, chance: random.Random) -> Iterator[tuple[str, dict[str, bytes]]]:
        """What may be there when the power comes back: how, and the files."""
        for content in ("missing", "half", "zeros", "there"):
            yield f"no names, contents {content}", self._files([], content)
            yield f"all names, contents {content}", self._files(self.pending, content)
        for number in range(len(self.pending)):
            yield (
                f"all names but change {number}",
                self._files([change for place, change in enumerate(self.pending) if place != number], "there"),
            )
            yield f"change {number} alone", self._files([self.pending[number]], "half")
        for _ in range(_RANDOM_CHOICES):
            some = [change for change in self.pending if chance.random() < 0.5]
            yield (
                f"changes {[self.pending.index(one) for one in some]}",
                self._files(some, chance.choice(("half", "there"))),
            )

    def _files(self, changes: list[dict[str, int | None]], content: str) -> dict[str, bytes]:
        names: dict[str, int | None] = {**self.certain_names}
        for one in changes:
            names.update(one)
        return {name: self._content(number, content) for name, number in names.items() if number is not None}

    def _content(self, number: int, content: str) -> bytes:
        if number not in self.written:
            return self.certain.get(number, b"")
        raw = self.written[number]
        return {"missing": b"", "half": raw[: len(raw) // 2], "zeros": bytes(len(raw)), "there": raw}[content]


@contextmanager
def recorded(disk: Disk, after: Callable[[str], None]) -> Iterator[None]:
    """Within, what is done to the disk's folder is recorded, and `after` is called after each step with its name."""
    real = {name: getattr(os, name) for name in ("open", "fsync", "replace", "rename", "unlink", "remove")}
    real_open: Callable[..., Any] = io.open
    here = disk.folder.absolute()
    descriptors: dict[int, str] = {}

    def within(path: Any) -> str | None:
        if isinstance(path, int):
            return None
        place = Path(path).absolute()
        return place.name if place.parent == here else None

    def step(told: str) -> None:
        disk.look()
        disk.steps.append(told)
        after(told)

    def open_file(path: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
        name = within(path)
        file = real_open(path, mode, *rest, **options)
        if name is not None and set(mode) & set("wax+"):
            descriptors[file.fileno()] = name
            disk.opened(name)
            try:
                step(f"open {name}")
            except BaseException:
                file.close()
                raise
        return file

    def open_descriptor(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        descriptor: int = real["open"](path, flags, *rest, **options)
        name = within(path)
        if Path(path).absolute() == here:
            descriptors[descriptor] = ""
        elif name is not None and flags & (os.O_WRONLY | os.O_RDWR):
            descriptors[descriptor] = name
            disk.opened(name)
            try:
                step(f"open {name}")
            except BaseException:
                os.close(descriptor)
                raise
        return descriptor

    def fsync(descriptor: Any) -> None:
        number = descriptor if isinstance(descriptor, int) else descriptor.fileno()
        real["fsync"](number)
        name = descriptors.get(number)
        if name == "":
            disk.synced_folder()
        elif name is not None:
            disk.synced(name)
        step(f"sync {name or 'the folder'}")

    def renaming(function: str) -> Callable[..., None]:
        def rename(old: Any, new: Any, **options: Any) -> None:
            real[function](old, new, **options)
            old_name, new_name = within(old), within(new)
            if old_name is not None and new_name is not None:
                disk.renamed(old_name, new_name)
                step(f"rename {old_name} to {new_name}")

        return rename

    def removing(function: str) -> Callable[..., None]:
        def remove(path: Any, **options: Any) -> None:
            real[function](path, **options)
            name = within(path)
            if name is not None:
                disk.removed(name)
                step(f"remove {name}")

        return remove

    with (
        patch("io.open", open_file),
        patch("builtins.open", open_file),
        patch("os.open", open_descriptor),
        patch("os.fsync", fsync),
        patch("os.replace", renaming("replace")),
        patch("os.rename", renaming("rename")),
        patch("os.unlink", removing("unlink")),
        patch("os.remove", removing("remove")),
    ):
        yield


def run(work: Path, *, seed: int, items: int = 60, thin: int = 1) -> dict[str, object]:
    """Cut the power after every step of a first run, an update, and a rebuild. Broken at the first fault.

    Of the ways in which a disk may be then, every `thin`-th is looked at.
    """
    figures: Counter[str] = Counter()
    archive, index = work / "archive", work / "index"
    fill(archive, items=items, seed=seed)
    chance = random.Random(seed)
    for kind in ("first", "update", "rebuild"):
        if kind == "update":
            change(archive, items=items, seed=seed)
        before = state_of(index) if kind != "first" else None
        index.mkdir(exist_ok=True)
        disk = Disk(index)
        cuts: list[tuple[str, dict[str, bytes]]] = []
        seen: set[int] = set()

        def cut(told: str, disk: Disk = disk, cuts: list = cuts, seen: set[int] = seen, kind: str = kind) -> None:
            for how, files in disk.after_a_cut(chance):
                identity = hash(tuple(sorted(files.items())))
                if identity not in seen:
                    seen.add(identity)
                    cuts.append((f"{kind}, after step {len(disk.steps)} ({told}), {how}", files))

        with recorded(disk, cut):
            _index(archive, index, rebuild=kind == "rebuild")
        lasting = [(f"{kind}, when all was done, {how}", files) for how, files in disk.after_a_cut(chance)]
        states = {"after": state_of(index), **({"before": before} if before else {})}
        target = work / "cut"
        for told, files in lasting[::thin]:
            if _found(kind, _made(target, files), states, told=f"seed {seed}, {told}") != "after":
                raise Broken(f"seed {seed}, {told}: a commit that was reported is lost")
        for told, files in cuts[::thin]:
            _made(target, files)
            found = _found(kind, target, states, told=f"seed {seed}, {told}")
            figures[f"{kind}: {found}"] += 1
            if figures[f"{kind}: {found}"] % 7 == 1:  # healing takes much longer than looking
                _index(archive, target, rebuild=False)
                if opens_as(target, states, told=f"{told}, run again") != "after":
                    raise Broken(f"seed {seed}, {told}: run again, it did not finish the work")
                if left := stray_files(target):
                    raise Broken(f"seed {seed}, {told}: stray files: {left}")
                figures["run again"] += 1
        figures[f"{kind}: steps"] = len(disk.steps)
    return {"seed": seed, "items": items, **dict(sorted(figures.items()))}


def _made(folder: Path, files: dict[str, bytes]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    return folder


def _index(archive: Path, index: Path, *, rebuild: bool) -> None:
    if rebuild:
        opened, _ = NewsIndex.rebuild(index, archive, clock=lambda: NOW)
        opened.close()
        return
    with NewsIndex.create(index, clock=lambda: NOW) as opened:
        opened.sync(archive)


def _found(kind: str, index: Path, states: dict[str, Any], *, told: str) -> str:
    if kind == "first":
        try:
            if not state_of(index)["articles"]:
                return "empty"
        except IndexMissing:
            return "no index yet"
        except IndexDamaged as error:
            raise Broken(f"{told}: the index does not open: {error}") from error
    return opens_as(index, states, told=told)
