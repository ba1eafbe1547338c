"""A request answered by the cluster.

    result = Searcher(server, state, settings, synonyms).search(SearchRequest(text="facial recognition"), now=now)

The straight line of a query, as on the embedded engine: read the text and the options, take the view asked for, match
and score, blend, order, and build the hits of the page. The largest B is asked for first, before any constraint, so
that no filter changes a score; then the page, scored by the same three summands in a script.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from newsearch.engine.opensearch.compile import AllOf, AnyOf, Operand, compiled_tree
from newsearch.engine.opensearch.expansions import Expansions
from newsearch.engine.opensearch.facets import Facets, timeline_of, timeline_query
from newsearch.engine.opensearch.found import Found
from newsearch.engine.opensearch.hits import HitBuilder
from newsearch.engine.opensearch.paging import Pager
from newsearch.engine.opensearch.server import Server
from newsearch.engine.opensearch.view import Query, View
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.rules.questions import moment_of, read_question
from newsearch.model import IndexState, RankingSettings, SearchRequest, SearchResult, SeenMark
from newsearch.query.dates import from_seconds, to_seconds
from newsearch.query.facets import read_facets
from newsearch.query.fields import TEXT_FIELDS
from newsearch.query.written import MAX_EXPANSIONS

if TYPE_CHECKING:
    from newsearch.query.synonyms import Synonyms

__all__ = ["Searcher"]

_VIEWS = 8


class Searcher:
    """Answers requests on one state of an index with one set of ranking settings, and one of synonyms if there are any.

    `state` is what the last commit says of itself. Figures of all articles are kept as long as the searcher is.
    """

    def __init__(
        self,
        server: Server,
        state: Mapping[str, Any],
        settings: RankingSettings,
        synonyms: "Synonyms | None" = None,
    ) -> None:
        self.server = server
        self.settings = settings
        self.analyzer = Analyzer(str(state["language"]))
        self.committed = state
        self._synonyms = synonyms
        self._views: dict[int | None, View] = {}

    @cached_property
    def live(self) -> View:
        """All articles."""
        return self._view(None)

    @property
    def state(self) -> IndexState:
        """What the index held when it was last committed."""
        committed = int(self.committed["committed"])
        return IndexState(
            items=int(self.committed["items"]),
            articles=int(self.committed["articles"]),
            updated=from_seconds(committed) if committed else None,
        )

    @cached_property
    def facets(self) -> Facets:
        """The values that articles have."""
        return Facets(self.live)

    def search(self, request: SearchRequest, *, now: datetime) -> SearchResult:
        """Answer a request. Ages count back from `now`, or from the moment the request looks at. Raises QueryError."""
        started = time.perf_counter()
        found = self.find(request, now=now)
        fresh = _arrived(request)
        paging = Pager(found, self, fresh)
        page = paging.page(request)
        hits = HitBuilder(found, self.analyzer, self.settings, explain=request.explain)
        specs = read_facets(request.facets)
        facets, warnings = self.facets.values(specs, found.view, found.matching(*fresh)) if specs else ({}, ())
        timeline = None
        if request.timeline is not None:
            body = timeline_query(found.matching(*fresh), request.timeline)
            timeline = timeline_of(found.view.ask(body), request.timeline)
        return SearchResult(
            request=request,
            parsed=found.question.understood,
            relaxed=found.relaxed,
            as_of=found.question.moment,
            total=page.total,
            hits=hits.hits(page.hits, request.offset + 1, page.stories),
            index=self.state,
            warnings=(
                *found.warnings,
                *page.warnings,
                *warnings,
                *self._hints(found, page.total),
            ),
            suggestion=self._suggestion(found, request, page.total, now),
            facets=facets,
            timeline=timeline,
            seen=None if request.arrived is None else self._seen(request.arrived),
            stories=page.story_count,
            held_back=page.held_back,
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def find(self, request: SearchRequest, *, now: datetime) -> Found:
        """What a request means, with the largest B. Raises QueryError."""
        language = self.analyzer.language
        question = read_question(request, now=now, newest=self._newest, language=language, synonyms=self._synonyms)
        view = self._view(question.as_of)
        compiled = compiled_tree(question.tree, view, self._expansions(view), self.analyzer, match=request.match)
        root, best, relaxed = self._best(compiled.root, view, auto=request.match == "auto")
        return Found(view, question, compiled, root, best, relaxed)

    def view_of(self, request: SearchRequest, *, now: datetime) -> View:
        """The view that a request looks at. Raises QueryError for a moment that cannot be read."""
        return self._view(moment_of(request, now=now, newest=self._newest))

    def _best(self, root: Operand | None, view: View, *, auto: bool) -> tuple[Operand | None, float, bool]:
        """The scoring tree, as it is or relaxed, the largest B of what it matches, and whether it was relaxed."""
        if root is None:
            return None, 0.0, False
        key = f"best {auto} {root.scoring()}"
        if key not in view.kept:
            view.kept[key] = self._found_best(root, view, auto=auto)
        found: tuple[Operand | None, float, bool] = view.kept[key]
        return found

    def _found_best(self, root: Operand, view: View, *, auto: bool) -> tuple[Operand, float, bool]:
        best = _highest(root.scoring(), view)
        if best is None and auto and isinstance(root, AllOf) and root.optional:
            most = _highest(root.counting(), view)
            if most is not None:
                least = max(1, min(round(most), len(root.operands) // 2 + 1))
                relaxed = AnyOf(root.operands, least, root.selections)
                best = _highest(relaxed.scoring(), view)
                if best is not None:
                    return relaxed, best, True
        return root, best or 0.0, False

    def _expansions(self, view: View) -> Expansions:
        return Expansions(view, most=self.words_at_once)

    @cached_property
    def words_at_once(self) -> int:
        """How many words the patterns of a query may stand for together: each is asked for in every field."""
        return min(max(self.server.clause_limit() // (len(TEXT_FIELDS) * 2), 16), MAX_EXPANSIONS)

    def _newest(self) -> int | None:
        return self.live.reference

    def _view(self, as_of: int | None) -> View:
        if as_of not in self._views:
            while len(self._views) >= _VIEWS:
                self._views.pop(next(iter(self._views)), None)
            committed = int(self.committed["committed"])
            self._views[as_of] = View(self.server, as_of=as_of, committed=committed, settings=self.settings)
        return self._views[as_of]

    def _seen(self, mark: SeenMark) -> SeenMark:
        arrived, before = int(self.committed["arrived"]), to_seconds(mark.moment)
        return mark if before is not None and before >= arrived else SeenMark(from_seconds(arrived))

    def _suggestion(self, found: Found, request: SearchRequest, total: int, now: datetime) -> str | None:
        from newsearch.engine.opensearch.suggest import suggestion  # noqa: PLC0415 - only for what is misspelt

        return suggestion(found, request, self, total=total, now=now)

    def _hints(self, found: Found, total: int) -> tuple[str, ...]:
        if total:
            return ()
        from newsearch.engine.opensearch.suggest import hints  # noqa: PLC0415 - as above

        return tuple(hints(found))


def _highest(query: Query, view: View) -> float | None:
    """The highest score that a query gives to a visible article; None where it finds none."""
    body: Query = {"query": {"bool": {"must": [query], "filter": view.visible}}, "size": 1, "_source": False}
    hits = view.ask({**body, "track_total_hits": False, "track_scores": True})["hits"]
    return None if not hits["hits"] else float(hits["hits"][0]["_score"])


def _arrived(request: SearchRequest) -> list[Query]:
    """What somebody has not seen yet, where that is asked for."""
    second = None if request.arrived is None else to_seconds(request.arrived.moment)
    return [] if second is None else [{"range": {"first_indexed": {"gt": second}}}]
