"""Marks without a partner: a query means the same without them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.query import parse
from newsearch.query.stray import edited, stray_marks

TODAY = datetime(2020, 10, 1, 12, tzinfo=UTC)


def closed(text: str) -> str:
    return edited(text, stray_marks(text, parse(text, today=TODAY).doubtful))


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ('"facial recognition', "facial recognition"),
        ('facial" recognition', "facial recognition"),
        ('facial"recognition', "facial recognition"),
        ("(facial OR recognition", "facial OR recognition"),
        ("facial) recognition", "facial recognition"),
        ('"facial recognition" ban', '"facial recognition" ban'),
        ("", ""),
    ],
)
def test_a_mark_without_a_partner_goes_and_all_else_stays(text: str, without: str) -> None:
    assert closed(text) == without


@given(st.text('ab "()“”', max_size=12))
def test_a_query_of_words_and_marks_means_the_same_without_them(text: str) -> None:
    assert parse(closed(text), today=TODAY).tree == parse(text, today=TODAY).tree
