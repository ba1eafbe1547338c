"""Matches counted over time.

    calendar = Calendar(snapshot)
    calendar.timeline(documents, "month")       Timeline("month", (TimelineBucket(date(2020, 8, 1), 12), ...), ...)

Every interval counts its units from one that begins in January 1970, in UTC, so that a document's unit is one whole
number; the units of a snapshot are computed once for each interval. Which documents match is not decided here.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.schema import MISSING_DATE
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.errors import QueryError
from newsearch.model import Interval, Timeline, TimelineBucket

__all__ = ["MAX_BUCKETS", "Buckets", "Calendar", "check_span", "first_days"]

Ints = NDArray[np.int64]

MAX_BUCKETS: Final = 120_000
"""The most buckets of a timeline: all months that a date can lie in, and more than three hundred years of days."""

_DAY = 86_400
_THURSDAY = 3
"""Days from a Monday to the epoch's weekday."""

_LONGER: dict[Interval, str] = {"day": "week, month or year", "week": "month or year", "month": "year", "year": "year"}


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


class Calendar:
    """The dates of a snapshot's documents in whole days, weeks, months and years. Safe for threads."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._units: dict[Interval, Ints] = {}

    def units(self, interval: Interval) -> Ints:
        """The unit that each document's date lies in; MISSING_DATE where there is no date."""
        units = self._units.get(interval)
        if units is None:
            dates = self._snapshot.dates
            units = np.where(dates == MISSING_DATE, MISSING_DATE, _in_units(dates, interval))
            self._units[interval] = units
        return units

    def timeline(self, documents: Documents, interval: Interval) -> Timeline:
        """The documents counted by interval, gaps between them included. Raises QueryError above MAX_BUCKETS."""
        units = self.units(interval)[documents]
        dated = units[units != MISSING_DATE]
        buckets: Sequence[TimelineBucket] = ()
        if dated.size:
            first, last = int(dated.min()), int(dated.max())
            check_span(first, last, interval)
            buckets = Buckets(first, np.bincount(dated - first), interval)
        return Timeline(interval, buckets, int(units.size - dated.size), int(units.size))


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


def _in_units(dates: Ints, interval: Interval) -> Ints:
    days = dates // _DAY
    if interval == "day":
        return days
    if interval == "week":
        return (days + _THURSDAY) // 7
    # A date that is missing lies as far in the past as NumPy's calendar reaches; what comes of it is not used.
    unit = "datetime64[M]" if interval == "month" else "datetime64[Y]"
    return days.astype("datetime64[D]").astype(unit).astype(np.int64)
