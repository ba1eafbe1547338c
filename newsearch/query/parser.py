"""From the text of a query to its tree. Any text is one: nothing raises, and what makes no sense is searched as text.

    parsed = parse("facial recognition -china", today=now)
    parsed.tree, parsed.warnings

The language, loosest first (README.md shows it by example):

    sequence  = or { or }                     side by side: the match mode says how many must match
    or        = and { "OR" and }
    and       = unary { "AND" unary }
    unary     = { "NOT" | "-" } primary
    primary   = part | field ":" ( value | part )
    part      = ( word [ distance ] | phrase [ distance ] | "(" sequence ")" ) [ boost ]
    distance  = "~" [ number ]
    boost     = "^" number

A word may have `*` and `?` in it. A field before parentheses is that of every word in them which has none of its own.
Text, depth, clauses, distances, boosts and warnings are capped, so that time is linear in the length and the tree can
be walked by recursion.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from newsearch.errors import QueryError
from newsearch.query.ast import (
    And,
    Everything,
    Fuzzy,
    Node,
    Or,
    Phrase,
    Prefix,
    Sequence,
    Span,
    Wildcard,
    Word,
    boosted,
    combined,
    is_constraint,
    negated,
)
from newsearch.query.fields import FIELDS, TEXT_FIELDS, foreign_sign, nearest, shown, written_as
from newsearch.query.lexer import (
    AND,
    CLOSE,
    END,
    FIELD,
    MAX_DEPTH,
    MINUS,
    NOT,
    OPEN,
    OR,
    PHRASE,
    WORD,
    Token,
    field_prefix,
    is_bare_word,
    split_boost,
    tokens,
)
from newsearch.query.signs import (
    clean,
    is_one_word,
    pattern_of,
    read_boost,
    read_distance,
    read_slop,
    read_suffix,
    split_suffix,
)
from newsearch.query.values import read_constraint
from newsearch.query.warnings import Warnings

__all__ = ["MAX_CLAUSES", "MAX_DEPTH", "MAX_LENGTH", "MAX_PATTERNS", "ParsedQuery", "parse"]

MAX_LENGTH: Final = 2000
"""Characters of a query; the rest is cut off."""

MAX_CLAUSES: Final = 256
"""Words, phrases and constraints of a query; the rest is ignored."""

MAX_PATTERNS: Final = 10
"""Prefixes, patterns and misspelt words of a query; what comes after is searched as plain text."""

# What tells a query of plain words, as most are, from one that needs the grammar.
_SYNTAX = re.compile(r"""["“”„‟«»():~^*?<>=[\x00-\x1f\x7f-\x9f\ud800-\udfff]|\|\||&&|(?:^|\s)[-!]|AND|OR|NOT""")
_PLAIN_WORD = re.compile(r"\S+")
# A filter without its colon.
_COMPARED = re.compile(r"(quality|heat|date)((?:>=|<=|>|<|=).+)", re.IGNORECASE)


_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as understood. `str(tree)` is it in the language again.

    `text` is as typed; spans and the characters that warnings name (from 1) count in it. `ages` are the dates in it
    that count back from today, as typed. `doubtful` are the places that the warnings are about, also of those left out.
    """

    tree: Node
    text: str
    warnings: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    doubtful: tuple[Span, ...] = ()


def parse(text: str, *, today: datetime) -> ParsedQuery:
    """The tree that `text` means. Never raises on a text, whatever is in it.

    `today` is the moment that ages (`date:7d`) count back from; without a zone it is UTC.
    """
    if len(text) <= MAX_LENGTH and _SYNTAX.search(text) is None:
        words = [Word(found.group(), None, found.span()) for found in _PLAIN_WORD.finditer(text)]
        if 1 < len(words) <= MAX_CLAUSES:
            return ParsedQuery(Sequence(tuple(words), (0, len(text))), text)
        if len(words) <= 1:
            return ParsedQuery(words[0] if words else Everything((0, len(text))), text)
    return _Parser(text, today).parsed()


class _Parser:
    """One reading of one text by recursive descent; the lexer has bounded its depth."""

    def __init__(self, text: str, today: datetime) -> None:
        self.text = text
        self.today = today
        self.warnings = Warnings(text)
        self.ages: list[str] = []
        self.clauses = 0
        self.patterns = 0
        self.full = False
        # The field of the parentheses we are in, and whether something in front of them only selects.
        self.field: str | None = None
        self.excluded = False
        if len(text) > MAX_LENGTH:
            reason = f"a query has {MAX_LENGTH} characters at most; the rest was ignored"
            self.warnings.add(MAX_LENGTH, len(text), reason)
        self.tokens = tokens(clean(text[:MAX_LENGTH]), self.warnings.add)
        self.at = 0

    def parsed(self) -> ParsedQuery:
        tree = self.sequence() or Everything((0, len(self.text)))
        return ParsedQuery(tree, self.text, self.warnings.all(), tuple(self.ages), tuple(self.warnings.places))

    # Each of these reads as much as it can and gives None where there was nothing of use.

    def sequence(self) -> Node | None:
        found: list[Node] = []
        while (kind := self.tokens[self.at].kind) not in (END, CLOSE):
            if kind in (AND, OR):
                self.stray(self.next())
            elif (node := self.disjunction()) is not None:
                found.append(node)
        return _joined(Sequence, *found)

    def disjunction(self) -> Node | None:
        return self.chain(OR, Or, self.conjunction)

    def conjunction(self) -> Node | None:
        return self.chain(AND, And, self.unary)

    def chain(self, operator: str, kind: type[And] | type[Or], operand: Callable[[], Node | None]) -> Node | None:
        first = operand()
        if self.tokens[self.at].kind != operator:
            return first
        found = [] if first is None else [first]
        while self.tokens[self.at].kind == operator:
            token = self.next()
            node = operand()
            if node is None or not found:
                self.stray(token)
            if node is not None:
                found.append(node)
        return _joined(kind, *found)

    def unary(self) -> Node | None:
        first = self.at
        while self.tokens[self.at].kind in (NOT, MINUS):
            self.at += 1
        negations = self.at - first
        sign = self.tokens[first]
        outer, self.excluded = self.excluded, self.excluded or negations > 0
        node = self.primary()
        self.excluded = outer
        if not negations:
            return node
        if node is None:
            self.stray(sign)
            return None
        span = (sign.start, node.span[1])
        # An even number of them is as good as two, an odd one as one.
        return negated(negated(node, span), span) if negations % 2 == 0 else negated(node, span)

    def primary(self) -> Node | None:
        kind = self.tokens[self.at].kind
        if kind in (WORD, PHRASE):
            return self.value(self.field, self.next(), None)
        if kind == OPEN:
            return self.group(self.field)
        if kind == FIELD:
            return self.fielded(self.next())
        return None

    def group(self, field: str | None) -> Node | None:
        opening = self.next()
        outer, self.field = self.field, field
        if self.tokens[self.at].kind == CLOSE:
            self.warn(opening.start, self.tokens[self.at].end, "there is nothing in the parentheses; they were ignored")
        node = self.sequence()
        self.field = outer
        if self.tokens[self.at].kind != CLOSE:
            return node  # the query was cut off
        closing = self.next()
        if node is None or not closing.suffix:
            return node
        at = closing.end - len(closing.suffix)
        found = read_suffix(closing.suffix)
        if found.distance is not None:
            self.warn(at, closing.end, "a distance is for a word or a phrase; it was left out")
        return self.weighed(node, found.boost, at, (opening.start, closing.end))

    def fielded(self, prefix: Token) -> Node | None:
        """What follows `field:`. A name that is no field's is a word beside it."""
        name = prefix.text.lower()
        following = self.tokens[self.at]
        if following.kind not in (WORD, PHRASE, OPEN):
            # The lexer dropped what stood there, and told.
            return self.name_as_text(prefix)
        if name not in FIELDS:
            near = nearest(name, FIELDS)
            hint = f"the nearest is {near}" if near else f"the fields are {', '.join(FIELDS)}"
            if form := written_as(name, following.text if following.kind == WORD else ""):
                hint = f"to filter, write {form}"
            self.warn(prefix.start, following.end, f"there is no field {shown(name)}; it was searched as text; {hint}")
            return _joined(Sequence, self.name_as_text(prefix), self.primary())
        if following.kind == OPEN:
            return self.group(name)
        return self.value(name, self.next(), prefix)

    def name_as_text(self, prefix: Token) -> Node | None:
        return self.text_of(Token(WORD, prefix.text, prefix.start, prefix.end - 1), None, prefix.start)

    def value(self, field: str | None, token: Token, prefix: Token | None) -> Node | None:
        """A word or phrase of a field. `prefix` is the field's token where it stands right before."""
        start = token.start if prefix is None else prefix.start
        if not token.text.strip():
            self.warn(start, token.end, "there is nothing between the quotation marks; it was ignored")
            return None
        if field is None or field in TEXT_FIELDS:
            return self.text_of(token, field, start)
        text, left_out = (token.text, token.suffix) if token.kind == PHRASE else split_boost(field, token.text)
        try:
            constraint = read_constraint(field, text, (start, token.end), today=self.today)
        except QueryError as error:
            self.warn(start, token.end, f"{error}; it was searched as text")
            name = None if prefix is None else self.name_as_text(prefix)
            return _joined(Sequence, name, self.text_of(token, None, token.start))
        if left_out:
            self.warn(token.end - len(left_out), token.end, "a filter has no distance and no weight; it was left out")
        if constraint.age:
            self.ages.append(text)
        return self.clause(constraint.node)

    def text_of(self, token: Token, field: str | None, start: int) -> Node | None:
        """A word or phrase to search, with its span from `start`."""
        text, suffix = (token.text, token.suffix) if token.kind == PHRASE else split_suffix(token.text)
        words: list[Node | None] = []
        # Only the value of an unknown field can begin with what looks like yet another field.
        while token.kind == WORD and field is None and not self.full and (name := field_prefix(text)):
            words.append(self.clause(_word(name, None, (start, start + len(name)))))
            text = text[len(name) + 1 :]
            start += len(name) + 1
        span, at = (start, token.end), token.end - len(suffix)
        found = read_suffix(suffix)
        if found.surplus:
            self.warn(at, token.end, "one distance and one boost are enough; the first of each was taken")
        if token.kind == PHRASE:
            slop = 0 if found.distance is None else self.told(read_slop(found.distance), at, token.end)
            node: Node = Phrase(text, field, slop, span)
        else:
            node = self.word(text, found.distance, field, span, at)
        counted = self.clause(node)
        words.append(counted if counted is None else self.weighed(counted, found.boost, at, span))
        return _joined(Sequence, *words)

    def word(self, text: str, distance: str | None, field: str | None, span: Span, at: int) -> Node:
        """A word with whatever signs it has. `distance` is what follows its `~`, and stands at `at`."""
        if (pattern := pattern_of(text)) is not None and self.pattern(span):
            if distance is not None:
                self.warn(at, span[1], "a word with * or ? in it has no distance; it was left out")
            prefix = pattern[:-1]
            if pattern.endswith("*") and pattern_of(prefix) is None and "*" not in prefix and "?" not in prefix:
                return Prefix(prefix, field, span)
            return Wildcard(pattern, field, span)
        if pattern is None and "*" in text:
            self.warn(*span, _no_pattern(text))
        elif field is None and (found := _COMPARED.fullmatch(text)):
            self.warn(*span, f"it was searched as text; to filter, write {found[1].lower()}:{_cut(found[2])}")
        elif field is None and self.text[max(span[0] - 1, 0)] != ":":
            self.foreign(text, span)
        if distance is None:
            return _word(text, field, span)
        if not is_one_word(text):
            self.warn(at, span[1], "a distance is for a single word or a phrase in quotation marks; it was left out")
            return _word(text, field, span)
        if pattern is not None or not self.pattern(span):
            return _word(text, field, span)
        return Fuzzy(text, self.told(read_distance(text, distance), at, span[1]), field, span)

    def foreign(self, text: str, span: Span) -> None:
        """Tell of a word that means more to other programs, and is text here."""
        following = self.tokens[self.at]
        if hint := foreign_sign(text):
            self.warn(*span, f"it was searched as text; {hint}")
        elif text[-1] == ":" and text[:-1].lower() in FIELDS and following.kind in (WORD, PHRASE):
            value = _cut(self.text[following.start : following.end])
            form = f"{text.lower()}{value} without a space"
            self.warn(*span, f"it was searched as text; to search in a field or to filter, write {form}")
        elif text[0] == "[" and following.kind == WORD and following.text == "TO":
            end = self.tokens[self.at + 1]
            if end.kind == WORD and end.text[-1] == "]":
                form = "date:2019..2020 or quality:40..60"
                self.warn(span[0], end.end, f"it was searched as text; a range is of a field, as in {form}")

    def pattern(self, span: Span) -> bool:
        """Whether there may be one more prefix, pattern or misspelt word."""
        self.patterns += 1
        if self.patterns == MAX_PATTERNS + 1:
            reason = f"a query has {MAX_PATTERNS} words with *, ? or ~ at most; from here they were searched as text"
            self.warn(*span, reason)
        return self.patterns <= MAX_PATTERNS

    def weighed(self, node: Node, boost: str | None, at: int, span: Span) -> Node:
        """`node` times the factor that stands at `at`."""
        if boost is None:
            return node
        if is_constraint(node) or self.excluded:
            self.warn(at, span[1], "what only filters adds nothing to a score, and has no weight; it was left out")
            return node
        return boosted(node, self.told(read_boost(boost), at, span[1]), span)

    def told(self, reading: tuple[_Number, str | None], at: int, end: int) -> _Number:
        """What was made of a number, its complaint told."""
        number, complaint = reading
        if complaint is not None:
            self.warn(at, end, complaint)
        return number

    def clause(self, node: Node) -> Node | None:
        """`node`, if there may be one more; else what is left of the query is passed over."""
        if self.clauses < MAX_CLAUSES:
            self.clauses += 1
            return node
        if not self.full:
            self.warn(*node.span, f"a query has {MAX_CLAUSES} words and filters at most; from here it was ignored")
            self.full = True
            self.at = len(self.tokens) - 1
        return None

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def stray(self, operator: Token) -> None:
        reason = (
            "the operator has nothing to work on and was ignored; to search for the word, put it in quotation marks"
        )
        self.warn(operator.start, operator.end, reason)

    def warn(self, start: int, end: int, reason: str) -> None:
        # Whatever is odd at the place where the query was cut off is the cut's doing.
        if not self.full:
            self.warnings.add(start, end, reason)


def _word(text: str, field: str | None, span: Span) -> Word | Phrase:
    """A Word, or where typing it again would mean something else (`foo:-x`, `foo:AND`), the phrase of it."""
    return Word(text, field, span) if is_bare_word(text, fielded=field is not None) else Phrase(text, field, span=span)


def _no_pattern(text: str) -> str:
    """Why the `*` of a word stands for nothing."""
    if any(map(str.isalnum, text)):
        return "a * stands for a part of a single word, and this is more than one; it was searched as plain text"
    return "there is no letter or digit beside the *, so it finds nothing; an empty query finds everything"


def _cut(text: str) -> str:
    """The start of a value, fit for a message."""
    return shown(text)[1:-1]


def _joined(kind: type[Sequence] | type[And] | type[Or], *nodes: Node | None) -> Node | None:
    """Those of `nodes` that are there, combined; None if none is."""
    found = [node for node in nodes if node is not None]
    if not found:
        return None
    return combined(kind, found, (found[0].span[0], found[-1].span[1]))
