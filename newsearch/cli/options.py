"""The options that commands share, and a command whose text may begin with a minus.

    def stats(*, index: IndexFolder = None, verbose: Verbose = False, quiet: Quiet = False) -> None: ...

What the options mean is written once here, so that they mean the same everywhere.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from newsearch.errors import QueryError

__all__ = ["FreeTextCommand", "IndexFolder", "Json", "Quiet", "Verbose", "one_of", "whole_number"]

IndexFolder = Annotated[
    str | None, typer.Option("--index", metavar="DIR", help="The index's folder (default: as configured, else index).")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr, tracebacks included.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")]

_LONG = re.compile(r"--[A-Za-z]")
_SHORT_WITH_NUMBER = re.compile(r"\A(-[A-Za-z])[0-9]+\Z")


def one_of(option: str, value: str, choices: Sequence[str]) -> str:
    """`value` if it is a choice; QueryError that names the nearest otherwise."""
    if value in choices:
        return value
    from newsearch.query.fields import nearest, shown  # only what is wrong needs the query language

    near = nearest(value, choices)
    hint = f"; the nearest is {near}" if near else ""
    raise QueryError(f"{option} is {shown(value)}; it must be {' or '.join(choices)}{hint}.")


def whole_number(text: str | int) -> int:
    """What an option such as --limit was given, as a number; typer.BadParameter where it is none."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a whole number.") from None


class FreeTextCommand(TyperCommand):
    """A command whose arguments are a query: `-china` is a word of it, not an option.

    The command's own options are taken wherever they stand; `--` ends them. One dash begins an option only if all of
    the word is a known one, a number after it allowed (`-n5`). Two dashes and a letter always mean an option, so that
    a misspelt one is refused and not searched for.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Sort options from words, then let the options be read as in every command."""
        options, words = self._split(ctx, args)
        return super().parse_args(ctx, [*options, "--", *words])

    def _split(self, ctx: Any, args: Sequence[str]) -> tuple[list[str], list[str]]:
        flags, valued = self._names(ctx)
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for word in rest:
            if word == "--":
                words.extend(rest)
            elif word in valued:
                value = next(rest, None)
                if value is not None:
                    options += [word, value]
                else:  # it would take the `--` that comes before the words
                    ctx.fail(f"The option {word} needs a value.")
            elif word in flags or _LONG.match(word) or _SHORT_WITH_NUMBER.sub(r"\1", word) in valued:
                options.append(word)
            else:
                words.append(word)
        return options, words

    def _names(self, ctx: Any) -> tuple[set[str], set[str]]:
        """The options that stand alone, and those that take the next word as their value."""
        flags: set[str] = set()
        valued: set[str] = set()
        for parameter in self.get_params(ctx):
            if parameter.param_type_name == "option":
                takes_none = getattr(parameter, "is_flag", False) or getattr(parameter, "count", False)
                (flags if takes_none else valued).update([*parameter.opts, *parameter.secondary_opts])
        return flags, valued
