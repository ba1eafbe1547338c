"""Time in whole days, weeks, months and years, and counts by them.

    units_of(1_600_000_000)["month"]                # 608: September 2020
    Buckets(608, np.array([12, 9]), "month")        # TimelineBucket(date(2020, 9, 1), 12), ...

Every interval counts its units from one that begins in January 1970, in UTC, so that the unit of a time is one whole
number. Which articles are counted is the engines'.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, get_args, overload

import numpy as np
from numpy.typing import NDArray

from newsearch.errors import QueryError
from newsearch.model import Interval, TimelineBucket

__all__ = ["MAX_BUCKETS", "Buckets", "check_span", "first_days", "in_units", "units_of"]

Ints = NDArray[np.int64]

MAX_BUCKETS: Final = 120_000
"""The most buckets of a timeline: all months that a date can lie in, and more than three hundred years of days."""

_DAY = 86_400
_THURSDAY = 3
"""Days from a Monday to the epoch's weekday."""

_LONGER: dict[Interval, str] = {"day": "week, month or year", "week": "month or year", "month": "year", "year": "year"}


def in_units(seconds: Ints, interval: Interval) -> Ints:
    """The unit that each time, in UTC epoch seconds, lies in; for the years that NumPy's calendar reaches."""
    days = seconds // _DAY
    if interval == "day":
        return days
    if interval == "week":
        return (days + _THURSDAY) // 7
    unit = "datetime64[M]" if interval == "month" else "datetime64[Y]"
    return days.astype("datetime64[D]").astype(unit).astype(np.int64)


def units_of(seconds: int) -> dict[str, int]:
    """The unit of each interval that a time, in UTC epoch seconds, lies in."""
    moment = np.array([seconds])
    return {interval: int(in_units(moment, interval)[0]) for interval in get_args(Interval)}


def first_days(units: Ints, interval: Interval) -> list[date]:
    """The first day of each unit; a week begins on Monday, as in ISO 8601."""
    if interval == "week":
        days = units * 7 - _THURSDAY
    elif interval == "day":
        days = units
    else:
        days = units.astype("datetime64[M]" if interval == "month" else "datetime64[Y]").astype("datetime64[D]")
    found: list[date] = days.astype("datetime64[D]").tolist()
    return found


def check_span(first: int, last: int, interval: Interval) -> None:
    """Raise QueryError for a timeline from one unit to another that would have more than MAX_BUCKETS."""
    if last - first >= MAX_BUCKETS:
        ends = first_days(np.array([first, last]), interval)
        raise QueryError(
            f"From {ends[0]} to {ends[1]} there are "
            f"{last - first + 1:,} {interval}s, and a timeline has {MAX_BUCKETS:,} at most; "
            f"count by {_LONGER[interval]}, or choose a time with since and until."
        )


class Buckets(Sequence[TimelineBucket]):
    """Buckets that follow each other, as their counts; each is made when it is looked at.

    The days of some decades are a microsecond each to make, which is many times what counting the matches takes.
    """

    __slots__ = ("_counts", "_first", "_interval")

    def __init__(self, first: int, counts: Ints, interval: Interval) -> None:
        self._first = first
        self._counts = counts
        self._interval = interval

    def __len__(self) -> int:
        return self._counts.size

    def __iter__(self) -> Iterator[TimelineBucket]:
        units = np.arange(self._first, self._first + self._counts.size)
        return map(TimelineBucket, first_days(units, self._interval), self._counts.tolist())

    @overload
    def __getitem__(self, index: int) -> TimelineBucket: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[TimelineBucket]: ...
    def __getitem__(self, index: int | slice) -> TimelineBucket | Sequence[TimelineBucket]:
        places = range(len(self))[index]
        if isinstance(places, range):
            units = np.arange(places.start, places.stop, places.step) + self._first
            return tuple(map(TimelineBucket, first_days(units, self._interval), self._counts[index].tolist()))
        [start] = first_days(np.array([self._first + places]), self._interval)
        return TimelineBucket(start, int(self._counts[places]))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
