"""`newsearch providers`: who published what there is.

newsearch providers salon
"""

from typing import Annotated

import typer

from newsearch.cli import facets, formats, streams
from newsearch.cli.filtering import Filters, filtered
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Verbose

__all__ = ["EXAMPLES", "providers"]

EXAMPLES = """\b
Examples:
  newsearch providers
  newsearch providers salon
  newsearch providers --topic privacy --min-quality 60

\b
A line of --format plain has, between tabs: domain, count and name.
"""


@filtered
def providers(
    *,
    part: Annotated[
        str | None, typer.Argument(metavar="PART", help="Only those with this in their domain or name, in any case.")
    ] = None,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    filters: Filters,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """List all providers by domain and name, and how many articles each has; the most frequent first."""
    voice = streams.Voice(verbose, quiet)
    chosen = formats.chosen(format, json)
    facets.tell_all("provider", part, filters, chosen, voice, index=index, fail_empty=fail_empty)
