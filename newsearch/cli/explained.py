"""Why a hit has its score, as a tree.

    rendered(tree(hit.explanation))

Figures stand as they were calculated with; nothing is calculated here.
"""

from collections.abc import Mapping

from rich.text import Text
from rich.tree import Tree

from newsearch.cli.terminal import clean
from newsearch.model import Explanation

__all__ = ["tree"]


def tree(explanation: Explanation) -> Tree:
    """An explanation, with the figures behind each value."""
    root = Tree(_reason(explanation), guide_style="dim")
    _grow(root, explanation)
    return root


def _grow(branch: Tree, explanation: Explanation) -> None:
    for detail in explanation.details:
        _grow(branch.add(_reason(detail)), detail)


def _reason(explanation: Explanation) -> Text:
    how = {"sum": " (sum)", "product": " (product)"}.get(explanation.combine or "", "")
    line = Text(f"{explanation.value:.4f} ", overflow="fold")
    line.append(clean(explanation.description) + how, style="bold" if explanation.details else "")
    if explanation.facts:
        line.append(f"  {clean(_figures(explanation.facts))}", style="dim")
    return line


def _figures(facts: object) -> str:
    """Facts in one line: `tf 2, length 11, title (weight 2)`."""
    if isinstance(facts, float):
        return f"{facts:.4g}"
    if isinstance(facts, Mapping):
        return ", ".join(
            f"{name} ({_figures(fact)})" if isinstance(fact, Mapping) else f"{name.replace('_', ' ')} {_figures(fact)}"
            for name, fact in facts.items()
        )
    if isinstance(facts, list | tuple):
        return " ".join(map(_figures, facts))
    return "unknown" if facts is None else str(facts)
