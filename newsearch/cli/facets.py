"""`newsearch facets`: the articles of a query, counted by provider, topic, type, kind, quality, year or month.

newsearch facets provider facial recognition
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from newsearch.cli import asking, formats, output, streams
from newsearch.cli.filtering import Filters, Text, filtered, request_of
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Verbose
from newsearch.cli.output import Answer, Column, Listing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsearch.model import FacetValue, SearchResult

__all__ = ["EXAMPLES", "facets", "listing", "tell_all"]

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
    fail_empty: FailEmpty = False,
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
    _show(result, chosen, voice)
    asking.comment(result, voice, index, command=f"facets {field}")
    asking.end(result.total, fail_empty=fail_empty)


def tell_all(
    field: str,
    part: str | None,
    filters: Filters,
    chosen: formats.Chosen,
    voice: streams.Voice,
    *,
    index: str | None,
    fail_empty: bool,
) -> None:
    """A command that lists every value of a field, or those with `part` in them."""
    from newsearch.query.facets import MAX_VALUES

    result = asking.answer(request_of((), filters, limit=0, facets=(f"{field}:{MAX_VALUES}",)), index, voice)
    shown = _having(part, result, voice) if part else result
    _show(shown, chosen, voice)
    asking.comment(result, voice, index)
    asking.end(sum(map(len, shown.facets.values())), fail_empty=fail_empty)


def _having(part: str, result: "SearchResult", voice: streams.Voice) -> "SearchResult":
    """A result with those values of its facets alone that have a text in them or in their names."""
    wanted = part.casefold()
    kept = {
        field: tuple(one for one in found if wanted in one.value.casefold() or wanted in (one.name or "").casefold())
        for field, found in result.facets.items()
    }
    for field, found in kept.items():
        if not found and result.facets[field]:
            voice.warn(f"None of {len(result.facets[field]):,} {field}s has {part!r} in it.")
    return replace(result, facets=kept)


def _show(result: "SearchResult", chosen: formats.Chosen, voice: streams.Voice) -> None:
    """The one facet of a result on stdout."""
    from newsearch import wire

    def drawn() -> str:
        from newsearch.cli import bars

        return bars.values(found)

    [found] = result.facets.values()
    rows = listing(result.facets, alone=True)
    output.write(Answer((rows,), lambda: wire.facets_to_dict(result), table=drawn), chosen, voice)


def listing(found: "Mapping[str, Sequence[FacetValue]]", *, alone: bool = False) -> Listing:
    """The values of facets with their counts; `alone`, of one facet, people are not told which it is."""
    rows = [(field, one) for field, values in found.items() for one in values]
    everywhere = ("plain", "csv", "md")
    columns = [
        Column("field", lambda row: row[0], where=("csv",) if alone else everywhere),
        Column("value", lambda row: row[1].value),
        Column("count", lambda row: row[1].count, "Articles"),
        Column("name", lambda row: row[1].name, where=everywhere if alone and "provider" in found else ("csv",)),
        Column("filter", lambda row: row[1].filter, where=("csv",)),
    ]
    return Listing(columns, rows, noun="value", heading="Facets")
