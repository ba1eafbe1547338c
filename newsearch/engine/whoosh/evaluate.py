"""A query tree to the documents it matches and their BM25F.

    evaluation = evaluate(tree, view, match="auto", wanted=10)
    evaluation.leading.documents, evaluation.leading.scores, evaluation.best, evaluation.total
    evaluation.matches                       # all that match, for whoever needs them

Scoring goes term by term on whole arrays, or, where only the first are wanted of many, by `leading`. A word, a phrase,
or words that count as one are a `Clause`, which takes the boosts of all that it stands in; the clauses of a tree, in
query order, are what an explanation lists. Scores are float64, added in query order, and so the same whatever the
segments. How the parts of a tree combine is `newsearch.engine.rules.compiler`'s.
"""

from collections.abc import Callable, Sequence
from functools import cached_property, partial, reduce

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.compiler import Compiler
from newsearch.engine.rules.sought import Form, Reading, Sought, Text
from newsearch.engine.whoosh.budget import within_budget
from newsearch.engine.whoosh.clauses import Clause
from newsearch.engine.whoosh.constraints import constraint_mask
from newsearch.engine.whoosh.expansions import expanded
from newsearch.engine.whoosh.leading import Leading, leading
from newsearch.engine.whoosh.matches import Matches
from newsearch.engine.whoosh.operands import AllOf, AnyOf, Leaf, MostOf, Operand, Selection, found_of, selected, where
from newsearch.engine.whoosh.view import View
from newsearch.model import Explanation, MatchMode
from newsearch.query import ast
from newsearch.query.constraints import split_constraints

__all__ = ["Evaluation", "evaluate"]

Mask = NDArray[np.bool_]

_MANY = 4096
"""From so many postings on it pays to look for the first matches without scoring all."""

_MOST_LISTS = 16
"""With more lists than these it does not: each is compared with all others."""


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
    scoring, constraints = split_constraints(affordable)
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


class _Compiler(Compiler[Clause, Operand, Mask]):
    """Binds a tree to a view."""

    def __init__(self, reading: Reading, view: View, match: MatchMode) -> None:
        super().__init__(reading, match)
        self._view = view

    def all_of(self, constraints: Sequence[ast.Node]) -> Mask | None:
        """The documents that meet all constraints; None where there are none."""
        return self._every([self.mask(constraint) for constraint in constraints]) if constraints else None

    def _bound(self, node: Text, sought: Sought, fields: tuple[str, ...], boost: float) -> Clause:
        clause = Clause(node, sought, fields, self._view, boost=boost)
        self._warn(clause.warning)
        return clause

    def _words(self, form: Form) -> int:
        return expanded(form, self._view).count(self._view)

    def _leaf(self, clause: Clause) -> Operand:
        return Leaf(clause)

    def _selection(self, mask: Mask) -> Operand:
        return Selection(mask)

    def _any_of(self, operands: list[Operand]) -> Operand:
        return AnyOf(operands)

    def _all_of(self, operands: list[Operand], selections: list[Operand], *, optional: bool) -> Operand:
        return AllOf(operands, selections, optional=optional)

    def _having(self, clause: Clause) -> Mask:
        selected = self._none()
        selected[clause.matches.documents] = True
        return selected

    def _meeting(self, constraint: ast.Node) -> Mask:
        view = self._view
        return view.masks.get(constraint, lambda: (constraint_mask(constraint, view), view.snapshot.size))

    def _without(self, mask: Mask) -> Mask:
        return self._view.visible & ~mask

    def _every(self, masks: Sequence[Mask]) -> Mask:
        return reduce(np.logical_and, masks) if masks else np.ones(self._view.snapshot.size, np.bool_)

    def _some(self, masks: Sequence[Mask]) -> Mask:
        return reduce(np.logical_or, masks)

    def _none(self) -> Mask:
        return np.zeros(self._view.snapshot.size, np.bool_)
