"""The parts of a run: what is measured, on what, set against what.

    bench = Bench(out, corpus, queries, peers=["newsearch", "tantivy"], rounds=3, budget=30)
    figures = [*PARTS["documents"](bench, 3_429)]

A part yields the figures of one size. Engines run one at a time, each in a process of its own; how a clock is read is
`benchmarks.measure`'s.
"""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.figures import ABSENT, Figure
from benchmarks.peers import MODES
from benchmarks.peers.base import ALL, ANY
from benchmarks.queries import Queries

__all__ = ["PARTS", "Bench"]

_OURS = {ANY: "newsearch any", ALL: "newsearch auto"}
_FIELDS = {False: "title, excerpt, topics", True: "and related text"}
_STARTS_A_ROUND = 3
_CHANGED_FILES = 10

_CLI = "from newsearch.__main__ import run; run()"
"""What the installed `newsearch` script does."""

_IMPORTS = "import typer, rich.table, numpy, whoosh.index"


@dataclass
class Bench:
    """One run of the harness: where its files are, what it asks, and the indexes it has built so far."""

    out: Path
    corpus: Path
    queries: Queries
    peers: Sequence[str]
    rounds: int
    budget: float
    say: Callable[[str], None]
    _built: set[Path] = field(default_factory=set)

    def interleaved(self, calls: Mapping[str, Callable[[], Any]], *, rounds: int | None = None) -> dict[str, list[Any]]:
        """What each call gave in each round, within the budget."""
        return measure.interleaved(calls, rounds=rounds or self.rounds, budget=self.budget)

    def index(self, peer: str, size: int, *, related: bool) -> Path:
        """An engine's index of so many documents, built if this run has not built it yet."""
        folder = self._index_folder(peer, size, related)
        if folder not in self._built:
            self.build(peer, size, related=related)
        return folder

    def build(self, peer: str, size: int, *, related: bool) -> dict[str, float]:
        """Build an engine's index anew: seconds and MB."""
        folder = self._index_folder(peer, size, related)
        built: dict[str, float] = self.child("build", peer=peer, size=size, related=related, folder=folder)
        self._built.add(folder)
        return built

    def archive(self, size: int) -> Path:
        """A folder of so many Markdown files, written if this run has not written it yet."""
        folder = self.out / f"archive-{size}"
        if folder not in self._built:
            self.say(f"writing {size:,} files")
            self.child("write_archive", size=size, folder=folder)
            self._built.add(folder)
        return folder

    def child(self, task: str, *, folder: Path, **arguments: Any) -> Any:
        """A task that fills a folder from the corpus; what was there goes first."""
        shutil.rmtree(folder, ignore_errors=True)
        return measure.run_child(task, source=self.corpus, folder=folder, **arguments)

    def newsearch(self, *arguments: object) -> list[str]:
        """A command line of newsearch."""
        return [sys.executable, "-c", _CLI, *map(str, arguments)]

    def seconds(self, command: Sequence[str]) -> float:
        """The time that a command takes, away from the settings of whoever starts the harness."""
        return measure.timed_process(command, cwd=self.out)

    def _index_folder(self, peer: str, size: int, related: bool) -> Path:
        return self.out / "indexes" / f"{size}-{peer.replace(' ', '-')}{'-related' if related else ''}"


def documents(bench: Bench, size: int) -> Iterator[Figure]:
    """Documents in memory to a committed index, and its size on disk."""
    for related, fields in _FIELDS.items():
        runs = bench.interleaved({peer: partial(bench.build, peer, size, related=related) for peer in bench.peers})
        figure = partial(_figure, "documents", size, base="newsearch")
        for peer, built in runs.items():
            yield figure(f"{fields}: time", peer, "s", [run["seconds"] for run in built])
        for peer, built in runs.items():
            rates = [size / run["seconds"] for run in built]
            yield Figure("documents", size, f"{fields}: rate", peer, "documents/s", tuple(rates))
        for peer, built in runs.items():
            yield figure(f"{fields}: index size", peer, "MB", [run["mb"] for run in built])


def query(bench: Bench, size: int) -> Iterator[Figure]:
    """Text to ten hits with what is stored of them; and the memory of a process that has searched."""
    for related, fields in _FIELDS.items():
        for peer in bench.peers:
            bench.index(peer, size, related=related)  # before any budget runs
        for meaning, ours in _OURS.items():
            modes = {mode: peer for peer in bench.peers for mode, means in MODES[peer].items() if means == meaning}
            asked = {mode: partial(_searched, bench, peer, mode, size, related) for mode, peer in modes.items()}
            yield from _query_figures(bench.interleaved(asked), size, fields, meaning, ours)


def _searched(bench: Bench, peer: str, mode: str, size: int, related: bool) -> Any:
    sets = {"titles": bench.queries.titles, "common": bench.queries.common}
    folder = bench.index(peer, size, related=related)
    return measure.run_child(
        "search", peer=peer, folder=folder, related=related, mode=mode, sets=sets, rounds=bench.rounds
    )


def _query_figures(runs: Mapping[str, list[Any]], size: int, fields: str, meaning: str, ours: str) -> Iterator[Figure]:
    part = f"query, {fields}"
    for chosen in ("titles", "common"):
        for which, share in (("later", 0.5), ("later", 0.95), ("first", 0.5), ("first", 0.95)):
            name = f"{chosen}, {meaning}: p{share * 100:.0f}" + (", first use" if which == "first" else "")
            for mode, searched in runs.items():
                values = [measure.percentile(run[chosen][which], share) for run in searched]
                yield _figure(part, size, name, mode, "ms", values, base=ours)
        for mode, searched in runs.items():
            answered = [sum(map(bool, run[chosen]["hits"])) for run in searched]
            yield _figure(part, size, f"{chosen}, {meaning}: queries with hits", mode, "", answered)
    for kind, what in (("private", "private memory"), ("mapped", "private memory and mapped files")):
        for mode, searched in runs.items():
            values = [run["common"][kind] for run in searched if kind in run["common"]]
            yield _figure(part, size, f"{what}, {meaning}", mode, "MB", values, base=ours, note="not measured here")


def variants(bench: Bench, size: int) -> Iterator[Figure]:
    """Other things that newsearch is asked, against a plain query."""
    folder = bench.index("newsearch", size, related=True)
    asked = {field: getattr(bench.queries, field) for field in Queries.__slots__}
    call = partial(measure.run_child, "variants", folder=folder, asked=asked, rounds=bench.rounds)
    runs = bench.interleaved({"newsearch": call})["newsearch"]
    for share in (0.5, 0.95):
        for name in runs[0]:
            values = [measure.percentile(run[name]["later"], share) for run in runs if run[name] is not None]
            measured = f"titles, all words: p{share * 100:.0f}"
            yield _figure("variants", size, measured, name, "ms", values, base="plain", note=ABSENT)
    for name in runs[0]:
        answered = [sum(map(bool, run[name]["hits"])) for run in runs if run[name] is not None]
        yield _figure("variants", size, "queries with hits", name, "", answered, note=ABSENT)


def index(bench: Bench, size: int) -> Iterator[Figure]:
    """`newsearch index` of an archive as a whole process: from nothing, with nothing changed, with a few changes."""
    archive, folder = bench.archive(size), bench.out / "indexes" / f"{size}-files"
    update = bench.newsearch("index", archive, "--index", folder, "--quiet")
    baseline = [sys.executable, "-m", "benchmarks.baselines"]

    def anew(command: Sequence[str], target: Path) -> float:
        shutil.rmtree(target, ignore_errors=True)
        return bench.seconds(command)

    bench.seconds([*baseline, "events", str(archive)])  # the files into the page cache, for all alike
    calls = {"newsearch index": partial(anew, update, folder)}
    for name, what in (("libyaml events", "events"), ("CSafeLoader", "load")):
        calls[name] = partial(bench.seconds, [*baseline, what, str(archive)])
    if "stock Whoosh" in bench.peers:
        stock = bench.out / "indexes" / f"{size}-files-whoosh"
        calls["CSafeLoader and Whoosh"] = partial(anew, [*baseline, "whoosh", str(archive), str(stock)], stock)
    yield from _rows("index", size, "from nothing", bench.interleaved(calls))

    calls = {"newsearch index": partial(bench.seconds, update)}
    calls["walk and stat"] = partial(bench.seconds, [*baseline, "walk", str(archive)])
    yield from _rows("index", size, "nothing changed", bench.interleaved(calls))

    def touched() -> float:
        measure.run_child("touch_up", folder=archive, count=_CHANGED_FILES)
        return bench.seconds(update)

    yield from _rows("index", size, "ten files changed", bench.interleaved({"newsearch index": touched}))
    yield _figure("index", size, "index size", "newsearch index", "MB", [measure.folder_mb(folder)])


def start(bench: Bench, size: int) -> Iterator[Figure]:
    """Whole processes: a query and the help, against the imports alone."""
    folder = bench.index("newsearch", size, related=True)
    word = bench.queries.common[0]
    ours = {
        "newsearch query": bench.newsearch("query", word, "--index", folder, "--quiet"),
        "newsearch --help": bench.newsearch("--help"),
    }
    imports = {
        _IMPORTS: [sys.executable, "-c", _IMPORTS],
        "import typer": [sys.executable, "-c", "import typer"],
        "python": [sys.executable, "-c", ""],
    }
    calls = {name: partial(bench.seconds, command) for name, command in {**ours, **imports}.items()}
    runs = bench.interleaved(calls, rounds=_STARTS_A_ROUND * bench.rounds)
    for own in ours:
        for name in ("newsearch", *imports):
            taken = [seconds * 1000 for seconds in runs[own if name == "newsearch" else name]]
            yield _figure("start", size, own, name, "ms", taken, base="newsearch")


def memory(bench: Bench, size: int) -> Iterator[Figure]:
    """The peak memory of indexing: documents that come one by one, and an archive's files."""
    folder = bench.out / "indexes" / "memory"
    for related, fields in _FIELDS.items():
        for peer in bench.peers:
            run = bench.child("build_from_stream", peer=peer, size=size, related=related, folder=folder)
            peak = [] if run["peak"] is None else [run["peak"]]
            yield _figure(
                "memory", size, f"{fields}: peak", peer, "MB", peak, base="newsearch", note="not measured here"
            )
    command = bench.newsearch("index", bench.archive(size), "--index", folder, "--quiet")
    shutil.rmtree(folder, ignore_errors=True)
    peak = [measure.tree_peak_mb(command, cwd=bench.out)]
    yield _figure("memory", size, "newsearch index, workers included: peak", "newsearch", "MB", peak)
    shutil.rmtree(folder, ignore_errors=True)


def _rows(part: str, size: int, measured: str, runs: Mapping[str, list[float]]) -> Iterator[Figure]:
    for name, taken in runs.items():
        yield _figure(part, size, measured, name, "s", taken, base="newsearch index")


def _figure(  # noqa: PLR0917 - in the order of a `Figure`
    part: str,
    size: int,
    measured: str,
    engine: str,
    unit: str,
    runs: Sequence[float],
    *,
    base: str | None = None,
    note: str = "",
) -> Figure:
    return Figure(part, size, measured, engine, unit, tuple(runs), base=base, note="" if runs else note)


PARTS: dict[str, Callable[[Bench, int], Iterator[Figure]]] = {
    part.__name__: part for part in (documents, query, variants, index, start, memory)
}
"""The parts by name, in the order in which they are run."""
