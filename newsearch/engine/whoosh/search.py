"""A request answered from one snapshot.

    result = Searcher(snapshot, settings).search(SearchRequest(text="facial recognition"), now=now)

The straight line of a query: read the text and the options, take the view asked for, match and score, blend, order, and
build the hits of the page. A searcher never changes, so any number of threads may search it.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from newsearch.engine.rules.questions import Question, has_choices, moment_of, read_question
from newsearch.engine.whoosh.arrivals import arrival_of, seen_all, unseen
from newsearch.engine.whoosh.cards import Cards
from newsearch.engine.whoosh.citations import Citations
from newsearch.engine.whoosh.evaluate import Evaluation, evaluate
from newsearch.engine.whoosh.facets import Facets
from newsearch.engine.whoosh.frequency import frequency
from newsearch.engine.whoosh.hits import HitBuilder
from newsearch.engine.whoosh.kept import Kept
from newsearch.engine.whoosh.matches import Matches
from newsearch.engine.whoosh.paging import Paging
from newsearch.engine.whoosh.schema import SCHEMA_VERSION, DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.engine.whoosh.timeline import Calendar
from newsearch.engine.whoosh.view import View, visible_as_of
from newsearch.model import (
    CompletionKind,
    IndexState,
    RankingSettings,
    SearchRequest,
    SearchResult,
    SeenMark,
)
from newsearch.query.dates import from_seconds
from newsearch.query.facets import read_facets

if TYPE_CHECKING:
    from newsearch.engine.whoosh.complete import Completer
    from newsearch.engine.whoosh.spelling import Spelling
    from newsearch.engine.whoosh.typical import Typical
    from newsearch.model import Completion
    from newsearch.query.synonyms import Synonyms

__all__ = ["Found", "Searcher"]


_VIEWS = 4
"""How many views of earlier moments are kept; together they keep as much of words and filters as that of now."""


class Found(NamedTuple):
    """What a request matched: the view it looked at, the tree as understood and its evaluation."""

    view: View
    question: Question
    evaluation: Evaluation

    @property
    def warnings(self) -> tuple[str, ...]:
        """What could not be read as meant."""
        return (*self.question.parsed.warnings, *self.evaluation.warnings)


class Searcher:
    """Answers requests on one snapshot with one set of ranking settings, and one of synonyms if there are any."""

    def __init__(self, snapshot: Snapshot, settings: RankingSettings, synonyms: "Synonyms | None" = None) -> None:
        self.snapshot = snapshot
        self._synonyms = synonyms
        self._settings = settings

    @cached_property
    def committed(self) -> int:
        """When the snapshot was committed, in UTC epoch seconds; 0 for an index that was never synced."""
        return int(self._state["committed"])

    @cached_property
    def schema_version(self) -> int:
        """The version of the schema that the snapshot was written with."""
        return int(self._state["schema"])

    @cached_property
    def _state(self) -> dict[str, Any]:
        state = self.snapshot.state()
        return dict(json.loads(state)) if state else {"schema": SCHEMA_VERSION, "committed": 0}

    @cached_property
    def live(self) -> View:
        """All live articles."""
        return View(self.snapshot, self.snapshot.articles, committed=self.committed, settings=self._settings)

    @cached_property
    def state(self) -> IndexState:
        """What the snapshot holds."""
        return IndexState(
            items=int(self.snapshot.of_kind(DocumentKind.ITEM).size),
            articles=self.live.documents,
            updated=from_seconds(self.committed) if self.committed else None,
        )

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar(self.snapshot)

    @cached_property
    def _facets(self) -> Facets:
        return Facets(self.snapshot, self._calendar)

    def search(self, request: SearchRequest, *, now: datetime) -> SearchResult:
        """Answer a request. Ages count back from `now`, or from the moment the request looks at.

        Raises QueryError for an option that makes no sense.
        """
        started = time.perf_counter()
        view, question, evaluation = self.find(request, now=now, wanted=_wanted(request))
        matches, total, seen = evaluation.leading, evaluation.total, None
        if request.arrived is not None:
            matches, seen = self._arrived(evaluation.matches, request.arrived)
            total = matches.documents.size
        scores = view.blend(matches, evaluation.best)
        page = self._paging.page(request, matches.documents, scores, view)
        hits = HitBuilder(view, evaluation, self._cards, explain=request.explain)
        return SearchResult(
            request=request,
            parsed=question.understood,
            relaxed=evaluation.relaxed,
            as_of=question.moment,
            total=total,
            hits=hits.hits(
                matches.documents.take(page.places), scores.take(page.places), request.offset + 1, page.stories
            ),
            index=self.state,
            warnings=(*question.parsed.warnings, *evaluation.warnings, *self._hints(question, total, view)),
            suggestion=self._suggestion(question, request, evaluation, view, now),
            facets=self._counted(request, matches),
            timeline=None if request.timeline is None else self._calendar.timeline(matches.documents, request.timeline),
            seen=seen,
            stories=page.story_count,
            held_back=page.held_back,
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def find(self, request: SearchRequest, *, now: datetime, wanted: int | None = None) -> Found:
        """What a request matches, neither ordered nor shown. Raises QueryError as `search` does.

        With `wanted`, so many matches that blend best are enough.
        """
        question = self._read(request, now)
        view = self._view(question.as_of)
        return Found(view, question, evaluate(question.tree, view, match=request.match, wanted=wanted))

    def view_of(self, request: SearchRequest, *, now: datetime) -> View:
        """The view that a request looks at. Raises QueryError for a moment that cannot be read."""
        return self._view(moment_of(request, now=now, newest=self._newest))

    def citations(self, view: View) -> Citations:
        """The citations among the visible articles of a view."""
        return self._paging.citations(view)

    @cached_property
    def typical(self) -> "Typical":
        """What is typical of documents."""
        from newsearch.engine.whoosh.typical import Typical  # noqa: PLC0415 - a search needs none of it

        return Typical(self.snapshot, self._paging.providers)

    @cached_property
    def _paging(self) -> Paging:
        return Paging(self.snapshot)

    @cached_property
    def _cards(self) -> Cards:
        return Cards(self.snapshot)

    def _arrived(self, matches: Matches, mark: SeenMark) -> tuple[Matches, SeenMark]:
        """The matches that a mark has not seen, and the mark of somebody who has seen them too."""
        fresh = unseen(matches.documents, mark, self.snapshot)
        left = Matches(matches.documents[fresh], matches.scores[fresh])
        return left, seen_all(mark, self._newest_arrival)

    @property
    def _newest_arrival(self) -> int:
        """The second that the newest articles were stamped with, in UTC epoch seconds; 0 where none ever came."""
        return arrival_of(self._state, self.snapshot)

    def _counted(self, request: SearchRequest, matches: Matches) -> dict[str, Any]:
        """The facets that a request asks for."""
        if not request.facets:
            return {}
        return {spec.field: self._facets.values(spec, matches.documents) for spec in read_facets(request.facets)}

    def complete(
        self, prefix: str, *, limit: int, kinds: Sequence[CompletionKind], now: datetime
    ) -> "tuple[Completion, ...]":
        """What the beginning of a word or name may become."""
        return self._completer.complete(prefix, limit=limit, kinds=kinds, today=now)

    @cached_property
    def _completer(self) -> "Completer":
        from newsearch.engine.whoosh.complete import Completer  # noqa: PLC0415 - a search completes nothing

        return Completer(self.live)

    @cached_property
    def _spelling(self) -> "Spelling":
        from newsearch.engine.whoosh.spelling import Spelling  # noqa: PLC0415 - as below

        return Spelling([segment.file.vocabulary for segment in self.snapshot.segments])

    def _near(self, word: str) -> list[tuple[int, str]]:
        return self._spelling.near(word)

    def _suggestion(
        self, question: Question, request: SearchRequest, evaluation: Evaluation, view: View, now: datetime
    ) -> str | None:
        """The query with better words for those that no article has, if that finds something."""
        if evaluation.total and not evaluation.relaxed:
            # A word that is missing has to be one that articles may lack.
            missing = not all(clause.matches.documents.size for clause in evaluation.clauses)
            if not missing or not has_choices(question.tree, request):
                return None
        from newsearch.engine.rules.correction import corrected  # noqa: PLC0415 - only for what is misspelt

        parsed = question.parsed
        text = corrected(
            request.text,
            parsed.tree,
            self.snapshot.analyzer,
            articles=lambda terms, fields: frequency(terms, fields, view),
            near=self._near,
            doubtful=parsed.doubtful,
        )
        if text is None:
            return None
        better = self._read(replace(request, text=text), now)
        return text if evaluate(better.tree, view, match=request.match, wanted=1).total else None

    def _read(self, request: SearchRequest, now: datetime) -> Question:
        language = self.snapshot.analyzer.language
        return read_question(request, now=now, newest=self._newest, language=language, synonyms=self._synonyms)

    def _newest(self) -> int | None:
        return self.live.reference

    def _view(self, as_of: int | None) -> View:
        if as_of is None:
            return self.live
        return self._views.get(as_of, lambda: (self._view_as_of(as_of), 1))

    @cached_property
    def _views(self) -> Kept[View]:
        """The last few views of earlier moments; each is some figures an article, and what it keeps itself."""
        return Kept(_VIEWS, overhead=0)

    def _view_as_of(self, as_of: int) -> View:
        visible = visible_as_of(self.snapshot, as_of)
        return View(self.snapshot, visible, committed=self.committed, settings=self._settings, keep=1 / _VIEWS)

    def _hints(self, question: Question, total: int, view: View) -> tuple[str, ...]:
        if total:
            return ()
        from newsearch.engine.rules.hints import hints  # noqa: PLC0415 - only where nothing was found
        from newsearch.engine.whoosh.hints import is_there, nearest_there  # noqa: PLC0415

        return tuple(
            hints(
                question,
                newest=view.reference,
                is_there=lambda asked: is_there(asked, view),
                nearest_there=lambda asked: nearest_there(asked, view),
            )
        )


def _wanted(request: SearchRequest) -> int | None:
    """How many of the best matches are enough for a request; None where all count."""
    counts_all = request.facets or request.timeline is not None or request.arrived is not None
    groups = request.group is not None or request.max_per_provider is not None
    return None if counts_all or groups or request.sort != "relevance" else request.offset + request.limit
