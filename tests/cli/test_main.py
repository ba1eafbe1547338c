"""The command line as a whole: help, errors, pipes and what it costs to start."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import newsearch
from newsearch import library
from newsearch.cli import commands
from newsearch.errors import IndexLocked
from newsearch.model import SearchRequest
from tests.archive import Archive
from tests.cli.command import ROOT, command_names, indexed, process, run

COMMANDS = ["index", "query", "show", "stats", "config"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("main")
    archive = Archive(folder / "archive")
    for number in range(300):
        archive.deliver(title=f"Harbour story {number}", excerpt="A long excerpt. " * 40)
    return indexed(archive.folder, folder / "index")


# --- Help and usage ---


def test_the_version_is_the_package_s() -> None:
    outcome = process("--version")
    assert (outcome.code, outcome.out, outcome.err) == (0, f"newsearch {newsearch.__version__}\n", "")


def test_help_names_every_command_and_shows_examples() -> None:
    outcome = process("--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert [command for command in COMMANDS if f"  {command}  " not in outcome.out] == []
    assert "newsearch query facial recognition" in outcome.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_the_common_options(command: str) -> None:
    outcome = run(command, "--help")
    assert outcome.code == 0
    assert [option for option in ("--index", "--verbose", "--quiet") if option not in outcome.out] == []


@pytest.mark.parametrize("command", command_names())
def test_every_command_s_help_shows_examples(command: str) -> None:
    assert f"newsearch {command}" in run(command, "--help").out.partition("Examples:")[2]


def test_help_lists_every_command_under_what_it_is_for() -> None:
    listed = run("--help").out.partition("\nCommands:\n")[2].partition("\n  Examples:")[0]
    assert sorted(re.findall(r"^    (\w+)  ", listed, re.MULTILINE)) == sorted(command_names())
    assert "Find articles:" in listed
    assert "..." not in listed


def test_help_is_a_word_too() -> None:
    assert run("help") == run("--help")
    assert run("help", "query") == run("query", "--help")
    assert run("help", "qurey").err.startswith("newsearch: There is no command qurey; the nearest is query.")


def test_without_a_command_help_goes_to_stderr() -> None:
    outcome = run()
    assert (outcome.code, outcome.out) == (2, "")
    assert "Commands:" in outcome.err


def test_an_unknown_command_is_refused_with_the_nearest() -> None:
    outcome = run("qurey", "ban")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "newsearch: There is no command qurey; the nearest is query. See: newsearch --help\n"
    assert "; the nearest is query." in run("serch", "ban").err
    assert "; there are index, stats, doctor, config, copy, query, " in run("zzzz").err


@pytest.mark.parametrize("command", [("query", "ban"), ("stats",), ("show", "ban")])
def test_advice_fits_the_index_that_was_given(tmp_path: Path, command: tuple[str, ...]) -> None:
    outcome = run(*command, "--index", tmp_path / "no such")
    assert outcome.code == 3
    assert outcome.err.endswith(f"make one with: newsearch index --index '{tmp_path / 'no such'}'\n")


def test_a_variable_that_sets_nothing_is_warned_about(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSEARCH_HALF_LIFE", "30")
    outcome = run("stats", "--index", index)
    assert outcome.code == 0
    assert "newsearch: The environment variable NEWSEARCH_HALF_LIFE sets nothing; did you mean " in outcome.err
    assert run("stats", "--index", index, "-q").err == ""


@pytest.mark.parametrize("name", command_names())
def test_the_help_says_of_a_command_what_it_says_of_itself(name: str) -> None:
    entry = commands.COMMANDS[name]
    assert entry.purpose == entry.load(name).get_short_help_str(1000)


def test_help_loads_neither_the_engine_nor_what_draws() -> None:
    question = (
        "import sys, newsearch.cli\n"
        "newsearch.cli.main(['--help'])\n"
        "heavy = ['rich.console', 'numpy', 'whoosh', 'yaml']\n"
        "heavy += ['newsearch.model', 'newsearch.library', 'newsearch.query', 'newsearch.cli.query']\n"
        "sys.exit(', '.join(name for name in heavy if name in sys.modules) or None)"
    )
    ended = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("format", ["json", "plain"])
def test_a_search_loads_neither_whoosh_nor_what_reads_items_nor_what_draws(index: Path, format: str) -> None:  # noqa: A002
    question = (
        "import sys\n"
        "before = set(sys.modules)\n"  # what starts with Python itself may load some of it, as coverage does
        "import newsearch.cli\n"
        f"newsearch.cli.main(['query', 'harbour', '--format', {format!r}, '--index', {str(index)!r}])\n"
        "heavy = ['rich', 'yaml', 'whoosh', 'numpy.ma', 'ssl', 'http', 'email', 'tomllib', 'importlib.metadata']\n"
        "heavy += ['newsearch.items.reader', 'newsearch.items.scan', 'newsearch.engine.whoosh.writer']\n"
        "sys.exit(', '.join(name for name in heavy if name in sys.modules.keys() - before) or None)"
    )
    ended = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_look_for_changes_that_finds_none_loads_no_whoosh(index: Path) -> None:
    question = (
        "import sys, newsearch.cli\n"
        f"newsearch.cli.main(['index', {str(index.parent / 'archive')!r}, '--index', {str(index)!r}])\n"
        "sys.exit(', '.join(name for name in ['whoosh', 'http', 'email'] if name in sys.modules) or None)"
    )
    ended = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


# --- Errors ---


def test_a_missing_index_is_code_3_with_the_command_that_makes_one(tmp_path: Path) -> None:
    for command in (["query", "ban"], ["show", "x"], ["stats"]):
        outcome = run(*command, "--index", tmp_path / "nowhere")
        assert (outcome.code, outcome.out) == (3, "")
        assert "newsearch index" in outcome.err


def test_an_index_that_cannot_be_read_is_code_3(index: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in index.iterdir():
        (broken / file.name).write_bytes(b"\x00" * 100)
    outcome = process("query", "ban", "--index", broken)
    assert outcome.code == 3
    assert outcome.err.startswith("newsearch: ")


def test_an_index_that_another_process_writes_is_code_4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object, **__: object) -> None:
        raise IndexLocked("Another newsearch is writing.")

    archive = Archive(tmp_path / "archive")
    archive.deliver()
    monkeypatch.setattr(library.NewsIndex, "sync", busy)
    outcome = run("index", archive.folder, "--index", tmp_path / "index")
    assert (outcome.code, outcome.err) == (4, "newsearch: Another newsearch is writing.\n")


def test_an_error_nobody_expected_is_one_line(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: library.NewsIndex, request: SearchRequest) -> None:
        raise ZeroDivisionError("by\x1b nothing")

    monkeypatch.setattr(library.NewsIndex, "ask", broken)
    outcome = run("query", "ban", "--index", index)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        "newsearch: this should not have happened: ZeroDivisionError: by\ufffd nothing. "
        "Run it with -v for the traceback.\n"
    )
    assert "Traceback (most recent call last)" in run("query", "ban", "--index", index, "-v").err


def test_an_interruption_is_code_130(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: library.NewsIndex, request: SearchRequest) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(library.NewsIndex, "ask", interrupted)
    outcome = run("query", "ban", "--index", index)
    assert (outcome.code, outcome.out, outcome.err) == (130, "", "newsearch: interrupted.\n")


# --- As a process ---


def test_a_search_works_with_nothing_on_stdin(index: Path) -> None:
    outcome = process("query", "harbour", "-n", "3", "--index", index)
    assert (outcome.code, outcome.err) == (0, "")
    assert len(outcome.out.splitlines()) == 3


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="there are no such pipes here")
@pytest.mark.parametrize("form", ["plain", "table", "json"])
def test_a_reader_that_has_enough_ends_the_command_quietly(index: Path, form: str) -> None:
    command = [sys.executable, "-m", "newsearch", "query", "harbour", "-n", "300", "--format", form]
    # Unbuffered here, so that closing leaves nothing behind; more is written than a pipe holds.
    with subprocess.Popen(
        [*command, "--explain", "--index", str(index)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.read(1)
        writer.stdout.close()
        assert writer.stderr.read() == b""
    assert writer.returncode == 0


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="there are no such pipes here")
def test_a_reader_that_has_gone_before_the_first_line_is_no_trouble(index: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "newsearch", "query", "harbour", "-n", "1", "--index", str(index)]
    ended = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell that can close a stream")
@pytest.mark.parametrize("form", ["plain", "table", "json", "csv"])
def test_without_a_standard_output_it_ends_well(index: Path, form: str) -> None:
    command = [sys.executable, "-m", "newsearch", "query", "harbour", "--format", form, "--index", str(index)]
    ended = subprocess.run(
        ["/bin/sh", "-c", '"$@" >&-', "sh", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_said_once(index: Path) -> None:
    command = [sys.executable, "-m", "newsearch", "query", "harbour", "--index", str(index)]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (1, "newsearch: No space left on device.\n")


def test_an_encoding_without_the_characters_stops_nothing(tmp_path: Path) -> None:
    Archive(tmp_path / "archive").deliver(title="Łódź 🚋")
    index = indexed(tmp_path / "archive", tmp_path / "index")
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    for form in ("plain", "table"):
        outcome = process("query", "lodz", "--format", form, "--index", index, environment=ascii_only)
        assert (outcome.code, outcome.err) == (0, "")
    document = process("query", "lodz", "--json", "--index", index, environment=ascii_only)
    assert document.code == 0
    assert "\\u0141" in document.out


# --- The process ---


def test_the_process_ends_with_the_exit_code_of_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "newsearch", "stats", "--index", str(tmp_path / "none")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("newsearch: There is no index in ")
