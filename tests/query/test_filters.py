"""The options of a request: what they ask for, and which values are refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsearch.errors import QueryError
from newsearch.model import SearchRequest
from newsearch.query import parse
from newsearch.query.ast import DateRange, Keyword, NumberRange
from newsearch.query.filters import OptionError, check_options, check_request, request_ages, request_filters

TODAY = datetime(2020, 10, 1, 12, tzinfo=UTC)


def asking(**options: object) -> SearchRequest:
    return replace(SearchRequest(), **options)  # type: ignore[arg-type]


def test_a_request_without_options_asks_for_nothing() -> None:
    assert request_filters(SearchRequest(), today=TODAY) == ()


def test_every_option_becomes_its_constraint() -> None:
    request = asking(
        since="2020-08",
        until="2020-09",
        provider=" salon.com ",
        topic="ai",
        type="article",
        kind="item",
        min_quality=40,
    )
    assert request_filters(request, today=TODAY) == (
        DateRange(1596240000, 1601510399),
        Keyword("provider", "salon.com"),
        Keyword("topic", "ai"),
        Keyword("type", "article"),
        Keyword("kind", "item"),
        NumberRange("quality", 40, None),
    )


def test_one_end_of_the_time_is_enough() -> None:
    assert request_filters(asking(since="1970"), today=TODAY) == (DateRange(0, None),)
    assert request_filters(asking(until="1970-01-01"), today=TODAY) == (DateRange(None, 86399),)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"since": "7d"}, "date:7d"),
        ({"since": "2020-08", "until": "2020-09"}, "date:2020-08..2020-09"),
        ({"min_quality": 60}, "quality:>=60"),
        ({"kind": "related"}, "is:related"),
        ({"topic": "computer vision"}, 'topic:"computer vision"'),
    ],
)
def test_an_option_means_what_the_language_means(options: dict[str, object], text: str) -> None:
    assert request_filters(asking(**options), today=TODAY) == (parse(text, today=TODAY).tree,)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"limit": -1}, "limit is -1; it must be a whole number from 0 to 1,000."),
        ({"limit": 1001}, "limit is 1001"),
        ({"limit": True}, "limit is True"),
        ({"offset": 1_000_001}, "offset is 1000001; it must be a whole number from 0 to 1,000,000."),
        ({"min_quality": -5}, "min_quality is -5"),
        ({"min_quality": 1_000_001}, "min_quality is 1000001"),
        ({"match": "al"}, 'match is "al"; it must be auto or all or any; the nearest is all.'),
        ({"sort": "dates"}, "the nearest is date."),
        ({"sort": "xyz"}, 'sort is "xyz"; it must be relevance or date or quality or heat.'),
        ({"kind": "items"}, "the nearest is item."),
        ({"provider": " "}, "provider is empty"),
        ({"topic": ""}, "topic is empty"),
        ({"type": ""}, "type is empty"),
        ({"since": ""}, "since is empty"),
        ({"text": None}, "text is None; it must be text."),
        ({"provider": ["salon"]}, "provider is ['salon']; it must be text."),
        ({"until": 2020}, "until is 2020; it must be text."),
        ({"as_of": 2020}, "as_of is 2020; it must be text."),
        ({"explain": "yes"}, "explain is 'yes'; it must be True or False."),
    ],
)
def test_a_wrong_value_is_refused_by_name(options: dict[str, object], said: str) -> None:
    with pytest.raises(QueryError) as refused:
        check_request(asking(**options))
    assert said in str(refused.value)


@pytest.mark.parametrize("options", [{"limit": 0}, {"limit": 1000}, {"offset": 1_000_000}, {"min_quality": 0}])
def test_the_ends_of_a_range_are_in_it(options: dict[str, object]) -> None:
    check_request(asking(**options))


def test_filters_check_the_request_first() -> None:
    with pytest.raises(QueryError, match="kind"):
        request_filters(asking(kind="file"), today=TODAY)


@pytest.mark.parametrize("option", ["since", "until"])
def test_a_date_that_is_none_is_refused_by_the_name_of_its_option(option: str) -> None:
    with pytest.raises(QueryError) as refused:
        request_filters(asking(**{option: "2020-13"}), today=TODAY)
    assert str(refused.value).startswith(f'{option}: "2020-13" is not a date')


@pytest.mark.parametrize("option", ["since", "until"])
def test_a_span_as_one_end_is_refused_with_what_to_write(option: str) -> None:
    with pytest.raises(QueryError) as refused:
        request_filters(asking(**{option: "2020-08..2020-09"}), today=TODAY)
    assert str(refused.value) == (
        f'{option} takes one date, and "2020-08..2020-09" is a span; give its start as since and its end as until, '
        "or write date:2020-08..2020-09 in the query."
    )


def test_a_face_tells_a_refusal_in_its_own_names() -> None:
    with pytest.raises(OptionError) as refused:
        request_filters(asking(since="2020-10", until="2020-09"), today=TODAY)
    told = refused.value.told(lambda option: f"<{option}>")
    assert told.startswith("<since> (2020-10) is later than <until> (2020-09)")


def test_a_since_after_until_is_refused() -> None:
    with pytest.raises(QueryError, match="later than until"):
        request_filters(asking(since="2020-10", until="2020-09"), today=TODAY)


def test_a_since_and_until_of_the_same_second_are_that_second() -> None:
    moment = "1970-01-01T00:01:00Z"
    assert request_filters(asking(since=moment, until=moment), today=TODAY) == (DateRange(60, 60),)


def test_since_and_until_swapped_are_told_as_such() -> None:
    with pytest.raises(QueryError) as refused:
        check_options(asking(since="2020-10", until="2020-09"), now=TODAY)
    assert str(refused.value) == "since (2020-10) is later than until (2020-09), so nothing can match; swap them."


def test_a_moment_to_look_at_is_a_day_or_the_latest() -> None:
    with pytest.raises(QueryError) as refused:
        check_options(asking(as_of="2020..2021"), now=TODAY)
    assert str(refused.value) == (
        'as_of takes one date, and "2020..2021" is a span; name the day to look at the archive on.'
    )
    with pytest.raises(QueryError) as refused:
        check_options(asking(until="soon"), now=TODAY)
    assert "Or write latest" not in str(refused.value)


def test_a_since_and_until_of_the_same_day_are_that_day() -> None:
    assert request_filters(asking(since="1970-01-01", until="1970-01-01"), today=TODAY) == (DateRange(0, 86399),)


@pytest.mark.parametrize(
    "options",
    [
        {"as_of": "2020-09-30", "since": "30d", "until": "2020-09-10"},
        {"as_of": "latest", "since": "30d", "until": "2020-09-10"},
        {"as_of": "3m", "since": "7d", "until": "2020-07-01"},
    ],
)
def test_ages_are_compared_from_the_moment_that_is_looked_at(options: dict[str, object]) -> None:
    check_options(asking(**options), now=datetime(2020, 10, 1, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"as_of": "2020-09-30", "since": "7d", "until": "2020-09-10"}, "later than until"),
        ({"as_of": "soon"}, 'as_of: "soon" is not a date'),
        ({"as_of": "soon"}, "Or write latest"),
        ({"as_of": "2020..2021"}, "as_of takes one date"),
        ({"as_of": "latest", "since": "soon"}, 'since: "soon" is not a date'),
        ({"as_of": "latest", "limit": -1}, "limit is -1"),
    ],
)
def test_what_is_wrong_whatever_the_index_holds_is_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(QueryError) as refused:
        check_options(asking(**options), now=TODAY)
    assert said in str(refused.value)


def test_the_ages_among_the_options_are_told() -> None:
    assert request_ages(asking(since="7d", until="2020")) == ("7d",)
    assert request_ages(asking(since="2020", until="yesterday")) == ("yesterday",)
    assert request_ages(SearchRequest()) == ()
