"""`newsearch count`: how many articles there are for a text.

newsearch count facial recognition --since 2020
"""

from newsearch.cli import asking, formats, output, streams
from newsearch.cli.filtering import Filters, Text, filtered, request_of
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Verbose
from newsearch.cli.output import Answer, Column, Listing

__all__ = ["EXAMPLES", "count"]

EXAMPLES = """\b
Examples:
  newsearch count facial recognition
  newsearch count --provider salon.com --since 2020
  newsearch count @portland --as-of 2020-09-30
"""


@filtered
def count(
    *,
    text: Text = None,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    filters: Filters,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Print how many articles a query finds, as a plain number."""
    from newsearch import wire

    chosen = formats.chosen(format, json)
    voice = streams.Voice(verbose, quiet)
    result = asking.answer(request_of(text, filters, limit=0), index, voice)
    rows = Listing([Column("count", lambda one: one.total, "Articles")], [result])
    output.write(Answer((rows,), lambda: wire.count_to_dict(result)), chosen, voice)
    asking.comment(result, voice, index, command="count")
    asking.end(result.total, fail_empty=fail_empty)
