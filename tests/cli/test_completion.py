"""What a shell offers when Tab is pressed, by the protocol that the shells' scripts speak, and in the shells."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsearch.cli import shells
from newsearch.cli.shells import Candidate, Request
from tests.archive import Archive, cited
from tests.cli.command import ROOT, indexed, run

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")

HOSTILE = "$(touch pwned) `touch pwned` \"; touch pwned; ' \\ story"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an index where commands look for it, and a saved query."""
    folder = tmp_path_factory.mktemp("completion")
    archive = Archive(folder / "data")
    salon = {"name": "Salon", "domain": "salon.com"}
    archive.deliver(title="Facial recognition ban", topics=["Facial Recognition", "AI"], provider=salon, type="video")
    archive.deliver(
        title="A face in the crowd", topics=["Fashion", "AI"], related=[cited(HOSTILE, "https://x.example/h")]
    )
    archive.deliver(title="Machine vision", topics=["Computer Vision", HOSTILE], provider={"domain": "wire.example"})
    indexed(archive.folder, folder / "index")
    (folder / "newsearch.queries.toml").write_text('[faces]\ntext = "facial recognition"\nmin_quality = 60\n')
    return folder


@pytest.fixture(autouse=True)
def _here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def bash(line: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What bash is told for a line; its words as bash divides them are written with spaces between them."""
    words = line.split(" ")
    monkeypatch.setenv("COMP_WORDS", "\n".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    return asked("bash", monkeypatch)


def zsh(line: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
    return "\n".join(asked("zsh", monkeypatch))


def fish(line: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    return asked("fish", monkeypatch)


def asked(shell: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("_NEWSEARCH_COMPLETE", f"complete_{shell}")
    outcome = run()
    assert outcome.err == ""
    return outcome.out.splitlines()


# --- What is offered ---


def test_commands_are_offered_with_what_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fish("newsearch q", monkeypatch) == ["query\tFind articles, best first."]
    assert {"index", "query", "show"} <= set(bash("newsearch ", monkeypatch))


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("newsearch --ver", ["--version"]),
        ("newsearch query --lim", ["--limit"]),
        ("newsearch query ban --expl", ["--explain"]),
        ("newsearch query --no-p", ["--no-pager"]),
        ("newsearch query --sort ", ["relevance", "date", "quality", "heat"]),
        ("newsearch query --match a", ["auto", "all", "any"]),
        ("newsearch query --group ", ["story"]),
        ("newsearch query --format pl", ["plain"]),
        ("newsearch query --kind re", ["related"]),
        ("newsearch timeline --by m", ["month"]),
        ("newsearch query --as-of la", ["latest"]),
        ("newsearch facets to", ["topic"]),
        ("newsearch query --facet ye", ["year"]),
        ("newsearch query --type vid", ["video"]),
        ("newsearch query --provider SAL", ["Salon"]),
        ("newsearch query --topic comp", ["Computer\\ Vision"]),
        ("newsearch topics comp", ["Computer\\ Vision"]),
        ("newsearch new fa", ["faces"]),
        ("newsearch saved --remove f", ["faces"]),
        ("newsearch query @ fa", ["faces"]),
        ("newsearch query reco", ["recognition"]),
        ("newsearch query facial reco", ["recognition"]),
        ("newsearch query is : it", ["item"]),
        ("newsearch query provider : sal", ["Salon"]),
        ("newsearch query -- --lim", []),
        ("newsearch query --index nowhere reco", []),
        ("newsearch query --index = nowhere reco", []),
        ("newsearch nonsense ", []),
        ("newsearch index da", []),
        ("newsearch query --no-such=x reco", ["recognition"]),
        ("newsearch query ", []),
        ("newsearch show abc de", []),
        ("newsearch show data/f", []),
        ("newsearch query --provider ", ["salon.com", "wire.example"]),
    ],
)
def test_what_fits_is_offered(line: str, offered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert [word for word in bash(line, monkeypatch) if word] == offered


def test_capitals_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sorted(bash("newsearch query --topic fa", monkeypatch)) == ["Facial\\ Recognition", "Fashion"]


def test_ids_come_with_their_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = dict(line.split("\t") for line in fish("newsearch show ", monkeypatch))
    id = next(id for id, title in offered.items() if title == "Facial recognition ban")  # noqa: A001
    assert fish(f"newsearch similar {id[:3]}", monkeypatch) == [f"{id}\tFacial recognition ban"]


def test_the_value_of_an_option_with_its_sign_is_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fish("newsearch query --topic=comp", monkeypatch)[0].startswith("--topic=Computer Vision\t")
    assert bash("newsearch query --topic = comp", monkeypatch) == ["Computer\\ Vision"]


def test_quotes_that_are_open_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for quote in "\"'":
        assert bash(f"newsearch query --topic {quote}comp", monkeypatch) == ["Computer Vision"]


def test_what_cannot_stand_in_single_quotes_is_not_offered_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(bash("newsearch query --topic touch", monkeypatch)) == 1
    assert bash("newsearch query --topic 'touch", monkeypatch) == [""]


def test_zsh_is_told_to_offer_files_where_nothing_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert zsh("newsearch index da", monkeypatch) == "_files"


def test_nothing_is_said_where_there_is_no_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsearch.toml").write_text("this is no TOML")
    for line in ("newsearch query --topic f", "newsearch show ", "newsearch new ", "newsearch query fa"):
        assert [word for word in bash(line, monkeypatch) if word] == []
    assert bash("newsearch query --sort d", monkeypatch) == ["date"]


@pytest.mark.parametrize("instruction", ["complete_tcsh", "source_bash", "nonsense", "complete_bash"])
def test_what_is_not_understood_is_passed_over_in_silence(instruction: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_NEWSEARCH_COMPLETE", instruction)
    monkeypatch.delenv("COMP_WORDS", raising=False)
    outcome = run()
    assert (outcome.code, outcome.out, outcome.err) == (1, "", "")


def test_fish_is_told_whether_files_fit_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_NEWSEARCH_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "is-args")
    for line, code in (("newsearch query --sort ", 0), ("newsearch index da", 1)):
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
        outcome = run()
        assert (outcome.code, outcome.out) == (code, "")


# --- Words as shells take them ---


def test_powershell_is_told_a_meaning_for_each() -> None:
    request = Request("powershell", (), "")
    assert shells.told(request, [Candidate("a", "one:::two"), Candidate("b")]) == "a:::one::two\nb::: "


@needs_bash
def test_bash_is_told_words_that_it_takes_as_one() -> None:
    values = ["a b", "it's", "$(x)", "a*?[b]", "back\\slash", "~x", "#x", "a;b&c|d<e>f(g)", 'q"q', "!x", "é"]
    offers = [Candidate(value) for value in values]
    words = shells.told(Request("bash", (), ""), offers).splitlines()
    words += [f'"{word}"' for word in shells.told(Request("bash", (), "", quote='"'), offers).splitlines()]
    typed = subprocess.run(
        ["bash", "-c", "printf '%s\\n' " + " ".join(words)], capture_output=True, encoding="utf-8", check=True
    )
    assert typed.stdout.splitlines() == values * 2


def test_zsh_runs_nothing_of_what_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = zsh("newsearch show ", monkeypatch)
    assert "pwned" in told
    outside = re.sub(r"'[^']*'", "", told.replace("'\"'\"'", ""))
    assert re.fullmatch(r"local -a offers; offers=\(\s*\); _describe -V newsearch offers -M ", outside)


# --- In the shells ---


def command(folder: Path) -> Path:
    """A `newsearch` to be found on a path."""
    place = folder / "bin"
    place.mkdir(exist_ok=True)
    file = place / "newsearch"
    file.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m newsearch "$@"\n')
    file.chmod(0o755)
    return place


def script(shell: str, home: Path) -> str:
    """The script that `newsearch --show-completion` prints when a shell of this kind runs it."""
    from typer._completion_shared import get_completion_script

    return get_completion_script(prog_name="newsearch", complete_var="_NEWSEARCH_COMPLETE", shell=shell)


def in_shell(shell: str, text: str, folder: Path) -> str:
    ended = subprocess.run(
        [shell, *(["--norc"] if shell == "bash" else ["-f"] if shell == "zsh" else ["--no-config"]), "-c", text],
        cwd=folder,
        env={"PATH": f"{command(folder)}:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8", "TERM": "xterm"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.stderr == ""
    return ended.stdout


@needs_bash
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["query", "--topic", "comp"], ["Computer\\ Vision"]),
        (["query", "--sort", ""], ["relevance", "date", "quality", "heat"]),
        (["query", "provider", ":", "sal"], ["Salon"]),
        (["query", "@", "f"], ["faces"]),
    ],
)
def test_bash_completes(words: list[str], offered: list[str], folder: Path) -> None:
    line = " ".join(map(shlex.quote, ["newsearch", *words]))
    ask = (
        f"{script('bash', folder)}\n"
        f"COMP_WORDS=({line}); COMP_CWORD={len(words)}\n"
        "_newsearch_completion newsearch\n"
        "printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    assert in_shell("bash", ask, folder).splitlines() == offered


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
def test_zsh_takes_each_offer_as_one_word_and_runs_none(folder: Path) -> None:
    # `_describe` stands for zsh's own, which draws: it is given the name of the list.
    ask = (
        "compdef() { }; _describe() { printf '%s\\n' \"${(@P)3}\" }\n"
        f"{script('zsh', folder)}\n"
        "words=(newsearch show ''); CURRENT=3; _newsearch_completion"
    )
    offers = in_shell("zsh", ask, folder).splitlines()
    assert any(offer.endswith(":Facial recognition ban") for offer in offers)
    assert any(offer.endswith(f":{HOSTILE}") for offer in offers)
    assert not (folder / "pwned").exists()


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_completes(folder: Path) -> None:
    ask = f"{script('fish', folder)}\ncomplete -C 'newsearch query --topic comp'"
    assert in_shell("fish", ask, folder).splitlines() == ["Computer Vision\t1"]


def test_the_script_of_a_shell_can_be_installed() -> None:
    shown = run("--help").out
    assert "--install-completion" in shown
    assert "--show-completion" in shown
