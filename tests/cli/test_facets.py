"""`newsearch facets`, `topics`, `providers`, `count` and `query --facet`: figures in a terminal, a pipe and JSON."""

import json
import re
from pathlib import Path

import pytest

from newsearch.model import SearchRequest
from tests.archive import Archive
from tests.cli.command import indexed, process, run, terminal

EVIL = "Evil \x1b[31m\x1b]8;;http://evil.example\x07\u202e\ttopic"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("facets")
    archive = Archive(folder / "archive")
    salon, globe = {"name": "Salon", "domain": "salon.example"}, {"name": "The Globe"}
    archive.deliver("Harbour ban", date="2020-09-13", quality=43, topics=["Law", "AI"], provider=salon)
    archive.deliver("Harbour vote", date="2020-09-20", quality=81, topics=["Law"], provider=salon)
    archive.deliver("Harbour view", date="2019-01-02", topics=["Computer Vision", EVIL], provider=globe)
    return indexed(archive.folder, folder / "index")


def test_in_a_pipe_a_value_is_a_line_with_its_count(index: Path) -> None:
    assert run("facets", "month", "harbour", "--index", index).out == "2020-09\t2\n2019-01\t1\n"


def test_in_a_pipe_a_provider_has_its_name_too(index: Path) -> None:
    assert run("facets", "provider", "--index", index).out == "salon.example\t2\tSalon\nThe Globe\t1\t\n"


@pytest.mark.parametrize("width", [60, 100, 200])
def test_bars_fit_the_terminal_and_the_longest_is_the_largest_counts(index: Path, width: int) -> None:
    with terminal(width, term="dumb"):
        out = run("facets", "provider", "--index", index, terminal=True).out
    first, second = out.splitlines()
    assert max(map(len, (first, second))) <= width
    assert first.count("█") >= 12
    assert abs(first.count("█") - 2 * second.count("█")) <= 1


def test_a_value_that_is_too_long_goes_on_in_the_next_line(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver(topics=["word " * 30 + "end"])
    with terminal(60, term="dumb"):
        out = run("facets", "topic", "--index", indexed(archive.folder, tmp_path / "index"), terminal=True).out
    assert out.count("word") == 30
    assert max(map(len, out.splitlines())) <= 60


@pytest.mark.parametrize("form", ["table", "plain"])
def test_no_value_does_anything_to_the_terminal(index: Path, form: str) -> None:
    out = run("topics", "evil", "--index", index, "--format", form).out
    assert "Evil" in out
    assert [char for char in out if char in "\x1b\x07\x9b\u202e\x00"] == []
    assert out.count("\n") == 1


def test_without_block_characters_bars_are_number_signs(index: Path) -> None:
    command = ("facets", "kind", "--index", index, "--format", "table")
    out = process(*command, environment={"PYTHONIOENCODING": "ascii", "COLUMNS": "80"}).out
    assert out.startswith("item  3  ####")


def test_every_filter_narrows_the_figures(index: Path) -> None:
    narrowed = {
        "--since": "2020",
        "--until": "2019",
        "--as-of": "2019-12",
        "--provider": "salon.example",
        "--topic": "ai",
        "--type": "video",
        "--min-quality": "50",
        "--kind": "related",
    }
    found = {option: run("count", "--index", index, option, value).out for option, value in narrowed.items()}
    expected = ("2", "1", "1", "2", "1", "0", "1", "0")
    assert found == {option: f"{count}\n" for option, count in zip(narrowed, expected, strict=True)}
    assert run("count", "harbour zeppelin ban", "--match", "any", "--index", index).out == "3\n"
    assert run("count", "harbour", "-ban", "--index", index).out == "2\n"


def test_count_of_nothing_is_no_success_if_that_is_asked_for(index: Path) -> None:
    assert run("count", "zeppelin", "--index", index).code == 0
    outcome = run("count", "zeppelin", "--fail-empty", "--index", index)
    assert (outcome.code, outcome.out) == (1, "0\n")


def test_count_says_why_there_is_nothing(index: Path) -> None:
    outcome = run("count", "harbour", "--topic", "laww", "--index", index)
    assert (outcome.out, outcome.code) == ("0\n", 0)
    assert "laww" in outcome.err


def test_a_field_that_is_none_is_refused_with_the_nearest(index: Path) -> None:
    outcome = run("facets", "topics", "--index", index)
    assert (outcome.code, outcome.out) == (2, "")
    assert '"topics" cannot be counted by' in outcome.err
    assert "the nearest is topic" in outcome.err


@pytest.mark.parametrize(
    ("facets", "reason"),
    [
        (["provider:0"], "from 1 to 100,000"),
        (["provider:x"], "is not a field and a number"),
        (["topic", "topic:3"], "named 2 times"),
        (["qualty"], "the nearest is quality"),
    ],
)
def test_a_facet_that_makes_no_sense_is_refused(index: Path, facets: list[str], reason: str) -> None:
    words = [word for facet in facets for word in ("--facet", facet)]
    outcome = run("query", "harbour", *words, "--index", index)
    assert outcome.code == 2
    assert outcome.err.startswith("newsearch: --facet: ")
    assert reason in outcome.err


def test_facets_stand_under_the_table(index: Path) -> None:
    with terminal(100, term="dumb"):
        out = run("query", "harbour", "--facet", "kind", "--facet", "topic:1", "--index", index, terminal=True).out
    _, _, below = out.partition("all shown")
    assert [line.split()[0] for line in below.splitlines()[1:] if line] == ["kind", "item", "topic", "Law"]


def test_in_a_pipe_values_follow_the_hits_after_an_empty_line(index: Path) -> None:
    words = ("query", "harbour", "--facet", "kind", "--facet", "topic:1", "--index", index)
    hits, _, values = run(*words).out.partition("\n\n")
    assert hits.count("\n") == 2
    assert values == "kind\titem\t3\ntopic\tLaw\t2\n"
    assert run(*words, "-n", "0").out == values


def test_in_json_facets_are_in_the_order_asked_for(index: Path) -> None:
    out = run("query", "harbour", "--facet", "kind", "--facet", "topic:1", "--json", "--index", index).out
    assert json.loads(out)["facets"] == {
        "kind": [{"value": "item", "count": 3, "filter": "is:item"}],
        "topic": [{"value": "Law", "count": 2, "filter": "topic:Law"}],
    }


def test_topics_and_providers_are_searched_by_any_part_of_them(index: Path) -> None:
    assert run("topics", "VISI", "--index", index).out == "Computer Vision\t1\n"
    assert run("providers", "glob", "--index", index).out == "The Globe\t1\t\n"
    assert "None of 2 providers" in run("providers", "zeppelin", "--index", index).err


def test_topics_take_filters(index: Path) -> None:
    assert run("topics", "--provider", "salon", "--index", index).out == "Law\t2\nAI\t1\n"


def test_commands_that_filter_name_the_same_options(index: Path) -> None:
    from newsearch.cli.filtering import FILTERS

    assert set(FILTERS) <= set(SearchRequest.__dataclass_fields__)
    for command in ("query", "count", "facets", "timeline", "topics", "providers", "save"):
        out = run(command, "--help").out
        assert all(f"--{name.replace('_', '-')} " in out for name in FILTERS), command


def test_on_a_terminal_a_facet_without_values_says_none(index: Path) -> None:
    out = run("query", "view", "--facet", "type", "--index", index, terminal=True).out
    assert re.sub("\x1b\\[[0-9;]*m", "", out).splitlines()[-2:] == ["type", "  none"]
