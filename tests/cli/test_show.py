"""`newsearch show`: one article, by whatever names it."""

import json
import webbrowser
from pathlib import Path

import pytest

from tests.archive import Archive, cited
from tests.cli.command import indexed, run, terminal

BODY = "First paragraph of the body, " + "which is long and goes on " * 10 + "\n\n\tSecond\x1b[2J paragraph.\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("show")
    archive = Archive(folder / "archive")
    archive.deliver(
        title="Harbour ban",
        path="ban.md",
        url="https://www.post.example/ban/",
        excerpt="The port says no.",
        date="2020-09-13 14:08:00 +0200",
        quality=43,
        published=False,
        topics=["Law", "AI"],
        provider={"name": "Harbour Post", "domain": "post.example"},
        images=[{"url": "https://post.example/i.jpg", "width": 846, "height": 571}],
        related=[cited("Follow-up", "https://b.example/2", date="2020-09-14")],
        secured="OPAQUE",
        body=BODY,
    )
    archive.deliver(title="No address", path="lost.md", url=None)
    archive.deliver(title="Script", path="script.md", url=None, original_url="javascript:alert(1)")
    return indexed(archive.folder, folder / "index")


@pytest.mark.parametrize(
    "reference", ["https://www.post.example/ban/", "http://post.example/ban?utm_source=x", "post.example/ban", "ban.md"]
)
def test_an_article_is_found_by_address_and_path(index: Path, reference: str) -> None:
    assert run("show", reference, "--index", index).out.startswith("Harbour ban\n")


def test_an_article_is_found_by_the_path_of_its_file_from_here(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for here, path in (
        (index.parent, "archive/lost.md"),
        (index, "../archive/lost.md"),
        (index, "../archive/./lost.md"),
    ):
        monkeypatch.chdir(here)
        assert run("show", path, "--index", index).out.startswith("No address\n")
    assert run("show", index.parent / "archive" / "lost.md", "--index", index).code == 0
    assert run("show", "archive/none.md", "--index", index).code == 1


def test_the_page_has_everything_known(index: Path) -> None:
    out = run("show", "ban.md", "--index", index).out
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for line in [
        "The port says no.",
        "kind item",
        "url https://www.post.example/ban/",
        "address post.example/ban",
        "path ban.md",
        "provider Harbour Post (post.example)",
        "date 2020-09-13 12:08:00 UTC",
        "quality 43",
        "published no",
        "topics Law, AI",
        "image https://post.example/i.jpg (846 x 571)",
        "Cites 1 article",
    ]:
        assert line in lines
    assert lines[-1] == "Second�[2J paragraph."
    assert "OPAQUE" not in out


def test_citations_lead_both_ways(index: Path) -> None:
    cites = json.loads(run("show", "ban.md", "--index", index, "--json").out)["article"]["related"]
    outcome = run("show", cites[0]["id"], "--index", index)
    assert outcome.out.startswith("Follow-up\n")
    assert "Cited by 1 article" in outcome.out
    assert "Harbour ban" in outcome.out


def test_a_citation_has_its_date_title_provider_and_id(index: Path) -> None:
    follow_up = json.loads(run("show", "ban.md", "--index", index, "--json").out)["article"]["related"][0]["id"]
    assert f"  2020-09-14  Follow-up · {follow_up}\n" in run("show", "ban.md", "--index", index).out
    assert "  2020-09-13  Harbour ban · Harbour Post · " in run("show", follow_up, "--index", index).out


def test_in_a_pipe_no_line_is_wrapped(index: Path) -> None:
    with terminal(60):
        assert BODY.split("\n", maxsplit=1)[0].rstrip() + "\n" in run("show", "ban.md", "--index", index).out


def test_on_a_terminal_text_is_wrapped_at_words(index: Path) -> None:
    with terminal(60, term="dumb"):
        lines = run("show", "ban.md", "--index", index, terminal=True).out.splitlines()
    assert max(map(len, lines)) <= 60
    assert "First paragraph of the body, which is long and goes on which" in [line.rstrip() for line in lines]


def test_json_has_the_whole_article(index: Path) -> None:
    article = json.loads(run("show", "ban.md", "--index", index, "--json").out)["article"]
    assert (article["title"], article["date"]) == ("Harbour ban", "2020-09-13T12:08:00Z")
    assert "\x1b[2J" in article["body"]
    assert "OPAQUE" not in json.dumps(article)


def test_an_unknown_reference_is_no_success(index: Path) -> None:
    outcome = run("show", "https://nowhere.example/", "--index", index)
    assert (outcome.code, outcome.out) == (1, "")
    assert "nowhere.example" in outcome.err


def test_an_ambiguous_prefix_is_wrong_usage_and_names_candidates(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    for number in range(33):  # more than there are first characters
        archive.deliver(title=f"Story {number}")
    index = indexed(archive.folder, tmp_path / "index")
    ids = [hit["id"] for hit in json.loads(run("query", "--index", index, "--json", "-n", "99").out)["hits"]]
    first = next(identity[0] for identity in ids if sum(other[0] == identity[0] for other in ids) > 1)
    outcome = run("show", first, "--index", index)
    assert outcome.code == 2
    assert sum(identity in outcome.err for identity in ids) >= 2


def opened(monkeypatch: pytest.MonkeyPatch, *, works: bool = True) -> list[str]:
    """The addresses that a browser is asked to open from now on."""
    addresses: list[str] = []

    def open_address(url: str) -> bool:
        addresses.append(url)
        return works

    monkeypatch.setattr(webbrowser, "open", open_address)
    return addresses


def test_open_hands_the_address_to_the_browser(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = opened(monkeypatch)
    outcome = run("show", "ban.md", "--open", "--index", index)
    assert (outcome.code, outcome.out) == (0, "")
    assert addresses == ["https://www.post.example/ban/"]


@pytest.mark.parametrize("reference", ["lost.md", "script.md"])
def test_what_is_no_web_address_is_not_opened(index: Path, monkeypatch: pytest.MonkeyPatch, reference: str) -> None:
    addresses = opened(monkeypatch)
    assert run("show", reference, "--open", "--index", index).code == 1
    assert addresses == []


def test_without_a_browser_the_address_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(monkeypatch, works=False)
    outcome = run("show", "ban.md", "--open", "--index", index)
    assert outcome.code == 1
    assert "https://www.post.example/ban/" in outcome.err
