"""The command: `python -m benchmarks --corpus news.jsonl --sizes 3429,34296 --out build/bench`.

Progress goes to stderr, the tables to stdout and, with the JSON, into the folder. docs/benchmarks.md explains them.
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import measure, peers, report
from benchmarks.figures import Figure, Table
from benchmarks.parts import PARTS, Bench
from benchmarks.queries import Queries

__all__ = ["main"]

_LIBRARIES = ("numpy", "pyyaml", "typer", "rich")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the parts asked for at the sizes asked for, and write the results."""
    chosen = _parser().parse_args(arguments)
    out: Path = chosen.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()

    def say(line: str) -> None:
        print(f"[{time.perf_counter() - started:6.0f} s] {line}", file=sys.stderr, flush=True)

    say("gathering the corpus")
    corpus = out / "corpus"
    gathered = measure.run_child(
        "gather",
        sources=[str(path.resolve()) for path in chosen.corpus],
        count=max(chosen.sizes),
        smallest=min(chosen.sizes),
        asked=chosen.queries,
        seed=chosen.seed,
        folder=corpus,
    )
    sizes = sorted({min(size, gathered["documents"]) for size in chosen.sizes})
    if sizes[-1] < max(chosen.sizes):
        say(f"the corpus has only {sizes[-1]:,} documents")
    names = [name for name in peers.installed() if name in chosen.peers]
    queries = Queries(**gathered["queries"])
    bench = Bench(out, corpus, queries, peers=names, rounds=chosen.rounds, budget=chosen.budget, say=say)
    about = _about(chosen, sizes, names)
    figures: list[Figure] = []
    for size in sizes:
        for part in chosen.parts:
            say(f"{part} at {size:,} documents")
            figures += PARTS[part](bench, size)
            report.write(Table(figures), about, out)  # what a run that is stopped has found so far
    say(f"done; see {chosen.out / 'results.md'}")
    print((out / "results.md").read_text(encoding="utf-8"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure newsearch beside other engines.")
    parser.add_argument(
        "--corpus",
        type=_source,
        action="append",
        default=[],
        metavar="PATH",
        help="a folder of Markdown items or a file of JSON lines; may be repeated (default: an invented corpus)",
    )
    parser.add_argument("--sizes", type=_sizes, default=[3_429, 34_296, 343_000], metavar="N,N,...")
    parser.add_argument("--parts", type=_choice(PARTS), default=list(PARTS), metavar=",".join(PARTS))
    parser.add_argument("--peers", type=_choice(peers.PEERS), default=list(peers.PEERS), metavar="NAME,...")
    parser.add_argument("--queries", type=_positive, default=200, metavar="N", help="drawn for each set (default: 200)")
    parser.add_argument("--rounds", type=_positive, default=3, metavar="N", help="runs of each measure (default: 3)")
    parser.add_argument(
        "--budget",
        type=float,
        default=30,
        metavar="SECONDS",
        help="after which a measure is not run again (default: 30)",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), metavar="DIR")
    return parser


def _source(text: str) -> Path:
    path = Path(text)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{text} does not exist")
    return path


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return number


def _sizes(text: str) -> list[int]:
    return [_positive(size) for size in text.split(",")]


def _choice(known: Sequence[str] | Any) -> Any:
    """A reader of a list with commas that refuses what is not known; newsearch is what all is measured against."""

    def read(text: str) -> list[str]:
        names = [name.strip() for name in text.split(",")]
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is none of {', '.join(known)}")
        return [name for name in known if name in names or name == "newsearch"]

    return read


def _about(chosen: argparse.Namespace, sizes: Sequence[int], names: Sequence[str]) -> dict[str, Any]:
    """What has to be known of a run to read its figures, or to repeat it."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": {
            "cpu": _processor(),
            "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "memory": _memory(),
            "system": f"{platform.system()} {platform.release()}",
        },
        "versions": {
            "python": platform.python_version(),
            **{name: peers.version_of(name) for name in names},
            **{name: version(name) for name in _LIBRARIES},
        },
        "engines not installed": [name for name in chosen.peers if name not in names],
        "corpus": [path.name for path in chosen.corpus] or ["invented"],
        "seed": chosen.seed,
        "sizes": list(sizes),
        "parts": list(chosen.parts),
        "queries": chosen.queries,
        "rounds": chosen.rounds,
        "budget": chosen.budget,
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"
    except (AttributeError, ValueError, OSError):
        return "unknown"


if __name__ == "__main__":
    main()
