"""Dates as people type them: what they mean to the second, and what is said of those that mean nothing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.errors import QueryError
from newsearch.query.dates import (
    EARLIEST,
    LATEST,
    DateSyntaxError,
    Span,
    from_seconds,
    instant,
    is_age,
    is_span,
    parse_comparison,
    parse_span,
    since,
    to_seconds,
    until,
)

TODAY = datetime(2020, 10, 1, 12, 30, 15, tzinfo=UTC)
NOW = int(TODAY.timestamp())
DAY = 86_400


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def span(text: str, today: datetime = TODAY) -> Span:
    return parse_span(text, today=today)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2020", "2020-01-01T00:00:00", "2020-12-31T23:59:59"),
        ("2020-09", "2020-09-01T00:00:00", "2020-09-30T23:59:59"),
        ("2020-9", "2020-09-01T00:00:00", "2020-09-30T23:59:59"),
        ("2020-02", "2020-02-01T00:00:00", "2020-02-29T23:59:59"),
        ("2100-02", "2100-02-01T00:00:00", "2100-02-28T23:59:59"),
        ("2000-02", "2000-02-01T00:00:00", "2000-02-29T23:59:59"),
        ("2020-12", "2020-12-01T00:00:00", "2020-12-31T23:59:59"),
        ("2020-09-30", "2020-09-30T00:00:00", "2020-09-30T23:59:59"),
        (" 2020-09-30 ", "2020-09-30T00:00:00", "2020-09-30T23:59:59"),
        ("0001", "0001-01-01T00:00:00", "0001-12-31T23:59:59"),
        ("9999", "9999-01-01T00:00:00", "9999-12-31T23:59:59"),
        ("9999-12", "9999-12-01T00:00:00", "9999-12-31T23:59:59"),
    ],
)
def test_a_date_is_the_whole_of_itself(text: str, start: str, end: str) -> None:
    assert span(text) == Span(utc(start), utc(end), age=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-09-30T18:00:05Z", "2020-09-30T18:00:05"),
        ("2020-09-30t18:00:05z", "2020-09-30T18:00:05"),
        ("2020-09-30T18:00:05", "2020-09-30T18:00:05"),
        ("2020-09-30 18:00", "2020-09-30T18:00:00"),
        ("2020-09-30T18:00:05.999Z", "2020-09-30T18:00:05"),
        ("2020-09-30T18:00:05+02:00", "2020-09-30T16:00:05"),
        ("2020-09-30T18:00:05-0530", "2020-09-30T23:30:05"),
        ("2020-09-30T18:00+02", "2020-09-30T16:00:00"),
        ("2020-09-30 18:00:05 +02:00", "2020-09-30T16:00:05"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00"),
    ],
)
def test_an_instant_is_one_second_in_utc(text: str, expected: str) -> None:
    assert span(text) == Span(utc(expected), utc(expected), age=False)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("12h", NOW - 12 * 3600),
        ("7d", NOW - 7 * DAY),
        ("7D", NOW - 7 * DAY),
        ("6w", NOW - 42 * DAY),
        ("3m", utc("2020-07-01T12:30:15")),
        ("10m", utc("2019-12-01T12:30:15")),
        ("1y", utc("2019-10-01T12:30:15")),
        ("0d", NOW),
        ("2500y", EARLIEST),
        ("10000y", EARLIEST),
    ],
)
def test_an_age_counts_back_from_today_and_is_open(text: str, start: int) -> None:
    assert span(text) == Span(start, None, age=True)


@pytest.mark.parametrize(
    ("today", "age", "expected"),
    [
        ("2020-05-31T08:00:00", "3m", "2020-02-29T08:00:00"),
        ("2020-02-29T08:00:00", "1y", "2019-02-28T08:00:00"),
        ("2020-03-31T08:00:00", "1m", "2020-02-29T08:00:00"),
    ],
)
def test_a_day_that_a_month_has_not_becomes_its_last(today: str, age: str, expected: str) -> None:
    assert span(age, datetime.fromisoformat(today).replace(tzinfo=UTC)).start == utc(expected)


def test_today_and_yesterday_are_whole_days_in_utc() -> None:
    midnight = utc("2020-10-01T00:00:00")
    assert span("today") == Span(midnight, midnight + DAY - 1, age=True)
    assert span("Yesterday") == Span(midnight - DAY, midnight - 1, age=True)


def test_today_of_another_zone_is_the_day_in_utc() -> None:
    late = datetime(2020, 9, 30, 22, tzinfo=timezone(timedelta(hours=-5)))
    assert span("today", late).start == utc("2020-10-01T00:00:00")


def test_today_without_a_zone_is_utc() -> None:
    assert span("7d", TODAY.replace(tzinfo=None)) == span("7d")


@pytest.mark.parametrize(
    ("text", "start", "end", "age"),
    [
        ("2020-08..2020-09", utc("2020-08-01T00:00:00"), utc("2020-09-30T23:59:59"), False),
        ("2020-09..2020-09", utc("2020-09-01T00:00:00"), utc("2020-09-30T23:59:59"), False),
        ("2020 .. 2021", utc("2020-01-01T00:00:00"), utc("2021-12-31T23:59:59"), False),
        ("2020..", utc("2020-01-01T00:00:00"), None, False),
        ("..2020", None, utc("2020-12-31T23:59:59"), False),
        ("30d..7d", NOW - 30 * DAY, NOW - 7 * DAY, True),
        ("7d..", NOW - 7 * DAY, None, True),
        ("..7d", None, NOW - 7 * DAY, True),
        ("2020..today", utc("2020-01-01T00:00:00"), utc("2020-10-01T23:59:59"), True),
        (
            "2020-09-01T00:00:00Z..2020-09-30T23:59:59Z",
            utc("2020-09-01T00:00:00"),
            utc("2020-09-30T23:59:59"),
            False,
        ),
    ],
)
def test_a_span_goes_from_the_first_second_to_the_last(text: str, start: int, end: int, age: bool) -> None:
    assert span(text) == Span(start, end, age)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (">=2020-09", utc("2020-09-01T00:00:00"), None),
        (">2020-09", utc("2020-10-01T00:00:00"), None),
        ("<=2020-09", None, utc("2020-09-30T23:59:59")),
        ("<2020-09", None, utc("2020-08-31T23:59:59")),
        ("=2020-09", utc("2020-09-01T00:00:00"), utc("2020-09-30T23:59:59")),
        (">= 2020", utc("2020-01-01T00:00:00"), None),
        (">9999", LATEST, None),
        ("<0001", None, EARLIEST),
        (">=7d", NOW - 7 * DAY, None),
        ("<7d", None, NOW - 7 * DAY - 1),
        ("2020", utc("2020-01-01T00:00:00"), utc("2020-12-31T23:59:59")),
    ],
)
def test_a_comparison_leaves_out_or_takes_in_the_whole_date(text: str, start: int | None, end: int | None) -> None:
    assert parse_comparison(text, today=TODAY)[:2] == (start, end)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is nothing to read"),
        ("foo", "none of the forms"),
        ("2020-13", "there is no month 13"),
        ("2020-00", "there is no month 00"),
        ("2020-02-30", "2020-02 has no day 30"),
        ("2021-02-29", "2021-02 has no day 29"),
        ("2020-09-00", "2020-09 has no day 00"),
        ("0000", "years run from 0001 to 9999"),
        ("10000", "years run from 0001 to 9999"),
        ("20200930", "years run from 0001 to 9999"),
        ("9" * 10_000, "years run from 0001 to 9999"),
        ("20", "a year has four digits"),
        ("2020-09-30T24:00", "no such time of day"),
        ("2020-09-30T10:60", "no such time of day"),
        ("2020-09-30T10:00:60Z", "no such time of day"),
        ("2020-09-30T10:00+24:00", "no such time zone"),
        ("2020-09-30T10:00+02:60", "no such time zone"),
        ("0001-01-01T00:00:00+02:00", "outside the years 1 to 9999"),
        ("9999-12-31T23:59:59-02:00", "outside the years 1 to 9999"),
        ("2021..2020", "runs backwards; turned round it is 2020..2021"),
        ("7d..30d", "runs backwards"),
        ("..", "on one side at least"),
        ("2020...2021", "none of the forms"),
        ("2020..2021..2022", "none of the forms"),
        ("10001y", "10,000 years at most"),
        ("3652500d", "10,000 years at most"),
        ("9" * 10_000 + "h", "10,000 years at most"),
        ("7x", "none of the forms"),
        ("-7d", "none of the forms"),
        ("٢٠٢٠", "none of the forms"),
        ("latest", "none of the forms"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(DateSyntaxError) as refused:
        span(text)
    assert reason in refused.value.reason
    assert refused.value.text == text


def test_a_refusal_names_the_text_and_every_form() -> None:
    with pytest.raises(QueryError) as refused:
        span("2020-13")
    message = str(refused.value)
    assert message.startswith('"2020-13" is not a date that can be read: there is no month 13.')
    for form in ("2020-09", "2020-09-30", "2020-08..2020-09", "12h", "7d", "6w", "3m", "1y", "today", "yesterday"):
        assert form in message


@pytest.mark.parametrize("text", [">=2020..2021", "<", ">", ">>2020", ">=foo"])
def test_a_comparison_with_anything_but_one_date_is_refused(text: str) -> None:
    with pytest.raises(DateSyntaxError):
        parse_comparison(text, today=TODAY)


def test_since_is_the_first_second() -> None:
    assert since("2020-09", TODAY) == utc("2020-09-01T00:00:00")
    assert since("yesterday", TODAY) == utc("2020-09-30T00:00:00")
    assert since("2020-09-30T18:00:05+02:00", TODAY) == utc("2020-09-30T16:00:05")
    assert since("7d", TODAY) == NOW - 7 * DAY


def test_until_is_the_last_second() -> None:
    assert until("2020-09", TODAY) == utc("2020-09-30T23:59:59")
    assert until("2020", TODAY) == utc("2020-12-31T23:59:59")
    assert until("yesterday", TODAY) == utc("2020-09-30T23:59:59")
    assert until("2020-09-30T18:00:05+02:00", TODAY) == utc("2020-09-30T16:00:05")
    assert until("7d", TODAY) == NOW - 7 * DAY
    assert until("1y", TODAY) == utc("2019-10-01T12:30:15")


@pytest.mark.parametrize("end", [since, until])
def test_an_end_is_one_date_and_its_refusal_names_no_span(end: Callable[[str, datetime], int]) -> None:
    for text in ("2020..2021", "2020..", "soon"):
        with pytest.raises(DateSyntaxError) as refused:
            end(text, TODAY)
        assert "a span as" not in str(refused.value)


def test_a_span_and_an_age_are_known_by_their_looks() -> None:
    assert all(is_span(text) for text in ("2020..2021", "2020..", "..7d"))
    assert not is_span("2020")
    assert all(is_age(text) for text in ("7d", " 1Y ", "today", "yesterday"))
    assert not any(is_age(text) for text in ("2020", "2020..2021", "foo", "", "7x"))


@given(st.integers(min_value=EARLIEST, max_value=LATEST))
def test_an_instant_is_read_back_as_the_same_second(seconds: int) -> None:
    assert span(instant(seconds)) == Span(seconds, seconds)


@given(st.dates())
def test_a_day_ends_a_second_before_the_next_begins(day: object) -> None:
    start, end, _ = span(str(day))
    assert start is not None
    assert end == start + DAY - 1
    assert instant(start).startswith(str(day))
    assert instant(end).startswith(str(day))


@given(st.text() | st.text(alphabet="0123456789-.:TZ+dwmyh <>="), st.datetimes())
def test_any_text_is_a_span_or_refused(text: str, today: datetime) -> None:
    try:
        start, end, _ = parse_comparison(text, today=today)
    except DateSyntaxError:
        return
    assert start is not None or end is not None
    assert start is None or EARLIEST <= start <= LATEST
    assert end is None or EARLIEST <= end <= LATEST


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC), -1),
        (datetime(2020, 9, 13, 12, 8, 0, 900_000, tzinfo=UTC), 1_599_998_880),
        (datetime(1, 1, 1, tzinfo=UTC), -62_135_596_800),
        (None, None),
    ],
)
def test_times_are_whole_seconds_of_the_epoch(moment: datetime | None, seconds: int | None) -> None:
    assert to_seconds(moment) == seconds
    back = from_seconds(seconds)
    assert back == moment or (
        moment is not None and back is not None and timedelta() < moment - back < timedelta(seconds=1)
    )
