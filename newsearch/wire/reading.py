"""A search result back from its JSON.

    search_from_dict(json.loads(text)).hits

A part of `newsearch.wire`; the way there is `newsearch.wire.results`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from newsearch.model import (
    ArticleRef,
    Explanation,
    FacetValue,
    Hit,
    IndexState,
    MatchPlace,
    Provider,
    SearchRequest,
    SearchResult,
    Snippet,
    Story,
    Timeline,
    TimelineBucket,
)
from newsearch.wire.parts import VERSION

__all__ = ["search_from_dict"]


def search_from_dict(document: Mapping[str, Any]) -> SearchResult:
    """The inverse of `search_to_dict`, as far as the JSON goes.

    Of the request it has the text, match mode, page and grouping, but not how many of a provider were wanted; whether
    explanations were asked for can only be told from a hit. The ids are whole, so `short_id` is the id. Raises
    ValueError for another version and for what is not a search result.
    """
    if document.get("version") != VERSION:
        raise ValueError(f"this is version {document.get('version')!r} of the JSON; newsearch reads version {VERSION}")
    try:
        query, index = document["query"], document["index"]
        hits = tuple(_hit_from(hit) for hit in document["hits"])
        return SearchResult(
            request=SearchRequest(
                text=query["text"],
                limit=document["limit"],
                offset=document["offset"],
                match=query["match"],
                group=None if document.get("stories") is None else "story",
                explain=any(hit.explanation is not None for hit in hits),
            ),
            parsed=query["parsed"],
            relaxed=query["relaxed"],
            as_of=_moment(query["as_of"]),
            total=document["total"],
            took_ms=document["took_ms"],
            index=IndexState(index["items"], index["articles"], _moment(index["updated"])),
            hits=hits,
            warnings=tuple(document["warnings"]),
            suggestion=document["suggestion"],
            facets={
                field: tuple(FacetValue(one["value"], one["count"], one["filter"], one.get("name")) for one in values)
                for field, values in document["facets"].items()
            },
            timeline=None if "timeline" not in document else _timeline_from(document["timeline"], document["total"]),
            stories=document.get("stories"),
            held_back=document.get("held_back", 0),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is not a search result: {type(error).__name__} {error}") from error


def _hit_from(hit: Mapping[str, Any]) -> Hit:
    return Hit(
        id=hit["id"],
        short_id=hit["id"],
        rank=hit["rank"],
        score=hit["score"],
        kind=hit["kind"],
        title=hit["title"],
        excerpt=hit["excerpt"],
        url=hit["url"],
        path=hit["path"],
        date=_moment(hit["date"]),
        provider=None if hit["provider"] is None else Provider(hit["provider"]["name"], hit["provider"]["domain"]),
        type=hit["type"],
        quality=hit["quality"],
        heat=hit["heat"],
        published=hit["published"],
        topics=tuple(hit["topics"]),
        highlights={field: tuple((start, end) for start, end in spans) for field, spans in hit["highlights"].items()},
        matched_in=tuple(
            MatchPlace(place["field"], place.get("id"), place.get("title")) for place in hit["matched_in"]
        ),
        cited_by=tuple(ArticleRef(ref["id"], ref["title"]) for ref in hit["cited_by"]),
        story=None if hit.get("story") is None else _story_from(hit["story"]),
        explanation=None if hit["explain"] is None else _explanation_from(hit["explain"]),
        snippet=None if hit["snippet"] is None else _snippet_from(hit["snippet"]),
    )


def _snippet_from(snippet: Mapping[str, Any]) -> Snippet:
    return Snippet(
        text=snippet["text"],
        field=snippet["field"],
        start=snippet["start"],
        highlights=tuple((start, end) for start, end in snippet["highlights"]),
        more=snippet["more"],
    )


def _timeline_from(timeline: Mapping[str, Any], total: int) -> Timeline:
    buckets = tuple(TimelineBucket(date.fromisoformat(one["start"]), one["count"]) for one in timeline["buckets"])
    return Timeline(timeline["interval"], buckets, timeline["undated"], total)


def _story_from(story: Mapping[str, Any]) -> Story:
    first = None if story["first"] is None else _ref_from(story["first"])
    return Story(story["size"], story["providers"], first, tuple(map(_ref_from, story["others"])))


def _ref_from(ref: Mapping[str, Any]) -> ArticleRef:
    provider = None if ref["provider"] is None else Provider(ref["provider"]["name"], ref["provider"]["domain"])
    return ArticleRef(ref["id"], ref["title"], ref["url"], _moment(ref["date"]), provider, ref["kind"])


def _explanation_from(explanation: Mapping[str, Any]) -> Explanation:
    return Explanation(
        value=explanation["value"],
        description=explanation["description"],
        combine=explanation["combine"],
        details=tuple(_explanation_from(detail) for detail in explanation["details"]),
        facts=explanation["facts"],
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
