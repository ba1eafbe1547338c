"""Two runs compared: counts, differences and the paired randomisation test against values worked out by hand."""

import numpy as np
import pytest

from newsearch.evaluation import compare
from newsearch.evaluation.comparison import randomisation_test


def test_wins_losses_and_ties_are_counted_from_the_first_run_s_side() -> None:
    found = compare({"a": 0.9, "b": 0.5, "c": 0.2}, {"a": 0.4, "b": 0.5, "c": 0.3})
    assert (found.wins, found.losses, found.ties) == (1, 1, 1)
    assert found.difference == pytest.approx(0.4 / 3)
    assert list(found.differences) == ["a", "b", "c"]


def test_only_queries_of_both_are_compared() -> None:
    assert compare({"a": 1.0, "b": 1.0}, {"a": 0.0}).differences == {"a": 1.0}


def test_a_difference_that_arithmetic_made_is_a_tie() -> None:
    assert compare({"a": 0.1 + 0.2}, {"a": 0.3}).ties == 1


def test_the_p_value_of_few_queries_is_exact() -> None:
    # Of the 8 ways to set three signs, only +++ and --- lie as far from 0.
    assert randomisation_test(np.array([1.0, 2.0, 3.0])) == 2 / 8
    # 1 - 2 + 3 = 2: sums of 2 or more in either direction are all but ±(1 + 2 - 3) = 0.
    assert randomisation_test(np.array([1.0, -2.0, 3.0])) == 6 / 8


def test_the_p_value_of_many_queries_is_near_the_exact_one_and_always_the_same() -> None:
    differences = np.array([0.1] * 15 + [-0.1] * 5)
    # Two-sided sign test with 15 of 20, which is what this is with differences of one size.
    exact = 0.0413894653
    assert randomisation_test(differences) == pytest.approx(exact, abs=0.003)
    assert randomisation_test(differences) == randomisation_test(differences)


def test_p_is_1_where_nothing_differs_and_never_0() -> None:
    assert randomisation_test(np.zeros(5)) == 1
    assert 0 < randomisation_test(np.ones(100)) < 1e-4


def test_p_does_not_depend_on_who_is_first() -> None:
    values = np.linspace(-0.3, 0.5, 40)
    assert randomisation_test(values) == randomisation_test(-values)
