"""newsearch in asyncio: an index that is asked without holding up the event loop."""

import asyncio
import inspect
import threading
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import newsearch
from newsearch import IndexMissing, NewsIndex, QueryError, aio, to_dict
from newsearch.aio import AsyncNewsIndex
from newsearch.model import Hit, SearchRequest
from tests.archive import NOW, Archive, cited

WAIT = 60
"""Seconds after which a test that would wait for ever fails."""


def indexed(folder: Path, *titles: str) -> Path:
    """The folder of an index of some articles."""
    archive = Archive(folder / "data")
    for title in titles:
        archive.deliver(title, date="2020-09-13", related=[cited(f"{title} cited", f"https://b.example/{title}")])
    with NewsIndex.create(folder / "index") as index:
        index.sync(archive.folder)
    return folder / "index"


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(coroutine, WAIT))


class Gate:
    """A clock that stands still until it is released; `reached` is set when somebody asks it."""

    def __init__(self) -> None:
        self.reached, self.released = threading.Event(), threading.Event()

    def __call__(self) -> datetime:
        self.reached.set()
        assert self.released.wait(WAIT)
        return NOW


class TestAsking:
    def test_an_index_is_opened_and_asked(self, tmp_path: Path) -> None:
        async def ask() -> None:
            async with aio.open(indexed(tmp_path, "kelp", "norb")) as index:
                result = await index.search("kelp", sort="date")
                assert {hit.title for hit in result} == {"kelp", "kelp cited"}
                assert await index.count("norb") == 2
                assert (await index.get(result.hits[0].id)).title == result.hits[0].title
                assert len(await index.facets("kind", limit=5)) == 2

        run(ask())

    def test_it_can_be_opened_without_a_with(self, tmp_path: Path) -> None:
        async def ask() -> None:
            index = await aio.open(indexed(tmp_path, "kelp"))
            assert await index.count() == 2
            await index.close()

        run(ask())

    def test_what_is_raised_is_what_newsearch_raises(self, tmp_path: Path) -> None:
        async def missing() -> None:
            async with aio.open(tmp_path / "nothing"):
                pass

        async def wrong() -> None:
            async with aio.open(indexed(tmp_path, "kelp")) as index:
                await index.search(limit=-1)

        with pytest.raises(IndexMissing):
            run(missing())
        with pytest.raises(QueryError, match="limit is -1"):
            run(wrong())
        with pytest.raises(QueryError, match="workers is 0; it must be a whole number from 1 to 64"):
            aio.open(workers=0)

    def test_pages_are_gone_through(self, tmp_path: Path) -> None:
        async def ask() -> list[str]:
            async with aio.open(indexed(tmp_path, "a", "b", "c")) as index:
                return [hit.title async for page in index.pages(SearchRequest(sort="date"), size=2) for hit in page]

        assert sorted(run(ask())) == ["a", "a cited", "b", "b cited", "c", "c cited"]

    def test_items_are_synced(self, tmp_path: Path) -> None:
        async def sync() -> int:
            async with aio.open(indexed(tmp_path, "kelp")) as index:
                await index.sync_items([{"title": "norb"}], source="cms")
                return (await index.search("norb")).total

        assert run(sync()) == 1

    def test_every_method_of_an_index_is_there(self) -> None:
        def methods(kind: type) -> set[str]:
            return {name for name in dir(kind) if not name.startswith("_")}

        here, there = methods(AsyncNewsIndex), methods(NewsIndex)
        # These need no index: `asyncio.to_thread(NewsIndex.create, …)`.
        assert there - here == {"check", "create", "preview", "rebuild", "wait_until_free"}
        assert here - there == {"run"}

    def test_they_have_the_same_parameters_and_docstrings(self) -> None:
        for name in ("search", "similar", "terms", "sync_items"):
            mine, its = getattr(AsyncNewsIndex, name), getattr(NewsIndex, name)
            assert inspect.signature(mine) == inspect.signature(its)
            assert mine.__doc__ == its.__doc__

    def test_it_says_what_it_is(self, tmp_path: Path) -> None:
        async def ask() -> tuple[str, str]:
            async with aio.open(indexed(tmp_path, "kelp")) as index:
                return index.language, repr(index)

        language, shown = run(ask())
        assert language == "english"
        assert shown.startswith("<AsyncNewsIndex of <NewsIndex ")


class TestTheLoop:
    def test_goes_on_while_a_search_runs(self, tmp_path: Path) -> None:
        gate = Gate()

        async def ask() -> int:
            async with aio.open(indexed(tmp_path, "kelp"), clock=gate) as index:
                search = asyncio.create_task(index.search("kelp"))
                # Only a loop that is not held up gets here, and only here is the search let go on.
                await asyncio.to_thread(gate.reached.wait, WAIT)
                assert not search.done()
                gate.released.set()
                return (await search).total

        assert run(ask()) == 2

    def test_never_has_to_work_out_what_a_hit_shows(self, tmp_path: Path) -> None:
        async def ask() -> newsearch.SearchResult:
            async with aio.open(indexed(tmp_path, "kelp")) as index:
                return await index.search("kelp", explain=True, group="story", timeline="day")

        result = run(ask())
        for hit in result:
            assert {name for name in Hit.__slots__ if name not in hit.__dict__} == set()
        assert isinstance(result.timeline.buckets, tuple)

    def test_has_no_more_searches_at_once_than_there_are_workers(self, tmp_path: Path) -> None:
        gate = Gate()
        path = indexed(tmp_path, "kelp")
        at_once = 0

        def clock() -> datetime:
            nonlocal at_once
            at_once += 1
            return gate()

        async def ask() -> None:
            async with aio.open(path, clock=clock, workers=1) as index:
                searches = [asyncio.create_task(index.search("kelp")) for _ in range(3)]
                await asyncio.to_thread(gate.reached.wait, WAIT)
                assert at_once == 1
                gate.released.set()
                assert [result.total for result in await asyncio.gather(*searches)] == [2, 2, 2]

        run(ask())

    def test_who_stops_waiting_drops_a_search_that_waits_its_turn(self, tmp_path: Path) -> None:
        gate = Gate()
        asked: list[datetime] = []

        def clock() -> datetime:
            asked.append(gate())
            return asked[-1]

        async def ask() -> None:
            async with aio.open(indexed(tmp_path, "kelp"), clock=clock, workers=1) as index:
                first = asyncio.create_task(index.search("kelp"))
                await asyncio.to_thread(gate.reached.wait, WAIT)
                second = asyncio.create_task(index.search("norb"))
                await asyncio.sleep(0)
                second.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await second
                gate.released.set()
                await first

        run(ask())
        assert len(asked) == 1

    def test_several_calls_can_be_one(self, tmp_path: Path) -> None:
        async def ask() -> dict[str, Any]:
            async with aio.open(indexed(tmp_path, "kelp")) as index:
                return await index.run(lambda index: to_dict(index.search("kelp"), paths=False))

        assert run(ask())["total"] == 2


class TestPinned:
    def test_stays_at_its_commit(self, tmp_path: Path) -> None:
        async def ask() -> tuple[int, int]:
            async with aio.open(indexed(tmp_path, "kelp")) as index:
                pinned = index.pinned()
                await index.sync_items([{"title": "norb"}], source="cms")
                return await pinned.count(), await index.count()

        assert run(ask()) == (2, 3)


class TestAfterwards:
    def test_what_is_closed_says_so(self, tmp_path: Path) -> None:
        async def ask() -> None:
            async with aio.open(indexed(tmp_path, "kelp")) as index:
                pass
            await index.search("kelp")

        with pytest.raises(newsearch.IndexClosed, match="was closed before it was asked"):
            run(ask())

    def test_a_newer_one_stands_beside(self, tmp_path: Path) -> None:
        async def ask() -> list[int]:
            folder = indexed(tmp_path, "kelp")
            async with aio.open(folder) as index:
                before = index.commit
                assert await index.newer() is None
                with NewsIndex.create(folder) as writer:
                    writer.sync_items([{"title": "more kelp"}], source="cms")
                newer = await index.newer()
                assert newer is not None
                assert newer.commit != before == index.commit
                return [await index.count("kelp"), await newer.count("kelp")]

        before, after = run(ask())
        assert after == before + 1

    def test_a_timeline_is_complete(self, tmp_path: Path) -> None:
        async def ask() -> newsearch.Timeline:
            async with aio.open(indexed(tmp_path, "kelp")) as index:
                return await index.timeline("kelp")

        assert isinstance(run(ask()).buckets, tuple)
