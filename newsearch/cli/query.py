"""`newsearch query`: the best articles for a text.

    newsearch query facial recognition --since 2020-09 --json

Reads the request, asks the library, and shows what comes back; a table on a terminal, a line a hit in a pipe.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from newsearch.cli import asking, exits, formats, streams
from newsearch.cli.filtering import Filters, Text, filtered, request_of
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import (
    Explain,
    FailEmpty,
    Grouped,
    IndexFolder,
    Limit,
    MaxPerProvider,
    Offset,
    Quiet,
    Sorting,
    Verbose,
)

if TYPE_CHECKING:
    from newsearch.model import SearchResult

__all__ = ["EXAMPLES", "query", "show"]

EXAMPLES = """\b
Examples:
  newsearch query facial recognition
  newsearch query amazon OR microsoft -china --since 2020-09
  newsearch query '"facial recognition" topic:privacy quality:>=40' -n 20
  newsearch query ban --sort date --explain
  newsearch query @portland --since 2021       a saved query, narrowed
  newsearch query ban --facet provider --facet month:24
  newsearch query facial recognition --group story --max-per-provider 2
  newsearch query ban | cut -f 1 | xargs -n 1 newsearch show

\b
A word such as -china leaves articles out; after -- everything is text.
The shell takes quotes away, so a phrase needs two pairs.
A DATE is 2020, 2020-09, 2020-09-13, or an age such as 7d, 6w or 1y that
counts back from today, or from --as-of.
A line of --format plain has, between tabs: id, score, date, provider,
title, address; with --group also how many articles and providers the
story has, the day of its first article and the provider of that. After
an empty line, --facet adds a line a value: field, value, count.
"""


@filtered
def query(
    *,
    text: Text = None,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    limit: Limit = None,
    offset: Offset = None,
    sort: Sorting = None,
    filters: Filters,
    facet: Annotated[
        list[str] | None,
        typer.Option(
            "--facet",
            metavar="FIELD[:N]",
            help="Count all matches by provider, topic, type, kind, quality, year or month; the N first values, "
            "10 unless said. May be repeated.",
        ),
    ] = None,
    group: Grouped = None,
    max_per_provider: MaxPerProvider = None,
    explain: Explain = False,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Find articles, best first.

    All words have to be there, in any form: "ban" finds "bans". OR, -word, "a phrase" and fields such as title:ban,
    provider:salon.com, date:2020-09 and quality:>=60 say more exactly what. @NAME asks a saved query.
    """
    chosen = formats.chosen(format, json)
    request = request_of(
        text,
        filters,
        limit=limit,
        offset=offset,
        sort=sort,
        explain=explain,
        facets=tuple(facet or ()),
        group=group,
        max_per_provider=max_per_provider,
    )
    voice = streams.Voice(verbose, quiet)
    result = asking.answer(request, index, voice)
    show(result, chosen)
    asking.comment(result, voice, index)
    if fail_empty and not result.total:
        raise typer.Exit(exits.UNSUCCESSFUL)


def show(result: "SearchResult", format: str) -> None:  # noqa: A002
    """A result on stdout."""
    if format == "json":
        from newsearch import wire

        streams.write_json(wire.search_to_dict(result))
        return
    from newsearch.cli import hits

    streams.write(hits.table(result) if format == "table" else hits.plain(result))
    if result.facets:
        from newsearch.cli import bars  # drawing costs more than searching

        streams.write("\n" if format == "table" or result.hits else "")
        streams.write(bars.facets(result.facets) if format == "table" else bars.facet_lines(result.facets))
