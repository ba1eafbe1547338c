"""`newsearch brief`: a page in Markdown about what a query finds, to be pasted.

    newsearch brief facial recognition > facial-recognition.md

The page is `newsearch.brief`'s; it is the same in a terminal and in a pipe, but for what would harm a terminal.
"""

import sys
from typing import Annotated

import typer

from newsearch.cli import asking, formats, output, streams
from newsearch.cli.filtering import Filters, Text, filtered, request_of
from newsearch.cli.formats import ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, MaxPerProvider, Quiet, Sorting, Verbose, whole_number
from newsearch.cli.output import Answer
from newsearch.cli.terminal import clean_lines

__all__ = ["EXAMPLES", "brief"]

EXAMPLES = """\b
Examples:
  newsearch brief facial recognition
  newsearch brief vaccine --since 2020-06 -n 5 > vaccine.md
  newsearch brief amazon --as-of 2020-09-30
  newsearch brief @portland --max-per-provider 2
"""


@filtered
def brief(
    *,
    text: Text = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", parser=whole_number, help="Stories to tell of, 0 to 1000.")
    ] = 10,
    sort: Sorting = None,
    filters: Filters,
    max_per_provider: MaxPerProvider = None,
    format: Annotated[str | None, typer.Option("--format", metavar="md|json", help="Default: md.")] = None,  # noqa: A002
    json: ShortForJson = False,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Write a page in Markdown: how many, when, and story by story."""
    from newsearch import brief as pages
    from newsearch import wire
    from newsearch.saved import named

    chosen = formats.chosen(format, json, among=("md", "json"), otherwise="md")
    voice = streams.Voice(verbose, quiet)
    request = request_of(text, filters, sort=sort, max_per_provider=max_per_provider)
    result = asking.answer(pages.asked(request, stories=limit), index, voice)
    typed = " ".join(text or ())
    saved = named(typed)
    title = saved[0] if saved is not None and not saved[1] else typed

    def page() -> str:
        text = pages.page(result, title=title)
        return clean_lines(text) if streams.is_terminal(sys.stdout) else text

    output.write(Answer((), lambda: wire.search_to_dict(result), page=page), chosen, voice)
    asking.comment(result, voice, index, command="brief")
    asking.end(result.total, fail_empty=fail_empty)
