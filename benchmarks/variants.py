"""What else newsearch is asked: phrases, filters, prefixes, facets, a timeline.

    ask = VARIANTS["phrase"].ask(index, queries)       # None where this newsearch cannot do it
    ask("facial recognition")

What a version does not have yet is found out by trying, and shown as "absent".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.queries import Queries
from newsearch import NewsIndex

__all__ = ["VARIANTS", "Variant"]

Ask = Callable[[str], Sequence[object]]

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


def _prefix(index: NewsIndex, queries: Queries) -> Ask | None:
    """Prefixes are there if a cut word finds what the whole word does."""
    for text in queries.titles:
        word = max(text.split(), key=len)
        if len(word) > _PREFIX_LETTERS + 1 and (whole := index.search(word).total):
            return _plain(index, queries) if index.search(f"{word[:_PREFIX_LETTERS]}*").total >= whole else None
    return None


def _facets(index: NewsIndex, queries: Queries) -> Ask | None:
    search: Any = index.search

    def ask(text: str) -> Sequence[object]:
        found = search(text, facets=("provider", "topic"))
        return [*found.hits, *found.facets]

    return _if_possible(ask, queries)


def _timeline(index: NewsIndex, queries: Queries) -> Ask | None:
    timeline: Any = getattr(index, "timeline", None)
    if timeline is None:
        return None
    return _if_possible(lambda text: [timeline(text)], queries)


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
    "prefix": Variant(_prefix, _prefixes),
    "facets": Variant(_facets, _titles),
    "timeline": Variant(_timeline, _titles),
}
