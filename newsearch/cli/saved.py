"""`newsearch saved`: the saved queries there are.

newsearch saved --remove portland
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsearch.cli import formats, output, streams
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured
from newsearch.cli.output import Answer, Column, Listing
from newsearch.cli.save import described

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXAMPLES", "saved"]

EXAMPLES = """\b
Examples:
  newsearch saved
  newsearch saved --remove portland

\b
A line of --format plain has, between tabs: the name, and the query as it
would be typed.
"""


def saved(
    *,
    remove: Annotated[str | None, typer.Option("--remove", metavar="NAME", help="Forget this query.")] = None,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """List the saved queries, in the order of their file; or remove one."""
    from newsearch import wire
    from newsearch.saved import SavedQueries
    from newsearch.seen import SeenMarks

    chosen = formats.chosen(format, json)
    voice = streams.Voice(verbose, quiet)
    queries = SavedQueries.near(Path.cwd())
    marks = SeenMarks(queries.folder, index=configured(index, voice).settings.place)
    if remove is not None:
        removed = queries.remove(remove)
        marks.forget(remove)
        voice.note(f"Removed {remove}: {described(removed.options)}")
        return
    found = tuple(queries.all().values())

    def document() -> "Mapping[str, Any]":
        entries = [(query.name, query.options, marks.of(query.name)) for query in found]
        return wire.saved_to_dict(entries, str(queries.file) if queries.file.exists() else None)

    columns = [
        Column("name", lambda query: query.name),
        Column("query", lambda query: described(query.options)),
    ]
    output.write(Answer((Listing(columns, found, noun="query"),), document), chosen, voice)
    if not found:
        voice.warn("Nothing is saved yet; save a query with: newsearch save NAME TEXT")
