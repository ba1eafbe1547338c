"""Which formats there are, which of them a command can give, and which one was asked for: the one place that decides.

def count(*, format: Format = None, json: ShortForJson = False) -> None:
    chosen = formats.chosen(format, json)       "table", "plain", "json", ...

How each looks is `newsearch.cli.output`'s and its neighbours'.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from newsearch.cli import streams
from newsearch.cli.options import one_of
from newsearch.errors import QueryError

__all__ = [
    "ARTICLES",
    "CITED",
    "FILES",
    "FORMATS",
    "NAMES",
    "RECORDS",
    "ArticleFormat",
    "Chosen",
    "CitedFormat",
    "FindingFormat",
    "Format",
    "Null",
    "ShortForJson",
    "chosen",
]

FORMATS = ("table", "plain", "json", "jsonl", "csv", "md", "urls", "ids", "paths")

NAMES = ("urls", "ids", "paths")
"""The formats that name articles, one a line, and do nothing else."""

ARTICLES = FORMATS
"""What a command that finds articles can give."""

CITED = tuple(name for name in FORMATS if name != "paths")
"""What one can give whose articles come with no path, as those do that are known by a citation."""

RECORDS = tuple(name for name in FORMATS if name not in NAMES)
"""What a command that tells of anything else can give."""

FILES = (*RECORDS, "paths")
"""What one can give that tells of files and not of articles."""

_DEFAULT = "Default: table on a terminal, plain in a pipe."

ArticleFormat = Annotated[str | None, typer.Option("--format", metavar="|".join(ARTICLES), help=_DEFAULT)]
CitedFormat = Annotated[str | None, typer.Option("--format", metavar="|".join(CITED), help=_DEFAULT)]
FindingFormat = Annotated[str | None, typer.Option("--format", metavar="|".join(FILES), help=_DEFAULT)]
Format = Annotated[str | None, typer.Option("--format", metavar="|".join(RECORDS), help=_DEFAULT)]
ShortForJson = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
Null = Annotated[bool, typer.Option("--null", "-0", help="End each line of urls, ids or paths with NUL, for xargs -0.")]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A format, and whether its lines end with NUL."""

    name: str
    null: bool = False


def chosen(
    format: str | None,  # noqa: A002
    json: bool,
    null: bool = False,
    *,
    among: Sequence[str] = RECORDS,
    otherwise: str | None = None,
) -> Chosen:
    """The format to write; without any `otherwise`, or what suits a terminal or a pipe.

    QueryError for one that is none, that the command cannot give, or that contradicts --json or --null.
    """
    if format is not None:
        if format in FORMATS and format not in among:
            raise QueryError(f"--format {format} is none that this command has; it has {', '.join(among)}.")
        one_of("--format", format, among)
    if json:
        if format not in (None, "json"):
            raise QueryError(f"--json and --format {format} contradict each other; leave one of them out.")
        format = "json"  # noqa: A001
    if null and format not in NAMES:
        raise QueryError("--null ends the lines of --format urls, ids and paths; choose one of them.")
    return Chosen(format or otherwise or ("table" if streams.is_terminal(sys.stdout) else "plain"), null)
