"""Random queries asked of the engine and of the judge, which looks at one article after the other: both find the same.

    python -m tests.query.agree --trees 10000 --seed 1

Archives are small and of few words, in several commits, with stems, accents, names of letters and dots, and words
written together; queries are of all that the language has. Each archive is asked many. Exit code 1 where they differ,
with the first of the queries; an archive's number and the seed make it again.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.query import parse
from newsearch.query.ast import Node
from newsearch.query.judge import Article, matched_parts, matches, meets_constraints
from tests import oracle
from tests.archive import NOW, build, cited, find, update
from tests.judged import READING, judged

__all__ = ["differences", "found", "found_by_auto"]

WORDS = (
    *("kelp", "norb", "tarn", "kelp", "norb", "run", "runs", "running", "universe", "university", "universal"),
    *("us", "u.s.", "covid-19", "zürich", "zurich", "東京", "1,000", "it's", "c++", "the", "of", "and"),
)
PATTERNS = ("ru*", "univ*", "univers?ty", "*un*", "k?lp", "*n*", "zur*", "1*", "*東", "u*s*", "covi*", "the*", "a*")
MISSPELT = ("klep~1", "rnu~1", "runing~2", "universty~", "zurich~0", "run~0", "us~1", "nrob~2", "th~1")
FILTERS = (
    *("quality:>=50", "quality:10..80", "is:item", "is:related", "is:published", "has:related", "heat:>0"),
    *("date:2020-08..", "date:..2020-08", 'topic:"kelp norb"', "provider:salon", "title:kelp", "path:3.md"),
)
_PER_ARCHIVE = 50
_SHOWN = 5


def found(tree: Node, articles: Sequence[Article], match: Any) -> set[str]:
    """The ids of the articles that a tree matches, as the judge has it."""
    if match == "auto":
        return found_by_auto(tree, articles)
    return {one.id for one in articles if matches(tree, one, match=match, reading=READING)}


def found_by_auto(tree: Node, articles: Sequence[Article]) -> set[str]:
    """What a judge of single articles can say of `auto`, once it has seen all of them."""
    alone = [one for one in articles if meets_constraints(tree, one, match="all", reading=READING)]
    counts = {one.id: matched_parts(tree, one, reading=READING) for one in articles}
    most = max((matched for matched, _ in filter(None, counts.values())), default=0)
    parts = max((parts for _, parts in filter(None, counts.values())), default=0)
    if not parts or most == parts:
        return found(tree, articles, "all")
    wanted = max(1, min(most, parts // 2 + 1))
    return {one.id for one in alone if (count := counts[one.id]) is not None and count[0] >= wanted}


def _text(chance: random.Random, most: int) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(0, most)))


def _files(chance: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "path": f"{number}.md",
            "title": _text(chance, 4) or "norb",
            "excerpt": _text(chance, 5),
            "body": _text(chance, 14),
            "topics": chance.sample(("kelp norb", "running", "the tarn"), chance.randint(0, 2)),
            "quality": chance.choice((None, 10, 50, 90)),
            "heat": chance.choice((None, 0, 7)),
            "published": chance.choice((None, True)),
            "date": chance.choice((None, "2020-07-01", "2020-08-20", "2020-09-20")),
            "provider": chance.choice((None, {"name": "Salon", "domain": "salon.example"})),
            "related": [
                cited(_text(chance, 3) or "tarn", f"https://paper.example/{chance.randint(0, 5)}")
                for _ in range(chance.randint(0, 2))
            ],
        }
        for number in range(chance.randint(1, 12))
    ]


def _query(chance: random.Random, depth: int = 0) -> str:
    kind = chance.random()
    if depth < 3 and kind < 0.45:
        parts = [_query(chance, depth + 1) for _ in range(chance.randint(2, 4))]
        joined = chance.choice((" ", " ", " AND ", " OR ")).join(parts)
        return f"({joined}){chance.choice(('', '', '^2', '^0.5'))}" if depth else joined
    field = chance.choice(("", "", "", "", "title:", "body:", "related:", "topics:"))
    if kind < 0.60:
        return field + chance.choice(WORDS)
    if kind < 0.72:
        slop = chance.choice(("", "", "~1", "~3", "~6"))
        return f'{field}"{_text(chance, 3) or "kelp"}"{slop}'
    if kind < 0.82:
        return field + chance.choice(PATTERNS)
    if kind < 0.88:
        return field + chance.choice(MISSPELT)
    if kind < 0.94:
        return chance.choice(FILTERS)
    return f"-{_query(chance, 3)}"


def _archive(chance: random.Random, folder: str) -> tuple[WhooshEngine, list[Article]]:
    """An index of random files, in one commit or three, and the articles that it should have."""
    files = _files(chance)
    if chance.random() < 0.5:
        engine = build(folder, files)
    else:
        engine = build(folder, [*files[::2], {"path": "gone.md", "title": "kelp running"}])
        update(engine, files[1::2], removed=["gone.md"])
        update(engine, files[:1])
    return engine, judged(oracle.articles(files))


def differences(trees: int, seed: int) -> list[str]:
    """The queries, of so many, that the engine and the judge answer differently, and where to find them."""
    wrong: list[str] = []
    for number in range(-(-trees // _PER_ARCHIVE)):
        chance = random.Random(f"{seed} {number}")
        with tempfile.TemporaryDirectory() as folder:
            engine, articles = _archive(chance, folder)
            for _ in range(min(_PER_ARCHIVE, trees - number * _PER_ARCHIVE)):
                text, match = _query(chance), chance.choice(("auto", "all", "any"))
                tree = parse(text, today=NOW).tree
                if found(tree, articles, match) != {hit.id for hit in find(engine, text, match=match)}:
                    wrong.append(f"archive {number} of seed {seed}, {match}: {text}")
            engine.close()
    return wrong


def main(arguments: Sequence[str]) -> int:
    """Compare as the command line says, report on stdout, and give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.query.agree", description="The engine beside the judge.")
    parser.add_argument("--trees", type=int, default=10_000, help="how many queries (10000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other archives and queries (1)")
    asked = parser.parse_args(arguments)
    started = time.perf_counter()
    wrong = differences(asked.trees, asked.seed)
    print(f"{asked.trees:,} queries of seed {asked.seed} in {time.perf_counter() - started:.1f} s: {len(wrong)} differ")
    for line in wrong[:_SHOWN]:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
