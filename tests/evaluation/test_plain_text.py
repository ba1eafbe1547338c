"""Plain text: queries of public sets, whose signs mean nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.evaluation import plain_text
from newsearch.query import parse
from newsearch.query.ast import Everything, Sequence, Word

NOW = datetime(2020, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ('what is "lift" (exactly)?', "what is lift exactly"),
        ("title: the ban", "title the ban"),
        ("covid-19 and T-cells/B-cells", "covid 19 and T cells B cells"),
        ("what methods -dash exact -dash exist", "what methods dash exact dash exist"),
        ("this AND that OR NOT those", "this and that or not those"),
        ("TALKS OF RUSK AND TITO", "TALKS OF RUSK TITO"),
        ("C++ at AT&T, U.S. and Lothian's", "C++ at AT&T, U.S. and Lothian's"),
        ("&& + # a", "a"),
    ],
)
def test_only_words_are_left(text: str, plain: str) -> None:
    assert plain_text(text) == plain


PIECES = st.sampled_from(
    [*' "()-+*?~^:<>!@&|.,#', " AND ", " OR ", " NOT ", "a", "7d", "title:", "quality>", "||", "C++"]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join))
def test_a_plain_text_has_no_sign_in_it(text: str) -> None:
    parsed = parse(plain_text(text)[:4000], today=NOW)
    nodes = parsed.tree.children if isinstance(parsed.tree, Sequence) else [parsed.tree]
    assert all(isinstance(node, Word | Everything) and not getattr(node, "field", None) for node in nodes)
