"""The index that is served, always on its newest commit.

    served = Served("index")
    served.index().search("ban")

Whoever asks gets an index that stays on one commit, and may ask it several things that fit together. Nothing is moved
under anybody: the next one who asks after a commit gets another. It knows no HTTP.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Final

from newsearch import __version__
from newsearch.errors import IndexError_
from newsearch.library import NewsIndex
from newsearch.library import open as open_index
from newsearch.model import RankingSettings, SearchRequest
from newsearch.pathless import PathlessIndex

__all__ = ["FOLLOWED", "Served"]

FOLLOWED: Final = 1.0
"""Seconds after which the index is looked at again."""

_logger = logging.getLogger(__name__)


class Served:
    """An index, open or by the name of its folder or its address; then it may be made later, and made anew.

    `title` is what the archive is called, `paths` whether paths of its files may be told, `base` the address that it is
    known by, if that is not to be taken from requests. `follow` is in seconds.
    """

    def __init__(
        self,
        index: str | os.PathLike[str] | NewsIndex = "index",
        *,
        title: str = "newsearch",
        paths: bool = False,
        base: str | None = None,
        settings: RankingSettings | None = None,
        synonyms: str | os.PathLike[str] | None = None,
        follow: float = FOLLOWED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.title = title
        self.paths = paths
        self.base = base
        self.settings = repr((__version__, title, paths, base, settings, synonyms))
        """What of the answers does not depend on the index, told from others."""
        self._place = None if isinstance(index, NewsIndex) else index
        self._settings = settings
        self._synonyms = synonyms
        self._follow = follow
        self._clock = clock
        self._looking = threading.Lock()
        self._looked_at = float("-inf")
        self._index = self._allowed(index) if isinstance(index, NewsIndex) else None
        self._failure: IndexError_ | None = None
        self._told: str | None = None

    def index(self) -> NewsIndex:
        """The index on its newest commit, or on the last that could be read.

        Costs next to nothing but once in `follow` seconds, when the folder is listed. Any thread may ask. Raises
        IndexMissing, IndexDamaged or IndexVersionError where none could be read yet.
        """
        found = self._index
        if found is None:
            with self._looking:
                return self._index or self._open()
        if self._clock() - self._looked_at >= self._follow and self._looking.acquire(blocking=False):
            # Whoever asks meanwhile does not wait for it.
            try:
                found = self._look(found)
            finally:
                self._looking.release()
        return found

    def at_hand(self) -> NewsIndex | None:
        """The same where nothing has to be looked at or opened for it, so that an event loop may ask."""
        return self._index if self._clock() - self._looked_at < self._follow else None

    def check(self) -> NewsIndex:
        """As `index`, but raises what was wrong when the folder was looked at last."""
        found = self.index()
        if self._failure is not None:
            raise self._failure
        return found

    def tell(self, error: IndexError_, said: str = "%s") -> None:
        """Log what is wrong with the index: once, not for everybody who asks, until it is over or something else."""
        if str(error) != self._told:
            _logger.error(said, error)
        self._told = str(error)

    def _open(self) -> NewsIndex:
        if self._failure is not None and self._clock() - self._looked_at < self._follow:
            # Looking for damage takes its time, and many may be asking.
            raise self._failure.with_traceback(None)
        try:
            opened = open_index(self._place or "index", settings=self._settings, synonyms=self._synonyms)
            found = _warmed(self._allowed(opened))
        except IndexError_ as error:
            self._failure = error
            raise
        finally:
            self._looked_at = self._clock()
        self._failure, self._told, self._index = None, None, found
        return found

    def _allowed(self, index: NewsIndex) -> NewsIndex:
        return index if self.paths else PathlessIndex.of(index)

    def _look(self, found: NewsIndex) -> NewsIndex:
        self._looked_at = self._clock()
        try:
            newer = found.newer()
            if newer is not None:
                found = self._index = _warmed(newer)
        except IndexError_ as error:
            self.tell(error, "The index is not followed any more: %s")
            self._failure = error
        else:
            if newer is not None or self._failure is not None:
                self._told = None
            self._failure = None
        return found


def _warmed(index: NewsIndex) -> NewsIndex:
    """An index that has answered once: what the first search loads, no visitor waits for."""
    index.ask(SearchRequest(limit=1))
    return index
