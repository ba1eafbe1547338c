"""`newsearch query`: the best articles for a text.

    newsearch query facial recognition --since 2020-09 --json

Reads the request, asks the library, and shows what comes back; a table on a terminal, a line a hit in a pipe.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsearch.cli import asking, formats, output, streams
from newsearch.cli.filtering import Filters, Text, filtered, request_of
from newsearch.cli.formats import ArticleFormat, Null, ShortForJson
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
    from collections.abc import Mapping

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
  newsearch query ban --format ids | xargs -n 1 newsearch show
  newsearch query ban -n 1000 --format csv > ban.csv

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
    format: ArticleFormat = None,  # noqa: A002
    json: ShortForJson = False,
    null: Null = False,
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
    chosen = formats.chosen(format, json, null, among=formats.ARTICLES)
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
    show(result, chosen, voice)
    asking.comment(result, voice, index)
    asking.end(result.total, fail_empty=fail_empty)


def show(result: "SearchResult", chosen: formats.Chosen, voice: streams.Voice) -> None:
    """A result on stdout."""
    from newsearch.cli import hits

    def document() -> "Mapping[str, Any]":
        from newsearch import wire  # for JSON only

        return wire.search_to_dict(result)

    output.write(hits.answer(result, document), chosen, voice)
    if result.request.explain and chosen.name in ("md", *formats.NAMES):
        voice.warn(f"--format {chosen.name} has no place for --explain; table, plain, json, jsonl and csv have.")
