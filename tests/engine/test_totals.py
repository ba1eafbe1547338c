"""Frequencies of many postings are what they are added up one by one."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.engine.whoosh.totals import totals

FIELDS = 5

_rows = st.lists(st.integers(0, 3), min_size=FIELDS, max_size=FIELDS)
_postings = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), max_size=80)


def check(postings: list[tuple[int, int]], table: list[list[int]], size: int) -> None:
    documents = np.array([document for document, _ in postings], np.int32)
    codes = np.array([code for _, code in postings], np.int64)
    found, counts = totals(documents, codes, np.array(table, np.int64), size)
    assert found.tolist() == sorted({document for document, _ in postings})
    for field in range(FIELDS):
        expected: Counter[int] = Counter()
        for document, code in postings:
            expected[document] += table[code][field]
        assert counts[field].tolist() == [expected[document] for document in found.tolist()]


@given(_postings, st.lists(_rows, min_size=4, max_size=4), st.sampled_from((31, 10_000)))
def test_each_document_has_the_sums_of_its_postings(
    postings: list[tuple[int, int]], table: list[list[int]], size: int
) -> None:
    check(postings, table, size)


@pytest.mark.parametrize("highest", [65_535, 2**24])
def test_high_frequencies_keep_every_digit(highest: int) -> None:
    rows = [[highest, 1, highest, 1, highest], [1, highest, 0, highest, highest - 1], [0, 0, 0, 0, 1]]
    check([(number % 3, number % 7 % 3) for number in range(2000)], rows, 3)
