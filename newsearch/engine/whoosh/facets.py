"""Matches counted by the values that articles have.

    facets = Facets(snapshot, Calendar(snapshot))
    facets.values(FacetSpec("provider", 10), documents)     (FacetValue("salon.com", 12, "provider:salon.com"), ...)

A value's count is what its filter finds, and no other number: articles are counted for each value that the constraint
of that name finds them by. So "Law" and "law" are one topic, and a provider that is called like another one's domain
counts for both. Values are numbered through all segments when a field is first asked for; after that a count is a look
at each document's values. Which documents match is not decided here.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.keywords import KEYWORD_SOURCES, asked_terms
from newsearch.engine.rules.labels import QUALITY_LABELS, Label, kind_label, labels_of, provider_labels_of, time_labels
from newsearch.engine.whoosh.distinct import distinct
from newsearch.engine.whoosh.ragged import ragged
from newsearch.engine.whoosh.schema import MISSING_DATE
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.engine.whoosh.timeline import Calendar
from newsearch.model import FacetValue
from newsearch.query.facets import QUALITY_BANDS, FacetSpec

__all__ = ["Facets"]

Ints = NDArray[np.int64]

_DENSE = 4
"""From one document in so many on, looking at all values is quicker than at those of the documents alone."""


@dataclass(frozen=True, slots=True)
class _Split:
    """The values of one field: their labels, and the places of those that each document has.

    Document d has `places[starts[d]:starts[d + 1]]`; without `starts` it has the one at d, where a place past the last
    label is none. Labels stand in the order in which they are shown, but for `by_count`, where the larger count comes
    first.
    """

    labels: Sequence[Label]
    places: NDArray[np.int32]
    starts: Ints | None = None
    by_count: bool = False

    def counts(self, documents: Documents) -> Ints:
        """How many of the documents have each value."""
        size = len(self.labels)
        if self.starts is None:
            return np.bincount(self.places[documents], minlength=size)[:size]
        held = np.diff(self.starts)
        if documents.size * _DENSE >= held.size:
            chosen = np.zeros(held.size, np.bool_)
            chosen[documents] = True
            return np.bincount(self.places[np.repeat(chosen, held)], minlength=size)
        return np.bincount(self.places[ragged(self.starts[documents], held[documents])], minlength=size)

    def first(self, counts: Ints, limit: int) -> list[int]:
        """The places of the values to show, in order; those that no document has are left out."""
        present = np.flatnonzero(counts)
        if self.by_count:
            present = present[np.argsort(-counts[present], kind="stable")]
        shown: list[int] = present[:limit].tolist()
        return shown


class Facets:
    """Counts the documents of one snapshot by their values. Safe for threads: what two compute at once is the same."""

    def __init__(self, snapshot: Snapshot, calendar: Calendar) -> None:
        self._snapshot = snapshot
        self._calendar = calendar
        self._splits: dict[str, _Split] = {}

    def values(self, spec: FacetSpec, documents: Documents) -> tuple[FacetValue, ...]:
        """The values that some of the documents have, with how many have each.

        The most frequent first, then by value; bands of quality the best first, years and months the newest first.
        """
        split = self._split(spec.field)
        counts = split.counts(documents)
        return tuple(
            [
                FacetValue(label.value, int(counts[place]), label.filter, label.name)
                for place in split.first(counts, spec.limit)
                for label in (split.labels[place],)
            ]
        )

    def _split(self, field: str) -> _Split:
        split = self._splits.get(field)
        if split is None:
            split = self._splits[field] = self._made(field)
        return split

    def _made(self, field: str) -> _Split:
        match field:
            case "provider" | "topic" | "type":
                return _by_string(field, self._snapshot)
            case "kind":
                return _Split(
                    [kind_label("item"), kind_label("related")],
                    _places(self._snapshot.column("kind"), (0, 1)),
                    by_count=True,
                )
            case "quality":
                return _by_quality(self._snapshot)
            case "year" | "month":
                return _by_time(field, self._calendar)
        raise ValueError(f"there is no facet {field!r}")


def _places(values: NDArray[np.integer], wanted: Sequence[int]) -> NDArray[np.int32]:
    """The place of each value in `wanted`, ascending; the length of that where it is none of them."""
    places = np.minimum(np.searchsorted(wanted, values), len(wanted) - 1) if len(wanted) else np.zeros(values.size, int)
    known = np.isin(values, wanted)
    return np.where(known, places, len(wanted)).astype(np.int32)


def _by_quality(snapshot: Snapshot) -> _Split:
    qualities = snapshot.column("quality").astype(np.int64)
    places = np.full(qualities.size, len(QUALITY_BANDS), np.int32)
    for place, (low, high) in enumerate(QUALITY_BANDS):
        within = (qualities >= low) if high is None else (qualities >= low) & (qualities <= high)
        places[within] = place
    return _Split(QUALITY_LABELS, places)


def _by_time(interval: Literal["year", "month"], calendar: Calendar) -> _Split:
    units = calendar.units(interval)
    known = distinct(units[units != MISSING_DATE])
    places = _places(units, known.tolist())
    # The newest first.
    places = np.where(places < known.size, known.size - 1 - places, known.size).astype(np.int32)
    return _Split(time_labels(known[::-1], interval), places)


# Strings: providers, topics and types


def _by_string(field: str, snapshot: Snapshot) -> _Split:
    listing, terms_of = KEYWORD_SOURCES[field]
    used = _live_strings(listing, snapshot)
    labels = provider_labels_of(used) if field == "provider" else labels_of(field, used)
    places_of = _finder(labels, terms_of)
    pairs = [np.zeros(0, np.int64)]
    for segment in snapshot.segments:
        found = segment.file.listing(listing)
        places_each = [places_of(string) for string in found.strings or ()]
        held = np.array([len(each) for each in places_each], np.int64)
        flat = np.array([place for each in places_each for place in each], np.int64)
        values = found.values.astype(np.int64)
        owners = np.repeat(np.arange(segment.base, segment.base + found.counts.size, dtype=np.int64), found.counts)
        chosen = flat[ragged((np.cumsum(held) - held)[values], held[values])] if flat.size else flat
        pairs.append(np.repeat(owners, held[values]) * len(labels) + chosen if flat.size else flat)
    # A document may have two strings that are one value, and counts once.
    documents, places = np.divmod(distinct(np.concatenate(pairs)), max(len(labels), 1))
    counts = np.bincount(documents, minlength=snapshot.size)
    if counts.max(initial=0) <= 1:
        single = np.full(snapshot.size, len(labels), np.int32)
        single[documents] = places
        return _Split(labels, single, by_count=True)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    return _Split(labels, places.astype(np.int32), starts, by_count=True)


def _live_strings(name: str, snapshot: Snapshot) -> Counter[str]:
    """The strings of a listing that live articles have, and how many have each."""
    used: Counter[str] = Counter()
    for segment in snapshot.segments:
        found = segment.file.listing(name)
        live = np.repeat(snapshot.articles[segment.base : segment.base + found.counts.size], found.counts)
        strings = found.strings or []
        counts = np.bincount(found.values[live], minlength=len(strings)).tolist()
        used.update({string: count for string, count in zip(strings, counts, strict=True) if count})
    return used


def _finder(labels: Sequence[Label], terms_of: Callable[[str], Iterable[str]]) -> Callable[[str], list[int]]:
    """A function from a listing's string to the places of the labels whose filters find it."""
    by_term: dict[str, list[int]] = {}
    for place, label in enumerate(labels):
        for term in asked_terms(label.value):
            by_term.setdefault(term, []).append(place)

    def find(string: str) -> list[int]:
        return sorted({place for term in terms_of(string) for place in by_term.get(term, ())})

    return find
