"""What the text of a value means."""

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.items.values import fold_line, parse_date, parse_flag, parse_number, quoted

NOON = datetime(2020, 9, 13, 12, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2020-09-13T12:08:00Z",
        "2020-09-13t12:08:00z",
        "2020-09-13 12:08:00",
        "2020-09-13T12:08",
        "2020-09-13T12:08:00.000Z",
        "2020-09-13T12:08:00.0000000000001Z",
        "2020-09-13T14:08:00+02:00",
        "2020-09-13T14:08:00+0200",
        "2020-09-13T14:08:00+02",
        "2020-09-13 14:08:00 +0200",
        "2020-09-13 14:08:00  +2",
        "2020-09-13 07:08:00 -05:00",
        "2020-09-13 12:08:00 UTC",
        "2020-9-13 12:08:00",
        "Sun, 13 Sep 2020 12:08:00 GMT",
        "Sun, 13 Sep 2020 14:08:00 +0200",
        "13 Sep 2020 12:08 -0000",
    ],
)
def test_a_date_may_be_written_in_many_ways(text: str) -> None:
    assert parse_date(text) == NOON
    assert parse_date(text).tzinfo is UTC


def test_a_date_alone_is_its_first_moment_in_utc() -> None:
    assert parse_date("2020-09-13") == datetime(2020, 9, 13, tzinfo=UTC)


def test_fractions_of_a_second_are_kept() -> None:
    assert parse_date("2020-09-13 12:08:00,25").microsecond == 250_000


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2020",
        "2020-09",
        "2020-13-01",
        "2020-02-30",
        "2020-09-13+02:00",
        "2020-09-13T25:00:00Z",
        "13/09/2020",
        "1600000000",
        "Sep 2020",
        "32 Sep 2020 12:08:00",
        "0001-01-01T00:00:00+02:00",
        "9999-12-31T23:59:59-02:00",
        "٢٠٢٠-09-13",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is (not a date|outside)"):
        parse_date(text)


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "1970-01-01", "1970-01-01T02:00:00+02:00", "0001-01-01"])
def test_a_placeholder_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="stands for no date"):
        parse_date(text)


@given(st.text(min_size=1))
def test_any_text_is_a_date_in_utc_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_date(text).tzinfo is UTC


@given(
    st.datetimes(min_value=datetime(1970, 1, 3), max_value=datetime(9999, 12, 29)),  # noqa: DTZ001 - the zone follows
    st.integers(min_value=-1439, max_value=1439),
)
def test_every_moment_written_as_iso_is_read_back(moment: datetime, minutes: int) -> None:
    moment = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_date(moment.isoformat()) == moment
    assert parse_date(moment.isoformat(" ")) == moment


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("43", 43),
        ("0x10", 16),
        ("0XfF", 255),
        ("010", 10),
        ("1_000", 1000),
        ("+5", 5),
        ("-1", -1),
        ("43.0", 43),
        ("43.5", 44),
        ("42.4", 42),
        (".5", 1),
        ("4.3e1", 43),
        ("1000000", 1_000_000),
        ("-1000000", -1_000_000),
    ],
)
def test_a_number_is_whole(text: str, number: int) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["high", "", "4 3", "nan", "inf", "0x", "1,000", "43%", "1.2.3", "٣", "1" * 65])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a whole number"):
        parse_number(text)


@pytest.mark.parametrize("text", ["1000001", "-1000001", "1e300", "1e999", "0xffffffffffffffff", "9" * 60])
def test_a_number_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is beyond 1,000,000"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("true", True),
        ("YES", True),
        ("On", True),
        ("1", True),
        ("False", False),
        ("no", False),
        ("off", False),
        ("0", False),
    ],
)
def test_yes_and_no_have_many_names(text: str, flag: bool) -> None:
    assert parse_flag(text) is flag


def test_a_flag_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="'maybe' is neither true nor false"):
        parse_flag("maybe")


def test_a_line_has_no_line_ends() -> None:
    assert fold_line(" one \n\n two\u2028three\r\nfour ") == "one two three four"


@given(st.text())
def test_a_quoted_value_is_short_and_harmless(text: str) -> None:
    shown = quoted(text)
    assert len(shown) <= 125
    assert shown.isprintable() or all(character == " " or character.isprintable() for character in shown)
