"""What is typical of the articles found: words, topics and providers.

    sides = Sides(hits, others)                                # masks of documents
    typical_words(sides, view, without={"recognit"}, limit=20)

On both sides it is counted how many articles have a value, and the log-likelihood ratio G² of the two counts says how
little chance explains the difference: Dunning, "Accurate Methods for the Statistics of Surprise and Coincidence",
Computational Linguistics 19 (1993), of the whole 2 x 2 table; for comparing corpora Rayson and Garside (2000). Listed
is what hits have more often than the others, LEAST hits at the least, with a G² of SIGNIFICANT or more.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.analysis import fold
from newsearch.engine.whoosh.refs import Providers
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.findings import TypicalTerm

__all__ = ["LEAST", "SIGNIFICANT", "Sides", "log_likelihood", "typical_providers", "typical_topics", "typical_words"]

LEAST = 2
"""How many hits have to have a value for it to be typical."""

SIGNIFICANT = 10.83
"""A G² that chance exceeds once in a thousand (chi-squared with one degree of freedom)."""

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_OWN_FIELDS = tuple(place for place, name in enumerate(TEXT_FIELDS) if name != "related")


class Sides(NamedTuple):
    """The documents compared: those found, and others that are not among them."""

    hits: Mask
    others: Mask


def log_likelihood(a: Ints, b: Ints, hits: int, others: int) -> NDArray[np.float64]:
    """G² of values that `a` of so many hits have and `b` of so many others; 0 or more."""
    cells = _entropy(a) + _entropy(b) + _entropy(hits - a) + _entropy(others - b)
    rows = _entropy(np.array([hits])) + _entropy(np.array([others])) - _entropy(np.array([hits + others]))
    columns = _entropy(a + b) + _entropy(hits + others - a - b)
    return np.maximum(2.0 * (cells - columns - rows), 0.0)


def _entropy(counts: Ints) -> NDArray[np.float64]:
    """n ln n, 0 for 0."""
    return np.where(counts > 0, counts * np.log(np.maximum(counts, 1)), 0.0)


def typical_words(sides: Sides, snapshot: Snapshot, *, without: Collection[str], limit: int) -> tuple[TypicalTerm, ...]:
    """The typical words of the articles' own text, as they are written most often; terms of `without` are left out."""
    word, a, b = _word_counts(sides, snapshot)
    analyzer = snapshot.analyzer

    def named(place: int) -> str | None:
        term = word(place).decode()
        told = term not in without and not analyzer.is_stop(term) and not term.isdigit()
        return term if told else None

    found = _strongest(a, b, sides, named, limit)
    return tuple(TypicalTerm(_as_written(one.value, snapshot), one.hits, one.others, one.strength) for one in found)


def typical_topics(sides: Sides, snapshot: Snapshot, *, limit: int) -> tuple[TypicalTerm, ...]:
    """The typical topics; those that differ in case or accents alone are one, written as the first of them."""
    numbers: dict[str, int] = {}
    names: list[str] = []
    counts = [np.zeros(0, np.int64), np.zeros(0, np.int64)]
    for segment in snapshot.segments:
        listing = segment.file.listing("topic")
        of_place = np.zeros(len(listing.strings or ()), np.int64)
        for place, written in enumerate(listing.strings or ()):
            number = of_place[place] = numbers.setdefault(fold(written), len(numbers))
            if number == len(names):
                names.append(written)
            names[number] = min(names[number], written)
        owners = np.repeat(np.arange(listing.counts.size), listing.counts) + segment.base
        # An article that has a topic twice, in two ways of writing it, has it once.
        pairs = np.unique((owners << 32) | of_place[listing.values])
        owners, topics = pairs >> 32, pairs & 0xFFFFFFFF
        for side, mask in enumerate(sides):
            more = np.bincount(topics[mask[owners]], minlength=len(names))
            more[: counts[side].size] += counts[side]
            counts[side] = more
    return _strongest(counts[0], counts[1], sides, lambda place: names[place], limit)


def typical_providers(sides: Sides, providers: Providers, *, limit: int) -> tuple[TypicalTerm, ...]:
    """The typical providers."""
    a, b = (np.bincount(providers.codes[mask] + 1, minlength=len(providers.names) + 1)[1:] for mask in sides)
    return _strongest(a, b, sides, lambda place: providers.names[place], limit)


def _strongest(
    a: Ints, b: Ints, sides: Sides, named: Callable[[int], str | None], limit: int
) -> tuple[TypicalTerm, ...]:
    """The strongest that are named, of equal ones by name."""
    hits, others = (int(np.count_nonzero(mask)) for mask in sides)
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


def _word_counts(sides: Sides, snapshot: Snapshot) -> tuple[Callable[[int], bytes], Ints, Ints]:
    """What tells the term at a place, and how many articles of each side have each term in their own text."""
    counted = []
    for segment in snapshot.segments:
        ranks, documents = segment.file.postings.pairs(_OWN_FIELDS)
        documents += segment.base
        counted.append([np.bincount(ranks[mask[documents]], minlength=segment.file.terms.count) for mask in sides])
    if len(counted) == 1:
        return snapshot.segments[0].file.terms.word, counted[0][0], counted[0][1]
    words = sorted(set().union(*(segment.file.terms for segment in snapshot.segments)))
    place = {word: number for number, word in enumerate(words)}
    a, b = np.zeros(len(words), np.int64), np.zeros(len(words), np.int64)
    for segment, counts in zip(snapshot.segments, counted, strict=True):
        places = np.fromiter(map(place.__getitem__, segment.file.terms), np.int64, segment.file.terms.count)
        a[places] += counts[0]
        b[places] += counts[1]
    return words.__getitem__, a, b


def _as_written(term: str, snapshot: Snapshot) -> str:
    """The word as written that becomes a term most often, in small letters; of equally frequent ones the first."""
    analyzer = snapshot.analyzer
    # A stem shares all but its last letters with its words: "studi" is of "studies".
    prefix = term[: max(2, len(term) - 2)]
    counts: dict[str, int] = {}
    for segment in snapshot.segments:
        written = segment.file.written
        frequencies = segment.file.file["written/count"]
        for place in written.range(prefix.encode()):
            word = written.word(place).decode()
            if analyzer.term_of(word) == term:
                counts[word] = counts.get(word, 0) + int(frequencies[place])
    return min(counts, key=lambda word: (-counts[word], word)) if counts else term
