"""What is typical of the articles found: words, topics and providers.

    sides = Sides(hits, others)                                # masks of documents
    Typical(snapshot, providers).words(sides, without={"recognit"}, limit=20)

What makes a value typical is `newsearch.engine.rules.typical`'s; here it is counted how many articles have which.
"""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.typical import LEAST, SIGNIFICANT, log_likelihood
from newsearch.engine.whoosh.forward import Forward
from newsearch.engine.whoosh.refs import Providers
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.engine.whoosh.view import View
from newsearch.findings import TypicalTerm

__all__ = ["Sides", "Typical"]

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_OWN_FIELDS = tuple(place for place, name in enumerate(TEXT_FIELDS) if name != "related")


class Sides(NamedTuple):
    """The documents compared: those found, and others that are not among them.

    `rest_of` is the view of which the others are all the rest, if they are: its articles are counted once for all.
    """

    hits: Mask
    others: Mask
    rest_of: View | None = None


class Typical:
    """What is typical of documents of one snapshot. Safe for threads: what two of them compute at once is the same."""

    def __init__(self, snapshot: Snapshot, providers: Providers) -> None:
        self._snapshot = snapshot
        self._providers = providers
        self._in_view: WeakKeyDictionary[View, Ints] = WeakKeyDictionary()

    def words(self, sides: Sides, *, without: Collection[str], limit: int) -> tuple[TypicalTerm, ...]:
        """The typical words of the articles' own text, as they are written most often.

        Terms of `without`, stop words and numbers are left out.
        """
        analyzer = self._snapshot.analyzer

        def named(place: int) -> str | None:
            term = self._word(place)
            told = term not in without and not analyzer.is_stop(term) and not term.isdigit()
            return term if told else None

        a = self._having(sides.hits)
        b = self._having(sides.others) if sides.rest_of is None else self._having_in(sides.rest_of) - a
        found = _strongest(a, b, sides, named, limit)
        return tuple(
            TypicalTerm(_as_written(one.value, self._snapshot), one.hits, one.others, one.strength) for one in found
        )

    def topics(self, sides: Sides, *, limit: int) -> tuple[TypicalTerm, ...]:
        """The typical topics; those that differ in case or accents alone are one, written as the first of them."""
        names, owners, topics = self._topics
        a, b = (np.bincount(topics[mask[owners]], minlength=len(names)) for mask in (sides.hits, sides.others))
        return _strongest(a, b, sides, names.__getitem__, limit)

    def providers(self, sides: Sides, *, limit: int) -> tuple[TypicalTerm, ...]:
        """The typical providers."""
        codes, names = self._providers.codes, self._providers.names
        a, b = (np.bincount(codes[mask] + 1, minlength=len(names) + 1)[1:] for mask in (sides.hits, sides.others))
        return _strongest(a, b, sides, names.__getitem__, limit)

    def _having(self, mask: Mask) -> Ints:
        """How many of some articles have each term in their own text; the terms are those of `_word`."""
        counts = np.zeros(self._terms.total, np.int64)
        for segment, forward, places in zip(self._snapshot.segments, self._forward, self._terms.places, strict=True):
            counts[places] += forward.counts(mask[segment.base : segment.base + forward.held.size])
        return counts

    def _having_in(self, view: View) -> Ints:
        counts = self._in_view.get(view)
        if counts is None:
            counts = self._in_view[view] = self._having(view.visible)
        return counts

    def _word(self, place: int) -> str:
        words = self._terms.words
        return (self._snapshot.segments[0].file.terms.word(place) if words is None else words[place]).decode()

    @cached_property
    def _forward(self) -> list[Forward]:
        return [Forward(segment.file, fields=_OWN_FIELDS) for segment in self._snapshot.segments]

    @cached_property
    def _terms(self) -> "_Terms":
        segments = self._snapshot.segments
        if len(segments) <= 1:
            # One segment's terms are numbered already.
            return _Terms(None, sum(one.file.terms.count for one in segments), [slice(None)] * len(segments))
        words = sorted(set().union(*(segment.file.terms for segment in segments)))
        place = {word: number for number, word in enumerate(words)}
        places = [
            np.fromiter(map(place.__getitem__, segment.file.terms), np.int64, segment.file.terms.count)
            for segment in segments
        ]
        return _Terms(words, len(words), places)

    @cached_property
    def _topics(self) -> tuple[list[str], Ints, Ints]:
        """The topics' names; and every article with every topic it has, by its number, once."""
        numbers: dict[str, int] = {}
        names: list[str] = []
        pairs = [np.zeros(0, np.int64)]
        for segment in self._snapshot.segments:
            listing = segment.file.listing("topic")
            of_place = np.zeros(len(listing.strings or ()), np.int64)
            for place, written in enumerate(listing.strings or ()):
                number = of_place[place] = numbers.setdefault(fold(written), len(numbers))
                if number == len(names):
                    names.append(written)
                names[number] = min(names[number], written)
            owners = np.repeat(np.arange(listing.counts.size), listing.counts) + segment.base
            pairs.append((owners << 32) | of_place[listing.values])
        # An article that has a topic twice, in two ways of writing it, has it once.
        each = np.sort(np.concatenate(pairs))
        each = each[np.flatnonzero(np.diff(each, prepend=-1))]
        return names, each >> 32, each & 0xFFFFFFFF


class _Terms(NamedTuple):
    """The terms of all segments numbered together.

    `words` is None where they are those of the one segment there is; `places` has for each segment the numbers of its
    terms, or a slice for all of them.
    """

    words: list[bytes] | None
    total: int
    places: Sequence[Ints | slice]


def _strongest(
    a: Ints, b: Ints, sides: Sides, named: Callable[[int], str | None], limit: int
) -> tuple[TypicalTerm, ...]:
    """The strongest that are named, of equal ones by name."""
    hits, others = int(np.count_nonzero(sides.hits)), int(np.count_nonzero(sides.others))
    if not hits or not others:
        return ()
    more = np.flatnonzero((a >= LEAST) & (a * others > b * hits))
    strengths = log_likelihood(a[more], b[more], hits, others)
    told = strengths >= SIGNIFICANT
    more, strengths = more[told], strengths[told]
    found: list[TypicalTerm] = []
    for place in np.argsort(-strengths, kind="stable").tolist():
        if len(found) >= limit and strengths[place] < found[-1].strength:
            break
        name = named(int(more[place]))
        if name is not None:
            at = more[place]
            found.append(TypicalTerm(name, int(a[at]), int(b[at]), float(strengths[place])))
    return tuple(sorted(found, key=lambda one: (-one.strength, one.value))[:limit])


def _as_written(term: str, snapshot: Snapshot) -> str:
    """The word as written that becomes a term most often, in small letters; of equally frequent ones the first."""
    counts: dict[bytes, int] = {}
    for segment in snapshot.segments:
        rank = segment.file.rank(term)
        places = segment.file.forms.of_term(rank).tolist() if rank >= 0 else ()
        for place in places:
            word = segment.file.written.word(place)
            counts[word] = counts.get(word, 0) + int(segment.file.forms.occurrences[place])
    return min(counts, key=lambda word: (-counts[word], word)).decode() if counts else term
