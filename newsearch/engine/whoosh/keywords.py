"""Which documents have a keyword or a key.

    Keywords(listing, fold_topic).documents("computer vision")
    Keys(listing).documents(key)

Listings say what each document has; here they are asked the other way round.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.distinct import distinct
from newsearch.engine.whoosh.parts import Listing
from newsearch.items.ids import article_id, key_of_id

__all__ = ["Keys", "Keywords"]

Documents = NDArray[np.int32]

_SCANS = 32


class Keywords:
    """The documents of one segment by a keyword field's terms."""

    def __init__(self, listing: Listing, terms_of: Callable[[str], Sequence[str]]) -> None:
        self._listing = listing
        self._terms_of = terms_of

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, string in enumerate(self._listing.strings or ()):
            for term in self._terms_of(string):
                places.setdefault(term, []).append(place)
        return places

    @cached_property
    def terms(self) -> list[str]:
        """All terms, ascending by their UTF-8."""
        return sorted(self._places, key=str.encode)

    @cached_property
    def owners(self) -> Documents:
        """The document that each value of the listing belongs to."""
        counts = self._listing.counts
        return np.repeat(np.arange(counts.size, dtype=np.int32), counts)

    def documents(self, term: str) -> Documents:
        """The documents that have a term, ascending."""
        places = self._places.get(term)
        if places is None:
            return np.zeros(0, np.int32)
        values = self._listing.values
        found = self.owners[values == places[0] if len(places) == 1 else np.isin(values, places)]
        return found if found.size < 2 or (np.diff(found) > 0).all() else distinct(found)


class Keys:
    """The documents of one segment by an article's key."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._scanned = 0

    @cached_property
    def owners(self) -> Documents:
        """The document that each key belongs to."""
        counts = self._listing.counts
        return np.repeat(np.arange(counts.size, dtype=np.int32), counts)

    @cached_property
    def _sorted(self) -> tuple[NDArray[Any], NDArray[np.int64]]:
        order = np.argsort(self._listing.values, kind="stable")
        return self._listing.values[order], order

    @cached_property
    def terms(self) -> list[str]:
        """The ids of all keys, ascending, which is the order of the keys too."""
        return [article_id(key) for key in np.unique(self._listing.values).tolist()]

    def documents(self, key: int) -> Documents:
        """The documents that have a key, ascending."""
        if self._scanned < _SCANS and "_sorted" not in self.__dict__:
            # A look at every key is quicker than sorting them, as long as few are asked for.
            self._scanned += 1
            found: Documents = self.owners[self._listing.values == np.uint64(key)]
            return found
        keys, order = self._sorted
        first, end = np.searchsorted(keys, np.uint64(key)), np.searchsorted(keys, np.uint64(key), side="right")
        return self.owners[order[first:end]]

    def between(self, low: int, high: int) -> NDArray[np.uint64]:
        """The keys from `low` to `high`, both included, in no order."""
        values = self._listing.values
        limit = int(np.iinfo(np.uint64).max)
        if low > limit:
            return np.zeros(0, np.uint64)
        found: NDArray[np.uint64] = values[(values >= np.uint64(low)) & (values <= np.uint64(min(high, limit)))]
        return found

    def of(self, document: int) -> NDArray[np.uint64]:
        """The keys that a document has, in order."""
        keys: NDArray[np.uint64] = self._listing.values[self.owners == document]
        return keys

    def documents_by_id(self, term: str) -> Documents:
        """The documents of a key given as an id; none where it is not a whole id."""
        try:
            return self.documents(key_of_id(term))
        except ValueError:
            return np.zeros(0, np.int32)
