"""From items that anybody has to one commit: what changed in a source that is no folder is handed to an engine.

    report = sync_items(engine, [{"title": "Harbour ban", "webUrl": "https://b.example/1"}], source="cms")

What `newsearch.intake` is for folders. A source owns what was delivered under its name, as a folder owns its files:
only a sync of that source changes or removes it. Items are taken as they come and none is kept; what is remembered of
each is its name and a digest. How a dictionary is read is `newsearch.items.mappings`'s.
"""

import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import NamedTuple, TypeVar

from newsearch.engine.base import Delivery, Engine, SourceKey
from newsearch.errors import ArchiveError, ArticleNotFound, ItemError, QueryError
from newsearch.items.ids import name_by_address, name_by_content
from newsearch.items.mappings import mapping_of, read_written, written
from newsearch.items.urls import address_of, path_address
from newsearch.model import NewsItem, SourceFile, SyncReport
from newsearch.model.reports import ITEM_SOURCES

__all__ = ["MAX_PATH", "Items", "SourceIntake", "root_of", "sync_items", "take_in"]

Items = Iterable[NewsItem | Mapping[str, object]]
"""What a source that is no folder has."""

MAX_PATH = 1000
"""The longest path of an item, in characters."""

_AT_HAND = f"{ITEM_SOURCES}at hand"
"""The root of items that were taken in: the name of no source, for those have no spaces."""

_Entry = TypeVar("_Entry")
_SOURCE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MAX_REMARKS = 10_000


def root_of(source: object) -> str:
    """What an index calls a source: what it calls no folder, for the way from it to one begins with no slash.

    Raises QueryError for a name that is none.
    """
    if not isinstance(source, str) or not _SOURCE.fullmatch(source):
        raise QueryError(
            f"source is {source!r}; it must be 1 to 64 letters of ASCII, digits, dots, hyphens and underscores."
        )
    return f"{ITEM_SOURCES}{source}"


def sync_items(
    engine: Engine,
    items: Items,
    *,
    source: str,
    partial: bool = False,
    gone: Iterable[str] = (),
    allow_loss: bool = False,
) -> SyncReport:
    """Bring an engine's index up to date with the items of a source. Raises as `NewsIndex.sync_items` does."""
    started = time.perf_counter()
    gone = [gone] if isinstance(gone, str) else list(_iterable("gone", gone, "addresses and paths"))
    if gone and not partial:
        raise QueryError("gone says what goes from a partial sync; give partial=True, or leave it out.")
    engine.refresh()
    first = not engine.committed
    intake = SourceIntake(items, source, engine.sources())
    removed = intake.named(gone, engine) if partial else intake.missing(allow_loss=allow_loss)
    outcome = engine.sync(intake.deliveries(), removed)
    faults = {key: fault for key, fault in engine.faults().items() if key[0] == intake.root}
    skipped = {**faults, **intake.unnamed}.values()
    return SyncReport(
        added=intake.added,
        changed=intake.changed,
        removed=intake.removed,
        unchanged=intake.unchanged,
        duplicates=outcome.duplicates,
        items=outcome.items,
        articles=outcome.articles,
        seconds=time.perf_counter() - started,
        skipped=tuple(sorted(skipped, key=lambda fault: fault.path)),
        remarks=tuple(intake.remarks),
        committed=bool(first or intake.delivered or intake.removed),
    )


def take_in(engine: Engine, items: Iterable[NewsItem]) -> None:
    """Add items without looking at what is there; nothing is remembered to know them again by.

    Raises as `NewsIndex.take_in` does.
    """
    given = _iterable("items", items, "NewsItems")
    engine.sync((Delivery(_at_hand(item), item) for item in given), ())


def _at_hand(item: object) -> SourceFile:
    if not isinstance(item, NewsItem):
        raise QueryError(f"items has a {type(item).__name__}; it must have NewsItems. `sync_items` takes dictionaries.")
    return SourceFile(_AT_HAND, item.path or item.address, 0, 0, bytes(16))


def _iterable(option: str, given: Iterable[_Entry], of: str) -> Iterable[_Entry]:
    """What is given, if it can be gone through. A text or a dictionary can too, but not for what it is here."""
    if not hasattr(given, "__iter__") or isinstance(given, str | bytes | Mapping):
        raise QueryError(f"{option} is of type {type(given).__name__}; it must be a list, or any iterable, of {of}.")
    return given


class _Taken(NamedTuple):
    """An item as it came: what it is remembered by, with its item or its fault."""

    source: SourceFile
    item: NewsItem | None = None
    fault: ItemError | None = None


class SourceIntake:
    """Reads what comes, item by item, and counts. The counts are complete once all is delivered and removed."""

    def __init__(self, items: Items, source: str, sources: Mapping[str, Mapping[str, SourceFile]]) -> None:
        """`sources` are those of the index, by their roots. Raises QueryError for items or a source that are none."""
        self._items: Iterable[object] = _iterable("items", items, "items")
        self._source = source
        self.root = root_of(source)
        self._remembered = sources.get(self.root, {})
        self._seen: set[str] = set()
        self.added = self.changed = self.removed = self.unchanged = self.delivered = 0
        self.remarks: list[ItemError] = []
        self.unnamed: dict[SourceKey, ItemError] = {}

    def deliveries(self) -> Iterator[Delivery]:
        """Every item that is new or not as it was."""
        for number, given in enumerate(self._items, 1):
            taken = self._taken(given, number)
            if taken is None:
                continue
            path = taken.source.path
            if path in self._seen:
                self._remark(ItemError("comes twice; only the first was taken.", path=path))
                continue
            self._seen.add(path)
            known = self._remembered.get(path)
            if known is not None and known.digest == taken.source.digest:
                self.unchanged += 1
                continue
            self.delivered += 1
            self.changed += known is not None
            self.added += known is None and taken.item is not None
            yield Delivery(taken.source, taken.item, taken.fault)

    def everything(self, *, allow_loss: bool) -> Iterator[Delivery]:
        """Every item, new or not, for an index that is built anew. Raises ArchiveError at the end, as `missing`."""
        remembered, self._remembered = self._remembered, {}
        yield from self.deliveries()
        self._lost(remembered, allow_loss=allow_loss)

    def missing(self, *, allow_loss: bool) -> Iterator[SourceKey]:
        """What was there and did not come. Raises ArchiveError where that is too much."""
        yield from self._remove(self._lost(self._remembered, allow_loss=allow_loss))

    def _lost(self, remembered: Mapping[str, SourceFile], *, allow_loss: bool) -> list[str]:
        lost = [path for path in remembered if path not in self._seen]
        if len(lost) * 2 > len(remembered) and not allow_loss:
            raise ArchiveError(
                f"{len(lost):,} of the {len(remembered):,} items of the source '{self._source}' are gone. If "
                "they really are, sync with allow_loss=True; if these are some of them only, with partial=True."
            )
        return lost

    def named(self, references: Iterable[str], engine: Engine) -> Iterator[SourceKey]:
        """What is there of what was named, but for what came."""
        paths = dict.fromkeys(path for reference in references for path in self._paths(reference, engine))
        yield from self._remove([path for path in paths if path in self._remembered and path not in self._seen])

    def _remove(self, paths: list[str]) -> Iterator[SourceKey]:
        for path in paths:
            self.removed += 1
            yield self.root, path

    def _paths(self, reference: str, engine: Engine) -> Iterator[str]:
        """What an item that somebody names may be remembered by."""
        if not isinstance(reference, str):
            raise QueryError(f"gone has {reference!r}; it must have addresses and paths.")
        yield reference
        address = address_of(reference)
        if address is not None:
            yield name_by_address(self._source, address)
            try:
                path = engine.get(reference).path
            except ArticleNotFound:
                return
            if path is not None:
                yield path

    def _taken(self, given: object, number: int) -> _Taken | None:
        """An item read; None of what cannot be remembered, which is noted."""
        here = f"{self._source}:{number}"
        try:
            if isinstance(given, NewsItem):
                given = mapping_of(given)
            if not isinstance(given, Mapping):
                kind = type(given).__name__
                row = ", such as dict(row)" if hasattr(given, "keys") else ""  # what databases have is nearly one
                raise ItemError(f"is of type {kind}, not an item: give a NewsItem or a dictionary{row}.", path=here)
            path = _path(given, here)
            raw = written({key: value for key, value in given.items() if key != "path"}, name=path or here)
        except ItemError as fault:
            self.unnamed[self.root, here] = fault
            return None
        digest = blake2b(raw, digest_size=16).digest()
        by_content = path or name_by_content(self._source, digest)
        try:
            reading = read_written(raw, name=by_content)
        except ItemError as fault:
            return _Taken(SourceFile(self.root, by_content, len(raw), 0, digest), fault=fault)
        item, remarks = reading.item, reading.remarks
        name = path or (
            by_content if item.address == path_address(by_content) else name_by_address(self._source, item.address)
        )
        for remark in remarks:
            self._remark(ItemError(remark.reason, path=name))
        if name != by_content:
            item = replace(item, path=name)
        # By what is indexed of it: a count of its readers, say, that changes every day is no reason to write it anew.
        digest = blake2b(repr(item).encode(), digest_size=16).digest()
        return _Taken(SourceFile(self.root, name, len(raw), 0, digest), item)

    def _remark(self, remark: ItemError) -> None:
        if len(self.remarks) < _MAX_REMARKS:
            self.remarks.append(remark)


def _path(given: Mapping[str, object], here: str) -> str | None:
    """The path that an item brings. ItemError for one that is none."""
    path = given.get("path")
    if path is None or path == "":
        return None
    if not isinstance(path, str) or len(path) > MAX_PATH or not path.isprintable() or path != path.strip():
        raise ItemError(f"its path has to be a line of text of at most {MAX_PATH:,} characters.", path=here)
    return path
