"""Whether a tree matches one article, in plain Python: what an engine is compared with.

    matches(parse("facial recognition -china", today=now).tree, article, match="all", reading=reading)

It has no index, no statistics and no arrays: it looks at one article's words and facts, node by node. So it decides
`all` and `any`. It cannot decide `auto`, which takes fewer words when no article of the whole archive has them all: for
that, judge every article by `all` and then count `matched_parts`. It scores nothing (that is the ranking's), and knows
no caps on expansions: where an engine meets one, the engine may find less.

What counts as a word is an analyzer's to say, which this layer does not know. A `Reading` stands for it, and articles
come with their words (`Article`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, TypeAlias

from newsearch.query import ast
from newsearch.query.constraints import split_constraints
from newsearch.query.fields import TEXT_FIELDS
from newsearch.query.written import edits, folded_pattern, wildcard

__all__ = ["Article", "Mode", "Reading", "Token", "matched_parts", "matches", "meets_constraints"]

Mode: TypeAlias = Literal["all", "any"]
_Text: TypeAlias = ast.Word | ast.Phrase | ast.Prefix | ast.Wildcard | ast.Fuzzy | ast.Synonym


class Token(NamedTuple):
    """A word of an article: its term, how it is written (folded, not stemmed), and where.

    Positions go up by one from word to word, and by more than 20 from one value of a field to the next.
    """

    term: str
    written: str
    position: int


@dataclass(frozen=True, slots=True)
class Article:
    """What of an article a query can ask for. Numbers and dates (epoch seconds, UTC) are None where they are unknown.

    `words` has the tokens of each text field, in order. `keywords` has the folded values of provider (names and
    domains), domain, topic, type and category, where they are known; domains without `www.`.
    """

    words: Mapping[str, Sequence[Token]]
    kind: Literal["item", "related"]
    id: str
    address: str
    date: int | None = None
    quality: int | None = None
    heat: int | None = None
    published: bool = False
    image: bool = False
    cites: bool = False
    paths: AbstractSet[str] = frozenset()
    keywords: Mapping[str, AbstractSet[str]] = field(default_factory=dict)


class Reading(Protocol):
    """How texts, names and addresses are read where the articles come from."""

    def words(self, text: str, *, capitals: bool) -> Sequence[tuple[str, str]]:
        """Each word of a text as written, and its term. `capitals`: it is from a query all in capitals."""
        ...

    def is_stop(self, term: str) -> bool:
        """Whether a term is a stop word."""
        ...

    def alternatives(self, term: str) -> Sequence[str]:
        """The terms that a query's term stands for, itself included."""
        ...

    def fold(self, text: str) -> str:
        """A text without case and accents."""
        ...

    def address(self, url: str) -> str | None:
        """The canonical address of what a person typed as one."""
        ...

    def id_prefix(self, text: str) -> str | None:
        """The start of an id, in the form ids have, of what a person typed as one."""
        ...


def matches(tree: ast.Node, article: Article, *, match: Mode, reading: Reading) -> bool:
    """Whether `tree` matches `article`.

    Dates and ages in a tree are moments already, so nobody is asked for today.
    """
    judge = _Judge(tree, article, match, reading)
    return judge.verdict() and judge.meets_constraints()


def matched_parts(tree: ast.Node, article: Article, *, reading: Reading) -> tuple[int, int] | None:
    """How many of the parts side by side `article` matches, and how many parts there are: what `auto` relaxes by.

    None where there is nothing to relax: the scoring tree is not of two parts side by side or more. An archive of which
    no article has them all is relaxed to those with more than half, or as many as the best article has; whether they
    meet the constraints is asked afterwards (`meets_constraints`).
    """
    judge = _Judge(tree, article, "all", reading)
    verdicts = judge.parts()
    return None if verdicts is None else (sum(verdicts), len(verdicts))


def meets_constraints(tree: ast.Node, article: Article, *, match: Mode, reading: Reading) -> bool:
    """Whether `article` meets what every hit of `tree` has to, whatever else it matches."""
    return _Judge(tree, article, match, reading).meets_constraints()


class _Judge:
    """One article before one tree. A part that says nothing, stop words and punctuation, has the verdict None."""

    def __init__(self, tree: ast.Node, article: Article, match: Mode, reading: Reading) -> None:
        self.article = article
        self.match = match
        self.reading = reading
        self.scoring, self.constraints = split_constraints(tree)
        texts = [node.text for node in ast.walk(tree) if isinstance(node, ast.Word | ast.Phrase | ast.Synonym)]
        self.capitals = " ".join(texts).isupper()
        # Stop words fall away unless the scoring tree has no other word.
        self.keep_stops = False
        self.keep_stops = self.operand(self.scoring) is None and not isinstance(self.scoring, ast.Everything)

    def verdict(self) -> bool:
        """Whether the scoring tree matches. Words of which none is a word (`???`) match nothing."""
        found = self.operand(self.scoring)
        return isinstance(self.scoring, ast.Everything) if found is None else found

    def meets_constraints(self) -> bool:
        return all(map(self.meets, self.constraints))

    def parts(self) -> list[bool] | None:
        """For each part of the scoring tree, where it is several side by side, whether it matches."""
        if not isinstance(self.scoring, ast.Sequence):
            return None
        found = [verdict for child in self.scoring.children if (verdict := self.operand(child)) is not None]
        return found if len(found) > 1 else None

    def operand(self, node: ast.Node) -> bool | None:
        """Whether a part of the scoring tree matches."""
        match node:
            case ast.Everything():
                return None
            case ast.Word() | ast.Phrase() | ast.Prefix() | ast.Wildcard() | ast.Fuzzy() | ast.Synonym():
                return self.occurs(node)
            case ast.Boosted(child=child):
                return self.operand(child)
            case ast.Or(children=children):
                return _either(map(self.operand, children))
            case ast.And(children=children):
                return _both(map(self.operand, children))
            case ast.Sequence(children=children):
                return self.side_by_side(children, self.operand)
        return self.meets(node)

    def meets(self, node: ast.Node) -> bool:
        """Whether the article meets a constraint. What says nothing is met by every article."""
        return self.selected(node) is not False

    def selected(self, node: ast.Node) -> bool | None:
        match node:
            case ast.Everything():
                return True
            case ast.Word() | ast.Phrase() | ast.Prefix() | ast.Wildcard() | ast.Fuzzy() | ast.Synonym():
                return self.occurs(node)
            case ast.Boosted(child=child):
                return self.selected(child)
            case ast.Not(child=child):
                found = self.selected(child)
                return None if found is None else not found
            case ast.Or(children=children):
                return _either(map(self.selected, children))
            case ast.And(children=children):
                return _both(map(self.selected, children))
            case ast.Sequence(children=children):
                return self.side_by_side(children, self.selected)
        return self.has(node)

    def side_by_side(self, children: Sequence[ast.Node], judged: Callable[[ast.Node], bool | None]) -> bool | None:
        """A Sequence: with `any` one of its words is enough, and constraints beside them all have to be met."""
        if self.match == "all":
            return _both(map(judged, children))
        words = _either(judged(child) for child in children if not ast.is_constraint(child))
        return _both([words, *(judged(child) for child in children if ast.is_constraint(child))])

    def has(self, node: ast.Node) -> bool:
        """Whether the article is what a single filter asks for."""
        article = self.article
        match node:
            case ast.Keyword(field=name, value=value):
                return self.has_keyword(name, value)
            case ast.NumberRange(field=name, low=low, high=high):
                return _within(article.quality if name == "quality" else article.heat, low, high)
            case ast.DateRange(low=low, high=high):
                return _within(article.date, low, high)
            case ast.Flag(name="published"):
                return article.published
            case ast.Flag(name="image"):
                return article.image
            case ast.Flag(name="related"):
                return article.cites
        raise TypeError(f"{type(node).__name__} is not a filter")

    def has_keyword(self, name: str, value: str) -> bool:
        article, reading = self.article, self.reading
        match name:
            case "kind":
                return article.kind == value
            case "id":
                prefix = reading.id_prefix(value)
                return prefix is not None and article.id.startswith(prefix)
            case "url":
                return article.address == reading.address(value)
            case "path":
                return value in article.paths
        folded = reading.fold(value if name == "domain" else value.strip())
        asked = {folded.removeprefix("www.")} if name == "domain" else {folded, folded.removeprefix("www.")}
        return not asked.isdisjoint(article.keywords.get(name, ()))

    def occurs(self, node: _Text, *, capitals: bool | None = None) -> bool | None:
        """Whether a word, phrase, prefix, pattern or misspelt word is in one of the fields it is looked for in."""
        if isinstance(node, ast.Synonym):
            typed, *others = node.alternatives
            return _either([self.occurs(typed), *(self.occurs(other, capitals=False) for other in others)])
        fields = TEXT_FIELDS if node.field is None else (node.field,)
        fits = self.fits(node)
        if fits is not None:
            return any(fits(token.written) for name in fields for token in self.article.words.get(name, ()))
        text = node.pattern if isinstance(node, ast.Wildcard) else node.text
        capitals = self.capitals if capitals is None else capitals
        terms = [term for _, term in self.reading.words(text, capitals=capitals)]
        quoted = isinstance(node, ast.Phrase)
        if not terms or (not quoted and not self.keep_stops and all(map(self.reading.is_stop, terms))):
            return None
        slots = [frozenset(self.reading.alternatives(term)) for term in terms]
        slop = node.slop if isinstance(node, ast.Phrase) else 0
        return any(_stand_together(slots, slop, self.article.words.get(name, ())) for name in fields)

    def fits(self, node: _Text) -> Callable[[str], bool] | None:
        """What tells the words that a sign stands for; None for a node that is searched by its terms."""
        match node:
            case ast.Wildcard(pattern=pattern):
                expression = wildcard(folded_pattern(pattern, self.reading.fold))
                return lambda written: expression.match(written) is not None
            case ast.Prefix(text=text) if (start := self.single(text)) is not None:
                return lambda written: written.startswith(start)
            case ast.Fuzzy(text=text, distance=distance) if (word := self.single(text)) is not None:
                most = min(distance, len(word) - 1)
                return lambda written: edits(word, written, most=most) is not None
        return None

    def single(self, text: str) -> str | None:
        """A text as written, if it is one word."""
        words = self.reading.words(text, capitals=self.capitals)
        return words[0][0] if len(words) == 1 else None


def _both(verdicts: Iterable[bool | None]) -> bool | None:
    """Whether all of those that say something are true."""
    said = [verdict for verdict in verdicts if verdict is not None]
    return all(said) if said else None


def _either(verdicts: Iterable[bool | None]) -> bool | None:
    """Whether one of those that say something is true."""
    said = [verdict for verdict in verdicts if verdict is not None]
    return any(said) if said else None


def _within(number: int | None, low: int | None, high: int | None) -> bool:
    return number is not None and (low is None or number >= low) and (high is None or number <= high)


def _stand_together(slots: Sequence[frozenset[str]], slop: int, tokens: Sequence[Token]) -> bool:
    """Whether the words of a phrase, each one of some terms, stand in a field as `ast.Phrase` says."""
    if not slop:
        at = {token.position: token.term for token in tokens}
        return any(all(at.get(start + place) in terms for place, terms in enumerate(slots)) for start in at)
    wanted = Counter(slots)
    for start in (token.position for token in tokens):
        window = [token.term for token in tokens if start <= token.position < start + len(slots) + slop]
        if all(sum(term in terms for term in window) >= count for terms, count in wanted.items()):
            return True
    return False
