"""`newsearch timeline`: bars and sparks on a terminal, lines in a pipe."""

import re
from pathlib import Path

import pytest

from newsearch.cli.bars import ROWS
from tests.archive import Archive
from tests.cli.command import indexed, run, terminal


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("timeline")
    archive = Archive(folder / "archive")
    for day in ("2018-01-01", "2020-08-30", "2020-08-31", "2020-10-02"):
        archive.deliver("Harbour", date=day)
    archive.deliver("Harbour undated")
    return indexed(archive.folder, folder / "index")


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        ("year", "2020\t3\n"),
        ("month", "2020-08\t2\n2020-09\t0\n2020-10\t1\n"),
        ("week", "2020-08-24\t1\n2020-08-31\t1\n2020-09-07\t0\n2020-09-14\t0\n2020-09-21\t0\n2020-09-28\t1\n"),
    ],
)
def test_in_a_pipe_a_bucket_is_a_line_and_gaps_are_there(index: Path, by: str, lines: str) -> None:
    assert run("timeline", "harbour", "--by", by, "--since", "2020", "--index", index).out == lines


def test_months_are_what_is_counted_by_unless_said(index: Path) -> None:
    assert run("timeline", "--since", "2020-10", "--index", index).out == "2020-10\t1\n"


@pytest.mark.parametrize("width", [60, 100, 200])
def test_on_a_terminal_there_are_bars_and_a_line_of_sparks(index: Path, width: int) -> None:
    with terminal(width, term="dumb"):
        out = run("timeline", "--since", "2020", "--index", index, terminal=True).out
    sparks, _, *bars = out.splitlines()
    assert sparks == "2020-08 █·▄ 2020-10"
    assert [line.count("█") for line in bars][1] == 0
    assert max(map(len, bars)) <= width


def test_sparks_of_a_long_time_fit_the_terminal(index: Path) -> None:
    with terminal(60, term="dumb"):
        out = run("timeline", "--by", "day", "--index", index, terminal=True).out
    assert len(out.splitlines()[0]) <= 60


def test_a_long_gap_is_one_line_and_a_short_one_is_shown(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    for date in ("2019-01-05", "2019-04-05", "2020-04-05"):
        archive.deliver(date=f"{date}T10:00:00Z")
    index = indexed(archive.folder, tmp_path / "index")
    with terminal(60, term="dumb"):
        lines = run("timeline", "--index", index, terminal=True).out.splitlines()
    assert [line.split()[:3] for line in lines[2:]] == [
        ["2019-01", "1", lines[2].split()[-1]],
        ["2019-02", "0"],
        ["2019-03", "0"],
        ["2019-04", "1", lines[2].split()[-1]],
        ["…", "11", "without"],
        ["2020-04", "1", lines[2].split()[-1]],
    ]


def test_what_has_no_date_is_said(index: Path) -> None:
    assert "Of 5 articles, 1 without a date" in run("timeline", "--index", index).err


def test_a_terminal_is_shown_the_newest_days_and_a_pipe_all(index: Path) -> None:
    with terminal(80, term="dumb"):
        shown = run("timeline", "--by", "day", "--index", index, terminal=True)
    passed_over = re.findall(r"^… +(\d+) without$", shown.out, re.MULTILINE)
    assert len(shown.out.splitlines()) - len(passed_over) + sum(map(int, passed_over)) == ROWS + 2
    assert "choose a longer time with --by" in shown.err
    piped = run("timeline", "--by", "day", "--index", index)
    assert len(piped.out.splitlines()) == 1006
    assert "--by" not in piped.err


def test_an_interval_that_is_none_is_refused_with_the_nearest(index: Path) -> None:
    outcome = run("timeline", "--by", "weak", "--index", index)
    assert outcome.code == 2
    assert outcome.err == 'newsearch: --by is "weak"; it must be day or week or month or year; the nearest is week.\n'


def test_too_many_days_are_refused_with_what_to_do(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Harbour", date="1600-01-01")
    archive.deliver("Harbour", date="2020-01-01")
    outcome = run("timeline", "--by", "day", "--index", indexed(archive.folder, tmp_path / "index"))
    assert outcome.code == 2
    assert "count by week, month or year" in outcome.err


def test_nothing_found_is_no_error(index: Path) -> None:
    outcome = run("timeline", "zeppelin", "--index", index)
    assert (outcome.code, outcome.out) == (0, "")
    assert "No article matches." in outcome.err
