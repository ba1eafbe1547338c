"""What else newsearch is asked: phrases, filters, prefixes, patterns, misspelt words, figures, stories, what leads on.

    ask = VARIANTS["phrase"].ask(index, queries)       # None where this newsearch cannot do it
    ask("facial recognition")

What a version does not have yet is found out by trying, and shown as "absent".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.queries import Queries
from newsearch import Interval, NewsIndex, SearchRequest
from newsearch.brief import brief

__all__ = ["VARIANTS", "Variant"]

Ask = Callable[[str], Sequence[object]]
Make = Callable[[NewsIndex, Queries], Ask]

_PREFIX_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Variant:
    """A way of asking: the function for an index, None if it is absent there, and the texts to ask for."""

    ask: Callable[[NewsIndex, Queries], Ask | None]
    texts: Callable[[Queries], list[str]]


def _titles(queries: Queries) -> list[str]:
    return queries.titles


def _phrases(queries: Queries) -> list[str]:
    return [f'"{pair}"' for pair in queries.phrases]


def _prefixes(queries: Queries) -> list[str]:
    """The longest word of each title query, cut short."""
    return [max(text.split(), key=len)[:_PREFIX_LETTERS] + "*" for text in queries.titles]


def _plain(index: NewsIndex, queries: Queries) -> Ask:
    return lambda text: index.search(text).hits


def _by_provider(index: NewsIndex, queries: Queries) -> Ask:
    return lambda text: index.search(text, provider=queries.provider).hits


def _since(index: NewsIndex, queries: Queries) -> Ask:
    return lambda text: index.search(text, since=queries.since).hits


def _longest(text: str) -> str:
    return max(text.split(), key=len)


def _wildcards(queries: Queries) -> list[str]:
    """The longest word of each title query, one letter in the middle left open and what follows it cut."""
    return [f"{word[:2]}?{word[3:5]}*" for word in map(_longest, queries.titles)]


def _leading(queries: Queries) -> list[str]:
    """The end of the longest word of each title query."""
    return [f"*{_longest(text)[-_PREFIX_LETTERS:]}" for text in queries.titles]


def _misspelt(queries: Queries) -> list[str]:
    """The longest word of each title query, two neighbours swapped."""
    words = map(_longest, queries.titles)
    return [f"{word[0]}{word[2]}{word[1]}{word[3:]}~1" for word in words if len(word) > _PREFIX_LETTERS]


def _near(queries: Queries) -> list[str]:
    return [f'"{" ".join(reversed(pair.split()))}"~3' for pair in queries.phrases]


def _boosted(queries: Queries) -> list[str]:
    return [
        " ".join([f"{word}^2" if word == _longest(text) else word for word in text.split()]) for text in queries.titles
    ]


def _without(queries: Queries) -> list[str]:
    """Each title query without the articles that have a word of the next one."""
    others = [*queries.titles[1:], *queries.titles[:1]]
    return [f"{text} -{_longest(other)}" for text, other in zip(queries.titles, others, strict=True)]


def _of_words_as_written(index: NewsIndex, queries: Queries) -> Ask | None:
    """Prefixes, and with them all that looks at words as written, are there if a cut word finds what the whole does."""
    for text in queries.titles:
        word = _longest(text)
        if len(word) > _PREFIX_LETTERS + 1 and (whole := index.search(word).total):
            return _plain(index, queries) if index.search(f"{word[:_PREFIX_LETTERS]}*").total >= whole else None
    return None


def _facets(index: NewsIndex, queries: Queries) -> Ask | None:
    search: Any = index.search

    def ask(text: str) -> Sequence[object]:
        found = search(text, facets=("provider", "topic"))
        return [*found.hits, *found.facets]

    return _if_possible(ask, queries)


def _timeline(interval: Interval) -> Make:
    return lambda index, _: lambda text: [index.timeline(text, interval=interval)]


def _one_provider(index: NewsIndex, queries: Queries) -> Ask:
    return lambda text: index.search(text, max_per_provider=1).hits


def _stories(index: NewsIndex, queries: Queries) -> Ask:
    return lambda text: [hit.story for hit in index.search(text, group="story").hits]


def _as_of(index: NewsIndex, queries: Queries) -> Ask:
    return lambda text: index.search(text, as_of=queries.since).hits


def _stories_as_of(index: NewsIndex, queries: Queries) -> Ask:
    return lambda text: [hit.story for hit in index.search(text, group="story", as_of=queries.since).hits]


def _terms(index: NewsIndex, queries: Queries) -> Ask:
    return lambda text: index.terms(text).words


def _brief(index: NewsIndex, queries: Queries) -> Ask:
    return lambda text: brief(index, SearchRequest(text))


def _from_the_best(ask: Callable[[NewsIndex, str], Sequence[object]]) -> Make:
    """What is asked from each query's best article on; looking for that is no part of it."""

    def made(index: NewsIndex, queries: Queries) -> Ask:
        best = {text: hits[0].id for text in queries.titles if (hits := index.search(text, limit=1).hits)}
        return lambda text: ask(index, best[text]) if text in best else ()

    return made


def _if_possible(ask: Ask, queries: Queries) -> Ask | None:
    try:
        ask(queries.titles[0])
    except (TypeError, AttributeError):
        return None
    return ask


VARIANTS = {
    "plain": Variant(_plain, _titles),
    "phrase": Variant(_plain, _phrases),
    "filter by provider": Variant(_by_provider, _titles),
    "filter by date": Variant(_since, _titles),
    "without a word": Variant(_plain, _without),
    "boosted": Variant(_of_words_as_written, _boosted),
    "prefix": Variant(_of_words_as_written, _prefixes),
    "pattern": Variant(_of_words_as_written, _wildcards),
    "pattern, leading *": Variant(_of_words_as_written, _leading),
    "misspelt": Variant(_of_words_as_written, _misspelt),
    "near each other": Variant(_of_words_as_written, _near),
    "facets": Variant(_facets, _titles),
    "timeline by month": Variant(_timeline("month"), _titles),
    "timeline by day": Variant(_timeline("day"), _titles),
    "one of each provider": Variant(_one_provider, _titles),
    "stories": Variant(_stories, _titles),
    "as of an earlier day": Variant(_as_of, _titles),
    "stories as of then": Variant(_stories_as_of, _titles),
    "similar": Variant(_from_the_best(lambda index, best: index.similar(best).hits), _titles),
    "related, two steps": Variant(_from_the_best(lambda index, best: index.related(best, depth=2).articles), _titles),
    "terms": Variant(_terms, _titles),
    "brief": Variant(_brief, _titles),
}
