"""The JSON of newsearch, version 1: values of the model as plain dicts, and a search result back from one.

    json.dumps(search_to_dict(index.search("facial recognition")))

`wire.schema.json`, which `schema()` reads, describes every shape here; a change that would surprise a reader of version
1 raises VERSION. Text is passed on as it is, control characters included: making it harmless for a terminal or a page
is for whoever shows it. Dates are UTC, to the second: `2020-09-13T12:08:00Z`.
"""

import json
import operator
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from newsearch.errors import ItemError
from newsearch.findings import Relations, SyncPreview, TypicalTerm, TypicalTerms
from newsearch.model import (
    Article,
    ArticleRef,
    Completion,
    Diagnosis,
    Explanation,
    FacetValue,
    Hit,
    Image,
    IndexState,
    IndexStats,
    MatchPlace,
    Provider,
    SearchRequest,
    SearchResult,
    SeenMark,
    Snippet,
    Story,
    SyncReport,
    Timeline,
    TimelineBucket,
)

__all__ = [
    "VERSION",
    "article_to_dict",
    "completions_to_dict",
    "count_to_dict",
    "diagnosis_to_dict",
    "facets_to_dict",
    "new_to_dict",
    "preview_to_dict",
    "relations_to_dict",
    "report_to_dict",
    "saved_to_dict",
    "schema",
    "search_from_dict",
    "search_to_dict",
    "settings_to_dict",
    "stats_to_dict",
    "terms_to_dict",
    "timeline_to_dict",
]

VERSION = 1
"""Of the JSON contract; every document carries it as `version`."""


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of everything this module writes."""
    from importlib import resources  # noqa: PLC0415 - with what it loads, more than all of a search's JSON takes

    text = resources.files("newsearch").joinpath("wire.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def search_to_dict(result: SearchResult) -> dict[str, Any]:
    """A search result. `took_ms` is in milliseconds, rounded to a microsecond; scores have all their digits.

    `timeline` is there where one was asked for. `index.stale`, whether files changed since the index was made, is left
    out: a search does not look at the files.
    """
    request = result.request
    document = {
        "version": VERSION,
        "query": _query(result),
        "total": result.total,
        "stories": result.stories,
        "held_back": result.held_back,
        "offset": request.offset,
        "limit": request.limit,
        "took_ms": round(result.took_ms, 3),
        "index": {
            "items": result.index.items,
            "articles": result.index.articles,
            "updated": _date(result.index.updated),
        },
        "hits": [_hit(hit) for hit in result.hits],
        "facets": _facets(result.facets),
        "suggestion": result.suggestion,
        "warnings": list(result.warnings),
    }
    if result.timeline is not None:
        document["timeline"] = _timeline(result.timeline)
    return document


def count_to_dict(result: SearchResult) -> dict[str, Any]:
    """How many articles a query finds, under `count`."""
    return {"version": VERSION, "count": result.total, **_of_what(result)}


def facets_to_dict(result: SearchResult) -> dict[str, Any]:
    """The values of a query's articles with their counts, under `facets`, field by field."""
    return {"version": VERSION, "facets": _facets(result.facets), "total": result.total, **_of_what(result)}


def timeline_to_dict(result: SearchResult) -> dict[str, Any]:
    """A query's articles over time, under `timeline`. Raises ValueError for a result without one."""
    if result.timeline is None:
        raise ValueError("this result has no timeline")
    return {"version": VERSION, "timeline": _timeline(result.timeline), "total": result.total, **_of_what(result)}


def new_to_dict(result: SearchResult, *, name: str, since: datetime | None, marked: bool) -> dict[str, Any]:
    """What arrived for a saved query: a search result, with since when and whether it is seen now under `arrivals`."""
    return {**search_to_dict(result), "arrivals": {"name": name, "since": _date(since), "marked": marked}}


def saved_to_dict(
    queries: Iterable[tuple[str, Mapping[str, str | int], SeenMark | None]], file: str | None
) -> dict[str, Any]:
    """Saved queries with their options and what was seen of each, under `saved`; `file` is where they are kept."""
    entries = [
        {"name": name, "query": dict(options), "seen": None if seen is None else _date(seen.moment)}
        for name, options, seen in queries
    ]
    return {"version": VERSION, "saved": entries, "file": file}


def search_from_dict(document: Mapping[str, Any]) -> SearchResult:
    """The inverse of `search_to_dict`, as far as the JSON goes.

    Of the request it has the text, match mode, page and grouping; whether explanations were asked for can only be told
    from a hit. The ids are whole, so `short_id` is the id. Raises ValueError for another version and for what is not
    a search result.
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


def article_to_dict(article: Article) -> dict[str, Any]:
    """One article with everything known of it, under `article`."""
    return {
        "version": VERSION,
        "article": {
            "id": article.id,
            "address": article.address,
            "kind": article.kind,
            "title": article.title,
            "excerpt": article.excerpt,
            "body": article.body,
            "url": article.url,
            "path": article.path,
            "category": article.category,
            "date": _date(article.date),
            "updated": _date(article.updated),
            "type": article.type,
            "quality": article.quality,
            "heat": article.heat,
            "published": article.published,
            "provider": _provider(article.provider),
            "topics": list(article.topics),
            "images": [_image(image) for image in article.images],
            "related": [_ref(ref) for ref in article.related],
            "cited_by": [_ref(ref) for ref in article.cited_by],
            "first_indexed": _date(article.first_indexed),
        },
    }


def completions_to_dict(prefix: str, completions: Sequence[Completion]) -> dict[str, Any]:
    """What a prefix may become, under `completions`, in order."""
    values = [{"text": one.text, "kind": one.kind, "count": one.count} for one in completions]
    return {"version": VERSION, "completions": {"prefix": prefix, "values": values}}


def relations_to_dict(relations: Relations) -> dict[str, Any]:
    """What citations lead to from an article, under `relations`; nearest first."""
    return {
        "version": VERSION,
        "relations": {
            "article": _ref(relations.article),
            "depth": relations.depth,
            "total": relations.total,
            "articles": [
                {
                    "article": _ref(found.article),
                    "distance": found.distance,
                    "links": found.links,
                    "path": [
                        {"by": step.by, "id": step.article.id, "title": step.article.title} for step in found.path
                    ],
                }
                for found in relations.articles
            ],
        },
    }


def terms_to_dict(terms: TypicalTerms) -> dict[str, Any]:
    """What is typical of a query's hits, under `terms`; strongest first."""
    return {
        "version": VERSION,
        "terms": {
            "text": terms.request.text,
            "parsed": terms.parsed,
            "against": terms.against,
            "against_parsed": terms.against_parsed,
            "as_of": _date(terms.as_of),
            "total": terms.total,
            "others": terms.others,
            "words": [_typical(term) for term in terms.words],
            "topics": [_typical(term) for term in terms.topics],
            "providers": [_typical(term) for term in terms.providers],
            "took_ms": round(terms.took_ms, 3),
            "warnings": list(terms.warnings),
        },
    }


def stats_to_dict(stats: IndexStats) -> dict[str, Any]:
    """The state and size of an index, under `stats`; `bytes` is its size on disk."""
    return {
        "version": VERSION,
        "stats": {
            "path": stats.path,
            "schema_version": stats.schema_version,
            "language": stats.language,
            "items": stats.items,
            "articles": stats.articles,
            "duplicates": stats.duplicates,
            "skipped": stats.skipped,
            "segments": stats.segments,
            "deleted": stats.deleted,
            "bytes": stats.bytes,
            "terms": stats.terms,
            "providers": stats.providers,
            "topics": stats.topics,
            "oldest": _date(stats.oldest),
            "newest": _date(stats.newest),
            "median_quality": stats.median_quality,
            "updated": _date(stats.updated),
            "roots": list(stats.roots),
        },
    }


def diagnosis_to_dict(found: Diagnosis) -> dict[str, Any]:
    """What a check of an index found, under `diagnosis`."""
    return {
        "version": VERSION,
        "diagnosis": {
            "path": found.path,
            "files": found.files,
            "bytes": found.bytes,
            "sound": found.is_sound,
            "findings": [
                {
                    "severity": finding.severity,
                    "check": finding.check,
                    "message": finding.message,
                    "places": list(finding.places),
                }
                for finding in found.findings
            ],
        },
    }


def report_to_dict(report: SyncReport) -> dict[str, Any]:
    """What one `index` run did, under `report`; `seconds` is rounded to a millisecond."""
    return {
        "version": VERSION,
        "report": {
            "added": report.added,
            "changed": report.changed,
            "removed": report.removed,
            "excluded": report.excluded,
            "unchanged": report.unchanged,
            "duplicates": report.duplicates,
            "items": report.items,
            "articles": report.articles,
            "seconds": round(report.seconds, 3),
            "skipped": [_fault(fault) for fault in report.skipped],
            "remarks": [_fault(fault) for fault in report.remarks],
        },
    }


def preview_to_dict(preview: SyncPreview) -> dict[str, Any]:
    """What an `index` run would do: the report it would give, and under `would` the paths that it counts."""
    would = {
        what: [{"archive": root, "path": path} for root, path in names]
        for what, names in (("add", preview.added), ("change", preview.changed), ("remove", preview.removed))
    }
    return {**report_to_dict(preview.report), "would": would}


def settings_to_dict(values: Mapping[str, object], origins: Mapping[str, str], file: str | None) -> dict[str, Any]:
    """The settings in force, under `settings`: key by key, each with its value and where that came from.

    `file` is the configuration file that was read, None where there is none.
    """
    settings = {key: {"value": _plain(value), "origin": origins[key]} for key, value in values.items()}
    return {"version": VERSION, "settings": settings, "file": file}


# --- Parts, to JSON ---


def _query(result: SearchResult) -> dict[str, Any]:
    return {
        "text": result.request.text,
        "parsed": result.parsed,
        "match": result.request.match,
        "relaxed": result.relaxed,
        "as_of": _date(result.as_of),
    }


def _of_what(result: SearchResult) -> dict[str, Any]:
    """What stands beside figures alone."""
    return {"query": _query(result), "warnings": list(result.warnings)}


def _facets(facets: Mapping[str, Sequence[FacetValue]]) -> dict[str, Any]:
    return {field: [_facet_value(value) for value in values] for field, values in facets.items()}


def _facet_value(value: FacetValue) -> dict[str, Any]:
    written: dict[str, Any] = {"value": value.value, "count": value.count, "filter": value.filter}
    return written if value.name is None else {**written, "name": value.name}


def _timeline(timeline: Timeline) -> dict[str, Any]:
    return {
        "interval": timeline.interval,
        "undated": timeline.undated,
        "buckets": [{"start": bucket.start.isoformat(), "count": bucket.count} for bucket in timeline.buckets],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.id,
        "rank": hit.rank,
        "score": hit.score,
        "kind": hit.kind,
        "title": hit.title,
        "excerpt": hit.excerpt,
        "url": hit.url,
        "path": hit.path,
        "date": _date(hit.date),
        "provider": _provider(hit.provider),
        "type": hit.type,
        "quality": hit.quality,
        "heat": hit.heat,
        "published": hit.published,
        "topics": list(hit.topics),
        "highlights": {field: [list(span) for span in spans] for field, spans in hit.highlights.items()},
        "matched_in": [_place(place) for place in hit.matched_in],
        "cited_by": [{"id": ref.id, "title": ref.title} for ref in hit.cited_by],
        "snippet": None if hit.snippet is None else _snippet(hit.snippet),
        "story": None if hit.story is None else _story(hit.story),
        "explain": None if hit.explanation is None else _explanation(hit.explanation),
    }


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
        "first": None if story.first is None else _ref(story.first),
        "others": [_ref(ref) for ref in story.others],
    }


def _typical(term: TypicalTerm) -> dict[str, Any]:
    return {"value": term.value, "hits": term.hits, "others": term.others, "strength": term.strength}


def _place(place: MatchPlace) -> dict[str, Any]:
    if place.id is None and place.title is None:
        return {"field": place.field}
    return {"field": place.field, "id": place.id, "title": place.title}


def _provider(provider: Provider | None) -> dict[str, Any] | None:
    return None if provider is None else {"name": provider.name, "domain": provider.domain}


def _image(image: Image) -> dict[str, Any]:
    return {"url": image.url, "width": image.width, "height": image.height, "cached": image.cached}


def _ref(ref: ArticleRef) -> dict[str, Any]:
    return {
        "id": ref.id,
        "title": ref.title,
        "url": ref.url,
        "date": _date(ref.date),
        "provider": _provider(ref.provider),
        "kind": ref.kind,
    }


def _fault(fault: ItemError) -> dict[str, Any]:
    return {"path": fault.path, "line": fault.line, "reason": fault.reason}


def _explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "value": explanation.value,
        "description": explanation.description,
        "combine": explanation.combine,
        "details": [_explanation(detail) for detail in explanation.details],
        "facts": _plain(explanation.facts),
    }


def _plain(value: object) -> Any:
    """A fact or setting as JSON has it: an array's number becomes a number, a date its text, and a path its name."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return _date(value)
    if isinstance(value, float):
        return float(value)
    try:
        return operator.index(value)  # type: ignore[arg-type]  # what is no whole number raises, and is text then
    except TypeError:
        return str(value)


def _date(moment: datetime | None) -> str | None:
    # Not strftime: it writes the year 800 with three digits on some systems.
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


# --- Parts, from JSON ---


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
