"""Measures against values worked out by hand, and how names of measures are read."""

from math import log2

import pytest

from newsearch.errors import ConfigError

pytest.importorskip("ir_measures", reason="needs the extra: pip install 'newsearch[eval]'")

from newsearch.evaluation import Measures

QRELS = {"q": {"a": 2, "b": 1, "c": 0, "d": 1}}
RUN = {"q": [("c", 0.9), ("a", 0.8), ("x", 0.5), ("b", 0.5)]}


def value(name: str, run: dict[str, list[tuple[str, float]]] = RUN) -> float:
    return next(iter(Measures([name]).of(QRELS, run).mean.values()))


def test_ndcg_is_the_discounted_gain_over_that_of_the_best_order() -> None:
    ideal = 2 + 1 / log2(3) + 1 / log2(4)
    assert value("nDCG@10") == pytest.approx((2 / log2(3) + 1 / log2(5)) / ideal, abs=1e-6)


def test_average_precision_is_over_all_that_is_relevant() -> None:
    assert value("AP") == pytest.approx((1 / 2 + 2 / 4) / 3)


def test_recall_and_reciprocal_rank() -> None:
    assert value("R@100") == pytest.approx(2 / 3)
    assert value("RR@10") == pytest.approx(1 / 2)


def test_the_order_of_a_run_decides_and_not_its_equal_scores() -> None:
    assert value("RR", {"q": [("a", 0.5), ("z", 0.5)]}) == 1
    assert value("RR", {"q": [("z", 0.5), ("a", 0.5)]}) == 0.5


def test_a_query_that_found_nothing_counts_as_0() -> None:
    measured = Measures(["AP"]).of({"q": {"a": 1}, "r": {"a": 1}}, {"q": [("a", 1.0)]})
    assert measured.each == {"AP": {"q": 1.0, "r": 0.0}}
    assert measured.mean == {"AP": 0.5}


def test_a_parameter_is_read_in_the_field_s_notation() -> None:
    assert Measures(["AP(rel=2)@100", "P@5"]).names == ("AP(rel=2)@100", "P@5")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("ndgc@10", "did you mean nDCG?"),
        ("nDCG at 10", "is no measure"),
        ("R", "parameter too many, too few"),
        ("AP(rel=high)", "neither a number nor a quoted word"),
        ("AP(2)", "parameters are written like"),
        ("__import__('os')", "There is no measure __import__; the usual ones are nDCG@10"),
        ("AP(grade=2)", "parameter too many"),
    ],
)
def test_a_name_that_is_no_measure_is_told(name: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Measures([name])
    assert told in str(refused.value)
