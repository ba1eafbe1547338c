"""What every face calls things: numbers with their nouns, days, providers, what a story and a score are made of.

    counted(1204, "story", "stories")           "1,204 stories"
    bucket_name(date(2020, 9, 1), "month")           "2020-09"

Plain text, with no care for where it is shown: who puts it into a terminal, into Markdown or into HTML makes what comes
from the archive harmless there.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsearch.model import Interval, Provider, Story

__all__ = ["bucket_name", "counted", "covered", "day", "figures", "moment", "provider_name", "titled"]

_WHOLE = 1000
"""From here on what stands behind the point of a figure says nothing any more."""


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """`1 article`, `1,234 articles`; `nouns` is the plural where it is not the noun with an s."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def titled(title: str) -> str:
    """A title, or what stands for one that is missing."""
    return title or "(no title)"


def provider_name(provider: "Provider | None") -> str:
    """What a provider is called: its name, else its domain, else nothing."""
    return "" if provider is None else provider.name or provider.domain or ""


def day(at: datetime | None) -> str:
    """The day of a moment, `2020-09-13`; nothing for None."""
    return "" if at is None else at.date().isoformat()


def moment(at: datetime, timespec: str = "seconds") -> str:
    """A moment in UTC, to the second or, with "minutes", the minute: `2020-09-13 12:08 UTC`."""
    # Not strftime: it writes the year 800 with three digits on some systems.
    return at.replace(tzinfo=None).isoformat(sep=" ", timespec=timespec) + " UTC"


def bucket_name(start: date, interval: "Interval") -> str:
    """What a bucket of a timeline is called, a date of the query language: `2020`, `2020-09`, or its first day."""
    return start.isoformat()[: {"year": 4, "month": 7}.get(interval, 10)]


def covered(story: "Story", shown: Callable[[str], str] = str) -> str:
    """`4 articles, covered by 3 providers, first by Salon on 2020-09-13`; the name of one passes through `shown`."""
    line = f"{counted(story.size, 'article')}, covered by {counted(story.providers, 'provider')}"
    if story.first is not None:
        who = shown(provider_name(story.first.provider))
        line += f", first {f'by {who} ' if who else ''}on {day(story.first.date)}"
    return line


def figures(facts: object) -> str:
    """Facts behind a score in one line: `tf 2, length 11, title (weight 2)`."""
    if isinstance(facts, float):
        return f"{facts:.4g}" if abs(facts) < _WHOLE else f"{facts:.0f}"
    if isinstance(facts, Mapping):
        return ", ".join(
            f"{name} ({figures(fact)})" if isinstance(fact, Mapping) else f"{name.replace('_', ' ')} {figures(fact)}"
            for name, fact in facts.items()
        )
    if isinstance(facts, list | tuple):
        return " ".join(map(figures, facts))
    return "unknown" if facts is None else str(facts)
