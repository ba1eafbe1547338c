"""The exceptions newsearch raises, all of one family.

    NewsearchError              something the user can act on; its text is a whole sentence
    ├── ItemError               one source file cannot be read as a news item
    ├── QueryError              a request has a value that is out of range or of no meaning
    ├── ConfigError             a setting is unknown, of the wrong type or out of range
    ├── ArchiveError            a folder of items is missing, or has lost most of its files
    ├── JudgedSetError          judged queries, a corpus or a run cannot be read as what they should be
    ├── ExtraMissing            what is asked for needs a package that is not installed
    ├── ArticleNotFound         no article has that id, prefix or address
    │   └── AmbiguousId         several articles share that prefix
    └── IndexError_             the index cannot be used
        ├── IndexMissing        there is none at that place
        ├── IndexDamaged        it cannot be read; the text says what to do
        ├── IndexVersionError   another version or other settings made it
        ├── IndexClosed         it was closed, here, before it was asked
        ├── IndexLocked         another writer holds it
        ├── IndexAway           the cluster that has it does not answer, or not with all of it
        └── IndexUnwritable     the disk is full, or the folder may not be written to

A face (command line, HTTP, MCP) maps the classes to its own signals: an exit code, a status. This module knows none of
them, prints nothing and imports nothing of newsearch.
"""

from collections.abc import Sequence
from typing import Self

__all__ = [
    "AmbiguousId",
    "ArchiveError",
    "ArticleNotFound",
    "ConfigError",
    "ExtraMissing",
    "IndexAway",
    "IndexClosed",
    "IndexDamaged",
    "IndexError_",
    "IndexLocked",
    "IndexMissing",
    "IndexUnwritable",
    "IndexVersionError",
    "ItemError",
    "JudgedSetError",
    "NewsearchError",
    "QueryError",
]


class NewsearchError(Exception):
    """Base of every error newsearch raises on purpose."""


class ItemError(NewsearchError):
    """A source file, or a value in it, that cannot be read as the writer meant.

    `path` is relative to the archive, `line` counts from 1 (None: the file as a whole), `reason` is a sentence
    without the path. `str()` gives `path:line: reason`, the form that editors and terminals make clickable.
    """

    def __init__(self, reason: str, *, path: str, line: int | None = None) -> None:
        super().__init__(reason, path, line)
        self.reason = reason
        self.path = path
        self.line = line

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments do not survive the default pickling, and worker processes send these errors home.
        return _rebuild_item_error, (self.reason, self.path, self.line)

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.reason}"


def _rebuild_item_error(reason: str, path: str, line: int | None) -> ItemError:
    return ItemError(reason, path=path, line=line)


class QueryError(NewsearchError):
    """A request whose values make no sense: an unknown sort, a negative limit, a date that is none.

    Text typed as a query never raises this: what cannot be parsed is searched as text, with a warning.
    """


class ConfigError(NewsearchError):
    """A setting that is unknown, of the wrong type or out of range; the text names where it was set."""


class ArchiveError(NewsearchError):
    """A folder of items that is missing, not a folder, or has lost more than half of the files it had."""


class JudgedSetError(NewsearchError):
    """A file of a judged set, or a run, that is missing or cannot be read; the text names the file and the line."""


class ExtraMissing(NewsearchError):
    """Something that only an extra of the package installs is needed; the text names the extra."""


class ArticleNotFound(NewsearchError):
    """No article has that id, prefix of an id, or address."""


class AmbiguousId(ArticleNotFound):
    """A prefix that several articles share; `candidates` holds some of their ids, sorted."""

    def __init__(self, prefix: str, candidates: Sequence[str]) -> None:
        shown = ", ".join(candidates)
        super().__init__(f"{prefix!r} fits several articles ({shown}); give more characters.")
        self.prefix = prefix
        self.candidates = tuple(candidates)


class IndexError_(NewsearchError):  # noqa: N801 - `IndexError` is Python's own and means something else
    """Base of what can be wrong with an index as a whole."""


class IndexMissing(IndexError_):
    """No index at that place."""


class IndexDamaged(IndexError_):
    """The index's files cannot be read or contradict each other."""


class IndexVersionError(IndexError_):
    """The index was made by another schema version or with other settings that shape it."""


class IndexClosed(IndexError_):
    """Whoever asks has closed it: a programming error, and the same in every engine."""


class IndexLocked(IndexError_):
    """Another writer holds the index."""


class IndexAway(IndexError_):
    """The cluster that holds the index cannot be asked: no node answers, or some of the index is on none of them."""


class IndexUnwritable(IndexError_):
    """The index cannot be written to: a full disk, a folder that is read-only. What was committed before is whole."""

    @classmethod
    def because(cls, folder: object, error: OSError) -> Self:
        """The sentence for what the system says of writing in the index's folder."""
        reason = (error.strerror or str(error) or "the disk failed").lower()
        return cls(f"The index {folder} cannot be written: {reason}. What it held before is as it was.")
