"""`newsearch related`: what the citations of an archive lead to from one article.

    newsearch related k3v9q2 --depth 2

A line an article, nearest first, with the way that leads to it.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from newsearch import wording
from newsearch.cli import asking, formats, output, render, streams
from newsearch.cli.filtering import AsOf, request_of
from newsearch.cli.formats import CitedFormat, Null, ShortForJson
from newsearch.cli.options import FailEmpty, IndexFolder, Quiet, Reference, Verbose, whole_number
from newsearch.cli.output import Answer, Column, Listing

if TYPE_CHECKING:
    from newsearch.findings import CitationStep, Relation, Relations

__all__ = ["EXAMPLES", "related"]

EXAMPLES = """\b
Examples:
  newsearch related k3v9q2                 what it cites, and what cites it
  newsearch related k3v9q2 --depth 2       and what is cited together with it
  newsearch related k3v9q2 --as-of 2020-10 in the archive as it was then

\b
A line of --format plain has, between tabs: id, distance, links, date,
provider, title, address, and the way from the article asked about.
"""


def related(
    *,
    reference: Reference,
    depth: Annotated[
        int, typer.Option("--depth", metavar="N", parser=whole_number, help="Citations to follow, 1 to 3.")
    ] = 1,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", parser=whole_number, help="Articles to show, 0 to 1000.")
    ] = 50,
    as_of: AsOf = None,
    format: CitedFormat = None,  # noqa: A002
    json: ShortForJson = False,
    null: Null = False,
    fail_empty: FailEmpty = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Show what citations lead to from one article, both ways."""
    chosen = formats.chosen(format, json, null, among=formats.CITED)
    voice = streams.Voice(verbose, quiet)
    asking.check(request_of((), {}, as_of=as_of))
    with asking.opened(index, voice) as archive:
        found = archive.related(reference, depth=depth, limit=limit, as_of=as_of)
    output.write(_answer(found), chosen, voice)
    if not found.total:
        then = as_of is not None
        voice.warn(
            "It cited nothing then, and nothing cited it." if then else "It cites nothing, and nothing cites it."
        )
    asking.end(found.total, fail_empty=fail_empty)


def _answer(found: "Relations") -> Answer:
    from newsearch import wire

    def provider(relation: "Relation") -> str:
        return wording.provider_name(relation.article.provider)

    columns = [
        Column("id", lambda one: one.article.id),
        Column("distance", lambda one: one.distance),
        Column("links", lambda one: one.links),
        Column("date", lambda one: one.article.date),
        Column("provider", provider, where=("plain", "md")),
        Column("provider", lambda one: one.article.provider and one.article.provider.name, where=("csv",)),
        Column("domain", lambda one: one.article.provider and one.article.provider.domain, where=("csv",)),
        Column("title", lambda one: one.article.title, link=lambda one: one.article.url),
        Column("url", lambda one: one.article.url, where=("plain", "csv")),
        Column("kind", lambda one: one.article.kind, where=("csv",)),
        Column("way", lambda one: _way(one.path)),
    ]
    rows = Listing(columns, found.articles)
    return Answer((rows,), lambda: wire.relations_to_dict(found), table=lambda: _table(found))


def _table(found: "Relations") -> str:
    from rich.padding import Padding  # drawing costs more than searching
    from rich.text import Text

    parts: list[Text | Padding] = [render.marked(wording.titled(found.article.title), style="bold")]
    for relation in found.articles:
        article = relation.article
        facts = [wording.day(article.date), wording.provider_name(article.provider), article.id]
        line = Text.assemble(
            render.marked(wording.titled(article.title), url=article.url),
            render.marked("".join(f" · {fact}" for fact in facts if fact), style="dim"),
        )
        way = render.marked(_way(relation.path), style="dim italic")
        parts += [Padding(line, (0, 0, 0, 2)), Padding(way, (0, 0, 0, 4))]
    listed = "all shown" if len(found.articles) == found.total else f"{len(found.articles):,} shown"
    steps = "1 step" if found.depth == 1 else f"{found.depth} steps"
    parts += [Text(), Text(f"{wording.counted(found.total, 'article')} within {steps}, {listed}", style="dim")]
    return render.rendered(*parts, width=streams.width())


def _way(path: "tuple[CitationStep, ...]") -> str:
    """How one gets there: `cited by it`, or `cites “A”, which is cited by this`."""
    before = "it"
    steps = []
    for step in path[:-1]:
        steps.append(f"{before} {_verb(step.by)} “{step.article.title}”")
        before = "which"
    return ", ".join([*steps, f"{before} {_verb(path[-1].by)} this"])


def _verb(by: str) -> str:
    return "cites" if by == "cites" else "is cited by"
