"""`newsearch facets`: the articles of a query, counted by provider, topic, type, kind, quality, year or month.

newsearch facets provider facial recognition
"""

from typing import TYPE_CHECKING, Annotated

import typer

from newsearch.cli import asking, formats, streams
from newsearch.cli.filtering import Filters, Text, filtered, request_of
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose

if TYPE_CHECKING:
    from newsearch.model import SearchResult

__all__ = ["EXAMPLES", "facets", "show"]

EXAMPLES = """\b
Examples:
  newsearch facets provider facial recognition
  newsearch facets month:24 --provider salon.com
  newsearch facets topic:1000 -china | sort

\b
A line of --format plain has, between tabs: value, count and, of
providers, the name.
"""


@filtered
def facets(
    *,
    field: Annotated[
        str,
        typer.Argument(
            metavar="FIELD[:N]", help="provider, topic, type, kind, quality, year or month; N values, else 10."
        ),
    ],
    text: Text = None,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    filters: Filters,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Count the articles of a query by a field.

    The most frequent values come first; of quality the best band, of years and months the newest. Each count is of all
    articles found, and what a query with that value added finds.
    """
    from newsearch.query.facets import read_facets

    chosen = formats.chosen(format, json)
    read_facets((field,))  # refused as what it is here, an argument and no option
    voice = streams.Voice(verbose, quiet)
    result = asking.answer(request_of(text, filters, limit=0, facets=(field,)), index, voice)
    show(result, chosen)
    asking.comment(result, voice, index, command=f"facets {field}")


def show(result: "SearchResult", format: str) -> None:  # noqa: A002
    """The one facet of a result on stdout."""
    if format == "json":
        from newsearch import wire

        streams.write_json(wire.facets_to_dict(result))
        return
    from newsearch.cli import bars

    [(field, found)] = result.facets.items()
    if format == "table":
        streams.write(bars.values(found))
    else:
        names = [(one.name or "",) if field == "provider" else () for one in found]
        streams.write(bars.plain((one.value, one.count, *name) for one, name in zip(found, names, strict=True)))
