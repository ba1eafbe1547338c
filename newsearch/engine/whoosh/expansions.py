"""The words of the archive that a prefix, a pattern or a misspelt word stands for.

    expansion = expanded(Form("prefix", "recogni", 0, MAX_EXPANSIONS), view)
    expansion.words(view), expansion.truncated

Words are as written: folded and not stemmed. What their occurrences add up to is `tallies`'.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.sought import Form
from newsearch.engine.whoosh.view import View
from newsearch.engine.whoosh.vocabulary import Vocabulary
from newsearch.query.written import wildcard

__all__ = ["Expansion", "expanded"]

Places = NDArray[np.int64]

_PLACE_BYTES = 10
_SPARE = 16
"""One word in so many more is looked at than is wanted, for some may be written for two terms or out of sight."""


class Expansion:
    """What a form stands for.

    `groups` has for each worth that words have (above 0, 1 at most) their places in the vocabulary of each segment.
    `truncated`: there are more such words, which are not searched.
    """

    def __init__(self, form: Form, groups: list[tuple[float, list[Places]]], *, truncated: bool) -> None:
        self.form = form
        self.groups = groups
        self.truncated = truncated
        self._count: int | None = form.most if truncated else None

    @property
    def size(self) -> int:
        """How many places there are, over all segments."""
        return sum(places.size for _, parts in self.groups for places in parts)

    def count(self, view: View) -> int:
        """How many words of visible articles there are, the same however the articles lie in segments."""
        if self._count is None:
            found = (_distinct(parts, _vocabularies(view)) for parts in self._shown(view))
            self._count = len(set().union(*found))
        return self._count

    def fits(self, view: View) -> Callable[[str], bool]:
        """What tells whether a word as written is one of them."""
        if self.truncated or self.form.kind == "fuzzy":
            return frozenset(self.words(view)).__contains__
        if self.form.kind == "prefix":
            return lambda word: word.startswith(self.form.text)
        match = wildcard(self.form.text).match
        return lambda word: match(word) is not None

    def words(self, view: View) -> list[str]:
        """The words, of visible articles as they are counted, ascending."""
        found: set[str] = set()
        for parts in self._shown(view):
            for vocabulary, places in _pairs(_vocabularies(view), parts):
                found.update(vocabulary.texts(places))
        return sorted(found)

    def _shown(self, view: View) -> Iterator[list[Places]]:
        """For each worth the places of the words that visible articles have."""
        for _, parts in self.groups:
            yield [places[view.has_words(number, places)] for number, places in enumerate(parts)]


def expanded(form: Form, view: View) -> Expansion:
    """The words that a form stands for in a view: no more than it allows."""

    def compute() -> tuple[Expansion, int]:
        expansion = _expand(form, view)
        return expansion, expansion.size * _PLACE_BYTES

    return view.expansions.get(form, compute)


_pairs = partial(zip, strict=True)


def _vocabularies(view: View) -> list[Vocabulary]:
    return [segment.file.vocabulary for segment in view.snapshot.segments]


def _expand(form: Form, view: View) -> Expansion:
    if form.kind == "fuzzy":
        return _nearly(form, view)
    found = []
    for vocabulary in _vocabularies(view):
        found.append(vocabulary.prefixed(form.text) if form.kind == "prefix" else vocabulary.fitting(form.text))
    # The dictionary's words have no more letters than fit a byte.
    keys = [vocabulary.lengths[places].astype(np.uint8) for vocabulary, places in _pairs(_vocabularies(view), found)]
    kept, truncated = _first(found, keys, form.most, view)
    return Expansion(form, [(1.0, kept)], truncated=truncated)


def _nearly(form: Form, view: View) -> Expansion:
    limit = min(form.distance, len(form.text) - 1)
    near = [vocabulary.near(form.text, limit) for vocabulary in _vocabularies(view)]
    found, far = [places for places, _ in near], [edits for _, edits in near]
    kept, truncated = _first(found, far, form.most, view)
    if truncated:
        far = [
            edits.take(all_places.searchsorted(places))
            for places, all_places, edits in zip(kept, found, far, strict=True)
        ]
    groups: list[tuple[float, list[Places]]] = []
    for count in range(limit + 1):
        chosen = [places[edits == count] for places, edits in _pairs(kept, far)]
        if any(places.size for places in chosen):
            groups.append((1 - count / len(form.text), chosen))
    return Expansion(form, groups, truncated=truncated)


def _distinct(parts: list[Places], vocabularies: list[Vocabulary]) -> set[int] | set[str]:
    """The words at some places of each segment, each once: by number where that tells them apart."""
    if len(vocabularies) == 1:
        return set(vocabularies[0].numbers[parts[0]].tolist())
    return {text for vocabulary, own in zip(vocabularies, parts, strict=True) for text in vocabulary.texts(own)}


def _first(found: list[Places], keys: list[NDArray[np.uint8]], most: int, view: View) -> tuple[list[Places], bool]:
    """The places of the words of visible articles with the lowest keys, of equal ones the first by text; and whether
    there are more of them than so many."""
    vocabularies = _vocabularies(view)
    if sum(places.size for places in found) <= most:
        return found, False
    leading = [_leading(number, places, key, most, view) for number, (places, key) in enumerate(_pairs(found, keys))]
    if len(vocabularies) > 1:
        # The same word may be in several segments.
        words = (
            zip(key.tolist(), vocabulary.texts(own), strict=True)
            for vocabulary, (own, key) in _pairs(vocabularies, leading)
        )
        ordered = sorted(set().union(*words))
        if len(ordered) <= most:
            return found, False
        last, text = ordered[most - 1]
    else:
        ((places, key),) = leading
        if places.size <= most:
            return found, False
        last, (text,) = key[most - 1], vocabularies[0].texts(places[most - 1 : most])
    kept = []
    for vocabulary, (places, key) in _pairs(vocabularies, _pairs(found, keys)):
        kept.append(places[(key < last) | ((key == last) & (places < vocabulary.end_of(text)))])
    return kept, True


def _leading(
    number: int, places: Places, key: NDArray[np.uint8], most: int, view: View
) -> tuple[Places, NDArray[np.uint8]]:
    """Of some words of a segment the first of visible articles, each once, with their keys: one more than `most`, if
    there are as many."""
    order, numbers = key.argsort(kind="stable"), view.snapshot.segments[number].file.vocabulary.numbers
    chosen = order[:0]
    start, end = 0, most + 1 + most // _SPARE
    while start < order.size and chosen.size <= most:
        part = order[start:end]
        chosen = np.concatenate([chosen, part[view.has_words(number, places[part])]])
        # A word that is written for two terms stands there twice, one behind the other.
        chosen = chosen[np.diff(numbers[places[chosen]], prepend=-1) != 0]
        # Twice as many each time: where most words are out of sight, few rounds see them all.
        start, end = end, end + max(2 * (most + 1 - chosen.size), end)
    chosen = chosen[: most + 1]
    return places[chosen], key[chosen]
