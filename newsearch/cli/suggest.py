"""`newsearch suggest`: what the beginning of a word, topic or provider may become.

newsearch suggest recog
"""

from collections.abc import Sequence
from typing import Annotated, get_args

import typer

from newsearch.cli import asking, formats, render, streams
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose, one_of, whole_number
from newsearch.cli.terminal import clean

__all__ = ["EXAMPLES", "suggest"]

EXAMPLES = """\b
Examples:
  newsearch suggest recog
  newsearch suggest "facial rec"
  newsearch suggest sal --kind provider --format plain | cut -f 1

\b
A line of --format plain has, between tabs: text, kind, articles.
"""


def suggest(
    *,
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", help="What was typed so far.")],
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", parser=whole_number, help="Completions to show, 0 to 1000.")
    ] = 10,
    kind: Annotated[
        str, typer.Option("--kind", metavar="word|topic|provider|all", help="Only completions of this kind.")
    ] = "all",
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Complete a word, topic or provider, those of most articles first.

    Of several words the last is completed, to what is found together with the others. Beside each stands how many
    articles a search for it finds.
    """
    from newsearch.model import CompletionKind
    from newsearch.query.filters import check_completion

    chosen = formats.chosen(format, json)
    every = get_args(CompletionKind)
    one_of("--kind", kind, (*every, "all"))
    kinds = every if kind == "all" else (kind,)
    # Wrong usage is wrong with or without an index.
    check_completion(prefix, limit, kinds)
    voice = streams.Voice(verbose, quiet)
    with asking.opened(index, voice) as archive:
        found = archive.suggest(prefix, limit=limit, kinds=kinds)
    if chosen == "json":
        from newsearch import wire

        streams.write_json(wire.completions_to_dict(prefix, found))
        return
    rows = [(one.text, one.kind, f"{one.count:,}" if chosen == "table" else str(one.count)) for one in found]
    streams.write(render.columns(rows, table=True) if chosen == "table" else "".join(map(_line, rows)))
    if not found:
        voice.warn("Nothing in the archive begins so.")


def _line(cells: Sequence[str]) -> str:
    return "\t".join(map(clean, cells)) + "\n"
