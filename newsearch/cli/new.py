"""`newsearch new`: what arrived for a saved query since it was last asked.

newsearch new portland
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from newsearch.cli import asking, formats, output, render, streams
from newsearch.cli.formats import ArticleFormat, Null, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured, whole_number
from newsearch.errors import QueryError

__all__ = ["EXAMPLES", "new"]

EXAMPLES = """\b
Examples:
  newsearch new portland
  newsearch new portland --peek
  newsearch new portland --json | jq '.hits[].url'

\b
New is what came into the index, whenever it was published. The first time
the best of all that is there is shown, and all of it counts as seen.
Otherwise all that is new is shown, up to 1000; where that or -n leaves
some out, nothing counts as seen until all were shown at once, or --mark.
"""

_FIRST_LIMIT = 10
_LIMIT = 1000


def new(
    *,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The saved query.")],
    peek: Annotated[bool, typer.Option("--peek", help="Look, and let it count as new the next time too.")] = False,
    mark: Annotated[bool, typer.Option("--mark", help="Count all of it as seen, shown or not.")] = False,
    format: ArticleFormat = None,  # noqa: A002
    json: ShortForJson = False,
    null: Null = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", metavar="N", parser=whole_number, help="Hits to show, 0 to 1000; else all."),
    ] = None,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Show the articles of a saved query that arrived since this was last asked."""
    from dataclasses import replace
    from functools import partial

    from newsearch import wire
    from newsearch.cli import hits
    from newsearch.model import SearchRequest, SeenMark
    from newsearch.saved import SavedQueries
    from newsearch.seen import SeenMarks

    if mark and peek:
        raise QueryError("--mark and --peek contradict each other; leave one of them out.")
    chosen = formats.chosen(format, json, null, among=formats.ARTICLES)
    voice = streams.Voice(verbose, quiet)
    queries = SavedQueries.near(Path.cwd())
    queries.get(name.removeprefix("@"))  # what is no name at all is refused as one that is not there
    asked = SearchRequest(**queries.resolved("@" + name.removeprefix("@")))  # type: ignore[arg-type]  # as in saved.py
    marks = SeenMarks(queries.folder, index=configured(index, streams.Voice(quiet=True)).settings.index)
    before = marks.of(name.removeprefix("@"))
    if limit is None:
        limit = _FIRST_LIMIT if before is None else _LIMIT
    request = replace(asked, limit=limit, arrived=before or SeenMark())
    result = asking.answer(request, index, voice)
    # Page by page would not do: what arrives between two pages may stand on the one that was shown already.
    shown_all = mark or before is None or len(result.hits) >= result.total
    marking = shown_all and not peek and result.seen is not None
    if before is None or result.total or chosen.name not in ("table", "plain"):
        since = None if before is None else before.moment
        document = partial(wire.new_to_dict, result, name=name.removeprefix("@"), since=since, marked=marking)
        output.write(hits.answer(result, document), chosen, voice)
    if marking and result.seen is not None:
        # What could not be written was not seen: a closed pipe ends the command here.
        if sys.stdout is not None:
            sys.stdout.flush()
        marks.keep(name.removeprefix("@"), result.seen)
    if before is None:
        voice.note(_first_time(result.total, len(result.hits), marking=marking))
    elif not result.total:
        voice.note(f"Nothing new since {render.day(before.moment)}." if before.moment else "Nothing new.")
        return
    elif not shown_all and not peek:
        voice.warn(
            f"Of {result.total:,} not all were shown, so they stay new; show more with -n {min(result.total, _LIMIT)}, "
            "or count them as seen with --mark."
        )
    asking.comment(result, voice, index)


def _first_time(total: int, shown: int, *, marking: bool) -> str:
    some = f"the best {shown:,} of {render.counted(total, 'article')}" if shown < total else "all that is there"
    after = "; from now on new shows what arrives after" if marking else ""
    return f"Asked for the first time: this is {some}{after}."
