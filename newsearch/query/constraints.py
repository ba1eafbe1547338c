"""What of a query's tree scores, and what every hit has to meet besides.

    split_constraints(parse("ban provider:Salon -china", today=now).tree)
    # Word("ban"), (Keyword("provider", "Salon"), Not(Word("china")))

Which nodes only select is `newsearch.query.ast`'s to say; which articles those select, an engine's.
"""

from operator import is_

from newsearch.query.ast import And, Boosted, Everything, Node, Sequence, combined, is_constraint

__all__ = ["split_constraints"]


def split_constraints(tree: Node) -> tuple[Node, tuple[Node, ...]]:
    """The scoring tree, and the constraints that every hit must meet besides.

    Constraints are split off a Sequence or And at the top, and off those inside it, boosted or not. The scoring tree is
    Everything where nothing else remains. A constraint under an Or beside words stays, for there it is an alternative.

    A boost of the whole scoring tree is taken off. To multiply every B changes no score, and so `(a b)^2` is relaxed as
    `a b` is.
    """
    constraints: list[Node] = []
    scoring = _without_constraints(tree, constraints)
    while isinstance(scoring, Boosted):
        scoring = scoring.child
    return Everything(tree.span) if scoring is None else scoring, tuple(constraints)


def _without_constraints(node: Node, constraints: list[Node]) -> Node | None:
    match node:
        case Everything():
            return None
        case Sequence() | And():
            kept = [left for child in node.children if (left := _without_constraints(child, constraints)) is not None]
            if len(kept) == len(node.children) and all(map(is_, kept, node.children)):
                return node
            return combined(type(node), kept, node.span) if kept else None
        case Boosted():
            left = _without_constraints(node.child, constraints)
            return node if left is node.child else None if left is None else Boosted(left, node.factor, node.span)
    if is_constraint(node):
        constraints.append(node)
        return None
    return node
