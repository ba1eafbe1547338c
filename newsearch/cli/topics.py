"""`newsearch topics`: the topics there are.

newsearch topics vision
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from newsearch.cli import asking, facets, formats, streams
from newsearch.cli.filtering import Filters, filtered, request_of
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Verbose

if TYPE_CHECKING:
    from newsearch.model import SearchResult

__all__ = ["EXAMPLES", "having", "topics"]

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
    from newsearch.query.facets import MAX_VALUES

    chosen = formats.chosen(format, json)
    voice = streams.Voice(verbose, quiet)
    result = asking.answer(request_of((), filters, limit=0, facets=(f"topic:{MAX_VALUES}",)), index, voice)
    shown = having(part, result, voice)
    facets.show(shown, chosen, voice)
    asking.comment(result, voice, index)
    asking.end(sum(map(len, shown.facets.values())), fail_empty=fail_empty)


def having(part: str | None, result: "SearchResult", voice: streams.Voice) -> "SearchResult":
    """A result with those values of its facets alone that have a text in them or in their names."""
    if not part:
        return result
    wanted = part.casefold()
    kept = {
        field: tuple(one for one in found if wanted in one.value.casefold() or wanted in (one.name or "").casefold())
        for field, found in result.facets.items()
    }
    for field, found in kept.items():
        if not found and result.facets[field]:
            voice.warn(f"None of {len(result.facets[field]):,} {field}s has {part!r} in it.")
    return replace(result, facets=kept)
