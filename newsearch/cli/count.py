"""`newsearch count`: how many articles there are for a text.

newsearch count facial recognition --since 2020
"""

from newsearch.cli import asking, formats, streams
from newsearch.cli.filtering import Filters, Text, filtered, request_of
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose

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
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Print how many articles a query finds, as a plain number."""
    chosen = formats.chosen(format, json)
    voice = streams.Voice(verbose, quiet)
    result = asking.answer(request_of(text, filters, limit=0), index, voice)
    if chosen == "json":
        from newsearch import wire

        streams.write_json(wire.count_to_dict(result))
    else:
        streams.write(f"{result.total}\n")
    asking.comment(result, voice, index, command="count")
