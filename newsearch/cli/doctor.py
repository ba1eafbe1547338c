"""`newsearch doctor`: every byte of the index checked, and what is wrong in the archive.

newsearch doctor --json
"""

from typing import TYPE_CHECKING

import typer

from newsearch.cli import exits, render, streams
from newsearch.cli.advice import fitted
from newsearch.cli.options import IndexFolder, Json, Quiet, Verbose, configured
from newsearch.cli.terminal import clean

if TYPE_CHECKING:
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


def doctor(index: IndexFolder = None, json: Json = False, verbose: Verbose = False, quiet: Quiet = False) -> None:
    """Check every byte of the index, and name what is wrong in the archive.

    Exits with 1 for damage and for faults; remarks alone are no failure.
    """
    # The library loads the engine, which --help does not wait for.
    from newsearch import wire
    from newsearch.library import NewsIndex

    voice = streams.Voice(verbose, quiet)
    settings = configured(index, voice).settings
    found = NewsIndex.check(settings.index)
    if json:
        streams.write_json(wire.diagnosis_to_dict(found))
    else:
        streams.write("".join(f"{line}\n" for line in _lines(found, index, verbose=verbose)))
    if not found.is_faultless:
        raise typer.Exit(exits.UNSUCCESSFUL)


def _lines(found: "Diagnosis", index: str | None, *, verbose: bool) -> list[str]:
    lines = []
    for finding in found.findings:
        count = f" ({len(finding.places):,})" if len(finding.places) > 1 else ""
        lines.append(f"{finding.severity}{count}: {clean(fitted(finding.message, {'index': index}))}")
        shown = finding.places if verbose else finding.places[:_PLACES]
        lines += [f"  {clean(place)}" for place in shown]
        if more := len(finding.places) - len(shown):
            lines.append(f"  and {more:,} more; -v shows them all")
    checked = f"{render.counted(found.files, 'file')}, {render.size(found.bytes)}"
    lines.append(f"The index is {'sound' if found.is_sound else 'damaged'}: {checked} checked.")
    return lines
