"""The tree's own rules: its normal form, what is a constraint, and how the two are told apart."""

import pytest

from newsearch.query.ast import (
    And,
    Boosted,
    DateRange,
    Everything,
    Flag,
    Fuzzy,
    Keyword,
    Node,
    Not,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    Sequence,
    Wildcard,
    Word,
    boosted,
    combined,
    is_constraint,
    negated,
)
from newsearch.query.constraints import split_constraints

A, B, C = (Word(letter) for letter in "abc")
SALON = Keyword("provider", "salon.com")
GOOD = NumberRange("quality", 60)


def test_spans_do_not_count_when_nodes_are_compared() -> None:
    assert Word("a", None, (3, 4)) == Word("a")
    assert hash(Word("a", None, (3, 4))) == hash(Word("a"))


def test_one_child_combined_is_itself_and_none_is_everything() -> None:
    assert combined(And, [A]) == A
    assert combined(And, []) == Everything()


def test_children_of_the_same_kind_are_taken_apart() -> None:
    assert combined(Or, [Or((A, B)), And((B, C))]) == Or((A, B, And((B, C))))


def test_three_negations_are_one() -> None:
    assert negated(negated(negated(A))) == Not(A)
    assert negated(negated(A)) == Not(Not(A))


def test_what_only_selects_has_no_boost() -> None:
    assert boosted(SALON, 2) == SALON
    assert negated(Or((Boosted(And((A, B)), 2), And((C, Boosted(A, 3)))))) == Not(Or((And((A, B)), And((C, A)))))


def test_a_boost_of_one_changes_nothing() -> None:
    assert boosted(A, 1) == A


@pytest.mark.parametrize("factor", [0, -1, 100.1, float("inf"), float("nan")])
def test_a_boost_out_of_range_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="above 0 and 100 at most"):
        boosted(A, factor)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Everything(), ""),
        (Word("ban"), "ban"),
        (Word("ban", "title"), "title:ban"),
        (Phrase('a "b" \\'), r'"a \"b\" \\"'),
        (Phrase("a", "body"), 'body:"a"'),
        (Keyword("provider", "salon.com"), "provider:salon.com"),
        (Keyword("topic", "computer vision"), 'topic:"computer vision"'),
        (Keyword("kind", "related"), "is:related"),
        (Keyword("url", "//x"), 'url:"//x"'),
        (NumberRange("quality", 60), "quality:>=60"),
        (NumberRange("quality", None, 39), "quality:<=39"),
        (NumberRange("quality", 40, 80), "quality:40..80"),
        (NumberRange("heat", -1, -1), "heat:-1"),
        (DateRange(1598918400, 1601510399), "date:2020-09-01T00:00:00Z..2020-09-30T23:59:59Z"),
        (DateRange(None, -62135596800), "date:..0001-01-01T00:00:00Z"),
        (DateRange(10**18, None), "date:9999-12-31T23:59:59Z.."),
        (Flag("published"), "is:published"),
        (Flag("image"), "has:image"),
        (Sequence((Or((A, B)), Not(C))), "a OR b -c"),
        (And((Or((A, B)), C)), "(a OR b) AND c"),
        (Or((And((A, B)), C)), "a AND b OR c"),
        (Or((Sequence((A, B)), C)), "(a b) OR c"),
        (Not(Sequence((A, B))), "-(a b)"),
        (Not(Not(A)), "NOT -a"),
        (Not(Word("--a")), "NOT --a"),
        (Phrase("a b", "title", 3), 'title:"a b"~3'),
        (Prefix("recogni"), "recogni*"),
        (Wildcard("re*on", "body"), "body:re*on"),
        (Fuzzy("ban", 1), "ban~1"),
        (Boosted(Fuzzy("ban", 0), 1.5), "ban~0^1.5"),
        (Boosted(Sequence((A, B)), 0.0001), "(a b)^0.0001"),
        (Boosted(Boosted(A, 2), 100), "(a^2)^100"),
        (Boosted(Word("id:"), 2), "(id:)^2"),
        (Boosted(Word("^^2"), 2), "(^^2)^2"),
        (Sequence((Boosted(Or((A, B)), 2), C)), "(a OR b)^2 c"),
        (Keyword("type", "a^2"), 'type:"a^2"'),
        (Keyword("url", "x.example/a^2"), "url:x.example/a^2"),
    ],
)
def test_a_node_is_printed_in_the_language(node: Node, text: str) -> None:
    assert str(node) == text


@pytest.mark.parametrize("text", ["AND", "a b", "-a", "(a)", "title:a", "ban^2", '"'])
def test_a_word_that_cannot_be_typed_bare_is_printed_in_quotes(text: str) -> None:
    assert str(Word(text)).startswith('"')


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (A, False),
        (Phrase("a b"), False),
        (Not(A), True),
        (SALON, True),
        (GOOD, True),
        (DateRange(0), True),
        (Flag("image"), True),
        (Everything(), True),
        (Or((SALON, GOOD)), True),
        (Or((SALON, Not(A))), True),
        (Or((SALON, A)), False),
        (And((SALON, Sequence((GOOD, A)))), False),
        (Prefix("a"), False),
        (Wildcard("?a"), False),
        (Fuzzy("a", 1), False),
        (Boosted(A, 2), False),
    ],
)
def test_a_constraint_has_no_word_that_scores(node: Node, expected: bool) -> None:
    assert is_constraint(node) is expected


@pytest.mark.parametrize(
    ("tree", "scoring", "constraints"),
    [
        (A, A, ()),
        (Everything(), Everything(), ()),
        (SALON, Everything(), (SALON,)),
        (Not(A), Everything(), (Not(A),)),
        (Sequence((A, SALON)), A, (SALON,)),
        (Sequence((A, SALON, B, Not(C))), Sequence((A, B)), (SALON, Not(C))),
        (And((A, SALON)), A, (SALON,)),
        (And((SALON, GOOD)), Everything(), (SALON, GOOD)),
        (Sequence((And((A, SALON, B)), C)), Sequence((And((A, B)), C)), (SALON,)),
        (Sequence((And((Sequence((A, B)), SALON)), C)), Sequence((A, B, C)), (SALON,)),
        (Sequence((And((SALON, GOOD)), C)), C, (SALON, GOOD)),
        (Sequence((A, Or((SALON, GOOD)))), A, (Or((SALON, GOOD)),)),
        (Sequence((Or((A, SALON)), B)), Sequence((Or((A, SALON)), B)), ()),
        (Or((A, And((B, SALON)))), Or((A, And((B, SALON)))), ()),
        (Boosted(A, 2), A, ()),
        (Boosted(Sequence((A, SALON, B)), 2), Sequence((A, B)), (SALON,)),
        (Sequence((Boosted(And((A, SALON)), 2), B)), Sequence((Boosted(A, 2), B)), (SALON,)),
        (Sequence((Boosted(Boosted(Sequence((A, B)), 2), 3), SALON)), Sequence((A, B)), (SALON,)),
    ],
)
def test_constraints_are_split_off_the_top(tree: Node, scoring: Node, constraints: tuple[Node, ...]) -> None:
    assert split_constraints(tree) == (scoring, constraints)
