"""`newsearch saved`: the saved queries there are.

newsearch saved --remove portland
"""

from pathlib import Path
from typing import Annotated

import typer

from newsearch.cli import bars, formats, streams
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured
from newsearch.cli.save import described

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
    found = queries.all().values()
    if chosen == "json":
        from newsearch import wire

        entries = [(query.name, query.options, marks.of(query.name)) for query in found]
        streams.write_json(wire.saved_to_dict(entries, str(queries.file) if queries.file.exists() else None))
    elif chosen == "plain":
        streams.write(bars.plain((query.name, described(query.options)) for query in found))
    elif found:
        from newsearch.cli import render

        streams.write(render.columns([(query.name, described(query.options)) for query in found], table=True))
    if not found:
        voice.warn("Nothing is saved yet; save a query with: newsearch save NAME TEXT")
