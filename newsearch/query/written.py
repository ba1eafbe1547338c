"""Which words, as written, a prefix, a pattern or a misspelt word stands for.

    wildcard(folded_pattern("Wom?n", fold)).match("women")      a match
    edits("recogniton", "recognition", most=2)                  1

A word as written is what the analyzer makes of it before it is stemmed: folded, without apostrophes and the like. These
are plain functions on one word; going through an index's words, and keeping to the caps, is an engine's.
"""

import re
from collections.abc import Callable
from typing import Final

__all__ = ["MAX_EXPANSIONS", "MAX_FUZZY_EXPANSIONS", "edits", "folded_pattern", "wildcard"]

MAX_EXPANSIONS: Final = 2048
"""Words that a prefix or pattern stands for at most: of those that visible articles have the shortest, then by text."""

MAX_FUZZY_EXPANSIONS: Final = 256
"""Words that a misspelt word stands for at most: of those that visible articles have the nearest, then by text."""

_NOT_WRITTEN = re.compile(r"['\u2019,]|(?<![0-9*?])\.|\.(?![0-9*?])")
_PIECES = re.compile(r"\*")


def folded_pattern(pattern: str, fold: Callable[[str], str]) -> str:
    """A pattern as words are written: folded, and without apostrophes, commas, and dots but those of a number."""
    return _NOT_WRITTEN.sub("", fold(pattern))


def wildcard(pattern: str) -> re.Pattern[str]:
    """A folded pattern as a regular expression that matches whole words, in time linear in the word for each `*`.

    Between two `*` the first place that fits is as good as any, so it is never given up again.
    """
    first, *rest = (re.escape(piece).replace(r"\?", ".") for piece in _PIECES.split(pattern))
    if not rest:
        return re.compile(rf"{first}\Z", re.DOTALL)
    middle = "".join(rf"(?>.*?{piece})" for piece in rest[:-1] if piece)
    return re.compile(rf"{first}{middle}.*{rest[-1]}\Z", re.DOTALL)


def edits(text: str, word: str, *, most: int) -> int | None:
    """How many edits make `text` into `word`, or None if it takes more than `most`.

    An edit inserts, deletes or replaces a character, or swaps two neighbours, which then stay as they are: the optimal
    string alignment distance (restricted Damerau-Levenshtein; Boytsov 2011, Indexing methods for approximate dictionary
    searching, ACM JEA 16). Time is in proportion to the product of the lengths.
    """
    if abs(len(text) - len(word)) > most:
        return None
    before: list[int] = []
    above = list(range(len(word) + 1))
    for row, char in enumerate(text, 1):
        current = [row]
        for column, other in enumerate(word, 1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (char != other))
            if row > 1 and column > 1 and char == word[column - 2] and text[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most and min(above) > most:
            return None
        before, above = above, current
    return above[-1] if above[-1] <= most else None
