"""Search results as JSON, whole or in figures alone.

    search_to_dict(index.search("facial recognition"))

A part of `newsearch.wire`; the way back is `newsearch.wire.reading`.
"""

from datetime import datetime
from typing import Any

from newsearch.model import Explanation, Hit, MatchPlace, SearchResult, Snippet, Story
from newsearch.wire.parts import (
    VERSION,
    beside_figures,
    date_text,
    facet_parts,
    plain,
    provider_parts,
    query_parts,
    ref_parts,
    timeline_parts,
)

__all__ = ["count_to_dict", "facets_to_dict", "hit_to_dict", "new_to_dict", "search_to_dict", "timeline_to_dict"]


def search_to_dict(result: SearchResult) -> dict[str, Any]:
    """A search result. `took_ms` is in milliseconds, rounded to a microsecond; scores have all their digits.

    `stories` (and `story` of each hit), `held_back` and `timeline` are there where they were asked for. `index.stale`,
    whether files changed since the index was made, is left out: a search does not look at the files.
    """
    request = result.request
    document = {
        "version": VERSION,
        "query": query_parts(result),
        "total": result.total,
        "offset": request.offset,
        "limit": request.limit,
        "took_ms": round(result.took_ms, 3),
        "index": {
            "items": result.index.items,
            "articles": result.index.articles,
            "updated": date_text(result.index.updated),
        },
        "hits": [hit_to_dict(hit) for hit in result.hits],
        "facets": facet_parts(result.facets),
        "suggestion": result.suggestion,
        "warnings": list(result.warnings),
    }
    if result.stories is not None:
        document["stories"] = result.stories
    if request.max_per_provider is not None or result.held_back:
        document["held_back"] = result.held_back
    if result.timeline is not None:
        document["timeline"] = timeline_parts(result.timeline)
    return document


def new_to_dict(result: SearchResult, *, name: str, since: datetime | None, marked: bool) -> dict[str, Any]:
    """What arrived for a saved query: a search result, with since when and whether it is seen now under `arrivals`."""
    return {**search_to_dict(result), "arrivals": {"name": name, "since": date_text(since), "marked": marked}}


def count_to_dict(result: SearchResult) -> dict[str, Any]:
    """How many articles a query finds, under `count`."""
    return {"version": VERSION, "count": result.total, **beside_figures(result)}


def facets_to_dict(result: SearchResult) -> dict[str, Any]:
    """The values of a query's articles with their counts, under `facets`, field by field."""
    return {"version": VERSION, "facets": facet_parts(result.facets), "total": result.total, **beside_figures(result)}


def timeline_to_dict(result: SearchResult) -> dict[str, Any]:
    """A query's articles over time, under `timeline`. Raises ValueError for a result without one."""
    if result.timeline is None:
        raise ValueError("this result has no timeline")
    return {
        "version": VERSION,
        "timeline": timeline_parts(result.timeline),
        "total": result.total,
        **beside_figures(result),
    }


def hit_to_dict(hit: Hit) -> dict[str, Any]:
    """One hit, as it stands under `hits`."""
    document = {
        "id": hit.id,
        "rank": hit.rank,
        "score": hit.score,
        "kind": hit.kind,
        "title": hit.title,
        "excerpt": hit.excerpt,
        "url": hit.url,
        "path": hit.path,
        "date": date_text(hit.date),
        "provider": provider_parts(hit.provider),
        "type": hit.type,
        "quality": hit.quality,
        "heat": hit.heat,
        "published": hit.published,
        "topics": list(hit.topics),
        "highlights": {field: [list(span) for span in spans] for field, spans in hit.highlights.items()},
        "matched_in": [_place(place) for place in hit.matched_in],
        "cited_by": [{"id": ref.id, "title": ref.title} for ref in hit.cited_by],
        "snippet": None if hit.snippet is None else _snippet(hit.snippet),
        "explain": None if hit.explanation is None else _explanation(hit.explanation),
    }
    if hit.story is not None:
        document["story"] = _story(hit.story)
    return document


def _snippet(snippet: Snippet) -> dict[str, Any]:
    return {
        "field": snippet.field,
        "start": snippet.start,
        "text": snippet.text,
        "highlights": [list(span) for span in snippet.highlights],
        "more": snippet.more,
    }


def _story(story: Story) -> dict[str, Any]:
    return {
        "size": story.size,
        "providers": story.providers,
        "first": None if story.first is None else ref_parts(story.first),
        "others": [ref_parts(ref) for ref in story.others],
    }


def _place(place: MatchPlace) -> dict[str, Any]:
    if place.id is None and place.title is None:
        return {"field": place.field}
    return {"field": place.field, "id": place.id, "title": place.title}


def _explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "value": explanation.value,
        "description": explanation.description,
        "combine": explanation.combine,
        "details": [_explanation(detail) for detail in explanation.details],
        "facts": plain(explanation.facts),
    }
