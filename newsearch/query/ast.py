"""The tree that a query becomes.

    Sequence((Word("ban"), Not(Word("china"))))         ban -china
    str(tree)                                           text that the parser reads back as an equal tree

Words and phrases are matched and score; constraints select and score nothing. A `span` is the half-open range of
characters, in the text as typed, that a node was read from; it does not count when nodes are compared. This module
neither reads text (`newsearch.query.parser`) nor matches articles (an engine compiles the tree).

    Node ── Everything                    an empty query
         ── Word, Phrase                  text to find
         ── Prefix, Wildcard, Fuzzy       words as written, by a part of them or nearly
         ── Synonym                       a word or phrase and what means the same
         ── Sequence, And, Or, Not        combinations; in rising order of binding
         ── Boosted                       any of the above but Everything and Not, weighing more or less
         ── Keyword, NumberRange, DateRange, Flag    constraints

Trees as the parser makes them, and as `combined`, `negated` and `boosted` do, are in one form: no combination has fewer
than two children or a child of its own class, no three Nots follow each other, Everything stands alone, and nothing
that only selects is or has a Boosted. A word is text that can be typed without quotes, a phrase is not blank, a range
has one side or both, and what goes with a sign is as `newsearch.query.signs` has it. `str` keeps its promise for those.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as _field  # nodes have a `field` of their own
from typing import TypeAlias

from newsearch.query.dates import instant
from newsearch.query.fields import HAS_VALUES, KINDS, TEXT_FIELDS
from newsearch.query.lexer import is_bare_boosted, is_bare_value, is_bare_word
from newsearch.query.signs import MAX_BOOST, boost_text

__all__ = [
    "TEXT_FIELDS",
    "And",
    "Boosted",
    "DateRange",
    "Everything",
    "Flag",
    "Fuzzy",
    "Keyword",
    "Node",
    "Not",
    "NumberRange",
    "Or",
    "Phrase",
    "Prefix",
    "Sequence",
    "Span",
    "Synonym",
    "Wildcard",
    "Word",
    "boosted",
    "combined",
    "is_constraint",
    "negated",
    "walk",
]

Span: TypeAlias = tuple[int, int]

_TO_ESCAPE = re.compile(r'["\\]')


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every article and scores nothing; only ever the whole tree."""

    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed, for the engine to analyse: it may become several terms (`covid-19`) or none (`&`).

    `field` is one of TEXT_FIELDS, or None for all of them. One that cannot be typed bare is printed as a phrase.
    """

    text: str
    field: str | None = None
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        bare = is_bare_word(self.text, fielded=self.field is not None)
        return _prefixed(self.field, self.text if bare else _quoted(self.text))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand together; `text` is what was between the quotes, `\\"` and `\\\\` resolved.

    With a `slop` of 0 they follow each other. With one of 1 to 20 they stand in any order in a window of one value of a
    field, as many positions long as there are words and `slop` besides. A word that is twice in the phrase is twice in
    the window. Of windows within each other the smallest counts: that is an occurrence.
    """

    text: str
    field: str | None = None
    slop: int = 0
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return _prefixed(self.field, _quoted(self.text)) + (f"~{self.slop}" if self.slop else "")


@dataclass(frozen=True, slots=True)
class Prefix:
    """All words that begin so, as written: without case and accents, and not reduced to a stem.

    A text that the analyzer takes for several words, or none, means what the Word of it means.
    """

    text: str
    field: str | None = None
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return _prefixed(self.field, f"{self.text}*")


@dataclass(frozen=True, slots=True)
class Wildcard:
    """All words that fit a pattern, as written: `*` stands for any number of characters, `?` for one."""

    pattern: str
    field: str | None = None
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return _prefixed(self.field, self.pattern)


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """All words, as written, that take `distance` (0 to 2) edits at most, and fewer than the text has characters.

    An edit inserts, deletes or replaces a character, or swaps two neighbours. Each word counts 1 - edits / characters
    of the text. A text that the analyzer takes for several words, or none, means what the Word of it means.
    """

    text: str
    distance: int
    field: str | None = None
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return _prefixed(self.field, f"{self.text}~{self.distance}")


@dataclass(frozen=True, slots=True)
class Synonym:
    """Any of some texts, which count as one word. `newsearch.query.synonyms` puts it into a tree, no parser does.

    `alternatives` are in one field, `original`, as it was typed, first among them. It prints as that, so a tree with
    synonyms reads back as the tree without.
    """

    original: Word | Phrase
    alternatives: tuple[Word | Phrase, ...]

    @property
    def field(self) -> str | None:
        """The field it is looked for in, or None for all of them."""
        return self.original.field

    @property
    def text(self) -> str:
        """The text that was typed."""
        return self.original.text

    @property
    def span(self) -> Span:
        """The characters of the query that it stands for."""
        return self.original.span

    def __str__(self) -> str:
        return str(self.original)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Things side by side: the request's match mode says whether all, any or most of them must match."""

    children: tuple["Node", ...]
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return " ".join(_enclosed(child, Sequence) for child in self.children)


@dataclass(frozen=True, slots=True)
class And:
    """All of them, whatever the match mode."""

    children: tuple["Node", ...]
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return " AND ".join(_enclosed(child, Sequence, Or, And) for child in self.children)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    children: tuple["Node", ...]
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return " OR ".join(_enclosed(child, Sequence, Or) for child in self.children)


@dataclass(frozen=True, slots=True)
class Not:
    """What `child` does not match; a constraint, whatever the child is."""

    child: "Node"
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        child = _enclosed(self.child, Sequence, Or, And)
        # Two hyphens in a row are text.
        return f"NOT {child}" if child.startswith("-") else f"-{child}"


@dataclass(frozen=True, slots=True)
class Boosted:
    """What `child` matches, its B times `factor`: above 0, 100 at most, to four decimals. Made by `boosted`."""

    child: "Node"
    factor: float
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        child, boost = _enclosed(self.child, Sequence, Or, And, Boosted), f"^{boost_text(self.factor)}"
        word = self.child if isinstance(self.child, Word) else None
        if word is not None and not is_bare_boosted(word.text, boost, fielded=word.field is not None):
            return f"({child}){boost}"
        return child + boost


@dataclass(frozen=True, slots=True)
class Keyword:
    """`field`, one of provider domain topic type category id url kind path, has this value, compared as a whole.

    `value` is as typed, but for kind, which is "item" or "related".
    """

    field: str
    value: str
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        name = "is" if self.field == "kind" and self.value in KINDS else self.field
        return _prefixed(name, self.value if is_bare_value(self.field, self.value) else _quoted(self.value))


@dataclass(frozen=True, slots=True)
class NumberRange:
    """`field`, quality or heat, is known and lies from `low` to `high`, both included; None is open."""

    field: str
    low: int | None = None
    high: int | None = None
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        if self.low is None:
            return f"{self.field}:<={self.high}"
        if self.high is None:
            return f"{self.field}:>={self.low}"
        return f"{self.field}:{self.low}" if self.low == self.high else f"{self.field}:{self.low}..{self.high}"


@dataclass(frozen=True, slots=True)
class DateRange:
    """The date is known and lies from `low` to `high`, both included, in epoch seconds UTC; None is open."""

    low: int | None = None
    high: int | None = None
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        low = "" if self.low is None else instant(self.low)
        high = "" if self.high is None else instant(self.high)
        return f"date:{low}..{high}"


@dataclass(frozen=True, slots=True)
class Flag:
    """The item is `published`, there is an `image`, or it cites `related` articles."""

    name: str
    span: Span = _field(default=(0, 0), compare=False)

    def __str__(self) -> str:
        return f"has:{self.name}" if self.name in HAS_VALUES else f"is:{self.name}"


_Text: TypeAlias = Word | Phrase | Prefix | Wildcard | Fuzzy | Synonym
_Constraint: TypeAlias = Keyword | NumberRange | DateRange | Flag
Node: TypeAlias = Everything | _Text | Sequence | And | Or | Not | Boosted | _Constraint


def combined(kind: type[Sequence] | type[And] | type[Or], children: Iterable[Node], span: Span = (0, 0)) -> Node:
    """`children` combined: those of the same kind taken apart first, one alone as it is, none as Everything."""
    flat: list[Node] = []
    for child in children:
        if isinstance(child, kind):
            flat.extend(child.children)
        else:
            flat.append(child)
    if len(flat) == 1:
        return flat[0]
    return kind(tuple(flat), span) if flat else Everything(span)


def negated(child: Node, span: Span = (0, 0)) -> Node:
    """Not `child`; of three Nots in a row one is left. Two stay two: they select what the child matches, unscored.

    Boosts within the child are taken off: there they would say nothing.
    """
    if isinstance(child, Not) and isinstance(child.child, Not):
        return child.child
    return Not(_unboosted(child), span)


def boosted(child: Node, factor: float, span: Span = (0, 0)) -> Node:
    """`child` times a factor that is above 0 and 100 at most; as it is where that changes nothing."""
    if not 0 < factor <= MAX_BOOST:
        raise ValueError(f"a boost is above 0 and {MAX_BOOST:g} at most, not {factor}")
    return child if factor == 1 or is_constraint(child) else Boosted(child, factor, span)


def walk(tree: Node) -> Iterator[Node]:
    """A node and all below it, in the order of the text."""
    yield tree
    match tree:
        case Sequence() | And() | Or():
            for child in tree.children:
                yield from walk(child)
        case Not() | Boosted():
            yield from walk(tree.child)


def is_constraint(node: Node) -> bool:
    """Whether the whole of `node` only selects."""
    match node:
        case Word() | Phrase() | Prefix() | Wildcard() | Fuzzy() | Synonym():
            return False
        case Sequence() | And() | Or():
            return all(is_constraint(child) for child in node.children)
        case Boosted():
            return is_constraint(node.child)
        case _:
            return True


def _unboosted(node: Node) -> Node:
    match node:
        case Sequence() | And() | Or() if any(isinstance(below, Boosted) for below in walk(node)):
            return combined(type(node), map(_unboosted, node.children), node.span)
        case Boosted():
            return _unboosted(node.child)
    return node


def _enclosed(node: Node, *kinds: type[Node]) -> str:
    """`node` as text, in parentheses if it is of a kind that binds no tighter than what it stands in."""
    return f"({node})" if isinstance(node, kinds) else str(node)


def _prefixed(name: str | None, text: str) -> str:
    return text if name is None else f"{name}:{text}"


def _quoted(text: str) -> str:
    return '"' + _TO_ESCAPE.sub(r"\\\g<0>", text) + '"'
