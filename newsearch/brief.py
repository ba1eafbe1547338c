"""A page in Markdown about what a query finds, to be pasted: how many, when, and story by story the best of it.

    brief(index, SearchRequest("facial recognition"), stories=5)
    page(index.ask(asked(SearchRequest("facial recognition"), stories=5)))          the same in two steps

The same index and request give the same page, byte by byte: no clock is asked but for ages such as `7d`. Text of the
archive is escaped, so that it shows as it is and is neither markup nor a link. What is told was found by
`newsearch.library`; here it is only written down.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from newsearch.model import ArticleRef, Hit, SearchRequest, SearchResult, Timeline
from newsearch.weblinks import link_target
from newsearch.wording import bucket_name, counted, covered, day, moment, provider_name, titled

if TYPE_CHECKING:
    from newsearch.library import NewsIndex

__all__ = ["asked", "brief", "escaped", "linked", "page"]

_BAR = 24
"""Characters of the bar of the month with most articles."""

_MOST_MONTHS = 60
"""Over more months than this the timeline is by year."""

_OTHERS = 3
"""Articles that are named beside the best one of a story."""

# What CommonMark, GitHub's tables and strikethrough, and formulas begin with.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&$]")
# At the start of a paragraph: a list, a heading's underline, a quotation.
_OPENING = re.compile(r"^(\d{1,9})([.)])|^([-+=:])")
# A bare address becomes a link on GitHub; a character that shows nothing in its middle keeps it text.
_BARE_LINK = re.compile(r"(?i)\b(https?|ftp)(://)|\b(www)(\.)|(?<=\S)(@)(?=\S)")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def brief(index: "NewsIndex", request: SearchRequest, *, stories: int = 10) -> str:
    """The page of a request: its text, filters and order count, its page and grouping do not. Raises QueryError."""
    return page(index.ask(asked(request, stories=stories)))


def asked(request: SearchRequest, *, stories: int = 10) -> SearchRequest:
    """The request whose result a page is made of."""
    return replace(request, limit=stories, offset=0, group="story", explain=False, facets=(), timeline="month")


def page(result: SearchResult, *, title: str | None = None) -> str:
    """The page of the result of a request that `asked` made; its title is the request's text unless one is given."""
    title = result.request.text if title is None else title
    heading = _code(title) if _shown_otherwise(title) else escaped(title)
    lines = [f"# {heading or 'All articles'}", "", *_summary(result)]
    if result.total and result.timeline is not None:
        lines += ["", "## When", "", *_timeline(result.timeline)]
        lines += ["", "## Stories"]
        for hit in result.hits:
            lines += ["", *_story(hit)]
    return "\n".join(lines) + "\n"


def escaped(text: str, *, opening: bool = True) -> str:
    """`text` as one line of Markdown that shows just these characters, also where it opens a paragraph, if it may."""
    line = " ".join(_UNPRINTABLE.sub(" ", text).split())
    line = _MARKUP.sub(r"\\\g<0>", line)
    line = _BARE_LINK.sub(_unlinked, line)
    if not opening:
        return line
    return _OPENING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", line)


def linked(title: str, url: str | None, *, opening: bool = True) -> str:
    """A title as one line of Markdown, and a link if `url` is a web address."""
    shown = titled(escaped(title, opening=opening))
    # Parentheses and brackets would end the link.
    target = link_target(url, without="()[]")
    return shown if target is None else f"[{shown}]({target})"


def _shown_otherwise(text: str) -> bool:
    """Whether a text has signs that Markdown would take for its own."""
    return escaped(text) != " ".join(_UNPRINTABLE.sub(" ", text).split())


def _code(text: str) -> str:
    """A span of code that shows a text as it is, to be copied; empty for an empty one."""
    line = " ".join(_UNPRINTABLE.sub(" ", text).split())
    if not line:
        return ""
    # As CommonMark has it: a longer row of backquotes than any within, and a space where the text has one at an end.
    fence = "`" * (max((len(row) for row in re.findall("`+", line)), default=0) + 1)
    space = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{space}{line}{space}{fence}"


def _unlinked(found: re.Match[str]) -> str:
    # A character reference is read as its character only after links have been looked for.
    word = found[1] or found[3] or ""
    sign = found[2] or found[4] or found[5]
    return f"{word}&#{ord(sign[0])};{sign[1:]}"


def _summary(result: SearchResult) -> Iterator[str]:
    found = counted(result.total, "article") if result.total else "No article matches"
    if result.stories is not None and result.total:
        found += f" in {counted(result.stories, 'story', 'stories')}"
    if len(result.hits) < (result.stories or 0):
        found += f"; the best {len(result.hits):,} below" if result.hits else ""
    yield f"{found}."
    yield ""
    yield f"- Query: {_code(result.parsed) or 'everything'}"
    if result.relaxed:
        yield "- No article has all of these words; these are the articles with most of them."
    if result.held_back:
        yield f"- {counted(result.held_back, 'story', 'stories')} held back, their providers having enough others"
    if result.as_of is not None:
        yield f"- The archive as of {moment(result.as_of)}"
    index = result.index
    state = f"{counted(index.items, 'item')} and {counted(index.articles - index.items, 'related article')}"
    yield f"- Index of {moment(index.updated)}: {state}" if index.updated else "- The index is empty"


def _timeline(timeline: Timeline) -> Iterator[str]:
    spans = _spans(timeline)
    most = max(spans.values(), default=0)
    digits = len(f"{most:,}")
    if spans:
        yield "```text"
        for span, count in spans.items():
            # Whatever there is shows, be it as little as one mark.
            bar = "█" * max(round(_BAR * count / most), int(count > 0))
            yield f"{span}  {count:>{digits},}  {bar}".rstrip()
        yield "```"
    if timeline.undated:
        yield from ([""] if spans else [])
        yield f"{counted(timeline.undated, 'article')} without a date."


def _spans(timeline: Timeline) -> dict[str, int]:
    """The counts of all months from the first to the last; where those are many, of the years that have any."""
    if len(timeline.buckets) <= _MOST_MONTHS:
        return {bucket_name(one.start, "month"): one.count for one in timeline.buckets}
    years: Counter[str] = Counter()
    for one in timeline.buckets:
        if one.count:
            years[bucket_name(one.start, "year")] += one.count
    return dict(years)


def _story(hit: Hit) -> Iterator[str]:
    yield f"### {hit.rank}. {linked(hit.title, hit.url)}"
    yield ""
    quality = "" if hit.quality is None else f"quality {hit.quality}"
    facts = [escaped(provider_name(hit.provider)), day(hit.date), quality]
    yield " · ".join(fact for fact in [*facts, f"`{hit.id}`"] if fact)
    if hit.excerpt.strip():
        yield ""
        yield escaped(hit.excerpt)
    story = hit.story
    if story is None or story.size == 1:
        return
    yield ""
    yield f"{covered(story, escaped)}:"
    yield ""
    for other in story.others[:_OTHERS]:
        yield f"- {_reference(other)}"
    further = story.size - 1 - len(story.others[:_OTHERS])
    if further:
        yield f"- and {further:,} more"


def _reference(ref: ArticleRef) -> str:
    facts = [fact for fact in (escaped(provider_name(ref.provider)), day(ref.date)) if fact]
    beside = f" ({', '.join(facts)})" if facts else ""
    return linked(ref.title, ref.url) + beside
