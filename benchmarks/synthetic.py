"""News that nobody wrote: invented words at the frequencies of real ones.

    for row in rows(34_296, seed=1): row["title"]

Words follow Zipf's law: English stop words, then the words of the common queries, then 60,000 invented ones. Each item
cites up to four of the last few hundred. The same arguments give the same rows. Invented text has no word forms and no
topics that its words go with, so figures taken on it are for comparing one commit with another, not for quoting.
"""

import random
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from benchmarks.words import COMMON, STOP_WORDS

__all__ = ["rows"]

VOCABULARY = 60_000
EXPONENT = 1.05
"""Of Zipf's law: the word of rank r is taken with a frequency of r ** -EXPONENT."""

_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "er", "is")]
_PROVIDERS = 40
_TOPICS = 120
_CITABLE = 300


def rows(count: int, *, seed: int) -> Iterator[dict[str, Any]]:
    """`count` items in the shape of a JSON-lines corpus, with whole rows in `related`."""
    rnd = random.Random(seed)
    words = _vocabulary(rnd)
    weights = list(accumulate((rank + 2) ** -EXPONENT for rank in range(len(words))))
    names = [word.capitalize() for word in words[1000 : 1000 + _PROVIDERS]]
    topics = words[2000 : 2000 + _TOPICS]
    recent: deque[dict[str, Any]] = deque(maxlen=_CITABLE)
    date = datetime(2010, 1, 1, tzinfo=UTC)
    for number in range(count):
        date += timedelta(seconds=rnd.randrange(1, 4 * 3600))
        provider = names[min(int(rnd.paretovariate(0.8)) - 1, _PROVIDERS - 1)]
        domain = f"{provider.lower()}.example"
        text = rnd.choices(words, cum_weights=weights, k=rnd.randrange(32, 52))
        row = {
            "title": " ".join(text[: rnd.randrange(5, 12)]).capitalize(),
            "excerpt": " ".join(text[12:]).capitalize() + ".",
            "topics": sorted({rnd.choice(topics) for _ in range(rnd.randrange(4))}),
            "date": date.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "url": f"https://{domain}/{date.year}/{number}",
            "provider": provider,
            "domain": domain,
            "quality": rnd.randrange(20, 101),
        }
        cited = rnd.sample(recent, min(len(recent), rnd.randrange(5)))
        recent.append(row)
        yield {**row, "related": cited}


def _vocabulary(rnd: random.Random) -> list[str]:
    known = [*sorted(STOP_WORDS), *dict.fromkeys(word for query in COMMON for word in query.split())]
    found = dict.fromkeys(known)
    while len(found) < VOCABULARY:
        found["".join(rnd.choices(_SYLLABLES, k=rnd.randrange(2, 5)))] = None
    return list(found)
