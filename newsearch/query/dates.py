"""Dates as people type them, read into seconds.

    parse_span("2020-09", today=now)        1 to 30 September 2020, both whole
    since("7d", today=now)                  seven days before `now`

All times are epoch seconds in UTC and all ends are inclusive. A date without a zone is UTC. `today` is the moment that
ages count back from: now, or the moment an archive is looked at. This module never asks a clock, and knows nothing of
`latest`, which only an engine can read.

    2020  2020-09  2020-09-30               the whole year, month, day
    2020-09-30T18:00  …T18:00:00Z  …+02:00  one second
    12h  7d  6w  3m  1y                     so long before `today` (m: calendar months), up to any time
    today  yesterday                        the whole day, in UTC
    A..B  A..  ..B                          from the first second of A to the last of B
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, NamedTuple, overload

from newsearch.errors import QueryError
from newsearch.query.fields import shown

__all__ = [
    "EARLIEST",
    "LATEST",
    "DateSyntaxError",
    "Span",
    "from_seconds",
    "instant",
    "is_age",
    "is_span",
    "parse_comparison",
    "parse_span",
    "since",
    "to_seconds",
    "until",
]

EARLIEST: Final = -62_135_596_800
"""0001-01-01T00:00:00Z, the first second there is; an age that goes back further stops here."""

LATEST: Final = 253_402_300_799
"""9999-12-31T23:59:59Z, the last second there is."""

_FORMS = (
    "Write a date as 2020, 2020-09, 2020-09-30 or 2020-09-30T18:00:00Z, a span as 2020-08..2020-09, "
    "an age as 12h, 7d, 6w, 3m or 1y, or today or yesterday."
)
_FORMS_OF_ONE = _FORMS.replace(" a span as 2020-08..2020-09,", "")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 24 * 60 * 60
_MAX_AGE_YEARS = 10_000
_UNITS_A_YEAR = {"h": 8766, "d": 365, "w": 52, "m": 12, "y": 1}

_DATE = re.compile(r"([0-9]+)(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_INSTANT = re.compile(
    r"([0-9]+)-([0-9]{1,2})-([0-9]{1,2})[Tt ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(?:([Zz])|([+-])([0-9]{2}):?([0-9]{2})?)?"
)
_AGE = re.compile(r"([0-9]+)([hdwmy])")
_COMPARISON = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)


class DateSyntaxError(QueryError):
    """A text that is no date. `text` is it, `reason` a clause that says why; str() also lists the accepted `forms`."""

    def __init__(self, text: str, reason: str, forms: str = _FORMS) -> None:
        super().__init__(text, reason, forms)
        self.text = text
        self.reason = reason
        self.forms = forms

    def __str__(self) -> str:
        return f"{shown(self.text)} is not a date that can be read: {self.reason}. {self.forms}"


class Span(NamedTuple):
    """From `start` to `end`, both included and in epoch seconds; None is open. `age`: it was counted from `today`."""

    start: int | None
    end: int | None
    age: bool = False


class _Point(NamedTuple):
    """What one side of a span can be: its first and last second, and whether it was counted back from `today`."""

    first: int
    last: int
    relative: bool = False
    is_open: bool = False  # an age standing alone has no end


class _UnreadableError(ValueError):
    """Why a part of a date cannot be read; becomes a DateSyntaxError that has the whole text."""


def parse_span(text: str, *, today: datetime) -> Span:
    """The span that `text` means. A date alone is the whole of it; an age alone is open at its end.

    Raises DateSyntaxError, also for a span that ends before it starts or has no side at all.
    """
    stripped = text.strip()
    try:
        left, dots, right = stripped.partition("..")
        if not dots:
            point = _point(stripped, today)
            return Span(point.first, None if point.is_open else point.last, point.relative)
        if not left and not right:
            raise _UnreadableError("a span needs a date on one side at least")
        low = _point(left.strip(), today) if left else None
        high = _point(right.strip(), today) if right else None
    except _UnreadableError as error:
        raise DateSyntaxError(text, str(error)) from None
    if low and high and low.first > high.last:
        raise DateSyntaxError(text, f"the span runs backwards; turned round it is {right.strip()}..{left.strip()}")
    relative = any(point.relative for point in (low, high) if point)
    return Span(low.first if low else None, high.last if high else None, relative)


def parse_comparison(text: str, *, today: datetime) -> Span:
    """`parse_span`, and also one date after `>=`, `>`, `<=`, `<` or `=`.

    `>2020` begins when 2020 is over, `<=2020` ends with it. An age is compared as the moment it goes back to. Raises
    DateSyntaxError.
    """
    found = _COMPARISON.fullmatch(text.strip())
    sign, rest = (found.group(1), found.group(2)) if found else (None, text)
    if sign is None:
        return parse_span(text, today=today)
    try:
        if ".." in rest:
            raise _UnreadableError(f"{sign} compares with one date, not with a span")
        point = _point(rest.strip(), today)
    except _UnreadableError as error:
        raise DateSyntaxError(text, str(error)) from None
    match sign:
        case ">=":
            return Span(point.first, None, point.relative)
        case ">":
            return Span(min(point.last + 1, LATEST), None, point.relative)
        case "<=":
            return Span(None, point.last, point.relative)
        case "<":
            return Span(None, max(point.first - 1, EARLIEST), point.relative)
        case _:
            return Span(point.first, point.last, point.relative)


def since(text: str, today: datetime) -> int:
    """The first second of the one date that `text` means: of a year its January's. Raises DateSyntaxError."""
    return _one(text, today).first


def until(text: str, today: datetime) -> int:
    """The last second of the one date that `text` means: of a month its last day's, of an age the age itself.

    Raises DateSyntaxError.
    """
    return _one(text, today).last


def is_span(text: str) -> bool:
    """Whether `text` is written as a span, which has two sides."""
    return ".." in text


@overload
def to_seconds(moment: datetime) -> int: ...
@overload
def to_seconds(moment: datetime | None) -> int | None: ...
def to_seconds(moment: datetime | None) -> int | None:
    """UTC epoch seconds, fractions cut off; whole-number arithmetic, so exact for every year."""
    if moment is None:
        return None
    since = moment - _EPOCH
    return since.days * _DAY + since.seconds


@overload
def from_seconds(seconds: int) -> datetime: ...
@overload
def from_seconds(seconds: int | None) -> datetime | None: ...
def from_seconds(seconds: int | None) -> datetime | None:
    """The aware UTC datetime of epoch seconds."""
    return None if seconds is None else _EPOCH + timedelta(0, seconds)


def is_age(text: str) -> bool:
    """Whether `text` is an age or day that is counted from today."""
    return _is_relative(text.strip().lower())


def instant(seconds: int) -> str:
    """`seconds` as `2020-09-30T18:00:00Z`; what lies outside the years 1 to 9999 becomes their first or last second."""
    return from_seconds(min(max(seconds, EARLIEST), LATEST)).replace(tzinfo=None).isoformat() + "Z"


def _one(text: str, today: datetime) -> _Point:
    try:
        return _point(text.strip(), today)
    except _UnreadableError as error:
        raise DateSyntaxError(text, str(error), _FORMS_OF_ONE) from None


def _is_relative(text: str) -> bool:
    return text in ("today", "yesterday") or _AGE.fullmatch(text) is not None


def _point(text: str, today: datetime) -> _Point:
    word = text.lower()
    if _is_relative(word):
        return _relative(word, today)
    if found := _DATE.fullmatch(text):
        return _whole(*found.groups())
    if found := _INSTANT.fullmatch(text):
        return _second(found)
    if not text:
        raise _UnreadableError("there is nothing to read")
    raise _UnreadableError("it has none of the forms of one")


def _relative(word: str, today: datetime) -> _Point:
    now = today.replace(tzinfo=UTC) if today.tzinfo is None else today
    if found := _AGE.fullmatch(word):
        back = _seconds_back(now, found.group(1), found.group(2))
        return _Point(back, back, relative=True, is_open=True)
    day = to_seconds(now) // _DAY * _DAY
    if word == "yesterday":
        day = max(day - _DAY, EARLIEST)
    return _Point(day, day + 86_399, relative=True)


def _seconds_back(now: datetime, digits: str, unit: str) -> int:
    # Its length first: int() refuses thousands of digits.
    if len(digits) > 12 or int(digits) > _MAX_AGE_YEARS * _UNITS_A_YEAR[unit]:
        raise _UnreadableError(f"an age goes back {_MAX_AGE_YEARS:,} years at most")
    amount = int(digits)
    if unit in "my":
        # Calendar months; a day that the month has not (31 June) becomes its last.
        months = now.year * 12 + now.month - 1 - amount * (12 if unit == "y" else 1)
        year, month = months // 12, months % 12 + 1
        if year < 1:
            return EARLIEST
        return to_seconds(now.replace(year=year, month=month, day=min(now.day, _days_in(year, month))))
    hours = amount * {"h": 1, "d": 24, "w": 168}[unit]
    return max(to_seconds(now) - hours * 3600, EARLIEST)


def _whole(year_text: str, month_text: str | None, day_text: str | None) -> _Point:
    year = _year(year_text)
    if month_text is None:
        return _days((year, 1, 1), (year, 12, 31))
    month = _month(month_text)
    if day_text is None:
        return _days((year, month, 1), (year, month, _days_in(year, month)))
    day = (year, month, _day(year, month, day_text))
    return _days(day, day)


def _days(first: tuple[int, int, int], last: tuple[int, int, int]) -> _Point:
    return _Point(to_seconds(datetime(*first, tzinfo=UTC)), to_seconds(datetime(*last, tzinfo=UTC)) + 86_399)


def _second(found: re.Match[str]) -> _Point:
    year_text, month_text, day_text, hour, minute, second, _, sign, zone_hours, zone_minutes = found.groups()
    year, month = _year(year_text), _month(month_text)
    day = _day(year, month, day_text)
    offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        raise _UnreadableError("there is no such time of day")
    if offset >= timedelta(days=1) or int(zone_minutes or 0) > 59:
        raise _UnreadableError("there is no such time zone")
    zone = timezone(-offset if sign == "-" else offset)
    seconds = to_seconds(datetime(year, month, day, int(hour), int(minute), int(second or 0), tzinfo=zone))
    if not EARLIEST <= seconds <= LATEST:
        raise _UnreadableError("in UTC it lies outside the years 1 to 9999")
    return _Point(seconds, seconds)


def _year(text: str) -> int:
    if len(text) < 4:
        raise _UnreadableError("a year has four digits")
    if len(text) > 4 or text == "0000":
        raise _UnreadableError("years run from 0001 to 9999")
    return int(text)


def _month(text: str) -> int:
    if not 1 <= int(text) <= 12:
        raise _UnreadableError(f"there is no month {text}")
    return int(text)


def _day(year: int, month: int, text: str) -> int:
    if not 1 <= int(text) <= _days_in(year, month):
        raise _UnreadableError(f"{year:04}-{month:02} has no day {text}")
    return int(text)


def _days_in(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
