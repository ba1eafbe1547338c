"""`newsearch terms`: the words, topics and providers that are typical of a query's hits.

    newsearch terms facial recognition --against date:2019

A line a value: on a terminal under headings, in a pipe with the kind first.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from newsearch import wording
from newsearch.cli import asking, formats, output, render, streams
from newsearch.cli.filtering import Filters, Text, filtered, request_of
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Verbose, whole_number
from newsearch.cli.output import Answer, Column, Listing

if TYPE_CHECKING:
    from newsearch.findings import TypicalTerm, TypicalTerms

__all__ = ["EXAMPLES", "terms"]

EXAMPLES = """\b
Examples:
  newsearch terms facial recognition
  newsearch terms amazon --against microsoft
  newsearch terms vaccine --since 2021 --against 'vaccine date:..2020'
  newsearch terms @portland --against @harbour

\b
Compared are the numbers of articles that have a value, among the hits and
among the others: all other articles, or what --against finds. A line of
--format plain has, between tabs: word, topic or provider; the value; hits
and others that have it; and the strength of the difference (G², of which
10.83 comes about by chance once in a thousand).
"""


@filtered
def terms(
    *,
    text: Text = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="TEXT", help="A query to compare with; otherwise everything.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", parser=whole_number, help="Values of each kind, 0 to 1000.")
    ] = 10,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    filters: Filters,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Show what is typical of a query's hits: words, topics, providers."""
    chosen = formats.chosen(format, json)
    request = request_of(text, filters)
    asking.check(request)
    voice = streams.Voice(verbose, quiet)
    other = request_of((against,), {}) if against is not None and against.startswith("@") else against
    with asking.opened(index, voice) as archive:
        found = archive.terms(request, against=other, limit=limit)
    output.write(_answer(found), chosen, voice)
    asking.warn(found, voice, index)
    if found.total and found.others and not (found.words or found.topics or found.providers):
        voice.warn("Nothing is typical of them: what they have, other articles have about as often.")
    voice.detail(f"Understood as: {found.parsed or '(everything)'}")
    if found.against_parsed is not None:
        voice.detail(f"Compared with: {found.against_parsed or '(everything)'}")
    asking.end(found.total, fail_empty=fail_empty)


def _kinds(found: "TypicalTerms") -> "tuple[tuple[str, tuple[TypicalTerm, ...]], ...]":
    return ("word", found.words), ("topic", found.topics), ("provider", found.providers)


def _answer(found: "TypicalTerms") -> Answer:
    from newsearch import wire

    columns = [
        Column("kind", lambda row: row[0]),
        Column("value", lambda row: row[1].value),
        Column("hits", lambda row: row[1].hits),
        Column("others", lambda row: row[1].others),
        Column("strength", lambda row: row[1].strength, digits=2),
    ]
    rows = Listing(columns, [(kind, one) for kind, terms in _kinds(found) for one in terms], noun="value")
    return Answer((rows,), lambda: wire.terms_to_dict(found), table=lambda: _table(found))


def _table(found: "TypicalTerms") -> str:
    lines = []
    for kind, typical in _kinds(found):
        if typical:
            heads = (kind.capitalize(), "Hits", "Others", "Strength")
            rows = [(one.value, f"{one.hits:,}", f"{one.others:,}", f"{one.strength:.1f}") for one in typical]
            lines += [render.columns([heads, *rows], table=True), "\n"]
    lines.append(f"{wording.counted(found.total, 'hit')} compared with {wording.counted(found.others, 'article')}\n")
    return "".join(lines)
