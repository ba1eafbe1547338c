"""`newsearch stats` and `newsearch config`."""

import json
from pathlib import Path

import pytest

from newsearch.cli.render import size
from newsearch.config import KEYS
from tests.archive import Archive, cited
from tests.cli.command import indexed, run, terminal


def small_index(tmp_path: Path) -> Path:
    archive = Archive(tmp_path / "archive")
    archive.deliver(
        title="Harbour ban", date="2020-09-13", topics=["Law"], related=[cited("Follow-up", "https://b.example/2")]
    )
    archive.write("bad.md", "---\ntitle: [unclosed\n---\n")
    return indexed(archive.folder, tmp_path / "index")


def test_stats_count_what_the_index_holds(tmp_path: Path) -> None:
    index = small_index(tmp_path)
    rows = dict(line.split("\t") for line in run("stats", "--index", index).out.splitlines())
    assert (rows["items"], rows["articles"], rows["topics"], rows["skipped files"]) == ("1", "2", "1", "1")
    assert rows["oldest"] == "2020-09-13 00:00 UTC"


def test_stats_as_json_have_the_same_figures(tmp_path: Path) -> None:
    stats = json.loads(run("stats", "--index", small_index(tmp_path), "--json").out)["stats"]
    assert (stats["items"], stats["articles"], stats["skipped"]) == (1, 2, 1)


def test_on_a_terminal_columns_are_lined_up(tmp_path: Path) -> None:
    out = run("stats", "--index", small_index(tmp_path), terminal=True).out
    assert "\t" not in out
    assert "items           1\n" in out


def test_folders_are_named_from_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = small_index(tmp_path)
    for here, named in ((tmp_path, "archive"), (index, str(tmp_path / "archive"))):
        monkeypatch.chdir(here)
        assert f"folders\t{named}\n" in run("stats", "--index", index).out


def test_skipped_files_are_pointed_out(tmp_path: Path) -> None:
    assert "To see which, and why: newsearch index --index " in run("stats", "--index", small_index(tmp_path)).err


def test_config_shows_every_setting_and_its_origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "newsearch.toml").write_text('exclude = ["drafts/**", "old/*"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSEARCH_RANKING_HALF_LIFE", "90")
    lines = [line.split("\t") for line in run("config", "--index", "elsewhere").out.splitlines()]
    rows = {key: (value, origin) for key, value, origin in lines}
    assert tuple(rows) == KEYS
    assert rows["index"] == ("elsewhere", "--index")
    assert rows["ranking.half_life"] == ("90", "environment NEWSEARCH_RANKING_HALF_LIFE")
    assert rows["exclude"] == ("drafts/**, old/*", f"newsearch.toml: {tmp_path / 'newsearch.toml'}")
    assert rows["language"] == ("english", "default")


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("elsewhere", {"index": "elsewhere", "engine": "embedded"}),
        ("http://127.0.0.1:9200/other", {"url": "http://127.0.0.1:9200/other", "engine": "opensearch"}),
    ],
)
def test_config_shows_the_index_that_every_other_command_would_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, shown: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSEARCH_URL", "http://127.0.0.1:9200/news")
    lines = [line.split("\t") for line in run("config", "--index", place).out.splitlines()]
    assert {key: value for key, value, origin in lines if origin == "--index"} == shown


def test_config_as_json_has_typed_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    document = json.loads(run("config", "--json").out)
    assert document["settings"]["ranking.half_life"] == {"value": 180.0, "origin": "default"}
    assert document["settings"]["exclude"]["value"] == []
    assert document["file"] is None


def test_a_wrong_setting_is_wrong_usage_in_every_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSEARCH_RANKING_K1", "-1")
    for command in (["index"], ["query", "x"], ["show", "x"], ["stats"]):
        (tmp_path / "data").mkdir(exist_ok=True)
        outcome = run(*command)
        assert (outcome.code, outcome.out) == (2, "")
        assert "NEWSEARCH_RANKING_K1" in outcome.err


def test_config_shows_what_it_can_beside_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "newsearch.toml").write_text('archive = "news"\nindx = "i"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSEARCH_LANGUAGE", "klingon")
    outcome = run("config")
    assert outcome.code == 2
    assert "archive\tnews\tnewsearch.toml: " in outcome.out
    assert "language\tenglish\tdefault\n" in outcome.out
    assert "there is no setting indx; did you mean index?" in outcome.err
    assert "NEWSEARCH_LANGUAGE: language is 'klingon'" in outcome.err
    faults = json.loads(run("config", "--json").out)["faults"]
    assert [fault.partition(": ")[2].split(";")[0] for fault in faults] == [
        "there is no setting indx",
        "language is 'klingon'",
    ]


def test_config_is_shown_though_its_file_is_no_toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "newsearch.toml").write_text("archive = \n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    outcome = run("config", "--index", "elsewhere")
    assert outcome.code == 2
    assert "index\telsewhere\t--index\n" in outcome.out
    assert "newsearch.toml:1: this is not TOML" in outcome.err


def test_stats_have_the_size_of_each_segment_and_the_articles_of_each_year(tmp_path: Path) -> None:
    index = small_index(tmp_path)
    stats = json.loads(run("stats", "--index", index, "--json").out)["stats"]
    assert [part["name"] for part in stats["parts"]] == [file.name for file in index.glob("*.nws")]
    assert [part["bytes"] for part in stats["parts"]] == [file.stat().st_size for file in index.glob("*.nws")]
    assert stats["growth"] == {"interval": "year", "undated": 1, "buckets": [{"start": "2020-01-01", "count": 1}]}
    with terminal(80, NO_COLOR="1"):
        shown = run("stats", "--index", index, "-v", terminal=True).out
    assert "articles by year\n2020  1  █" in shown
    assert stats["parts"][0]["name"] in shown


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"), (3 * 10**12, "3.0 TB")],
)
def test_sizes_read_well(count: int, text: str) -> None:
    assert size(count) == text


def test_config_warns_of_a_variable_that_sets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSEARCH_INDXE", "elsewhere")
    outcome = run("config")
    assert outcome.code == 0
    assert "NEWSEARCH_INDXE" in outcome.err


def test_a_cluster_without_an_address_is_shown_as_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "newsearch.toml").write_text('engine = "opensearch"\n')
    monkeypatch.chdir(tmp_path)
    outcome = run("config", "--json")
    assert "engine is opensearch, but url is not set" in outcome.err + outcome.out
    assert json.loads(outcome.out)["settings"]["engine"]["value"] == "embedded"
