"""`newsearch suggest`: what the beginning of a word, topic or provider may become.

newsearch suggest recog
"""

from typing import Annotated, get_args

import typer

from newsearch.cli import asking, formats, output, streams
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose, one_of, whole_number
from newsearch.cli.output import Answer, Column, Listing

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
    from newsearch import wire
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
    columns = [
        Column("text", lambda one: one.text),
        Column("kind", lambda one: one.kind),
        Column("count", lambda one: one.count, "Articles"),
    ]
    rows = Listing(columns, found, noun="completion")
    output.write(Answer((rows,), lambda: wire.completions_to_dict(prefix, found)), chosen, voice)
    if not found:
        voice.warn("Nothing in the archive begins so.")
