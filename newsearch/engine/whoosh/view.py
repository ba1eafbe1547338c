"""What of a snapshot is visible, and the figures of ranking that depend on all of it.

    view = View(snapshot, snapshot.articles, committed=..., settings=RankingSettings())

Ranking compares an article with the others: how many there are, how long they are on average, what quality and age are
usual, which is newest. All of that is of the visible articles: the live ones or, looking at the archive as of an
earlier moment, those that were there then. A view also keeps the words it has scored and the filters it has applied,
up to a bound.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from newsearch import ranking
from newsearch.engine.whoosh import schema
from newsearch.engine.whoosh.kept import Kept
from newsearch.engine.whoosh.matches import Matches
from newsearch.engine.whoosh.schema import MISSING_DATE, DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.model import RankingSettings

if TYPE_CHECKING:
    from newsearch.engine.whoosh.expansions import Expansion
    from newsearch.engine.whoosh.runs import Places

__all__ = ["View", "visible_as_of"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_KEPT_BYTES = 96_000_000
"""How much of words already scored a view keeps."""

_KEPT_MASKS = 8_000_000
"""How much of filters already applied a view keeps."""

_KEPT_EXPANSIONS = 4_000_000
"""How much of words that prefixes, patterns and misspelt words stand for a view keeps."""


_KEPT_PLACES = 16_000_000
"""How much of where the words of phrases are a view keeps."""

_KEPT_RARITIES = 4096
"""Of how many prefixes, patterns, misspelt words and synonyms a view keeps how many articles have them."""

_UNKNOWN = -1


class View:
    """The visible articles of a snapshot and their statistics.

    Everything is computed at first use and then kept. Safe for threads: what two of them compute at once is the same.
    """

    def __init__(
        self, snapshot: Snapshot, visible: Mask, *, committed: int, settings: RankingSettings, keep: float = 1.0
    ) -> None:
        """`visible` marks documents, `committed` is the time of the last commit in UTC epoch seconds.

        `keep` is the share of the usual that it may keep of words and filters.
        """
        self.snapshot = snapshot
        self.visible = visible
        self.settings = settings
        self._latest_valid = committed + ranking.FUTURE_TOLERANCE
        self.words: Kept[Matches] = Kept(int(_KEPT_BYTES * keep))
        self.masks: Kept[Mask] = Kept(int(_KEPT_MASKS * keep))
        self.expansions: Kept[Expansion] = Kept(int(_KEPT_EXPANSIONS * keep))
        self.places: Kept[Places] = Kept(int(_KEPT_PLACES * keep))
        self.rarities: Kept[int] = Kept(int(_KEPT_RARITIES * keep), overhead=0)

    @cached_property
    def documents(self) -> int:
        """N, the number of visible articles."""
        return int(np.count_nonzero(self.visible))

    @cached_property
    def all_visible(self) -> bool:
        """Whether no document of the snapshot has to be left out of anything: none is deleted or beside the articles.

        Documents beside the articles have no terms, so it is only deleted and not yet visible ones that matter.
        """
        return bool((self.visible | (self.snapshot.column("kind") > DocumentKind.RELATED)).all())

    def has_words(self, number: int, places: NDArray[np.int64]) -> Mask:
        """Which of the words as written at some places of a segment, by its number, a visible article has."""
        if self.all_visible:
            return np.ones(places.size, np.bool_)
        segment, known = self.snapshot.segments[number], self._words_present[number]
        new = places[known[places] == _UNKNOWN]
        if new.size:
            visible = self.visible[segment.base : segment.base + segment.file.documents]
            # Who looks at the same time finds the same.
            known[new] = segment.file.forms.present(visible, new)
        present: Mask = known[places] == 1
        return present

    @cached_property
    def _words_present(self) -> list[NDArray[np.int8]]:
        """For each word of each segment whether a visible article has it, as far as that has been asked."""
        return [np.full(segment.file.written.count, _UNKNOWN, np.int8) for segment in self.snapshot.segments]

    @cached_property
    def average_lengths(self) -> dict[str, float]:
        """The mean length of each text field over the visible articles that have it."""
        averages = {}
        for field in schema.TEXT_FIELDS:
            lengths = self.snapshot.column(schema.length_column(field))[self.visible]
            present = int(np.count_nonzero(lengths))
            averages[field] = int(lengths.sum(dtype=np.int64)) / present if present else 0.0
        return averages

    def weights_by_length(self, field: str) -> Floats:
        """The weight of one occurrence in a field for each length the field has: its weight over the length norm.

        An entry for every length from 0 to the longest, so that the file's own lengths are the index.
        """
        table = self._by_length.get(field)
        if table is None:
            longest = int(self.snapshot.column(schema.length_column(field)).max(initial=0))
            lengths = np.arange(longest + 1, dtype=np.float64)
            norms = ranking.length_norm(lengths, self.average_lengths[field], self.settings.b)
            # With b = 1 and no length the norm is 0; a word of a document is in a field that has a length, or is a
            # stop word alone in it, which then counts as one of length 1.
            norms[0] = norms[0] or norms[min(1, longest)] or 1.0
            table = self._by_length[field] = float(getattr(self.settings.weights, field)) / norms
        return table

    def weights_by_column(self, fields: tuple[str, ...]) -> dict[int, Floats]:
        """The same of some fields, by their places in TEXT_FIELDS; nobody may change it."""
        tables = self._by_column.get(fields)
        if tables is None:
            tables = {schema.TEXT_FIELDS.index(field): self.weights_by_length(field) for field in fields}
            self._by_column[fields] = tables
        return tables

    @cached_property
    def _by_column(self) -> dict[tuple[str, ...], dict[int, Floats]]:
        return {}

    @cached_property
    def _by_length(self) -> dict[str, Floats]:
        return {}

    @cached_property
    def dates_valid(self) -> Mask:
        """Whose date can be ranked by: it is there, and not in the future of the last commit."""
        dates = self.snapshot.dates
        valid: Mask = (dates != MISSING_DATE) & (dates <= self._latest_valid)
        return valid

    @cached_property
    def reference(self) -> int | None:
        """The newest valid date of the visible articles, which ages count from; None where no date is known."""
        dates = self.snapshot.dates[self.visible & self.dates_valid]
        return int(dates.max()) if dates.size else None

    @cached_property
    def ages(self) -> Floats:
        """Each document's age in days; NaN where its date cannot be ranked by."""
        ages = np.full(self.snapshot.size, np.nan)
        if self.reference is not None:
            valid = self.dates_valid
            seconds = self.reference - self.snapshot.dates[valid]
            ages[valid] = np.maximum(seconds, 0) / ranking.DAY
        return ages

    @cached_property
    def median_age(self) -> float | None:
        """The lower median of the known ages of visible articles, in days."""
        return _lower_median(self.ages[self.visible & self.dates_valid])

    @cached_property
    def recency(self) -> Floats:
        """R of each document."""
        if self.median_age is None:
            return np.full(self.snapshot.size, ranking.UNKNOWN_RECENCY)
        ages = np.where(np.isnan(self.ages), self.median_age, self.ages)
        return ranking.recency(ages, self.settings.half_life)

    @cached_property
    def median_quality(self) -> int | None:
        """The lower median of the known qualities of visible articles."""
        qualities = self.snapshot.column("quality")[self.visible]
        median = _lower_median(qualities[qualities >= 0])
        return None if median is None else int(median)

    @cached_property
    def quality(self) -> Floats:
        """Q of each document."""
        found = self.snapshot.column("quality").astype(np.int64)
        assumed = ranking.UNKNOWN_QUALITY if self.median_quality is None else self.median_quality
        used = np.where(found >= 0, found, assumed)
        table = np.array([ranking.quality(value) for value in range(ranking.FULL_QUALITY + 1)])
        return table[np.minimum(used, ranking.FULL_QUALITY)]

    @cached_property
    def priors(self) -> Floats:
        """What quality and recency add to each document's score."""
        zero = np.zeros(self.snapshot.size)
        return ranking.blend(zero, self.quality, self.recency, self.settings)

    @cached_property
    def highest_prior(self) -> float:
        """The most that quality and recency add to any document's score."""
        return float(self.priors.max(initial=0.0))

    def blend(self, matches: Matches, best: float) -> Floats:
        """The score of each matched document, where the best B is `best`."""
        scores = ranking.relevance(matches.scores, best)
        scores *= ranking.relevance_share(self.settings)
        scores += self.priors.take(matches.documents)
        return scores


def visible_as_of(snapshot: Snapshot, moment: int) -> Mask:
    """The articles there were at a moment (UTC epoch seconds).

    Those dated no later, or not at all, which are a file's own or cited by a visible file's.
    """
    dates, kinds = snapshot.dates, snapshot.column("kind")
    current = snapshot.articles & ((dates <= moment) | (dates == MISSING_DATE))
    items = current & (kinds == DocumentKind.ITEM)
    citing, cited = snapshot.cited
    visible: Mask = items | (current & np.isin(snapshot.keys, cited[items[citing]]))
    return visible


def _lower_median(values: NDArray[Any]) -> float | None:
    if not values.size:
        return None
    middle = (values.size - 1) // 2
    return float(np.partition(values, middle)[middle])
