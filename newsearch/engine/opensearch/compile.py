"""A query tree as queries of the cluster: one that matches and scores, and one that only selects.

    compiled = compiled_tree(tree, view, expansions, analyzer, match="auto")
    compiled.root.scoring(), compiled.constraints, compiled.clauses

What the parts of a tree are and what has to match together is decided by `newsearch.engine.rules.compiler`, for both
engines; here is what that is on a cluster. Constraints at the top are split off, and a combination scores the sum over
what matches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newsearch.engine.opensearch.clauses import Clause
from newsearch.engine.opensearch.constraints import NOTHING, constraint_query
from newsearch.engine.opensearch.expansions import Expansions
from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.rules.compiler import Compiler
from newsearch.engine.rules.sought import Form, Reading, Sought, Text
from newsearch.model import MatchMode
from newsearch.query import ast
from newsearch.query.constraints import split_constraints

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
    scoring, constraints = split_constraints(tree)
    compiler = _Compiler(Reading(analyzer, tree), view, expansions, match)
    root = compiler.compile(scoring)
    kept = tuple(compiler.mask(constraint) for constraint in constraints)
    # Frequencies are asked for all at once, and then known.
    view.counts([query for clause in compiler.clauses for query in clause.frequency_queries])
    return Compiled(root, kept, tuple(compiler.clauses), tuple(compiler.warnings))


class _Compiler(Compiler[Clause, Operand, Query]):
    """Binds a tree to a view."""

    def __init__(self, reading: Reading, view: View, expansions: Expansions, match: MatchMode) -> None:
        super().__init__(reading, match, room=expansions.most)
        self._view = view
        self._expansions = expansions

    def _bound(self, node: Text, sought: Sought, fields: tuple[str, ...], boost: float) -> Clause:
        expansion = self._expansions.of(sought) if isinstance(sought, Form) else None
        clause = Clause(node, sought, fields, self._view, boost=boost, expansion=expansion)
        self._warn(clause.warning)
        return clause

    def _words(self, form: Form) -> int:
        return len(self._expansions.of(form).worths)

    def _leaf(self, clause: Clause) -> Operand:
        return Leaf(clause)

    def _selection(self, mask: Query) -> Operand:
        return Selection(mask)

    def _any_of(self, operands: list[Operand]) -> Operand:
        return AnyOf(tuple(operands))

    def _all_of(self, operands: list[Operand], selections: list[Operand], *, optional: bool) -> Operand:
        return AllOf(tuple(operands), tuple(Selection(one.filtering()) for one in selections), optional)

    def _having(self, clause: Clause) -> Query:
        return clause.filtering()

    def _meeting(self, constraint: ast.Node) -> Query:
        return constraint_query(constraint)

    def _without(self, mask: Query) -> Query:
        return {"bool": {"must_not": [mask]}}

    def _every(self, masks: Sequence[Query]) -> Query:
        return {"bool": {"filter": list(masks)}} if masks else EVERYTHING

    def _some(self, masks: Sequence[Query]) -> Query:
        return {"bool": {"should": list(masks), "minimum_should_match": 1}}

    def _none(self) -> Query:
        return NOTHING


def _all(operands: Sequence[Query], selections: Sequence[Selection]) -> Query:
    filters = [one.query for one in selections]
    if not operands:
        return {"bool": {"filter": filters}} if filters else EVERYTHING
    if len(operands) == 1 and not filters:
        return operands[0]
    return {"bool": {"must": list(operands)} | ({"filter": filters} if filters else {})}
