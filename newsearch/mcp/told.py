"""What a model reads beside the JSON: the same in few words.

    told.search(result)

    10 articles, 1-5 shown. Read as: facial AND recognition
    1. [8eqtc2] Why Amazon tried to thwart Portland's historic … — Salon, 2020-09-13, quality 43, score 0.861
       https://www.salon.com/…

Every text of the archive stands on one line and is cut; whole ones are in the JSON. Nothing of a file's place is told.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from newsearch.findings import Relations
from newsearch.model import Article, ArticleRef, Hit, Provider, SearchResult, Timeline
from newsearch.wording import bucket_name, counted, day, provider_name

__all__ = ["article", "figures", "related", "search"]

EXCERPT = 300
BODY = 4000
NAMED = 10
"""Articles that are named of those that an article cites, or that cite it."""


def search(result: SearchResult) -> str:
    """A page of hits."""
    return "\n".join([*_summary(result), *(line for hit in result.hits for line in _hit(hit)), *_figures(result)])


def article(found: Article) -> str:
    """One article with its text and its citations."""
    facts = _facts(found.provider, found.date, found.quality)
    lines = [f"[{found.id}] {_line(found.title)}{f' — {facts}' if facts else ''}"]
    if found.url:
        lines.append(_line(found.url))
    if found.topics:
        lines.append(f"Topics: {_line(', '.join(found.topics))}")
    if found.excerpt:
        lines += ["", _line(found.excerpt, BODY)]
    if found.body:
        lines += ["", _cut(found.body, BODY)]
    for heading, refs in (("Cites", found.related), ("Cited by", found.cited_by)):
        if refs:
            lines += ["", f"{heading}:", *(f"- {_ref(ref)}" for ref in refs[:NAMED])]
            if len(refs) > NAMED:
                lines.append(f"- and {len(refs) - NAMED:,} more")
    return "\n".join(lines)


def related(found: Relations) -> str:
    """What citations lead to, with the way there."""
    lines = [
        f"{counted(found.total, 'article')} in at most {counted(found.depth, 'citation')} from {_ref(found.article)}"
    ]
    for one in found.articles:
        # The last step's article is the one that the line is about.
        way = [f"{step.by} [{step.article.id[:6]}]" for step in one.path[:-1]] + [one.path[-1].by]
        lines.append(f"- {_ref(one.article)} ({', '.join(way)})")
    return "\n".join(lines)


def figures(result: SearchResult) -> str:
    """How many articles have each value, or are of each time; of times without any nothing is said."""
    return "\n".join([_found(result), *_warnings(result), *_figures(result)])


def _summary(result: SearchResult) -> Iterator[str]:
    shown = ""
    if result.hits:
        shown = f", {result.hits[0].rank:,}-{result.hits[-1].rank:,} shown"
    elif result.total and result.request.limit:
        shown = f"; offset {result.request.offset:,} passes over all of them"
    stories = f" in {counted(result.stories, 'story', 'stories')}" if result.stories is not None else ""
    yield f"{_found(result)}{stories}{shown}. Read as: {_line(result.parsed) or 'everything'}"
    if result.relaxed:
        yield "No article has all of these words; these are the articles with most of them."
    if result.suggestion is not None:
        yield f"Did you mean: {_line(result.suggestion)}"
    yield from _warnings(result)


def _found(result: SearchResult) -> str:
    return counted(result.total, "article")


def _warnings(result: SearchResult) -> Iterator[str]:
    for warning in result.warnings:
        yield f"Warning: {_line(warning)}"


def _hit(hit: Hit) -> Iterator[str]:
    facts = _facts(hit.provider, hit.date, hit.quality)
    yield f"{hit.rank}. [{hit.short_id}] {_line(hit.title)} — {facts + ', ' if facts else ''}score {hit.score:.3f}"
    if hit.url:
        yield f"   {_line(hit.url)}"
    if hit.excerpt:
        yield f"   {_line(hit.excerpt)}"
    if hit.snippet is not None and hit.snippet.field == "body":
        yield f"   … {_line(hit.snippet.text)} …"
    if hit.topics:
        yield f"   Topics: {_line(', '.join(hit.topics))}"
    if hit.story is not None and hit.story.size > 1:
        yield f"   Story: {counted(hit.story.size, 'article')} by {counted(hit.story.providers, 'provider')}"
    if hit.cited_by:
        more = f" and {len(hit.cited_by) - 1:,} more" if len(hit.cited_by) > 1 else ""
        yield f"   Cited by: [{hit.cited_by[0].id[:6]}] {_line(hit.cited_by[0].title, 100)}{more}"
    if hit.explanation is not None:
        parts = ", ".join(f"{part.description} {part.value:.3f}" for part in hit.explanation.details)
        yield f"   Score: {parts}"


def _figures(result: SearchResult) -> Iterator[str]:
    for field, values in result.facets.items():
        counts = ", ".join(f"{_line(value.name or value.value, 100)} {value.count:,}" for value in values)
        yield f"By {field}: {counts or 'nothing'}"
    if result.timeline is not None:
        yield _over_time(result.timeline)


def _over_time(found: Timeline) -> str:
    counts = ", ".join(f"{bucket_name(one.start, found.interval)} {one.count:,}" for one in found.buckets if one.count)
    undated = f"; {counted(found.undated, 'article')} without a date" if found.undated else ""
    return f"By {found.interval}: {counts or 'nothing'}{undated}"


def _ref(ref: ArticleRef) -> str:
    facts = _facts(ref.provider, ref.date, None)
    return f"[{ref.id[:6]}] {_line(ref.title, 150)}{f' — {facts}' if facts else ''}"


def _facts(provider: Provider | None, date: datetime | None, quality: int | None) -> str:
    name = _line(provider_name(provider), 80)
    parts: Sequence[str] = (name, day(date), "" if quality is None else f"quality {quality}")
    return ", ".join(part for part in parts if part)


def _line(text: str, most: int = EXCERPT) -> str:
    return _cut(" ".join("".join(char if char.isprintable() else " " for char in text).split()), most)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
