"""The examples of a Markdown page, in their order.

    for example in examples(page): ...          Command, Script or File

What counts as one:

    ```console                 each line after `$ ` is a command, the lines up to the next one are its output; a command
                               that ends with a backslash goes on in the next line
    ```python                  a script; a ```text block right after it is what the script prints
    ```python needs:pandas     the same, run where that package is installed
    ```toml newsearch.toml     a file of this name, whatever the language, written before the next example

Blocks of any other kind are for reading only. How outputs are compared is `matching`'s, running them `project`'s.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "Block", "Command", "Example", "File", "Script", "blocks", "documents", "examples", "pages"]

ROOT = Path(__file__).parents[2]

_NEEDS = "needs:"
_FENCE = re.compile(r"(`{3,})[ ]*([^`\n]*)\n")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: the words after its fence, its text, and the line of the page that its text begins at."""

    words: tuple[str, ...]
    text: str
    line: int
    follows: bool
    """Whether nothing but blank lines stands between it and the block before."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line and the output that the page shows, None of it for no output."""

    text: str
    output: str
    line: int


@dataclass(frozen=True, slots=True)
class Script:
    """Python, and what the page says it prints; None if it does not say. `needs` is a package beside newsearch."""

    text: str
    output: str | None
    line: int
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that the following examples need."""

    name: str
    text: str
    line: int


Example = Command | Script | File


def pages() -> list[Path]:
    """The pages whose examples are run."""
    return [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if page.exists()]


def documents() -> list[Path]:
    """Every page that people read."""
    return sorted({*ROOT.glob("*.md"), *pages()})


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page; fences stand at the start of a line. ValueError for one that is not closed."""
    lines = text.splitlines(keepends=True)
    at, between = 0, "-"
    while at < len(lines):
        opening = _FENCE.fullmatch(lines[at])
        if opening is None:
            between += lines[at].strip()
            at += 1
            continue
        start = at + 1
        at = start
        while at < len(lines) and lines[at].rstrip() != opening[1]:
            at += 1
        if at == len(lines):
            raise ValueError(f"the block that opens in line {start} is not closed")
        yield Block(tuple(opening[2].split()), "".join(lines[start:at]), start + 1, not between)
        at, between = at + 1, ""


def examples(text: str) -> Iterator[Example]:
    """What there is to run in a page."""
    found = list(blocks(text))
    for block, following in zip(found, [*found[1:], None], strict=False):
        match block.words:
            case ("console",):
                yield from _commands(block)
            case ("python", *needs) if all(word.startswith(_NEEDS) for word in needs):
                printed = following is not None and following.follows and following.words == ("text",)
                needed = needs[0].removeprefix(_NEEDS) if needs else None
                yield Script(block.text, following.text if printed and following else None, block.line, needed)
            case (_, name):
                yield File(name, block.text, block.line)


def _commands(block: Block) -> Iterator[Command]:
    command, output, first = "", "", 0
    for number, line in enumerate(block.text.splitlines(keepends=True), block.line):
        if command.endswith("\\\n"):
            command += line
        elif line.startswith("$ "):
            if command:
                yield Command(command.rstrip("\n"), output, first)
            command, output, first = line.removeprefix("$ "), "", number
        elif not command:
            raise ValueError(f"line {number}: a console block begins with `$ ` and a command")
        else:
            output += line
    if command:
        yield Command(command.rstrip("\n"), output, first)
