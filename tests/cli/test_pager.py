"""What does not fit the terminal is shown in a pager, and nothing else is."""

import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.archive import Archive
from tests.cli.command import ROOT, indexed, process, run

PAGER = "tee page.txt"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pager")
    archive = Archive(folder / "archive")
    for number in range(60):
        archive.deliver(title=f"Harbour story {number}", url=f"https://harbour.example/{number}")
    return indexed(archive.folder, folder / "index")


def on_screen(
    folder: Path, *argv: str | Path, lines: int = 24, columns: int = 100, **variables: str
) -> tuple[int, str]:
    """Run a command as a process whose stdout and stderr are a terminal; its exit code, and what the terminal got."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "PAGER", "NO_COLOR")}
    with subprocess.Popen(
        [sys.executable, "-m", "newsearch", *map(str, argv)],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **variables},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as command:
        os.close(theirs)
        got = b""
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:  # on Linux the end of a terminal that nobody writes to any more
                break
            if not part:
                break
            got += part
    os.close(ours)
    return command.returncode, got.decode().replace("\r\n", "\n")


def page(folder: Path) -> str | None:
    file = folder / "page.txt"
    return file.read_text() if file.exists() else None


def test_what_does_not_fit_goes_through_the_pager(index: Path, tmp_path: Path) -> None:
    code, shown = on_screen(tmp_path, "query", "harbour", "-n", "50", "--index", index, PAGER=PAGER)
    text = page(tmp_path)
    assert code == 0
    assert text is not None
    assert " story 4" in text
    assert shown == text


def test_what_fits_does_not(index: Path, tmp_path: Path) -> None:
    code, shown = on_screen(tmp_path, "query", "harbour", "-n", "2", "--index", index, PAGER=PAGER)
    assert (code, page(tmp_path)) == (0, None)
    assert " story " in shown


def test_the_rows_of_wrapped_lines_count(index: Path, tmp_path: Path) -> None:
    options = ("query", "harbour", "-n", "6", "--format", "plain", "--index", index)
    on_screen(tmp_path, *options, lines=10, columns=200, PAGER=PAGER)
    assert page(tmp_path) is None
    on_screen(tmp_path, *options, lines=10, columns=40, PAGER=PAGER)
    assert page(tmp_path) is not None


@pytest.mark.parametrize(
    ("options", "variables"),
    [
        (("--no-pager",), {"PAGER": PAGER}),
        ((), {"PAGER": PAGER, "NEWSEARCH_PAGER": ""}),
        ((), {"PAGER": PAGER, "NEWSEARCH_PAGER": "cat"}),
        ((), {"PAGER": PAGER, "TERM": "dumb"}),
    ],
    ids=["--no-pager", "an empty variable", "cat", "a dumb terminal"],
)
def test_there_are_ways_to_have_none(
    index: Path, tmp_path: Path, options: tuple[str, ...], variables: dict[str, str]
) -> None:
    code, shown = on_screen(tmp_path, "query", "harbour", "-n", "50", *options, "--index", index, **variables)  # type: ignore[arg-type]  # names of variables, all of them
    assert (code, page(tmp_path)) == (0, None)
    assert "50 shown" in shown


def test_newsearch_s_own_variable_comes_before_the_common_one(index: Path, tmp_path: Path) -> None:
    on_screen(
        tmp_path,
        "query",
        "harbour",
        "-n",
        "50",
        "--index",
        index,
        PAGER="tee other.txt",
        NEWSEARCH_PAGER="tee page.txt",
    )
    assert page(tmp_path) is not None
    assert not (tmp_path / "other.txt").exists()


def test_the_variable_is_not_taken_for_an_unknown_setting(index: Path, tmp_path: Path) -> None:
    _, shown = on_screen(tmp_path, "query", "harbour", "-n", "1", "--index", index, NEWSEARCH_PAGER="cat")
    assert "sets nothing" not in shown


def test_remarks_come_after_the_pager_and_not_into_it(index: Path, tmp_path: Path) -> None:
    _, shown = on_screen(tmp_path, "query", "harbour", "-n", "50", "-v", "--index", index, PAGER=PAGER)
    text = page(tmp_path)
    assert text is not None
    assert "Understood as" not in text
    assert shown.startswith(text)
    assert "Understood as: harbour" in shown


def test_a_pager_that_is_closed_early_ends_the_command_quietly(index: Path, tmp_path: Path) -> None:
    code, shown = on_screen(tmp_path, "query", "", "-n", "60", "--explain", "--index", index, PAGER="head -n 1")
    assert code == 0
    assert len(shown.splitlines()) == 1


def test_a_pager_that_does_not_exist_is_named_after_the_results(index: Path, tmp_path: Path) -> None:
    code, shown = on_screen(tmp_path, "query", "harbour", "-n", "50", "--index", index, PAGER="no-such-pager -x")
    assert code == 0
    assert "50 shown" in shown
    assert "newsearch: the pager no-such-pager -x cannot be started (No such file or directory);" in shown


def test_an_interruption_is_the_pager_s(index: Path, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    # It interrupts whoever started it, as Ctrl-C does with all that runs in the foreground.
    pager.write_text("#!/bin/sh\ncat > page.txt\nkill -INT $PPID\n")
    pager.chmod(0o755)
    code, shown = on_screen(tmp_path, "query", "harbour", "-n", "50", "--index", index, PAGER=str(pager))
    assert (code, shown) == (0, "")


def test_an_exit_code_comes_through_the_pager(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    for number in range(40):
        archive.write(f"bad-{number}.md", "---\ntitle: [\n---\n")
    index = indexed(archive.folder, tmp_path / "index")
    code, _ = on_screen(tmp_path, "doctor", "-v", "--index", index, PAGER=PAGER)
    assert code == 1
    assert "bad-39.md" in str(page(tmp_path))


def test_links_are_for_less_alone(index: Path, tmp_path: Path) -> None:
    on_screen(tmp_path, "query", "harbour", "-n", "50", "--index", index, PAGER=PAGER)
    assert "\x1b]8" not in str(page(tmp_path))
    less = tmp_path / "less"
    less.write_text('#!/bin/sh\nprintf "%s\\n" "$LESS" > options.txt\ncat > page.txt\n')
    less.chmod(0o755)
    on_screen(tmp_path, "query", "harbour", "-n", "50", "--index", index, PAGER=str(less))
    assert "\x1b]8" in str(page(tmp_path))
    assert (tmp_path / "options.txt").read_text() == "FRX\n"


def test_a_pipe_has_no_pager(index: Path, tmp_path: Path) -> None:
    outcome = process(
        "query", "harbour", "-n", "50", "--index", index, environment={"PAGER": f"tee {tmp_path / 'page.txt'}"}
    )
    assert (outcome.code, page(tmp_path)) == (0, None)


def test_commands_that_write_as_they_go_take_no_such_option() -> None:
    assert "--no-pager" in run("query", "--help").out
    assert "--no-pager" not in run("index", "--help").out


# --- Interruption before there is a command ---


def test_ctrl_c_while_modules_load_ends_the_process_without_a_traceback() -> None:
    question = (
        "import os, signal, sys\n"
        "from newsearch.__main__ import run\n"
        "class Interrupting:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'newsearch.cli':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupting())\n"
        "run()\n"
    )
    ended = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, "", "")


def test_where_interruptions_are_ignored_they_stay_so() -> None:
    question = (
        "import os, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from newsearch.__main__ import run\n"
        "sys.argv = ['newsearch', '--version']\n"
        "try:\n"
        "    run()\n"
        "finally:\n"
        "    print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)\n"
    )
    ended = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.stdout.splitlines()[-1] == "True"
