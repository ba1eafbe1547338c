"""What an index holds, all of it, to tell one commit from another; and archives that change in known ways.

    fill(folder, items=300, seed=1)
    before = state_of(index)
    change(folder, seed=2)

An archive depends on its seed alone. A state is compared as a whole: every article with every field, and the answers to
some queries with their scores.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import newsearch
from newsearch import wire
from newsearch.errors import NewsearchError
from tests.archive import Archive, cited

__all__ = [
    "NOW",
    "PROJECT",
    "QUERIES",
    "Broken",
    "Ended",
    "State",
    "change",
    "copied",
    "fill",
    "index_files",
    "newsearch_process",
    "opens_as",
    "run_newsearch",
    "state_of",
    "stray_files",
]

PROJECT = Path(__file__).resolve().parent.parent.parent
NOW = datetime(2026, 1, 1, tzinfo=UTC)
QUERIES = (
    "harbour",
    "harbour camera",
    '"camera law"',
    "topic:law",
    "quality:>50",
    "date:2020..2021",
    "police -camera",
    "provider:paper.example",
)

_WORDS = re.findall(
    r"\w+",
    """harbour camera law police border ship council vote river bridge school strike union wage court judge appeal
    storm flood power grid nuclear solar wind price rent housing tenant market bank rate loan credit trade""",
)
_PAGE = 1000

State = dict[str, Any]
"""Everything an index answers; equal states are equal commits."""


class Broken(AssertionError):
    """A promise that was not kept, and how to see it again."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended, and what it said."""

    code: int
    out: str
    err: str


def fill(folder: Path, *, items: int, seed: int) -> Archive:
    """Make an archive of so many items, each of its own words."""
    archive = Archive(folder)
    for number in range(items):
        _write(archive, number, random.Random(f"{seed}/{number}"))
    return archive


def change(folder: Path, *, items: int, seed: int) -> None:
    """Change a tenth of an archive's items, remove a twentieth, add a tenth, and spoil one."""
    archive = Archive(folder)
    chance = random.Random(f"change {seed}")
    for number in chance.sample(range(items), items // 10):
        _write(archive, number, random.Random(f"{seed}/changed/{number}"))
    for number in chance.sample(range(items), items // 20):
        (folder / _path(number)).unlink(missing_ok=True)
    for number in range(items, items + items // 10):
        _write(archive, number, random.Random(f"{seed}/{number}"))
    archive.write("spoilt.md", "---\ntitle: [unclosed\n---\n")


def _path(number: int) -> str:
    return f"{number % 7}/{number}.md"


def _write(archive: Archive, number: int, chance: random.Random) -> None:
    def words(count: int) -> str:
        return " ".join(chance.choices(_WORDS, k=count))

    archive.deliver(
        f"{words(6)} {number}",
        path=_path(number),
        # Every thirtieth has another's address, so that whose it is has to be settled.
        url=f"https://paper.example/{number if number % 30 else 1}",
        excerpt=words(20),
        body=words(60),
        date=f"20{chance.randrange(10, 26)}-0{chance.randrange(1, 10)}-1{chance.randrange(0, 10)}T10:00:00Z",
        quality=chance.randrange(0, 100),
        topics=chance.sample(_WORDS, 2),
        provider={"name": "Paper", "domain": "paper.example"},
        related=[
            cited(words(5), f"https://other.example/{chance.randrange(0, 200)}", excerpt=words(8))
            for _ in range(chance.randrange(0, 3))
        ],
    )


def state_of(index: Path) -> State:
    """All that an index answers. Raises NewsearchError."""
    with newsearch.open(index, clock=lambda: NOW) as opened:
        articles: dict[str, Any] = {}
        while True:
            page = opened.search("", limit=_PAGE, offset=len(articles))
            for hit in page:
                articles[hit.id] = _without_arrival(wire.article_to_dict(opened.get(hit.id)))
            if not page.hits:
                break
        if len(articles) != page.total:
            raise Broken(f"{index}: {len(articles)} articles are listed and {page.total} are counted")
        answers = {}
        for query in QUERIES:
            result = opened.search(query, limit=50)
            answers[query] = (result.total, [(hit.id, round(hit.score, 9)) for hit in result])
        stats = opened.stats()
        counts = {name: getattr(stats, name) for name in ("items", "articles", "duplicates", "skipped")}
    return {"articles": articles, "answers": answers, "counts": counts}


def _without_arrival(value: Any) -> Any:
    """A document without the time when its article came into the index, which differs from run to run."""
    if isinstance(value, dict):
        return {key: _without_arrival(part) for key, part in value.items() if key != "first_indexed"}
    return [_without_arrival(part) for part in value] if isinstance(value, list) else value


def index_files(index: Path) -> list[str]:
    """The names of the files of an index, its lock's left out."""
    return sorted(path.name for path in index.iterdir() if path.name != "MAIN_WRITELOCK")


def stray_files(index: Path) -> list[str]:
    """The files of an index that are more than one table of contents and a file for each segment."""
    with newsearch.open(index) as opened:
        segments = opened.stats().segments
    files = index_files(index)
    return files if len(files) != segments + 1 else []


def newsearch_process(*argv: str | Path, **options: Any) -> "subprocess.Popen[str]":
    """Start newsearch as a process of its own, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "newsearch", *map(str, argv)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def run_newsearch(*argv: str | Path, **options: Any) -> Ended:
    """Run newsearch as a process; Broken where it ends in a traceback."""
    process = newsearch_process(*argv, **options)
    out, err = process.communicate()
    if "Traceback" in err or "this should not have happened" in err:
        raise Broken(f"newsearch {' '.join(map(str, argv))} ended in a traceback:\n{err}")
    return Ended(process.returncode, out, err)


def copied(source: Path, target: Path) -> Path:
    """A folder copied over another one."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target


def opens_as(index: Path, states: dict[str, State], *, told: str) -> str:
    """Which of some states an index is in. Broken where it is none of them, or does not open."""
    try:
        found = state_of(index)
    except NewsearchError as error:
        raise Broken(f"{told}: the index does not open: {error}") from error
    for name, state in states.items():
        if found == state:
            return name
    differences = [
        f"{name}: {sum(found['articles'].get(key) != article for key, article in state['articles'].items())} articles"
        for name, state in states.items()
    ]
    raise Broken(f"{told}: the index is in no known state; it differs in {', '.join(differences)}")
