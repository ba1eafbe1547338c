"""The caps on a query's size, and the form of what is said about it."""

from datetime import UTC, datetime

import pytest

from newsearch.query import parse
from newsearch.query.ast import Everything, Node, Sequence, Word
from newsearch.query.parser import MAX_CLAUSES, MAX_DEPTH, MAX_LENGTH
from newsearch.query.warnings import MAX_WARNINGS

TODAY = datetime(2020, 10, 1, 12, tzinfo=UTC)
A = Word("a")


def tree(text: str) -> Node:
    """The tree of a text that must give no warning."""
    parsed = parse(text, today=TODAY)
    assert parsed.warnings == ()
    return parsed.tree


def warned(text: str) -> tuple[Node, str]:
    """The tree of a text that must give one warning, and that warning."""
    parsed = parse(text, today=TODAY)
    assert len(parsed.warnings) == 1, parsed.warnings
    return parsed.tree, parsed.warnings[0]


def test_text_beyond_the_length_is_cut_off_with_a_warning() -> None:
    found, warning = warned(" " * (MAX_LENGTH - 1) + "abc")
    assert found == A
    assert f"at character {MAX_LENGTH + 1}: a query has {MAX_LENGTH} characters at most" in warning


def test_clauses_beyond_the_cap_are_ignored_with_one_warning() -> None:
    found, warning = warned("a " * MAX_CLAUSES + "(b OR c) AND")
    assert found == Sequence((A,) * MAX_CLAUSES)
    assert warning.startswith(f'"b" at character {2 * MAX_CLAUSES + 2}: a query has {MAX_CLAUSES} words')


def test_as_many_clauses_as_may_be_are_all_kept() -> None:
    assert tree("a " * MAX_CLAUSES) == Sequence((A,) * MAX_CLAUSES)


def test_the_parts_of_a_wrong_value_are_clauses_too() -> None:
    found = parse("x:" + "a:" * 1000 + "a", today=TODAY).tree
    assert isinstance(found, Sequence)
    assert len(found.children) == MAX_CLAUSES


def test_parentheses_beyond_the_depth_are_ignored_with_a_warning() -> None:
    def nested(depth: int) -> str:
        return "a AND (b OR " * depth + "c" + ")" * depth

    as_deep_as_may_be = parse(nested(MAX_DEPTH), today=TODAY)
    deeper = parse(nested(MAX_DEPTH + 2), today=TODAY)
    assert as_deep_as_may_be.warnings == ()
    assert len(deeper.warnings) == 1
    assert f"parentheses nest more than {MAX_DEPTH} deep" in deeper.warnings[0]
    # The two innermost pairs are gone, and what they held stands where they stood.
    assert deeper.tree == tree(nested(MAX_DEPTH).replace("c", "a AND b OR a AND b OR c"))


@pytest.mark.parametrize("text", ["(", ")", "-(", "title:(", "NOT ("])
def test_a_hundred_thousand_parentheses_are_no_trouble(text: str) -> None:
    assert parse(text * 100_000, today=TODAY).warnings


def test_endless_empty_parts_are_cut_off() -> None:
    parsed = parse("()" * 4000 + " a", today=TODAY)
    assert parsed.tree == Everything()


def test_warnings_beyond_ten_are_counted() -> None:
    parsed = parse(") " * 50, today=TODAY)
    assert len(parsed.warnings) == MAX_WARNINGS + 1
    assert parsed.warnings[-1] == "40 more parts of the query were not understood."


def test_warnings_come_in_the_order_of_the_text() -> None:
    parsed = parse("AND a) quality:x )", today=TODAY)
    places = [int(warning.split("at character ")[1].split(":")[0]) for warning in parsed.warnings]
    assert places == [1, 6, 8, 18]


def test_a_warning_quotes_forty_characters_at_most() -> None:
    _, warning = warned("foo:" + "x" * 500)
    assert warning.startswith('"foo:' + "x" * 35 + '…" at character 1')


def test_a_warning_holds_nothing_that_could_steer_a_terminal() -> None:
    _, warning = warned("foo:\u202eevil\u200b")
    assert warning.isprintable()
