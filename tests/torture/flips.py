"""Any one byte of an index changed, or any file of it cut short or gone: found, and never a wrong answer in silence.

    python -m tests.torture flips --stride 1 --seed 1

The index is small, of several segments with deleted documents. For each change some queries are asked, articles shown
and figures counted; each answer is that of the whole index, or an IndexDamaged. Besides, `doctor`'s check of every byte
has to find the damage whatever the queries met. The table of contents, heads, directories and the zeros between arrays
are changed like all else. What the lock's file says means nothing, so there every answer has to stay right.
"""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import newsearch
from newsearch.errors import IndexDamaged, IndexMissing, NewsearchError
from newsearch.library import NewsIndex
from tests.torture.states import NOW, QUERIES, Broken, change, copied, fill, index_files

__all__ = ["run"]

Answer = tuple[str, object]


def run(work: Path, *, seed: int, stride: int = 1, least: int = 20, items: int = 25) -> dict[str, object]:
    """Change every `stride`-th byte in a random way, and cut at every `stride`-th length; `least` of each file."""
    whole, index = work / "whole", work / "index"
    _make(work / "archive", whole, items=items, seed=seed)
    copied(whole, index)
    right = _answers(index)
    if not _is_sound(index):
        raise Broken("a whole index is called damaged")
    chance = random.Random(seed)
    figures: Counter[str] = Counter()
    for name in [*reversed(index_files(whole)), "MAIN_WRITELOCK"]:  # the table of contents first
        raw = (whole / name).read_bytes() or b'{"pid": 1, "host": "x", "since": "2020-01-01T00:00:00+00:00"}'
        matters = name != "MAIN_WRITELOCK"
        step = max(1, min(stride, len(raw) // least))
        for place in range(chance.randrange(step), len(raw), step):
            bits = chance.choice((1 << chance.randrange(8), 0xFF, chance.randrange(1, 256)))
            changed = raw[:place] + bytes([raw[place] ^ bits]) + raw[place + 1 :]
            told = f"seed {seed}, {name}, byte {place} ^ {bits:#x}"
            figures[f"flips, {_tried(index, name, changed, right, matters=matters, told=told)}"] += 1
        for size in range(0, len(raw), step):
            told = f"seed {seed}, {name}, cut to {size} of {len(raw)} bytes"
            figures[f"cuts, {_tried(index, name, raw[:size], right, matters=matters, told=told)}"] += 1
        told = f"seed {seed}, {name}, gone"
        figures[f"gone, {_tried(index, name, None, right, matters=matters, told=told)}"] += 1
        _put(index, name, raw)
    size = sum(path.stat().st_size for path in whole.iterdir())
    return {
        "seed": seed,
        "stride": stride,
        "bytes": size,
        "files": len(index_files(whole)),
        **dict(sorted(figures.items())),
    }


def _make(archive: Path, index: Path, *, items: int, seed: int) -> None:
    """An index of two segments, with deletions in the first."""
    fill(archive, items=items, seed=seed)
    with NewsIndex.create(index, clock=lambda: NOW) as opened:
        opened.sync(archive)
        change(archive, items=items, seed=seed)
        opened.sync(archive)


def _put(index: Path, name: str, raw: bytes | None) -> None:
    """Replace a file: as a new one, for what is mapped must not change."""
    (index / name).unlink(missing_ok=True)
    if raw is not None:
        (index / name).write_bytes(raw)


def _tried(index: Path, name: str, raw: bytes | None, right: list[Answer], *, matters: bool, told: str) -> str:
    """What became of the queries with a file changed so."""
    _put(index, name, raw)
    try:
        found = _answers(index)
        is_sound = _is_sound(index)
    except Exception as error:
        raise Broken(f"{told}: {type(error).__name__}: {error}") from error
    if is_sound == matters:
        raise Broken(f"{told}: the check of every byte {'finds nothing' if matters else 'finds damage'}")
    refused = 0
    for (asked, expected), (_, answer) in zip(right, found, strict=True):
        if isinstance(answer, NewsearchError):
            refused += 1
        elif answer != expected:
            raise Broken(f"{told}: a wrong answer in silence to {asked}: {answer}")
    if not matters and refused:
        raise Broken(f"{told}: refused, though it is the lock's file")
    if not matters:
        return "the lock's file, which says nothing that counts"
    if refused == len(found):
        return "refused when opened"
    return "refused by some queries" if refused else "met by no query, found by the check"


def _answers(index: Path) -> list[Answer]:
    """The answers to everything that is asked, or the error that each ended in."""
    try:
        opened = newsearch.open(index, clock=lambda: NOW)
    except (IndexDamaged, IndexMissing) as error:
        return [(asked, error) for asked in _QUESTIONS]
    with opened:
        return [(asked, _answer(opened, ask)) for asked, ask in _QUESTIONS.items()]


def _answer(index: NewsIndex, ask: Callable[[NewsIndex], object]) -> object:
    try:
        return ask(index)
    except IndexDamaged as error:
        return error


def _searched(query: str) -> Callable[[NewsIndex], object]:
    def ask(index: NewsIndex) -> Any:
        result = index.search(query, explain=True)
        return result.total, [(hit.id, hit.score, hit.title, hit.matched_in, hit.cited_by) for hit in result]

    return ask


def _counted(index: NewsIndex) -> object:
    stats = index.stats()
    return stats.items, stats.articles, stats.terms, stats.topics, stats.median_quality


_QUESTIONS: dict[str, Callable[[NewsIndex], object]] = {
    **{f"the query {query!r}": _searched(query) for query in QUERIES[:4]},
    "everything by date": lambda index: [hit.title for hit in index.search("", sort="date", limit=100)],
    "articles": lambda index: [index.get(hit.id) for hit in index.search("law")],
    "the figures": _counted,
}


def _is_sound(index: Path) -> bool:
    try:
        return NewsIndex.check(index).is_sound
    except IndexMissing:
        return False
