"""Why a hit has its score, as a tree.

    rendered(tree(hit.explanation))

Figures stand as they were calculated with; nothing is calculated here.
"""

from collections.abc import Mapping

from rich.text import Text
from rich.tree import Tree

from newsearch import wording
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
    figures = {name: fact for name, fact in explanation.facts.items() if not isinstance(fact, Mapping)}
    if figures:
        line.append(f"  {clean(wording.figures(figures))}", style="dim")
    for fact in explanation.facts.values():
        if isinstance(fact, Mapping):
            # Of each field a line of its own: side by side they would be told apart by nothing.
            for name, figures in fact.items():
                line.append(f"\n{clean(name)}: {clean(wording.figures(figures))}", style="dim")
    return line
