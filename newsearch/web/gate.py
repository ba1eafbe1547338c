"""How many requests are worked on at a time, how many may wait, and that the next is told to come back.

    answer = await gate.run(search, request)        # raises Busy

Searching would hold up the event loop, so it runs in threads; few of them, for Python runs one at a time. Under more
load than that the wait would only grow: beyond a fixed number, whoever comes is refused at once.
"""

import asyncio
import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

__all__ = ["THREADS", "WAITING", "Busy", "Gate"]

THREADS: Final = max(2, min(4, os.cpu_count() or 1))
WAITING: Final = 512

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")


class Busy(Exception):
    """Too many are waiting already; `seconds` later there should be room.

    It is not the same for everybody, or all would come back at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seconds = random.randint(2, 8)


class Gate:
    """`threads` requests at work and at most `waiting` behind them. Of one event loop at a time."""

    def __init__(self, threads: int = THREADS, waiting: int = WAITING) -> None:
        self._room = threads + waiting
        self._inside = 0
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="newsearch")

    async def run(
        self, work: Callable[Arguments, Answer], *arguments: Arguments.args, **options: Arguments.kwargs
    ) -> Answer:
        """What `work` gives, done in a thread. Raises Busy, and what `work` raises."""
        if self._inside >= self._room:
            raise Busy
        self._inside += 1
        # Not before the thread is done with it: a client that has gone away leaves its work behind.
        task = self._threads.submit(work, *arguments, **options)
        loop = asyncio.get_running_loop()
        task.add_done_callback(lambda _: _soon(loop, self._leave))
        return await asyncio.wrap_future(task)

    def close(self) -> None:
        """Let no more in, and wait for those who are."""
        self._threads.shutdown(cancel_futures=True)

    def _leave(self) -> None:
        self._inside -= 1


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
