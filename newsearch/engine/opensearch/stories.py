"""Matches grouped by story.

    page = story_page(request, pager, found)
    page.stories                # of each hit, what is told of the story that it leads

What links two articles is said in `newsearch.engine.rules.stories`. On the embedded engine every match is looked at; a
cluster may find millions, so here it is the first LOOKED_AT of them, and a warning says so where there are more.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, NamedTuple

from newsearch.engine.opensearch.found import Found
from newsearch.engine.opensearch.hits import article_of
from newsearch.engine.opensearch.mapping import TEXT
from newsearch.engine.opensearch.paging import Page, Pager
from newsearch.engine.opensearch.view import View
from newsearch.engine.rules.analysis import Analyzer
from newsearch.engine.rules.articles import article_ref
from newsearch.engine.rules.keywords import join_provider, publisher
from newsearch.engine.rules.stories import FEW, NAMED, RARE, STORY_DAYS, nearly_the_same
from newsearch.items.ids import article_id, article_key
from newsearch.model import NewsItem, RelatedArticle, SearchRequest, Story
from newsearch.query.dates import to_seconds
from newsearch.ranking import DAY

__all__ = ["LOOKED_AT", "story_page"]

LOOKED_AT = 2000
"""Matches that are grouped: the first by the order asked for."""

_CITING = 10_000
_SPAN = STORY_DAYS * DAY


class _Match(NamedTuple):
    """A match as grouping needs it; its place among the matches is its rank."""

    id: str
    article: NewsItem | RelatedArticle
    date: int | None
    publisher: str | None


def story_page(request: SearchRequest, pager: Pager, found: Found, analyzer: Analyzer) -> Page:
    """A page of which each hit leads a story."""
    matches = []
    for hit in pager.all(request.sort, size=LOOKED_AT, source=["id", "kind", "record"]):
        matches.append(_match(hit["_source"]))
        if len(matches) == LOOKED_AT:
            break
    total = pager.total()
    groups = _groups(matches, found.view, analyzer)
    members: dict[int, list[_Match]] = defaultdict(list)
    for place, match in enumerate(matches):
        members[groups[place]].append(match)
    listed = list(members.values())  # by their first matches, which lead
    held_back = 0
    if request.max_per_provider is not None:
        listed, held_back = _capped(listed, request.max_per_provider)
    shown = listed[request.offset : request.offset + request.limit]
    hits = pager.sources([one[0].id for one in shown])
    warnings: tuple[str, ...] = ()
    if total > len(matches):
        warnings = (
            f"Stories are made of the first {LOOKED_AT:,} of {total:,} articles found; narrow the query for the rest.",
        )
    return Page(total, hits, [_told(one) for one in shown], len(members), held_back, warnings)


def _match(source: Mapping[str, Any]) -> _Match:
    article = article_of(source)
    listed = join_provider(article.provider)
    told = None if listed is None else publisher(listed)
    return _Match(source["id"], article, to_seconds(article.date), None if told is None else told.identity)


def _told(members: Sequence[_Match]) -> Story:
    dated = [one for one in members if one.date is not None]
    first = min(dated, key=lambda one: (one.date, one.id), default=None)
    return Story(
        size=len(members),
        providers=len({one.publisher for one in members if one.publisher is not None}),
        first=None if first is None else article_ref(first.article),
        others=tuple(article_ref(one.article) for one in members[1:NAMED]),
    )


def _capped(stories: list[list[_Match]], most: int) -> tuple[list[list[_Match]], int]:
    """The stories but those led by an article of a provider that leads so many before; and how many were left out."""
    seen: Counter[str] = Counter()
    kept = []
    for story in stories:
        provider = story[0].publisher
        if provider is not None:
            seen[provider] += 1
            if seen[provider] > most:
                continue
        kept.append(story)
    return kept, len(stories) - len(kept)


def _groups(matches: Sequence[_Match], view: View, analyzer: Analyzer) -> list[int]:
    """For each match a number, equal where the story is the same."""
    parents: dict[object, object] = {}

    def root(node: object) -> object:
        while parents.setdefault(node, node) != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    place = {match.id: number for number, match in enumerate(matches)}
    for citing, cited in _citations(matches, view):
        parents[root(place.get(citing, citing))] = root(place[cited])
    for first, second in _alike(matches, view, analyzer):
        parents[root(first)] = root(second)
    numbers: dict[object, int] = {}
    return [numbers.setdefault(root(number), len(numbers)) for number in range(len(matches))]


def _citations(matches: Sequence[_Match], view: View) -> Iterator[tuple[str, str]]:
    """The citations of matches that count, by whichever visible item."""
    if not matches:
        return
    query = view.among({"terms": {"cites": [match.id for match in matches]}})
    body = {"query": query, "size": _CITING, "_source": ["id", "kind", "record"], "track_total_hits": False}
    dates = {match.id: match.date for match in matches}
    citing: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for hit in view.ask(body)["hits"]["hits"]:
        item = article_of(hit["_source"])
        if isinstance(item, NewsItem):
            for key in {article_id(article_key(one.address)) for one in item.related}:
                if key in dates:
                    citing[key].append((hit["_id"], to_seconds(item.date)))
    for cited, several in citing.items():
        gaps = [(_gap(dates[cited], date), identity) for identity, date in several]
        # A landmark, that many items cite, belongs to the story nearest in time alone.
        for gap, identity in gaps if len(gaps) <= FEW else [min(gaps)]:
            unknown = dates[cited] is None or gap == float("inf")
            if unknown or gap <= _SPAN:
                yield identity, cited


def _gap(first: int | None, second: int | None) -> float:
    return float("inf") if first is None or second is None else abs(first - second)


class _Title(NamedTuple):
    """The terms of a match's title; `place` is that of the match."""

    date: int
    place: int
    terms: frozenset[str]


def _alike(matches: Sequence[_Match], view: View, analyzer: Analyzer) -> Iterator[tuple[int, int]]:
    """Pairs of matches, by place, whose titles are alike."""
    titles = []
    for place, match in enumerate(matches):
        terms = frozenset(token.term for token in analyzer.tokens(match.article.title) if not token.stop)
        if match.date is not None and len(terms) > 1:
            titles.append(_Title(match.date, place, terms))
    titles.sort(key=lambda one: (one.date, one.place))
    yield from _equal(titles)
    yield from _near(titles, view)


def _equal(titles: Sequence[_Title]) -> Iterator[tuple[int, int]]:
    """Titles with equal terms, each with the next one by date."""
    equal: dict[frozenset[str], list[_Title]] = defaultdict(list)
    for one in titles:
        equal[one.terms].append(one)
    for several in equal.values():
        for first, second in pairwise(several):
            if second.date - first.date <= _SPAN:
                yield first.place, second.place


def _near(titles: Sequence[_Title], view: View) -> Iterator[tuple[int, int]]:
    """Titles with the same rarest term and nearly the same others; those with equal ones are left to `_equal`."""
    every = sorted({term for one in titles for term in one.terms})
    counts = view.counts([{"term": {f"{TEXT}.title": term}} for term in every])
    spread = dict(zip(every, counts, strict=True))
    by_rarest: dict[str, list[_Title]] = defaultdict(list)
    for one in titles:
        rarest = min(one.terms, key=lambda term: (spread[term], term))
        if spread[rarest] <= RARE:
            by_rarest[rarest].append(one)
    for several in by_rarest.values():
        for first, second in combinations(several, 2):
            common, union = len(first.terms & second.terms), len(first.terms | second.terms)
            if second.date - first.date <= _SPAN and common < union and nearly_the_same(common, union):
                yield first.place, second.place
