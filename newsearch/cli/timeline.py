"""`newsearch timeline`: the articles of a query over time.

newsearch timeline facial recognition --by week
"""

from typing import TYPE_CHECKING, Annotated

import typer

from newsearch import wording
from newsearch.cli import asking, bars, formats, output, streams
from newsearch.cli.filtering import Filters, Text, filtered, request_of
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Verbose
from newsearch.cli.output import Answer, Column, Listing

if TYPE_CHECKING:
    from newsearch.model import SearchResult, Timeline

__all__ = ["EXAMPLES", "timeline"]

EXAMPLES = """\b
Examples:
  newsearch timeline facial recognition
  newsearch timeline ban --by day --since 2020-09 --until 2020-10
  newsearch timeline --by year | awk '$2 > 100'

\b
A line of --format plain has, between tabs: the day, week (its Monday),
month or year, and the count.
"""


@filtered
def timeline(
    *,
    text: Text = None,
    by: Annotated[str, typer.Option("--by", metavar="day|week|month|year", help="What to count by.")] = "month",
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    filters: Filters,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Count the articles of a query by day, week, month or year.

    From the first that has an article to the last, gaps included; days are those of UTC.
    """
    chosen = formats.chosen(format, json)
    voice = streams.Voice(verbose, quiet)
    result = asking.answer(request_of(text, filters, limit=0, timeline=by), index, voice)
    found = result.timeline
    if found is None:  # never of a request that has one
        raise TypeError("a result without the timeline that was asked for")
    output.write(_answer(result, found), chosen, voice)
    if found.undated and chosen.name != "json":
        voice.warn(f"Of {wording.counted(found.total, 'article')}, {found.undated:,} without a date are left out.")
    if chosen.name == "table" and len(found.buckets) > bars.ROWS:
        voice.warn(
            f"Of {len(found.buckets):,} {by}s, the newest {bars.ROWS} are shown; choose a longer time with --by, "
            "or which with --since and --until. A pipe gets all."
        )
    asking.comment(result, voice, index, command="timeline" if by == "month" else f"timeline --by {by}")
    asking.end(result.total, fail_empty=fail_empty)


def _answer(result: "SearchResult", found: "Timeline") -> Answer:
    from newsearch import wire

    columns = [
        Column("start", lambda bucket: bucket.start, where=("csv",)),
        Column(
            "start",
            lambda bucket: wording.bucket_name(bucket.start, found.interval),
            found.interval.capitalize(),
            where=("plain", "md"),
        ),
        Column("count", lambda bucket: bucket.count, "Articles"),
    ]
    rows = Listing(columns, found.buckets, noun=found.interval)
    return Answer((rows,), lambda: wire.timeline_to_dict(result), table=lambda: bars.timeline(found))
