"""What is said of a part of a query that means nothing, to the letter: the part, its place, and what became of it."""

from datetime import UTC, datetime

import pytest

from newsearch.query import parse
from newsearch.query.ast import Sequence
from newsearch.query.parser import MAX_CLAUSES, MAX_PATTERNS

TODAY = datetime(2020, 10, 1, 12, tzinfo=UTC)
CLOSES_NOTHING = "the parenthesis closes nothing and was ignored"
NOT_CLOSED = "the parenthesis is not closed and was ignored"
NO_PARTNER = "the quotation mark has no partner and was ignored"
NO_DATE = "write for example date:2020-09, date:2020-08..2020-09, date:>=2020 or date:7d; it was searched as text"


@pytest.mark.parametrize(
    ("text", "read_as", "said"),
    [
        ("a ) b", "a b", [f'")" at character 3: {CLOSES_NOTHING}.']),
        ("a )) b", "a b", [f'")" at character 3: {CLOSES_NOTHING}.', f'")" at character 4: {CLOSES_NOTHING}.']),
        ("(a) )b", "a b", [f'")" at character 5: {CLOSES_NOTHING}.']),
        ("(a (b", "a b", [f'"(" at character 1: {NOT_CLOSED}.', f'"(" at character 4: {NOT_CLOSED}.']),
        ('a "b', "a b", [f"'\"' at character 3: {NO_PARTNER}."]),
        ("a “b", "a b", [f'"“" at character 3: {NO_PARTNER}.']),
        ('" a “ b', "a b", [f"'\"' at character 1: {NO_PARTNER}.", f'"“" at character 5: {NO_PARTNER}.']),
        ("a () b", "a b", ['"()" at character 3: there is nothing in the parentheses; they were ignored.']),
        ("(a b)~2", "a b", ['"~2" at character 6: a distance is for a word or a phrase; it was left out.']),
        ("topic:a^2", "topic:a", ['"^2" at character 8: a filter has no distance and no weight; it was left out.']),
        (
            "tille:x b",
            "tille x b",
            ['"tille:x" at character 1: there is no field "tille"; it was searched as text; the nearest is title.'],
        ),
        (
            "a AND AND b",
            "a AND b",
            [
                '"AND" at character 3: the operator has nothing to work on and was ignored; to search for the word, '
                "put it in quotation marks."
            ],
        ),
        (
            "***",
            "***",
            [
                '"***" at character 1: there is no letter or digit beside the *, so it finds nothing; an empty query '
                "finds everything."
            ],
        ),
        (
            "a-* b",
            "a-* b",
            [
                '"a-*" at character 1: a * stands for a part of a single word, and this is more than one; it was '
                "searched as plain text."
            ],
        ),
        (
            "a [2019 TO 2020] b",
            "a [2019 TO 2020] b",
            [
                '"[2019 TO 2020]" at character 3: it was searched as text; a range is of a field, as in '
                "date:2019..2020 or quality:40..60."
            ],
        ),
        ('x "" y', "x y", ["'\"\"' at character 3: there is nothing between the quotation marks; it was ignored."]),
        (
            'topic:"" y',
            "y",
            ["'topic:\"\"' at character 1: there is nothing between the quotation marks; it was ignored."],
        ),
        ("a?c~2", "a?c", ['"~2" at character 4: a word with * or ? in it has no distance; it was left out.']),
        (
            "title:a-b~1",
            "title:a-b",
            ['"~1" at character 10: a distance is for a single word or a phrase in quotation marks; it was left out.'],
        ),
        (
            '"a b"~2~3',
            '"a b"~2',
            ['"~2~3" at character 6: one distance and one boost are enough; the first of each was taken.'],
        ),
        (
            "date:2020-01-01T24:00",
            "date 2020-01-01T24:00",
            [f'"date:2020-01-01T24:00" at character 1: there is no such time of day; {NO_DATE}.'],
        ),
        (
            "date:2020-01-01T10:00+24:00",
            "date 2020-01-01T10:00+24:00",
            [f'"date:2020-01-01T10:00+24:00" at character 1: there is no such time zone; {NO_DATE}.'],
        ),
        (
            "date:2020-01-01T10:00+01:60",
            "date 2020-01-01T10:00+01:60",
            [f'"date:2020-01-01T10:00+01:60" at character 1: there is no such time zone; {NO_DATE}.'],
        ),
        (
            "date:0001-01-01T00:00+12:00",
            "date 0001-01-01T00:00+12:00",
            [f'"date:0001-01-01T00:00+12:00" at character 1: in UTC it lies outside the years 1 to 9999; {NO_DATE}.'],
        ),
        (
            "date:2019-02-29",
            "date 2019-02-29",
            [f'"date:2019-02-29" at character 1: 2019-02 has no day 29; {NO_DATE}.'],
        ),
        (
            "date:1900-02-29",
            "date 1900-02-29",
            [f'"date:1900-02-29" at character 1: 1900-02 has no day 29; {NO_DATE}.'],
        ),
    ],
)
def test_each_part_without_a_meaning_is_named_with_its_place_and_its_fate(
    text: str, read_as: str, said: list[str]
) -> None:
    parsed = parse(text, today=TODAY)
    assert (str(parsed.tree), list(parsed.warnings)) == (read_as, said)


@pytest.mark.parametrize(
    "text",
    ["date:2000-02-29", "date:2020-02-29", "date:2020-04-30", "date:2020-05-31", "date:2020-01-01T23:59:59+23:59"],
)
def test_the_last_day_of_a_month_and_the_last_second_of_a_day_exist(text: str) -> None:
    assert parse(text, today=TODAY).warnings == ()


def test_patterns_are_counted_to_the_last_that_may_be() -> None:
    patterns = [f"word{number}*" for number in range(MAX_PATTERNS)]
    allowed = parse(" ".join(patterns), today=TODAY)
    assert (str(allowed.tree), allowed.warnings) == (" ".join(patterns), ())

    more = parse(" ".join([*patterns, "one*", "two*"]), today=TODAY)
    assert str(more.tree) == " ".join([*patterns, '"one*"', '"two*"'])
    [warning] = more.warnings
    place = len(" ".join(patterns)) + 2
    assert warning == (
        f'"one*" at character {place}: a query has {MAX_PATTERNS} words with *, ? or ~ at most; from here they were '
        "searched as text."
    )


def test_a_pattern_too_many_is_text_of_its_field() -> None:
    patterns = " ".join(f"word{number}*" for number in range(MAX_PATTERNS))
    parsed = parse(f"{patterns} title:one* title:two~1 a?b three", today=TODAY)
    assert str(parsed.tree) == f'{patterns} title:"one*" title:two "a?b" three'
    assert len(parsed.warnings) == 1


def test_a_bracket_that_opens_no_range_is_text() -> None:
    parsed = parse("[2019 TO x", today=TODAY)
    assert (str(parsed.tree), parsed.warnings) == ("[2019 TO x", ())


def test_the_places_of_warnings_are_those_of_the_parts_they_name() -> None:
    text = 'tille:x ) topic:"" b~9'
    doubtful = parse(text, today=TODAY).doubtful
    assert [text[start:end] for start, end in sorted(doubtful)] == ["tille:x", ")", 'topic:""', "~9"]


def test_plain_words_know_where_they_were_read() -> None:
    tree = parse("  ab  cd ", today=TODAY).tree
    assert isinstance(tree, Sequence)
    assert (tree.span, [child.span for child in tree.children]) == ((0, 9), [(2, 4), (6, 8)])


def test_words_and_grammar_read_plain_text_alike() -> None:
    """A text of plain words takes a way of its own, which the same text between parentheses does not take."""
    words = [f"word{number}" for number in range(MAX_CLAUSES + 1)]
    for count in (1, 2, MAX_CLAUSES, MAX_CLAUSES + 1):
        text = " ".join(words[:count])
        assert parse(text, today=TODAY).tree == parse(f"({text})", today=TODAY).tree


def test_parentheses_are_counted_as_they_close() -> None:
    """Side by side they are no deeper than one, however many there are."""
    text = "(a OR b) " * 60
    assert parse(text, today=TODAY).warnings == ()


def test_a_field_ends_with_its_group() -> None:
    assert str(parse("title:(a (b) excerpt:c d) e", today=TODAY).tree) == "title:a title:b excerpt:c title:d e"
