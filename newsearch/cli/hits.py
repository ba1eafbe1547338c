"""Hits for every format: their columns, and what is drawn of them.

    output.write(answer(result), chosen, voice)

How the table is laid out is in `newsearch.cli.table`. Nothing is cut off, and what is unknown is left out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from newsearch import wording
from newsearch.cli import facets, render, streams
from newsearch.cli.output import Answer, Cell, Column, Listing
from newsearch.model import Hit, SearchResult

__all__ = ["answer", "table", "totals"]

_CSV = ("csv",)
_PEOPLE = ("plain", "md")

COLUMNS = (
    Column("rank", lambda hit: hit.rank, "#", where=("csv", "md")),
    Column("id", lambda hit: hit.short_id, where=("plain",)),
    Column("id", lambda hit: hit.id, where=_CSV),
    Column("score", lambda hit: hit.score),
    Column("date", lambda hit: hit.date),
    Column("provider", lambda hit: wording.provider_name(hit.provider), where=_PEOPLE),
    Column("provider", lambda hit: hit.provider and hit.provider.name, where=_CSV),
    Column("domain", lambda hit: hit.provider and hit.provider.domain, where=_CSV),
    Column("title", lambda hit: hit.title, link=lambda hit: hit.url),
    Column("address", lambda hit: hit.url or hit.path, where=("plain",)),
    Column("excerpt", lambda hit: hit.excerpt, where=_CSV),
    Column("url", lambda hit: hit.url, where=_CSV),
    Column("path", lambda hit: hit.path, where=_CSV),
    Column("kind", lambda hit: hit.kind, where=_CSV),
    Column("type", lambda hit: hit.type, where=_CSV),
    Column("quality", lambda hit: hit.quality, where=("csv", "md")),
    Column("heat", lambda hit: hit.heat, where=_CSV),
    Column("published", lambda hit: hit.published, where=_CSV),
    Column("topics", lambda hit: hit.topics, where=_CSV),
    Column("id", lambda hit: hit.short_id, where=("md",)),
)
"""Of any hit."""


def _first(hit: Hit) -> Any:
    return None if hit.story is None else hit.story.first


STORY = (
    Column("story_size", lambda hit: hit.story and hit.story.size, "Articles"),
    Column("story_providers", lambda hit: hit.story and hit.story.providers, "Providers"),
    Column("story_first_date", lambda hit: (first := _first(hit)) and first.date, "First on"),
    Column("story_first_provider", lambda hit: wording.provider_name((first := _first(hit)) and first.provider), "by"),
)
"""Of one that leads a story, besides."""


def answer(result: SearchResult, document: Callable[[], Mapping[str, Any]]) -> Answer:
    """A result in every format; `document` makes its JSON."""
    columns = [*COLUMNS, *(STORY if result.stories is not None else ())]
    if result.request.explain:
        columns.append(Column("explain", _explained, where=_CSV))
    below = _reasons if result.request.explain else None
    listings = [Listing(columns, result.hits, heading="Articles", below=below)]
    if result.facets:
        listings.append(facets.listing(result.facets))
    return Answer(listings, document, table=lambda: _drawn(result))


def _drawn(result: SearchResult) -> str:
    if not result.facets:
        return table(result)
    from newsearch.cli import bars  # drawing costs more than searching

    return f"{table(result)}\n{bars.facets(result.facets)}"


def _explained(hit: Hit) -> Cell:
    """An explanation in a cell, as the JSON has it."""
    if hit.explanation is None:
        return None
    import json  # as is what makes it, for this column only

    from newsearch import wire

    return json.dumps(wire.hit_to_dict(hit)["explain"], ensure_ascii=False)


def _reasons(hit: Hit) -> str:
    """An explanation in lines, indented."""
    if hit.explanation is None:
        return ""
    from newsearch.cli.explained import tree  # drawing costs more than searching

    # As wide as it takes: in a pipe nothing is wrapped.
    reasons = render.rendered(tree(hit.explanation), width=10_000)
    return "".join(f"  {line}\n" for line in reasons.splitlines())


def totals(result: SearchResult) -> str:
    """How many there are, which of them are shown, and how long it took: `18 articles, 1-10 shown, 0.8 ms`."""
    took = f"{result.took_ms:.1f} ms"
    if not result.total:
        return f"No articles, {took}"
    shown = f"{result.hits[0].rank:,}-{result.hits[-1].rank:,} shown" if result.hits else "none shown"
    if len(result.hits) == 1:
        shown = f"number {result.hits[0].rank:,} shown"
    if len(result.hits) == (result.total if result.stories is None else result.stories):
        shown = "all shown"
    found = wording.counted(result.total, "article")
    if result.stories is not None:
        found += f" in {'1 story' if result.stories == 1 else f'{result.stories:,} stories'}"
    if result.held_back:
        found += f", {result.held_back:,} held back"
    return f"{found}, {shown}, {took}"


def table(result: SearchResult) -> str:
    """All hits of a result in a table as wide as the terminal, and the totals."""
    from rich.text import Text

    from newsearch.cli.table import rows  # drawing costs more than searching

    total = Text(totals(result), style="dim")
    if not result.hits:
        return render.rendered(total)
    return render.rendered(*rows(result.hits, streams.width()), Text(), total)
