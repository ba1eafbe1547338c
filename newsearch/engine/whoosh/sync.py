"""Files that came and went, to one commit.

    write_commit(index, snapshot, deliveries, removed, at=now)

Delivered files go to the writer as they come, each taken for its address's own. Then it is settled, by the rules of
`newsearch.items.articles`, which file each address belongs to and who speaks for each article that is only cited; only
addresses that a delivered or removed file has or cites can be affected. Last, documents that are no longer right are
deleted and related articles added, in one commit: a stop at any moment leaves the commit before it whole.

Any sequence of syncs ends in the same documents as one sync of the same files.
"""

import gc
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from whoosh.fields import Schema

from newsearch.engine.base import Delivery, SourceKey
from newsearch.engine.whoosh import documents, records
from newsearch.engine.whoosh.arrivals import arrival_of
from newsearch.engine.whoosh.gather import stored_of
from newsearch.engine.whoosh.records import Stored
from newsearch.engine.whoosh.schema import DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.engine.whoosh.stockschema import language_of
from newsearch.engine.whoosh.toc import NewsFileIndex
from newsearch.engine.whoosh.writer import NewsWriter
from newsearch.items.articles import Claim, claim, earliest, preferred
from newsearch.items.ids import article_key
from newsearch.model import NewsItem, SourceFile
from newsearch.query.dates import to_seconds

__all__ = ["write_anew", "write_commit"]


_COLLECT_EVERY = 65_536
"""After so many deliveries the cycle collector looks at what is new; reading files leaves nothing for it to find."""


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Without the cycle collector: it would take a fifth of the time to find that all that is kept is no garbage."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@dataclass(eq=False, slots=True)
class _File:
    """A readable file: what decides between it and others, and the document that holds it.

    `document` is one of the last commit, `added` one of this commit's.
    """

    key: int
    cites: tuple[int, ...]
    source: SourceFile
    date: datetime | None
    updated: datetime | None
    document: int | None = None
    added: int | None = None
    kind: DocumentKind = DocumentKind.ITEM
    speaks_for: list[int] | None = None

    @property
    def claim(self) -> Claim:
        """What decides; hardly any file has to be asked for it."""
        return claim(self.date, self.updated, root=self.source.root, path=self.source.path)


def write_commit(
    index: NewsFileIndex,
    newest: Callable[[], Snapshot],
    deliveries: Iterable[Delivery],
    removed: Iterable[SourceKey],
    *,
    at: datetime,
) -> None:
    """Bring the index up to date in one commit stamped `at`.

    `newest` opens its last commit; it is called once the lock is held, for until then another may commit. Where nothing
    is delivered and nothing removed, nothing is written. Raises IndexLocked.
    """
    with NewsWriter(index) as writer, _collector_at_rest():
        commit = _Commit(writer, newest(), at)
        commit.take_in(deliveries, removed)
        if commit.changes_nothing:
            return
        commit.settle()
        commit.complete()
        writer.commit()


def write_anew(
    index: NewsFileIndex,
    fields: Schema,
    deliveries: Iterable[Delivery],
    *,
    at: datetime,
    arrivals: Callable[[], Mapping[int, int]],
) -> None:
    """Replace all that the index holds, its schema included, in one commit stamped `at`.

    `arrivals` gives the time of first arrival, in UTC epoch seconds, of the articles there were, by key; it is called
    once the lock is held. Raises IndexLocked.
    """
    with NewsWriter(index, schema=fields) as writer, _collector_at_rest():
        commit = _Commit(writer, Snapshot.empty(language_of(fields)), at, arrivals())
        commit.take_in(deliveries, ())
        commit.settle()
        commit.complete()
        writer.commit()


class _Commit:
    def __init__(
        self, writer: NewsWriter, snapshot: Snapshot, at: datetime, arrivals: Mapping[int, int] | None = None
    ) -> None:
        self._writer = writer
        self._snapshot = snapshot
        self._at = to_seconds(at) or 0
        self._arrivals = arrivals or {}
        state = json.loads(snapshot.state() or b"{}")
        self._arrived = max([arrival_of(state, snapshot), *self._arrivals.values()])
        # Later than every arrival before it, whatever the clock says: `new` goes by their order.
        self._arrival = max(self._at, self._arrived + 1)
        self._gone: set[int] = set()
        self._others = False
        self._files: dict[int, list[_File]] = defaultdict(list)
        self._owners: dict[int, _File | None] = {}
        self._silent: list[int] = []
        self._speakers: list[_File] = []

    @property
    def changes_nothing(self) -> bool:
        """Whether the index has been committed before and nothing was taken in since."""
        return self._snapshot.state() is not None and not (self._gone or self._files or self._others)

    # Taking in

    def take_in(self, deliveries: Iterable[Delivery], removed: Iterable[SourceKey]) -> None:
        """Add every delivered file, and mark the documents of those that went or changed."""
        known = self._snapshot.documents_by_source
        seen: set[SourceKey] = set()
        for delivery in deliveries:
            source = delivery.source[:2]
            if source in seen:  # a file counts as it was first delivered
                continue
            seen.add(source)
            if not len(seen) % _COLLECT_EVERY:
                gc.collect(0)
            replaced = known.get(source) if known else None
            if replaced is not None:
                self._gone.add(replaced)
            if delivery.holds_lines:
                self._others = True
                self._writer.add(documents.of_file(delivery.source))
            elif delivery.item is not None:
                self._take_item(delivery.source, delivery.item)
            elif delivery.fault is not None:
                self._others = True
                self._writer.add(documents.of_fault(delivery.source, delivery.fault))
            elif replaced is not None:
                self._take_touched(delivery.source, replaced)
        # After them: whoever delivers from a stream knows only then what was not in it.
        for key in removed:
            if key in known:
                self._gone.add(known[key])

    def _take_item(self, source: SourceFile, item: NewsItem) -> None:
        key = article_key(item.address)
        cites = tuple([article_key(related.address) for related in item.related]) if item.related else ()
        document = documents.of_item(item, source, cites, key=key, first_indexed=self._first_indexed(key))
        added = self._writer.add(document)
        self._files[key].append(_File(key, cites, source, item.date, item.updated, added=added))

    def _take_touched(self, source: SourceFile, document: int) -> None:
        stored = self._snapshot.stored(document)
        if self._snapshot.column("kind")[document] == DocumentKind.FAULT:
            self._others = True
            self._writer.add(documents.of_fault(source, records.restore_fault(stored)))
        else:
            self._take_item(source, records.restore_item(stored))

    # Settling

    def settle(self) -> None:
        """Decide which file each affected address belongs to, and who speaks for the related articles."""
        snapshot = self._snapshot
        if self._gone:
            keys, kinds = snapshot.keys, snapshot.column("kind")
            for document in self._gone:
                if kinds[document] not in (DocumentKind.FAULT, DocumentKind.FILE):
                    _ = self._files[int(keys[document])]  # its address is affected, even if no file has it now
        # Of an index that was empty, no article is there that was only cited so far.
        uncertain = set(self._files) if snapshot.size else set()
        for key, files in self._files.items():
            if snapshot.size:
                files.extend(self._kept_files(key))
                for document in snapshot.documents_of(key, DocumentKind.ITEM):
                    uncertain.update(snapshot.citations(document).tolist())
            owner = self._owner(files)
            self._owners[key] = owner
            if owner is not None:
                uncertain.update(owner.cites)
        self._settle_related(uncertain)

    def _kept_files(self, key: int) -> list[_File]:
        """The files with an address that neither went nor were delivered."""
        kept = []
        for document in self._snapshot.documents_of(key, DocumentKind.ITEM, DocumentKind.DUPLICATE):
            if document not in self._gone:
                kept.append(self._kept_file(key, document))
        return kept

    def _kept_file(self, key: int, document: int) -> _File:
        item = records.restore_item(self._snapshot.stored(document))
        source = self._snapshot.source(document)
        cites = tuple(article_key(related.address) for related in item.related)
        kind = DocumentKind(int(self._snapshot.column("kind")[document]))
        return _File(key, cites, source, item.date, item.updated, document, kind=kind)

    @staticmethod
    def _owner(files: list[_File]) -> _File | None:
        if len(files) < 2:
            return files[0] if files else None
        best = preferred(file.claim for file in files)
        return next(file for file in files if file.claim == best)

    def _settle_related(self, uncertain: set[int]) -> None:
        citing: dict[int, list[_File]] = defaultdict(list)
        for owner in self._owners.values():
            if owner is not None:
                for key in owner.cites:
                    citing[key].append(owner)
        kept: dict[int, _File] = {}
        for key in sorted(uncertain):
            if self._has_file(key):
                self._silent.append(key)
                continue
            candidates = citing[key]
            for document in self._snapshot.citing(key):
                owner_key = int(self._snapshot.keys[document])
                if owner_key not in self._owners:  # else the address's owner is among the candidates already
                    if document not in kept:
                        kept[document] = self._kept_file(owner_key, document)
                    candidates.append(kept[document])
            if not candidates:
                self._silent.append(key)
                continue
            best = earliest(file.claim for file in candidates)
            speaker = next(file for file in candidates if file.claim == best)
            if speaker.speaks_for is None:
                speaker.speaks_for = []
                self._speakers.append(speaker)
            speaker.speaks_for.append(key)

    def _has_file(self, key: int) -> bool:
        if key in self._owners:
            return self._owners[key] is not None
        return bool(self._snapshot.documents_of(key, DocumentKind.ITEM))

    # Completing

    def complete(self) -> None:
        """Delete the documents that are no longer right, and add those that were still missing."""
        for document in [*self._gone, *self._snapshot.of_kind(DocumentKind.STATE).tolist()]:
            self._writer.delete_document(document)
        if self._snapshot.size:
            for key in self._silent:
                self._delete_related(key)
        for key, files in self._files.items():
            for file in files:
                self._correct(file, owner=file is self._owners[key])
        for file in self._speakers:
            self._add_related(file)
        state = {"schema": documents.SCHEMA_VERSION, "committed": self._at, "arrived": self._arrived}
        self._writer.add(documents.of_state(json.dumps(state).encode()))

    def _correct(self, file: _File, *, owner: bool) -> None:
        """Replace a file's document where it is of the wrong kind."""
        kind = DocumentKind.ITEM if owner else DocumentKind.DUPLICATE
        if file.kind is kind:
            return
        item = records.restore_item(self._stored(file))
        if file.added is not None:
            self._writer.drop(file.added)
        elif file.document is not None:
            self._writer.delete_document(file.document)
        if owner:
            first = self._first_indexed(file.key)
            new = documents.of_item(item, file.source, file.cites, key=file.key, first_indexed=first)
        else:
            new = documents.of_duplicate(item, file.source, key=file.key)
        file.added, file.document = self._writer.add(new), None

    def _stored(self, file: _File) -> Stored:
        if file.added is not None:
            return self._writer.added(file.added)
        if file.document is None:
            raise ValueError("a file has a document in the last commit or in this one")
        return self._snapshot.stored(file.document)

    def _add_related(self, file: _File) -> None:
        described = dict(zip(file.cites, self._stored(file).cited, strict=True))
        for key in file.speaks_for or ():
            related = records.restore_description(described[key])
            stored = records.store_related(related)
            existing = self._snapshot.documents_of(key, DocumentKind.RELATED)
            first = self._first_indexed(key)
            new = documents.of_related(related, stored, key=key, first_indexed=first)
            if existing and self._snapshot.stored(existing[0]) == stored_of(new):
                continue
            self._delete_related(key)
            self._writer.add(new)

    def _delete_related(self, key: int) -> None:
        for document in self._snapshot.documents_of(key, DocumentKind.RELATED):
            self._writer.delete_document(document)

    def _first_indexed(self, key: int) -> int:
        if self._snapshot.size:
            known = self._snapshot.documents_of(key, DocumentKind.ITEM, DocumentKind.RELATED)
            if known:
                return int(self._snapshot.column("first_indexed")[known].min())
        known_before = self._arrivals.get(key) if self._arrivals else None
        if known_before is not None:
            return known_before
        self._arrived = self._arrival
        return self._arrival
