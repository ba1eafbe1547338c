"""`newsearch topics`: the topics there are.

newsearch topics vision
"""

from typing import Annotated

import typer

from newsearch.cli import facets, formats, streams
from newsearch.cli.filtering import Filters, filtered
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Verbose

__all__ = ["EXAMPLES", "topics"]

EXAMPLES = """\b
Examples:
  newsearch topics
  newsearch topics vision
  newsearch topics --since 2021 --format plain | head -n 5

\b
A line of --format plain has, between tabs: topic and count.
"""


@filtered
def topics(
    *,
    part: Annotated[
        str | None, typer.Argument(metavar="PART", help="Only topics with this in them, in any case.")
    ] = None,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    filters: Filters,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """List all topics, and how many articles have each; the most frequent first."""
    voice = streams.Voice(verbose, quiet)
    chosen = formats.chosen(format, json)
    facets.tell_all("topic", part, filters, chosen, voice, index=index, fail_empty=fail_empty)
