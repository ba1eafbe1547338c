"""`newsearch stats`: what an index holds, and how large it is.

newsearch stats --json
"""

from datetime import datetime
from pathlib import Path

from newsearch.cli import asking, render, streams
from newsearch.cli.advice import fitted
from newsearch.cli.options import IndexFolder, Json, Quiet, Verbose

__all__ = ["EXAMPLES", "stats"]

EXAMPLES = """\b
Examples:
  newsearch stats
  newsearch stats -v                           its segments and version too
  newsearch stats --json | jq .stats.articles
"""


def stats(index: IndexFolder = None, json: Json = False, verbose: Verbose = False, quiet: Quiet = False) -> None:
    """Show what the index holds and how large it is."""
    from newsearch import wire

    voice = streams.Voice(verbose, quiet)
    with asking.opened(index, voice) as archive:
        found = archive.stats()
    if json:
        streams.write_json(wire.stats_to_dict(found))
        return
    rows = [
        ("index", found.path),
        ("folders", ", ".join(_from_here(found.path, root) for root in found.roots) or "-"),
        ("updated", _moment(found.updated)),
        ("items", f"{found.items:,}"),
        ("articles", f"{found.articles:,}"),
        ("duplicates", f"{found.duplicates:,}"),
        ("skipped files", f"{found.skipped:,}"),
        ("providers", f"{found.providers:,}"),
        ("topics", f"{found.topics:,}"),
        ("oldest", _moment(found.oldest)),
        ("newest", _moment(found.newest)),
        ("median quality", "-" if found.median_quality is None else str(found.median_quality)),
        ("terms", f"{found.terms:,}"),
        ("language", found.language),
        ("size", render.size(found.bytes)),
    ]
    if verbose:
        rows += [
            ("segments", f"{found.segments:,}"),
            ("deleted", f"{found.deleted:,}"),
            ("version", str(found.schema_version)),
        ]
    streams.write(render.columns(rows))
    if found.skipped:
        voice.warn(fitted("Files were skipped. To see which, and why: newsearch index", {"index": index}))


def _from_here(index: str, root: str) -> str:
    """A folder of the archive, which the index knows by its way from there, by its way from the current folder."""
    folder, here = (Path(index) / root).resolve(), Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)


def _moment(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"
