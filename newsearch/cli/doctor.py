"""`newsearch doctor`: every byte of the index checked, and what is wrong in the archive.

    newsearch doctor --json

A line a place in most formats; people are shown them in groups.
"""

from typing import TYPE_CHECKING, Any

import typer

from newsearch import wording
from newsearch.cli import exits, formats, markdown, output, render, streams
from newsearch.cli.advice import fitted
from newsearch.cli.formats import FindingFormat, Null, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose, configured
from newsearch.cli.output import Answer, Column, Listing
from newsearch.cli.terminal import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsearch.model import Diagnosis

__all__ = ["EXAMPLES", "doctor"]

EXAMPLES = """\b
Examples:
  newsearch doctor
  newsearch doctor --json | jq '.diagnosis.findings[] | {check, count}'
  newsearch doctor --format csv > faults.csv
  newsearch doctor --format paths -0 | xargs -0 -n 1 echo
"""

_PLACES = 10
"""Places that are shown of each finding without -v."""


def doctor(
    *,
    format: FindingFormat = None,  # noqa: A002
    json: ShortForJson = False,
    null: Null = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Check every byte of the index, and name what is wrong in the archive.

    Exits with 1 for damage and for faults; remarks alone are no failure.
    """
    # The library loads the engine, which --help does not wait for.
    from newsearch.library import NewsIndex

    chosen = formats.chosen(format, json, null, among=formats.FILES)
    voice = streams.Voice(verbose, quiet)
    settings = configured(index, voice).settings
    found = NewsIndex.check(settings.place)
    output.write(_answer(found, index, verbose=verbose), chosen, voice)
    if chosen.name not in ("table", "plain", "json", "md"):
        voice.note(_health(found))
    if not found.is_faultless:
        raise typer.Exit(exits.UNSUCCESSFUL)


def _answer(found: "Diagnosis", index: str | None, *, verbose: bool) -> Answer:
    from newsearch import wire

    def document() -> "Mapping[str, Any]":
        return wire.diagnosis_to_dict(found)

    def drawn() -> str:
        return render.prose(_lines(found, index, verbose=verbose))

    columns = [
        Column("severity", lambda line: line["severity"]),
        Column("check", lambda line: line["check"]),
        Column("message", lambda line: line["message"]),
        Column("place", lambda line: line["place"]),
        Column("path", lambda line: line["path"]),
    ]
    rows = Listing(columns, list(wire.lines(document())), noun="place")
    return Answer((rows,), document, table=drawn, plain=drawn, page=lambda: _page(found))


def _lines(found: "Diagnosis", index: str | None, *, verbose: bool) -> list[str]:
    lines = []
    for finding in found.findings:
        count = f" ({len(finding.places):,})" if len(finding.places) > 1 else ""
        lines.append(f"{finding.severity}{count}: {clean(fitted(finding.message, {'index': index}))}")
        shown = finding.places if verbose else finding.places[:_PLACES]
        lines += [f"  {clean(place)}" for place in shown]
        if more := len(finding.places) - len(shown):
            lines.append(f"  and {more:,} more; -v shows them all")
    return [*lines, _health(found)]


def _page(found: "Diagnosis") -> str:
    """In Markdown, in groups: all places."""
    blocks = []
    for finding in found.findings:
        heading = f"## {finding.severity.capitalize()} ({finding.count:,})\n\n{markdown.text(finding.message)}\n"
        places = "".join(f"- {markdown.text(place)}\n" for place in finding.places)
        blocks.append(f"{heading}\n{places}" if places else heading)
    return "\n".join([*blocks, f"{_health(found)}\n"])


def _health(found: "Diagnosis") -> str:
    checked = f"{wording.counted(found.files, 'file')}, {render.size(found.bytes)}"
    return f"The index is {'sound' if found.is_sound else 'damaged'}: {checked} checked."
