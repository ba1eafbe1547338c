"""Any text is a query, and any tree is text: property tests over soup and over random trees."""

from datetime import UTC, datetime

from hypothesis import assume, example, given
from hypothesis import strategies as st

from newsearch.query import parse
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
    walk,
)
from newsearch.query.constraints import split_constraints
from newsearch.query.dates import EARLIEST, LATEST
from newsearch.query.fields import FIELDS, KEYWORD_FIELDS, KINDS, NUMBER_FIELDS, TEXT_FIELDS
from newsearch.query.lexer import is_bare_word
from newsearch.query.parser import MAX_CLAUSES, MAX_LENGTH, ParsedQuery, _Parser
from newsearch.query.signs import MAX_BOOST, MAX_DISTANCE, MAX_SLOP, clean, pattern_of
from newsearch.query.warnings import MAX_WARNINGS

TODAY = datetime(2020, 10, 1, 12, tzinfo=UTC)
MAX_TREE_DEPTH = 200

SCRAPS = [
    *(f"{field}:" for field in FIELDS),
    *("foo:", "Re:", "http://x.example/(a)", "12:30", "C:\\x", "a::b", ":", "AND", "OR", "NOT", "-", "--", "(", ")"),
    *(
        '"',
        '\\"',
        "\\",
        "“",
        "”",
        "„",
        "«",
        "»",
        "~",
        "~2",
        "~25",
        "^",
        "^2.5",
        "^.5",
        "*",
        "?",
        "a*",
        "b?c",
        "d~1",
        "..",
        ">=",
        "<",
        "=",
        "-1",
        "60",
        "2020",
    ),
    *(
        "7d",
        "today",
        "2020-09",
        "2020-13",
        "item",
        "image",
        "published",
        "a",
        "b",
        "é",
        "顔",
        "🎉",
        " ",
        "\x00",
        "\u202e",
    ),
    *("\ud800", "a*", "b?c", "d~1", "quality>60", "since:", "～"),
]
soup = st.lists(st.sampled_from(SCRAPS), max_size=60).map("".join) | st.lists(st.sampled_from(SCRAPS), max_size=60).map(
    " ".join
)


def parsed(text: str) -> ParsedQuery:
    return parse(text, today=TODAY)


def leaves(node: Node) -> list[Node]:
    return [below for below in walk(node) if not isinstance(below, Sequence | And | Or | Not | Boosted)]


def depth(node: Node) -> int:
    match node:
        case Sequence() | And() | Or():
            return 1 + max(depth(child) for child in node.children)
        case Not() | Boosted():
            return 1 + depth(node.child)
        case _:
            return 1


# Trees as the parser makes them: in the normal form that `combined` and `negated` keep.
typed = st.text(min_size=1, max_size=12).filter(lambda text: text == clean(text)) | st.sampled_from(
    ["ban", "covid-19", "C++", "--x", "-", "Re:", "http://x", "a~b", "x*", ":", "\\", "AND", "a b", "-x", 'a"b', "\\\\"]
)
written = typed.filter(lambda text: bool(text.strip()))
low_and_high = st.tuples(st.none() | st.integers(-(10**9), 10**9), st.none() | st.integers(-(10**9), 10**9))
seconds = st.none() | st.integers(EARLIEST, LATEST)
words = st.builds(Word, typed, st.sampled_from([None, *TEXT_FIELDS])).filter(
    lambda word: is_bare_word(word.text, fielded=word.field is not None)
)
text_fields = st.sampled_from([None, *TEXT_FIELDS])
phrases = st.builds(Phrase, written, text_fields, st.just(0) | st.integers(0, MAX_SLOP))
single = st.text("abzé9'.&", min_size=1, max_size=5).map(lambda text: f"a{text}a") | st.sampled_from(
    ["AND", "C++", "5"]
)
patterns = st.text("ab?*é.", min_size=1, max_size=6).map(pattern_of).filter(
    lambda found: found is not None
) | st.builds("{}*{}".format, single, single)
prefixes = st.builds(Prefix, single, text_fields)
wildcards = st.builds(Wildcard, patterns, text_fields).filter(
    lambda node: "?" in node.pattern or "*" in node.pattern[:-1]
)
misspelt = st.builds(Fuzzy, single, st.integers(0, MAX_DISTANCE), text_fields)
factors = st.integers(1, 10_000 * 100).map(lambda number: number / 10_000)
keywords = st.builds(Keyword, st.sampled_from([name for name in KEYWORD_FIELDS if name != "kind"]), written)
kinds = st.builds(Keyword, st.just("kind"), st.sampled_from(KINDS))
numbers = st.builds(
    lambda field, ends: NumberRange(field, *ends),
    st.sampled_from(NUMBER_FIELDS),
    low_and_high.filter(lambda e: e != (None, None)),
).filter(lambda node: node.low is None or node.high is None or node.low <= node.high)
dates = st.builds(DateRange, seconds, seconds).filter(
    lambda node: (
        (node.low, node.high) != (None, None) and (node.low is None or node.high is None or node.low <= node.high)
    )
)
flags = st.builds(Flag, st.sampled_from(["published", "image"]))
trees: st.SearchStrategy[Node] = st.recursive(
    words | phrases | prefixes | wildcards | misspelt | keywords | kinds | numbers | dates | flags,
    lambda children: (
        st.builds(combined, st.sampled_from([Sequence, And, Or]), st.lists(children, min_size=2, max_size=4))
        | st.builds(negated, children)
        | st.builds(boosted, children, factors)
    ),
    max_leaves=20,
)


@given(trees)
def test_a_tree_printed_is_read_back_equal_and_without_a_warning(tree: Node) -> None:
    again = parsed(str(tree))
    assert again.tree == tree
    assert [
        warning for warning in again.warnings if "a * stands" not in warning and "beside the *" not in warning
    ] == []


@given(st.text() | soup)
@example('"' * 50)
@example('“"“"”')
@example("title:(" * 40 + "a")
@example("-(" * 40 + "a" + ")" * 40)
@example("a OR (b AND NOT NOT (c " * 40)
def test_any_text_is_read_into_a_sound_tree(text: str) -> None:
    found = parsed(text)
    for node in walk(found.tree):
        assert 0 <= node.span[0] <= node.span[1] <= len(text)
        match node:
            case Sequence() | And() | Or():
                assert len(node.children) > 1
                assert not any(isinstance(child, type(node)) for child in node.children)
            case Everything():
                assert node is found.tree
            case Word() | Phrase() | Prefix() | Fuzzy():
                assert node.text.strip()
                assert node.text == clean(node.text)
                assert node.field is None or node.field in TEXT_FIELDS
            case Wildcard():
                assert pattern_of(node.pattern) == node.pattern
            case Boosted():
                assert 0 < node.factor <= MAX_BOOST
                assert not is_constraint(node)
            case Not():
                assert not any(isinstance(below, Boosted) for below in walk(node))
    assert len(leaves(found.tree)) <= MAX_CLAUSES
    assert depth(found.tree) <= MAX_TREE_DEPTH
    assert len(found.warnings) <= MAX_WARNINGS + 1
    assert all(warning.isprintable() for warning in found.warnings)
    str(found.tree).encode()  # no lone surrogate is left


@given(st.text() | soup)
def test_any_query_as_understood_is_understood_the_same_again(text: str) -> None:
    understood = parsed(text).tree
    assume(len(str(understood)) <= MAX_LENGTH)
    assert parsed(str(understood)).tree == understood


@given(st.lists(st.sampled_from(SCRAPS), min_size=1, max_size=6), st.integers(1, 3000))
def test_a_long_text_of_any_pattern_is_read(pattern: list[str], times: int) -> None:
    found = parsed("".join(pattern) * times)
    assert len(leaves(found.tree)) <= MAX_CLAUSES
    assert depth(found.tree) <= MAX_TREE_DEPTH


@given(st.lists(st.text(alphabet="abzé'.,-&1顔", min_size=1), max_size=8).map(" ".join))
def test_the_short_way_of_plain_words_gives_what_the_grammar_gives(text: str) -> None:
    assert parsed(text) == _Parser(text, TODAY).parsed()


@given(trees)
def test_splitting_leaves_no_constraint_at_the_top_and_loses_nothing(tree: Node) -> None:
    scoring, constraints = split_constraints(tree)
    assert all(is_constraint(node) for node in constraints)
    assert isinstance(scoring, Everything) or not is_constraint(scoring)
    assert not isinstance(scoring, Boosted)
    kept = [] if isinstance(scoring, Everything) else leaves(scoring)
    assert sorted(map(str, kept + [leaf for node in constraints for leaf in leaves(node)])) == sorted(
        map(str, leaves(tree))
    )
