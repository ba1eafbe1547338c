"""The progress bar: for a person who waits, and for nobody else."""

import io
from contextlib import redirect_stderr

import pytest

from newsearch.cli import progress
from newsearch.cli.progress import ProgressBar
from tests.cli.command import Terminal, terminal


def drawn(monkeypatch: pytest.MonkeyPatch, *, shown: bool = True, patience: float = 0.0, stream: io.StringIO) -> str:
    """What a bar draws over ten files."""
    monkeypatch.setattr(progress, "_PATIENCE", patience)
    with redirect_stderr(stream), ProgressBar(shown=shown) as bar:
        for done in range(1, 11):
            bar(done, 10)
    return stream.getvalue()


def test_long_work_is_shown_on_a_terminal_until_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(80):
        text = drawn(monkeypatch, stream=Terminal())
    assert "1/10" in text
    assert "10/10" in text


def test_short_work_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(80):
        assert drawn(monkeypatch, patience=1000.0, stream=Terminal()) == ""


def test_nothing_is_drawn_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(80):
        assert drawn(monkeypatch, stream=io.StringIO()) == ""


def test_nothing_is_drawn_when_quiet_or_on_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(80):
        assert drawn(monkeypatch, shown=False, stream=Terminal()) == ""
    with terminal(80, term="dumb"):
        assert drawn(monkeypatch, stream=Terminal()) == ""
