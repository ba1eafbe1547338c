"""A snapshot's matches by day, week, month or year.

    Calendar(snapshot).timeline(documents, "month").buckets     # TimelineBucket(date(2020, 8, 1), 12), ...

The units of a snapshot are computed once for each interval (`newsearch.engine.rules.timeline`). Which documents match
is not decided here.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.timeline import Buckets, check_span, in_units
from newsearch.engine.whoosh.schema import MISSING_DATE
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.model import Interval, Timeline, TimelineBucket

__all__ = ["Calendar"]

Ints = NDArray[np.int64]


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
            # What comes of a date that is missing is not used.
            units = np.where(dates == MISSING_DATE, MISSING_DATE, in_units(dates, interval))
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
