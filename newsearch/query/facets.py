"""What the matches of a query can be counted by, as a user asks for it.

    read_facets(("provider", "month:24"))       (FacetSpec("provider", 10), FacetSpec("month", 24))

Reads what was typed and counts nothing: which values there are is for an engine to say. The bands of quality are here,
for they are part of what `quality` means as a facet, whatever the engine.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from newsearch.errors import QueryError
from newsearch.query.fields import nearest, shown

__all__ = [
    "DEFAULT_VALUES",
    "FACET_FIELDS",
    "MAX_VALUES",
    "QUALITY_BANDS",
    "FacetSpec",
    "FacetSyntaxError",
    "read_facets",
]

FACET_FIELDS = ("provider", "topic", "type", "kind", "quality", "year", "month")

DEFAULT_VALUES: Final = 10
"""How many values of a facet are given where no number is asked for."""

MAX_VALUES: Final = 100_000

QUALITY_BANDS: tuple[tuple[int, int | None], ...] = ((100, None), (80, 99), (60, 79), (40, 59), (20, 39), (0, 19))
"""The bands that qualities are counted in, both ends included, best first; None is open."""

_SPEC = re.compile(r"([^:]*)(?::([0-9]{1,9}))?")


class FacetSpec(NamedTuple):
    """A facet to count: its field, one of FACET_FIELDS, and how many values of it are wanted at most."""

    field: str
    limit: int


class FacetSyntaxError(QueryError):
    """A facet that is none; the text is a sentence without the option's name."""


def read_facets(texts: Iterable[str]) -> tuple[FacetSpec, ...]:
    """Each `FIELD` or `FIELD:N`, N being 1..MAX_VALUES. Raises FacetSyntaxError, also for a field named twice."""
    if isinstance(texts, str) or not isinstance(texts, Iterable):
        raise FacetSyntaxError(f'{texts!r} is not a sequence of texts; write for example ("provider", "month:24").')
    specs = tuple(map(_read, texts))
    fields = [spec.field for spec in specs]
    for field in fields:
        if fields.count(field) > 1:
            raise FacetSyntaxError(f"{field} is named {fields.count(field)} times; name it once.")
    return specs


def _read(text: object) -> FacetSpec:
    if not isinstance(text, str):
        raise FacetSyntaxError(f'{text!r} is not text; write for example "provider" or "month:24".')
    found = _SPEC.fullmatch(text.strip())
    if found is None:
        raise FacetSyntaxError(f"{shown(text)} is not a field and a number; write for example provider or month:24.")
    field, number = found[1].strip().lower(), found[2]
    if field not in FACET_FIELDS:
        near = nearest(field, FACET_FIELDS)
        hint = f"; the nearest is {near}" if near else ""
        raise FacetSyntaxError(f"{shown(field)} cannot be counted by; there are {', '.join(FACET_FIELDS)}{hint}.")
    limit = DEFAULT_VALUES if number is None else int(number)
    if not 1 <= limit <= MAX_VALUES:
        raise FacetSyntaxError(f"{text.strip()} asks for {limit:,} values; it must be from 1 to {MAX_VALUES:,}.")
    return FacetSpec(field, limit)
