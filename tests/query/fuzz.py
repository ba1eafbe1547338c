"""Random queries against the parser and the engine: none may raise, take long or change when printed.

    python -m tests.query.fuzz --count 100000 --seed 1 [--index DIR] [--limit-ms 100]

Three kinds of text in turn: printable soup, scraps of syntax nested and strung together, and real queries with a few
characters changed. One in 64 is a long one of what takes longest: phrases of words that nearly every article has,
patterns that fit most words, filters by the hundred. Each text is parsed, printed, parsed again and searched. Without
--index they are searched in an index of a small archive, made for the purpose. Exit code 1 if one raised, did not read
back as the same tree, or took longer than the limit in processor time; the slowest are listed. A text's number and the
seed make it again.
"""

import argparse
import gc
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import nlargest

import newsearch
from newsearch.query import parse
from newsearch.query.fields import FIELDS
from newsearch.query.parser import MAX_LENGTH
from newsearch.wire import search_to_dict
from tests.archive import build, cited

__all__ = ["Report", "fuzz", "texts"]

TODAY = datetime(2020, 10, 1, 12, tzinfo=UTC)

REAL = (
    "facial recognition",
    "amazon OR microsoft -china",
    '"police facial"~3 title:ban topic:"computer vision" provider:salon.com',
    "quality:>=60 heat:>0 date:2020-08..2020-09",
    "is:item has:image recogni* recogniton~1 ban^2",
    "(tram OR train)^1.5 AND NOT (pigeons related:\"lidar stack\")",
    "covid-19 C++ U.S. AT&T IBM's 9,000 Zürich 火災",
    "who won? https://example.org/watch?v=1 12:30 --limit",
    "wom?n *nition re*on a* t* *e* ?*? th~2 the",
    'the of and "is not a" "the ban"~20 -the',
)  # fmt: skip
WORDS = ("ban", "tram", "recognition", "the", "a", "covid-19", "C++", "U.S.", "zürich", "火災", "2020", "é", "🎉")
SCRAPS = (
    *(f"{name}:" for name in FIELDS),
    *("foo:", "AND", "OR", "NOT", "-", "(", ")", "(", ")", '"', "“", "”", "\\", "~", "~2", "~20", "^", "^2", "*", "?"),
    *("..", ">=", "<", "60", "7d", "2020-09", "item", "image", " ", " ", "\x00", "\ud800", "\u202e", "\u0301"),
    *WORDS,
)
COMMON = (
    *("the", "of", "and", "to", "in", "a", "for", "is", "on", "that", "new", "said", "company", "data", "technology"),
    *("facial", "recognition", "police", "amazon", "google", "people", "use", "privacy", "system", "state", "year"),
)
"""Words that many articles of a real archive have."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Of what texts that take long are made: six common words, a number and a letter fill the blanks.
_PHRASES = ('"{0} {1}"', '"{0} {1} {2}"', "{0}-{1}", 'title:"{0} {1}"', 'related:"{0} {1}"^2')
_NEAR = ('"{0} {1}"~20', '"{0} {0} {1}"~3', '"{0} {1} {2} {3} {4} {5}"~20', 'body:"{0} {1}"~20')
_MIXED = ("{0}", "{0}^3.5", '"{0} {1}"', '"{0} {1}"~2', "({0} OR {1})", '-"{0} {1}"', "date:2015..2020", "{7}*")
_PATTERNS = ("{7}*", "*{7}", "*{7}*", "?{7}*", "{0}~2", "{0}~1", "{7}?*")
_FILTERS = (
    "path:{6}.md",
    "id:{6}",
    "provider:{0}.com",
    'topic:"{0}"',
    "url:https://a.b/{6}",
    "quality:>={6}",
    "date:7d",
)
_BLANKS, _LONGEST_PART, _MOST_PARTS = 6, 80, 256
_EACH = 64
"""Of so many texts one is heavy."""

ARCHIVE = tuple(
    {
        "path": f"{number}.md",
        "title": text,
        "body": " ".join((*WORDS, text)),
        "topics": ["AI ethics", "law"],
        "quality": 10 * number,
        "related": [cited(text[::-1], f"https://paper.example/{number}")],
    }
    for number, text in enumerate(REAL)
)
_SHOWN = 5
_KEPT = 1000


@dataclass
class Report:
    """What came of some texts: how many, what went wrong, and the slowest as milliseconds, number and text."""

    count: int = 0
    faults: list[str] = field(default_factory=list)
    slowest: list[tuple[float, int, str]] = field(default_factory=list)

    def is_good(self, limit_ms: float) -> bool:
        return not self.faults and not any(took > limit_ms for took, _, _ in self.slowest)


def texts(count: int, seed: int) -> Iterator[str]:
    """Random texts, each made from the seed and its own number alone."""
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        make = _heavy if number % _EACH == _EACH - 1 else (_soup, _nested, _mutated)[number % 3]
        yield make(chance)


def _soup(chance: random.Random) -> str:
    alphabet = ('"()~^*?:-\\.<>= abAND01', "".join(map(chr, range(32, 127))), "aé’“”火🎉\u0301\u202e \x00*?~^()")
    return "".join(chance.choices(chance.choice(alphabet), k=_length(chance)))


def _nested(chance: random.Random) -> str:
    scraps = chance.choices(chance.choice((SCRAPS, WORDS, SCRAPS[-40:])), k=_length(chance) // 2 + 1)
    text = chance.choice(("", " ")).join(scraps)
    for _ in range(chance.choice((0, 1, 3, 40))):
        opening = chance.choice(("(", "-(", "title:(", "a OR (", "b (", 'NOT (c "'))
        text = f"{opening}{text}){chance.choice(('', '', '^2', '^0.5', '~3'))}"
    return (text * chance.choice((1, 1, 1, 1, 1, 1, 1, 1, 30)))[: 2 * MAX_LENGTH]


def _mutated(chance: random.Random) -> str:
    text = list(chance.choice(REAL))
    for _ in range(chance.randint(0, 6)):
        place = chance.randrange(len(text) + 1)
        text[place : place + chance.randint(0, 2)] = chance.choice((*SCRAPS, " ".join(REAL)))
    return "".join(text)


def _heavy(chance: random.Random) -> str:
    parts, joined = chance.choice((_PHRASES, _NEAR, _MIXED, _PATTERNS, _FILTERS)), chance.choice((" ", " OR ", " -"))
    text = ""
    while len(text) < MAX_LENGTH - _LONGEST_PART and text.count(joined) < _MOST_PARTS:
        part = chance.choice(parts)
        text += part.format(*chance.choices(COMMON, k=_BLANKS), chance.randrange(1000), chance.choice(LETTERS)) + joined
    return text.removesuffix(joined)


def _length(chance: random.Random) -> int:
    size = chance.random()
    return MAX_LENGTH if size < 0.002 else 400 if size < 0.03 else chance.choice((5, 15, 30, 80))


def fuzz(index: newsearch.NewsIndex, count: int, seed: int) -> Report:
    """Ask an index so many random queries, from the text to the hits' JSON."""
    report = Report()
    for number, text in enumerate(texts(count, seed)):
        report.count += 1
        started = time.process_time()
        try:
            tree = parse(text, today=TODAY).tree
            printed = str(tree)
            search_to_dict(index.search(text, match=("auto", "all", "any")[number // 3 % 3], explain=number % 10 == 0))
            took = (time.process_time() - started) * 1000
            if len(printed) <= MAX_LENGTH and parse(printed, today=TODAY).tree != tree:
                report.faults.append(f"{number}: {text!r} is printed as {printed!r}, which is another tree")
        except Exception:  # noqa: BLE001 - whatever a query may run into
            report.faults.append(f"{number}: {text!r}\n{traceback.format_exc()}")
            continue
        report.slowest.append((took, number, text))
        if len(report.slowest) > _KEPT:
            report.slowest = nlargest(_SHOWN, report.slowest)
    report.slowest = nlargest(_SHOWN, report.slowest)
    return report


def main(arguments: Sequence[str]) -> int:
    """Fuzz as the command line says, report on stdout, and give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.query.fuzz", description="Random queries against an index.")
    parser.add_argument("--count", type=int, default=100_000, help="how many queries (100000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other queries (1)")
    parser.add_argument("--index", metavar="DIR", help="the index to ask; a small one is made if none is named")
    parser.add_argument("--limit-ms", type=float, default=100.0, help="how long a query may take (100)")
    asked = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = asked.index or stack.enter_context(tempfile.TemporaryDirectory())
        if asked.index is None:
            build(folder, ARCHIVE).close()
        index = stack.enter_context(newsearch.open(folder))
        # As the command and the server have it. Else a query now and then pays for a look at all that was imported.
        gc.set_threshold(100_000)
        gc.freeze()
        started = time.perf_counter()
        report = fuzz(index, asked.count, asked.seed)
        took = time.perf_counter() - started
    print(f"{report.count:,} queries of seed {asked.seed} in {took:.1f} s; the slowest:")
    for milliseconds, number, text in report.slowest:
        print(
            f"{milliseconds:9.1f} ms  {number}: {text[:80]!r}{'…' if len(text) > 80 else ''} ({len(text)} characters)"
        )
    for fault in report.faults[:_SHOWN]:
        print(fault[-2000:])
    print(f"{len(report.faults)} faults; {'good' if report.is_good(asked.limit_ms) else 'not good'}")
    return 0 if report.is_good(asked.limit_ms) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
