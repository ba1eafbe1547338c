"""Titles that say the same in nearly the same words.

    pairs = alike(view, days=14)
    pairs.left, pairs.right                  # documents

When two titles are alike is said in `newsearch.engine.rules.stories`.

Titles come from the inverted index, so no text is read. Since both must have the same rarest term, those that do are
the only ones to compare: a prefix filter with a prefix of one (Chaudhuri, Ganti and Kaushik, ICDE 2006).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.stories import RARE, nearly_the_same
from newsearch.engine.whoosh.distinct import numbered
from newsearch.engine.whoosh.forward import Forward
from newsearch.engine.whoosh.ragged import ragged
from newsearch.engine.whoosh.schema import MISSING_DATE, TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.engine.whoosh.view import View
from newsearch.ranking import DAY

__all__ = ["Pairs", "alike"]

Ints = NDArray[np.int64]

_MIX = np.uint64(0x9E3779B97F4A7C15)
_STOP = -1
_TITLE = TEXT_FIELDS.index("title")


class Pairs(NamedTuple):
    """Pairs of documents; of documents with equal titles only those next to each other by date are paired."""

    left: Documents
    right: Documents


class _Titles(NamedTuple):
    """The terms of each title, ascending: those of `documents[i]` are `terms[starts[i]:starts[i] + counts[i]]`."""

    documents: Documents
    dates: Ints
    starts: Ints
    counts: Ints
    terms: Ints


def alike(view: View, *, days: int) -> Pairs:
    """The visible articles whose titles are alike; each pair once."""
    titles = _titles(view)
    if not titles.documents.size:
        return Pairs(titles.documents, titles.documents)
    equal = _equal(titles, days * DAY)
    near = _near(titles, days * DAY)
    left, right = np.concatenate([equal[0], near[0]]), np.concatenate([equal[1], near[1]])
    return Pairs(titles.documents[left], titles.documents[right])


def _titles(view: View) -> _Titles:
    documents, terms = _title_terms(view.snapshot)
    kept = view.visible[documents] & (view.snapshot.dates[documents] != MISSING_DATE)
    documents, terms = documents[kept], terms[kept]
    starts = np.flatnonzero(np.diff(documents, prepend=-1))
    counts = np.diff(starts, append=documents.size)
    kept = np.repeat(counts > 1, counts)
    documents, terms = documents[kept], terms[kept]
    starts = np.flatnonzero(np.diff(documents, prepend=-1))
    found = documents[starts]
    return _Titles(found, view.snapshot.dates[found], starts, np.diff(starts, append=documents.size), terms)


def _title_terms(snapshot: Snapshot) -> tuple[Documents, Ints]:
    """Every term of every title but stop words: the document, and the term as its place among the sorted terms.

    Documents ascend, and so do the terms of each.
    """
    analyzer = snapshot.analyzer
    titles = [Forward(segment.file, fields=(_TITLE,)) for segment in snapshot.segments]
    words: list[dict[int, bytes]] = []
    for segment, one in zip(snapshot.segments, titles, strict=True):
        # One segment's terms are in the order of its words already, and only stop words have to be known.
        used = np.flatnonzero(np.bincount(one.terms, minlength=1)).tolist() if len(titles) > 1 else []
        words.append({rank: segment.file.terms.word(rank) for rank in used})
    place = {word: number for number, word in enumerate(sorted(set().union(*(one.values() for one in words))))}
    documents, terms = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for segment, one, named in zip(snapshot.segments, titles, words, strict=True):
        numbers = np.arange(one.count)
        numbers[list(named)] = [place[word] for word in named.values()]
        numbers[[rank for word in analyzer.stop_words if (rank := segment.file.rank(word)) >= 0]] = _STOP
        found = numbers[one.terms]
        kept = found != _STOP
        owners = np.repeat(np.arange(segment.base, segment.base + one.held.size), one.held)
        documents.append(owners[kept])
        terms.append(found[kept])
    return np.concatenate(documents), np.concatenate(terms)


def _equal(titles: _Titles, span: int) -> tuple[Ints, Ints]:
    """Titles with equal terms, each with the next one by date."""
    several = _same_sums(titles)
    groups = _same_sets(titles, several)
    order = np.lexsort((titles.dates[several], groups))
    groups, order = groups[order], several[order]
    first, second = order[:-1], order[1:]
    joined = (groups[:-1] == groups[1:]) & (titles.dates[second] - titles.dates[first] <= span)
    return first[joined], second[joined]


def _same_sums(titles: _Titles) -> Ints:
    """Titles that may have equal terms: a hash of the terms, in any order, is that of another title too."""
    mixed = titles.terms.astype(np.uint64) * _MIX
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _MIX
    sums = np.add.reduceat(mixed, titles.starts)
    order = np.argsort(sums)
    same = np.diff(sums[order]) == 0
    alike = np.zeros(order.size, np.bool_)
    alike[:-1] |= same
    alike[1:] |= same
    return order[alike]


def _same_sets(titles: _Titles, chosen: Ints) -> Ints:
    """A number for each of some titles, equal where their terms are.

    Term by term, titles that had the same ones so far go on together.
    """
    counts, starts = titles.counts[chosen], titles.starts[chosen]
    groups = counts.copy()
    for column in range(int(counts.max(initial=0))):
        going = counts > column
        # One that has ended stays apart from those that go on: their counts differ.
        following = np.where(going, titles.terms[np.where(going, starts + column, 0)], 0)
        groups = numbered((groups << 32) | following)[1]
    return groups


def _near(titles: _Titles, span: int) -> tuple[Ints, Ints]:
    """Titles with the same rarest term and nearly the same others; those with equal ones are left to `_equal`."""
    owners = np.repeat(np.arange(titles.documents.size), titles.counts)
    terms = titles.terms
    spread = np.bincount(terms)
    rarest = np.minimum.reduceat((spread[terms] << 32) | terms, titles.starts) & 0xFFFFFFFF
    rare = np.flatnonzero(spread[rarest] <= RARE)
    by_term = rare[np.lexsort((titles.dates[rare], rarest[rare]))]
    left, right = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, RARE):
        first, second = by_term[:-step], by_term[step:]
        close = (rarest[first] == rarest[second]) & (titles.dates[second] - titles.dates[first] <= span)
        if not close.any():
            break
        left.append(first[close])
        right.append(second[close])
    a, b = np.concatenate(left), np.concatenate(right)
    common = _common(a, b, owners, terms, titles)
    union = titles.counts[a] + titles.counts[b] - common
    near = nearly_the_same(common, union) & (common < union)
    return a[near], b[near]


def _common(a: Ints, b: Ints, owners: Ints, terms: Ints, titles: _Titles) -> Ints:
    """How many terms each pair of titles has in common."""
    if not a.size:
        return a
    known = (owners << 32) | terms  # ascending, as both are
    counts = titles.counts[a]
    wanted = (np.repeat(b, counts) << 32) | titles.terms[ragged(titles.starts[a], counts)]
    at = np.minimum(np.searchsorted(known, wanted), known.size - 1)
    starts = np.cumsum(counts) - counts
    return np.add.reduceat((known[at] == wanted).astype(np.int64), starts)
