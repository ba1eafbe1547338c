"""Which hits are judged, and in which order."""

from newsearch.evaluation import pooled

MINE = [("a", 0.9), ("b", 0.8), ("c", 0.7)]
THEIRS = [("b", 0.9), ("d", 0.8), ("e", 0.7)]


def test_the_first_of_each_run_are_pooled_once() -> None:
    assert sorted(pooled([MINE, THEIRS], depth=2, seed="q")) == ["a", "b", "d"]


def test_what_is_judged_is_left_out() -> None:
    assert sorted(pooled([MINE, THEIRS], depth=3, seed="q", judged={"b"})) == ["a", "c", "d", "e"]


def test_the_order_says_nothing_of_the_runs_and_is_always_the_same() -> None:
    first = [(f"d{number}", 1.0) for number in range(20)]
    order = pooled([first], depth=20, seed="q")
    assert order == pooled([list(reversed(first))], depth=20, seed="q")
    assert order != [name for name, _ in first]
    assert order != pooled([first], depth=20, seed="another")


def test_those_left_keep_their_order_when_others_are_judged() -> None:
    everything = pooled([MINE, THEIRS], depth=3, seed="q")
    assert pooled([MINE, THEIRS], depth=3, seed="q", judged={everything[0]}) == everything[1:]
