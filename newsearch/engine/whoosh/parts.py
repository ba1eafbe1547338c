"""A segment in memory: what a builder makes, a merge joins and a file holds.

    parts = join([(first, None), (second, keep)])

Everything about documents is in arrays with an entry a document: numbers; `Listing`s, which give each document any
number of values (keys or places in a list of strings); blobs, one byte string a document. Terms are an `Inverted`.
Joining renumbers documents and terms and never looks at text again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.postings import GROUPS, Inverted
from newsearch.engine.whoosh.ragged import ragged

__all__ = ["Blobs", "Listing", "Parts", "Written", "form_numbers", "join"]

_ALL = "all"
"""Stands for all text fields together, beside the names of GROUPS."""

_AT_ONCE = 1_000_000

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Listing:
    """Any number of values for each document, in order: `counts` each, one after the other in `values`.

    `strings` are the distinct strings that the values are places of, ascending; None where values are keys themselves.
    """

    counts: Ints
    values: NDArray[Any]
    strings: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Blobs:
    """A byte string for each document: document i's is `content[ends[i - 1]:ends[i]]`."""

    ends: Ints
    content: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """The words as written (folded, not stemmed), ascending; the places of their terms; how often each occurs.

    A word that is written for two terms stands there twice, in the terms' order. A term's forms (`Inverted.forms`) are
    its words as written, in this order.
    """

    words: list[bytes]
    terms: Ints
    counts: Ints


@dataclass(frozen=True, slots=True)
class Parts:
    """All of a segment. `numbers`, `listings` and `blobs` have the names of the schema.

    `cited` has bytes for each value of the listing of what documents cite, not for each document: what they say of it.
    """

    documents: int
    inverted: Inverted
    written: Written
    numbers: dict[str, NDArray[Any]]
    listings: dict[str, Listing]
    blobs: dict[str, Blobs]
    cited: Blobs


def join(segments: Sequence[tuple[Parts, Mask | None]], *, at_once: int = _AT_ONCE) -> Parts:
    """One segment of the documents that are kept of several, in order; all are kept where there is no mask.

    Ranges of terms with `at_once` postings are joined one after the other, which bounds memory.
    """
    kept = [(parts, np.ones(parts.documents, np.bool_) if keep is None else keep) for parts, keep in segments]
    first = kept[0][0]
    inverted, written = _join_inverted(kept, at_once)
    return Parts(
        sum(int(np.count_nonzero(keep)) for _, keep in kept),
        inverted,
        written,
        {
            name: np.concatenate([parts.numbers[name][keep].astype(np.int64) for parts, keep in kept])
            for name in first.numbers
        },
        {name: _join_listings([(parts.listings[name], keep) for parts, keep in kept]) for name in first.listings},
        {name: _join_blobs([(parts.blobs[name], keep) for parts, keep in kept]) for name in first.blobs},
        _join_blobs([(parts.cited, np.repeat(keep, parts.listings["cites"].counts)) for parts, keep in kept]),
    )


def _join_inverted(kept: Sequence[tuple[Parts, Mask]], at_once: int) -> tuple[Inverted, Written]:
    words = sorted(set().union(*(parts.inverted.words for parts, _ in kept)))
    place = {word: rank for rank, word in enumerate(words)}
    numbers, ranks = [], []
    base = 0
    postings = np.zeros(len(words), np.int64)
    for parts, keep in kept:
        numbers.append(np.where(keep, np.cumsum(keep) - 1 + base, -1))
        base += int(np.count_nonzero(keep))
        inverted = parts.inverted
        ranks.append(np.fromiter(map(place.__getitem__, inverted.words), np.int64, len(inverted.words)))
        postings[ranks[-1]] += np.diff(inverted.start)
    ends = np.cumsum(postings)
    total = int(ends[-1]) if ends.size else 0
    cuts = np.unique([0, *np.searchsorted(ends, np.arange(at_once, total, at_once)), len(words)])
    ranges = [_cut(parts, np.searchsorted(found, cuts)) for (parts, _), found in zip(kept, ranks, strict=True)]
    joined = [_join_range(list(zip(pieces, numbers, strict=True))) for pieces in zip(*ranges, strict=True)]
    return joined[0] if len(joined) == 1 else _one_after_the_other(joined)


def _cut(parts: Parts, cuts: NDArray[np.intp]) -> Iterator[tuple[Inverted, Written]]:
    """A segment's terms cut at some places; at least one range, which may be empty."""
    inverted, written = parts.inverted, parts.written
    offsets = {}
    for group in (*GROUPS, _ALL):
        ends = np.cumsum(_occurrences(inverted, group))
        offsets[group] = np.concatenate([np.zeros(1, np.int64), ends])[inverted.start[cuts]].tolist()
    for number, (low, high) in enumerate(pairwise(cuts.tolist() if cuts.size > 1 else [0, 0])):
        own = np.flatnonzero((written.terms >= low) & (written.terms < high))
        first, end = int(inverted.start[low]), int(inverted.start[high])
        within = {group: slice(*found[number : number + 2]) for group, found in offsets.items()}
        yield (
            Inverted(
                inverted.words[low:high],
                inverted.start[low : high + 1] - first,
                inverted.documents[first:end],
                inverted.codes[first:end],
                inverted.table,
                {group: inverted.positions[group][within[group]] for group in GROUPS},
                inverted.forms[within[_ALL]],
            ),
            Written([written.words[entry] for entry in own.tolist()], written.terms[own] - low, written.counts[own]),
        )


def _one_after_the_other(joined: Sequence[tuple[Inverted, Written]]) -> tuple[Inverted, Written]:
    """Ranges of terms as one."""
    each = [inverted for inverted, _ in joined]
    table, rows = np.unique(np.concatenate([one.table for one in each]), axis=0, return_inverse=True)
    rows = rows.ravel()
    codes, starts, terms = [], [np.zeros(1, np.int64)], []
    row = posting = term = 0
    for inverted, written in joined:
        codes.append(rows[row + inverted.codes])
        starts.append(inverted.start[1:] + posting)
        terms.append(written.terms + term)
        row, posting, term = row + len(inverted.table), posting + inverted.documents.size, term + len(inverted.words)
    # A word of two terms has them in the terms' order: sorting leaves equal words as they stand.
    words = list(chain.from_iterable(written.words for _, written in joined))
    order = sorted(range(len(words)), key=words.__getitem__)
    return Inverted(
        list(chain.from_iterable(one.words for one in each)),
        np.concatenate(starts),
        np.concatenate([one.documents for one in each]),
        np.concatenate(codes),
        table,
        {group: np.concatenate([one.positions[group] for one in each]) for group in GROUPS},
        np.concatenate([one.forms for one in each]),
    ), Written(
        [words[entry] for entry in order],
        np.concatenate(terms)[order],
        np.concatenate([written.counts for _, written in joined])[order],
    )


def _join_range(kept: Sequence[tuple[tuple[Inverted, Written], Ints]]) -> tuple[Inverted, Written]:
    """The terms of several segments as one; with each, the new numbers of its documents, -1 for those that go."""
    words = sorted(set().union(*(inverted.words for (inverted, _), _ in kept)))
    place = {word: rank for rank, word in enumerate(words)}
    keys, codes, tables, starts, counts = [], [], [], [], []
    row = 0
    offsets = dict.fromkeys((*GROUPS, _ALL), 0)
    for (inverted, _), numbers in kept:
        ranks = np.fromiter(map(place.__getitem__, inverted.words), np.int64, len(inverted.words))
        terms = np.repeat(ranks, np.diff(inverted.start))
        documents = numbers[inverted.documents]
        live = documents >= 0
        keys.append(((terms << 32) | documents)[live])
        codes.append(inverted.codes[live] + row)
        tables.append(inverted.table)
        each = {group: _occurrences(inverted, group) for group in offsets}
        counts.append({group: each[group][live] for group in offsets})
        starts.append({group: (np.cumsum(each[group]) - each[group] + offsets[group])[live] for group in offsets})
        row += len(inverted.table)
        offsets = {group: offset + int(each[group].sum()) for group, offset in offsets.items()}
    key = np.concatenate(keys)
    order = np.argsort(key, kind="stable")
    key = key[order]

    def gathered(group: str, everything: list[NDArray[Any]]) -> NDArray[Any]:
        begins = np.concatenate([part[group] for part in starts])[order]
        lengths = np.concatenate([part[group] for part in counts])[order]
        found: NDArray[Any] = np.concatenate(everything)[ragged(begins, lengths)]
        return found

    positions = {group: gathered(group, [inverted.positions[group] for (inverted, _), _ in kept]) for group in GROUPS}
    table, rows = np.unique(np.concatenate(tables), axis=0, return_inverse=True)
    used = np.unique(key >> 32)
    start = np.append(np.searchsorted(key >> 32, used), key.size)
    pairs, own = _written_pairs([terms for terms, _ in kept])
    written, forms = _numbered(pairs, gathered(_ALL, own), [words[rank] for rank in used.tolist()])
    inverted = Inverted(
        [words[rank] for rank in used.tolist()],
        start.astype(np.int64),
        (key & 0xFFFFFFFF).astype(np.uint32),
        rows.ravel()[np.concatenate(codes)[order]].astype(np.int64),
        table,
        positions,
        forms,
    )
    return inverted, written


def _written_pairs(
    segments: Sequence[tuple[Inverted, Written]],
) -> tuple[list[tuple[bytes, bytes]], list[NDArray[np.uint32]]]:
    """The distinct words as written, with their terms; and for each segment's occurrences their places in there."""
    numbers: dict[tuple[bytes, bytes], int] = {}
    own = []
    for inverted, written in segments:
        mine = np.fromiter(
            (
                numbers.setdefault((word, inverted.words[term]), len(numbers))
                for word, term in zip(written.words, written.terms.tolist(), strict=True)
            ),
            np.uint32,
            len(written.words),
        )
        order = np.argsort(written.terms, kind="stable")
        firsts = np.searchsorted(written.terms[order], np.arange(len(inverted.words)))
        counts = np.add.reduceat(_occurrences(inverted, _ALL), inverted.start[:-1]) if inverted.words else firsts
        own.append(mine[order][np.repeat(firsts, counts) + inverted.forms])
    return list(numbers), own


def _numbered(
    pairs: list[tuple[bytes, bytes]], occurrences: NDArray[np.uint32], words: list[bytes]
) -> tuple[Written, NDArray[np.uint16]]:
    """The words as written that occurrences have, given as places in `pairs`; and for each occurrence its form."""
    counts = np.bincount(occurrences, minlength=len(pairs))
    place = {word: rank for rank, word in enumerate(words)}
    entries = sorted((*pairs[number], number) for number in np.flatnonzero(counts).tolist())
    terms = np.fromiter((place[term] for _, term, _ in entries), np.int64, len(entries))
    numbers = np.fromiter((number for _, _, number in entries), np.int64, len(entries))
    form_of = np.zeros(len(pairs), np.uint16)
    form_of[numbers] = form_numbers(terms)
    return Written([word for word, _, _ in entries], terms, counts[numbers]), form_of[occurrences]


def form_numbers(terms: Ints) -> NDArray[np.uint16]:
    """For words as written, given by their terms' places, what number of form each is of its term."""
    order = np.argsort(terms, kind="stable")
    ordered = terms[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    numbers = np.zeros(terms.size, np.uint16)
    numbers[order] = np.arange(terms.size) - np.repeat(first, np.diff(first, append=terms.size))
    return numbers


def _occurrences(inverted: Inverted, group: str) -> Ints:
    """How many positions each posting has in a group of fields, or in all."""
    fields = list(range(inverted.table.shape[1]) if group == _ALL else GROUPS[group])
    counts: Ints = inverted.table[:, fields].sum(axis=1, dtype=np.int64)[inverted.codes]
    return counts


def _join_listings(kept: Sequence[tuple[Listing, Mask]]) -> Listing:
    counts = np.concatenate([listing.counts[keep] for listing, keep in kept])
    chosen = []
    for listing, keep in kept:
        starts = np.cumsum(listing.counts) - listing.counts
        chosen.append(listing.values[ragged(starts[keep], listing.counts[keep])])
    if kept[0][0].strings is None:
        return Listing(counts, np.concatenate(chosen))
    strings = sorted(set().union(*(listing.strings or () for listing, _ in kept)))
    place = {string: rank for rank, string in enumerate(strings)}
    values = [
        np.array([place[string] for string in listing.strings or ()], np.int64)[values.astype(np.int64)]
        for (listing, _), values in zip(kept, chosen, strict=True)
    ]
    joined = np.concatenate(values) if values else np.zeros(0, np.int64)
    used = np.unique(joined)
    return Listing(counts, np.searchsorted(used, joined), [strings[rank] for rank in used.tolist()])


def _join_blobs(kept: Sequence[tuple[Blobs, Mask]]) -> Blobs:
    lengths, content = [], []
    for blobs, keep in kept:
        each = np.diff(blobs.ends, prepend=0)
        lengths.append(each[keep])
        if keep.all():
            content.append(blobs.content)
        else:
            starts = (blobs.ends - each)[keep].tolist()
            content.extend(
                blobs.content[start : start + length] for start, length in zip(starts, each[keep].tolist(), strict=True)
            )
    return Blobs(np.cumsum(np.concatenate(lengths)).astype(np.int64), b"".join(content))
