"""The part of a long text that shows best why it was found.

    best_snippet(body, [((812, 823),), ((830, 834), (1290, 1294))], [4.1, 2.0], field="body")

Of all stretches that fit, the one with the weightiest different query words is taken, the first of equals. Around it as
much is shown as there is room for: from the beginning of a sentence if that is near, else of a word, and likewise to
the end. Where there are no spaces a cut falls between what readers take for characters. Nothing is put in place of what
is left out, so ranges count in the text as it is stored; this module knows no clause and no field.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from newsearch.model import Snippet

__all__ = ["LONGEST", "best_snippet"]

LONGEST = 240
"""Characters of a snippet at most; of a script whose characters are twice as wide, half as many."""

_AIM = 200
_SHORTEST = 160
"""A sentence may end a snippet that has so many."""

_LEAD = 60
"""Characters shown before the first match, where no sentence begins nearby."""

_MAX_CLUSTER = 32
"""Characters that a cut moves by to leave one whole; in honest text none is as long."""

_SENTENCE_END = re.compile(r"""[.!?…]["'”’)\]]*\s+(?![a-z])|[。！？][」』”’]?|\n\s*\n""")
_VIRAMA = 9  # the canonical combining class of them all
_PRECISION = 1 << 20

Ranges = Sequence[tuple[int, int]]


def best_snippet(text: str, spans: Sequence[Ranges], weights: Sequence[float], *, field: str) -> Snippet | None:
    """The best stretch of a field's text for some query words; None where none of them is in it.

    For each word `spans` has the half-open ranges where it matched, ascending, and `weights` what it counts, such as
    its idf. A text that is no longer than a snippet is shown whole.
    """
    matches = sorted((start, end, word) for word, ranges in enumerate(spans) for start, end in ranges)
    if not matches:
        return None
    scale = 2 if unicodedata.east_asian_width(text[matches[0][0]]) in "WF" else 1
    longest = LONGEST // scale
    if len(text) <= longest:
        start, end = 0, len(text)
    else:
        low, high = _core(matches, weights, _AIM // scale)
        start = _start(text, low, min(high, low + longest), scale)
        end = _end(text, start, max(low + 1, min(high, start + longest)), scale)
        if end == len(text):
            # What there was no text for behind it goes before it.
            start = min(start, _start_of_word(text, max(0, end - _AIM // scale), start))
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    marks = _joined((max(first, start) - start, min(last, end) - start) for first, last, _ in matches)
    return Snippet(text[start:end], field, start, marks, more=bool(text[end:].strip()))


def _core(matches: Sequence[tuple[int, int, int]], weights: Sequence[float], room: int) -> tuple[int, int]:
    """From where to where the best matches lie that fit into the room."""
    # In whole numbers, so that what comes and goes again leaves nothing behind.
    worth = [max(1, round(weight * _PRECISION)) for weight in weights]
    inside: Counter[int] = Counter()
    value = best = after = 0
    core = matches[0][:2]
    for first, (low, _, word) in enumerate(matches):
        while after < len(matches) and (after <= first or matches[after][1] <= low + room):
            entering = matches[after][2]
            value += worth[entering] if not inside[entering] else 0
            inside[entering] += 1
            after += 1
        if value > best:
            best, core = value, (low, max(end for _, end, _ in matches[first:after]))
        inside[word] -= 1
        value -= worth[word] if not inside[word] else 0
    return core


def _start(text: str, low: int, high: int, scale: int) -> int:
    """Where to begin, so that all from `low` to `high` has room: at a sentence, else a few words before."""
    room = max(0, _AIM // scale - (high - low))
    earliest = max(0, low - room)
    if earliest == 0:
        return 0
    ends = [found.end() for found in _SENTENCE_END.finditer(text, max(0, earliest - 2), low) if found.end() >= earliest]
    if ends:
        return ends[0] if low - ends[0] <= _LEAD // scale else ends[-1]
    return _start_of_word(text, max(earliest, low - min(room, _LEAD // scale)), low)


def _start_of_word(text: str, earliest: int, latest: int) -> int:
    """The first word that begins between two places; where there is no space between them, the first character."""
    if earliest == 0 or text[earliest - 1].isspace():
        return earliest
    for place in range(earliest, latest):
        if text[place].isspace():
            return place + 1
    return _whole(text, earliest, -1)


def _end(text: str, start: int, high: int, scale: int) -> int:
    """Where to end, `high` or later: at a sentence, else a word."""
    latest = min(len(text), start + LONGEST // scale)
    if latest == len(text):
        return latest
    for found in _SENTENCE_END.finditer(text, max(high, start + _SHORTEST // scale) - 1, latest + 1):
        if high <= found.end() <= latest:
            return found.end()
    aim = max(high, start + _AIM // scale)
    for place in range(aim, high, -1):
        if text[place].isspace():
            return place
    return _whole(text, aim, 1)


def _whole(text: str, place: int, step: int) -> int:
    """The place, moved on if a character as people see it would be cut there."""
    for moved in range(place, place + step * _MAX_CLUSTER, step):
        if not 0 < moved < len(text) or not _inside_character(text, moved):
            return moved
    return place


def _inside_character(text: str, place: int) -> bool:
    """Whether what stands before and behind a place is one character to a reader.

    The simple rules of Unicode's grapheme clusters (UAX 29): marks, joiners, skin tones, flags, Hangul's vowels and
    ends.
    """
    before, behind = text[place - 1], text[place]
    if unicodedata.category(behind)[0] == "M" or "\u200d" in (before, behind) or "\U0001f3fb" <= behind <= "\U0001f3ff":
        return True
    # A virama joins the consonants on both of its sides.
    if unicodedata.combining(before) == _VIRAMA or "\u1160" <= behind <= "\u11ff" or before + behind == "\r\n":
        return True
    if not _is_flag(before) or not _is_flag(behind):
        return False
    first = place - 1
    while first > max(0, place - _MAX_CLUSTER) and _is_flag(text[first - 1]):
        first -= 1
    return (place - first) % 2 == 1


def _is_flag(char: str) -> bool:
    """Whether it is one of the letters that pairs of are shown as a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _joined(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ascending ranges, those that touch made one and empty ones left out."""
    joined: list[tuple[int, int]] = []
    for start, end in ranges:
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
