"""A query tree to the documents it matches and their BM25F.

    evaluation = evaluate(tree, view, match="auto")
    evaluation.matches.documents, evaluation.matches.scores, evaluation.best

Scoring goes term by term on whole arrays: a term's documents and frequencies come from `Snapshot.arrays`, so this
module does not know how postings are kept. A word, or a phrase, is a `Clause`; the clauses of a tree, in query order,
are what an explanation lists. Scores are float64, added in query order, and so the same whatever the segments.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.clauses import Clause
from newsearch.engine.whoosh.constraints import constraint_mask
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Documents
from newsearch.engine.whoosh.view import Matches, View
from newsearch.model import Explanation, MatchMode
from newsearch.query import ast

__all__ = ["Evaluation", "evaluate"]

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a query matched.

    `matches` have passed the constraints. `best` is the largest B before them, which is what relevance is measured
    against. `relaxed`: no article had all the words, so those with most were taken. `clauses` are in query order.
    """

    matches: Matches
    best: float
    relaxed: bool
    clauses: tuple[Clause, ...]
    _root: "_Operand | None"

    def explain(self, document: int) -> Explanation | None:
        """The raw score B of a matched document, clause by clause; None when the query scores nothing."""
        return self._root.explain(document) if self._root is not None and self.best > 0 else None


def evaluate(tree: ast.Node, view: View, *, match: MatchMode) -> Evaluation:
    """Match and score a tree over the visible articles.

    With "auto" all words have to match; when no article has them all, those that have most of them are taken: more than
    half, or as many as the best article has. That is decided before any constraint is applied.
    """
    tree = _without_signs(tree)
    scoring, constraints = ast.split_constraints(tree)
    compiled = _Compiler(tree, view, match)
    root = compiled.compile(scoring)
    relaxed = False
    if root is None:
        everything = np.flatnonzero(view.visible)
        matches = Matches(everything, np.zeros(everything.size))
    else:
        matches = root.matches(view)
        if match == "auto" and not matches.documents.size and isinstance(root, _All) and root.optional:
            root = _Most(root)
            matches = root.matches(view)
            relaxed = bool(matches.documents.size)
    best = float(matches.scores.max()) if matches.scores.size else 0.0
    for constraint in constraints:
        keep = compiled.mask(constraint)[matches.documents]
        matches = Matches(matches.documents[keep], matches.scores[keep])
    return Evaluation(matches, best, relaxed, tuple(compiled.clauses), root)


def _without_signs(tree: ast.Node) -> ast.Node:
    """A tree of the nodes that are evaluated here: instead of prefixes, patterns, misspelt words, boosts the words."""
    match tree:
        case ast.Prefix(text=text, field=field) | ast.Fuzzy(text=text, field=field) | ast.Wildcard(text, field):
            return ast.Word(text, field, tree.span)
        case ast.Sequence() | ast.And() | ast.Or():
            return ast.combined(type(tree), map(_without_signs, tree.children), tree.span)
        case ast.Not():
            return ast.negated(_without_signs(tree.child), tree.span)
        case ast.Boosted():
            return _without_signs(tree.child)
    return tree


# What a tree is compiled to: nodes that know their matches. None stands for "says nothing" (a stop word, punctuation).


class _Operand:
    def matches(self, view: View) -> Matches:
        raise NotImplementedError

    def explain(self, document: int) -> Explanation | None:
        """What it adds to the B of a document; None where it does not match or never adds anything."""
        raise NotImplementedError


class _Leaf(_Operand):
    def __init__(self, clause: Clause) -> None:
        self._clause = clause

    def matches(self, view: View) -> Matches:  # noqa: ARG002 - a clause is bound to its view
        return self._clause.matches

    def explain(self, document: int) -> Explanation | None:
        return self._clause.explain(document)


class _Selection(_Operand):
    """A constraint beside words that score: selects, adds nothing."""

    def __init__(self, mask: NDArray[np.bool_]) -> None:
        self._mask = mask

    def matches(self, view: View) -> Matches:
        documents = np.flatnonzero(self._mask & view.visible)
        return Matches(documents, np.zeros(documents.size))

    def explain(self, document: int) -> Explanation | None:
        return Explanation(0.0, "constraint") if self._mask[document] else None


class _Any(_Operand):
    def __init__(self, operands: Sequence[_Operand]) -> None:
        self._operands = operands

    def matches(self, view: View) -> Matches:
        return _some_of([operand.matches(view) for operand in self._operands], view.snapshot.size, at_least=1)

    def explain(self, document: int) -> Explanation | None:
        return _sum("any of", [operand.explain(document) for operand in self._operands])


class _All(_Operand):
    def __init__(self, operands: Sequence[_Operand], selections: Sequence[_Operand], *, optional: bool) -> None:
        self.operands = operands
        self.selections = selections
        self.optional = optional

    def matches(self, view: View) -> Matches:
        return _all_of([operand.matches(view) for operand in (*self.operands, *self.selections)])

    def explain(self, document: int) -> Explanation | None:
        parts = [operand.explain(document) for operand in (*self.operands, *self.selections)]
        return None if None in parts else _sum("all of", parts)


class _Most(_Operand):
    """The documents that match more than half of the operands of a conjunction, or as many as the best one does."""

    def __init__(self, wanted: _All) -> None:
        self._wanted = wanted

    def matches(self, view: View) -> Matches:
        found = [operand.matches(view) for operand in self._wanted.operands]
        if self._wanted.selections:
            allowed = _all_of([selection.matches(view) for selection in self._wanted.selections])
            found = [_only(one, allowed.documents) for one in found]
        counts = np.zeros(view.snapshot.size, np.int32)
        for one in found:
            counts[one.documents] += 1
        most = int(counts.max(initial=0))
        return _some_of(found, view.snapshot.size, at_least=max(1, min(most, len(found) // 2 + 1)))

    def explain(self, document: int) -> Explanation | None:
        return _sum("most of", [operand.explain(document) for operand in self._wanted.operands])


def _sum(description: str, parts: Sequence[Explanation | None]) -> Explanation | None:
    details = tuple(part for part in parts if part is not None)
    if not details:
        return None
    return Explanation(sum(part.value for part in details), description, "sum", details)


def _only(matches: Matches, documents: Documents) -> Matches:
    keep = np.isin(matches.documents, documents, assume_unique=True)
    return Matches(matches.documents[keep], matches.scores[keep])


_SPARSE = 16
"""Postings of a union are sorted while they are fewer than the snapshot's documents divided by this."""


def _all_of(found: Sequence[Matches]) -> Matches:
    """The documents that all of the matches have, and the sums of their scores, added in the order given."""
    if len(found) == 1:
        return found[0]
    common = min((one.documents for one in found), key=len)
    for one in sorted(found, key=lambda one: one.documents.size)[1:]:
        if not common.size:
            break
        places = np.searchsorted(one.documents, common)
        places[places == one.documents.size] = 0
        common = common[one.documents[places] == common]
    scores = np.zeros(common.size)
    if common.size:
        for one in found:
            scores += one.scores[np.searchsorted(one.documents, common)]
    return Matches(common, scores)


def _some_of(found: Sequence[Matches], size: int, *, at_least: int) -> Matches:
    """The documents that so many of the matches have, and the sums of their scores, added in the order given."""
    if len(found) == 1:
        return found[0]
    if sum(one.documents.size for one in found) * _SPARSE < size:
        documents = np.concatenate([one.documents for one in found])
        order = np.argsort(documents, kind="stable")
        documents = documents[order]
        first = np.flatnonzero(np.diff(documents, prepend=-1))
        if not first.size:
            return Matches(documents, np.zeros(0))
        sums = np.add.reduceat(np.concatenate([one.scores for one in found])[order], first)
        matches = Matches(documents[first], sums)
        if at_least > 1:
            enough = np.diff(first, append=documents.size) >= at_least
            matches = Matches(matches.documents[enough], sums[enough])
        return matches
    scores = np.zeros(size)
    counts = np.zeros(size, np.uint16)
    for one in found:
        scores[one.documents] += one.scores
        counts[one.documents] += 1
    documents = np.flatnonzero(counts >= at_least)
    return Matches(documents, scores[documents])


class _Compiler:
    """Binds a tree to a view. Stop words fall away unless the tree has no other word."""

    def __init__(self, tree: ast.Node, view: View, match: MatchMode) -> None:
        texts = [leaf.text for leaf in _walk(tree) if isinstance(leaf, ast.Word | ast.Phrase)]
        self._capitals = " ".join(texts).isupper()
        self._view = view
        self._match = match
        self._keep_stops = False
        self.clauses: list[Clause] = []

    def compile(self, tree: ast.Node) -> _Operand | None:
        operand = self._operand(tree, top=True)
        if operand is None and not isinstance(tree, ast.Everything):
            self._keep_stops = True
            operand = self._operand(tree, top=True)
            if operand is None and any(isinstance(leaf, ast.Word | ast.Phrase) for leaf in _walk(tree)):
                # Words were asked for and none of them is a word: "???" finds nothing rather than everything.
                return _Selection(np.zeros(self._view.snapshot.size, np.bool_))
        return operand

    def mask(self, tree: ast.Node) -> Mask:
        """The documents that a constraint, or the words within one, select. Nothing of it scores."""
        view = self._view
        match tree:
            case ast.Word() | ast.Phrase():
                clause = self._clause(tree)
                selected = np.full(view.snapshot.size, clause is None)
                if clause is not None:
                    selected[clause.matches.documents] = True
                return selected
            case ast.Not(child=child):
                return view.visible & ~self.mask(child) if self._says_something(child) else view.visible
            case ast.Sequence(children=children) if self._match == "any":
                # Any of the words is enough; constraints beside them all have to be met.
                words = [child for child in children if not ast.is_constraint(child)]
                others = [child for child in children if ast.is_constraint(child)]
                return self._masks(words, np.logical_or) & self._masks(others, np.logical_and)
            case ast.Sequence(children=children) | ast.And(children=children):
                return self._masks(children, np.logical_and)
            case ast.Or(children=children):
                return self._masks(children, np.logical_or)
        return constraint_mask(tree, view)

    def _masks(self, trees: Sequence[ast.Node], joined: np.ufunc) -> Mask:
        """The masks of some trees, joined; those that say nothing, stop words and punctuation, left out."""
        masks = [self.mask(tree) for tree in trees if self._says_something(tree)]
        mask: Mask = reduce(joined, masks) if masks else np.ones(self._view.snapshot.size, np.bool_)
        return mask

    def _says_something(self, tree: ast.Node) -> bool:
        """Whether a tree has more in it than stop words and punctuation."""
        match tree:
            case ast.Word() | ast.Phrase():
                return self._clause(tree) is not None
            case ast.Sequence(children=children) | ast.And(children=children) | ast.Or(children=children):
                return any(map(self._says_something, children))
            case ast.Not(child=child):
                return self._says_something(child)
        return True

    def _operand(self, tree: ast.Node, *, top: bool = False) -> _Operand | None:
        match tree:
            case ast.Everything():
                return None
            case ast.Word() | ast.Phrase():
                clause = self._clause(tree)
                if clause is None:
                    return None
                self.clauses.append(clause)
                return _Leaf(clause)
            case ast.Sequence(children=children):
                return self._join(children, optional=True, top=top)
            case ast.And(children=children):
                return self._join(children, optional=False, top=top)
            case ast.Or(children=children):
                operands = [operand for child in children if (operand := self._operand(child)) is not None]
                return _Any(operands) if operands else None
        return _Selection(self.mask(tree))

    def _join(self, children: Sequence[ast.Node], *, optional: bool, top: bool) -> _Operand | None:
        operands: list[_Operand] = []
        selections: list[_Operand] = []
        for child in children:
            operand = self._operand(child)
            if operand is None:
                continue
            (selections if ast.is_constraint(child) else operands).append(operand)
        if not operands and not selections:
            return None
        if optional and self._match == "any" and operands:
            joined: _Operand = _Any(operands)
            return _All([joined], selections, optional=False) if selections else joined
        return _All(operands, selections, optional=optional and top and len(operands) > 1)

    def _clause(self, node: ast.Word | ast.Phrase) -> Clause | None:
        analyzer = self._view.snapshot.analyzer
        terms = analyzer.terms(node.text, capitals=self._capitals)
        quoted = isinstance(node, ast.Phrase)
        if not quoted and not self._keep_stops and all(map(analyzer.is_stop, terms)):
            return None
        if not terms:
            return None
        fields = TEXT_FIELDS if node.field is None else (node.field,)
        return Clause(str(node), [analyzer.alternatives(term) for term in terms], fields, self._view)


def _walk(tree: ast.Node) -> Iterator[ast.Node]:
    yield tree
    match tree:
        case ast.Sequence(children=children) | ast.And(children=children) | ast.Or(children=children):
            for child in children:
                yield from _walk(child)
        case ast.Not(child=child):
            yield from _walk(child)
