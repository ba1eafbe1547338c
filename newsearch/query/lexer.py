"""From the text of a query to its tokens.

    tokens("title:ban -x", warn)    FIELD title, WORD ban, MINUS -, WORD x, END

The tokens that come out are well formed: quotes are paired, parentheses are balanced and at most `MAX_DEPTH` deep. What
was dropped to make them so is told to `warn(start, end, reason)`. The time is linear in the length of the text.

`is_bare_word` and `is_bare_value` tell a printer of trees what reads back as one token without quotes. What tokens mean
together is the parser's.
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from newsearch.query.fields import KEYWORD_FIELDS
from newsearch.query.signs import SUFFIX, clean, pattern_of, split_suffix

__all__ = [
    "AND",
    "CLOSE",
    "END",
    "FIELD",
    "MAX_DEPTH",
    "MAX_TOKENS",
    "MINUS",
    "NOT",
    "OPEN",
    "OR",
    "PHRASE",
    "WORD",
    "Token",
    "Warn",
    "field_prefix",
    "is_bare_boosted",
    "is_bare_value",
    "is_bare_word",
    "split_boost",
    "tokens",
]

MAX_DEPTH: Final = 30
"""Parentheses nested deeper than this are ignored."""

MAX_TOKENS: Final = 2048
"""Tokens of a query; no 256 clauses need as many, so that the cap is one on empty parentheses and stray operators."""

WORD: Final = "word"
PHRASE: Final = "phrase"
FIELD: Final = "field"
OPEN: Final = "open"
CLOSE: Final = "close"
MINUS: Final = "minus"
AND: Final = "AND"
OR: Final = "OR"
NOT: Final = "NOT"
END: Final = "end"

Warn = Callable[[int, int, str], None]


class Token(NamedTuple):
    """`text` without quotes, escapes or the colon of a field; `start` and `end` are characters of the query.

    `suffix` is the distance and boost right behind a phrase or a closing parenthesis, before `end`. That of a word is
    in its text still: in an address it is no suffix.
    """

    kind: str
    text: str
    start: int
    end: int
    suffix: str = ""


_OPERATORS = frozenset((AND, OR, NOT))
_CURLY = "“”„‟"
_ANGLE = "«»"
_BREAKS = rf'\s()"{_CURLY}{_ANGLE}'

# A colon is a field's only right after letters and right before a value; `http://`, `12:30`, `Re: x`, `std::vector` and
# a drive's `C:\temp` are text.
_PREFIX = r"[A-Za-z_]+:(?!//)(?=[^\s:)\\])"
# A hyphen before a hyphen, a space or nothing is text: `--limit`, `a - b`.
_MINUS = r"-(?=[^\s\-)])"

_TOKEN = re.compile(
    rf"""\s*(?:(?P<{OPEN}>\()|(?P<{CLOSE}>\))|(?P<quote>["{_CURLY}{_ANGLE}])|(?P<{MINUS}>{_MINUS})"""
    rf"""|(?P<{FIELD}>{_PREFIX})|(?P<{WORD}>[^{_BREAKS}]+))"""
)
_FIELD_PREFIX = re.compile(_PREFIX)
_VALUE = re.compile(rf"[^{_BREAKS}]+")
# Addresses may hold parentheses: url:https://example.org/wiki/Mercury_(planet).
_WHOLE_VALUE = re.compile(rf"[^{_BREAKS}]+(?:\([^{_BREAKS}]*\)[^{_BREAKS}]*)*")
_BARE_WORD = re.compile(rf"(?!{_PREFIX})(?!{_MINUS})[^{_BREAKS}]+")
_VALUE_START = re.compile(r"(?!//)[^\s:)\\]")
_STRAIGHT_PHRASE = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_ESCAPE = re.compile(r'\\(["\\])')
_CURLY_CLOSE = re.compile(f"[{_CURLY}]")
_ANGLE_CLOSE = re.compile(f"[{_ANGLE}]")
_SUFFIX = re.compile(rf"{SUFFIX}(?!\w)")
# The constraints whose values may well end in what looks like a boost.
_WITHOUT_BOOSTS = ("url", "path")


def field_prefix(text: str) -> str | None:
    """The name in front of a colon that `text` begins with, if that colon looks like a field's."""
    found = _FIELD_PREFIX.match(text)
    return found.group()[:-1] if found else None


def split_boost(field: str, text: str) -> tuple[str, str]:
    """The value of a constraint without, and its, `^N` at the end, which says nothing there; addresses have none."""
    value, suffix = split_suffix(text)
    if field in _WITHOUT_BOOSTS or not suffix.startswith("^") or "~" in suffix:
        return text, ""
    return value, suffix


def is_bare_word(text: str, *, fielded: bool) -> bool:
    """Whether `text`, typed without quotes (after `field:` if fielded), is read back as this one word."""
    if text.isascii() and text.isalnum():  # nearly every word
        return fielded or text not in _OPERATORS
    if text != clean(text) or split_suffix(text)[1] or pattern_of(text) is not None:
        return False
    if fielded:
        return _VALUE.fullmatch(text) is not None and _VALUE_START.match(text) is not None
    return _BARE_WORD.fullmatch(text) is not None and text not in _OPERATORS


def is_bare_boosted(text: str, boost: str, *, fielded: bool) -> bool:
    """Whether a bare word and `^N` right behind it are read back as these two."""
    return split_suffix(text + boost) == (text, boost) and (fielded or _BARE_WORD.fullmatch(text + boost) is not None)


def is_bare_value(field: str, text: str) -> bool:
    """Whether `text`, typed after the name and colon of a keyword field, is read back as its whole value."""
    if text != clean(text) or split_boost(field, text)[1]:
        return False
    return bool(_WHOLE_VALUE.fullmatch(text) and _VALUE_START.match(text))


def tokens(text: str, warn: Warn) -> list[Token]:
    """The tokens of `text`, which `clean` has been over, with an END after the last."""
    return _Lexer(text, warn).run()


class _Lexer:
    """One reading of one text."""

    def __init__(self, text: str, warn: Warn) -> None:
        self.text = text
        self.warn = warn
        self.found: list[Token | None] = []
        # For each parenthesis not closed yet its place in `found`, or None where it is too deep to count.
        self.opened: list[int | None] = []
        self.depth = 0
        self.straight_quotes_close = True

    def run(self) -> list[Token]:
        text, found, at = self.text, self.found, 0
        cut = False
        while match := _TOKEN.match(text, at):
            kind, at = match.lastgroup, match.end()
            start = match.start(kind) if kind else at
            if len(found) >= MAX_TOKENS:
                self.warn(start, len(text), "the query has too many parts; from here it was ignored")
                cut = True
                break
            if kind == WORD:
                word = text[start:at]
                found.append(Token(word if word in _OPERATORS else WORD, word, start, at))
            elif kind == FIELD:
                at = self._field(start, at)
            elif kind == MINUS:
                found.append(Token(MINUS, "-", start, at))
            elif kind == OPEN:
                self._open(start)
            elif kind == CLOSE:
                at = self._close(start)
            else:
                at = self._quote(start)
        for place in self.opened:
            if place is not None:
                self._drop_open(place, told=cut)
        kept = [token for token in found if token is not None]
        kept.append(Token(END, "", len(text), len(text)))
        return kept

    def _field(self, start: int, end: int) -> int:
        name = self.text[start : end - 1]
        self.found.append(Token(FIELD, name, start, end))
        value = (_WHOLE_VALUE if name.lower() in KEYWORD_FIELDS else _VALUE).match(self.text, end)
        if value is None:
            return end  # a quote or a parenthesis comes next, and is read as anywhere else
        self.found.append(Token(WORD, value.group(), end, value.end()))
        return value.end()

    def _open(self, start: int) -> None:
        if self.depth < MAX_DEPTH:
            self.depth += 1
            self.opened.append(len(self.found))
            self.found.append(Token(OPEN, "(", start, start + 1))
            return
        if None not in self.opened[-1:]:
            self.warn(start, start + 1, f"parentheses nest more than {MAX_DEPTH} deep; the inner ones were ignored")
        self.opened.append(None)

    def _close(self, start: int) -> int:
        if not self.opened:
            self.warn(start, start + 1, "the parenthesis closes nothing and was ignored")
            return start + 1
        suffix = self._suffix(start + 1)
        end = start + 1 + len(suffix)
        if self.opened.pop() is not None:
            self.depth -= 1
            self.found.append(Token(CLOSE, ")", start, end, suffix))
        return end

    def _drop_open(self, place: int, *, told: bool) -> None:
        token = self.found[place]
        self.found[place] = None
        if token is not None and not told:
            self.warn(token.start, token.end, "the parenthesis is not closed and was ignored")

    def _quote(self, start: int) -> int:
        text, mark = self.text, self.text[start]
        inner = start + 1
        if mark == '"':
            # One that nothing closes means that nothing closes the next ones either: each of them was read as escaped.
            closed = _STRAIGHT_PHRASE.match(text, inner) if self.straight_quotes_close else None
            self.straight_quotes_close = closed is not None
            end = closed.end() if closed else -1
        else:
            # “ is closed by ”, „ by “, ” by ”, « by », » by «; and each by a straight one if none of its own is left.
            found = (_ANGLE_CLOSE if mark in _ANGLE else _CURLY_CLOSE).search(text, inner)
            end = found.end() if found else text.find('"', inner) + 1 or -1
        if end < 0:
            self.warn(start, inner, "the quotation mark has no partner and was ignored")
            return inner
        content = text[inner : end - 1]
        suffix = self._suffix(end)
        end += len(suffix)
        self.found.append(Token(PHRASE, _ESCAPE.sub(r"\1", content) if mark == '"' else content, start, end, suffix))
        return end

    def _suffix(self, at: int) -> str:
        found = _SUFFIX.match(self.text, at)
        return found.group() if found else ""
