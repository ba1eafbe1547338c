"""`newsearch terms`: the words, topics and providers that are typical of a query's hits.

    newsearch terms facial recognition --against date:2019

A line a value: on a terminal under headings, in a pipe with the kind first.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from newsearch.cli import formats, render, streams
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured, whole_number
from newsearch.cli.terminal import clean

if TYPE_CHECKING:
    from newsearch.findings import TypicalTerm, TypicalTerms

__all__ = ["EXAMPLES", "terms"]

EXAMPLES = """\b
Examples:
  newsearch terms facial recognition
  newsearch terms amazon --against microsoft
  newsearch terms vaccine --since 2021 --against 'vaccine date:..2020'

\b
Compared are the numbers of articles that have a value, among the hits and
among the others: all other articles, or what --against finds. A line of
--format plain has, between tabs: word, topic or provider; the value; hits
and others that have it; and the strength of the difference (G², of which
10.83 comes about by chance once in a thousand).
"""


def terms(
    *,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="What to find; in the language of queries.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="TEXT", help="A query to compare with; otherwise everything.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", parser=whole_number, help="Values of each kind, 0 to 1000.")
    ] = 10,
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option("--format", metavar="table|plain|json", help="Default: table on a terminal, plain in a pipe."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    match: Annotated[
        str, typer.Option("--match", metavar="auto|all|any", help="How many of the words an article must have.")
    ] = "auto",
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only articles of this date or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Only articles of this date or earlier.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE|latest", help="The archive as it was then; latest: at its newest article."
        ),
    ] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", metavar="NAME", help="Only of this provider, by name or domain.")
    ] = None,
    topic: Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="Only with this topic.")] = None,
    type: Annotated[  # noqa: A002
        str | None, typer.Option("--type", metavar="TYPE", help="Only of this type, such as article.")
    ] = None,
    min_quality: Annotated[
        int | None,
        typer.Option("--min-quality", metavar="N", parser=whole_number, help="Only of this quality or better."),
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind", metavar="item|related|all", help="Files' own articles, those known by citation, or all."
        ),
    ] = "all",
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Show what is typical of a query's hits: words, topics, providers."""
    # The model's classes take longer to make than all of --help.
    from newsearch.model import SearchRequest
    from newsearch.query.filters import check_options

    chosen = formats.chosen(format, json)
    request = SearchRequest(
        text=" ".join(text or ()),
        match=cast(Any, match),
        since=since,
        until=until,
        as_of=as_of,
        provider=provider,
        topic=topic,
        type=type,
        kind=cast(Any, kind),
        min_quality=min_quality,
    )
    check_options(request, now=datetime.now(UTC))
    voice = streams.Voice(verbose, quiet)
    settings = configured(index, voice).settings

    from newsearch import library, wire  # the engine, which neither --help nor a wrong option waits for

    with library.open(settings.index, settings=settings.ranking, synonyms=settings.synonyms) as archive:
        found = archive.terms(request, against=against, limit=limit)
    if chosen == "json":
        streams.write_json(wire.terms_to_dict(found))
    else:
        streams.write(_table(found) if chosen == "table" else _plain(found))
    for warning in found.warnings:
        voice.warn(warning)
    if not found.total:
        voice.warn("No article matches.")
    voice.detail(f"Understood as: {found.parsed or '(everything)'}")
    if found.against_parsed is not None:
        voice.detail(f"Compared with: {found.against_parsed or '(everything)'}")


def _kinds(found: "TypicalTerms") -> "tuple[tuple[str, tuple[TypicalTerm, ...]], ...]":
    return ("word", found.words), ("topic", found.topics), ("provider", found.providers)


def _plain(found: "TypicalTerms") -> str:
    return "".join(
        "\t".join((kind, clean(one.value), str(one.hits), str(one.others), f"{one.strength:.2f}")) + "\n"
        for kind, terms in _kinds(found)
        for one in terms
    )


def _table(found: "TypicalTerms") -> str:
    lines = []
    for kind, typical in _kinds(found):
        if typical:
            heads = (kind.capitalize(), "Hits", "Others", "Strength")
            rows = [(one.value, f"{one.hits:,}", f"{one.others:,}", f"{one.strength:.1f}") for one in typical]
            lines += [render.columns([heads, *rows]), "\n"]
    lines.append(f"{render.counted(found.total, 'hit')} compared with {render.counted(found.others, 'article')}\n")
    return "".join(lines)
