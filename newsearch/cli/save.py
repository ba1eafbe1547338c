"""`newsearch save`: give a query a name.

newsearch save portland facial recognition --topic privacy
"""

from pathlib import Path
from typing import Annotated

import typer

from newsearch.cli import asking, streams
from newsearch.cli.filtering import Filters, Text, filtered
from newsearch.cli.options import IndexFolder, Quiet, Sorting, Verbose, configured
from newsearch.errors import QueryError

__all__ = ["EXAMPLES", "save"]

EXAMPLES = """\b
Examples:
  newsearch save portland facial recognition --topic privacy
  newsearch query @portland
  newsearch new portland                        what arrived since the last time

\b
Queries are kept in newsearch.queries.toml, beside newsearch.toml or else
in the current folder. An age such as 7d counts from the day of asking.
"""


@filtered
def save(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it: letters, digits, - and _.")],
    text: Text = None,
    sort: Sorting = None,
    filters: Filters,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Save a query under a name, in place of the one that has it."""
    from newsearch.model import SearchRequest
    from newsearch.saved import SavedQueries
    from newsearch.seen import SeenMarks

    options = {"text": " ".join(text or ()), **filters, **({} if sort is None else {"sort": sort})}
    if not text and len(options) == 1:
        raise QueryError("save needs a text or a filter. To give all articles a name: newsearch save NAME --kind all")
    asking.check(SearchRequest(**options))
    voice = streams.Voice(verbose, quiet)
    queries = SavedQueries.near(Path.cwd())
    queries.resolved(options["text"], within=name)  # refused here rather than each time it is asked
    before = queries.save(name, options)
    if before is not None and before.options != queries.get(name).options:
        # What was seen of another query says nothing of this one.
        SeenMarks(queries.folder, index=configured(index, voice).settings.place).forget(name)
        voice.note(f"Saved {name} in place of: {described(before.options)}")
    else:
        here = Path.cwd()
        file = queries.file.relative_to(here) if queries.file.is_relative_to(here) else queries.file
        voice.note(f"Saved {name} in {file}.")


def described(options: Filters) -> str:
    """The options of a saved query as they would be typed: its text, and flags."""
    import shlex

    flags = [f"--{key.replace('_', '-')} {shlex.quote(str(value))}" for key, value in options.items() if key != "text"]
    return " ".join([*filter(None, [str(options.get("text", ""))]), *flags]) or "(everything)"
