"""Whatever an item says in any of its fields, no command's output does anything to a terminal, and JSON keeps it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.archive import Archive, cited
from tests.cli.command import command_names, indexed, run, terminal

EVIL = (
    "Evil \x1b[31m\x1b]0;pwned\x07\x1b]8;;http://evil.example\x1b\\ \x9b2J \x90q\x9c [bold red]b[/] "
    "\u202egnp\u2066 \x7f\x00 \u2028x"
)
SAID = "Evil \x1b[31m\x1b]0;pwned\x07"
"""The beginning of it, as far as reading an item leaves it as it is."""

# What newsearch itself says to a terminal: colours, and links to addresses of plain characters.
_OWN = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=\d+)?;(?:https?://[!-~]*)?\x1b\\")
_HARMFUL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029\ud800-\udfff]"
)

COMMANDS: dict[str, tuple[str, ...]] = {
    "query": ("query", "evil"),
    "query-explain": ("query", "evil", "--explain"),
    "query-plain": ("query", "evil", "--format", "plain"),
    "query-evil": ("query", EVIL.replace("\x00", ""), "topic:\x1b[31m"),
    "query-topic": ("query", "--topic", "\x1b]0;x\x07", "--provider", "\u202e\x9b"),
    "show": ("show", "a.md"),
    "show-nothing": ("show", "\x1b[31mnothing"),
    "similar": ("similar", "a.md"),
    "similar-plain": ("similar", "a.md", "--format", "plain"),
    "related": ("related", "a.md", "--depth", "2"),
    "related-plain": ("related", "a.md", "--format", "plain"),
    "query-story": ("query", "evil", "--group", "story", "--facet", "topic", "--facet", "provider", "--facet", "type"),
    "query-story-plain": ("query", "evil", "--group", "story", "--facet", "topic", "--format", "plain"),
    "count": ("count", "evil", "topic:\x1b[31m"),
    "facets": ("facets", "topic"),
    "facets-plain": ("facets", "provider", "--format", "plain"),
    "facets-nothing": ("facets", "\x1b[31m\u202e"),
    "timeline": ("timeline", "--by", "year"),
    "topics": ("topics",),
    "topics-nothing": ("topics", "\x1b[31mnothing"),
    "providers": ("providers",),
    "providers-plain": ("providers", "--format", "plain"),
    "terms": ("terms", "evil"),
    "terms-plain": ("terms", "evil", "--format", "plain", "--against", "\x1b]0;x\x07"),
    "brief": ("brief", "evil"),
    "suggest": ("suggest", "evil"),
    "suggest-plain": ("suggest", "e", "--format", "plain"),
    "suggest-nothing": ("suggest", "\x1b[31m\u202e\x9b"),
    "save": ("save", "evil", "evil \x1b[31m\u202e"),
    "save-nothing": ("save", "\x1b[31m", "evil"),
    "saved": ("saved",),
    "saved-nothing": ("saved", "--remove", "\x1b[31m\u202e"),
    "new": ("new", "hostile", "--peek"),
    "new-nothing": ("new", "\x1b[31m"),
    "index": ("index", "\x1b[31m\u202e"),
    "copy": ("copy", "--to", "http://\x1b[31m\u202e/"),
    "serve": ("serve", "--host", "\x1b[31m\u202e", "--public"),
    "mcp": ("mcp", "\x1b[31m\u202e"),
    "eval": ("eval", "\x1b[31m\u202e", "--set", "\x1b[31m=\u202e"),
    "judge": ("judge", "judged\x1b[31m", "--queries", "\x1b[31m\u202e"),
    "no-such-command": ("\x1b[31m\u202e",),
    "no-such-option": ("query", "--\x1bfoo\u202e"),
    "stats": ("stats", "-v"),
    "doctor": ("doctor", "-v"),
    "config": ("config",),
}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Path]:
    folder = tmp_path_factory.mktemp("evil")
    archive = Archive(folder / "archive\x1b[31m")
    everything: dict[str, Any] = {
        "excerpt": EVIL,
        "category": EVIL,
        "type": EVIL,
        "topics": [EVIL, f"{EVIL}s"],
        "provider": {"name": EVIL, "domain": EVIL},
        "images": [{"url": f"https://evil.example/{EVIL}"}],
        "body": EVIL.replace("\u2028", ""),
    }
    related = [cited(EVIL, f"https://evil.example/r/{EVIL}", excerpt=EVIL, provider={"name": EVIL})]
    archive.deliver(EVIL, path="a.md", url=f"https://evil.example/{EVIL}", related=related, **everything)
    archive.deliver(EVIL, path="dup\x1b[2J.md", url=f"https://evil.example/{EVIL}", quality=EVIL, date=EVIL)
    archive.deliver(EVIL, path="no-date\u202e.md")
    archive.write("bad\x1b]0;x\x07.md", "---\ntitle: [\x1b[31m\n---\n")
    (folder / "newsearch.queries.toml").write_text('[hostile]\ntext = "evil"\ntopic = "\\u001b[31m\\u202e"\n')
    return archive, indexed(archive.folder, folder / "index")


def test_every_command_is_tried() -> None:
    assert {line[0] for line in COMMANDS.values()} >= set(command_names())


def harmful(text: str) -> list[str]:
    return _HARMFUL.findall(_OWN.sub("", text).replace("\r\n", "\n"))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("on_screen", [True, False], ids=["terminal", "pipe"])
def test_output_is_harmless(
    places: tuple[Archive, Path], command: str, on_screen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(places[1].parent)
    first, *rest = COMMANDS[command]
    with terminal(100):
        outcome = run(first, *rest, "--index", places[1], terminal=on_screen)
    assert harmful(outcome.out.replace("\t", "")) == []  # tabs stand between the columns of lines
    assert harmful(outcome.err) == []
    assert outcome.out or outcome.err


def test_what_looks_like_markup_is_shown_as_it_is(places: tuple[Archive, Path]) -> None:
    assert "[bold red]b[/]" in run("show", "a.md", "--index", places[1], terminal=True).out


@pytest.mark.parametrize("options", [(), ("--rebuild", "-v"), ("--strict",)])
def test_indexing_says_nothing_harmful(places: tuple[Archive, Path], tmp_path: Path, options: tuple[str, ...]) -> None:
    outcome = run("index", places[0].folder, "--index", tmp_path / "index\x1b[31m", *options, terminal=True)
    assert harmful(outcome.err) == []
    assert "\ufffd" in outcome.err


@pytest.mark.parametrize("command", [("query", "evil"), ("show", "a.md")])
def test_json_keeps_it_and_is_harmless_on_a_terminal(places: tuple[Archive, Path], command: tuple[str, ...]) -> None:
    for on_screen in (True, False):
        outcome = run(*command, "--json", "--index", places[1], terminal=on_screen)
        assert any(SAID in text for text in _strings(json.loads(outcome.out)))
        assert not on_screen or harmful(outcome.out) == []


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in _strings(part)]
    return [value] if isinstance(value, str) else []
