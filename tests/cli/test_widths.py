"""No line of a table is wider than the terminal, whatever stands in it and however narrow the terminal is."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.archive import Archive, cited
from tests.cli.command import Outcome, indexed, run, terminal

WIDTHS = (60, 80, 120, 200)

TEXTS = {
    "cjk": "人工知能が新聞の記事を検索する方法についての長い題名であり改行する場所がない" * 2,
    "hebrew": "עיתון מחפש כתבות על זיהוי פנים בכל רחבי הארץ והעולם כולו " * 2,
    "arabic": "صحيفة تبحث عن مقالات حول التعرف على الوجوه في جميع أنحاء العالم " * 2,
    "emoji": "harbour 👩‍👩‍👧‍👦 🚋🏳️‍🌈 family 👍🏽 " * 6,
    "combining": "e\u0301a\u0300o\u0302 Zu\u0308rich Ma\u0308dchen n\u0303o " * 8,
    "thai": "การค้นหาข่าวเกี่ยวกับการจดจำใบหน้าในทุกประเทศ" * 3,
    "unbroken": "https://harbour.example/" + "a-very-long-path-without-a-space" * 8,
    "zero": "har\u200bbour \u00adsoft \ufeffmark \u2060joined " * 6,
    "mixed": "Ha\u0301fen 港 נמל ميناء 🚢 " * 10,
}

COMMANDS = (
    ("query", "story"),
    ("query", "story", "--explain"),
    ("query", "story", "--group", "story"),
    ("query", "story", "--facet", "provider", "--facet", "topic"),
    ("show", "0.md"),
    ("similar", "0.md"),
    ("related", "0.md", "--depth", "2"),
    ("facets", "provider"),
    ("facets", "topic"),
    ("facets", "quality"),
    ("timeline",),
    ("timeline", "--by", "day", "--since", "2017"),
    ("topics",),
    ("providers",),
    ("terms", "story"),
    ("suggest", "s"),
    ("stats", "-v"),
    ("doctor", "-v"),
    ("config",),
)

_SEQUENCES = re.compile("\x1b\\[[0-9;]*m|\x1b\\]8;[^\x1b]*\x1b\\\\")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("w")
    archive = Archive(folder / "archive")
    for number, (name, text) in enumerate(TEXTS.items()):
        archive.deliver(
            f"Story {text}",
            path=f"{number}.md",
            url=f"https://{name}.example/story",
            excerpt=f"A story. {text}",
            topics=[f"{name} {text[:50]}", text[:30], "Harbour"],
            provider={"name": f"{text[:60]} News", "domain": f"{name}.example"},
            date=f"20{10 + number}-03-04T10:00:00Z",
            body=f"{text}\n\n\tstory {text}",
            related=[cited(f"Cited story {text} {one}", f"https://{name}.example/r{one}") for one in range(2)],
        )
    return indexed(archive.folder, folder / "index")


def too_wide(outcome: Outcome, width: int) -> list[tuple[int, str]]:
    lines = (_SEQUENCES.sub("", line) for line in outcome.out.splitlines())
    return [(cell_len(line), line) for line in lines if cell_len(line) > width]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(index: Path, command: tuple[str, ...], width: int) -> None:
    with terminal(width):
        outcome = run(*command, "--index", index, terminal=True)
    assert outcome.out
    assert too_wide(outcome, width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_text_is_lost_between_the_lines(index: Path, width: int) -> None:
    with terminal(width):
        outcome = run("show", "0.md", "--index", index, terminal=True)
    shown = re.sub(r"\s", "", _SEQUENCES.sub("", outcome.out))
    assert TEXTS["cjk"] in shown


def test_links_are_as_wide_as_their_titles(index: Path) -> None:
    with terminal(60):
        linked = run("query", "story", "--index", index, terminal=True)
    with terminal(60, NEWSEARCH_LINKS="off"):
        plain = run("query", "story", "--index", index, terminal=True)
    assert "\x1b]8;" in linked.out
    assert "\x1b]8;" not in plain.out
    without_time = re.compile(r"[\d.]+ ms")
    assert without_time.sub("", _SEQUENCES.sub("", linked.out)) == without_time.sub("", _SEQUENCES.sub("", plain.out))


@pytest.mark.parametrize(
    "variables", [{"NEWSEARCH_LINKS": "0"}, {"TERM": "dumb"}, {"TERM": "linux"}], ids=["switched off", "dumb", "linux"]
)
def test_where_there_should_be_no_links_there_are_none(index: Path, variables: dict[str, str]) -> None:
    with terminal(80, **{"term": variables.pop("TERM", "xterm-256color"), **variables}):
        for command in (("query", "story"), ("show", "0.md"), ("related", "0.md")):
            assert "\x1b]8;" not in run(*command, "--index", index, terminal=True).out


def test_a_pipe_has_no_links_even_in_colour(index: Path) -> None:
    with terminal(80, FORCE_COLOR="1"):
        outcome = run("query", "story", "--format", "table", "--index", index)
    assert "\x1b[" in outcome.out
    assert "\x1b]8;" not in outcome.out


def test_without_colours_titles_are_links_still(index: Path) -> None:
    with terminal(80, NO_COLOR="1"):
        assert "\x1b]8;" in run("query", "story", "--index", index, terminal=True).out
