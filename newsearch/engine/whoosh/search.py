"""A request answered from one snapshot.

    result = Searcher(snapshot, settings).search(SearchRequest(text="facial recognition"), now=now)

The straight line of a query: read the text and the options, take the view asked for, match and score, blend, order, and
build the hits of the page. A searcher never changes, so any number of threads may search it.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from newsearch import ranking
from newsearch.engine.whoosh.arrivals import seen_all, unseen
from newsearch.engine.whoosh.citations import Citations, citations
from newsearch.engine.whoosh.evaluate import Evaluation, evaluate
from newsearch.engine.whoosh.facets import Facets
from newsearch.engine.whoosh.hints import hints
from newsearch.engine.whoosh.hits import HitBuilder
from newsearch.engine.whoosh.order import best_of_each, capped, first_documents, held_back
from newsearch.engine.whoosh.records import from_seconds, to_seconds
from newsearch.engine.whoosh.refs import Providers
from newsearch.engine.whoosh.schema import SCHEMA_VERSION, DocumentKind
from newsearch.engine.whoosh.snapshot import Documents, Snapshot
from newsearch.engine.whoosh.stories import StoryLinks
from newsearch.engine.whoosh.storyfacts import describe
from newsearch.engine.whoosh.timeline import Calendar
from newsearch.engine.whoosh.view import Matches, View, visible_as_of
from newsearch.model import (
    Completion,
    CompletionKind,
    IndexState,
    RankingSettings,
    SearchRequest,
    SearchResult,
    Story,
)
from newsearch.query import ParsedQuery, ast, parse
from newsearch.query.facets import read_facets
from newsearch.query.filters import as_of_latest, as_of_moment, request_ages, request_filters

if TYPE_CHECKING:
    from newsearch.engine.whoosh.complete import Completer
    from newsearch.engine.whoosh.spelling import Spelling

__all__ = ["Found", "Searcher"]


@dataclass(frozen=True, slots=True)
class _Question:
    """A request as understood: its tree with the options' constraints, and the moment it looks at, if not now."""

    parsed: ParsedQuery
    tree: ast.Node
    as_of: int | None
    ages: tuple[str, ...]


class Found(NamedTuple):
    """What a request matched: the view it looked at, the tree as understood and its evaluation."""

    view: View
    question: "_Question"
    evaluation: Evaluation

    @property
    def parsed(self) -> str:
        """The query as understood, options included, in the query language."""
        return str(self.question.tree)

    @property
    def as_of(self) -> datetime | None:
        """The moment that was looked at, if one was asked for."""
        return from_seconds(self.question.as_of)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What could not be read as meant."""
        return self.question.parsed.warnings


class _Page(NamedTuple):
    """What a page shows: places among the matches, the stories that they lead, and what was counted besides."""

    places: NDArray[np.int64]
    stories: tuple[Callable[[], Story], ...] | None = None
    story_count: int | None = None
    held_back: int = 0


class Searcher:
    """Answers requests on one snapshot with one set of ranking settings."""

    def __init__(self, snapshot: Snapshot, settings: RankingSettings) -> None:
        self.snapshot = snapshot
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
        view, question, evaluation = self.find(request, now=now)
        seen = None
        if request.arrived is not None:
            matches = evaluation.matches
            seen = seen_all(matches.documents, request.arrived, self.snapshot)
            fresh = unseen(matches.documents, request.arrived, self.snapshot)
            evaluation = replace(evaluation, matches=Matches(matches.documents[fresh], matches.scores[fresh]))
        documents = evaluation.matches.documents
        parts = ranking.relevance(evaluation.matches.scores, evaluation.best)
        scores = parts * ranking.relevance_share(self._settings) + view.priors[documents]
        page = self._page(request, documents, scores, view)
        places = page.places
        hits = HitBuilder(view, evaluation, explain=request.explain)
        suggestion = None
        if not documents.size or evaluation.relaxed or _has_choices(question.tree, request):
            suggestion = self._suggestion(question, request, view, now)
        return SearchResult(
            request=request,
            parsed=str(question.tree),
            relaxed=evaluation.relaxed,
            as_of=from_seconds(question.as_of),
            total=int(documents.size),
            hits=hits.hits(documents[places], scores[places], request.offset + 1, page.stories),
            index=self.state,
            warnings=(*question.parsed.warnings, *self._hints(question, evaluation, view)),
            facets={spec.field: self._facets.values(spec, documents) for spec in read_facets(request.facets)},
            timeline=None if request.timeline is None else self._calendar.timeline(documents, request.timeline),
            seen=seen,
            took_ms=(time.perf_counter() - started) * 1000,
            suggestion=suggestion,
            stories=page.story_count,
            held_back=page.held_back,
        )

    def complete(
        self, prefix: str, *, limit: int, kinds: Sequence[CompletionKind], now: datetime
    ) -> tuple[Completion, ...]:
        """What the beginning of a word or name may become."""
        return self._completer.complete(prefix, limit=limit, kinds=kinds, today=now)

    @cached_property
    def _completer(self) -> "Completer":
        from newsearch.engine.whoosh.complete import Completer  # noqa: PLC0415 - a search completes nothing

        return Completer(self.live)

    @cached_property
    def _spelling(self) -> "Spelling":
        from newsearch.engine.whoosh.spelling import Spelling  # noqa: PLC0415 - as below

        return Spelling([segment.file.written for segment in self.snapshot.segments])

    def _suggestion(self, question: "_Question", request: SearchRequest, view: View, now: datetime) -> str | None:
        """The query with better words for those that no article has, if that finds something."""
        from newsearch.engine.whoosh.suggest import correction  # noqa: PLC0415 - only for what is misspelt

        text = correction(request.text, question.parsed.tree, view, lambda: self._spelling)
        if text is None:
            return None
        better = self._read(replace(request, text=text), now)
        return text if evaluate(better.tree, view, match=request.match).matches.documents.size else None

    def find(self, request: SearchRequest, *, now: datetime) -> Found:
        """What a request matches, neither ordered nor shown. Raises QueryError as `search` does."""
        question = self._read(request, now)
        view = self._view(question.as_of)
        return Found(view, question, evaluate(question.tree, view, match=request.match))

    def view_of(self, request: SearchRequest, *, now: datetime) -> View:
        """The view that a request looks at. Raises QueryError for a moment that cannot be read."""
        return self._view(self._as_of(request, now))

    @cached_property
    def providers(self) -> Providers:
        """Who published what."""
        return Providers(self.snapshot)

    @cached_property
    def citations(self) -> Citations:
        """The citations among all live articles."""
        return citations(self.live)

    @cached_property
    def _live_links(self) -> StoryLinks:
        return StoryLinks(self.live, self.citations)

    def _page(self, request: SearchRequest, documents: Documents, scores: NDArray[np.float64], view: View) -> _Page:
        """The places among the matches that a request's page shows, in order."""
        order: Any = {"sort": request.sort, "limit": request.limit, "offset": request.offset}
        if request.group is None and request.max_per_provider is None:
            return _Page(first_documents(documents, scores, self.snapshot, **order))
        listed = np.arange(documents.size)
        groups = None
        if request.group is not None:
            links = self._live_links if view is self.live else StoryLinks(view, citations(view))
            groups = links.groups(documents)
            listed = best_of_each(groups, documents, scores, self.snapshot, sort=request.sort)
        most, passed = request.max_per_provider, 0
        chosen, values = documents[listed], scores[listed]
        if most is None:
            places = listed[first_documents(chosen, values, self.snapshot, **order)]
        else:
            codes = self.providers.codes[chosen]
            passed = held_back(codes, most)
            places = listed[capped(codes, chosen, values, self.snapshot, most=most, **order)]
        if groups is None:
            return _Page(places, held_back=passed)
        tell = partial(
            describe, groups=groups, documents=documents, scores=scores, providers=self.providers, sort=request.sort
        )
        stories = tuple(partial(tell, place, snapshot=self.snapshot) for place in places.tolist())
        return _Page(places, stories, int(listed.size), passed)

    def _read(self, request: SearchRequest, now: datetime) -> _Question:
        as_of = self._as_of(request, now)
        today = now if as_of is None else from_seconds(as_of) or now
        parsed = parse(request.text, today=today)
        parts = [parsed.tree, *request_filters(request, today=today)]
        wanted = [part for part in parts if not isinstance(part, ast.Everything)]
        tree = ast.combined(ast.Sequence, wanted) if wanted else parsed.tree
        return _Question(parsed, tree, as_of, (*parsed.ages, *request_ages(request)))

    def _as_of(self, request: SearchRequest, now: datetime) -> int | None:
        if as_of_latest(request):
            newest = self.live.reference
            return newest if newest is not None else to_seconds(now)
        return as_of_moment(request, now)

    def _view(self, as_of: int | None) -> View:
        if as_of is None:
            return self.live
        visible = visible_as_of(self.snapshot, as_of)
        return View(self.snapshot, visible, committed=self.committed, settings=self._settings)

    def _hints(self, question: _Question, evaluation: Evaluation, view: View) -> tuple[str, ...]:
        if evaluation.matches.documents.size:
            return ()
        ages = question.ages if question.as_of is None else ()
        return tuple(hints(question.tree, ages, view))


def _has_choices(tree: ast.Node, request: SearchRequest) -> bool:
    """Whether articles can match without one of the words, so that it may be one that none has."""
    match tree:
        case ast.Or():
            return True
        case ast.Sequence() if request.match == "any":
            return True
        case ast.Sequence(children=children) | ast.And(children=children):
            return any(_has_choices(child, request) for child in children)
    return False
