"""Hits for people: as a table that fits the terminal, and as one line each for a pipe.

    write(table(result))
    write(plain(result))

On a narrow terminal the table's columns become a line under the title, so that titles keep their room. Nothing is cut
off: what does not fit is wrapped in the table, and a pipe gets whole lines.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from newsearch.cli import render, streams
from newsearch.cli.terminal import clean
from newsearch.model import Explanation, Hit, SearchResult

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text
    from rich.tree import Tree

__all__ = ["plain", "table", "totals"]

# From so many columns on, these stand in columns of their own; else in a line under the title.
_LAYOUTS = (
    (130, ("provider", "date", "quality", "topics", "id")),
    (96, ("provider", "date", "quality", "id")),
    (76, ("date", "quality", "id")),
    (0, ()),
)
_WIDEST = {"provider": 22, "topics": 30}
_RIGHT = ("quality",)
_UNDER = {"quality": "quality {}"}

_SNIPPET = 140
"""Characters of an excerpt that are shown around its first match."""

_NAMED = 2
"""Citing items, and related articles that matched, that are named each; the rest are counted."""


def plain(result: SearchResult) -> str:
    """A line a hit: id, score, date, provider, title and address (else path), separated by tabs; nothing is cut.

    What is unknown is empty. An explanation, if there is one, follows its hit, indented.
    """
    lines = []
    for hit in result.hits:
        parts = (
            hit.short_id,
            render.score(hit.score),
            render.day(hit.date),
            render.provider_name(hit.provider),
            hit.title,
            hit.url or hit.path or "",
        )
        lines.append("\t".join(map(clean, parts)) + "\n")
        if hit.explanation is not None:
            # As wide as it takes: in a pipe nothing is wrapped.
            tree = render.rendered(_tree(hit.explanation), width=10_000)
            lines.extend(f"  {line}\n" for line in tree.splitlines())
    return "".join(lines)


def totals(result: SearchResult) -> str:
    """How many there are, which of them are shown, and how long it took: `18 articles, 1-10 shown, 0.8 ms`."""
    shown = f"{result.hits[0].rank:,}-{result.hits[-1].rank:,} shown" if result.hits else "none shown"
    if len(result.hits) == result.total:
        shown = "all shown"
    return f"{render.counted(result.total, 'article')}, {shown}, {result.took_ms:.1f} ms"


def table(result: SearchResult) -> str:
    """All hits of a result in a table as wide as the terminal, and the totals."""
    from rich.table import Table  # drawing costs more than searching
    from rich.text import Text

    explained = any(hit.explanation is not None for hit in result.hits)  # and needs all the room there is
    wide = () if explained else next(names for least, names in _LAYOUTS if streams.width() >= least)
    grid = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    grid.add_column("#", justify="right", no_wrap=True)
    grid.add_column("Score", justify="right", no_wrap=True)
    grid.add_column("Title", ratio=1, overflow="fold")
    for name in wide:
        grid.add_column(
            "Id" if name == "id" else name.capitalize(),
            justify="right" if name in _RIGHT else "left",
            no_wrap=name not in _WIDEST,
            max_width=_WIDEST.get(name),
            overflow="fold",
        )
    for hit in result.hits:
        values = _values(hit)
        under = [_UNDER.get(name, "{}").format(value) for name, value in values.items() if value and name not in wide]
        title = _entry(hit, under)
        grid.add_row(f"{hit.rank:,}", render.score(hit.score), title, *(Text(values[name]) for name in wide))
    total = Text(totals(result), style="dim")
    return render.rendered(grid, Text(), total) if result.hits else render.rendered(total)


def _values(hit: Hit) -> dict[str, str]:
    """What is told of a hit beside its title, harmless."""
    return {
        "provider": clean(render.provider_name(hit.provider)),
        "date": render.day(hit.date),
        "quality": "" if hit.quality is None else str(hit.quality),
        "topics": clean(", ".join(hit.topics)),
        "id": hit.short_id,
    }


def _entry(hit: Hit, under: list[str]) -> "RenderableType":
    """A hit's title, and under it what has no column, where it matched, who cites it, and why it has its score."""
    from rich.console import Group
    from rich.text import Text

    title = render.marked(hit.title, hit.highlights.get("title", ()), url=hit.url) if hit.title else Text("(no title)")
    parts: list[RenderableType] = []
    if under:
        parts.append(Text(" · ".join(under), style="dim", overflow="fold"))
    parts.extend(_evidence(hit))
    if hit.explanation is not None:
        parts.append(_tree(hit.explanation))
    return Group(title, *map(_indented, parts))


def _evidence(hit: Hit) -> Iterator["Text"]:
    if "title" not in hit.highlights and (spans := hit.highlights.get("excerpt")):
        yield _snippet(hit.excerpt, spans)
    matches = [place.title for place in hit.matched_in if place.field == "related" and place.title]
    yield from _named("matched in related article", matches)
    yield from _named("cited by", [ref.title for ref in hit.cited_by])


def _named(label: str, titles: list[str]) -> Iterator["Text"]:
    """A line a title, the first few of them."""
    for title in titles[:_NAMED]:
        yield render.marked(f"{label}: {title}", style="dim italic")
    if (others := len(titles) - _NAMED) > 0:
        yield render.marked(f"{label}: {others:,} more", style="dim italic")


def _snippet(text: str, spans: tuple[tuple[int, int], ...]) -> "Text":
    """The part of a text around its first match, at whole words where there are any."""
    start = max(0, spans[0][0] - _SNIPPET // 3)
    end = min(len(text), start + _SNIPPET)
    if start > 0:
        start = text.find(" ", start, spans[0][0]) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", spans[0][1], end), spans[0][1]) if " " in text[spans[0][1] : end] else end
    before, after = ("…" if start > 0 else ""), ("…" if end < len(text) else "")
    moved = len(before) - start
    inside = [(low + moved, min(high, end) + moved) for low, high in spans if start <= low < end]
    return render.marked(before + text[start:end] + after, inside, style="dim")


# --- Explanations ---


def _tree(explanation: Explanation) -> "Tree":
    """An explanation, with the figures behind each value."""
    from rich.tree import Tree

    tree = Tree(_reason(explanation), guide_style="dim")
    _grow(tree, explanation)
    return tree


def _grow(tree: "Tree", explanation: Explanation) -> None:
    for detail in explanation.details:
        _grow(tree.add(_reason(detail)), detail)


def _reason(explanation: Explanation) -> "Text":
    from rich.text import Text

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


def _indented(part: "RenderableType") -> "RenderableType":
    from rich.padding import Padding

    return Padding(part, (0, 0, 0, 2), expand=False)
