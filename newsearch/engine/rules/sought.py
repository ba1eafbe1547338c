"""What a query's words ask the archive for: terms in a row or near each other, words of some form, one of several.

    Reading(analyzer, tree).sought(ast.Word("covid-19"))         # Run((("covid",), ("19",)))

A node becomes what can be looked up, whatever field it is for. Where it occurs is `tallies`' and `clauses`'.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from newsearch.engine.rules.analysis import Analyzer, fold
from newsearch.query import ast
from newsearch.query.written import MAX_EXPANSIONS, MAX_FUZZY_EXPANSIONS, folded_pattern

__all__ = ["Form", "OneOf", "Reading", "Run", "Sought", "Terms", "Text", "cut_short", "terms_in"]

Terms = tuple[str, ...]
"""The terms that one query word stands for."""

_LONGEST_KEPT = 100
"""Characters of a text whose terms are kept: longer ones rarely come again, and ten thousand would take a gigabyte."""

Text: TypeAlias = ast.Word | ast.Phrase | ast.Prefix | ast.Wildcard | ast.Fuzzy | ast.Synonym


@dataclass(frozen=True, slots=True)
class Run:
    """Words, each one of some terms, that follow each other; or, with a slop, stand near each other (`ast.Phrase`)."""

    slots: tuple[Terms, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """How the words looked for are written: they begin with a folded text, fit a folded pattern, or are nearly a text.

    `distance` is the number of edits that they are away at most, 0 where they are not misspelt. Of more words than
    `most` only the first count.
    """

    kind: Literal["prefix", "wildcard", "fuzzy"]
    text: str
    distance: int
    most: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some terms, or one of some runs of several words; all of them count as one term."""

    terms: Terms
    runs: tuple[Run, ...]


Sought: TypeAlias = Run | Form | OneOf


def terms_in(sought: Sought) -> frozenset[str]:
    """The terms that are asked for; none for words of some form."""
    match sought:
        case Run(slots=slots):
            return frozenset(term for terms in slots for term in terms)
        case OneOf(terms=terms, runs=runs):
            return frozenset(terms).union(*map(terms_in, runs))
    return frozenset()


def cut_short(label: str, form: Form, most: int) -> str:
    """The warning that a form stands for more words than are searched."""
    first = "nearest" if form.kind == "fuzzy" else "shortest"
    return f'"{label}" stands for more than {most:,} words; the {first} of them were searched.'


class Reading:
    """Reads the nodes of one tree. `keep_stops`: a word that is a stop word is asked for too."""

    def __init__(self, analyzer: Analyzer, tree: ast.Node) -> None:
        texts = [node.text for node in ast.walk(tree) if isinstance(node, ast.Word | ast.Phrase | ast.Synonym)]
        self._capitals = " ".join(texts).isupper()
        self._analyzer = analyzer
        self.keep_stops = False

    def sought(self, node: Text) -> Sought | None:
        """What a node asks for; None where it says nothing: punctuation, and stop words unless they are kept."""
        if isinstance(node, ast.Synonym):
            typed, *others = node.alternatives
            # What the file has is no part of a query in capitals.
            runs = [self._run(typed, self._capitals), *(self._run(other, False) for other in others)]
            return _one_of([run for run in runs if run is not None])
        match node:
            case ast.Wildcard(pattern=pattern):
                return Form("wildcard", folded_pattern(pattern, fold), 0, MAX_EXPANSIONS)
            case ast.Prefix(text=text) if (start := self._single(text)) is not None:
                return Form("prefix", start, 0, MAX_EXPANSIONS)
            case ast.Fuzzy(text=text, distance=distance) if (word := self._single(text)) is not None:
                return Form("fuzzy", word, distance, MAX_FUZZY_EXPANSIONS)
        return self._run(node, self._capitals)

    def says_something(self, tree: ast.Node) -> bool:
        """Whether a tree has more in it than punctuation, and stop words unless they are kept."""
        match tree:
            case _ if isinstance(tree, Text):
                return self.sought(tree) is not None
            case ast.Sequence(children=children) | ast.And(children=children) | ast.Or(children=children):
                return any(map(self.says_something, children))
            case ast.Not(child=child) | ast.Boosted(child=child):
                return self.says_something(child)
        return True

    def _run(self, node: ast.Word | ast.Phrase | ast.Prefix | ast.Fuzzy, capitals: bool) -> Run | None:
        slots_of = _kept_slots if len(node.text) <= _LONGEST_KEPT else _slots
        slots, stops = slots_of(node.text, self._analyzer, capitals)
        if not slots or (stops and not self.keep_stops and not isinstance(node, ast.Phrase)):
            return None
        return Run(slots, node.slop if isinstance(node, ast.Phrase) and len(slots) > 1 else 0)

    def _single(self, text: str) -> str | None:
        """A text as written, if it is one word."""
        words = self._analyzer.written_terms(text)
        return words[0][0] if len(words) == 1 else None


def _one_of(runs: list[Run]) -> Sought | None:
    if len(runs) == 1 and len(runs[0].slots) == 1:
        return runs[0]
    terms = dict.fromkeys(term for run in runs if len(run.slots) == 1 for term in run.slots[0])
    several = dict.fromkeys(run for run in runs if len(run.slots) > 1)
    return OneOf(tuple(terms), tuple(several)) if runs else None


def _slots(text: str, analyzer: Analyzer, capitals: bool) -> tuple[tuple[Terms, ...], bool]:
    """The terms of each word of a text, and whether it has stop words alone."""
    terms = analyzer.terms(text, capitals=capitals)
    return tuple(map(analyzer.alternatives, terms)), all(map(analyzer.is_stop, terms))


_kept_slots = lru_cache(maxsize=10_000)(_slots)
