"""`newsearch config`: the settings in force, and where each of them came from.

    newsearch config --json

They are `newsearch.config`'s; nothing is set here.
"""

from pathlib import Path

from newsearch.cli import render, streams
from newsearch.cli.options import IndexFolder, Json, Quiet, Verbose, configured

__all__ = ["EXAMPLES", "config"]

EXAMPLES = """\b
Examples:
  newsearch config
  newsearch config --json | jq .settings.archive.value
"""


def config(index: IndexFolder = None, json: Json = False, verbose: Verbose = False, quiet: Quiet = False) -> None:
    """Show the settings in force and where each came from.

    A setting is looked for in the options, in environment variables (NEWSEARCH_INDEX, NEWSEARCH_RANKING_HALF_LIFE, …)
    and in the nearest newsearch.toml; the first that has it decides.
    """
    from newsearch import wire

    voice = streams.Voice(verbose, quiet)
    configuration = configured(index, voice)
    voice.detail(f"Settings read from {configuration.file}." if configuration.file else "No newsearch.toml was found.")
    values = {key: _setting(configuration.settings, key) for key in configuration.origins}
    if json:
        file = None if configuration.file is None else str(configuration.file)
        streams.write_json(wire.settings_to_dict(values, configuration.origins, file))
        return
    rows = [(key, _shown(value), configuration.origins[key]) for key, value in values.items()]
    streams.write(render.columns(rows))


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
