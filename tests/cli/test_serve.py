"""`newsearch serve`: what it refuses before it listens, and that it serves until it is told to end."""

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="needs the extra serve")

from tests.archive import build
from tests.cli.command import ROOT, run
from tests.web.client import ITEMS


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "0.0.0.0"), "--public"),
        (("--port", "70000"), "from 0 to 65,535"),
        (("--workers", "0"), "from 1 to 64"),
        (("--cache", "-1"), "from 0 to 4,096"),
        (("--allow-host", "a b"), "search.example"),
        (("--allow-origin", "news.example"), "https://news.example"),
        (("--token-file", "none.txt"), "none.txt cannot be read"),
        (("--hots", "x"), "--host"),
    ],
)
def test_what_would_not_be_safe_or_makes_no_sense_is_refused(options: tuple[str, ...], said: str) -> None:
    outcome = run("serve", *options)
    assert (outcome.code, outcome.out) == (2, "")
    assert said in outcome.err


def test_a_token_that_could_be_guessed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")
    outcome = run("serve", "--token-file", tmp_path / "token")
    assert outcome.code == 2
    assert "16 characters" in outcome.err
    assert "secret" not in outcome.err


@pytest.mark.parametrize("workers", [1, 2])
def test_it_serves_until_it_is_interrupted(tmp_path: Path, workers: int) -> None:
    build(tmp_path / "index", ITEMS)
    command = [sys.executable, "-m", "newsearch", "serve", "--index", str(tmp_path / "index"), "--port", "0"]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:[0-9]+/", said)
        assert address, said
        with urllib.request.urlopen(f"{address[0]}api/search?q=harbour", timeout=60) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert out == ""
    assert "Traceback" not in err
    assert process.returncode == 0


def test_an_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("newsearch.web", "starlette", "uvicorn"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette", None)
    outcome = run("serve")
    assert outcome.code == 2
    assert "pip install 'newsearch[serve]'" in outcome.err


def test_what_only_the_page_needs_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra mcp brings a server along, but not what pages are made with."""
    for name in [name for name in sys.modules if name.startswith(("newsearch.web.page", "jinja2"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    outcome = run("serve")
    assert outcome.code == 2
    assert "pip install 'newsearch[serve]'" in outcome.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGINT")
def test_without_an_index_it_says_so_and_answers_503(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "newsearch", "serve", "--index", str(tmp_path / "index"), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, encoding="utf-8") as process:
        try:
            assert process.stderr is not None
            assert "Until then every search is answered with status 503." in process.stderr.readline()
            address = re.search(r"http://127\.0\.0\.1:[0-9]+/", process.stderr.readline())
            assert address
            with pytest.raises(urllib.error.HTTPError, match="503"):
                urllib.request.urlopen(f"{address[0]}api/search?q=harbour", timeout=60)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
