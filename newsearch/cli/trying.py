"""Settings tried for one run: how `--set` and `--against` are read.

    settings = tried(["ranking.weights.title=3"], index, voice)
    other = tried(words("ranking.k1=2 ranking.b=0.5"), index, voice, by="--against")

What a setting means and which values it takes is `newsearch.config`'s.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from newsearch.cli import streams
from newsearch.cli.options import configured
from newsearch.errors import ConfigError

if TYPE_CHECKING:
    from newsearch.config import Settings

__all__ = ["Against", "Set", "described", "tried", "words"]

Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Try this setting, such as ranking.k1=2. May be repeated."),
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against", metavar='"KEY=VALUE …"', help='Compare with these settings; "" for those in force, without --set.'
    ),
]


def words(text: str) -> list[str]:
    """The assignments of a text: separated by blanks, quoted as in a shell."""
    import shlex  # only where something is compared

    try:
        return shlex.split(text)
    except ValueError:
        raise ConfigError(f"--against {text!r}: a quote is not closed.") from None


def tried(
    assignments: Sequence[str], index: str | None, voice: streams.Voice, *, by: str = "--set", warn: bool = True
) -> "Settings":
    """The settings in force, with some tried over them. Raises ConfigError."""
    tries: dict[str, str] = {}
    for assignment in assignments:
        key, sign, value = (part.strip() for part in assignment.partition("="))
        if not sign or not key:
            raise ConfigError(f"{by}: {assignment!r} sets nothing; write it like ranking.weights.title=3.")
        if key in ("archive", "engine", "exclude", "index", "language", "url"):
            raise ConfigError(
                f"{by}: {key} cannot be tried, for the index depends on it; what can is "
                "ranking.* and synonyms. The language of a corpus is the one in newsearch.toml."
            )
        tries[key] = value
    return configured(index, voice if warn else streams.Voice(quiet=True), tries=tries, tried_by=by).settings


def described(assignments: Sequence[str]) -> str:
    """What is tried, as a line."""
    return " ".join(assignments) or "the settings in force"
