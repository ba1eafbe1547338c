"""Completions of what somebody began to type: words as written, topics, providers.

    Completer(view).complete("facial rec", limit=10, kinds=("word",), today=now)

Each has the number of live articles that a search for it finds: for a word those with it in any form, and of several
words those with all of them; for a topic or provider those of that topic or provider. Of the forms of a word the one
that is written most often stands for all that begin so. Candidates are looked at in the order of what they can find at
most, until none that is left can be among the best.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from datetime import datetime
from functools import cached_property, lru_cache, partial
from heapq import heappush, heappushpop
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.completion import Value, beginning, last_word, values_of
from newsearch.engine.whoosh.evaluate import evaluate
from newsearch.engine.whoosh.frequency import frequency, having
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.view import View
from newsearch.model import Completion, CompletionKind
from newsearch.query import parse

__all__ = ["Completer"]

_FORMS = 32
"""A word is in at most so many articles as its most written form is written, times this: no stem has more forms."""

_CANDIDATES = 1024
"""Words looked at for one prefix, the most written ones; only a letter or two begin more."""

_PREFIXES = 64
"""Prefixes whose words are kept: the short ones, which have most words, come up again and again."""


class _Candidate(NamedTuple):
    """A text, the most articles it can be in, and what gives their true number."""

    text: str
    at_most: int
    counted: Callable[[], int]


class Completer:
    """Completes for one view. Safe for threads: what two of them compute at once is the same."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._analyzer = view.snapshot.analyzer
        self._written = lru_cache(maxsize=_PREFIXES)(self._all_written)

    def complete(
        self, prefix: str, *, limit: int, kinds: Sequence[CompletionKind], today: datetime
    ) -> tuple[Completion, ...]:
        """The `limit` completions that most articles have, ties alphabetical.

        Of several words the last is completed, and the words before it, which may be anything of the query language,
        have to be found with it. Ages in them count back from `today`. A topic or a provider is completed from the
        beginning of any of its words.
        """
        found: list[Completion] = []
        if "word" in kinds:
            found += _best(self._words(prefix, today), "word", limit)
        for kind in ("topic", "provider"):
            if kind in kinds:
                found += _best(self._values(kind, " ".join(fold(prefix).split())), kind, limit)
        return tuple(sorted(found, key=_order)[:limit])

    # --- Words ---

    def _words(self, prefix: str, today: datetime) -> Iterable[_Candidate]:
        before, begun = last_word(prefix)
        pairs = self._analyzer.written_terms(begun)
        if len(pairs) > 1 or (begun and not pairs):
            return ()
        # What was typed already is no completion, in whatever form.
        typed = set(self._analyzer.terms(before))
        candidates = self._alone(pairs[0][0] if pairs else "", typed)
        if not before.strip():
            return candidates
        within = np.zeros(self._view.snapshot.size, np.bool_)
        within[evaluate(parse(before, today=today).tree, self._view, match="all").matches.documents] = True
        each = ((candidate, candidate.counted()) for candidate in candidates)
        return [
            _Candidate(before + word.text, count, partial(self._together, word.text, within))
            for word, count in sorted(each, key=lambda pair: -pair[1])
        ]

    def _alone(self, prefix: str, typed: Set[str]) -> Iterator[_Candidate]:
        """The words that begin so, a form of each, in articles of whatever else."""
        seen = set(typed)
        for word, written in self._written(prefix):
            terms = self._analyzer.terms(word)
            if len(terms) == 1 and terms[0] not in seen and not self._analyzer.is_stop(terms[0]):
                seen.add(terms[0])
                yield _Candidate(word, written * _FORMS, partial(self._frequency, terms[0]))

    def _frequency(self, term: str) -> int:
        return frequency(self._analyzer.alternatives(term), TEXT_FIELDS, self._view)

    def _together(self, word: str, within: NDArray[np.bool_]) -> int:
        """How many of some articles have a word."""
        (term,) = self._analyzer.terms(word)
        return int(np.count_nonzero(within[having(self._analyzer.alternatives(term), TEXT_FIELDS, self._view)]))

    def _all_written(self, prefix: str) -> list[tuple[str, int]]:
        """The words as written that begin so, and how often each is, the most written first."""
        total: dict[bytes, int] = {}
        for segment in self._view.snapshot.segments:
            words = segment.file.written
            places = words.range(prefix.encode())
            counts = segment.file.forms.occurrences[places.start : max(places.start, places.stop)]
            for word, count in zip(words.between(places.start, places.stop), counts.tolist(), strict=True):
                total[word] = total.get(word, 0) + count
        ordered = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))
        return [(word.decode(), count) for word, count in ordered[:_CANDIDATES]]

    # --- Topics and providers ---

    def _values(self, kind: Literal["topic", "provider"], prefix: str) -> Iterable[_Candidate]:
        values = self._topics if kind == "topic" else self._providers
        candidates = [
            _Candidate(value.text, value.at_most, partial(self._count, kind, value.term))
            for value in beginning(prefix, values)
        ]
        return sorted(candidates, key=lambda candidate: -candidate.at_most)

    def _count(self, kind: CompletionKind, term: str) -> int:
        documents = self._view.snapshot.keyword_documents(kind, term)
        return int(np.count_nonzero(self._view.visible[documents]))

    @cached_property
    def _topics(self) -> Sequence[Value]:
        return values_of("topic", self._writings("topic"))

    @cached_property
    def _providers(self) -> Sequence[Value]:
        return values_of("provider", self._writings("provider"))

    def _writings(self, field: Literal["topic", "provider"]) -> Iterator[tuple[str, int]]:
        """How the values of a field are written, and how many visible articles of a segment write it so."""
        for segment in self._view.snapshot.segments:
            listing = segment.file.listing(field)
            owners = segment.file.keywords(field).owners
            visible = self._view.visible[owners.astype(np.int64) + segment.base]
            strings = listing.strings or []
            counts = np.bincount(listing.values[visible].astype(np.int64), minlength=len(strings)).tolist()
            yield from ((string, count) for string, count in zip(strings, counts, strict=True) if count)


def _best(candidates: Iterable[_Candidate], kind: CompletionKind, limit: int) -> list[Completion]:
    """The completions with the highest counts; candidates come in descending order of what they have at most."""
    found: list[Completion] = []
    highest: list[int] = []  # a heap of the `limit` highest counts
    for candidate in candidates:
        if len(highest) >= limit and (not limit or candidate.at_most < highest[0]):
            break
        count = candidate.counted()
        if count:
            found.append(Completion(candidate.text, kind, count))
            (heappush if len(highest) < limit else heappushpop)(highest, count)
    return found


def _order(completion: Completion) -> tuple[int, str, str]:
    return -completion.count, completion.text, completion.kind
