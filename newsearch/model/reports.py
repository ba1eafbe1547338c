"""What is told of an index itself, and what the beginning of a word may become.

    report.is_noop

A part of `newsearch.model`, which has all the nouns; no search needs these.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from newsearch.errors import ItemError
from newsearch.model.requests import CompletionKind

__all__ = [
    "ITEM_SOURCES",
    "Completion",
    "Diagnosis",
    "Finding",
    "IndexStats",
    "SegmentSize",
    "SyncPreview",
    "SyncReport",
]

ITEM_SOURCES: Final = "//newsearch.items/"
"""What the root of a source of items that are no files begins with; the way from an index to a folder never does."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What the beginning of a word or name may become: `count` articles have it."""

    text: str
    kind: CompletionKind
    count: int


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one `index` run did, in files, and what the index then holds.

    `skipped` are the files that could not be read, those remembered from earlier runs included; `remarks` are values in
    readable files that were left out. `duplicates` counts files whose address another file has. `excluded` counts those
    of the removed that are to be left out from now on. `committed` says whether the index was written at all. Of a file
    of lines, each line counts as a file.
    """

    added: int
    changed: int
    removed: int
    unchanged: int
    duplicates: int
    items: int
    articles: int
    seconds: float
    skipped: tuple[ItemError, ...] = ()
    remarks: tuple[ItemError, ...] = ()
    committed: bool = True
    excluded: int = 0

    @property
    def is_noop(self) -> bool:
        """Whether the index was already up to date and nothing was written."""
        return not self.committed


@dataclass(frozen=True, slots=True)
class SyncPreview:
    """What a sync would do: its report, and the files and lines that it counts, each as its archive's root and path.

    The report's `items`, `articles` and `duplicates` are what the index holds now.
    """

    report: SyncReport
    added: tuple[tuple[str, str], ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentSize:
    """One segment of an index: how many documents it has, deleted ones included, and its size on disk."""

    name: str
    documents: int
    deleted: int
    bytes: int


@dataclass(frozen=True, slots=True)
class IndexStats:
    """The state and size of an index; what `newsearch stats` prints. `bytes` is its size on disk.

    `parts` are its segments, of which `segments` is the number. `roots` are where its items came from: folders,
    relative to the index, and sources of items that are no files, which begin with ITEM_SOURCES.
    """

    path: str
    schema_version: int
    language: str
    items: int
    articles: int
    duplicates: int
    skipped: int
    segments: int
    deleted: int
    bytes: int
    terms: int
    providers: int
    topics: int
    oldest: datetime | None
    newest: datetime | None
    median_quality: int | None
    updated: datetime | None
    roots: tuple[str, ...] = ()
    parts: tuple[SegmentSize, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders among `roots`."""
        return tuple(root for root in self.roots if not root.startswith(ITEM_SOURCES))

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources among `roots`, as `sync_items` was given them."""
        return tuple(root.removeprefix(ITEM_SOURCES) for root in self.roots if root.startswith(ITEM_SOURCES))


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing that a check found, however often.

    `check` is its short name, the same in every version; `message` a sentence; `places` are the files that it is about,
    with a line or a reason where there is one. `paths` are the files of the archive alone, one for each place, or none
    where the places are no such files. Damage is the index's and is mended by building it anew, a fault is the
    archive's, and a remark may be as it should be.
    """

    severity: Literal["damage", "fault", "remark"]
    check: str
    message: str
    places: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How often it was found; once where no place can be named."""
        return max(len(self.places), 1)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a check of an index found; `files` and `bytes` are what was read of it, all of it if it is sound."""

    path: str
    files: int
    bytes: int
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether the index is undamaged."""
        return all(finding.severity != "damage" for finding in self.findings)

    @property
    def is_faultless(self) -> bool:
        """Whether there is nothing but remarks."""
        return all(finding.severity == "remark" for finding in self.findings)
