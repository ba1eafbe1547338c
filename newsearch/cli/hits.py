"""Hits for people: as a table for a terminal, and as one line each for a pipe.

    write(table(result))
    write(plain(result))

How the table is laid out is in `newsearch.cli.table`. Nothing is cut off, and what is unknown is left out.
"""

from newsearch.cli import render, streams
from newsearch.cli.terminal import clean
from newsearch.model import SearchResult, Story

__all__ = ["plain", "table", "totals"]


def plain(result: SearchResult) -> str:
    """A line a hit: id, score, date, provider, title and address (else path), separated by tabs; nothing is cut.

    What is unknown is empty. Of a story that it leads follow the number of articles and of providers, and the day and
    provider of its first. An explanation, if there is one, follows its hit, indented.
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
            *(() if hit.story is None else _story(hit.story)),
        )
        lines.append("\t".join(map(clean, parts)) + "\n")
        if hit.explanation is not None:
            from newsearch.cli.explained import tree  # drawing costs more than searching

            # As wide as it takes: in a pipe nothing is wrapped.
            reasons = render.rendered(tree(hit.explanation), width=10_000)
            lines.extend(f"  {line}\n" for line in reasons.splitlines())
    return "".join(lines)


def _story(story: Story) -> tuple[str, ...]:
    first = story.first
    return (
        str(story.size),
        str(story.providers),
        render.day(None if first is None else first.date),
        render.provider_name(None if first is None else first.provider),
    )


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
    found = render.counted(result.total, "article")
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
