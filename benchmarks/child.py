"""What is run in a process of its own, so that no engine sees the memory or the caches of another.

    python -m benchmarks.child build '{"peer": "tantivy", "corpus": "build/bench/corpus", "size": 3429, ...}'

The last line on stdout is the task's return value as JSON. `benchmarks.measure.run_child` is the other end.
"""

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import archive, corpus, measure, peers, queries
from benchmarks.peers.base import Session

__all__ = ["TASKS", "main"]


def gather(*, sources: Sequence[str], count: int, smallest: int, asked: int, seed: int, folder: str) -> dict[str, Any]:
    """Make the corpus and draw the queries from its smallest size."""
    found = corpus.gather([Path(source) for source in sources], count=count, seed=seed, folder=Path(folder))
    drawn = queries.draw(corpus.read(Path(folder), smallest, related=False), count=asked, seed=seed)
    return {"documents": found, "queries": asdict(drawn)}


def write_archive(source: str, size: int, folder: str) -> int:
    """Write the corpus as Markdown files."""
    return archive.write(corpus.read(Path(source), size), Path(folder))


def touch_up(folder: str, count: int) -> None:
    """Change some files of an archive."""
    archive.touch_up(Path(folder), count)


def build(peer: str, source: str, size: int, related: bool, folder: str) -> dict[str, float]:
    """Time the way of documents in memory to a committed index."""
    engine = peers.load(peer)
    Path(folder).mkdir(parents=True)
    prepared = [engine.prepare(document) for document in corpus.read(Path(source), size, related=related)]
    # The collector stays on, but what the harness holds is no concern of the engine's collections.
    gc.collect()
    gc.freeze()
    started = time.perf_counter()
    engine.build(Path(folder), prepared, related=related)
    seconds = time.perf_counter() - started
    engine.settle()
    return {"seconds": seconds, "mb": measure.folder_mb(Path(folder))}


def build_from_stream(peer: str, source: str, size: int, related: bool, folder: str) -> dict[str, float | None]:
    """The peak memory of indexing documents that come one by one, and what the process held before the first."""
    engine = peers.load(peer)
    Path(folder).mkdir(parents=True)
    before = measure.peak_mb()
    documents = corpus.read(Path(source), size, related=related)
    engine.build(Path(folder), map(engine.prepare, documents), related=related)
    engine.settle()
    return {"before": before, "peak": measure.peak_mb()}


def search(
    *, peer: str, folder: str, related: bool, mode: str, sets: dict[str, list[str]], rounds: int
) -> dict[str, dict[str, Any]]:
    """Time every query of each set: when first asked, and the median of the later rounds, in milliseconds."""
    engine = peers.load(peer)
    found: dict[str, dict[str, Any]] = {}
    for name, texts in sets.items():
        with closing(engine.open(Path(folder), related=related)) as session:
            found[name] = _timed(partial(_search, session, mode), texts, rounds)
            private = measure.private_mb()
            if private is not None:
                found[name]["private"], found[name]["mapped"] = private
    return found


def variants(folder: str, asked: dict[str, Any], rounds: int) -> dict[str, dict[str, Any] | None]:
    """Time the other things that can be asked of newsearch beside a plain query; None for what it cannot do yet."""
    from benchmarks.variants import VARIANTS  # noqa: PLC0415 - imports the engine

    return {name: _variant(variant, folder, queries.Queries(**asked), rounds) for name, variant in VARIANTS.items()}


def _search(session: Session, mode: str, text: str) -> Sequence[object]:
    return session.search(text, mode)


def _variant(variant: Any, folder: str, asked: queries.Queries, rounds: int) -> dict[str, Any] | None:
    import newsearch  # noqa: PLC0415 - the engine

    with newsearch.open(folder) as index:
        ask = variant.ask(index, asked)
        if ask is None:
            return None
        return _timed(ask, variant.texts(asked), rounds)


def _timed(ask: Callable[[str], Sequence[object]], texts: Sequence[str], rounds: int) -> dict[str, Any]:
    """The first time of each text in ms, the median of its later times, and how many hits it had."""
    clock = time.perf_counter
    times: list[list[float]] = [[] for _ in texts]
    hits = [0] * len(texts)
    for _ in range(rounds + 1):
        for place, text in enumerate(texts):
            started = clock()
            found = ask(text)
            times[place].append((clock() - started) * 1000)
            hits[place] = len(found)
    return {
        "first": [taken[0] for taken in times],
        "later": [measure.percentile(taken[1:], 0.5) for taken in times],
        "hits": hits,
    }


TASKS: dict[str, Callable[..., Any]] = {
    task.__name__: task for task in (gather, write_archive, touch_up, build, build_from_stream, search, variants)
}


def main(arguments: Sequence[str]) -> None:
    """Run one task: its name and its arguments as a JSON object."""
    task, given = arguments
    answer = json.dumps(TASKS[task](**json.loads(given)))
    sys.stdout.write(f"\n{answer}\n")
    sys.stdout.flush()
    os._exit(0)  # what a process of millions of objects takes to end is no engine's doing


if __name__ == "__main__":
    main(sys.argv[1:])
