"""How often what a query looks for occurs in each text field of each article.

    tally = tallied(Run((("police",), ("facial",)), slop=3), view)
    tally.documents, tally.frequencies[0]               # of the first field of TEXT_FIELDS

A run of words, in a row or near each other, words of some form, or any of several runs. What a tally adds to a score is
`clauses`'. Frequencies of words are whole numbers until they are weighted, so that they add up to the same whatever the
segments are.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.sought import Form, OneOf, Run, Sought, Terms
from newsearch.engine.whoosh.expansions import expanded
from newsearch.engine.whoosh.runs import occurrences
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Documents
from newsearch.engine.whoosh.totals import totals
from newsearch.engine.whoosh.view import View

__all__ = ["Tally", "tallied"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Tally(NamedTuple):
    """The visible documents where something occurs, ascending, and for each of TEXT_FIELDS how often in each."""

    documents: Documents
    frequencies: list[Floats]


class _Some(NamedTuple):
    """Documents where something occurs, ascending, and for each field how often; each occurrence counts `worth`."""

    documents: Documents
    counts: list[Ints]
    worth: float = 1.0


def tallied(sought: Sought, view: View) -> Tally:
    """Where something occurs in a view."""
    match sought:
        case Form():
            found = _of_form(sought, view)
        case OneOf(terms=terms, runs=runs):
            found = [_of_postings([_of_terms(terms, view), *(_of_run(run, view) for run in runs)], view)]
        case Run(slots=(terms,)):
            found = [_of_postings([_of_terms(terms, view)], view)]
        case _:
            found = [_of_postings([_of_run(sought, view)], view)]
    return _tally(found, view)


def _tally(found: Sequence[_Some], view: View) -> Tally:
    """The visible ones of some documents, and what their occurrences come to."""
    if not view.all_visible:
        found = [_only_visible(some, view) for some in found]
    if len(found) == 1 and found[0].worth == 1:
        return Tally(found[0].documents, [counts.astype(np.float64) for counts in found[0].counts])
    every = np.zeros(view.snapshot.size, np.bool_)
    for some in found:
        every[some.documents] = True
    documents = every.nonzero()[0]
    frequencies = [np.zeros(documents.size) for _ in TEXT_FIELDS]
    for some in found:
        places = documents.searchsorted(some.documents)
        for frequency, counts in zip(frequencies, some.counts, strict=True):
            frequency[places] += counts * some.worth
    return Tally(documents, frequencies)


def _only_visible(some: _Some, view: View) -> _Some:
    seen = view.visible.take(some.documents).nonzero()[0]
    return _Some(some.documents.take(seen), [counts.take(seen) for counts in some.counts], some.worth)


def _of_form(form: Form, view: View) -> list[_Some]:
    """What a form's words come to, for each worth that they have."""
    found = []
    for worth, places in expanded(form, view).groups:
        # Whole numbers are added up first, so that nothing is rounded in an order that depends on the segments.
        parts = [
            (segment.base, *segment.file.forms.counts(own, segment.file.documents))
            for segment, own in zip(view.snapshot.segments, places, strict=True)
            if own.size
        ]
        documents = [documents + base for base, documents, _ in parts]
        counts = [np.concatenate(of_field) for of_field in zip(*(counts for _, _, counts in parts), strict=True)]
        if documents:
            found.append(_Some(np.concatenate(documents), counts, worth))
    return found or [_Some(np.zeros(0, np.int64), [np.zeros(0, np.int64) for _ in TEXT_FIELDS])]


def _of_postings(found: Sequence[tuple[Documents, Ints]], view: View) -> _Some:
    """What documents and their rows in the snapshot's table come to."""
    documents, codes = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _Some(*totals(documents, codes, view.snapshot.table, view.snapshot.size))


def _of_terms(terms: Terms, view: View) -> tuple[Documents, Ints]:
    """The postings of some terms, one term's after the other's."""
    found = [(np.zeros(0, np.int64), np.zeros(0, np.int64)), *map(view.snapshot.postings, terms)]
    documents, codes = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return documents, codes


def _of_run(run: Run, view: View) -> tuple[Documents, Ints]:
    """For each occurrence of a run, its document and the row that stands for one occurrence in its field."""
    first_row = len(view.snapshot.table) - len(TEXT_FIELDS)
    found, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for segment in view.snapshot.segments:
        documents, fields = occurrences(run, segment, view.places)
        if documents.size:
            found.append(documents + segment.base)
            rows.append(fields + first_row)
    return np.concatenate(found), np.concatenate(rows)
