"""newsearch serve under load, beside Datasette over SQLite's FTS5 on the same items in the same run.

    python -m benchmarks.serve --corpus news.jsonl --size 34296 --seconds 60

Both servers run at once and are asked in turn, each in a process of its own like the clients: `--connections` of them
at first, that ask as fast as they are answered, then `--crowd` that each ask a few times and may be told to wait. Only
this machine is asked. The figures go to stdout, as a table and as JSON.
"""

import argparse
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks import corpus
from benchmarks.child import write_archive
from benchmarks.queries import Queries, draw

__all__ = ["main"]

_CANNED = (
    "select d.title, d.excerpt, d.topics, d.date, d.url, d.provider, d.quality, bm25(texts, 2, 1, 1) as score "
    "from texts join documents d on d.number = texts.rowid where texts match escape_fts(:q) order by score limit 10"
)
"""Datasette's own search does not rank, so it is asked a query of its metadata that does."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Build what is missing, serve, ask, and tell."""
    chosen = _parser().parse_args(arguments)
    out: Path = chosen.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    documents = out / "corpus"
    if not documents.exists():
        corpus.gather(chosen.corpus, count=chosen.size, seed=1, folder=documents)
    queries = draw(corpus.read(documents, chosen.size), count=200, seed=1)
    index = chosen.index or _index(out, documents, chosen.size)
    database = _database(out, documents, chosen.size)
    figures: dict[str, Any] = {}
    ours = {"paths": _our_paths(queries)}
    servers = {
        "newsearch": (_newsearch(index, chosen.workers, 0), ours),
        "newsearch, remembering": (_newsearch(index, chosen.workers, 16), ours),
        "Datasette": (_datasette(out, database), {"paths": _their_paths(queries)}),
    }
    with ExitStack() as running:
        plans: dict[str, dict[str, Any]] = {
            name: {"host": "127.0.0.1", **running.enter_context(_served(name, command, out)), **plan}
            for name, (command, plan) in servers.items()
        }
        for name, plan in plans.items():
            _ask({**plan, "connections": 8, "seconds": 2})  # warm
            before = _cpu_seconds(plan["process"])
            found = _ask({**plan, "connections": chosen.connections, "seconds": chosen.seconds})
            spent = _cpu_seconds(plan["process"]) - before
            figures[name] = {**found, "cpu_ms": round(spent * 1000 / max(1, found["answers"]), 3)}
            print(name, figures[name], file=sys.stderr)
        crowd = {**plans["newsearch"], "connections": chosen.crowd, "each": 5}
        figures[f"newsearch, {chosen.crowd:,} clients at once"] = _ask(crowd)
    print(_table(figures, chosen.connections, chosen.seconds))
    (out / "serve.json").write_text(json.dumps(figures, indent=2) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=str(__doc__).splitlines()[0])
    parser.add_argument("--corpus", type=Path, action="append", default=[], metavar="PATH")
    parser.add_argument("--size", type=int, default=34_296, metavar="N")
    parser.add_argument("--index", type=Path, metavar="DIR", help="an index of the same items, made already")
    parser.add_argument("--connections", type=int, default=64, metavar="N")
    parser.add_argument("--seconds", type=float, default=60, metavar="N")
    parser.add_argument("--crowd", type=int, default=1000, metavar="N")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="processes of newsearch serve")
    parser.add_argument("--out", type=Path, default=Path("build/serve"), metavar="DIR")
    return parser


# --- What is served ---


def _index(out: Path, documents: Path, size: int) -> Path:
    folder = out / f"index-{size}"
    if not folder.exists():
        archive = out / f"archive-{size}"
        write_archive(str(documents), size, str(archive))
        command = [sys.executable, "-m", "newsearch", "index", str(archive), "--index", str(folder), "--quiet"]
        subprocess.run(command, check=True)
    return folder


def _database(out: Path, documents: Path, size: int) -> Path:
    file = out / "items.db"
    if not file.exists():
        with sqlite3.connect(file) as database:
            database.execute(
                "create table documents (number integer primary key, title, excerpt, topics, date, url, provider, "
                "quality)"
            )
            database.execute(
                "create virtual table texts using fts5(title, excerpt, topics, content='documents', "
                "content_rowid='number', tokenize='porter unicode61')"
            )
            rows = (
                (
                    one.number,
                    one.title,
                    one.excerpt,
                    ", ".join(one.topics),
                    one.date,
                    one.url,
                    one.provider,
                    one.quality,
                )
                for one in corpus.read(documents, size)
            )
            database.executemany("insert into documents values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            database.execute("insert into texts (texts) values ('rebuild')")
            database.execute("insert into texts (texts) values ('optimize')")
        database.close()
    return file


def _newsearch(index: Path, workers: int, cache: int) -> list[str]:
    options = ["--index", str(index), "--workers", str(workers), "--cache", str(cache), "--quiet"]
    return [sys.executable, "-m", "newsearch", "serve", *options]


def _datasette(out: Path, database: Path) -> list[str]:
    metadata = out / "metadata.json"
    queries = {"ranked": {"sql": _CANNED}}
    metadata.write_text(json.dumps({"databases": {database.stem: {"queries": queries}}}))
    return [sys.executable, "-m", "datasette", "serve", "--immutable", str(database), "--metadata", str(metadata)]


@contextmanager
def _served(name: str, command: list[str], out: Path) -> Iterator[dict[str, int]]:
    """A server in a process of its own, on a free port, from its first answer on until it is done with."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = (out / f"{name}.log").open("wb")
    process = subprocess.Popen([*command, "--port", str(port)], stdout=log, stderr=log)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                break
            except urllib.error.HTTPError:
                break  # an answer too
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError(f"{name} has ended") from None
                time.sleep(0.1)
        yield {"port": port, "process": process.pid}
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _cpu_seconds(process: int) -> float:
    """What a server and its workers have computed, on whatever else the machine was busy; 0 where that cannot be told.

    On a machine that others use too, this is the figure to compare.
    """
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        # After the name, which is in parentheses, the 12th and 13th are user and system time in ticks.
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return own + sum(_cpu_seconds(int(child)) for child in children)


def _our_paths(queries: Queries) -> list[str]:
    return [f"/api/search?q={quote(text)}" for text in (*queries.titles, *queries.common)]


def _their_paths(queries: Queries) -> list[str]:
    texts = (*queries.titles, *queries.common)
    return [f"/items/ranked.json?{urlencode({'q': text, '_shape': 'array'})}" for text in texts]


# --- The clients ---


def _ask(plan: dict[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.load"]
    run = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=True)
    figures: dict[str, Any] = json.loads(run.stdout)
    return figures


def _table(figures: dict[str, Any], connections: int, seconds: float) -> str:
    lines = [
        f"{connections} connections, {seconds:g} s each.",
        "",
        "| server | answers/s | p50 ms | p99 ms | CPU ms/answer | answers | told to wait | errors |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, one in figures.items():
        errors = ", ".join(f"{kind}: {count}" for kind, count in one["errors"].items()) or "0"
        names = ("per_second", "p50_ms", "p99_ms", "cpu_ms", "answers", "told_to_wait")
        cells = (name, *(one.get(cell, "") for cell in names), errors)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
