"""The reference page, made from the commands themselves: all that `--help` says, in one place.

    python -m tests.docs.reference          writes docs/reference.md

A test checks that the page is what this makes. It is for looking up; docs/commands.md is for reading.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import typer

from newsearch.cli import app, exits, pager, render
from newsearch.config.sources import VARIABLES
from tests.docs.pages import ROOT

__all__ = ["PAGE", "text"]

PAGE = ROOT / "docs" / "reference.md"

_COMMON = ("--index", "--verbose", "--quiet", "--no-pager", "--help")

_TERMINAL = {
    pager.VARIABLE: "the pager's command line, before `PAGER`; empty or `cat` for none",
    "PAGER": "the same for all programs; without either it is `less -FRX`, where there is less",
    "LESS": "less's own options, in place of `-FRX`",
    render.LINKS: "`off` (or `0`, `no`, `never`, `false`): titles are no links",
    "NO_COLOR": "if set, no colours; what is bold or underlined stays so",
    "FORCE_COLOR": "if set, colours in a pipe too; links never",
    "TERM": "`dumb`: no colours, links, pager or progress bar",
    "COLUMNS": "how wide a table is, in place of the terminal's width",
}

_HEAD = """\
# Reference

Every command with its arguments and options, as `newsearch COMMAND --help` shows them. This page is made from the
commands by `python -m tests.docs.reference`; change those. [Commands](commands.md) tells what they do, with examples
that are run.

"""


def text() -> str:
    """The page."""
    program: Any = typer.main.get_command(app)
    context = program.make_context("newsearch", [], resilient_parsing=True)
    commands = [program.get_command(context, name) for name in sorted(program.list_commands(context))]
    parts = [_HEAD, "".join(f"- [{one.name}](#newsearch-{one.name}): {_first(one)}\n" for one in commands), "\n"]
    for command in commands:
        parts += _command(command, context)
    parts += _common()
    parts += ["## newsearch\n\n", *_options(program.get_params(context), without=("--help",)), "\n"]
    parts += _environment()
    parts += _exit_codes()
    return "".join(parts)


def _command(command: Any, parent: Any) -> Iterator[str]:
    context = command.make_context(command.name, [], parent=parent, resilient_parsing=True)
    yield f"## newsearch {command.name}\n\n"
    usage = command.get_usage(context).removeprefix("Usage: ")
    yield "```text\n" + re.sub(r"\s+", " ", usage) + "\n```\n\n"
    yield inspect.cleandoc(command.help or "").replace("\b\n", "") + "\n\n"
    parameters = command.get_params(context)
    yield from _arguments(parameters)
    yield from _options(parameters, without=_COMMON)
    yield "- and [those of every command](#options-of-every-command)\n\n"
    for block in inspect.cleandoc(command.epilog or "").replace("\b\n", "").strip().split("\n\n"):
        head, _, rest = block.partition("\n")
        if head == "Examples:":
            yield f"Examples:\n\n```text\n{inspect.cleandoc(rest)}\n```\n\n"
        elif block:
            yield f"{block}\n\n"


def _arguments(parameters: list[Any]) -> Iterator[str]:
    for one in parameters:
        if one.param_type_name == "argument":
            dots = "…" if one.nargs == -1 else ""
            yield f"- `{one.metavar}`{dots}: {_sentence(one.help)}{_default(one)}\n"


def _options(parameters: list[Any], *, without: tuple[str, ...]) -> Iterator[str]:
    for one in parameters:
        if one.param_type_name == "option" and not one.hidden and not set(one.opts) & set(without):
            names = ", ".join(f"`{name}`" for name in sorted(one.opts, key=len, reverse=True))
            value = "" if one.is_flag or not one.metavar else f" `{one.metavar}`"
            yield f"- {names}{value}: {_sentence(one.help)}{_default(one)}\n"


def _common() -> Iterator[str]:
    yield "## Options of every command\n\n"
    yield "- `--index` `DIR`: The index's folder (default: as configured, else index).\n"
    yield "- `--verbose`, `-v`: Say more on stderr, tracebacks included.\n"
    yield "- `--quiet`, `-q`: Say nothing on stderr but errors.\n"
    yield "- `--no-pager`: Write straight to the terminal. Commands that use no pager do not take it.\n"
    yield "- `--help`, `-h`: Show the command's help and exit.\n\n"


def _environment() -> Iterator[str]:
    yield "## Environment\n\n"
    yield "Each [setting](configuration.md#the-keys) has a variable:\n\n"
    for name, key in VARIABLES.items():
        yield f"- `{name}`: `{key}`\n"
    yield "\nHow a terminal is written to:\n\n"
    for name, meaning in _TERMINAL.items():
        yield f"- `{name}`: {meaning}\n"
    yield "\n"


def _exit_codes() -> Iterator[str]:
    """The codes with what stands under them in the source."""
    yield "## Exit codes\n\n"
    body = ast.parse(inspect.getsource(exits)).body
    for statement, following in pairwise(body):
        match statement, following:
            case ast.Assign([ast.Name(name)]), ast.Expr(ast.Constant(str(meaning))) if name.isupper():
                words = name.lower().replace("_", " ")
                yield f"- `{getattr(exits, name)}` ({words}): {' '.join(meaning.split())}\n"


def _first(command: Any) -> str:
    return str(command.get_short_help_str(1000))


def _sentence(help: str | None) -> str:  # noqa: A002 - as typer calls it
    return " ".join((help or "").split())


def _default(parameter: Any) -> str:
    default = parameter.default
    if default is None or default is False or not isinstance(default, int | str):
        return ""
    return f" Default: {default}."


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
