"""The options that commands share, and how a command takes its arguments.

    app.command("stats", cls=Command)(stats)
    def stats(*, index: IndexFolder = None, verbose: Verbose = False, quiet: Quiet = False) -> None: ...

What the options mean is written once here, so that they mean the same everywhere, and so is how a command is refused.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperOption

from newsearch.cli import exits, streams
from newsearch.cli.advice import told
from newsearch.cli.pager import paged
from newsearch.errors import NewsearchError, QueryError
from newsearch.places import is_address

if TYPE_CHECKING:
    from newsearch.config import Configuration

__all__ = [
    "Command",
    "Explain",
    "FailEmpty",
    "FreeTextCommand",
    "Grouped",
    "IndexFolder",
    "Limit",
    "MaxPerProvider",
    "Offset",
    "Quiet",
    "Reference",
    "Sorting",
    "Verbose",
    "WaitingCommand",
    "chosen_index",
    "configured",
    "one_of",
    "whole_number",
]

IndexFolder = Annotated[
    str | None,
    typer.Option(
        "--index", metavar="DIR", help="The index's folder, or its address (default: as configured, else index)."
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more on stderr, tracebacks included.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but errors.")]


def whole_number(text: str | int) -> int:
    """What an option such as --limit was given, as a number; typer.BadParameter where it is none."""
    try:
        return int(text)
    except ValueError:
        from newsearch.query.fields import shown  # only what is wrong needs the query language

        raise typer.BadParameter(f"is {shown(str(text))}; it must be a whole number.") from None


Reference = Annotated[str, typer.Argument(metavar="ID", help="An article's id, the start of it, address or path.")]
# What of the hits is shown, and how.
Limit = Annotated[
    int | None,
    typer.Option("--limit", "-n", metavar="N", parser=whole_number, help="Hits to show, 0 to 1000; else 10."),
]
Offset = Annotated[
    int | None, typer.Option("--offset", metavar="N", parser=whole_number, help="Hits to pass over first.")
]
Sorting = Annotated[str | None, typer.Option("--sort", metavar="relevance|date|quality|heat", help="What comes first.")]
Grouped = Annotated[
    str | None, typer.Option("--group", metavar="story", help="Show each story once, led by its best article.")
]
MaxPerProvider = Annotated[
    int | None,
    typer.Option(
        "--max-per-provider", metavar="N", parser=whole_number, help="At most so many of one provider, 1 to 1000."
    ),
]
Explain = Annotated[bool, typer.Option("--explain", help="Show how each score comes about.")]
FailEmpty = Annotated[bool, typer.Option("--fail-empty", help="Exit 1 if nothing is found.")]

_LONG = re.compile(r"--[A-Za-z]")
_SHORT_WITH_NUMBER = re.compile(r"\A(-[A-Za-z])[0-9]+\Z")
_LIMIT_WITH_NUMBER = re.compile(r"-n=?[0-9]+")
_NUMBER = re.compile(r"[0-9]+")
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def one_of(option: str, value: str, choices: Sequence[str]) -> str:
    """`value` if it is a choice; QueryError that names the nearest otherwise."""
    if value in choices:
        return value
    from newsearch.query.fields import not_one_of  # only what is wrong needs the query language

    raise QueryError(f"{option} {not_one_of(value, choices)}")


def chosen_index(index: str | None) -> dict[str, object]:
    """What an `--index` sets: an address says by itself that the index is on a cluster; a folder, that it is not."""
    if not index:
        return {"index": index}
    if is_address(index):
        return {"url": index, "engine": "opensearch"}
    return {"index": index, "engine": "embedded"}


def configured(
    index: str | None, voice: streams.Voice, *, tries: Mapping[str, str] | None = None, tried_by: str = "--set"
) -> "Configuration":
    """The settings in force for a command that was given this `--index`; what sets nothing is warned about.

    `tries` come before all others, as in `newsearch.config.load`.
    """
    from newsearch.config import load  # not for --help

    configuration = load(overrides=chosen_index(index), flag="index", tries=tries, tried_by=tried_by)
    for warning in configuration.warnings:
        voice.warn(warning)
    return configuration


UNPAGED = frozenset({"index", "save", "count", "serve", "mcp", "copy", "judge"})
"""Commands that write as they go, answer in a line, or speak with somebody."""

_NO_PAGER = "newsearch.no-pager"


def _remember_pager(context: typer.Context, _: object, value: bool) -> None:
    context.meta[_NO_PAGER] = value


class Command(TyperCommand):
    """A command that takes each option once, and tells its errors in words that fit it.

    What it writes is shown in a pager where it does not fit the terminal, unless it is in UNPAGED.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self.name not in UNPAGED:
            # Here and not in each command, which has nothing to do with it.
            self.params.append(
                TyperOption(
                    param_decls=["--no-pager"],
                    is_flag=True,
                    default=False,
                    expose_value=False,
                    callback=_remember_pager,
                    help="Write straight to the terminal.",
                )
            )

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments. Of one option given twice nobody would know which counts, so that is refused."""
        *_, given = self.make_parser(ctx).parse_args(list(args))
        for parameter in given:
            once = parameter.param_type_name == "option" and not _is_flag(parameter) and not parameter.multiple
            if once and given.count(parameter) > 1:
                ctx.fail(f"The option {parameter.opts[0]} takes one value and was given {given.count(parameter)}.")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what it raises on purpose becomes a line on stderr and an exit code."""
        try:
            with paged(wanted=self.name not in UNPAGED and not ctx.meta.get(_NO_PAGER)):
                return super().invoke(ctx)
        except NewsearchError as error:
            streams.say(f"newsearch: {told(error, ctx.params)}")
            raise typer.Exit(exits.exit_code(error)) from error


class WaitingCommand(Command):
    """A command whose --wait may stand alone: what follows it is its value only if it is a number."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Give a --wait that stands alone an empty value."""
        given = []
        for place, word in enumerate(args):
            follows = args[place + 1] if place + 1 < len(args) else ""
            given.append("--wait=" if word == "--wait" and not _SECONDS.fullmatch(follows) else word)
        return super().parse_args(ctx, given)


class FreeTextCommand(Command):
    """A command whose arguments are a query: `-china` is a word of it, not an option.

    The command's own options are taken wherever they stand; `--` ends them. One dash begins an option only if all of
    the word is a known one, a number after it allowed (`-n5`). Two dashes and a letter always mean an option, so that
    a misspelt one is refused and not searched for. So is `-n` with a number where a command has no such option: it is
    one of most commands, and `without n` is hardly meant.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Sort options from words, then let the options be read as in every command."""
        options, words, doubtful = self._split(ctx, args)
        unread = super().parse_args(ctx, [*options, "--", *words])
        for word in doubtful:
            sentence = f"{word} was searched as 'without {word[1:]}'; give options one by one, as in -v -n 1."
            streams.Voice(quiet=ctx.params["quiet"]).warn(sentence)
        return unread

    def _split(self, ctx: Any, args: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
        """The options, the words, and those of the words that look like several options."""
        flags, valued = self._names(ctx)
        letters = "".join(name[1] for name in flags | valued if len(name) == 2)
        several = re.compile(rf"-[{letters}]+(?:=.*)?|-[{letters}]+[0-9]+", re.DOTALL)
        options: list[str] = []
        words: list[str] = []
        doubtful: list[str] = []
        self._refuse_limit(ctx, args, valued)
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
                if several.fullmatch(word):
                    doubtful.append(word)
        return options, words, doubtful

    def _refuse_limit(self, ctx: Any, args: Sequence[str], valued: set[str]) -> None:
        """Refuse `-n=5`, which the parser would take for a word, and any `-n` with a number if the command has none."""
        value_of_option = False
        for word, following in pairwise((*args, "")):
            if value_of_option:
                value_of_option = False
                continue
            if word == "--":
                return
            value_of_option = word in valued
            numbered = _LIMIT_WITH_NUMBER.fullmatch(word) or (word == "-n" and _NUMBER.fullmatch(following))
            if numbered and "-n" not in valued:
                ctx.fail(f"{ctx.info_name} takes no -n; after -- everything is text.")
            if numbered and "=" in word:
                ctx.fail(f"Write {word.replace('=', ' ')}; after -- everything is text.")

    def _names(self, ctx: Any) -> tuple[set[str], set[str]]:
        """The options that stand alone, and those that take the next word as their value."""
        flags: set[str] = set()
        valued: set[str] = set()
        for parameter in self.get_params(ctx):
            if parameter.param_type_name == "option":
                (flags if _is_flag(parameter) else valued).update([*parameter.opts, *parameter.secondary_opts])
        return flags, valued


def _is_flag(option: Any) -> bool:
    return bool(getattr(option, "is_flag", False) or getattr(option, "count", False))
