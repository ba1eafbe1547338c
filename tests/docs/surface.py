"""The public surface in one list, made from the code: what users, scripts and programs can rely on.

    python -m tests.docs.surface            writes docs/surface.md

A test checks that the page is what this makes, so that whatever is added, removed or renamed shows as a line of a
change, where it can be asked whether it was meant and what CHANGELOG.md says of it.
"""

import inspect
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

import newsearch
from newsearch import config, wire
from newsearch.cli import app, exits
from newsearch.config import sources
from newsearch.engine.opensearch import mapping
from newsearch.engine.whoosh import container, schema
from newsearch.items import reader
from newsearch.query import fields
from tests.docs.pages import ROOT

__all__ = ["PAGE", "text"]

PAGE = ROOT / "docs" / "surface.md"

_MODULES = ("aio", "arriving", "brief", "config", "evaluation", "pathless", "saved", "web", "wire")

_HEAD = """\
# The public surface

What can be relied on, in one list; what is not here may change at any time. Removing or renaming a line of it, or
giving it another meaning, is a breaking change: it comes with a new minor version below 1.0, a new major one after, and
[CHANGELOG](../CHANGELOG.md) says what to do. Lines are added in any version. [Upgrading](upgrading.md) tells what a new
version does with what is there already.

The list is made from the code by `python -m tests.docs.surface`, and a test compares the two: whatever changes it shows
in review.

"""


def text() -> str:
    """The page."""
    parts = [_HEAD, *_versions()]
    parts += _list("Python: `newsearch`", map(_signed, newsearch.__all__))
    for name in _MODULES:
        module = import_module(f"newsearch.{name}")
        parts += _list(f"Python: `newsearch.{name}`", sorted(module.__all__))
    parts += _list("Methods of `NewsIndex`", _methods(newsearch.NewsIndex))
    parts += _list("Settings", config.KEYS)
    parts += _list("Environment variables", _variables())
    parts += _list("Commands and their options", _commands())
    parts += _list("Exit codes", (f"{getattr(exits, name):<4} {name}" for name in _codes()))
    parts += _list("JSON definitions and their keys", _definitions())
    parts += _list("Fields of the query language", sorted(fields.FIELDS))
    parts += _list("Keys of an item", reader.ITEM_KEYS)
    return "".join(parts).rstrip("\n") + "\n"


def _versions() -> Iterator[str]:
    yield "## Versions\n\nA change of one of them is told in the release's notes.\n\n```text\n"
    yield f"{'JSON':<16}{wire.VERSION}\n"
    yield f"{'index schema':<16}{schema.SCHEMA_VERSION}\n"
    yield f"{'index segments':<16}{container._MAGIC[-1]}\n"
    yield f"{'cluster schema':<16}{mapping.SCHEMA_VERSION}\n"
    yield "```\n\n"


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"## {title}\n\n```text\n"
    for line in lines:
        yield textwrap.fill(line, 118, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False) + "\n"
    yield "```\n\n"


def _signed(name: str) -> str:
    """A name; an error with what it is one of, a noun with its fields."""
    found = getattr(newsearch, name)
    if isinstance(found, type) and issubclass(found, Exception):
        return f"{name}({found.__bases__[0].__name__})"
    if is_dataclass(found):
        return f"{name}: {' '.join(one.name for one in dataclass_fields(found))}"
    return name


def _methods(kind: type) -> Iterator[str]:
    own = [one for one in reversed(kind.__mro__) if one.__module__.partition(".")[0] == newsearch.__name__]
    for name, member in sorted({name: member for one in own for name, member in vars(one).items()}.items()):
        if not name.startswith("_"):
            called = inspect.unwrap(getattr(kind, name)) if not isinstance(member, property) else None
            yield f"{name}({', '.join(_parameters(called))})" if callable(called) else name


def _parameters(called: Any) -> Iterator[str]:
    keywords = False
    for one in inspect.signature(called).parameters.values():
        if one.name == "self":
            continue
        if one.kind is one.KEYWORD_ONLY and not keywords:
            keywords = True
            yield "*"
        yield str(one).partition(":")[0].partition("=")[0].strip()
        keywords = keywords or one.kind is one.VAR_POSITIONAL


def _variables() -> list[str]:
    return sorted([*sources.VARIABLES, *sources.OF_TERMINALS])


def _commands() -> Iterator[str]:
    program: Any = typer.main.get_command(app)
    context = program.make_context("newsearch", [], resilient_parsing=True)
    yield f"newsearch  {' '.join(_options(program.get_params(context)))}"
    for name in sorted(program.list_commands(context)):
        command = program.get_command(context, name)
        given = command.make_context(name, [], parent=context, resilient_parsing=True)
        parameters = command.get_params(given)
        arguments = [one.metavar for one in parameters if one.param_type_name == "argument" and one.metavar]
        yield " ".join([f"{name} ", *arguments, *_options(parameters)])


def _options(parameters: list[Any]) -> list[str]:
    return sorted(
        name for one in parameters if one.param_type_name == "option" for name in (*one.opts, *one.secondary_opts)
    )


def _codes() -> list[str]:
    names = [name for name in exits.__all__ if name.isupper()]
    return sorted(names, key=lambda name: int(getattr(exits, name)))


def _definitions() -> Iterator[str]:
    for name, definition in sorted(wire.schema()["$defs"].items()):
        yield f"{name}: {' '.join(_keys(definition, ''))}".rstrip(": ")


def _keys(definition: dict[str, Any], parent: str) -> Iterator[str]:
    for key, value in definition.get("properties", {}).items():
        yield f"{parent}{key}"
        yield from _keys(value, f"{parent}{key}.")
        items = value.get("items")
        yield from _keys(items if isinstance(items, dict) else {}, f"{parent}{key}[].")


def write(page: Path = PAGE) -> None:
    """Write the list anew."""
    page.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    write()
