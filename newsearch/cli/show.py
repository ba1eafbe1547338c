"""`newsearch show`: one article with everything known of it.

    newsearch show k3v9q2

The page is text: wrapped on a terminal, in whole lines in a pipe.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsearch import wording
from newsearch.cli import asking, exits, formats, output, render, streams
from newsearch.cli.formats import ArticleFormat, Null, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Reference, Verbose
from newsearch.cli.output import Answer, Listing
from newsearch.cli.terminal import clean_lines
from newsearch.errors import ArticleNotFound
from newsearch.weblinks import link_target

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from newsearch.library import NewsIndex
    from newsearch.model import Article, ArticleRef, Image, IndexStats, Provider

__all__ = ["EXAMPLES", "show"]

EXAMPLES = """\b
Examples:
  newsearch show k3v9q2
  newsearch show https://www.salon.com/2020/09/13/a-story/
  newsearch show k3v9q2 --open
  newsearch show k3v9q2 --format md | pbcopy
"""

_UNLIMITED = 10_000_000
"""Columns that no line needs, for a pipe."""


def show(
    *,
    reference: Reference,
    open: Annotated[bool, typer.Option("--open", help="Open it in the browser instead.")] = False,  # noqa: A002
    format: ArticleFormat = None,  # noqa: A002
    json: ShortForJson = False,
    null: Null = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Show one article: its text, what it cites and what cites it."""
    chosen = formats.chosen(format, json, null, among=formats.ARTICLES)
    voice = streams.Voice(verbose, quiet)
    with asking.opened(index, voice) as archive:
        article = _find(reference, archive)
    if format is not None or json or not open:
        output.write(_answer(article), chosen, voice)
    if open:
        _open(article, voice)


def _answer(article: "Article") -> Answer:
    from newsearch import wire
    from newsearch.cli import article as articles

    return Answer(
        (Listing(articles.COLUMNS, [article]),),
        lambda: wire.article_to_dict(article),
        table=lambda: _page(article, None if streams.is_terminal(sys.stdout) else _UNLIMITED),
        plain=lambda: _page(article, _UNLIMITED),
        page=lambda: articles.page(article),
    )


def _find(reference: str, archive: "NewsIndex") -> "Article":
    try:
        return archive.get(reference)
    except ArticleNotFound:
        for path in _paths_in_archive(reference, archive.stats()):
            with suppress(ArticleNotFound):
                return archive.get(path)
        raise


def _paths_in_archive(reference: str, stats: "IndexStats") -> Iterator[str]:
    """What a path from here is called in the folders of the archive, if it lies in one."""
    if "\0" in reference:
        return
    file = Path.cwd() / reference
    for root in stats.folders:
        folder = (Path(stats.path) / root).resolve()
        for place in (Path(os.path.normpath(file)), file.resolve()):
            if place.is_relative_to(folder):
                yield place.relative_to(folder).as_posix()


def _open(article: "Article", voice: streams.Voice) -> None:
    target = link_target(article.url)
    if target is None:
        streams.say(f"newsearch: the article {article.id} has no web address to open.")
        raise typer.Exit(exits.UNSUCCESSFUL)
    import webbrowser  # for this option only

    if not webbrowser.open(target):
        streams.say(f"newsearch: no browser could be started; the address is {target}")
        raise typer.Exit(exits.UNSUCCESSFUL)
    voice.note(f"Opened {target}")


def _page(article: "Article", width: int | None) -> str:
    from rich.text import Text  # drawing costs more than searching

    parts: list[RenderableType] = [render.marked(wording.titled(article.title), url=article.url, style="bold")]
    if article.excerpt:
        parts += [Text(), Text(clean_lines(article.excerpt))]
    parts += [Text(), _grid([(Text(label, style="dim"), value) for label, value in _fields(article)])]
    for heading, refs in (("Cites", article.related), ("Cited by", article.cited_by)):
        if refs:
            title = Text(f"{heading} {wording.counted(len(refs), 'article')}", style="bold")
            parts += [Text(), title, _grid(map(_reference, refs), indent=2)]
    if article.body.strip():
        parts += [Text(), Text(clean_lines(article.body.strip("\r\n")))]
    return render.rendered(*parts, width=width)


def _grid(rows: "Iterable[Sequence[Text]]", *, indent: int = 0) -> "RenderableType":
    """Rows in columns, of which the last takes the room that is left and is wrapped within it."""
    from rich.padding import Padding
    from rich.table import Table

    grid = Table.grid(padding=(0, 2, 0, 0), pad_edge=False)
    for row in rows:
        if not grid.columns:
            for _ in row[:-1]:
                grid.add_column(no_wrap=True)
            grid.add_column(overflow="fold")
        grid.add_row(*row)
    return Padding(grid, (0, 0, 0, indent), expand=False)


def _fields(article: "Article") -> Iterator[tuple[str, "Text"]]:
    values: list[tuple[str, str | None]] = [
        ("id", article.id),
        ("kind", "item" if article.kind == "item" else "related (known by citation)"),
        ("url", article.url),
        ("provider", _provider(article.provider)),
        ("date", _moment(article.date)),
        ("updated", _moment(article.updated)),
        ("type", article.type),
        ("category", article.category),
        ("quality", _number(article.quality)),
        ("heat", _number(article.heat)),
        ("published", None if article.published is None else "yes" if article.published else "no"),
        ("topics", ", ".join(article.topics)),
        *(("image", _image(image)) for image in article.images),
        ("path", article.path),
        ("address", article.address),
        ("first indexed", _moment(article.first_indexed)),
    ]
    for label, value in values:
        if value:
            yield label, render.marked(value, url=value if label == "url" else None)


def _reference(ref: "ArticleRef") -> "tuple[Text, Text]":
    title = render.marked(wording.titled(ref.title), url=ref.url)
    beside = [part for part in (wording.provider_name(ref.provider), ref.id) if part]
    title.append_text(render.marked("".join(f" · {part}" for part in beside), style="dim"))
    return render.marked(wording.day(ref.date), style="dim"), title


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else wording.moment(moment)


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _provider(provider: "Provider | None") -> str | None:
    if provider is None or provider.name is None or provider.domain is None:
        return wording.provider_name(provider) or None
    return f"{provider.name} ({provider.domain})"


def _image(image: "Image") -> str:
    size = "" if image.width is None or image.height is None else f" ({image.width} x {image.height})"
    return image.url + size
