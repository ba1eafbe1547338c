"""`newsearch config`: the settings in force, and where each of them came from.

    newsearch config --json

They are `newsearch.config`'s; nothing is set here.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from newsearch.cli import exits, formats, output, streams
from newsearch.cli.formats import Format, ShortForJson
from newsearch.cli.options import IndexFolder, Quiet, Verbose, chosen_index
from newsearch.cli.output import Answer, Column, Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["EXAMPLES", "config"]

EXAMPLES = """\b
Examples:
  newsearch config
  newsearch config --json | jq .settings.archive.value
"""


def config(
    *,
    format: Format = None,  # noqa: A002
    json: ShortForJson = False,
    index: IndexFolder = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Show the settings in force and where each came from.

    A setting is looked for in the options, in environment variables (NEWSEARCH_INDEX, NEWSEARCH_RANKING_HALF_LIFE, …)
    and in the nearest newsearch.toml; the first that has it decides. Exits with 2 if a setting is wrong, and shows the
    others.
    """
    from newsearch import wire
    from newsearch.config import load_what_can_be

    chosen = formats.chosen(format, json)
    voice = streams.Voice(verbose, quiet)
    found = load_what_can_be(overrides=chosen_index(index), flag="index")
    for warning in found.warnings:
        voice.warn(warning)
    voice.detail(f"Settings read from {found.file}." if found.file else "No newsearch.toml was found.")
    values = {key: _setting(found.settings, key) for key in found.origins}

    def document() -> "Mapping[str, Any]":
        file = None if found.file is None else str(found.file)
        return wire.settings_to_dict(values, found.origins, file, found.faults)

    columns = [
        Column("key", lambda row: row[0], "Setting"),
        Column("value", lambda row: row[1], shown=_shown),
        Column("origin", lambda row: row[2]),
    ]
    rows = [(key, value, found.origins[key]) for key, value in values.items()]
    output.write(Answer((Listing(columns, rows, noun="setting"),), document), chosen, voice)
    for fault in found.faults:
        streams.say(f"newsearch: {fault}")
    if found.faults:
        raise typer.Exit(exits.WRONG_USAGE)


def _setting(settings: object, key: str) -> object:
    """The setting that a key such as `ranking.weights.title` names."""
    value = settings
    for name in key.split("."):
        value = getattr(value, name)
    return str(value) if isinstance(value, Path) else value


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "-"
    return str(value)
