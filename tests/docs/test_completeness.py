"""What exists is documented, from commands and settings to modules, and links lead somewhere."""

import ast
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

import newsearch
from newsearch import config
from newsearch.cli import main
from newsearch.engine.rules.analysis import LANGUAGES
from newsearch.items import reader
from newsearch.query import fields
from tests.docs.pages import ROOT, documents, pages

_LINK = re.compile(r"\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def all_pages() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages())


def help_of(*command: str) -> str:
    shown = StringIO()
    with redirect_stdout(shown):
        main([*command, "--help"])
    return shown.getvalue()


def commands() -> list[str]:
    """The commands that `newsearch --help` lists."""
    listed = help_of().partition("\nCommands:\n")[2].partition("\n  Examples:")[0]
    return re.findall(r"^    (\w[\w-]*)  ", listed, re.MULTILINE)


def options(command: str) -> list[str]:
    return re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", help_of(command), re.MULTILINE)


def test_help_lists_commands() -> None:
    assert {"index", "query", "show", "stats", "config"} <= set(commands())


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"newsearch {command}\b", all_pages()), f"no page says what `newsearch {command}` does"


@pytest.mark.parametrize("command", commands())
def test_every_option_of_a_command_is_documented(command: str) -> None:
    section = read("docs/commands.md").partition(f"\n## {command}\n")[2].partition("\n## ")[0]
    everywhere = read("docs/commands.md").partition("\n## ")[0]
    missing = [option for option in options(command) if f"`{option}" not in section + everywhere]
    assert not missing, f"docs/commands.md does not tell of {command}'s {', '.join(missing)}"


@pytest.mark.parametrize("key", config.KEYS)
def test_every_setting_is_documented(key: str) -> None:
    assert f"`{key}`" in read("docs/configuration.md")


def test_the_languages_that_are_documented_are_those_there_are() -> None:
    listed = read("docs/configuration.md").partition("It is one of")[2].partition(".")[0]
    assert re.findall(r"`(\w+)`", listed) == list(LANGUAGES)


@pytest.mark.parametrize("field", fields.FIELDS)
def test_every_field_of_the_query_language_is_documented(field: str) -> None:
    assert f"`{field}:" in read("docs/query-language.md")


@pytest.mark.parametrize("key", reader.ITEM_KEYS)
def test_every_key_of_an_item_is_documented(key: str) -> None:
    assert f"`{key}`" in read("docs/items.md")


@pytest.mark.parametrize("name", newsearch.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    assert f"`{name}`" in read("docs/python.md")


def modules_in_use() -> Iterator[str]:
    """The files of the package that the command line and `import newsearch` load, sooner or later."""
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "newsearch").rglob("*.py")}
    waiting = ["newsearch/__init__.py", "newsearch/__main__.py"]
    seen: set[str] = set()
    while waiting:
        file = waiting.pop()
        if file in seen or file not in files:
            continue
        seen.add(file)
        yield file
        for node in ast.walk(ast.parse(read(file))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("newsearch"):
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                for path in (name.replace(".", "/") for name in names):
                    waiting += [f"{path}.py", f"{path}/__init__.py"]


def test_every_module_in_use_has_its_place_in_the_architecture() -> None:
    text = read("ARCHITECTURE.md")
    missing = [file for file in sorted(modules_in_use()) if f"`{file}`" not in text]
    assert not missing


def test_every_module_that_the_architecture_names_exists() -> None:
    named = re.findall(r"`(newsearch/[\w/.]+)`", read("ARCHITECTURE.md"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def anchors(page: Path) -> set[str]:
    """The names that a page's headings can be linked to by, as GitHub makes them."""
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in _HEADING.findall(text)}


@pytest.mark.parametrize("page", documents(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = _FENCED.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for target in _LINK.findall(text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert not broken
