"""A query tree as queries of the cluster: one that matches and scores, and one that only selects.

    compiled = compiled_tree(tree, view, expansions, analyzer, match="auto")
    compiled.root.scoring(), compiled.constraints, compiled.clauses

The same steps as on the embedded engine (`newsearch.engine.whoosh.evaluate`): stop words fall away unless there is no
other word, constraints at the top are split off, and the score of a combination is the sum over what matches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newsearch.engine.opensearch.clauses import Clause
from newsearch.engine.opensearch.constraints import NOTHING, constraint_query
from newsearch.engine.opensearch.expansions import Expansions
from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.whoosh.analysis import Analyzer
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.sought import Form, Reading, Text
from newsearch.model import MatchMode
from newsearch.query import ast

__all__ = ["AllOf", "AnyOf", "Compiled", "Leaf", "Operand", "Selection", "compiled_tree"]

EVERYTHING: Query = {"match_all": {}}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A clause."""

    clause: Clause

    def scoring(self) -> Query:
        """What finds and scores it."""
        return self.clause.scoring()

    def filtering(self) -> Query:
        """What finds it."""
        return self.clause.filtering()


@dataclass(frozen=True, slots=True)
class Selection:
    """A constraint beside words that score: selects, adds nothing."""

    query: Query

    def scoring(self) -> Query:
        """What finds it, with scores of 0."""
        return {"constant_score": {"filter": self.query, "boost": 0.0}}

    def filtering(self) -> Query:
        """What finds it."""
        return self.query


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least `least` of some operands, of which all that match add to the score, and all of what only selects."""

    operands: tuple["Operand", ...]
    least: int = 1
    selections: tuple[Selection, ...] = ()

    def scoring(self) -> Query:
        """What finds and scores them."""
        return self._joined([one.scoring() for one in self.operands])

    def filtering(self) -> Query:
        """What finds them."""
        return self._joined([one.filtering() for one in self.operands])

    def _joined(self, queries: Sequence[Query]) -> Query:
        joined: Query = {"should": list(queries), "minimum_should_match": self.least}
        if self.selections:
            joined["filter"] = [one.query for one in self.selections]
        return {"bool": joined}


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of some operands, and of what only selects. `optional`: most will do where nothing has all."""

    operands: tuple["Operand", ...]
    selections: tuple[Selection, ...]
    optional: bool

    def scoring(self) -> Query:
        """What finds and scores them."""
        return _all([one.scoring() for one in self.operands], self.selections)

    def filtering(self) -> Query:
        """What finds them."""
        return _all([one.filtering() for one in self.operands], self.selections)

    def counting(self) -> Query:
        """What finds those that match any, and scores how many of them match."""
        each: list[Query] = [{"constant_score": {"filter": one.filtering()}} for one in self.operands]
        found: Query = {"should": each, "minimum_should_match": 1}
        if self.selections:
            found["filter"] = [one.query for one in self.selections]
        return {"bool": found}


Operand = Leaf | Selection | AnyOf | AllOf


@dataclass(frozen=True, slots=True)
class Compiled:
    """A tree bound to a view: `root` scores (None where nothing does), `constraints` every hit meets besides."""

    root: Operand | None
    constraints: tuple[Query, ...]
    clauses: tuple[Clause, ...]
    warnings: tuple[str, ...]


def compiled_tree(
    tree: ast.Node, view: View, expansions: Expansions, analyzer: Analyzer, *, match: MatchMode
) -> Compiled:
    """Bind a tree to a view."""
    scoring, constraints = ast.split_constraints(tree)
    compiler = _Compiler(Reading(analyzer, tree), view, expansions, match)
    root = compiler.compile(scoring)
    kept = tuple(compiler.mask(constraint) for constraint in constraints)
    # Frequencies are asked for all at once, and then known.
    view.counts([query for clause in compiler.clauses for query in clause.frequency_queries])
    return Compiled(root, kept, tuple(compiler.clauses), tuple(compiler.warnings))


class _Compiler:
    def __init__(self, reading: Reading, view: View, expansions: Expansions, match: MatchMode) -> None:
        self._reading = reading
        self._view = view
        self._expansions = expansions
        self._match = match
        self.clauses: list[Clause] = []
        self.warnings: dict[str, None] = {}

    def compile(self, tree: ast.Node) -> Operand | None:
        operand = self._operand(tree, top=True)
        if operand is None and not isinstance(tree, ast.Everything):
            self._reading.keep_stops = True
            operand = self._operand(tree, top=True)
            if operand is None and not ast.is_constraint(tree):
                # Words were asked for and none of them is a word: "???" finds nothing rather than everything.
                return Selection(NOTHING)
        return operand

    def mask(self, tree: ast.Node) -> Query:
        """What a constraint, or the words within one, select. Nothing of it scores."""
        match tree:
            case _ if isinstance(tree, Text):
                clause = self._clause(tree)
                return EVERYTHING if clause is None else clause.filtering()
            case ast.Boosted(child=child):
                return self.mask(child)
            case ast.Not(child=child):
                return {"bool": {"must_not": [self.mask(child)]}} if self._says_something(child) else EVERYTHING
            case ast.Sequence(children=children) if self._match == "any":
                # Any of the words is enough; constraints beside them all have to be met.
                words = self._masks([child for child in children if not ast.is_constraint(child)])
                others = self._masks([child for child in children if ast.is_constraint(child)])
                any_word = [{"bool": {"should": words, "minimum_should_match": 1}}] if words else []
                return _all([], [Selection(one) for one in (*any_word, *others)])
            case ast.Sequence(children=children) | ast.And(children=children):
                return _all([], [Selection(one) for one in self._masks(children)])
            case ast.Or(children=children):
                found = self._masks(children)
                return {"bool": {"should": found, "minimum_should_match": 1}} if found else EVERYTHING
        return constraint_query(tree)

    def _masks(self, trees: Sequence[ast.Node]) -> list[Query]:
        """The masks of some trees; those that say nothing, stop words and punctuation, left out."""
        return [self.mask(tree) for tree in trees if self._says_something(tree)]

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
                operands = [one for child in children if (one := self._operand(child, boost=boost)) is not None]
                return AnyOf(tuple(operands)) if operands else None
        return Selection(self.mask(tree))

    def _join(self, children: Sequence[ast.Node], boost: float, *, optional: bool, top: bool) -> Operand | None:
        operands: list[Operand] = []
        selections: list[Selection] = []
        for child in children:
            operand = self._operand(child, boost=boost)
            if operand is None:
                continue
            if ast.is_constraint(child):
                selections.append(Selection(operand.filtering()))
            else:
                operands.append(operand)
        if not operands and not selections:
            return None
        if optional and self._match == "any" and operands:
            return AnyOf(tuple(operands), selections=tuple(selections))
        return AllOf(tuple(operands), tuple(selections), optional=optional and top and len(operands) > 1)

    def _clause(self, node: Text, boost: float = 1.0) -> Clause | None:
        sought = self._reading.sought(node)
        if sought is None:
            return None
        fields = TEXT_FIELDS if node.field is None else (node.field,)
        expansion = self._expansions.of(sought) if isinstance(sought, Form) else None
        clause = Clause(node, sought, fields, self._view, boost=boost, expansion=expansion)
        if clause.warning is not None:
            self.warnings[clause.warning] = None
        return clause


def _all(operands: Sequence[Query], selections: Sequence[Selection]) -> Query:
    filters = [one.query for one in selections]
    if not operands:
        return {"bool": {"filter": filters}} if filters else EVERYTHING
    if len(operands) == 1 and not filters:
        return operands[0]
    return {"bool": {"must": list(operands)} | ({"filter": filters} if filters else {})}
