"""`newsearch brief`: a page in Markdown about what a query finds, to be pasted.

    newsearch brief facial recognition > facial-recognition.md

The page is `newsearch.brief`'s; it is the same in a terminal and in a pipe, but for what would harm a terminal.
"""

import sys
from datetime import UTC, datetime
from typing import Annotated, Any, cast

import typer

from newsearch.cli import streams
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured, whole_number
from newsearch.cli.terminal import clean_lines

__all__ = ["EXAMPLES", "brief"]

EXAMPLES = """\b
Examples:
  newsearch brief facial recognition
  newsearch brief vaccine --since 2020-06 -n 5 > vaccine.md
  newsearch brief amazon --as-of 2020-09-30
"""


def brief(
    *,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="TEXT", help="What to find; in the language of queries.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", parser=whole_number, help="Stories to tell of, 0 to 1000.")
    ] = 10,
    sort: Annotated[
        str, typer.Option("--sort", metavar="relevance|date|quality|heat", help="What comes first.")
    ] = "relevance",
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
    max_per_provider: Annotated[
        int | None,
        typer.Option(
            "--max-per-provider", metavar="N", parser=whole_number, help="At most so many of one provider, 1 to 1000."
        ),
    ] = None,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Write a page in Markdown: how many, when, and story by story."""
    # The model's classes take longer to make than all of --help.
    from newsearch.model import SearchRequest
    from newsearch.query.filters import check_options

    request = SearchRequest(
        text=" ".join(text or ()),
        limit=limit,
        sort=cast(Any, sort),
        match=cast(Any, match),
        since=since,
        until=until,
        as_of=as_of,
        provider=provider,
        topic=topic,
        type=type,
        kind=cast(Any, kind),
        min_quality=min_quality,
        max_per_provider=max_per_provider,
    )
    check_options(request, now=datetime.now(UTC))
    voice = streams.Voice(verbose, quiet)
    settings = configured(index, voice).settings

    from newsearch import brief as pages  # the engine, which neither --help nor a wrong option waits for
    from newsearch import library

    with library.open(settings.index, settings=settings.ranking, synonyms=settings.synonyms) as archive:
        page = pages.brief(archive, request, stories=limit)
    streams.write(clean_lines(page) if streams.is_terminal(sys.stdout) else page)
