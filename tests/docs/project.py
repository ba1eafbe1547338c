"""A project to run a page's examples in: a folder with the example archive, its index and the judged set of tests/data.

    project = Project(folder, built=folder_of_another_with_an_index)
    project.command("newsearch query tram -n 1")        # what a reader would see

Commands believe that they write to a terminal of 100 columns without colours, or to the pipe that follows them. A plain
`newsearch …`, with variables before it or without, runs in this process through the command line's own `main`, which
saves the half second of a start; only what follows its first `|` is given to a shell. Other lines are a shell's as a
whole, with a `newsearch` on its path.
"""

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from unittest.mock import patch

from newsearch.cli import main
from tests.docs.pages import ROOT

__all__ = ["Project"]

_TERMINAL = {"COLUMNS": "100", "TERM": "xterm", "NO_COLOR": "1"}
# Bold, underlined and linked text is for the eye; a page shows what it says.
_STYLE = re.compile("\x1b\\[[0-9;]*m|\x1b\\]8;[^\x1b]*\x1b\\\\")
_ASSIGNMENT = re.compile(r"[A-Z_]+=")
_FOR_SHELL = frozenset("|&;<>$`*?~\\\n#!{}()")


class _Screen(io.StringIO):
    """A standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class _Beside(io.StringIO):
    """A standard error that shows on the same screen, but without what only moves on a terminal."""

    def __init__(self, screen: _Screen) -> None:
        super().__init__()
        self._screen = screen

    def write(self, text: str) -> int:
        return self._screen.write(text)


class Project:
    """One page's folder. Scripts of a page share their variables."""

    def __init__(self, folder: Path, *, built: Path | None = None) -> None:
        """`built` is a folder whose index is taken over; without it there is none."""
        self.folder = folder
        self._names: dict[str, object] = {"__name__": "__main__"}
        # Modification times are kept, so that the index knows the files.
        shutil.copytree(ROOT / "data", folder / "data")
        shutil.copytree(ROOT / "tests" / "data", folder / "tests" / "data")
        if built is not None:
            shutil.copytree(built / "index", folder / "index")

    def command(self, line: str) -> str:
        """What a command line shows: stdout and stderr as they come."""
        own, pipe, rest = _split_at_pipe(line)
        words = _words(own)
        variables = dict(word.split("=", 1) for word in takewhile(_ASSIGNMENT.match, words))
        words = words[len(variables) :]
        if words[:1] != ["newsearch"]:
            return self._in_shell(line)
        if not pipe:
            screen = _Screen()
            with self._standing_in(screen, _Beside(screen), variables):
                main(words[1:])
            return _STYLE.sub("", screen.getvalue())
        piped, said = io.StringIO(), io.StringIO()
        with self._standing_in(piped, said, variables):
            main(words[1:])
        return said.getvalue() + self._in_shell(rest, given=piped.getvalue())

    def script(self, text: str, *, name: str, line: int) -> str:
        """What a script prints; `name` and `line` are the place that its errors name."""
        code = compile("\n" * (line - 1) + text, name, "exec")
        printed = io.StringIO()
        with self._standing_in(printed, printed):
            exec(code, self._names)
        return printed.getvalue()

    def write(self, name: str, text: str) -> None:
        """Make a file of the project."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    @contextmanager
    def _standing_in(
        self, output: io.StringIO, errors: io.StringIO, variables: Mapping[str, str] = MappingProxyType({})
    ) -> Iterator[None]:
        with (
            chdir(self.folder),
            redirect_stdout(output),
            redirect_stderr(errors),
            patch.dict(os.environ, {**_TERMINAL, "PATH": self._path(), **variables}),
        ):
            yield

    def _path(self) -> str:
        """The places of commands, with a `newsearch` that is this one whatever its environment."""
        commands = self.folder.with_name(f"{self.folder.name}-bin")
        if not commands.exists():
            commands.mkdir()
            command = commands / "newsearch"
            place = f"PYTHONPATH={shlex.quote(str(ROOT))} PYTHONUTF8=1"
            command.write_text(f'#!/bin/sh\n{place} exec {shlex.quote(sys.executable)} -m newsearch "$@"\n')
            command.chmod(0o755)
        return f"{commands}{os.pathsep}{os.environ['PATH']}"

    def _in_shell(self, line: str, given: str = "") -> str:
        environment = {
            **os.environ,
            **_TERMINAL,
            "PATH": self._path(),
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }
        ended = subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env=environment,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return ended.stdout


def _split_at_pipe(line: str) -> tuple[str, str, str]:
    """A line up to its first `|` outside of quotes, and what follows it."""
    quote = ""
    for at, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign == "|":
            return line[:at], sign, line[at + 1 :]
    return line, "", ""


def _words(line: str) -> list[str]:
    """The words of a command that a shell would take as they stand; none if it would make something of them."""
    outside = "".join(part for number, part in enumerate(line.split("'")) if number % 2 == 0)
    try:
        return shlex.split(line) if _FOR_SHELL.isdisjoint(outside) else []
    except ValueError:
        return []
