"""`newsearch suggest`: what the beginning of a word, topic, provider, field or saved query may become.

newsearch suggest recog
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from newsearch.cli import asking, formats, output, streams
from newsearch.cli.filtering import request_of
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Verbose, one_of, whole_number
from newsearch.cli.output import Answer, Column, Listing

if TYPE_CHECKING:
    from newsearch.cli.offers import Offer
    from newsearch.library import NewsIndex
    from newsearch.model import Completion

__all__ = ["EXAMPLES", "suggest"]

EXAMPLES = """\b
Examples:
  newsearch suggest recog
  newsearch suggest "facial rec"
  newsearch suggest sal --kind provider --format plain | cut -f 1
  newsearch suggest topic:pri
  newsearch suggest @por                        saved queries

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
        str,
        typer.Option("--kind", metavar="word|topic|provider|field|saved|all", help="Only completions of this kind."),
    ] = "all",
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Complete a word, topic or provider, those of most articles first.

    Of several words the last is completed, to what is found together with the others. Beside each stands how many
    articles a search for it finds. Fields of the query language, and saved queries after an @, come before all that.
    """
    from newsearch import wire
    from newsearch.model import CompletionKind
    from newsearch.query.filters import check_completion

    chosen = formats.chosen(format, json)
    of_index = get_args(CompletionKind)
    every = (*of_index, "field", "saved")
    one_of("--kind", kind, (*every, "all"))
    kinds = every if kind == "all" else (kind,)
    asked = tuple(one for one in of_index if one in kinds)
    # Wrong usage is wrong with or without an index.
    check_completion(prefix, limit, asked)
    voice = streams.Voice(verbose, quiet)
    with asking.opened(index, voice) as archive:
        found: list[Offer | Completion] = [*islice(_of_language(prefix, kinds, archive), limit)]
        if asked:
            found += archive.suggest(prefix, limit=limit - len(found), kinds=asked)
    columns = [
        Column("text", lambda one: one.text),
        Column("kind", lambda one: one.kind),
        Column("count", lambda one: one.count, "Articles"),
    ]
    rows = Listing(columns, found, noun="completion")
    output.write(Answer((rows,), lambda: wire.completions_to_dict(prefix, found)), chosen, voice)
    if not found:
        voice.warn("Nothing in the archive begins so.")
    asking.end(len(found), fail_empty=fail_empty)


def _of_language(prefix: str, kinds: Sequence[str], archive: "NewsIndex") -> Iterator["Offer"]:
    """Fields, their values and saved queries that begin so; of the latter two how many articles each finds."""
    from newsearch.cli import offers  # with the names of the query language, for this command only

    before, begun = prefix[: prefix.rfind(" ") + 1], prefix[prefix.rfind(" ") + 1 :]
    folded = begun.casefold()
    if "saved" in kinds and (begun.startswith("@") or len(kinds) == 1) and not before:
        for name, _ in offers.saved("@"):
            if name.casefold().startswith("@" + folded.removeprefix("@")):
                yield offers.Offer(name, "saved", archive.ask(request_of((name,), {}, limit=0)).total)
    if "field" in kinds and (begun or len(kinds) == 1):
        for field in offers.fields(begun):
            yield offers.Offer(before + field, "field", None)
        for value, _ in offers.values(begun, archive.pinned):
            if value.casefold().startswith(folded):
                yield offers.Offer(before + value, "field", archive.count(before + value))
