"""Which formats there are, and which one a command writes: the one place that decides.

def count(*, format: Format = None, json: Json = False) -> None:
    chosen = formats.chosen(format, json)       "table", "plain" or "json"
"""

import sys
from typing import Annotated

import typer

from newsearch.cli import streams
from newsearch.cli.options import one_of
from newsearch.errors import QueryError

__all__ = ["FORMATS", "Format", "ShortForJson", "chosen"]

FORMATS = ("table", "plain", "json")

Format = Annotated[
    str | None,
    typer.Option("--format", metavar="table|plain|json", help="Default: table on a terminal, plain in a pipe."),
]
ShortForJson = Annotated[bool, typer.Option("--json", help="Short for --format json.")]


def chosen(format: str | None, json: bool) -> str:  # noqa: A002
    """The format to write. QueryError for one that is none, or that contradicts --json."""
    if format is not None:
        one_of("--format", format, FORMATS)
    if json:
        if format not in (None, "json"):
            raise QueryError(f"--json and --format {format} contradict each other; leave one of them out.")
        return "json"
    return format or ("table" if streams.is_terminal(sys.stdout) else "plain")
