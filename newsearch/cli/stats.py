"""`newsearch stats`: what an index holds, and how large it is.

newsearch stats --json
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsearch import wording
from newsearch.cli import asking, formats, output, render, streams
from newsearch.cli.advice import fitted
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose
from newsearch.cli.output import Answer, Column, Listing

if TYPE_CHECKING:
    from newsearch.model import IndexStats, SegmentSize, Timeline

__all__ = ["EXAMPLES", "stats"]

EXAMPLES = """\b
Examples:
  newsearch stats
  newsearch stats -v                           each of its segments too
  newsearch stats --json | jq .stats.articles
"""


def stats(
    *,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Show what the index holds, how large it is, and how it grew."""
    from newsearch.model import SearchRequest

    chosen = formats.chosen(format, json)
    voice = streams.Voice(verbose, quiet)
    with asking.opened(index, voice) as archive:
        found = archive.stats()
        growth = archive.ask(SearchRequest(limit=0, timeline="year")).timeline
    output.write(_answer(found, growth, verbose=verbose), chosen, voice)
    if found.skipped:
        voice.warn(fitted("Files were skipped. To see which, and why: newsearch index", {"index": index}))


def _answer(found: "IndexStats", growth: "Timeline | None", *, verbose: bool) -> Answer:
    from newsearch import wire

    columns = [*_COLUMNS, *(_MORE if verbose else [replace(column, where=("csv",)) for column in _MORE])]
    record = Listing(columns, [found], record=True, heading="The index")
    years = Listing(
        [
            Column("year", lambda bucket: str(bucket.start.year), where=("md",)),
            Column("articles", lambda bucket: bucket.count, where=("md",)),
        ],
        growth.buckets if growth is not None else (),
        heading="Growth",
    )

    def drawn() -> str:
        from newsearch.cli import bars  # drawing costs more than searching

        lines = output.record_lines(record)
        if verbose:
            lines += [("segment", _part(part)) for part in found.parts]
        bar = bars.timeline(growth, sparks=False) if growth is not None and growth.buckets else ""
        return render.columns(lines, table=True) + (f"\narticles by year\n{bar}" if bar else "")

    return Answer((record, years), lambda: wire.stats_to_dict(found, growth), table=drawn)


def _part(part: "SegmentSize") -> str:
    documents = wording.counted(part.documents, "document")
    return f"{part.name}: {documents}, {part.deleted:,} deleted, {render.size(part.bytes)}"


def _figure(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _origins(stats: "IndexStats") -> Iterator[str]:
    """Where the items come from, as a person looks for it."""
    yield from (_from_here(stats.path, root) for root in stats.folders)
    yield from (f"items of '{source}' from Python" for source in stats.sources)


def _from_here(index: str, root: str) -> str:
    """A folder of the archive, which the index knows by its way from there, by its way from the current folder."""
    folder, here = (Path(index) / root).resolve(), Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)


def _moment(moment: datetime | None) -> str:
    return "-" if moment is None else wording.moment(moment, "minutes")


_COLUMNS = (
    Column("path", lambda stats: stats.path, "Index"),
    Column("roots", lambda stats: tuple(_origins(stats)) or ("-",), "Folders"),
    Column("updated", lambda stats: stats.updated, shown=_moment),
    Column("items", lambda stats: stats.items, shown=_figure),
    Column("articles", lambda stats: stats.articles, shown=_figure),
    Column("duplicates", lambda stats: stats.duplicates, shown=_figure),
    Column("skipped", lambda stats: stats.skipped, "Skipped files", shown=_figure),
    Column("providers", lambda stats: stats.providers, shown=_figure),
    Column("topics", lambda stats: stats.topics, shown=_figure),
    Column("oldest", lambda stats: stats.oldest, shown=_moment),
    Column("newest", lambda stats: stats.newest, shown=_moment),
    Column("median_quality", lambda stats: stats.median_quality, shown=_figure),
    Column("terms", lambda stats: stats.terms, shown=_figure),
    Column("language", lambda stats: stats.language),
    Column("bytes", lambda stats: stats.bytes, "Size", shown=render.size),
    Column("segments", lambda stats: stats.segments, shown=_figure),
)
_MORE = (
    Column("deleted", lambda stats: stats.deleted, shown=_figure),
    Column("schema_version", lambda stats: stats.schema_version, "Version"),
)
"""Of which people are not told without -v."""
