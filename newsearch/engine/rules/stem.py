"""The stems of English words: one term for `connected`, `connection` and `connections`.

    stem("connections")                             # 'connect'

This is the English stemmer of Snowball 3.1, known as Porter2; it gives what PyStemmer 3.1.0 gives, word for word. Older
releases differ in a few words (`university`, `internal`, `geologist`). The algorithm is that of Martin Porter and the
Snowball project: https://snowballstem.org/algorithms/english/stemmer.html.

A, e, i, o, u and y are vowels, but a y that begins a word or follows a vowel is a consonant, and is written Y here. The
region R1 is what follows the first consonant after a vowel, and R2 is what follows the next such consonant. Most
suffixes go only if they lie in one of them, which is why `relation` loses its ending and `ration` does not. Each step
takes the longest suffix it knows the word to end in, and does nothing if that one may not go.

Words are not folded here, and nothing is cached: both are the analyzer's part.
"""

import re
from collections.abc import Mapping, Sequence

__all__ = ["stem"]

_IRREGULAR = {
    **{word: word for word in ("andes", "atlas", "bias", "cosmos", "howe", "news", "sky")},
    "skis": "ski",
    "skies": "sky",
    "early": "earli",
    "gently": "gentl",
    "idly": "idl",
    "only": "onli",
    "singly": "singl",
    "ugly": "ugli",
    # The one word that loses a letter of its long start (below), and would get other regions by that.
    "univers": "univer",
}
_LAST_LETTERS = "cdegilmnrsty"  # of all suffixes
_TENSE_LETTERS = "dgy"  # of those that steps 1b and 1c look for
_VOWELS = "aeiouy"
_VOWEL = re.compile("[aeiouy]")
_CONSONANT_Y = re.compile("^y|([aeiouy])y")
_POSSESSIVE = re.compile(r"'(?:s'?)?\Z")

# R1 follows these: found as usual, it would let unlike words (university and universe) have one stem.
_LONG_STARTS = "arsen|commun|emerg|gener|inter|later|organ|past|univers"
# R1 begins where group 1 ends, R2 where the match ends; that is the word's end if it has none. No match, no regions.
_REGIONS = re.compile(
    f"({_LONG_STARTS}|[^aeiouy]*+[aeiouy]++[^aeiouy])(?:[^aeiouy]*+[aeiouy]++[^aeiouy]|.*)", re.DOTALL
)
_SHORT_END = re.compile(r"(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy]|past)\Z")
# With a short end, and R1 would begin right behind it: hop(ing), us(ing), but not box(ing), bend(ing).
_SHORT_WORD = re.compile("[^aeiouy]+[aeiouy][^aeiouywxY]|[aeiouy][^aeiouy]|arsen|commun|gener|inter|later|organ|past")

_REGAINS_E = frozenset(("at", "bl", "iz"))
_DOUBLES = frozenset(("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt"))
_KEEPS_ING = frozenset(("cann", "earr", "even", "herr", "inn", "out"))
_KEEPS_EED = frozenset(("exc", "proc", "succ"))

_Rules = tuple[tuple[str | tuple[str, ...], int, str], ...]
"""How a word may end, longest first; how many letters of that are the suffix; what takes its place."""


def _rules(replacements: Mapping[str, Sequence[str]], preceded: Mapping[str, str]) -> dict[str, _Rules]:
    """A step's rules by a word's last two letters; some suffixes have to be `preceded` by certain letters."""
    rules: dict[str, _Rules] = {}
    pairs = [(suffix, replacement) for replacement, suffixes in replacements.items() for suffix in suffixes]
    for suffix, replacement in sorted(pairs, key=lambda pair: len(pair[0]), reverse=True):
        ending = tuple(letter + suffix for letter in preceded[suffix]) if suffix in preceded else suffix
        rules[suffix[-2:]] = (*rules.get(suffix[-2:], ()), (ending, len(suffix), replacement))
    return rules


_STEP_2 = _rules(
    {
        "tion": ["tional"],
        "ence": ["enci"],
        "ance": ["anci"],
        "able": ["abli"],
        "ent": ["entli"],
        "ize": ["ization", "izer"],
        "ate": ["ational", "ation", "ator"],
        "al": ["aliti", "alism", "alli"],
        "ful": ["fulness", "fulli"],
        "ous": ["ousness", "ousli"],
        "ive": ["iveness", "iviti"],
        "ble": ["biliti", "bli"],
        "less": ["lessli"],
        "og": ["ogist", "ogi"],
        "": ["li"],
    },
    preceded={"ogi": "l", "li": "cdeghkmnrt"},
)
_STEP_3 = _rules(
    {
        "tion": ["tional"],
        "ate": ["ational"],
        "al": ["alize"],
        "ic": ["icate", "iciti", "ical"],
        "": ["ative", "ness", "ful"],
    },
    preceded={},
)
_STEP_4 = _rules(
    {
        "": [
            *("able", "al", "ance", "ant", "ate", "ement", "ence", "ent", "er"),
            *("ible", "ic", "ion", "ism", "iti", "ive", "ize", "ment", "ous"),
        ]
    },
    preceded={"ion": "st"},
)


def _endings(*steps: dict[str, _Rules]) -> dict[str, tuple[str, ...]]:
    """By a word's last two letters, all endings that one of the steps has a rule for."""
    endings: dict[str, tuple[str, ...]] = {}
    for step in steps:
        for key, rules in step.items():
            for ending, _, _ in rules:
                endings[key] = (*endings.get(key, ()), *((ending,) if isinstance(ending, str) else ending))
    return endings


_DERIVED = _endings(_STEP_4, _STEP_3, _STEP_2)


def stem(word: str) -> str:
    """The stem of a word in small letters; never longer than the word, and not always a word itself.

    Any string will do: an apostrophe before the word goes, and so does a possessive ending; whatever else is no letter
    a to z counts as a consonant. Words of one or two letters are their own stems.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 3:
        return word
    if "'" in word:
        word = _POSSESSIVE.sub("", word.removeprefix("'"))
    if word[-1:] not in _LAST_LETTERS:
        return word
    if "y" in word and _CONSONANT_Y.search(word):
        return _steps(_CONSONANT_Y.sub(r"\1Y", word)).replace("Y", "y")
    return _steps(word)


def _steps(word: str) -> str:
    """The stem of a word whose consonant y is written Y."""
    last = word[-1:]
    if last == "s":
        word = _without_plural(word)
        last = word[-1:]
    elif last == "d" and len(word) < 5 and word.endswith("ied"):
        return word[:-1]
    if last in _TENSE_LETTERS:
        if last == "y":
            if word.endswith(("edly", "ingly")):
                word = _without_tense(word[:-2], "ly")
        elif word.endswith(("ed", "ing")):
            word = _without_tense(word, "")
        if word[-1:] == "y" and len(word) > 2 and word[-2] not in _VOWELS:
            word = word[:-1] + "i"
    # Finding the regions costs the most, so a word gets that far only if it ends in something that depends on them.
    key = word[-2:]
    if key in _DERIVED and word.endswith(_DERIVED[key]):
        return _without_derivation(word)
    if key == "ll" or word[-1:] == "e":
        regions = _REGIONS.match(word)
        return _without_last(word, regions.end(1), regions.end()) if regions else word
    return word


def _without_plural(word: str) -> str:
    """Step 1a, of a word in -s: gaps but not gas, ties, cries, classes but not class."""
    before = word[-2:-1]
    if before in "su":
        return word
    if before == "e":
        if word.endswith("sses"):
            return word[:-2]
        if word.endswith("ies"):
            return word[:-2] if len(word) > 4 else word[:-1]
    return word[:-1] if _VOWEL.search(word, 0, len(word) - 2) else word


def _without_tense(verb: str, adverb: str) -> str:
    """Step 1b, of a verb in -ed or -ing, to which an adverb adds -ly: agreed, dying, hopping, hoped, hopingly."""
    if verb.endswith("eed"):
        base = verb[:-3]
        return base + "ee" if base not in _KEEPS_EED and _REGIONS.match(base) else verb + adverb
    if verb.endswith("ing"):
        base = verb[:-3]
        if not adverb:
            if base in _KEEPS_ING:
                return verb
            if len(base) == 2 and base[1] == "y" and base[0] not in _VOWELS:
                return base[0] + "ie"
    else:
        base = verb[:-2]
    if not _VOWEL.search(base):
        return verb + adverb
    end = base[-2:]
    if end in _REGAINS_E:
        return base + "e"
    if end in _DOUBLES:
        return base if len(base) == 3 and base[0] in "aeo" else base[:-1]
    return base + "e" if _SHORT_WORD.fullmatch(base) else base


def _without_derivation(word: str) -> str:
    """Steps 2 to 5, of a word with the ending of a rule: relational, hopeful, adjustment."""
    regions = _REGIONS.match(word)
    if regions is None:
        return word
    r1, r2 = regions.end(1), regions.end()
    key = word[-2:]
    if key in _STEP_2:
        for ending, length, replacement in _STEP_2[key]:
            if word.endswith(ending):
                if len(word) - length >= r1:
                    word = word[:-length] + replacement
                    key = word[-2:]
                break
    if key in _STEP_3:
        for ending, length, replacement in _STEP_3[key]:
            if word.endswith(ending):
                if len(word) - length >= (r2 if ending == "ative" else r1):
                    word = word[:-length] + replacement
                    key = word[-2:]
                break
    if key in _STEP_4:
        for ending, length, _ in _STEP_4[key]:
            if word.endswith(ending):
                if len(word) - length >= r2:
                    word = word[:-length]
                break
    return _without_last(word, r1, r2)


def _without_last(word: str, r1: int, r2: int) -> str:
    """Step 5: probate, cease and controll lose their last letter; rate and roll keep it."""
    start = len(word) - 1
    last = word[start]
    if last == "e":
        if start >= r2 or (start >= r1 and not _SHORT_END.search(word, 0, start)):
            return word[:-1]
    elif last == "l" and start >= r2 and word[-2] == "l":
        return word[:-1]
    return word
