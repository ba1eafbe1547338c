"""Every command in every format, on texts that would break each of them: read back, they say what the JSON says."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsearch import wire
from newsearch.cli.csvtext import guarded, unguarded
from newsearch.cli.formats import ARTICLES, CITED, FILES, FORMATS, RECORDS
from newsearch.cli.terminal import clean
from tests.archive import Archive, cited
from tests.cli.command import ROOT, Outcome, indexed, run

TITLES = (
    'Ban, "quoted", and; more',
    "=HYPERLINK(\"http://evil.example\";'ban')",
    "+1 ban",
    "-1 ban",
    "@ban SUM(A1)",
    "'=ban kept",
    "'ban' in apostrophes",
    "ban | pipe || and \\| more",
    "# ban *bold* _em_ `code` [link](http://evil.example) <b>html</b> &amp; ~~gone~~",
    "1. ban, no list",
    "ban \u202eevil\u2066 and \u05d7\u05d3\u05e9\u05d5\u05ea \u0627\u0644\u0623\u062e\u0628\u0627\u0631",
    "ban 😀👩\u200d👩\u200d👧 emoji 新聞",
    "ban \x1b[31mred\x1b]0;title\x07 \x9b2J",
    "ban www.evil.example and a@b.example",
)
EXCERPT = "First line\nsecond, \"line\"\r\n\tthird; 'line' | with a\x1b[2J pipe"

COMMANDS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "query": (("query", "ban", "-n", "100"), ARTICLES),
    "query-explain": (("query", "ban", "--explain"), ARTICLES),
    "query-story": (("query", "ban", "--group", "story", "-n", "100"), ARTICLES),
    "query-facet": (("query", "ban", "--facet", "topic", "--facet", "provider"), ARTICLES),
    "query-nothing": (("query", "zzz"), ARTICLES),
    "similar": (("similar", "1.md", "-n", "100"), ARTICLES),
    "new": (("new", "seen", "--peek"), ARTICLES),
    "show": (("show", "0.md"), ARTICLES),
    "related": (("related", "0.md", "--depth", "2"), CITED),
    "count": (("count", "ban"), RECORDS),
    "facets": (("facets", "topic:100", "ban"), RECORDS),
    "facets-provider": (("facets", "provider:100"), RECORDS),
    "timeline": (("timeline", "--by", "month"), RECORDS),
    "topics": (("topics",), RECORDS),
    "providers": (("providers",), RECORDS),
    "terms": (("terms", "topic:first"), RECORDS),
    "suggest": (("suggest", "b"), RECORDS),
    "saved": (("saved",), RECORDS),
    "stats": (("stats",), RECORDS),
    "doctor": (("doctor",), FILES),
    "index": (("index", "archive"), RECORDS),
    "index-dry": (("index", "archive", "--exclude", "1*.md", "--dry-run"), RECORDS),
    "config": (("config",), RECORDS),
    "brief": (("brief", "ban"), ("md", "json")),
}
EACH = [(name, each) for name, (_, formats) in COMMANDS.items() for each in formats]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    archive = Archive(folder / "archive")
    for number, title in enumerate(TITLES):
        archive.deliver(
            title,
            path=f"{number}.md",
            excerpt=EXCERPT,
            date=f"2020-{number % 12 + 1:02}-13",
            topics=["first" if number < 4 else "later", title],
            provider={"name": title, "domain": f"p{number}.example"},
            quality=number * 10,
            related=[cited(f"Cited: {title}", f"https://cited.example/{number % 5}", excerpt=EXCERPT)],
        )
    archive.deliver("ban without an address", path="no address.md", url=None)
    archive.deliver("ban twice", path="twice.md", url="https://paper.example/0")
    archive.write('bad, "file".md', "---\ntitle: [\x1b[31m\n---\n")
    (folder / "newsearch.toml").write_text("", encoding="utf-8")
    place = indexed(archive.folder, folder / "index")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert run("save", "seen", "ban", "--topic", "first", "--index", place).code == 0
    return place


@pytest.fixture(autouse=True)
def beside(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(index.parent)


def ask(name: str, format: str, *more: str, terminal: bool = False) -> Outcome:  # noqa: A002
    words, _ = COMMANDS[name]
    return run(*words, "--format", format, *more, "--index", "index", terminal=terminal)


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ask(name, "json").out)
    # Not the same twice.
    found.pop("took_ms", None)
    found.get("terms", {}).pop("took_ms", None)
    return found


def lines(name: str) -> list[dict[str, Any]]:
    return list(wire.lines(document(name)))


def flat(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the JSON with the names that csv has."""
    article = line.get("article")
    provider = (article or line).get("provider")
    beside = {} if article is None else {name: article[name] for name in ("id", "date", "title", "url", "kind")}
    domains = {} if provider is None else {"provider": provider["name"], "domain": provider["domain"]}
    return {**line, **beside, **domains}


# --- What each format says ---


@pytest.mark.parametrize(("name", "format"), EACH)
def test_every_format_is_written_and_says_the_same_each_time(name: str, format: str) -> None:  # noqa: A002
    first = ask(name, format)
    assert first.code == (1 if name == "doctor" else 0), first.err
    if format not in ("json", "table") and name != "stats":
        assert ask(name, format).out == first.out


@pytest.mark.parametrize("name", [name for name, (_, formats) in COMMANDS.items() if "jsonl" in formats])
def test_lines_of_json_are_those_of_the_document_and_fit_the_schema(name: str) -> None:
    validator = jsonschema.Draft202012Validator({**wire.schema(), "oneOf": [{"$ref": "#/$defs/line"}]})
    written = [json.loads(line) for line in ask(name, "jsonl").out.split("\n")[:-1]]
    assert written == lines(name)
    for line in written:
        validator.validate(line)


@pytest.mark.parametrize("name", [name for name, (_, formats) in COMMANDS.items() if "csv" in formats])
def test_csv_has_what_the_json_has(name: str) -> None:
    out = ask(name, "csv").out
    head, *rows = csv.reader(io.StringIO(out, newline=""), strict=True)
    assert len(set(head)) == len(head)
    expected = lines(name)
    assert len(rows) == len(expected)
    for row, line in zip(rows, expected, strict=True):
        found = dict(zip(head, map(unguarded, row), strict=True))
        wanted = flat(line)
        for key in set(found) & set(wanted) - {"query", "way", "related", "cited_by", "images", "roots", "story"}:
            value = wanted[key]
            if isinstance(value, list):
                joined = "; ".join(value) if name != "config" else ", ".join(value)
                assert found[key] == joined, key
            elif isinstance(value, dict):
                assert json.loads(found[key]) == value
            else:
                assert found[key] == written(value), key


def written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", [name for name, (_, formats) in COMMANDS.items() if "csv" in formats])
def test_no_cell_of_csv_begins_a_formula(name: str) -> None:
    for row in csv.reader(io.StringIO(ask(name, "csv").out, newline="")):
        for cell in row:
            assert not re.match("[=+@\t\r\n]", cell)
            assert not cell.startswith("-") or re.fullmatch(r"-\d+(\.\d+)?", cell)


def shown(token: Token) -> str:
    """What a line of Markdown shows; the text of a link counts."""
    kinds = {child.type for child in token.children or ()}
    assert kinds <= {"text", "text_special", "link_open", "link_close", "code_inline"}, kinds
    return "".join(child.content for child in token.children or () if child.type != "link_open")


def texts(page: str) -> list[str]:
    """What the cells, items and paragraphs of a page show, one by one, as a reader of Markdown has them."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [shown(token) for token in reader.parse(page) if token.type == "inline"]


def table(page: str) -> list[list[str]]:
    """The rows of a page that is one table, its heads first."""
    found = texts(page)
    width = page.split("\n")[1].count("|") - 1
    return [found[start : start + width] for start in range(0, len(found), width)]


def plainly(text: str) -> str:
    """A text as Markdown shows it: in one line, without what prints nothing."""
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069]+", " ", text).split())


@pytest.mark.parametrize(
    ("name", "head", "key"),
    [
        ("query", "Title", "title"),
        ("query-story", "Title", "title"),
        ("similar", "Title", "title"),
        ("new", "Title", "title"),
        ("related", "Title", "title"),
        ("facets", "Value", "value"),
        ("facets", "Articles", "count"),
        ("facets-provider", "Name", "name"),
        ("topics", "Value", "value"),
        ("providers", "Name", "name"),
        ("terms", "Value", "value"),
        ("suggest", "Text", "text"),
        ("timeline", "Articles", "count"),
        ("config", "Setting", "key"),
        ("saved", "Name", "name"),
    ],
)
def test_a_table_in_markdown_shows_each_text_as_it_is(name: str, head: str, key: str) -> None:
    heads, *rows = table(ask(name, "md").out)
    column = heads.index(head)
    expected = [plainly(str(flat(line).get(key) or "")) for line in lines(name)]
    assert [row[column] for row in rows] == expected


@pytest.mark.parametrize(
    ("name", "column", "key"),
    [
        ("query", 4, "title"),
        ("similar", 4, "title"),
        ("related", 5, "title"),
        ("facets", 0, "value"),
        ("facets", 1, "count"),
        ("providers", 2, "name"),
        ("terms", 1, "value"),
        ("suggest", 0, "text"),
        ("timeline", 1, "count"),
        ("config", 0, "key"),
    ],
)
def test_a_plain_line_has_one_row_between_tabs(name: str, column: int, key: str) -> None:
    rows = [line.split("\t") for line in ask(name, "plain").out.split("\n")[:-1]]
    assert [row[column] for row in rows] == [clean(str(flat(line).get(key) or "")) for line in lines(name)]


@pytest.mark.parametrize(("format", "key"), [("urls", "url"), ("ids", "id"), ("paths", "path")])
@pytest.mark.parametrize("name", ["query", "similar", "show", "related", "new"])
def test_names_are_those_of_the_json_one_a_line(name: str, format: str, key: str) -> None:  # noqa: A002
    if (name, format) == ("related", "paths"):
        return
    expected = [flat(line)[key] for line in lines(name)]
    outcome = ask(name, format)
    assert outcome.out == "".join(f"{value}\n" for value in expected if value)
    assert ask(name, format, "-0").out == "".join(f"{value}\0" for value in expected if value)
    assert ("Left out" in outcome.err) == (None in expected)


def test_paths_of_faults_come_once_each() -> None:
    paths = ask("doctor", "paths").out.splitlines()
    assert {'bad, "file".md', "twice.md", "no address.md"} <= set(paths)
    assert len(set(paths)) == len(paths)


def test_doctor_in_markdown_has_all_places_in_groups() -> None:
    page = ask("doctor", "md").out
    findings = document("doctor")["diagnosis"]["findings"]
    assert re.findall(r"^## \w+ \(\d+\)$", page, re.MULTILINE) == [
        f"## {one['severity'].capitalize()} ({one['count']})" for one in findings
    ]
    assert {plainly(place) for one in findings for place in one["places"]} <= set(texts(page))


def test_an_article_in_markdown_is_a_page() -> None:
    page = ask("show", "md").out
    assert page.startswith('# [Ban, "quoted", and; more](https://paper.example/0)\n\nFirst line second, "line"')
    assert "| Quality | 0 |\n" in page
    assert '## Cites 1 article\n\n- [Cited: Ban, "quoted", and; more](https://cited.example/0)\n' in page


def test_facets_follow_the_hits_where_there_is_place_and_elsewhere_it_is_told() -> None:
    assert "## Facets\n\n| Field | Value | Articles |" in ask("query-facet", "md").out
    for format in ("jsonl", "csv", "ids"):  # noqa: A001
        assert f"--format {format} is without the facets" in ask("query-facet", format).err


def test_an_explanation_is_a_cell_of_csv_and_has_no_place_in_markdown() -> None:
    assert "--format md has no place for --explain" in ask("query-explain", "md").err
    assert ask("query-explain", "csv").err == ""


# --- What is harmless where ---


@pytest.mark.parametrize(("name", "format"), EACH)
def test_on_a_terminal_no_format_does_anything_to_it(name: str, format: str) -> None:  # noqa: A002
    out = re.sub(
        r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=\d+)?;(?:https?://[!-~]*)?\x1b\\", "", ask(name, format, terminal=True).out
    )
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)


@pytest.mark.parametrize("format", ["json", "jsonl", "csv"])
def test_in_a_pipe_text_is_kept_as_it_is(format: str) -> None:  # noqa: A002
    out = ask("query", format).out
    assert ("\\u001b[31mred" if format != "csv" else "\x1b[31mred") in out
    assert "\u202eevil" in out


# --- Refusals ---


@pytest.mark.parametrize("name", COMMANDS)
def test_a_format_that_a_command_does_not_have_is_refused_with_those_it_has(name: str) -> None:
    words, formats = COMMANDS[name]
    for format in set(FORMATS) - set(formats):  # noqa: A001
        outcome = run(*words, "--format", format, "--index", "nowhere")
        assert (outcome.code, outcome.out) == (2, "")
        assert f"--format {format} is none that this command has; it has {', '.join(formats)}." in outcome.err


def test_null_without_names_is_refused() -> None:
    outcome = ask("query", "csv", "-0")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--null ends the lines of --format urls, ids and paths" in outcome.err


def test_a_path_with_a_line_break_needs_null(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Odd", path="two\nlines.md")
    index = indexed(archive.folder, tmp_path / "index")
    outcome = run("query", "odd", "--format", "paths", "--index", index)
    assert (outcome.out, outcome.err) == (
        "",
        "newsearch: Left out: 1 article whose path has a line break; -0 has all.\n",
    )
    assert run("query", "odd", "--format", "paths", "-0", "--index", index).out == "two\nlines.md\0"


# --- Guards ---


@pytest.mark.parametrize("text", [*TITLES, "", "'", "''=x", "\t", "\r", "＝x", "=", "-", "a=b"])
def test_a_guard_against_formulas_can_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text


# --- Pipes ---


@pytest.mark.parametrize("format", FORMATS)
def test_a_reader_that_has_had_enough_ends_it_quietly(tmp_path: Path, format: str) -> None:  # noqa: A002
    archive = Archive(tmp_path / "archive")
    for number in range(300):
        archive.deliver(f"Harbour {number}", path=f"{number}.md", excerpt="word " * 300)
    index = indexed(archive.folder, tmp_path / "index")
    with subprocess.Popen(
        [sys.executable, "-m", "newsearch", "query", "harbour", "-n", "300", "--format", format, "--index", index],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.read(1)
        command.stdout.close()
        said = command.stderr.read()
    assert (command.returncode, said) == (0, b"")


def test_nothing_is_cut_or_wrapped_in_a_pipe() -> None:
    for format in ("plain", "csv", "md", "jsonl"):  # noqa: A001
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLUMNS", "20")
            narrow = ask("query", format).out
        assert narrow == ask("query", format).out
    assert all(start != end for start, end in pairwise(ask("query", "ids").out.splitlines()))


def test_an_article_in_markdown_has_its_body_below_and_no_excerpt_where_it_has_none(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Kelp", path="kelp.md", published=True, body="First line.\n\n*Second*\x1b[2J line.")
    page = run("show", "kelp.md", "--format", "md", "--index", indexed(archive.folder, tmp_path / "place")).out
    assert page.startswith("# [Kelp](https://paper.example/kelp)\n\n| ")
    assert page.endswith("\n---\n\nFirst line.\n\n*Second*\ufffd[2J line.\n")
    assert "| Published | yes |\n" in page


@pytest.mark.parametrize("published", [True, False])
def test_yes_and_no_are_true_and_false_in_csv(tmp_path: Path, published: bool) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Kelp", published=published)
    out = run("query", "kelp", "--format", "csv", "--index", indexed(archive.folder, tmp_path / "place")).out
    [row] = csv.DictReader(io.StringIO(out))
    assert row["published"] == str(published).lower()
