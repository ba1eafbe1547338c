"""Facets and timelines count what the filters find, on any archive."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsearch.engine.whoosh import writer
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import QueryError
from newsearch.model import FacetValue, Interval, SearchResult
from newsearch.query.facets import FACET_FIELDS, QUALITY_BANDS
from tests import oracle
from tests.archive import NOW, build, cited, find, update
from tests.strategies import batches, queries

ALL = tuple(f"{field}:1000" for field in FACET_FIELDS)
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def values(article: oracle.Article) -> dict[str, set[str]]:
    """The values of an article in each facet, by loops and without the engine; providers by name or domain."""
    dated = None if article.date is None else EPOCH + timedelta(seconds=article.date)
    provider = article.provider.get("domain") or article.provider.get("name")
    return {
        "provider": {provider.lower()} if provider else set(),
        "topic": {topic.lower() for topic in article.topics},
        "type": {article.type.lower()} if article.type else set(),
        "kind": {article.kind},
        "quality": {band(article.quality)},
        "year": {f"{dated:%Y}"} if dated else set(),
        "month": {f"{dated:%Y-%m}"} if dated else set(),
    }


def band(quality: int | None) -> str:
    if quality is None:
        return "unknown"
    low, high = next((low, high) for low, high in QUALITY_BANDS if low <= quality <= (high or quality))
    return f"{low}+" if high is None else f"{low}-{high}"


def brute_force(found: Iterable[oracle.Article]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {field: Counter() for field in FACET_FIELDS}
    for article in found:
        for field, having in values(article).items():
            counts[field].update(having)
    return counts


def counted(result: SearchResult) -> dict[str, Counter[str]]:
    return {field: Counter({one.value.lower(): one.count for one in found}) for field, found in result.facets.items()}


def test_every_facet_of_a_small_archive(tmp_path: Path) -> None:
    engine = build(
        tmp_path,
        [
            {
                "path": "a.md",
                "title": "kelp",
                "url": "https://a.example/1",
                "date": "2020-09-13T12:00:00Z",
                "quality": 43,
                "type": "article",
                "provider": {"name": "Harbour Post", "domain": "www.post.example"},
                "topics": ["Law", "AI"],
                "related": [cited("kelp", "https://b.example/2", quality=100, provider={"name": "Globe"})],
            },
            {"path": "b.md", "title": "kelp", "url": "https://a.example/3", "date": "2019-01-01", "topics": ["law"]},
        ],
    )
    facets = find(engine, "kelp", limit=0, facets=FACET_FIELDS).facets
    assert facets == {
        "provider": (
            FacetValue("Globe", 1, "provider:Globe"),
            FacetValue("post.example", 1, "provider:post.example", "Harbour Post"),
        ),
        "topic": (FacetValue("Law", 2, "topic:Law"), FacetValue("AI", 1, "topic:AI")),
        "type": (FacetValue("article", 1, "type:article"),),
        "kind": (FacetValue("item", 2, "is:item"), FacetValue("related", 1, "is:related")),
        "quality": (
            FacetValue("100+", 1, "quality:>=100"),
            FacetValue("40-59", 1, "quality:40..59"),
            FacetValue("unknown", 1, "-quality:>=0"),
        ),
        "year": (FacetValue("2020", 1, "date:2020"), FacetValue("2019", 1, "date:2019")),
        "month": (FacetValue("2020-09", 1, "date:2020-09"), FacetValue("2019-01", 1, "date:2019-01")),
    }


@SETTINGS
@given(batches(), queries(), st.sampled_from((None, "2020-09-01", "2019-12-31")), st.booleans())
def test_facets_are_what_brute_force_counts(
    syncs: list[dict[str, Any]], query: Any, as_of: str | None, joined: bool
) -> None:
    """After any syncs, each in a segment of its own or joined, with deletions, and looking back too."""
    with TemporaryDirectory() as folder:
        result = find(synced(folder, syncs, joined), oracle.text_of(query), as_of=as_of, facets=ALL, limit=0)
    answer = oracle.search(remaining(syncs), query, now=int(NOW.timestamp()), as_of=as_of)
    expected = brute_force(answer.articles[address] for address in answer.scores)
    # Two providers of one name, one of them without a domain, are both found by the name: not brute force's business.
    found = counted(result)
    assert {field: found[field] for field in FACET_FIELDS if field != "provider"} == {
        field: expected[field] for field in FACET_FIELDS if field != "provider"
    }
    assert all(found["provider"][value] >= count for value, count in expected["provider"].items())


@SETTINGS
@given(batches(), queries(), st.sampled_from((None, "2020-09-01")), st.booleans())
def test_a_filter_finds_as_many_as_its_value_counts(
    syncs: list[dict[str, Any]], query: Any, as_of: str | None, joined: bool
) -> None:
    text = oracle.text_of(query)
    with TemporaryDirectory() as folder:
        engine = synced(folder, syncs, joined)
        result = find(engine, text, as_of=as_of, facets=ALL, limit=0)
        for found in result.facets.values():
            for value in found:
                narrowed = find(engine, f"({text}) {value.filter}", as_of=as_of, limit=0)
                assert narrowed.total == value.count, value


def synced(folder: str, syncs: list[dict[str, Any]], joined: bool) -> WhooshEngine:
    """An index after some syncs, whose segments are joined as usual or not at all."""
    with pytest.MonkeyPatch.context() as patch:
        if not joined:
            patch.setattr(writer, "JOIN_POSTINGS", -1)
        engine = build(folder)
        for changes in syncs:
            specs = [
                spec if isinstance(spec, dict) else {"path": path, "title": None}
                for path, spec in changes.items()
                if isinstance(spec, dict) or spec == "broken"
            ]
            update(engine, specs, removed=[path for path, spec in changes.items() if spec == "removed"])
    return engine


def remaining(syncs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The files that can be read after some syncs."""
    files: dict[str, Any] = {}
    for changes in syncs:
        files |= {path: spec for path, spec in changes.items() if spec != "touched"}
    return [spec for spec in files.values() if isinstance(spec, dict)]


def test_values_are_the_same_ones_in_every_segment(tmp_path: Path) -> None:
    topics = (["b", "c"], ["a", "c"], ["c"])
    syncs = [{f"{n}.md": {"path": f"{n}.md", "title": "kelp", "topics": each}} for n, each in enumerate(topics)]
    engine = synced(str(tmp_path), syncs, joined=False)
    assert engine.stats().segments > 2
    assert [(one.value, one.count) for one in find(engine, facets=("topic",)).facets["topic"]] == [
        ("c", 3),
        ("a", 1),
        ("b", 1),
    ]


@SETTINGS
@given(
    batches(),
    queries(),
    st.sampled_from(("day", "week", "month", "year")),
    st.sampled_from((None, "2020-09-01", "2019-12-31")),
    st.booleans(),
)
def test_a_timeline_is_what_brute_force_counts(
    syncs: list[dict[str, Any]], query: Any, interval: Interval, as_of: str | None, joined: bool
) -> None:
    """After any syncs, as facets are."""
    with TemporaryDirectory() as folder:
        result = find(synced(folder, syncs, joined), oracle.text_of(query), as_of=as_of, timeline=interval, limit=0)
    answer = oracle.search(remaining(syncs), query, now=int(NOW.timestamp()), as_of=as_of)
    found = [answer.articles[address] for address in answer.scores]
    days = [(EPOCH + timedelta(seconds=one.date)).date() for one in found if one.date is not None]
    starts = Counter(start_of(day, interval) for day in days)
    timeline = result.timeline
    assert timeline is not None
    assert {bucket.start: bucket.count for bucket in timeline.buckets if bucket.count} == starts
    assert (timeline.undated, timeline.total) == (len(found) - len(days), len(found))
    # Without gaps: each bucket is the one after the day before it.
    for before, after in zip(timeline.buckets, timeline.buckets[1:], strict=False):
        assert start_of(after.start - timedelta(days=1), interval) == before.start


def start_of(day: date, interval: Interval) -> date:
    match interval:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "year":
            return day.replace(month=1, day=1)


def test_values_are_counted_over_all_matches_and_not_over_the_page(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": f"{n}.md", "title": "kelp", "type": "article"} for n in range(5)])
    result = find(engine, "kelp", limit=1, offset=2, facets=("type",))
    assert (len(result), result.facets["type"]) == (1, (FacetValue("article", 5, "type:article"),))


def test_the_most_frequent_values_come_first_and_equal_ones_in_order(tmp_path: Path) -> None:
    topics = [["c"], ["b", "c"], ["a", "c"], ["b", "a"], ["d"]]
    engine = build(tmp_path, [{"path": f"{n}.md", "title": "kelp", "topics": each} for n, each in enumerate(topics)])
    assert [one.value for one in find(engine, facets=("topic",)).facets["topic"]] == ["c", "a", "b", "d"]
    assert [one.value for one in find(engine, facets=("topic:2",)).facets["topic"]] == ["c", "a"]


def test_of_months_the_newest_are_kept(tmp_path: Path) -> None:
    days = ("2020-01-01", "2020-01-02", "2020-02-01", "2020-03-01")
    engine = build(tmp_path, [{"path": f"{day}.md", "title": "kelp", "date": day} for day in days])
    assert [one.value for one in find(engine, facets=("month:2",)).facets["month"]] == ["2020-03", "2020-02"]


def test_a_value_is_shown_as_it_is_written_most_often(tmp_path: Path) -> None:
    topics = ("ZÜRICH", "Zürich", "Zürich", "zurich")
    engine = build(tmp_path, [{"path": f"{n}.md", "title": "k", "topics": [each]} for n, each in enumerate(topics)])
    assert find(engine, facets=("topic",)).facets["topic"] == (FacetValue("Zürich", 4, "topic:Zürich"),)


def test_two_writings_of_a_topic_in_one_article_count_once(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": "a.md", "title": "kelp", "topics": ["Law", "law", "AI"]}])
    assert [(one.value, one.count) for one in find(engine, facets=("topic",)).facets["topic"]] == [
        ("AI", 1),
        ("Law", 1),
    ]


def test_a_name_that_is_another_providers_domain_counts_for_what_its_filter_finds(tmp_path: Path) -> None:
    providers = ({"name": "post.example"}, {"name": "Post", "domain": "post.example"}, {"name": "Post"})
    specs = [{"path": f"{n}.md", "title": "kelp", "provider": each} for n, each in enumerate(providers)]
    found = find(build(tmp_path, specs), facets=("provider",)).facets["provider"]
    assert [(one.value, one.count) for one in found] == [("Post", 2), ("post.example", 2)]


def test_a_value_that_only_deleted_articles_had_is_gone(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": "a.md", "title": "kelp", "type": "video"}, {"path": "b.md", "title": "kelp"}])
    update(engine, removed=["a.md"])
    assert find(engine, facets=("type",)).facets["type"] == ()


def test_an_empty_index_has_no_values_and_no_buckets(tmp_path: Path) -> None:
    result = find(build(tmp_path), facets=FACET_FIELDS, timeline="day")
    assert set(result.facets.values()) == {()}
    assert result.timeline is not None
    assert result.timeline.buckets == ()


def test_a_timeline_reaches_from_the_first_year_to_the_last(tmp_path: Path) -> None:
    specs = [{"path": f"{n}.md", "title": "kelp", "date": day} for n, day in enumerate(("0002-01-01", "9999-12-31"))]
    engine = build(tmp_path, specs)
    timeline = find(engine, timeline="year").timeline
    assert timeline is not None
    assert (timeline.buckets[0].start, timeline.buckets[-1].start) == (date(2, 1, 1), date(9999, 1, 1))
    assert [one.filter for one in find(engine, facets=("year",)).facets["year"]] == ["date:9999", "date:0002"]
    with pytest.raises(QueryError, match=r"3,651,694 days.*count by week, month or year"):
        find(engine, timeline="day")


def test_buckets_are_a_tuple_to_those_who_look(tmp_path: Path) -> None:
    timeline = find(build(tmp_path, [{"path": "a.md", "title": "kelp", "date": "2020-09-13"}]), timeline="day").timeline
    assert timeline is not None
    assert repr(timeline.buckets) == repr(tuple(timeline.buckets))
    assert {timeline.buckets: "one"}[tuple(timeline.buckets)] == "one"


def test_a_week_begins_on_monday(tmp_path: Path) -> None:
    days = ("2020-09-13T23:59:59Z", "2020-09-14T00:00:00Z")  # a Sunday and a Monday
    engine = build(tmp_path, [{"path": f"{n}.md", "title": "kelp", "date": day} for n, day in enumerate(days)])
    timeline = find(engine, timeline="week").timeline
    assert timeline is not None
    assert [bucket.start for bucket in timeline.buckets] == [date(2020, 9, 7), date(2020, 9, 14)]


@pytest.mark.parametrize("topic", ["a\tb", "x\x1b[31my", "\x85edge", 'q"uote', "back\\slash", "til~2", "star*", "AND"])
def test_the_filter_of_a_value_with_signs_finds_it(tmp_path: Path, topic: str) -> None:
    other = {"path": "two.md", "title": "Two", "topics": ["other"]}
    engine = build(tmp_path, [{"path": "one.md", "title": "One", "topics": [topic]}, other])
    (found,) = (one for one in find(engine, "", facets=("topic",)).facets["topic"] if one.value != "other")
    assert find(engine, found.filter).total == 1
