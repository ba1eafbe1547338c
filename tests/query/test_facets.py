"""What can be counted by, and how a facet is refused."""

from itertools import pairwise

import pytest

from newsearch.errors import QueryError
from newsearch.model import SearchRequest
from newsearch.query.facets import DEFAULT_VALUES, MAX_VALUES, QUALITY_BANDS, FacetSpec, read_facets
from newsearch.query.filters import check_request


def test_a_facet_is_a_field_and_maybe_a_number() -> None:
    assert read_facets(("provider", " Month:24 ")) == (FacetSpec("provider", DEFAULT_VALUES), FacetSpec("month", 24))


@pytest.mark.parametrize(
    "text", ["", ":3", "topics", "topic:", "topic:x", "topic:-1", "topic:0", "topic:3:4", "topic:9999999999"]
)
def test_what_is_no_facet_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        read_facets((text,))


def test_the_number_of_values_is_bounded() -> None:
    assert read_facets((f"topic:{MAX_VALUES}",))[0].limit == MAX_VALUES
    with pytest.raises(QueryError, match="from 1 to 100,000"):
        read_facets((f"topic:{MAX_VALUES + 1}",))


@pytest.mark.parametrize("facets", ["topic", 3, (3,), None])
def test_a_request_takes_a_sequence_of_texts_alone(facets: object) -> None:
    with pytest.raises(QueryError, match=r"^facets: "):
        check_request(SearchRequest(facets=facets))  # type: ignore[arg-type]


@pytest.mark.parametrize(("option", "value"), [("timeline", "decade"), ("arrived", 3)])
def test_other_figures_that_make_no_sense_are_refused_by_name(option: str, value: object) -> None:
    with pytest.raises(QueryError, match=f"^{option} is "):
        check_request(SearchRequest(**{option: value}))  # type: ignore[arg-type]


def test_the_bands_of_quality_follow_each_other_without_a_gap() -> None:
    bands = sorted(QUALITY_BANDS)
    assert bands[0][0] == 0
    assert bands[-1][1] is None
    assert all(high is not None and high + 1 == low for (_, high), (low, _) in pairwise(bands))
