"""The packages as users get them: built, looked into, and tried in environments that hold nothing else.

    python -m tests.packages                        everything, on every Python there is
    python -m tests.packages --pythons python3.13   on one; several are separated by commas
    python -m tests.packages --only wheel           one part: contents, wheel, sdist, extras, pipx

The sdist is built from the checkout and the wheel from the sdist; both are left in dist/. Every environment is made for
one installation and knows no checkout: commands run in a folder of their own, with a copy of the example archive. Needs
a package index. Ends with 1 where something is not as it should be.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Timer
from time import monotonic

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
EXTRAS = ("eval", "mcp", "serve", "watch")
"""Those with a command of their own. `docs`, `dev` and `bench` are for a checkout."""

_PATIENCE = 300
"""Seconds after which a command that should have said something is ended."""

COMMANDS = {
    "eval": ("eval", "judged"),
    "mcp": ("mcp",),
    "serve": ("serve", "--port", "0"),
    "watch": ("index", "data", "--watch"),
}
"""What needs which extra."""


class Wrong(Exception):
    """What is not as it should be."""


def expect(holds: bool, otherwise: str) -> None:
    """Raise Wrong if something does not hold."""
    if not holds:
        raise Wrong(otherwise)


# --- environments ---


class Environment:
    """A Python with nothing installed, and a folder to run commands in."""

    def __init__(self, folder: Path, python: str) -> None:
        self.folder = folder
        self.work = folder / "work"
        # pip is this environment's; without one of its own an environment is made in a tenth of the time.
        run([python, "-m", "venv", "--without-pip", str(folder / "env")])
        self.bin = folder / "env" / ("Scripts" if os.name == "nt" else "bin")
        shutil.copytree(ROOT / "data", self.work / "data")
        shutil.copytree(ROOT / "tests" / "data" / "judged", self.work / "judged")

    def install(self, what: str) -> None:
        """Install a file, or `file[extra]`, and what it needs."""
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python"]
        run([*pip, str(self.bin / "python"), "install", what])

    def newsearch(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the installed command."""
        return run([str(self.bin / "newsearch"), *words], cwd=self.work, check=False)

    def started(self, *words: str) -> subprocess.Popen[str]:
        """Start the installed command, which goes on until it is told to end."""
        pipe = subprocess.PIPE
        command = [str(self.bin / "newsearch"), *words]
        process = subprocess.Popen(command, cwd=self.work, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=clean())
        # One that says nothing would be waited for without end.
        watchdog = Timer(_PATIENCE, process.kill)
        watchdog.daemon = True
        watchdog.start()
        return process


def clean() -> dict[str, str]:
    """The environment without what would show a command another newsearch or other settings."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "NEWSEARCH", "VIRTUAL"))}


def run(
    command: Sequence[str], *, cwd: Path | None = None, check: bool = True, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end. Raises Wrong with what it said if it fails and `check` is set."""
    ended = subprocess.run(
        command,
        cwd=cwd,
        env={**clean(), **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=900,
    )
    expect(not check or ended.returncode == 0, f"{' '.join(command)}\n{ended.stdout}{ended.stderr}")
    return ended


# --- what is tried ---


def answers(place: Environment) -> None:
    """An index is made of the example archive, and a query answered from it."""
    shown = place.newsearch("--version")
    expect(shown.stdout.startswith("newsearch "), f"--version says {shown.stdout}{shown.stderr}")
    made = place.newsearch("index", "data")
    expect(made.returncode == 0, f"newsearch index: {made.stderr}")
    found = place.newsearch("query", "facial recognition", "--json")
    expect(found.returncode == 0 and json.loads(found.stdout)["total"] == 10, f"query: {found.stdout}{found.stderr}")


def names_what_is_missing(place: Environment, extra: str) -> None:
    """The command of an extra that is not installed says so, in one line."""
    said = place.newsearch(*COMMANDS[extra])
    last = said.stderr.strip().rpartition("\n")[2]
    expect(said.returncode == 2, f"without {extra}, {COMMANDS[extra][0]} ends with {said.returncode}: {said.stderr}")
    expect(f"pip install 'newsearch[{extra}]'" in last, f"without {extra}, {COMMANDS[extra][0]} says: {said.stderr}")
    expect("Traceback" not in said.stderr, said.stderr)


def measures(place: Environment) -> None:
    """`newsearch eval` measures the judged set."""
    measured = place.newsearch("eval", "judged", "--json")
    expect(measured.returncode == 0 and "measures" in measured.stdout, f"eval: {measured.stdout}{measured.stderr}")


def serves(place: Environment) -> None:
    """`newsearch serve` answers with JSON, and with the page, its style and its script."""
    with place.started("serve", "--port", "0") as server:
        try:
            said = server.stderr.readline() if server.stderr else ""
            address = re.search(r"http://[\w.]+:\d+/", said)
            if address is None:
                raise Wrong(f"serve says: {said}")
            with urllib.request.urlopen(f"{address[0]}api/search?q=tram", timeout=60) as answer:
                expect(json.load(answer)["total"] > 0, "serve finds nothing")
            with urllib.request.urlopen(address[0], timeout=60) as answer:
                page = answer.read().decode()
            for file in re.findall(r'(?:href|src)="([^"]*\.(?:css|js)[^"]*)"', page):
                with urllib.request.urlopen(urllib.parse.urljoin(address[0], file), timeout=60) as answer:
                    expect(bool(answer.read()), f"{file} of the page is empty")
        finally:
            server.terminate()


def talks(place: Environment) -> None:
    """`newsearch mcp` answers a client's first message."""
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "trial", "version": "1"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
    with place.started("mcp") as server:
        out, err = server.communicate(json.dumps(message) + "\n", timeout=120)
    expect('"serverInfo"' in out, f"mcp says: {out}{err}")


def watches(place: Environment) -> None:
    """`newsearch index --watch` indexes, and goes on until it is told to end."""
    with place.started("index", "data", "--watch") as watcher:
        try:
            said = watcher.stderr.readline() if watcher.stderr else ""
            expect("items" in said and watcher.poll() is None, f"--watch says: {said}")
        finally:
            watcher.terminate()


USES: dict[str, Callable[[Environment], None]] = {"eval": measures, "mcp": talks, "serve": serves, "watch": watches}


# --- the parts ---


def built() -> tuple[Path, Path]:
    """The sdist and the wheel that is built from it."""
    shutil.rmtree(DIST, ignore_errors=True)
    run([sys.executable, "-m", "build", "--outdir", str(DIST), str(ROOT)])
    (sdist,), (wheel,) = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
    return sdist, wheel


def contents(sdist: Path, wheel: Path) -> None:
    """The wheel holds the package's files and no other; the sdist also what is needed to test and build it."""
    listed = run(["git", "ls-files", "-z", "newsearch"], cwd=ROOT).stdout.split("\0")
    package = {name for name in listed if name}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    expect(held == package, f"the wheel lacks {sorted(package - held)}, and has besides {sorted(held - package)}")
    with tarfile.open(sdist) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    listed = run(["git", "ls-files", "-z", "tests", "docs", "data", "benchmarks"], cwd=ROOT).stdout.split("\0")
    needed = {*package, *filter(None, listed), "pyproject.toml", "Makefile", "LICENSE", "README.md", "CONTRIBUTING.md"}
    expect(needed <= names, f"the sdist lacks {sorted(needed - names)}")
    strange = [name for name in names if "__pycache__" in name or name.startswith((".venv", "build/", "dist/"))]
    expect(not strange, f"the sdist has {strange}")


def pythons() -> Iterator[str]:
    """Every Python on the path, or beside pyenv's, that newsearch is for, the newest first and each version once."""
    floor = int(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].rpartition(".")[2])
    for minor in range(floor + 9, floor - 1, -1):
        places = sorted((Path.home() / ".pyenv" / "versions").glob(f"3.{minor}.*/bin/python"), reverse=True)
        for candidate in (f"python3.{minor}", *map(str, places)):
            found = shutil.which(candidate)
            if found and run([found, "-c", "import venv"], check=False).returncode == 0:
                yield found
                break


def trials(
    sdist: Path, wheel: Path, chosen: Sequence[str], only: str | None
) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is tried, each with its name."""
    if only in (None, "contents"):
        yield "contents", lambda: contents(sdist, wheel)
    if only in (None, "wheel"):
        for python in chosen:
            version = run([python, "--version"]).stdout.strip()
            yield f"wheel on {version}", lambda python=python: plain(wheel, python)  # type: ignore[misc]
    if only in (None, "sdist"):
        yield "sdist", lambda: plain(sdist, sys.executable)
    if only in (None, "extras"):
        for extra in EXTRAS:
            yield f"[{extra}] alone", lambda extra=extra: with_extra(wheel, extra)  # type: ignore[misc]
    if only in (None, "pipx"):
        yield "pipx install .", pipx


def plain(package: Path, python: str) -> None:
    """The plain install answers, and says of each extra's command what it lacks."""
    with tempfile.TemporaryDirectory() as folder:
        place = Environment(Path(folder), python)
        place.install(str(package))
        answers(place)
        for extra in EXTRAS:
            names_what_is_missing(place, extra)


def with_extra(wheel: Path, extra: str) -> None:
    """One extra alone: its command works, and the others say what they lack."""
    with tempfile.TemporaryDirectory() as folder:
        place = Environment(Path(folder), sys.executable)
        place.install(f"{wheel}[{extra}]")
        answers(place)
        USES[extra](place)
        for other in EXTRAS:
            if other != extra:
                names_what_is_missing(place, other)


def pipx() -> None:
    """`pipx install .`, as the tutorial has it, into folders of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Environment(Path(folder), sys.executable)
        place.install("pipx")
        places = {f"PIPX_{name}": str(Path(folder) / name.lower()) for name in ("HOME", "BIN_DIR", "MAN_DIR")}
        run([str(place.bin / "python"), "-m", "pipx", "install", str(ROOT)], variables=places)
        place.bin = Path(folder) / "bin_dir"
        answers(place)


def main() -> int:
    """Run the trials; how many failed is told at the end."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pythons", help="names or paths, separated by commas; all there are without it")
    parser.add_argument("--only", choices=("contents", "wheel", "sdist", "extras", "pipx"))
    chosen = parser.parse_args()
    sdist, wheel = built()
    print(f"{sdist.name}  {sdist.stat().st_size:,} bytes\n{wheel.name}  {wheel.stat().st_size:,} bytes")
    failed = 0
    on = chosen.pythons.split(",") if chosen.pythons else list(pythons())
    for name, trial in trials(sdist, wheel, on, chosen.only):
        started = monotonic()
        try:
            trial()
        except Wrong as wrong:
            failed += 1
            print(f"WRONG  {name}: {wrong}", flush=True)
        else:
            print(f"ok     {name}  {monotonic() - started:.0f} s", flush=True)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
