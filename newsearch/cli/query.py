"""`newsearch query`: the best articles for a text.

    newsearch query facial recognition --since 2020-09 --json

Reads the request, asks the library, and shows what comes back; a table on a terminal, a line a hit in a pipe.
"""

import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from newsearch.cli import exits, streams
from newsearch.cli.advice import fitted
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured, one_of, whole_number
from newsearch.errors import QueryError

if TYPE_CHECKING:
    from newsearch.model import SearchRequest, SearchResult

__all__ = ["EXAMPLES", "FORMATS", "chosen_format", "comment", "query", "show_result"]

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)

FORMATS = ("table", "plain", "json")

EXAMPLES = """\b
Examples:
  newsearch query facial recognition
  newsearch query amazon OR microsoft -china --since 2020-09
  newsearch query '"facial recognition" topic:privacy quality:>=40' -n 20
  newsearch query ban --sort date --explain
  newsearch query facial recognition --group story --max-per-provider 2
  newsearch query ban | cut -f 1 | xargs -n 1 newsearch show

\b
A word such as -china leaves articles out; after -- everything is text.
The shell takes quotes away, so a phrase needs two pairs.
A DATE is 2020, 2020-09, 2020-09-13, or an age such as 7d, 6w or 1y that
counts back from today, or from --as-of.
A line of --format plain has, between tabs: id, score, date, provider,
title, address; with --group also how many articles and providers the
story has, the day of its first article and the provider of that.
"""


def query(
    *,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="What to find; nothing finds everything.")
    ] = None,
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option("--format", metavar="table|plain|json", help="Default: table on a terminal, plain in a pipe."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", parser=whole_number, help="Hits to show, 0 to 1000.")
    ] = 10,
    offset: Annotated[
        int, typer.Option("--offset", metavar="N", parser=whole_number, help="Hits to pass over first.")
    ] = 0,
    sort: Annotated[
        str, typer.Option("--sort", metavar="relevance|date|quality|heat", help="What comes first.")
    ] = "relevance",
    match: Annotated[
        str,
        typer.Option(
            "--match",
            metavar="auto|all|any",
            help="How many of the words an article must have; auto: all, or most where none has all.",
        ),
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
    group: Annotated[
        str | None, typer.Option("--group", metavar="story", help="Show each story once, led by its best article.")
    ] = None,
    max_per_provider: Annotated[
        int | None,
        typer.Option(
            "--max-per-provider", metavar="N", parser=whole_number, help="At most so many of one provider, 1 to 1000."
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show how each score comes about.")] = False,
    fail_empty: Annotated[bool, typer.Option("--fail-empty", help="Exit 1 if nothing is found.")] = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Find articles, best first.

    All words have to be there, in any form: "ban" finds "bans". OR, -word, "a phrase" and fields such as title:ban,
    provider:salon.com, date:2020-09 and quality:>=60 say more exactly what.
    """
    # The model's classes take longer to make than all of --help.
    from newsearch.model import SearchRequest

    chosen = chosen_format(format, json)
    # What is none of the choices is refused right away, with the nearest one, by the check.
    request = SearchRequest(
        text=" ".join(text or ()),
        limit=limit,
        offset=offset,
        match=cast(Any, match),
        sort=cast(Any, sort),
        since=since,
        until=until,
        as_of=as_of,
        provider=provider,
        topic=topic,
        type=type,
        kind=cast(Any, kind),
        min_quality=min_quality,
        group=cast(Any, group),
        max_per_provider=max_per_provider,
        explain=explain,
    )
    voice = streams.Voice(verbose, quiet)
    result = _answer(request, index, voice)
    show_result(result, chosen)
    comment(result, voice, index)
    if fail_empty and not result.total:
        raise typer.Exit(exits.UNSUCCESSFUL)


def chosen_format(format: str | None, json: bool) -> str:  # noqa: A002
    """What --format and --json ask for, else what fits where stdout goes."""
    if format is not None:
        one_of("--format", format, FORMATS)
    if json:
        if format not in (None, "json"):
            raise QueryError(f"--json and --format {format} contradict each other; leave one of them out.")
        return "json"
    return format or ("table" if streams.is_terminal(sys.stdout) else "plain")


def _answer(request: "SearchRequest", folder: str | None, voice: streams.Voice) -> "SearchResult":
    from newsearch.query.filters import check_options

    # Wrong usage is wrong with or without an index, and is told before one is looked for.
    check_options(request, now=datetime.now(UTC))
    settings = configured(folder, voice).settings

    from newsearch import library  # the engine, which neither --help nor a wrong option waits for

    with library.open(settings.index, settings=settings.ranking) as index:
        return index.ask(request)


def show_result(result: "SearchResult", format: str) -> None:  # noqa: A002
    """A result on stdout."""
    if format == "json":
        from newsearch import wire

        streams.write_json(wire.search_to_dict(result))
        return
    from newsearch.cli import hits

    streams.write(hits.table(result) if format == "table" else hits.plain(result))


def comment(result: "SearchResult", voice: streams.Voice, folder: str | None) -> None:
    """What is to be said about a result, after it: where it would be read last."""
    for warning in result.warnings:
        voice.warn(warning)
    if result.relaxed:
        voice.warn("No article has all of these words; shown are those with some of them.")
    if not result.index.articles:
        voice.warn(fitted("The index is empty; fill it with: newsearch index PATH", {"index": folder}))
    elif not result.total:
        voice.warn("No article matches.")
    elif not result.hits and result.request.limit:
        there = (result.total if result.stories is None else result.stories) - result.held_back
        voice.warn(f"There are only {there:,}; --offset {result.request.offset} passes over all of them.")
    if (result.relaxed or not result.total) and _ADDRESS.fullmatch(result.request.text.strip()):
        voice.warn("To find an article by its address, write url: before it, or use: newsearch show ADDRESS")
    voice.detail(f"Understood as: {result.parsed or '(everything)'}")
    if result.as_of is not None:
        voice.detail(f"As of {result.as_of:%Y-%m-%d %H:%M:%S} UTC.")
    voice.detail(f"{result.total:,} found among {result.index.articles:,} articles in {result.took_ms:.1f} ms.")
