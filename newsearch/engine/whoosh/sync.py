"""Files that came and went, to one commit.

    outcome = write_commit(index, snapshot, deliveries, removed, at=now)

Three steps. Every delivered file is taken in and set aside. Then it is settled, by the rules of
`newsearch.items.articles`, which file each address belongs to and who speaks for each article that is only cited; only
addresses that a delivered or removed file has or cites can be affected. Last, documents that are no longer right are
deleted and new ones added, in one Whoosh commit: a stop at any moment leaves the commit before it whole.

Any sequence of syncs ends in the same documents as one sync of the same files.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from whoosh.fields import Schema
from whoosh.index import FileIndex
from whoosh.writing import CLEAR, SegmentWriter

from newsearch.engine.base import Delivery, SourceKey
from newsearch.engine.whoosh import records, schema
from newsearch.engine.whoosh.analysis import Analyzer, fold
from newsearch.engine.whoosh.constraints import domain_term
from newsearch.engine.whoosh.lock import locked_writer
from newsearch.engine.whoosh.schema import DocumentKind, FieldText
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.engine.whoosh.spool import Place, Spool
from newsearch.errors import ItemError
from newsearch.items.articles import Claim, claim_of, earliest, preferred
from newsearch.items.ids import article_id, article_key
from newsearch.model import NewsItem, Provider, RelatedArticle, SourceFile

__all__ = ["write_anew", "write_commit"]

_NO_SOURCE = b""


@dataclass(eq=False, slots=True)
class _File:
    """A readable file: what decides between it and others, and where its record is.

    `document` is the document that holds it in the last commit, which stays right as long as the file does not change
    and its kind stays `kind`; `place` is where a file delivered now has been set aside.
    """

    claim: Claim
    key: int
    cites: tuple[int, ...]
    source: SourceFile
    document: int | None = None
    kind: DocumentKind | None = None
    place: Place | None = None
    speaks_for: list[int] = field(default_factory=list)


def write_commit(
    index: FileIndex,
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
    with locked_writer(index) as writer, Spool() as spool:
        commit = _Commit(writer, newest(), spool, at)
        commit.take_in(deliveries, removed)
        if commit.changes_nothing:
            return
        commit.settle()
        commit.write()
        writer.commit()


def write_anew(
    index: FileIndex,
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
    with locked_writer(index) as writer, Spool() as spool:
        writer.schema = fields
        commit = _Commit(writer, Snapshot.empty(fields), spool, at, arrivals())
        commit.take_in(deliveries, ())
        commit.settle()
        commit.write()
        writer.commit(mergetype=CLEAR)


def _once_each(deliveries: Iterable[Delivery]) -> Iterator[Delivery]:
    """The deliveries without those of a file that was delivered before."""
    seen: set[SourceKey] = set()
    for delivery in deliveries:
        key = delivery.source.root, delivery.source.path
        if key not in seen:
            seen.add(key)
            yield delivery


class _Commit:
    def __init__(
        self,
        writer: SegmentWriter,
        snapshot: Snapshot,
        spool: Spool,
        at: datetime,
        arrivals: Mapping[int, int] | None = None,
    ) -> None:
        self._writer = writer
        self._snapshot = snapshot
        self._spool = spool
        self._at = records.to_seconds(at) or 0
        self._arrivals = arrivals or {}
        self._documents = _DocumentWriter(writer, snapshot.analyzer)
        self._gone: set[int] = set()
        self._files: dict[int, list[_File]] = defaultdict(list)
        self._faults: list[tuple[SourceFile, ItemError]] = []
        self._owners: dict[int, _File | None] = {}
        self._silent: list[int] = []
        self._speakers: list[_File] = []

    @property
    def changes_nothing(self) -> bool:
        """Whether the index has been committed before and nothing was taken in since."""
        return self._snapshot.state() is not None and not (self._gone or self._files or self._faults)

    # Taking in

    def take_in(self, deliveries: Iterable[Delivery], removed: Iterable[SourceKey]) -> None:
        """Set every delivered file aside, and mark the documents of those that went or changed."""
        sources = self._snapshot.sources
        for key in removed:
            if key in sources:
                self._gone.add(sources[key][0])
        for delivery in _once_each(deliveries):
            known = sources.get((delivery.source.root, delivery.source.path))
            if known is not None:
                self._gone.add(known[0])
            if delivery.item is not None:
                self._take_item(delivery.source, delivery.item)
            elif delivery.fault is not None:
                self._faults.append((delivery.source, delivery.fault))
            elif known is not None:
                self._take_touched(delivery.source, known[0])

    def _take_item(self, source: SourceFile, item: NewsItem) -> None:
        file = _File(
            claim_of(item, root=source.root, path=source.path),
            article_key(item.address),
            tuple(article_key(related.address) for related in item.related),
            source,
            place=self._spool.append(records.store_item(item)),
        )
        self._files[file.key].append(file)

    def _take_touched(self, source: SourceFile, document: int) -> None:
        record = self._snapshot.record(document)
        if self._snapshot.column("kind")[document] == DocumentKind.FAULT:
            self._faults.append((source, records.restore_fault(record)))
        else:
            self._take_item(source, records.restore_item(record))

    # Settling

    def settle(self) -> None:
        """Decide which file each affected address belongs to, and who speaks for the related articles."""
        snapshot = self._snapshot
        keys = snapshot.column("key")
        kinds = snapshot.column("kind")
        for document in self._gone:
            if kinds[document] != DocumentKind.FAULT:
                _ = self._files[int(keys[document])]  # its address is affected, even if no file has it now
        uncertain = set(self._files)
        for key, files in self._files.items():
            files.extend(self._kept_files(key))
            owner = self._owner(files)
            self._owners[key] = owner
            for document in snapshot.documents_of(key, DocumentKind.ITEM):
                uncertain.update(snapshot.citations(document).tolist())
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
        item = records.restore_item(self._snapshot.record(document))
        source = self._snapshot.source(document)
        cites = tuple(article_key(related.address) for related in item.related)
        kind = DocumentKind(int(self._snapshot.column("kind")[document]))
        return _File(claim_of(item, root=source.root, path=source.path), key, cites, source, document, kind)

    @staticmethod
    def _owner(files: list[_File]) -> _File | None:
        if not files:
            return None
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
                owner_key = int(self._snapshot.column("key")[document])
                if owner_key not in self._owners:  # else the address's owner is among the candidates already
                    if document not in kept:
                        kept[document] = self._kept_file(owner_key, document)
                    candidates.append(kept[document])
            if not candidates:
                self._silent.append(key)
                continue
            best = earliest(file.claim for file in candidates)
            next(file for file in candidates if file.claim == best).speaks_for.append(key)
        self._speakers = [file for file in kept.values() if file.speaks_for]

    def _has_file(self, key: int) -> bool:
        if key in self._owners:
            return self._owners[key] is not None
        return bool(self._snapshot.documents_of(key, DocumentKind.ITEM))

    # Writing

    def write(self) -> None:
        """Delete the documents that are no longer right, and add those that are."""
        for document in self._gone:
            self._writer.delete_document(document)
        for document in self._snapshot.of_kind(DocumentKind.STATE).tolist():
            self._writer.delete_document(document)
        for key in self._silent:
            self._delete_related(key)
        for key, files in self._files.items():
            for file in files:
                self._write_file(file, owner=file is self._owners[key])
        for file in self._speakers:
            self._write_related(file, records.restore_item(self._record(file)))
        for source, fault in self._faults:
            self._documents.add_fault(source, fault)
        self._documents.add_state(self._at, self._snapshot.language)

    def _record(self, file: _File) -> bytes:
        if file.place is not None:
            return self._spool.read(file.place)
        if file.document is None:
            raise ValueError("a file is either in the index or set aside")
        return self._snapshot.record(file.document)

    def _write_file(self, file: _File, *, owner: bool) -> None:
        kind = DocumentKind.ITEM if owner else DocumentKind.DUPLICATE
        if file.kind is kind and not file.speaks_for:
            return
        record = self._record(file)
        item = records.restore_item(record)
        if file.kind is not kind:
            if file.document is not None:
                self._writer.delete_document(file.document)
            first = self._first_indexed(file.key)
            if owner:
                self._documents.add_item(item, record, file.source, file.cites, key=file.key, first_indexed=first)
            else:
                self._documents.add_duplicate(record, file.source, key=file.key)
        self._write_related(file, item)

    def _write_related(self, file: _File, item: NewsItem) -> None:
        described = {article_key(related.address): related for related in item.related}
        for key in file.speaks_for:
            record = records.store_related(described[key])
            existing = self._snapshot.documents_of(key, DocumentKind.RELATED)
            if existing and self._snapshot.record(existing[0]) == record:
                continue
            self._delete_related(key)
            first = self._first_indexed(key)
            self._documents.add_related(described[key], record, key=key, first_indexed=first)

    def _delete_related(self, key: int) -> None:
        for document in self._snapshot.documents_of(key, DocumentKind.RELATED):
            self._writer.delete_document(document)

    def _first_indexed(self, key: int) -> int:
        known = self._snapshot.documents_of(key, DocumentKind.ITEM, DocumentKind.RELATED)
        if known:
            return int(self._snapshot.column("first_indexed")[known].min())
        return self._arrivals.get(key, self._at)


class _DocumentWriter:
    """Adds documents: an article's text to terms, its attributes to keywords and columns."""

    def __init__(self, writer: SegmentWriter, analyzer: Analyzer) -> None:
        self._writer = writer
        self._analyzer = analyzer

    def add_item(
        self,
        item: NewsItem,
        record: bytes,
        source: SourceFile,
        cites: tuple[int, ...],
        *,
        key: int,
        first_indexed: int,
    ) -> None:
        texts = {
            "title": [item.title],
            "excerpt": [item.excerpt],
            "topics": item.topics,
            "body": [item.body],
            "related": [text for related in item.related for text in (related.title, related.excerpt)],
        }
        self._writer.add_document(
            **self._shared(item, record, key=key, kind=DocumentKind.ITEM, first_indexed=first_indexed),
            **self._text(texts),
            path=item.path or None,
            topic=[fold(topic) for topic in item.topics],
            category=[fold(item.category)] if item.category else None,
            cites=[article_id(cited) for cited in cites],
            citations=np.array(cites, "<u8").tobytes(),
            cites_count=len(cites),
            heat=schema.MISSING if item.heat is None else item.heat,
            published=-1 if item.published is None else int(item.published),
            source=records.store_source(source),
        )

    def add_related(self, related: RelatedArticle, record: bytes, *, key: int, first_indexed: int) -> None:
        self._writer.add_document(
            **self._shared(related, record, key=key, kind=DocumentKind.RELATED, first_indexed=first_indexed),
            **self._text({"title": [related.title], "excerpt": [related.excerpt]}),
            citations=b"",
            source=_NO_SOURCE,
        )

    def add_duplicate(self, record: bytes, source: SourceFile, *, key: int) -> None:
        self._writer.add_document(
            id=article_id(key),
            kind=DocumentKind.DUPLICATE,
            key=key,
            record=record,
            citations=b"",
            source=records.store_source(source),
        )

    def add_fault(self, source: SourceFile, fault: ItemError) -> None:
        self._writer.add_document(
            kind=DocumentKind.FAULT,
            record=records.store_fault(fault),
            citations=b"",
            source=records.store_source(source),
        )

    def add_state(self, committed: int, language: str) -> None:
        state = {"schema": schema.SCHEMA_VERSION, "language": language, "committed": committed}
        self._writer.add_document(
            kind=DocumentKind.STATE, record=json.dumps(state).encode(), citations=b"", source=_NO_SOURCE
        )

    def _shared(
        self, article: NewsItem | RelatedArticle, record: bytes, *, key: int, kind: DocumentKind, first_indexed: int
    ) -> dict[str, object]:
        date = records.to_seconds(article.date)
        domain = domain_term(article.provider.domain) if article.provider and article.provider.domain else None
        return {
            "id": article_id(key),
            "kind": kind,
            "key": key,
            "record": record,
            "date": schema.MISSING_DATE if date is None else date,
            "quality": schema.MISSING if article.quality is None else article.quality,
            "has_image": int(bool(article.images)),
            "first_indexed": first_indexed,
            "provider": _provider_terms(article.provider),
            "domain": [domain] if domain else None,
            "type": [fold(article.type)] if article.type else None,
        }

    def _text(self, texts: Mapping[str, Iterable[str]]) -> dict[str, object]:
        columns: dict[str, object] = {}
        for name, values in texts.items():
            positions, length = self._analyzer.occurrences([value for value in values if value])
            if positions:
                columns[name] = FieldText(positions)
                columns[schema.length_column(name)] = length
        return columns


def _provider_terms(provider: Provider | None) -> list[str] | None:
    if provider is None:
        return None
    terms = [fold(provider.name)] if provider.name else []
    return [*terms, domain_term(provider.domain)] if provider.domain else terms
