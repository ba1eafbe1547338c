"""The benchmark harness runs from end to end, and tells of everything it measured. No test here looks at a time."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import peers
from benchmarks.__main__ import main
from benchmarks.parts import PARTS

SIZE = 200


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one small run of every part, with every engine that is installed."""
    folder = tmp_path_factory.mktemp("bench")
    main(["--sizes", str(SIZE), "--queries", "10", "--rounds", "1", "--out", str(folder)])
    return folder


@pytest.fixture(scope="module")
def results(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "results.json").read_text(encoding="utf-8"))
    return found


def figures(results: dict[str, Any], part: str) -> list[dict[str, Any]]:
    return [figure for figure in results["figures"] if figure["part"].startswith(part)]


def test_a_run_says_what_it_was_run_on(results: dict[str, Any]) -> None:
    assert results["format"] == 1
    assert results["sizes"] == [SIZE]
    assert results["seed"] == 1
    assert results["corpus"] == ["invented"]
    assert set(peers.installed()) <= set(results["versions"])
    assert set(results["machine"]) == {"cpu", "cores", "memory", "system"}


@pytest.mark.parametrize("part", PARTS)
def test_every_part_has_figures(results: dict[str, Any], part: str) -> None:
    assert figures(results, part)


def test_a_figure_is_measured_or_says_why_not(results: dict[str, Any]) -> None:
    assert [one for one in results["figures"] if bool(one["runs"]) == bool(one["note"])] == []


def test_every_engine_is_set_against_newsearch(results: dict[str, Any]) -> None:
    times = [one for one in figures(results, "documents") if one["unit"] == "s"]
    assert {one["engine"] for one in times} == set(peers.installed())
    assert {one["engine"] for one in times if one["ratio"] is None} == {"newsearch"}


def test_every_engine_finds_something_in_every_way_it_can_be_asked(results: dict[str, Any]) -> None:
    answered = [one for one in figures(results, "query") if one["measure"].endswith("queries with hits")]
    assert {one["engine"] for one in answered} == {mode for name in peers.installed() for mode in peers.MODES[name]}
    assert [one for one in answered if not one["value"]] == []


def test_each_title_query_finds_a_document_when_any_word_will_do(results: dict[str, Any]) -> None:
    measure = "titles, any word: queries with hits"
    assert {one["value"] for one in results["figures"] if one["measure"] == measure} == {10}


def test_what_newsearch_cannot_do_is_shown_as_absent(results: dict[str, Any]) -> None:
    missing = [one for one in figures(results, "variants") if not one["runs"]]
    assert {one["note"] for one in missing} <= {"absent"}
    assert {"plain", "phrase"}.isdisjoint(one["engine"] for one in missing)


def test_the_tables_have_each_part_and_a_verdict_on_each_target(out: Path, results: dict[str, Any]) -> None:
    text = (out / "results.md").read_text(encoding="utf-8")
    assert f"## Documents; {SIZE} documents" in text
    assert "## Targets" in text
    assert all(verdict["text"] in text for verdict in results["targets"])
