"""What arrived for a saved query since one last looked: `newsearch new`, for whoever writes the digest himself.

    found = arrivals(index, "portland")
    for hit in found.result: ...
    if found.is_all:
        found.mark()

New is what came into the index, whenever it was published. The saved queries and what was seen of them are the files
of `newsearch.saved` and `newsearch.seen`, the same that the command line has; nothing counts as seen before `mark`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from newsearch.model import SearchRequest, SearchResult, SeenMark
from newsearch.saved import SavedQueries
from newsearch.seen import SeenMarks

if TYPE_CHECKING:
    from newsearch.library import NewsIndex

__all__ = ["FIRST_LIMIT", "LIMIT", "Arrivals", "Watch", "arrivals"]

FIRST_LIMIT = 10
"""Hits that are shown of what is there when a query is asked for the first time."""

LIMIT = 1000
"""Hits at most, from then on."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What arrived for a saved query: a result of what is new, the best first.

    `since` is the moment up to which everything was seen before, None where nothing was. `is_first` says that the query
    was never marked in this index: then all that is there is new. `is_all` says that the result shows all that is new,
    or that it is the first. Page by page would not do: what arrives between two pages may stand on the one before.
    """

    name: str
    result: SearchResult
    since: datetime | None
    is_first: bool
    marks: SeenMarks

    @property
    def is_all(self) -> bool:
        """Whether it can count as seen: nothing that is new was left out, or it is the first time."""
        return self.is_first or len(self.result.hits) >= self.result.total

    def mark(self) -> None:
        """Let all that was new count as seen, shown or not. Raises ConfigError where that cannot be written."""
        if self.result.seen is not None:
            self.marks.keep(self.name, self.result.seen)


class Watch:
    """One saved query in one index: what to ask for, and what the answer means. `arrivals` is both at once."""

    def __init__(self, name: str, *, queries: SavedQueries, index: Path | str) -> None:
        """`name` may have an @ before it; `index` is a folder or an address. Raises QueryError for an unknown name."""
        self.name = name.removeprefix("@")
        queries.get(self.name)  # what is no name at all is refused as one that is not there
        self._asked = SearchRequest(**queries.resolved(f"@{self.name}"))  # type: ignore[arg-type]  # as in saved.py
        self._marks = SeenMarks(queries.folder, index=index)
        self._before = self._marks.of(self.name)

    def request(self, limit: int | None = None) -> SearchRequest:
        """The request for what is new; `limit` is 10 the first time and then 1,000, unless one is given."""
        if limit is None:
            limit = FIRST_LIMIT if self._before is None else LIMIT
        return replace(self._asked, limit=limit, arrived=self._before or SeenMark())

    def arrivals(self, result: SearchResult) -> Arrivals:
        """What the result of that request says."""
        since = None if self._before is None else self._before.moment
        return Arrivals(self.name, result, since, self._before is None, self._marks)


def arrivals(index: "NewsIndex", name: str, *, folder: str | Path | None = None, limit: int | None = None) -> Arrivals:
    """What arrived in an index for a saved query. `folder` is where the saved queries are looked for, else the current.

    At most `limit` hits (0 to 1,000), else 10 the first time and then 1,000. Raises QueryError for a name that is not
    there, ConfigError for files that are wrong.
    """
    queries = SavedQueries.near(Path.cwd() if folder is None else Path(folder))
    watch = Watch(name, queries=queries, index=index.path)
    return watch.arrivals(index.ask(watch.request(limit)))
