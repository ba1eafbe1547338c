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

_WHOLE = 1000
"""From here on what stands behind the point says nothing any more."""


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
        line.append(f"  {clean(_figures(figures))}", style="dim")
    for fact in explanation.facts.values():
        if isinstance(fact, Mapping):
            # Of each field a line of its own: side by side they would be told apart by nothing.
            for name, figures in fact.items():
                line.append(f"\n{clean(name)}: {clean(_figures(figures))}", style="dim")
    return line


def _figures(facts: object) -> str:
    """Facts in one line: `tf 2, length 11, average length 9.5`."""
    if isinstance(facts, float):
        return f"{facts:.4g}" if abs(facts) < _WHOLE else f"{facts:.0f}"
    if isinstance(facts, Mapping):
        return ", ".join(
            f"{name} ({_figures(fact)})" if isinstance(fact, Mapping) else f"{name.replace('_', ' ')} {_figures(fact)}"
            for name, fact in facts.items()
        )
    if isinstance(facts, list | tuple):
        return " ".join(map(_figures, facts))
    return "unknown" if facts is None else str(facts)
