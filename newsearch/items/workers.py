"""Reading many files at once: each entry of a scan to its item or its fault, in order, on all CPUs where that pays.

    with contextlib.closing(read_all(found.added)) as outcomes:
        for outcome in outcomes:
            ...                                # outcome.item, outcome.fault, outcome.remarks

Workers are bare interpreters on two pipes, and not `multiprocessing`'s. They start anew, so no lock or other descriptor
of this process is open in them, its threads cannot matter, and its main script is not run again, guarded or not. When
this process ends, however it ends, their input ends and so do they. They are out of reach of a Ctrl-C, which stops this
process and them with it. Each has one batch at a time, and answers are taken in the order of the batches, so nothing
piles up. A worker that cannot start or dies is missed but not needed: what it was to read is read here.

This module does not look for files (`scan`) nor remember anything of them.
"""

import io
import logging
import os
import pickle
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, TypeAlias

from newsearch.errors import ItemError
from newsearch.items.files import Entry
from newsearch.items.jsonitem import parse_line
from newsearch.items.jsonlines import Line, load_line
from newsearch.items.reader import parse_item
from newsearch.items.scan import load
from newsearch.model import Image, NewsItem, Provider, RelatedArticle, SourceFile

__all__ = ["Outcome", "read_all"]

MAX_WORKERS = 8
"""Workers at most, unless told otherwise: whoever takes the items is one process, and soon the slower one."""

FEW = 2000
"""Fewer entries than this are read here. A worker takes 0.1 s of CPU time to start, as long as 400 files take; two of
them broke even at 1,500 to 4,000 files, on two CPUs that had other work to do."""

HEAD = 512
"""How many entries are read here at first, while the workers start."""

BATCH = 64
"""Entries of a batch: some 15 ms of work. From 32 to 256 the CPU time is the same; fewer are drawn ahead."""

PART_BYTES = 1 << 20
"""A worker answers before a batch is done once it has read this much, so that large files do not pile up."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one entry.

    `source` is what to remember of the file or line; None if it could not be read, and `fault` says why. A fault with a
    source says why the content is no item. Otherwise there is an `item`, and `remarks` on values that were left out of
    it.
    """

    entry: Entry
    source: SourceFile | None = None
    item: NewsItem | None = None
    remarks: tuple[ItemError, ...] = ()
    fault: ItemError | None = None


def read_all(entries: Iterable[Entry], *, processes: int | None = None) -> Generator[Outcome, None, None]:
    """Read and parse the files of some entries; the outcomes come in their order, one for each.

    With fewer than 2,000 entries, or `processes` at 1, this process reads them itself; else it has as many workers as
    `processes` says, or one for each CPU it may use, 8 at most. About 64 entries a worker are drawn ahead. The workers
    end with the generator: close it when it is not used up.

    No file's content raises anything. What is raised here, out of memory say, carries a note that names the file.
    """
    remaining = iter(entries)
    count = min(_usable_cpus(), MAX_WORKERS) if processes is None else processes
    if count > 1:
        first = list(islice(remaining, FEW))
        remaining = chain(first, remaining)
        if len(first) == FEW:
            yield from _read_with_workers(remaining, count)
            return
    yield from _read_here(remaining)


def _usable_cpus() -> int:
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# -- in one process ---------------------------------------------------------------------------------------------------


def _read_here(entries: Iterable[Entry]) -> Iterator[Outcome]:
    for entry in entries:
        try:
            outcome = _read(entry)
        except Exception as error:
            error.add_note(f"This happened while newsearch was reading {entry.file!r}.")
            raise
        yield outcome


def _read(entry: Entry) -> Outcome:
    if isinstance(entry, Line):
        return _read_line(entry)
    try:
        source, raw = load(entry)
    except ItemError as fault:
        return Outcome(entry, fault=fault)
    try:
        reading = parse_item(raw, name=entry.path)
    except ItemError as fault:
        return Outcome(entry, source, fault=fault)
    return Outcome(entry, source, reading.item, reading.remarks)


def _read_line(line: Line) -> Outcome:
    try:
        raw = load_line(line)
    except ItemError as fault:
        return Outcome(line, fault=fault)
    try:
        reading = parse_line(raw, line)
    except ItemError as fault:
        return Outcome(line, _source_of(line, line.fault_name), fault=fault)
    return Outcome(line, _source_of(line, reading.item.path or line.content_name), reading.item, reading.remarks)


def _source_of(line: Line, name: str) -> SourceFile:
    """What to remember of a line. It has no time of its own: its file's says whether it has to be looked at."""
    return SourceFile(line.root, name, line.size, 0, line.digest)


# -- with workers -----------------------------------------------------------------------------------------------------


def _read_with_workers(entries: Iterator[Entry], count: int) -> Iterator[Outcome]:
    head = list(islice(entries, HEAD))
    batches = iter(lambda: list(islice(entries, BATCH)), [])
    workers = _start_workers(count)
    pending: deque[tuple[_Worker, list[Entry]]] = deque()
    try:
        for worker in workers:
            _hand_out(batches, worker, pending)
        yield from _read_here(head)
        while pending:
            worker, batch = pending.popleft()
            done = 0
            while done < len(batch):
                part = worker.receive()
                if part is None:
                    break
                # Before anything is yielded: the worker goes on while whoever takes the outcomes is busy with them.
                if done + len(part) == len(batch):
                    _hand_out(batches, worker, pending)
                yield from map(_unpack, batch[done : done + len(part)], part)
                done += len(part)
            yield from _read_here(batch[done:])
        for batch in batches:  # There are none left unless all workers are gone.
            yield from _read_here(batch)
    finally:
        for worker in workers:
            worker.close()


def _start_workers(count: int) -> "list[_Worker]":
    workers: list[_Worker] = []
    # In a program that embeds or is frozen with Python, this is the program.
    if not Path(sys.executable or "").name.lower().startswith(("python", "pypy")):
        return workers
    try:
        for _ in range(count):
            workers.append(_Worker())
    except OSError as error:
        _log.warning("Only %d of %d workers could be started: %s", len(workers), count, error)
    return workers


def _hand_out(batches: Iterator[list[Entry]], worker: "_Worker", pending: "deque[tuple[_Worker, list[Entry]]]") -> None:
    batch = next(batches, None)
    if batch is not None:
        worker.send(batch)
        pending.append((worker, batch))


class _Worker:
    """A process that reads files for this one. It has one batch at a time: else both might write and neither read."""

    def __init__(self) -> None:
        # Without `site`, which costs a third of the start: all it does for imports is in the path.
        command = [sys.executable, "-I", "-S", "-X", f"utf8={sys.flags.utf8_mode}"]
        if sys.dont_write_bytecode:
            command.append("-B")
        self._process = subprocess.Popen(
            [*command, "-c", _PROGRAM, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # In a group of its own: a Ctrl-C at the terminal goes to this process alone.
            process_group=0,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def send(self, batch: Sequence[Entry]) -> None:
        """Hand out a batch. That the worker is gone shows when its answer is to be received."""
        if self._process.stdin is not None:
            with suppress(OSError):
                _send(self._process.stdin, batch)

    def receive(self) -> "list[_Packed] | None":
        """The next part of the answer; None if there will be no more of it, which is logged."""
        stream = self._process.stdout
        part: list[_Packed] | str | None = None if stream is None else _receive(stream)
        if part is None:
            self.close()
            _log.warning("A worker ended (status %s); its files are read without it.", self._process.returncode)
        elif isinstance(part, str):
            _log.warning("A worker failed; its files are read again without it.\n%s", part)
            part = None
        return part

    def close(self) -> None:
        """End the worker, at once; it only reads, so nothing can be left half-done."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._process.wait()


# -- in a worker ------------------------------------------------------------------------------------------------------

_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from newsearch.items.workers import _serve; _serve()"


def _serve() -> None:
    """Answer batches from standard input on standard output, until there are no more or nobody listens."""
    tasks, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    with suppress(OSError):
        while (batch := _receive(tasks)) is not None:
            try:
                for part in _parts(batch):
                    _send(answers, part)
            except OSError:
                raise
            except Exception:  # noqa: BLE001 - the other process meets the same where it can be raised, or does better
                _send(answers, traceback.format_exc())


def _parts(batch: Sequence[Entry]) -> "Iterator[list[_Packed]]":
    part: list[_Packed] = []
    size = 0
    for outcome in map(_read, batch):
        part.append(_pack(outcome))
        size += 0 if outcome.source is None else outcome.source.size
        if size >= PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


# -- on the way -------------------------------------------------------------------------------------------------------

_Packed: TypeAlias = tuple[tuple[int, int, bytes] | None, NewsItem | None, tuple[ItemError, ...], ItemError | None]
"""An outcome without what the entry says already; of the source its size, time and digest."""


def _pack(outcome: Outcome) -> _Packed:
    source = outcome.source
    known = None if source is None else (source.size, source.mtime_ns, source.digest)
    return known, outcome.item, outcome.remarks, outcome.fault


def _unpack(entry: Entry, packed: _Packed) -> Outcome:
    known, item, remarks, fault = packed
    # The entry's own strings: an index remembers the sources of all files at once.
    path = entry.path
    if isinstance(entry, Line):
        path = entry.fault_name if item is None else item.path or entry.content_name
    source = None if known is None else SourceFile(entry.root, path, *known)
    return Outcome(entry, source, item, remarks, fault)


def _as_call(kind: type[Any]) -> Callable[[Any], tuple[type[Any], tuple[object, ...]]]:
    """How to pickle an instance: as the call that makes it, which is twice as fast as what slotted classes do."""
    values = attrgetter(*(spec.name for spec in fields(kind)))
    return lambda instance: (kind, values(instance))


_CALLS: dict[type[Any], Callable[[Any], Any]] = {
    kind: _as_call(kind) for kind in (Entry, Image, Line, NewsItem, Provider, RelatedArticle)
}


def _send(stream: IO[bytes], message: object) -> None:
    """Write a message: its length, 8 bytes, and its pickle."""
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _CALLS
    pickler.dump(message)
    stream.write(buffer.tell().to_bytes(8, "big"))
    stream.write(buffer.getbuffer())
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
    """The next message; None if the other end was closed, be it within a message."""
    prefix = stream.read(8)
    if len(prefix) < 8:
        return None
    length = int.from_bytes(prefix, "big")
    pickled = stream.read(length)
    return pickle.loads(pickled) if len(pickled) == length else None
