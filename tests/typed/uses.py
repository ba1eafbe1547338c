"""How people use newsearch in typed code. Nothing here is run: `tests/test_typed.py` has mypy read it.

A line with `type: ignore` is wrong use, and mypy has to say so: in strict mode an ignore that ignores nothing is an
error.
"""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, assert_type

import newsearch
from newsearch import (
    Article,
    Completion,
    FacetValue,
    Hit,
    NewsIndex,
    NewsItem,
    Provider,
    RankingSettings,
    Relations,
    SearchRequest,
    SearchResult,
    SyncReport,
    Timeline,
    TypicalTerms,
    aio,
    arriving,
    brief,
    config,
    saved,
    wire,
)


def search() -> None:
    with newsearch.open("index", settings=RankingSettings(k1=1.5)) as index:
        assert_type(index, NewsIndex)
        result = index.search("ban", limit=5, since=date(2020, 9, 1), sort="date", group="story", facets=("topic",))
        assert_type(result, SearchResult)
        for hit in result:
            assert_type(hit, Hit)
            assert_type(hit.provider, Provider | None)
            assert_type(hit.date, datetime | None)
            assert_type(hit.topics, tuple[str, ...])
        assert_type(len(result), int)
        assert_type(result[0], Hit)
        assert_type(result[:2], tuple[Hit, ...])
        index.search("ban", limt=5)  # type: ignore[call-arg]
        index.search("ban", sort="dates")  # type: ignore[arg-type]
        index.search("ban", limit="5")  # type: ignore[arg-type]
        str(result.hits[0].provider.name)  # type: ignore[union-attr]
        result.hits[0].title = "x"  # type: ignore[misc]


def figures(index: NewsIndex) -> None:
    assert_type(index.count("ban", since="2020-09"), int)
    assert_type(index.facets("provider", "ban", limit=2), tuple[FacetValue, ...])
    assert_type(index.timeline("ban", interval="year"), Timeline)
    assert_type(index.suggest("fac", kinds=["topic"]), tuple[Completion, ...])
    index.count("ban", limit=5)  # type: ignore[call-arg]
    index.timeline("ban", interval="fortnight")  # type: ignore[arg-type]


def articles(index: NewsIndex) -> None:
    assert_type(index.get("8eqtc2"), Article)
    assert_type(index.similar("8eqtc2", limit=2), SearchResult)
    assert_type(index.related("8eqtc2", depth=2), Relations)
    assert_type(index.terms("ban"), TypicalTerms)
    assert_type(index.pages("ban", size=10), Iterator[SearchResult])
    assert_type(index.pinned(), NewsIndex)
    assert_type(index.newer(), NewsIndex | None)
    assert_type(index.ask("ban"), SearchResult)
    index.count("ban", facets=["topic"])  # type: ignore[call-arg]
    assert_type(brief.brief(index, SearchRequest("ban")), str)


def syncing() -> None:
    with NewsIndex.create(Path("index"), language="german") as index:
        assert_type(index.sync(["data", Path("more")]), SyncReport)
        assert_type(index.sync_items([{"title": "x"}, NewsItem("a.example/x", "x")], source="cms"), SyncReport)
        index.sync_items((item for item in [NewsItem("a.example/x", "x")]), source="cms", partial=True, gone=["x"])
        index.sync_items(["text"], source="cms")  # type: ignore[list-item]
        index.sync_items([])  # type: ignore[call-arg]
    rebuilt, report = NewsIndex.rebuild("index", ["data"], items={"cms": iter([{"title": "x"}])})
    assert_type(rebuilt, NewsIndex)
    assert_type(report, SyncReport)


def as_json(index: NewsIndex) -> None:
    result = index.search("ban")
    assert_type(newsearch.to_dict(result), dict[str, Any])
    assert_type([newsearch.to_dict(hit) for hit in result], list[dict[str, Any]])
    assert_type([newsearch.to_dict(value) for value in result.facets["topic"]], list[dict[str, Any]])
    assert_type(wire.search_from_dict(newsearch.to_dict(result)), SearchResult)
    newsearch.to_dict("text")  # type: ignore[arg-type]


def settings() -> None:
    found = config.load().settings
    newsearch.open(found.index, settings=found.ranking, synonyms=found.synonyms)
    assert_type(saved.SavedQueries.near(Path()).get("sea").request, SearchRequest)


def digest(index: NewsIndex) -> None:
    found = arriving.arrivals(index, "sea")
    assert_type(found, arriving.Arrivals)
    assert_type(found.result, SearchResult)
    if found.is_all:
        found.mark()


def errors() -> None:
    try:
        newsearch.open("nowhere")
    except newsearch.AmbiguousId as error:
        assert_type(error.candidates, tuple[str, ...])
    except newsearch.OptionError as error:
        error.told(lambda name: name.replace("_", "-"))


async def asynchronously() -> None:
    async with aio.open("index", workers=2) as index:
        assert_type(index, aio.AsyncNewsIndex)
        result = await index.search("ban", limit=5, sort="date")
        assert_type(result, SearchResult)
        assert_type(await index.count("ban", since="2020-09"), int)
        assert_type(await index.get("8eqtc2"), Article)
        async with asyncio.TaskGroup() as tasks:
            one, other = tasks.create_task(index.search("ban")), tasks.create_task(index.related("8eqtc2"))
        assert_type(one.result(), SearchResult)
        assert_type(other.result(), Relations)
        async for page in index.pages("ban"):
            assert_type(page, SearchResult)
        assert_type(await index.run(lambda index: index.path), Path | str)
        await index.search("ban", limt=5)  # type: ignore[call-arg]
        await index.search("ban", sort="dates")  # type: ignore[arg-type]
        str(index.search("ban").hits)  # type: ignore[attr-defined]
