"""`newsearch similar`: more like one article, by its most telling words.

    newsearch similar k3v9q2 --since 2020-09

The result is a query's; with -v it is said which words were asked for.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, cast

import typer

from newsearch.cli import asking, exits, formats, query, streams
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured, whole_number

__all__ = ["EXAMPLES", "similar"]

EXAMPLES = """\b
Examples:
  newsearch similar k3v9q2
  newsearch similar https://www.salon.com/2020/09/13/a-story/ --since 2020-09
  newsearch similar k3v9q2 --group story --max-per-provider 1
"""


def similar(
    *,
    reference: Annotated[str, typer.Argument(metavar="ID", help="An article's id, the start of it, address or path.")],
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
    """Find more like one article, by its most telling words."""
    # The model's classes take longer to make than all of --help.
    from newsearch.model import SearchRequest
    from newsearch.query.filters import check_options

    chosen = formats.chosen(format, json)
    request = SearchRequest(
        limit=limit,
        offset=offset,
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
    check_options(request, now=datetime.now(UTC))
    voice = streams.Voice(verbose, quiet)
    settings = configured(index, voice).settings

    from newsearch import library  # the engine, which neither --help nor a wrong option waits for

    with library.open(settings.index, settings=settings.ranking) as archive:
        result = archive.ask_similar(reference, request)
        query.show(result, chosen)
    asking.comment(result, voice, index)
    if fail_empty and not result.total:
        raise typer.Exit(exits.UNSUCCESSFUL)
