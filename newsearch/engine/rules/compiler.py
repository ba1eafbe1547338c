"""How a query tree's parts combine, whatever they combine into: arrays on one engine, requests on the other.

    class _Compiler(Compiler[Clause, Operand, Mask]): ...
    compiler = _Compiler(Reading(analyzer, tree), "auto")
    compiler.compile(scoring), compiler.mask(constraint), compiler.clauses, compiler.warnings

An operand scores what it matches; a mask selects and scores nothing. Here it is decided which of them a part of the
tree is, which parts say nothing and fall away, and what has to match together. Not here: what matching or scoring is.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from newsearch.engine.rules.sought import Form, Reading, Sought, Text
from newsearch.model import MatchMode
from newsearch.query import ast
from newsearch.query.fields import TEXT_FIELDS
from newsearch.query.written import MAX_EXPANSIONS

__all__ = ["Compiler"]

_LEAST_WORDS = 16
"""Words that a prefix or pattern stands for even where those before it have used up what a query has."""

ClauseT = TypeVar("ClauseT")
OperandT = TypeVar("OperandT")
MaskT = TypeVar("MaskT")


class Compiler(ABC, Generic[ClauseT, OperandT, MaskT]):
    """Binds the parts of one tree. Stop words fall away unless the tree has no other word.

    `clauses` are those that score, in query order; the keys of `warnings` tell what is not searched as asked. `room` is
    how many words its prefixes, patterns and misspelt words stand for together; unless given, as many as any may.
    """

    def __init__(self, reading: Reading, match: MatchMode, *, room: int | None = None) -> None:
        self._reading = reading
        self._match = match
        self._room = MAX_EXPANSIONS if room is None else room
        self._forms: dict[Form, Form] = {}
        self.clauses: list[ClauseT] = []
        self.warnings: dict[str, None] = {}
        self._known: dict[tuple[Text, float], ClauseT] = {}

    def compile(self, tree: ast.Node) -> OperandT | None:
        """The scoring part of a tree; None where nothing is asked for."""
        operand = self._operand(tree, top=True)
        if operand is None and not isinstance(tree, ast.Everything):
            self._reading.keep_stops = True
            operand = self._operand(tree, top=True)
            if operand is None and not ast.is_constraint(tree):
                # Words were asked for and none of them is a word: "???" finds nothing rather than everything.
                return self._selection(self._none())
        return operand

    def mask(self, tree: ast.Node) -> MaskT:
        """What a constraint, or the words within one, select. Nothing of it scores."""
        match tree:
            case _ if isinstance(tree, Text):
                clause = self._clause(tree)
                return self._every(()) if clause is None else self._having(clause)
            case ast.Boosted(child=child):
                return self.mask(child)
            case ast.Not(child=child):
                return self._without(self.mask(child)) if self._reading.says_something(child) else self._every(())
            case ast.Sequence(children=children) if self._match == "any":
                # Any of the words is enough; constraints beside them all have to be met.
                words = self._masks([child for child in children if not ast.is_constraint(child)])
                others = self._masks([child for child in children if ast.is_constraint(child)])
                return self._every([self._some(words), *others] if words else others)
            case ast.Sequence(children=children) | ast.And(children=children):
                return self._every(self._masks(children))
            case ast.Or(children=children):
                masks = self._masks(children)
                return self._some(masks) if masks else self._every(())
        return self._meeting(tree)

    def _masks(self, trees: Iterable[ast.Node]) -> list[MaskT]:
        """The masks of some trees; those that say nothing, stop words and punctuation, left out."""
        return [self.mask(tree) for tree in trees if self._reading.says_something(tree)]

    def _operand(self, tree: ast.Node, *, boost: float = 1.0, top: bool = False) -> OperandT | None:
        """A part of the scoring tree, every B in it multiplied by `boost`."""
        match tree:
            case ast.Everything():
                return None
            case _ if isinstance(tree, Text):
                clause = self._clause(tree, boost)
                if clause is None:
                    return None
                self.clauses.append(clause)
                return self._leaf(clause)
            case ast.Sequence(children=children):
                return self._join(children, boost, optional=True, top=top)
            case ast.And(children=children):
                return self._join(children, boost, optional=False, top=top)
            case ast.Boosted(child=child, factor=factor):
                return self._operand(child, boost=boost * factor)
            case ast.Or(children=children):
                operands = [one for _, one in self._operands(children, boost)]
                return self._any_of(operands) if operands else None
        return self._selection(self.mask(tree))

    def _join(self, children: Sequence[ast.Node], boost: float, *, optional: bool, top: bool) -> OperandT | None:
        operands: list[OperandT] = []
        selections: list[OperandT] = []
        for child, operand in self._operands(children, boost):
            (selections if ast.is_constraint(child) else operands).append(operand)
        if not operands and not selections:
            return None
        if optional and self._match == "any" and operands:
            joined = self._any_of(operands)
            return self._all_of([joined], selections, optional=False) if selections else joined
        return self._all_of(operands, selections, optional=optional and top and len(operands) > 1)

    def _operands(self, children: Sequence[ast.Node], boost: float) -> Iterator[tuple[ast.Node, OperandT]]:
        """Those of some children that say something, each with its operand; equal ones have the same."""
        known: dict[ast.Node, tuple[OperandT | None, list[ClauseT]]] = {}
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

    def _clause(self, node: Text, boost: float = 1.0) -> ClauseT | None:
        sought = self._reading.sought(node)
        if sought is None:
            return None
        key = node, boost
        clause = self._known.get(key)
        if clause is None:
            fields = TEXT_FIELDS if node.field is None else (node.field,)
            if isinstance(sought, Form):
                sought = self._affordable(sought)
            clause = self._known[key] = self._bound(node, sought, fields, boost)
        return clause

    def _affordable(self, form: Form) -> Form:
        """A form that stands for no more words than the query has left."""
        if form not in self._forms:
            used = sum(self._words(other) for other in self._forms.values())
            left = max(self._room - used, _LEAST_WORDS)
            self._forms[form] = form if left >= form.most else replace(form, most=left)
        return self._forms[form]

    def _warn(self, warning: str | None) -> None:
        if warning is not None:
            self.warnings[warning] = None

    # --- What it combines into: an engine's own ---

    @abstractmethod
    def _bound(self, node: Text, sought: Sought, fields: tuple[str, ...], boost: float) -> ClauseT:
        """What looks for something in some fields; `_warn` says where that is not as asked."""

    @abstractmethod
    def _words(self, form: Form) -> int:
        """How many words a form stands for."""

    @abstractmethod
    def _leaf(self, clause: ClauseT) -> OperandT:
        """What scores a clause."""

    @abstractmethod
    def _selection(self, mask: MaskT) -> OperandT:
        """What selects, and scores 0."""

    @abstractmethod
    def _any_of(self, operands: list[OperandT]) -> OperandT:
        """What matches where at least one does, one or more, and scores their sum."""

    @abstractmethod
    def _all_of(self, operands: list[OperandT], selections: list[OperandT], *, optional: bool) -> OperandT:
        """What matches where all do; `optional`: most of `operands` will do where nothing has all."""

    @abstractmethod
    def _having(self, clause: ClauseT) -> MaskT:
        """Where a clause is."""

    @abstractmethod
    def _meeting(self, constraint: ast.Node) -> MaskT:
        """Where a keyword, range or flag is met, or anything at all."""

    @abstractmethod
    def _without(self, mask: MaskT) -> MaskT:
        """Where a mask is not."""

    @abstractmethod
    def _every(self, masks: Sequence[MaskT]) -> MaskT:
        """Where all of some masks are; everything for none."""

    @abstractmethod
    def _some(self, masks: Sequence[MaskT]) -> MaskT:
        """Where any of some masks is, one or more."""

    @abstractmethod
    def _none(self) -> MaskT:
        """Nowhere."""
