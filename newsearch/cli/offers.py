"""What the query language offers for a word that was begun: its fields, their values, and saved queries.

    [*fields("ti")]                         ["title:"]
    [text for text, _ in values("is:p", opened)]    ["is:published"]

The words of the archive are the index's to offer. What a shell makes of these is `newsearch.cli.completion`'s.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsearch.query.fields import FIELDS, HAS_VALUES, IS_VALUES, KINDS

if TYPE_CHECKING:
    from newsearch.library import NewsIndex

__all__ = ["AGES", "MOST", "Offer", "fields", "of_archive", "saved", "types", "values"]

MOST = 50
"""So many values of the archive are offered at most; who types on sees the others."""

AGES = (("7d", "the last week"), ("4w", "the last four weeks"), ("1y", "the last year"))

_EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "quality": (">=40", ">=60", ">=80"),
    "heat": (">0",),
    "date": tuple(age for age, _ in AGES),
    "is": IS_VALUES,
    "has": HAS_VALUES,
    "kind": KINDS,
}
"""Fields with values to offer as they are."""

_KINDS = {"topic": "topic", "provider": "provider", "domain": "provider"}
"""Fields whose values an index completes."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What was begun may become this; `count` articles are found by it, which of a field alone cannot be said."""

    text: str
    kind: str
    count: int | None


Opened = Callable[[], "NewsIndex"]


def fields(begun: str) -> Iterator[str]:
    """The fields that begin so, each as it is typed: `title:`."""
    yield from (f"{field}:" for field in FIELDS if field.startswith(begun.lower()))


def values(begun: str, opened: Opened) -> Iterator[tuple[str, str]]:
    """What `topic:pri` may become, each with how many articles have it where that is known.

    An index is `opened` only if one of its values is asked for. What begins so is for the caller to choose, but for the
    values of the archive, which go by any of their words.
    """
    name, colon, value = begun.partition(":")
    field = name.lower()
    if colon and field in _EXAMPLES:
        yield from ((f"{field}:{example}", "") for example in _EXAMPLES[field])
    elif colon and field in (*_KINDS, "type"):
        with opened() as archive:
            found = types(archive) if field == "type" else of_archive(_KINDS[field], value.strip('"'), archive)
            for text, meaning in found:
                yield f"{field}:" + (f'"{text}"' if " " in text else text), meaning


def of_archive(kind: Any, begun: str, archive: "NewsIndex") -> Iterator[tuple[str, str]]:
    """The topics or providers that have a word which begins so, and how many articles each has."""
    if begun:
        for one in archive.suggest(begun, limit=MOST, kinds=(kind,)):
            yield one.text, f"{one.count:,}"
    else:
        for value in (archive.topics() if kind == "topic" else archive.providers())[:MOST]:
            yield value.value, f"{value.count:,}"


def types(archive: "NewsIndex") -> Iterator[tuple[str, str]]:
    """The types there are, and how many articles each has."""
    for value in archive.facets("type", limit=MOST):
        yield value.value, f"{value.count:,}"


def saved(sign: str = "") -> Iterator[tuple[str, str]]:
    """The names of the saved queries, after a sign, each with what it asks."""
    from newsearch.cli.save import described  # the names alone are rarely asked for
    from newsearch.saved import SavedQueries

    for name, query in SavedQueries.near(Path.cwd()).all().items():
        yield sign + name, described(query.options)
