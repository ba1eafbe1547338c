"""A result over time, as bars to click: each is a link that narrows the dates to its own.

    chart(index, request, links)        # a Chart of years, months or days, whichever says most

How a chart is drawn is the template's; here is what each bar stands for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from newsearch.library import NewsIndex
from newsearch.model import Interval, SearchRequest, TimelineBucket
from newsearch.web.page.links import Links
from newsearch.web.page.texts import day, month
from newsearch.wording import bucket_name, counted

__all__ = ["Bar", "Chart", "chart"]

_MOST_BARS: Final = 120
_YEARS_BY_MONTH: Final = 5
"""Up to so many years are shown by month."""

_MONTHS_BY_DAY: Final = 2
"""Up to so many months are shown by day."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `place` counts from 0, `height` is the share of the highest one, `href` leads to its dates alone."""

    place: int
    label: str
    count: int
    height: float
    href: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars in order of time, without gaps between them. `caption` says it in words; `undated` articles are in none."""

    bars: tuple[Bar, ...]
    interval: Interval
    first: str
    last: str
    caption: str
    undated: int


def chart(index: NewsIndex, request: SearchRequest, links: Links) -> Chart | None:
    """The chart of a request's matches; None where all are of one day, or none has a date.

    By year, by month where that is no more than five years, by day where it is no more than two months: up to three
    questions for figures alone. Long ages are put together so that there are at most 120 bars.
    """
    buckets, undated = _buckets(index, request, "year")
    interval: Interval = "year"
    if 0 < len(buckets) <= _YEARS_BY_MONTH:
        buckets, _ = _buckets(index, request, "month")
        interval = "month"
        if len(buckets) <= _MONTHS_BY_DAY:
            buckets, _ = _buckets(index, request, "day")
            interval = "day"
    if len(buckets) < 2:
        return None
    bars = tuple(_bars(buckets, interval, request, links))
    return Chart(bars, interval, bars[0].label, bars[-1].label, _caption(bars, interval), undated)


def _caption(bars: Sequence[Bar], interval: Interval) -> str:
    most = max(bar.count for bar in bars)
    highest = [bar for bar in bars if bar.count == most]
    if len(highest) > 1:
        return f"By {interval}: {most:,} at most."
    return f"Most {'on' if interval == 'day' else 'in'} {highest[0].label}: {counted(most, 'article')}."


def _buckets(index: NewsIndex, request: SearchRequest, interval: Interval) -> tuple[Sequence[TimelineBucket], int]:
    asked = replace(request, limit=0, offset=0, facets=(), group=None, explain=False, timeline=interval)
    found = index.ask(asked).timeline
    return ((), 0) if found is None else (found.buckets, found.undated)


def _bars(buckets: Sequence[TimelineBucket], interval: Interval, request: SearchRequest, links: Links) -> Iterator[Bar]:
    together = -(-len(buckets) // _MOST_BARS)
    parts = [buckets[at : at + together] for at in range(0, len(buckets), together)]
    counts = [sum(bucket.count for bucket in part) for part in parts]
    most = max(counts)
    for place, (part, count) in enumerate(zip(parts, counts, strict=True)):
        since, until = bucket_name(part[0].start, interval), bucket_name(part[-1].start, interval)
        label = _named(part[0].start, interval)
        if since != until:
            label += "–" + _named(part[-1].start, interval)
        yield Bar(place, label, count, count / most, links.search(request, since=since, until=until))


def _named(start: date, interval: Interval) -> str:
    if interval == "year":
        return str(start.year)
    return month(start) if interval == "month" else day(start)
