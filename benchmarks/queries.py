"""What engines are asked: words drawn from titles, and words that many articles have.

    queries = draw(read(folder, 3_429), count=200, seed=1)
    queries.titles        # 200 of one to three words
    queries.phrases       # 200 of two words that stand together in a title

Stop words are never drawn: some engines index them and some do not.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.corpus import Document
from benchmarks.words import COMMON, STOP_WORDS

__all__ = ["Queries", "draw"]

_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Queries:
    """The queries of a run, the same for every engine and size; `provider` has most articles, `since` halves them."""

    titles: list[str]
    common: list[str]
    phrases: list[str]
    provider: str
    since: str


def draw(documents: Iterable[Document], *, count: int, seed: int) -> Queries:
    """`count` queries of each drawn set, from the documents of the smallest size: every size has answers to them."""
    rnd = random.Random(seed)
    titles: list[str] = []
    providers: Counter[str] = Counter()
    dates: list[str] = []
    for document in documents:
        titles.append(document.title)
        providers[document.provider] += 1
        if document.date:
            dates.append(document.date)
    worded = [words for title in titles if (words := _words(title))]
    pairs = [pair for title in titles for pair in _pairs(title)]
    return Queries(
        titles=[" ".join(_some(rnd, rnd.choice(worded))) for _ in range(count)],
        common=list(COMMON),
        phrases=[rnd.choice(pairs) for _ in range(count)],
        provider=providers.most_common(1)[0][0],
        since=sorted(dates)[len(dates) // 2][:10] if dates else "1970-01-01",
    )


def _some(rnd: random.Random, words: list[str]) -> list[str]:
    return rnd.sample(words, min(len(words), rnd.randint(1, 3)))


def _words(title: str) -> list[str]:
    return [word for word in _WORD.findall(title.lower()) if word not in STOP_WORDS]


def _pairs(title: str) -> list[str]:
    """Neighbours of letters alone: an apostrophe or a stop word between two words is read differently everywhere."""
    chunks = title.lower().split()
    plain = [chunk if _WORD.fullmatch(chunk) and chunk not in STOP_WORDS else None for chunk in chunks]
    return [f"{first} {second}" for first, second in pairwise(plain) if first and second]
