"""What is reckoned from measured figures: medians, ratios, growth, verdicts, and the tables that show them."""

import pytest

from benchmarks.figures import Figure, Table
from benchmarks.measure import interleaved, percentile
from benchmarks.report import as_markdown
from benchmarks.targets import judge

TIME = "title, excerpt, topics: time"


def figure(engine: str, *runs: float, size: int = 1000, note: str = "") -> Figure:
    return Figure("documents", size, TIME, engine, "s", runs, base="newsearch", note=note)


def test_the_value_of_a_figure_is_the_median_of_its_runs() -> None:
    assert figure("newsearch", 9.0, 1.0, 2.0).value == 2.0


def test_a_ratio_is_the_engines_value_divided_by_that_of_its_base() -> None:
    ours, theirs = figure("newsearch", 2.0), figure("tantivy", 3.0)
    table = Table([ours, theirs])
    assert table.ratio(theirs) == 1.5
    assert table.ratio(ours) is None


def test_growth_sets_a_size_against_the_next_smaller_one() -> None:
    table = Table([figure("newsearch", 2.0, size=100), figure("newsearch", 22.0, size=1000)])
    (growth,) = table.growth()
    assert (growth.sizes, growth.times) == ((100, 1000), 11.0)


@pytest.mark.parametrize(("theirs", "met"), [(3.0, True), (1.0, False)])
def test_a_target_is_met_if_the_other_engine_takes_as_long(theirs: float, met: bool) -> None:
    (verdict,) = judge(Table([figure("newsearch", 2.0), figure("tantivy", theirs)]))
    assert verdict.met is met


def test_indexing_ten_times_as_many_may_take_twelve_times_as_long() -> None:
    verdicts = judge(Table([figure("newsearch", 1.0, size=100), figure("newsearch", 12.5, size=1000)]))
    assert [(verdict.bound, verdict.met) for verdict in verdicts] == [(12.0, False)]


def test_a_cell_has_the_value_and_the_ratio_or_the_note() -> None:
    table = Table([figure("newsearch", 2.0), figure("tantivy", 3.0), figure("bm25s", note="absent")])
    assert f"| {TIME}, s | 2 | 3 (1.50×) | absent |" in as_markdown(table, {}).splitlines()


@pytest.mark.parametrize(("share", "value"), [(0.5, 5.0), (0.95, 10.0), (0.1, 1.0)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(10, 0, -1)], share) == value


def test_rounds_take_turns() -> None:
    called: list[str] = []
    interleaved({name: lambda name=name: called.append(name) for name in "ab"}, rounds=2)  # type: ignore[misc]
    assert called == ["a", "b", "a", "b"]


def test_what_is_over_its_budget_is_not_called_again() -> None:
    assert interleaved({"slow": lambda: 1}, rounds=3, budget=0.0) == {"slow": [1]}
