"""`newsearch new`: what arrived for a saved query since it was last asked.

newsearch new portland
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from newsearch import wording
from newsearch.cli import asking, formats, output, streams
from newsearch.cli.formats import ArticleFormat, Null, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Verbose, configured, whole_number
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
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Show the articles of a saved query that arrived since this was last asked."""
    from functools import partial

    from newsearch import wire
    from newsearch.arriving import LIMIT, Watch
    from newsearch.cli import hits
    from newsearch.saved import SavedQueries

    if mark and peek:
        raise QueryError("--mark and --peek contradict each other; leave one of them out.")
    chosen = formats.chosen(format, json, null, among=formats.ARTICLES)
    voice = streams.Voice(verbose, quiet)
    place = configured(index, streams.Voice(quiet=True)).settings.place
    watch = Watch(name, queries=SavedQueries.near(Path.cwd()), index=place)
    found = watch.arrivals(asking.answer(watch.request(limit), index, voice))
    result = found.result
    marking = (mark or found.is_all) and not peek
    if found.is_first or result.total or chosen.name not in ("table", "plain"):
        document = partial(wire.new_to_dict, result, name=found.name, since=found.since, marked=marking)
        output.write(hits.answer(result, document), chosen, voice)
    if marking:
        # What could not be written was not seen: a closed pipe ends the command here.
        if sys.stdout is not None:
            sys.stdout.flush()
        found.mark()
    if found.is_first:
        voice.note(_first_time(result.total, len(result.hits), marking=marking))
    elif not result.total:
        voice.note(f"Nothing new since {wording.day(found.since)}." if found.since else "Nothing new.")
        asking.end(0, fail_empty=fail_empty)
        return
    elif not (mark or found.is_all or peek):
        voice.warn(
            f"Of {result.total:,} not all were shown, so they stay new; show more with -n {min(result.total, LIMIT)}, "
            "or count them as seen with --mark."
        )
    asking.comment(result, voice, index)
    asking.end(result.total, fail_empty=fail_empty)


def _first_time(total: int, shown: int, *, marking: bool) -> str:
    some = f"the best {shown:,} of {wording.counted(total, 'article')}" if shown < total else "all that is there"
    after = "; from now on new shows what arrives after" if marking else ""
    return f"Asked for the first time: this is {some}{after}."
