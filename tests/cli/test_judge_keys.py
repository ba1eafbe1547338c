"""`newsearch judge` at a terminal: keys as they are typed."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsearch.evaluation import JudgedSet
from tests.archive import Archive
from tests.cli.command import indexed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal, which Windows has not")

_PATIENCE = 60
"""Seconds for an answer; nothing is expected to take as long."""


class Typist:
    """Somebody at a terminal."""

    def __init__(self, terminal: int, running: subprocess.Popen[bytes]) -> None:
        self._terminal = terminal
        self.running = running
        self.seen = ""

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def wait_for(self, text: str) -> None:
        """Read until a text has come since the last one that was waited for."""
        while text not in self.seen:
            assert select.select([self._terminal], [], [], _PATIENCE)[0], self.seen
            self.seen += os.read(self._terminal, 65536).decode("utf-8", "replace")
        self.seen = self.seen.partition(text)[2]

    def modes(self) -> list:
        """How the terminal is set."""
        import termios

        return termios.tcgetattr(self._terminal)

    def send_no_signals(self) -> None:
        """As `stty -isig` has it: Ctrl-C and the like are characters."""
        import termios

        modes = termios.tcgetattr(self._terminal)
        modes[3] &= ~termios.ISIG
        termios.tcsetattr(self._terminal, termios.TCSANOW, modes)

    def end(self) -> int:
        """The exit code."""
        return self.running.wait(_PATIENCE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    archive = Archive(tmp_path / "archive")
    for number in range(3):
        archive.deliver(f"Tram {number}")
    archive.deliver("Harbour")
    indexed(archive.folder, tmp_path / "index")
    return tmp_path


@contextmanager
def judging(folder: Path, *words: str) -> Iterator[Typist]:
    import pty  # not on Windows

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "newsearch", "judge", "judged", *words, "--index", "index"]
    surroundings = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    # A session of its own, whose terminal this is: what Ctrl-C needs.
    launch = [sys.executable, "-c", _LAUNCH, *command]
    with subprocess.Popen(
        launch, cwd=folder, env=surroundings, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as running:
        try:
            yield Typist(ours, running)
        finally:
            running.kill()
            os.close(theirs)
            os.close(ours)


_LAUNCH = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


def grades(folder: Path, query: str = "q1") -> list[int]:
    return list(JudgedSet(folder / "judged").qrels().get(query, {}).values())


def test_keys_typed_before_the_first_question_count(folder: Path) -> None:
    with judging(folder, "tram") as typist:
        typist.type("yny")
        typist.wait_for("3 articles judged, 0 left.")
        assert typist.end() == 0
    assert grades(folder) == [1, 0, 1]


def test_keys_typed_at_once_are_taken_one_by_one(folder: Path) -> None:
    with judging(folder, "tram") as typist:
        typist.wait_for("1 of 3")
        typist.type("ynn")
        typist.wait_for("3 articles judged")
        assert typist.end() == 0
    assert grades(folder) == [1, 0, 0]


def test_an_arrow_is_no_key_though_it_ends_with_a_letter(folder: Path) -> None:
    with judging(folder, "tram") as typist:
        typist.wait_for("1 of 3")
        typist.type("y\x1b[Bn\x1bOSy")  # Down ends with B, F4 with S
        typist.wait_for("3 articles judged")
        assert typist.end() == 0
    assert grades(folder) == [1, 0, 1]


def test_ctrl_c_tells_what_is_kept(folder: Path) -> None:
    with judging(folder, "tram") as typist:
        typist.wait_for("1 of 3")
        typist.type("y")
        typist.wait_for("2 of 3")
        typist.type("\x03")
        typist.wait_for("1 article judged, 2 left.")
        assert typist.end() == 130
    assert grades(folder) == [1]


def test_ctrl_c_is_heard_where_the_terminal_sends_no_signal_for_it(folder: Path) -> None:
    with judging(folder, "tram") as typist:
        typist.wait_for("1 of 3")
        typist.send_no_signals()
        typist.type("y")
        typist.wait_for("2 of 3")
        typist.type("\x03")
        typist.wait_for("1 article judged, 2 left.")
        assert typist.end() == 130
    assert grades(folder) == [1]


def test_ctrl_d_quits(folder: Path) -> None:
    with judging(folder, "tram") as typist:
        typist.wait_for("1 of 3")
        typist.type("\x04")
        typist.wait_for("0 articles judged, 3 left.")
        assert typist.end() == 0


def test_a_resized_window_disturbs_nothing(folder: Path) -> None:
    with judging(folder, "tram") as typist:
        typist.wait_for("1 of 3")
        typist.running.send_signal(signal.SIGWINCH)
        typist.type("yyy")
        typist.wait_for("3 articles judged")
        assert typist.end() == 0


def test_the_terminal_is_left_as_it_was(folder: Path) -> None:
    with judging(folder, "tram") as typist:
        before = typist.modes()
        typist.wait_for("1 of 3")
        typist.type("q")
        typist.end()
        assert typist.modes() == before
