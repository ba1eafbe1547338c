"""Which of the matches a page shows: in order, so many a provider.

    page = Pager(found, searcher, ()).page(request)
    page.hits                   # the cluster's, with their sources

A page that lies deeper than a cluster gives is come to by larger ones before it, each of which begins after the last
hit of the one before (`search_after`): ties break by date and id, so that the order is one order throughout.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsearch.engine.opensearch.found import Found
from newsearch.engine.opensearch.mapping import MAX_PAGE
from newsearch.engine.opensearch.view import Query
from newsearch.model import SearchRequest, Sort, Story

if TYPE_CHECKING:
    from newsearch.engine.opensearch.search import Searcher

__all__ = ["ORDER", "Page", "Pager"]

ORDER: list[Query] = [{"date": {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
"""What breaks ties: newest first and undated last, then by id."""

_SHOWN = ["id", "kind", "record"]
_PROVIDERS = 20_000


@dataclass(frozen=True, slots=True)
class Page:
    """The hits of a page, in order, as the cluster gives them; `stories` are those that they lead."""

    total: int
    hits: Sequence[dict[str, Any]]
    stories: Sequence[Story] | None = None
    story_count: int | None = None
    held_back: int = 0
    warnings: tuple[str, ...] = field(default=())


class Pager:
    """Pages of what was found; `extra` are conditions besides."""

    def __init__(self, found: Found, searcher: "Searcher", extra: Sequence[Query]) -> None:
        self._found = found
        self._searcher = searcher
        self._extra = extra

    def page(self, request: SearchRequest) -> Page:
        """The page that a request asks for."""
        if request.group is not None:
            from newsearch.engine.opensearch.stories import story_page  # noqa: PLC0415 - most pages have none

            return story_page(request, self, self._found, self._searcher.analyzer)
        if request.max_per_provider is not None:
            return self._capped(request, request.max_per_provider)
        if request.offset + request.limit <= MAX_PAGE:
            body = self._body(request.sort) | {"from": request.offset, "size": request.limit, "_source": _SHOWN}
            found = self._found.view.ask(body)["hits"]
            return Page(int(found["total"]["value"]), found["hits"])
        return self._deep(request)

    def all(
        self, sort: Sort, *, size: int, source: Sequence[str], values: Sequence[str] = ()
    ) -> Iterator[dict[str, Any]]:
        """The matches in order, so many at a time."""
        after: list[Any] | None = None
        while True:
            body = self._body(sort) | {"size": size, "_source": list(source), "docvalue_fields": list(values)}
            if after is not None:
                body["search_after"] = after
            hits = self._found.view.ask(body | {"track_total_hits": False})["hits"]["hits"]
            yield from hits
            if len(hits) < size:
                return
            after = hits[-1]["sort"]

    def total(self) -> int:
        """How many match."""
        return int(
            self._found.view.ask({"size": 0, "query": self._matching, "track_total_hits": True})["hits"]["total"][
                "value"
            ]
        )

    @property
    def _matching(self) -> Query:
        return self._found.matching(*self._extra)

    def _body(self, sort: Sort) -> Query:
        first: list[Query] = {"relevance": [{"_score": "desc"}], "date": []}.get(
            sort, [{sort: {"order": "desc", "missing": "_last"}}]
        )
        query = self._found.scored(self._searcher.settings, *self._extra)
        return {"query": query, "sort": [*first, *ORDER], "track_scores": True, "track_total_hits": True}

    def _deep(self, request: SearchRequest) -> Page:
        """A page past what a cluster gives at once."""
        total = self.total()
        if request.offset >= total:
            return Page(total, ())
        passed = 0
        after: list[Any] | None = None
        hits: list[dict[str, Any]] = []
        while len(hits) < request.limit:
            left = request.offset - passed
            size = min(left, MAX_PAGE) if left else request.limit - len(hits)
            body = self._body(request.sort) | {"size": size, "_source": False if left else _SHOWN}
            if after is not None:
                body["search_after"] = after
            found = self._found.view.ask(body | {"track_total_hits": False})["hits"]["hits"]
            if not found:
                break
            after = found[-1]["sort"]
            if left:
                passed += len(found)
            else:
                hits += found
        return Page(total, hits)

    def _capped(self, request: SearchRequest, most: int) -> Page:
        """A page that passes over what a provider has beyond so many."""
        counted = {"providers": {"terms": {"field": "publisher", "size": _PROVIDERS}}}
        body = {"size": 0, "query": self._matching, "track_total_hits": True, "aggs": counted}
        found = self._found.view.ask(body)
        providers = found["aggregations"]["providers"]
        held_back = sum(max(bucket["doc_count"] - most, 0) for bucket in providers["buckets"])
        seen: Counter[str] = Counter()
        chosen: list[str] = []
        wanted = request.offset + request.limit
        for hit in (
            self.all(request.sort, size=min(4 * wanted, MAX_PAGE), source=["id"], values=["publisher"])
            if request.limit
            else ()
        ):
            publisher = next(iter(hit.get("fields", {}).get("publisher", ())), None)
            if publisher is not None:
                seen[publisher] += 1
                if seen[publisher] > most:
                    continue
            chosen.append(hit["_id"])
            if len(chosen) == wanted:
                break
        warnings: tuple[str, ...] = ()
        if providers["sum_other_doc_count"]:
            warnings = (f"What was held back is counted of the {_PROVIDERS:,} providers with most hits.",)
        hits = self.sources(chosen[request.offset :])
        return Page(int(found["hits"]["total"]["value"]), hits, held_back=held_back, warnings=warnings)

    def sources(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Matches by id, in that order, with all that is shown of them."""
        if not ids:
            return []
        query = self._found.scored(self._searcher.settings, {"terms": {"id": list(ids)}})
        body = {"query": query, "size": len(ids), "_source": _SHOWN}
        found = {hit["_id"]: hit for hit in self._found.view.ask(body)["hits"]["hits"]}
        return [found[one] for one in ids if one in found]
