"""Running a page's examples, one after the other, in a project of its own.

for outcome in run(page, project): outcome.fault        None, or what a reader would see instead
"""

import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.docs.matching import matches, trimmed
from tests.docs.pages import ROOT, Command, Example, File, Script, examples
from tests.docs.project import Project

__all__ = ["Outcome", "needs", "needs_index", "run"]

_TOOLS = ("fzf", "jq")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an example did. `fault` says what is wrong with it, None if nothing is."""

    example: Example
    actual: str
    fault: str | None


def needs_index(page: Path) -> bool:
    """Whether a page begins with an index that is there; one whose first command is `newsearch index` makes its own."""
    commands = [found.text for found in examples(page.read_text(encoding="utf-8")) if isinstance(found, Command)]
    return not commands or not commands[0].startswith("newsearch index")


def needs(page: Path) -> list[str]:
    """Which programs a page's commands pipe into that not every machine has."""
    commands = [found.text for found in examples(page.read_text(encoding="utf-8")) if isinstance(found, Command)]
    return [tool for tool in _TOOLS if any(re.search(rf"\| *{tool}\b", command) for command in commands)]


def run(page: Path, project: Project) -> Iterator[Outcome]:
    """Run the examples of a page."""
    name = page.relative_to(ROOT).as_posix() if page.is_relative_to(ROOT) else page.name
    for example in examples(page.read_text(encoding="utf-8")):
        match example:
            case File():
                project.write(example.name, example.text)
            case Command():
                actual = project.command(example.text)
                yield Outcome(example, actual, _difference(name, example.line, example.text, example.output, actual))
            case Script(needs=str(package)) if find_spec(package) is None:
                continue  # a test of its own says so
            case Script():
                try:
                    actual = project.script(example.text, name=name, line=example.line)
                except Exception:  # noqa: BLE001 - whatever a reader would run into
                    yield Outcome(example, "", f"{name}:{example.line}: the script fails.\n{traceback.format_exc()}")
                    continue
                fault = None
                if example.output is not None:
                    fault = _difference(name, example.line, "the script", example.output, actual)
                yield Outcome(example, actual, fault)


def _difference(name: str, line: int, what: str, shown: str, actual: str) -> str | None:
    if matches(shown, actual):
        return None
    return f"{name}:{line}: {what}\n--- the page shows\n{trimmed(shown)}--- it prints\n{trimmed(actual)}"
