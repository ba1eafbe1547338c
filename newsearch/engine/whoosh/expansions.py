"""The words of the archive that a prefix, a pattern or a misspelt word stands for.

    expansion = expanded(Form("prefix", "recogni", 0, MAX_EXPANSIONS), view)
    expansion.words(view), expansion.truncated

Words are as written: folded and not stemmed. What their occurrences add up to is `tallies`'.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.sought import Form
from newsearch.engine.whoosh.view import View
from newsearch.engine.whoosh.vocabulary import Vocabulary
from newsearch.query.written import wildcard

__all__ = ["Expansion", "expanded"]

Places = NDArray[np.int64]

_PLACE_BYTES = 10


class Expansion:
    """What a form stands for.

    `groups` has for each worth that words have (above 0, 1 at most) their places in the vocabulary of each segment.
    `truncated`: there are more such words, which are not searched.
    """

    def __init__(self, form: Form, groups: list[tuple[float, list[Places]]], *, truncated: bool) -> None:
        self.form = form
        self.groups = groups
        self.truncated = truncated

    @property
    def count(self) -> int:
        """How many words there are, one that is in several segments counted in each."""
        return sum(places.size for _, parts in self.groups for places in parts)

    def fits(self, view: View) -> Callable[[str], bool]:
        """What tells whether a word as written is one of them."""
        if self.truncated or self.form.kind == "fuzzy":
            return frozenset(self.words(view)).__contains__
        if self.form.kind == "prefix":
            return lambda word: word.startswith(self.form.text)
        match = wildcard(self.form.text).match
        return lambda word: match(word) is not None

    def words(self, view: View) -> list[str]:
        """The words, ascending."""
        found: set[str] = set()
        for _, parts in self.groups:
            for vocabulary, places in zip(_vocabularies(view), parts, strict=True):
                found.update(vocabulary.texts(places))
        return sorted(found)


def expanded(form: Form, view: View) -> Expansion:
    """The words that a form stands for in a view: no more than it allows."""

    def compute() -> tuple[Expansion, int]:
        expansion = _expand(form, view)
        return expansion, expansion.count * _PLACE_BYTES

    return view.expansions.get(form, compute)


def _vocabularies(view: View) -> list[Vocabulary]:
    return [segment.file.vocabulary for segment in view.snapshot.segments]


def _expand(form: Form, view: View) -> Expansion:
    if form.kind == "fuzzy":
        return _nearly(form, view)
    found = []
    for vocabulary in _vocabularies(view):
        found.append(vocabulary.prefixed(form.text) if form.kind == "prefix" else vocabulary.fitting(form.text))
    keys = [vocabulary.lengths[places] for vocabulary, places in zip(_vocabularies(view), found, strict=True)]
    kept, truncated = _first(found, keys, form.most, view)
    return Expansion(form, [(1.0, kept)], truncated=truncated)


def _nearly(form: Form, view: View) -> Expansion:
    limit = min(form.distance, len(form.text) - 1)
    near = [vocabulary.near(form.text, limit) for vocabulary in _vocabularies(view)]
    found, far = [places for places, _ in near], [edits for _, edits in near]
    kept, truncated = _first(found, far, form.most, view)
    groups: list[tuple[float, list[Places]]] = []
    for count in range(limit + 1):
        chosen = [
            places[np.isin(places, all_places[edits == count], assume_unique=True)]
            for places, all_places, edits in zip(kept, found, far, strict=True)
        ]
        if any(places.size for places in chosen):
            groups.append((1 - count / len(form.text), chosen))
    return Expansion(form, groups, truncated=truncated)


def _first(found: list[Places], keys: list[NDArray[Any]], most: int, view: View) -> tuple[list[Places], bool]:
    """The places of the words of visible articles with the lowest keys, of equal ones the first by text; and whether
    there are more of them than so many."""
    vocabularies = _vocabularies(view)
    if sum(places.size for places in found) <= most:
        return found, False
    candidates: dict[tuple[int, str], None] = {}
    for number, (vocabulary, places, key) in enumerate(zip(vocabularies, found, keys, strict=True)):
        own, ranked = places, key
        if not view.all_visible:
            kept = view.words_present[number][places]
            own, ranked = places[kept], key[kept]
        # A word may be written for two terms, and so stand there twice.
        order = np.argsort(ranked, kind="stable")[: 2 * (most + 1)]
        pairs = zip(ranked[order].tolist(), vocabulary.texts(own[order]), strict=True)
        candidates.update(dict.fromkeys(pairs))
    ordered = sorted(candidates)
    if len(ordered) <= most:
        return found, False
    last = ordered[most - 1]
    kept_places = []
    for vocabulary, places, key in zip(vocabularies, found, keys, strict=True):
        below = key < last[0]
        level = np.flatnonzero(key == last[0])
        below[level] = [text <= last[1] for text in vocabulary.texts(places[level])]
        kept_places.append(places[below])
    return kept_places, True
