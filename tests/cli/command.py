"""Typing a command in tests: within the process, as most do, or as a process of its own.

outcome = run("query", "harbour", "--index", folder)
outcome.code, outcome.out, outcome.err
"""

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsearch.cli import main
from newsearch.cli.commands import COMMANDS

__all__ = ["ROOT", "Outcome", "Terminal", "command_names", "indexed", "process", "run", "terminal"]

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended, and what it wrote to stdout and stderr."""

    code: int
    out: str
    err: str


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def run(*argv: str | Path, terminal: bool = False) -> Outcome:
    """Run a command in this process; with `terminal` both of its streams say they are one."""
    out, err = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in argv])
    return Outcome(code, out.getvalue(), err.getvalue())


@contextmanager
def terminal(width: int, *, term: str = "xterm-256color", **variables: str) -> Iterator[None]:
    """The environment of a terminal so many columns wide."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        patch.setenv("TERM", term)
        for name, value in variables.items():
            patch.setenv(name, value)
        yield


def process(*argv: str | Path, environment: Mapping[str, str] | None = None) -> Outcome:
    """Run a command as a process, with nothing on stdin."""
    ended = subprocess.run(
        [sys.executable, "-m", "newsearch", *map(str, argv)],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Outcome(ended.returncode, ended.stdout, ended.stderr)


def command_names() -> list[str]:
    """Every command there is."""
    return list(COMMANDS)


def indexed(folder: Path, index: Path) -> Path:
    """Index a folder, and return where."""
    outcome = run("index", folder, "--index", index)
    if outcome.code:
        raise RuntimeError(outcome.err)
    return index
