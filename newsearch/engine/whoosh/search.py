"""A request answered from one snapshot.

    result = Searcher(snapshot, settings).search(SearchRequest(text="facial recognition"), now=now)

The straight line of a query: read the text and the options, take the view asked for, match and score, blend, order, and
build the hits of the page. A searcher never changes, so any number of threads may search it.
"""

import json
import time
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from newsearch.engine.whoosh.evaluate import Evaluation, evaluate
from newsearch.engine.whoosh.hints import hints
from newsearch.engine.whoosh.hits import HitBuilder
from newsearch.engine.whoosh.order import first_documents
from newsearch.engine.whoosh.records import from_seconds, to_seconds
from newsearch.engine.whoosh.schema import SCHEMA_VERSION, DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.engine.whoosh.view import View, visible_as_of
from newsearch.model import IndexState, RankingSettings, SearchRequest, SearchResult
from newsearch.query import ParsedQuery, ast, parse
from newsearch.query.filters import as_of_latest, as_of_moment, request_ages, request_filters

__all__ = ["Searcher"]


class _Question(NamedTuple):
    """A request as understood: its tree with the options' constraints, and the moment it looks at, if not now."""

    parsed: ParsedQuery
    tree: ast.Node
    as_of: int | None
    ages: tuple[str, ...]


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

    def search(self, request: SearchRequest, *, now: datetime) -> SearchResult:
        """Answer a request. Ages count back from `now`, or from the moment the request looks at.

        Raises QueryError for an option that makes no sense.
        """
        started = time.perf_counter()
        question = self._read(request, now)
        view = self._view(question.as_of)
        ranked = request.sort == "relevance"
        evaluation = evaluate(
            question.tree, view, match=request.match, wanted=request.offset + request.limit if ranked else None
        )
        leading = evaluation.leading
        documents, scores = leading.documents, view.blend(leading, evaluation.best)
        places = first_documents(
            documents, scores, self.snapshot, sort=request.sort, limit=request.limit, offset=request.offset
        )
        page = HitBuilder(view, evaluation, explain=request.explain)
        return SearchResult(
            request=request,
            parsed=str(question.tree),
            relaxed=evaluation.relaxed,
            as_of=from_seconds(question.as_of),
            total=evaluation.total,
            hits=page.hits(documents.take(places), scores.take(places), request.offset + 1),
            index=self.state,
            warnings=(*question.parsed.warnings, *self._hints(question, evaluation, view)),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def _read(self, request: SearchRequest, now: datetime) -> _Question:
        as_of = self._as_of(request, now)
        today = now if as_of is None else from_seconds(as_of) or now
        parsed = parse(request.text, today=today)
        tree = parsed.tree
        filters = request_filters(request, today=today)
        if filters:
            tree = ast.combined(ast.Sequence, filters if isinstance(tree, ast.Everything) else (tree, *filters))
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
        if evaluation.total:
            return ()
        ages = question.ages if question.as_of is None else ()
        return tuple(hints(question.tree, ages, view))
