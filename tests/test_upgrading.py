"""What docs/upgrading.md promises of the next version, with an index that another version made.

Until a version is released the other one is this one, told that its schema has another number.
"""

import json
from pathlib import Path

import pytest

import newsearch
from newsearch import wire
from newsearch.engine.whoosh.schema import SCHEMA_VERSION
from tests.archive import Archive
from tests.cli.command import Outcome, run


class Home:
    """A user's folder: settings, an archive, an index of another version, a saved query that was looked at."""

    def __init__(self, folder: Path, version: int) -> None:
        self.folder = folder
        self.archive = Archive(folder / "news")
        self.archive.deliver("Kelp farms", path="a.md", date="2020-01-01")
        (folder / "newsearch.toml").write_text('archive = "news"\n[ranking]\nhalf_life = 90\n', encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("newsearch.engine.whoosh.documents.SCHEMA_VERSION", version)
            patch.setattr("newsearch.engine.whoosh.schema.SCHEMA_VERSION", version)
            assert run("index").code == 0
            assert run("save", "kelp", "kelp").code == 0
            self.looked = run("new", "kelp", "--format", "plain")
            with newsearch.open("index") as index:
                self.arrived = index.get("a.md").first_indexed

    def index_files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((self.folder / "index").iterdir())}

    def own_files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.folder.glob("*newsearch.*"))}


@pytest.fixture(params=[SCHEMA_VERSION - 1, SCHEMA_VERSION + 1], ids=["older", "newer"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.chdir(tmp_path)
    return Home(tmp_path, request.param)


COMMANDS = (("query", "kelp"), ("index",), ("new", "kelp"), ("stats",), ("show", "a"), ("facets", "provider", "kelp"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_an_index_of_another_version_is_refused_with_the_command_that_rebuilds_it(
    home: Home, command: tuple[str, ...]
) -> None:
    before = home.index_files(), home.own_files()
    outcome = run(*command)
    assert (outcome.code, outcome.out) == (3, "")
    assert f"version {SCHEMA_VERSION}" in outcome.err
    assert "newsearch index --rebuild" in outcome.err
    assert (home.index_files(), home.own_files()) == before


def test_doctor_says_of_which_version_an_index_is(home: Home) -> None:
    outcome = run("doctor")
    assert outcome.code == 1
    assert "newsearch index --rebuild" in outcome.out + outcome.err


def test_a_rebuild_keeps_when_an_article_came_in(home: Home) -> None:
    assert run("index", "--rebuild").code == 0
    with newsearch.open("index") as index:
        assert index.get("a.md").first_indexed == home.arrived


def test_a_rebuild_touches_neither_settings_nor_saved_queries_nor_what_was_seen(home: Home) -> None:
    before = home.own_files()
    assert {"newsearch.toml", "newsearch.queries.toml", ".newsearch.seen.json"} <= set(before)
    assert run("index", "--rebuild").code == 0
    assert home.own_files() == before


def test_after_a_rebuild_only_what_arrived_since_is_new(home: Home) -> None:
    assert "Kelp farms" in home.looked.out
    assert run("index", "--rebuild").code == 0
    assert run("new", "kelp", "--format", "plain").out == ""
    home.archive.deliver("Kelp prices", path="b.md")
    assert run("index").code == 0
    assert titles(run("new", "kelp", "--json")) == ["Kelp prices"]


def titles(outcome: Outcome) -> list[str]:
    return [hit["title"] for hit in json.loads(outcome.out)["hits"]]


def test_a_setting_that_there_is_no_longer_is_named_with_the_nearest(home: Home) -> None:
    (home.folder / "newsearch.toml").write_text('archive = "news"\n[ranking]\nhalf_live = 90\n', encoding="utf-8")
    outcome = run("index", "--rebuild")
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no setting ranking.half_live; did you mean ranking.half_life?" in outcome.err


def test_a_variable_that_sets_nothing_any_more_is_told_and_stops_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSEARCH_RANKING_FRESHNESS", "1")
    outcome = run("index", "--rebuild")
    assert outcome.code == 0
    assert "NEWSEARCH_RANKING_FRESHNESS sets nothing" in outcome.err


def test_every_json_says_its_version_first(home: Home) -> None:
    run("index", "--rebuild")
    for command in (("query", "kelp"), ("stats",), ("count", "kelp"), ("config",)):
        assert next(iter(json.loads(run(*command, "--json").out).items())) == ("version", wire.VERSION)
