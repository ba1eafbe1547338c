"""Which documents have a keyword or a key: listings asked the other way round."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.keywords import KEYWORD_SOURCES, domain_term, join_provider, provider_terms
from newsearch.engine.whoosh.keywords import Keys, Keywords
from newsearch.engine.whoosh.parts import Listing
from newsearch.items.ids import article_id
from newsearch.model import Provider

LAST = 2**64 - 1


def strings(lists: Sequence[Sequence[str]]) -> Listing:
    distinct = sorted({string for values in lists for string in values})
    places = [distinct.index(string) for values in lists for string in values]
    return Listing(np.array(list(map(len, lists)), np.int64), np.array(places, np.int64), distinct)


def keys(lists: Sequence[Sequence[int]]) -> Listing:
    return Listing(
        np.array(list(map(len, lists)), np.int64), np.array([key for values in lists for key in values], np.uint64)
    )


def _folded(value: str) -> tuple[str, ...]:
    return (fold(value),)


_topics = st.lists(st.lists(st.sampled_from(("AI", "ai", "Zürich", "zurich", "Law", "東京")), max_size=4), max_size=9)


@given(_topics)
def test_a_keyword_gives_the_documents_that_have_it_however_written(lists: list[list[str]]) -> None:
    keywords = Keywords(strings(lists), _folded)
    terms = sorted({fold(value) for values in lists for value in values}, key=str.encode)
    assert list(keywords.terms) == terms
    for term in [*terms, "nothing", "AI"]:
        expected = [number for number, values in enumerate(lists) if term in map(fold, values)]
        assert keywords.documents(term).tolist() == expected


_keys = st.lists(st.lists(st.sampled_from((0, 1, 7, 2**63, LAST - 1, LAST)), max_size=3), max_size=8)


@given(_keys)
def test_a_key_gives_the_documents_that_have_it_the_first_time_and_the_hundredth(lists: list[list[int]]) -> None:
    found = Keys(keys(lists))
    for _ in range(12):
        for key in (0, 1, 2, 7, 2**63, LAST):
            expected = [number for number, values in enumerate(lists) for one in values if one == key]
            assert found.documents(key).tolist() == expected
            assert found.documents_by_id(article_id(key)).tolist() == expected


@given(_keys)
def test_keys_are_listed_by_range_by_document_and_as_ids(lists: list[list[int]]) -> None:
    found = Keys(keys(lists))
    distinct = sorted({key for values in lists for key in values})
    assert list(found.terms) == list(map(article_id, distinct))
    assert [found.of(number).tolist() for number in range(len(lists))] == lists
    for low, high in ((0, LAST), (1, 7), (2**63, 2**65 - 1), (2**64, 2**65 - 1), (8, 9)):
        assert set(found.between(low, high).tolist()) == {key for key in distinct if low <= key <= high}


@pytest.mark.parametrize("text", ["", "kelp", "u" * 13, "z" * 13, "0" * 12, "0" * 14])
def test_what_is_no_whole_id_has_no_documents(text: str) -> None:
    assert Keys(keys([[1], [2]])).documents_by_id(text).size == 0


@pytest.mark.parametrize(
    ("provider", "terms", "domains"),
    [
        (Provider("Salon", "www.Salon.example"), ("salon", "salon.example"), ("salon.example",)),
        (Provider("Büro"), ("buro",), ()),
        (Provider(domain="globe.example"), ("globe.example",), ("globe.example",)),
        (Provider("globe.example", "globe.example"), ("globe.example",), ("globe.example",)),
    ],
)
def test_a_provider_is_asked_for_by_name_or_domain(
    provider: Provider, terms: tuple[str, ...], domains: tuple[str, ...]
) -> None:
    listed = join_provider(provider) or ""
    assert provider_terms(listed) == terms
    assert KEYWORD_SOURCES["provider"][1](listed) == terms
    assert KEYWORD_SOURCES["domain"][1](listed) == domains


def test_a_domain_is_compared_without_its_www_and_case() -> None:
    assert domain_term("WWW.Zürich.example") == "zurich.example"
