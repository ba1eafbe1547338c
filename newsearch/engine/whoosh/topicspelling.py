"""Which topics look like different spellings of one.

    spellings({"self driving": {1, 2}, "self-driving": {3}})       ("self driving (2) / self-driving (1)",)

Topics that differ in case, accents, spaces, marks or a plural's s always do. Topics that differ in one letter do only
where it is likely to be a slip: neither Iceland and Ireland, nor computing and commuting are one. A slip comes late in
a long word, stands on few articles beside the right one's many, and never on one article together with it; but there
are two spellings of organisation, behaviour and travelling, however frequent. This finds what to look at, and changes
nothing.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Set

__all__ = ["spellings"]

_TYPO_LENGTH = 7
"""Letters of a topic from which on one letter may be a slip; shorter ones often mean different things."""

_FIRST = 3
"""Letters at the start that must be the same: few slips are made there, and there words of two meanings differ."""

_RARE = 10
"""A slip has at most one article to so many of the right spelling's, or one in all."""


def spellings(topics: Mapping[str, Set[int]]) -> tuple[str, ...]:
    """The groups of topics that look like one, each `first (count) / second (count)`, most frequent first.

    `topics` are given with the articles that have them.
    """
    groups: dict[str, set[str]] = defaultdict(set)
    for topic in topics:
        groups[_plain(topic)].add(topic)
    articles = {key: frozenset().union(*(topics[topic] for topic in group)) for key, group in groups.items()}
    # Words that differ in one letter at most have one in common, among themselves and what one letter less leaves.
    near: dict[str, list[str]] = defaultdict(list)
    for key in sorted(groups):
        if len(key) < _TYPO_LENGTH or any(char.isdigit() for char in key):
            continue
        shorter = {key, *(key[:place] + key[place + 1 :] for place in range(_FIRST, len(key)))}
        others = sorted({other for one in shorter for other in near[one]})
        other = next((other for other in others if _is_one(other, key, articles)), None)
        if other is not None:
            groups[other] |= groups.pop(key)
            articles[other] |= articles[key]
            continue
        for one in shorter:
            near[one].append(key)
    found = [
        sorted(group, key=lambda topic: (-len(topics[topic]), topic)) for group in groups.values() if len(group) > 1
    ]
    return tuple(sorted(" / ".join(f"{topic} ({len(topics[topic])})" for topic in group) for group in found))


def _plain(topic: str) -> str:
    letters = "".join(char for char in unicodedata.normalize("NFKD", topic).casefold() if char.isalnum())
    return letters.removesuffix("s") or topic


def _is_one(one: str, other: str, articles: Mapping[str, Set[int]]) -> bool:
    """Whether two words that differ in one letter are likely to be one."""
    place = _difference(one, other)
    if place is None or place < _FIRST:
        return False
    if _has_two_spellings(one, other, place):
        return True
    fewer, more = sorted((articles[one], articles[other]), key=len)
    return (len(fewer) == 1 or len(fewer) * _RARE <= len(more)) and not fewer & more


def _difference(one: str, other: str) -> int | None:
    """Where two words differ, if a letter more, less or another makes one of the other."""
    if abs(len(one) - len(other)) > 1:
        return None
    place = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if place is None:
        return min(len(one), len(other))
    rest, others = one[place:], other[place:]
    return place if rest[1:] == others[1:] or rest == others[1:] or rest[1:] == others else None


def _has_two_spellings(one: str, other: str, place: int) -> bool:
    """As organise and organize, behaviour and behavior, travelling and traveling have."""
    if len(one) == len(other):
        return {one[place], other[place]} == {"s", "z"}
    longer = max(one, other, key=len)
    before, more = longer[place - 1], longer[place]
    return (before == "o" and more == "u" and longer[place + 1 : place + 2] == "r") or (before == more == "l")
