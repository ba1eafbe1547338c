"""A query tree to the documents it matches and their BM25F.

    evaluation = evaluate(tree, view, match="auto", wanted=10)
    evaluation.leading.documents, evaluation.leading.scores, evaluation.best, evaluation.total
    evaluation.matches                       # all that match, for whoever needs them

Scoring goes term by term on whole arrays, or, where only the first are wanted of many, by `leading`. A word, a phrase,
or words that count as one are a `Clause`, which takes the boosts of all that it stands in; the clauses of a tree, in
query order, are what an explanation lists. Scores are float64, added in query order, and so the same whatever the
segments.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial, reduce

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.budget import within_budget
from newsearch.engine.whoosh.clauses import Clause
from newsearch.engine.whoosh.constraints import constraint_mask
from newsearch.engine.whoosh.expansions import expanded
from newsearch.engine.whoosh.leading import Leading, leading
from newsearch.engine.whoosh.matches import Matches
from newsearch.engine.whoosh.operands import AllOf, AnyOf, Leaf, MostOf, Operand, Selection, found_of, selected, where
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.sought import Form, Reading, Text
from newsearch.engine.whoosh.view import View
from newsearch.model import Explanation, MatchMode
from newsearch.query import ast
from newsearch.query.written import MAX_EXPANSIONS

__all__ = ["Evaluation", "evaluate"]

Mask = NDArray[np.bool_]

_MANY = 4096
"""From so many postings on it pays to look for the first matches without scoring all."""

_MOST_LISTS = 16
"""With more lists than these it does not: each is compared with all others."""

_LEAST_WORDS = 16
"""Words that a prefix or pattern stands for even where those before it have used up what a query has."""


class Evaluation:
    """What a query matched.

    `leading` are those of the matches that may come first by blended score, as many as were wanted or more; all of
    them where no number was. `total` counts all matches. Both have passed the constraints; `best` is the largest B
    before them, which is what relevance is measured against. `relaxed`: no article had all the words, so those with
    most were taken. `clauses` are in query order; `warnings` tell what was not searched as asked.
    """

    def __init__(  # noqa: PLR0917 - one place makes it
        self,
        leading: Matches,
        total: int,
        best: float,
        relaxed: bool,
        compiled: "_Compiler",
        root: "Operand | None",
        everything: Callable[[], Matches],
    ) -> None:
        self.leading = leading
        self.total = total
        self.best = best
        self.relaxed = relaxed
        self.clauses = tuple(compiled.clauses)
        self.warnings = tuple(compiled.warnings)
        self._root = root
        self._everything = everything

    @cached_property
    def matches(self) -> Matches:
        """All matches that have passed the constraints."""
        return self.leading if self.leading.documents.size == self.total else self._everything()

    def explain(self, document: int) -> Explanation | None:
        """The raw score B of a matched document, clause by clause; None when the query scores nothing."""
        return self._root.explain(document) if self._root is not None and self.best > 0 else None


def evaluate(tree: ast.Node, view: View, *, match: MatchMode, wanted: int | None = None) -> Evaluation:
    """Match and score a tree over the visible articles.

    With "auto" all words have to match; when no article has them all, those that have most of them are taken: more than
    half, or as many as the best article has. That is decided before any constraint is applied. With `wanted` so many
    matches that blend best are enough, and only they need be scored.
    """
    affordable, left_out = within_budget(tree, view)
    scoring, constraints = ast.split_constraints(affordable)
    compiled = _Compiler(Reading(view.snapshot.analyzer, tree), view, match)
    if left_out is not None:
        compiled.warnings[left_out] = None
    root = compiled.compile(scoring)
    keep = compiled.all_of(constraints)
    if root is not None and wanted is not None:
        first = _first(root, view, wanted, keep)
        if first is not None:
            everything = partial(_all_matches, root, view, keep)
            return Evaluation(first.matches, first.total, first.best, False, compiled, root, everything)
    relaxed = False
    if root is None:
        found = selected(view.visible)
    else:
        found = root.matches(view)
        if match == "auto" and not found.documents.size and isinstance(root, AllOf) and root.optional:
            root = MostOf(root)
            found = root.matches(view)
            relaxed = bool(found.documents.size)
    matches = where(found, keep)
    size = int(matches.documents.size)
    return Evaluation(matches, size, found.highest, relaxed, compiled, root, lambda: matches)


def _first(root: "Operand", view: View, wanted: int, keep: Mask | None) -> Leading | None:
    """The first matches of plain words that many articles have; None where all matches are as quickly scored."""
    if isinstance(root, Leaf):
        lists, every = [root.clause.matches], True
    elif isinstance(root, AllOf | AnyOf) and root.is_plain:
        lists, every = found_of(root.operands, view), isinstance(root, AllOf)
    else:
        return None
    if len(lists) > _MOST_LISTS:
        return None
    sizes = [one.documents.size for one in lists]
    if (min(sizes) if every else sum(sizes)) < _MANY:
        return None
    first = leading(lists, view, every=every, wanted=max(wanted, 1), keep=keep)
    # Nothing has all the words: other ways of matching come next.
    return first if first is not None and first.best else None


def _all_matches(root: Operand, view: View, keep: Mask | None) -> Matches:
    return where(root.matches(view), keep)


class _Compiler:
    """Binds a tree to a view. Stop words fall away unless the tree has no other word."""

    def __init__(self, reading: Reading, view: View, match: MatchMode) -> None:
        self._reading = reading
        self._view = view
        self._match = match
        self.clauses: list[Clause] = []
        self.warnings: dict[str, None] = {}
        self._known: dict[tuple[Text, float], Clause] = {}
        self._forms: dict[Form, Form] = {}

    def compile(self, tree: ast.Node) -> Operand | None:
        operand = self._operand(tree, top=True)
        if operand is None and not isinstance(tree, ast.Everything):
            self._reading.keep_stops = True
            operand = self._operand(tree, top=True)
            if operand is None and not ast.is_constraint(tree):
                # Words were asked for and none of them is a word: "???" finds nothing rather than everything.
                return Selection(np.zeros(self._view.snapshot.size, np.bool_))
        return operand

    def all_of(self, constraints: Sequence[ast.Node]) -> Mask | None:
        """The documents that meet all constraints; None where there are none."""
        masks = [self.mask(constraint) for constraint in constraints]
        return reduce(np.logical_and, masks) if masks else None

    def mask(self, tree: ast.Node) -> Mask:
        """The documents that a constraint, or the words within one, select. Nothing of it scores."""
        view = self._view
        match tree:
            case _ if isinstance(tree, Text):
                clause = self._clause(tree)
                selected = np.full(view.snapshot.size, clause is None)
                if clause is not None:
                    selected[clause.matches.documents] = True
                return selected
            case ast.Boosted(child=child):
                return self.mask(child)
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
        return view.masks.get(tree, lambda: (constraint_mask(tree, view), view.snapshot.size))

    def _masks(self, trees: Sequence[ast.Node], joined: np.ufunc) -> Mask:
        """The masks of some trees, joined; those that say nothing, stop words and punctuation, left out."""
        masks = [self.mask(tree) for tree in trees if self._says_something(tree)]
        mask: Mask = reduce(joined, masks) if masks else np.ones(self._view.snapshot.size, np.bool_)
        return mask

    def _says_something(self, tree: ast.Node) -> bool:
        """Whether a tree has more in it than stop words and punctuation."""
        match tree:
            case _ if isinstance(tree, Text):
                return self._reading.sought(tree) is not None
            case ast.Sequence(children=children) | ast.And(children=children) | ast.Or(children=children):
                return any(map(self._says_something, children))
            case ast.Not(child=child) | ast.Boosted(child=child):
                return self._says_something(child)
        return True

    def _operand(self, tree: ast.Node, *, boost: float = 1.0, top: bool = False) -> Operand | None:
        """A part of the scoring tree, every B in it multiplied by `boost`."""
        match tree:
            case ast.Everything():
                return None
            case _ if isinstance(tree, Text):
                clause = self._clause(tree, boost)
                if clause is None:
                    return None
                self.clauses.append(clause)
                return Leaf(clause)
            case ast.Sequence(children=children):
                return self._join(children, boost, optional=True, top=top)
            case ast.And(children=children):
                return self._join(children, boost, optional=False, top=top)
            case ast.Boosted(child=child, factor=factor):
                return self._operand(child, boost=boost * factor)
            case ast.Or(children=children):
                operands = [one for _, one in self._operands(children, boost)]
                return AnyOf(operands) if operands else None
        return Selection(self.mask(tree))

    def _join(self, children: Sequence[ast.Node], boost: float, *, optional: bool, top: bool) -> Operand | None:
        operands: list[Operand] = []
        selections: list[Operand] = []
        for child, operand in self._operands(children, boost):
            (selections if ast.is_constraint(child) else operands).append(operand)
        if not operands and not selections:
            return None
        if optional and self._match == "any" and operands:
            joined: Operand = AnyOf(operands)
            return AllOf([joined], selections, optional=False) if selections else joined
        return AllOf(operands, selections, optional=optional and top and len(operands) > 1)

    def _operands(self, children: Sequence[ast.Node], boost: float) -> Iterator[tuple[ast.Node, Operand]]:
        """Those of some children that say something, each with its operand; equal ones have the same."""
        known: dict[ast.Node, tuple[Operand | None, list[Clause]]] = {}
        for child in children:
            if isinstance(child, Text):
                operand = self._operand(child, boost=boost)
            elif child in known:
                # Whatever a text has over and over is matched once; its clauses count as often as they stand there.
                operand, clauses = known[child]
                self.clauses.extend(clauses)
            else:
                before = len(self.clauses)
                operand = self._operand(child, boost=boost)
                known[child] = operand, self.clauses[before:]
            if operand is not None:
                yield child, operand

    def _clause(self, node: Text, boost: float = 1.0) -> Clause | None:
        sought = self._reading.sought(node)
        if sought is None:
            return None
        key = node, boost
        clause = self._known.get(key)
        if clause is None:
            if isinstance(sought, Form):
                sought = self._affordable(sought)
            fields = TEXT_FIELDS if node.field is None else (node.field,)
            clause = self._known[key] = Clause(node, sought, fields, self._view, boost=boost)
            if clause.warning is not None:
                self.warnings[clause.warning] = None
        return clause

    def _affordable(self, form: Form) -> Form:
        """A form that stands for no more words than the query has left."""
        if form not in self._forms:
            used = sum(expanded(other, self._view).count(self._view) for other in self._forms.values())
            left = max(MAX_EXPANSIONS - used, _LEAST_WORDS)
            self._forms[form] = form if left >= form.most else replace(form, most=left)
        return self._forms[form]
