"""What the signs on a word or phrase say: `*` and `?` in it, `~N` and `^N` after it.

    split_suffix("recogniton~1^2")          ("recogniton", "~1^2")
    read_suffix("~1^2")                     Suffix(distance="1", boost="2", surplus=False)
    clean("a\tb")                           "a b": signs that nobody can type are spaces
    pattern_of("recogni*")                  "recogni*"; None for a text without such signs, or with none that counts

Signs are told from punctuation here, in one place, so that the parser and the printer of trees agree. `*` and `?` count
in a text that can be one word: with a letter or digit, and nothing that separates words between its ends (`covid-1*`
is two words). A `?` counts only before more of the word: in `who won?` it is a question. What the signs find is
`newsearch.query.written`'s.
"""

import re
import unicodedata
from typing import Final, NamedTuple

__all__ = [
    "MAX_BOOST",
    "MAX_DISTANCE",
    "MAX_SLOP",
    "NUMBER",
    "SUFFIX",
    "Suffix",
    "boost_text",
    "clean",
    "is_one_word",
    "pattern_of",
    "read_boost",
    "read_distance",
    "read_slop",
    "read_suffix",
    "split_suffix",
]

MAX_SLOP: Final = 20
"""Words that may stand between those of a phrase; less than the positions between two values of a field."""

MAX_DISTANCE: Final = 2
"""Edits that a fuzzy word may be away."""

MAX_BOOST: Final = 100.0
"""The largest factor of a boost."""

NUMBER: Final = r"(?:[0-9]*+\.(?=[0-9]))?+[0-9]++"
SUFFIX: Final = rf"(?:~(?:{NUMBER})?+|\^{NUMBER})++"
"""One or more distances and boosts, as a regular expression."""

_BOOST_DECIMALS = 4
_LONGEST_NUMBER = 9
_SHORT_WORD = 5

_PART = re.compile(rf"~(?P<distance>{NUMBER})?+|\^(?P<boost>{NUMBER})")
# SUFFIX read from the right, where the end of a word is; so a word of tildes costs no more than its length.
_BACKWARDS = re.compile(r"(?:(?:[0-9]++(?:\.[0-9]*+)?+)?+~|[0-9]++(?:\.[0-9]*+)?+\^)++")
_STARS = re.compile(r"\*+")
_INSIDE_WORDS = frozenset("'’.,&+#*?")
_ENDS_WORDS = frozenset("*+#")
_BEGINS_WORDS = frozenset("*?")


class Suffix(NamedTuple):
    """What stands after a word or phrase, as typed: None is not there, a distance of "" a bare `~`.

    `surplus`: there is more than one of a kind, of which the first counts.
    """

    distance: str | None = None
    boost: str | None = None
    surplus: bool = False


_UNTYPEABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` with a space for every control character and lone surrogate; positions stay as they are."""
    return _UNTYPEABLE.sub(" ", text)


def split_suffix(text: str) -> tuple[str, str]:
    """A word without, and its, distance and boost; a word of signs alone is left whole."""
    if "~" not in text and "^" not in text:
        return text, ""
    found = _BACKWARDS.match(text[::-1], 0, len(text) - 1)
    if found is None:
        return text, ""
    cut = len(text) - found.end()
    return (text[:cut], text[cut:]) if _has_letter(text[:cut]) else (text, "")


def read_suffix(suffix: str) -> Suffix:
    """The distance and the boost in a suffix."""
    distance = boost = None
    surplus = False
    for found in _PART.finditer(suffix):
        if found["boost"] is not None:
            surplus = surplus or boost is not None
            boost = found["boost"] if boost is None else boost
        else:
            surplus = surplus or distance is not None
            distance = (found["distance"] or "") if distance is None else distance
    return Suffix(distance, boost, surplus)


def read_slop(distance: str) -> tuple[int, str | None]:
    """The words that a phrase's distance allows between its own, and what is wrong with it."""
    number = _whole(distance)
    if number is None:
        return 0, 'a phrase\'s distance is a number of words, as in "a b"~3; it was left out'
    return min(number, MAX_SLOP), _at_most(number, MAX_SLOP, "a phrase's distance")


def read_distance(word: str, distance: str) -> tuple[int, str | None]:
    """The edits that a word's distance allows, and what is wrong with it. A bare one goes by the word's length."""
    usual = 1 if len(word) <= _SHORT_WORD else MAX_DISTANCE
    number = _whole(distance) if distance else usual
    if number is None:
        return usual, f"a word's distance is 0, 1 or {MAX_DISTANCE}; {usual} was taken"
    return min(number, MAX_DISTANCE), _at_most(number, MAX_DISTANCE, "a word's distance")


def read_boost(boost: str) -> tuple[float, str | None]:
    """The factor of a boost, to the four decimals that `boost_text` prints, and what is wrong with it."""
    factor = round(float(boost), _BOOST_DECIMALS)
    if not factor:
        return 1.0, "a weight is above 0; it was left out"
    return min(factor, MAX_BOOST), _at_most(factor, MAX_BOOST, "a weight")


def boost_text(factor: float) -> str:
    """A factor as it is typed after `^`."""
    return f"{factor:.{_BOOST_DECIMALS}f}".rstrip("0").rstrip(".")


def pattern_of(text: str) -> str | None:
    """`text` as a pattern of one word, without punctuation around it; None if no sign in it counts.

    A pattern has a letter or digit, one `*` at most in a row, and ends in no `?`.
    """
    if "*" not in text and "?" not in text:
        return None
    start, end = 0, len(text)
    while start < end and not (_is_letter(text[start]) or text[start] in _BEGINS_WORDS):
        start += 1
    while start < end and not (_is_letter(text[end - 1]) or text[end - 1] in _ENDS_WORDS):
        end -= 1
    pattern = _STARS.sub("*", text[start:end])
    return pattern if ("*" in pattern or "?" in pattern) and is_one_word(pattern) else None


def is_one_word(text: str) -> bool:
    """Whether `text` can be one word: it has a letter or digit, and no sign that separates words."""
    return _has_letter(text) and all(_is_letter(char) or char in _INSIDE_WORDS for char in text)


def _whole(text: str) -> int | None:
    """The whole number that `text` is, one of many digits as a large one; None for a fraction or nothing."""
    if not text or "." in text:
        return None
    return int(text) if len(text) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER


def _at_most(number: float, limit: float, what: str) -> str | None:
    return f"{what} is {limit:g} at most; {limit:g} was taken" if number > limit else None


def _has_letter(text: str) -> bool:
    return any(map(str.isalnum, text))


def _is_letter(char: str) -> bool:
    """Whether a character is a letter, a digit, or a mark on one."""
    return char.isalnum() or unicodedata.category(char)[0] == "M"
