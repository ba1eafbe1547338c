"""newsearch for asyncio: an index that is asked without holding up the event loop.

    async with newsearch.aio.open("index") as index:
        result = await index.search("facial recognition", limit=5)

Every method is the one that `NewsIndex` has by that name, to be awaited. It runs in one of a few threads that the index
has for itself, so that a burst of searches takes neither all threads of the program nor those that others wait for;
what finds no thread free waits its turn. What comes back is complete: no attribute of a hit has anything left to work
out, or to read, when the loop's own thread looks at it.

Who stops waiting (a cancelled task, a timeout) drops a search that waits its turn; one that runs ends in its thread.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import fields, replace
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from types import CoroutineType, TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, cast

from newsearch import library
from newsearch.errors import IndexClosed
from newsearch.library import NewsIndex
from newsearch.model import Hit, RankingSettings, SearchRequest, SearchResult, Timeline
from newsearch.query.filters import check_range

__all__ = ["AsyncNewsIndex", "open"]

P = ParamSpec("P")
T = TypeVar("T")

MAX_WORKERS = 64
_LATER = tuple(spec.name for spec in fields(Hit))


def open(  # noqa: A001 - as `newsearch.open`
    path: str | os.PathLike[str] = "index",
    *,
    settings: RankingSettings | None = None,
    synonyms: str | os.PathLike[str] | None = None,
    clock: Callable[[], datetime] | None = None,
    workers: int = 4,
) -> "Opening":
    """Open an index: `async with aio.open(…) as index`, or `index = await aio.open(…)` and later `await index.close()`.

    `workers` is how many threads it has at most, 1 to 64; the other arguments are those of `newsearch.open`, which says
    what is raised. Raises QueryError for `workers`.
    """
    check_range("workers", workers, MAX_WORKERS, least=1)
    opened = partial(library.open, path, settings=settings, synonyms=synonyms)
    return Opening(opened if clock is None else partial(opened, clock=clock), workers)


def _awaited(
    method: Callable[Concatenate[NewsIndex, P], T],
) -> Callable[Concatenate["AsyncNewsIndex", P], "CoroutineType[Any, Any, T]"]:
    """A method of NewsIndex, to be awaited."""

    @wraps(method)
    async def call(self: "AsyncNewsIndex", *args: P.args, **kwargs: P.kwargs) -> T:
        # By its name, for the index may be of a class that has it otherwise.
        return await self.run(lambda index: getattr(index, method.__name__)(*args, **kwargs))

    # What `wraps` makes of it is, to a type checker, no longer a method.
    return cast(Callable[Concatenate["AsyncNewsIndex", P], "CoroutineType[Any, Any, T]"], call)


class AsyncNewsIndex:
    """An index whose methods are awaited. All are those of `NewsIndex`, whose docstrings and signatures they have."""

    def __init__(self, index: NewsIndex, *, workers: int = 4) -> None:
        """`index` may be used elsewhere too, in any thread. Raises QueryError for `workers`."""
        check_range("workers", workers, MAX_WORKERS, least=1)
        self._index = index
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="newsearch")

    search = _awaited(NewsIndex.search)
    ask = _awaited(NewsIndex.ask)
    count = _awaited(NewsIndex.count)
    facets = _awaited(NewsIndex.facets)
    timeline = _awaited(NewsIndex.timeline)
    topics = _awaited(NewsIndex.topics)
    providers = _awaited(NewsIndex.providers)
    suggest = _awaited(NewsIndex.suggest)
    similar = _awaited(NewsIndex.similar)
    ask_similar = _awaited(NewsIndex.ask_similar)
    related = _awaited(NewsIndex.related)
    terms = _awaited(NewsIndex.terms)
    get = _awaited(NewsIndex.get)
    stats = _awaited(NewsIndex.stats)
    refresh = _awaited(NewsIndex.refresh)
    sync = _awaited(NewsIndex.sync)
    sync_items = _awaited(NewsIndex.sync_items)
    take_in = _awaited(NewsIndex.take_in)
    copy = _awaited(NewsIndex.copy)

    @property
    def path(self) -> Path | str:
        """The folder of the index, or its address; as it was given."""
        return self._index.path

    @property
    def language(self) -> str:
        """As `NewsIndex.language`; it is at hand, and need not be awaited."""
        return self._index.language

    @property
    def commit(self) -> str:
        """As `NewsIndex.commit`; it is at hand, and need not be awaited."""
        return self._index.commit

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._index!r}>"

    async def pages(self, request: SearchRequest | str = "", *, size: int = 100) -> AsyncIterator[SearchResult]:
        """`NewsIndex.pages`, to go through with `async for`. Raises QueryError when the first page is asked for."""
        pages = self._index.pages(request, size=size)
        while (result := await self.run(lambda _: next(pages, None))) is not None:
            yield result

    async def run(self, work: Callable[[NewsIndex], T]) -> T:
        """What a function makes of the index, in one of its threads: several calls that are to be one.

        `await index.run(lambda index: to_dict(index.search(text)))` has the JSON made there too.
        """
        loop = asyncio.get_running_loop()
        try:
            found = loop.run_in_executor(self._threads, _complete, work, self._index)
        except RuntimeError:  # as an executor says that it was shut down
            raise IndexClosed(f"The index {self.path} was closed before it was asked this; open it again.") from None
        return await found

    def pinned(self) -> "AsyncNewsIndex":
        """As `NewsIndex.pinned`; it runs in the threads of this one, and need not be closed."""
        return self._beside(self._index.pinned())

    async def newer(self) -> "AsyncNewsIndex | None":
        """As `NewsIndex.newer`; it runs in the threads of this one, and need not be closed."""
        newer = await self.run(lambda index: index.newer())
        return None if newer is None else self._beside(newer)

    def _beside(self, index: NewsIndex) -> Self:
        beside = copy(self)
        beside._index = index
        return beside

    async def close(self) -> None:
        """Let go of the index's files and threads, once what runs has ended; what still waited is cancelled."""
        await asyncio.to_thread(partial(self._threads.shutdown, cancel_futures=True))
        self._index.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


class Opening:
    """An index about to be opened, by `await` or `async with`. What `open` gives; made by nothing else."""

    def __init__(self, opened: Callable[[], NewsIndex], workers: int) -> None:
        self._opened = opened
        self._workers = workers
        self._index: AsyncNewsIndex | None = None

    def __await__(self) -> Generator[Any, None, AsyncNewsIndex]:
        return self._open().__await__()

    async def _open(self) -> AsyncNewsIndex:
        return AsyncNewsIndex(await asyncio.to_thread(self._opened), workers=self._workers)

    async def __aenter__(self) -> AsyncNewsIndex:
        self._index = await self._open()
        return self._index

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._index is not None:
            await self._index.close()


def _complete(work: Callable[[NewsIndex], T], index: NewsIndex) -> T:
    """What a function makes of an index; of a result, with everything that is worked out when it is asked for."""
    found = work(index)
    if isinstance(found, SearchResult):
        for hit in found.hits:
            for name in _LATER:
                getattr(hit, name)
        if found.timeline is not None:
            found = replace(found, timeline=_with_buckets(found.timeline))
    elif isinstance(found, Timeline):
        return cast(T, _with_buckets(found))
    return found


def _with_buckets(timeline: Timeline) -> Timeline:
    return replace(timeline, buckets=tuple(timeline.buckets))
