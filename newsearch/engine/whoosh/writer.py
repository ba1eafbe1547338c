"""Writing a commit: new documents into segments, old ones deleted, small segments joined, one table of contents.

    with NewsWriter(index) as writer:
        writer.delete_document(4)
        number = writer.add(Document(...))
        writer.commit()

Documents go to a builder, and from there to a segment file as often as memory asks for it; `drop` takes one back. At
the commit, segments that are small beside what is new are joined with it, so that there are about as many segments as
the number of documents has digits. Files are synced before the table of contents that names them is written
(newsearch.engine.whoosh.commitfiles): a crash leaves the commit before or this one.

It is a Whoosh writer over newsearch's segments: `add_document` takes a schema's fields, and Whoosh's own query-driven
deletions work. It holds the index's lock until it is committed, cancelled or left.
"""

import os
from bisect import bisect_right
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.writing import IndexingError, SegmentWriter

from newsearch.engine.whoosh.analysis import Analyzer
from newsearch.engine.whoosh.build import Document, SegmentBuilder
from newsearch.engine.whoosh.commitfiles import sync_folder, write_toc
from newsearch.engine.whoosh.deflating import Deflating
from newsearch.engine.whoosh.lock import WriteLock
from newsearch.engine.whoosh.parts import Blobs, Parts, join
from newsearch.engine.whoosh.records import Stored, join_shown
from newsearch.engine.whoosh.schema import NO_NUMBERS, NUMBERS, TEXT_FIELDS, UNIT, DocumentKind
from newsearch.engine.whoosh.segment import EXTENSION, NewsSegment, open_segment
from newsearch.engine.whoosh.segmentfile import SegmentFile, write_segment
from newsearch.engine.whoosh.stockschema import language_of
from newsearch.engine.whoosh.strays import clear_strays
from newsearch.engine.whoosh.toc import NewsFileIndex
from newsearch.errors import IndexUnwritable
from newsearch.items.ids import key_of_id

__all__ = ["NewsWriter"]

FLUSH_DOCUMENTS = 65_536
FLUSH_VOLUME = 80_000_000
"""A segment is written when it has so many documents, or so many characters, which bounds the memory of building one:
that takes some eight bytes for each character."""

JOIN_POSTINGS = 6_000_000
JOIN_OCCURRENCES = 10_000_000
"""Segments are joined while they have no more postings and words than this together, which bounds the memory of
joining: that takes some 75 bytes for each word, and 150 for each posting where words are hardly repeated."""

_JOIN_RATIO = 2


class NewsWriter(SegmentWriter):  # type: ignore[misc]
    """The writer of one commit. Raises IndexLocked where another writer has the index."""

    def __init__(self, index: NewsFileIndex, *, schema: Schema | None = None) -> None:
        """With a `schema`, everything there was is replaced, readable or not.

        What a writer left that was killed is removed.
        """
        self._index = index
        self.storage: FileStorage = index.storage
        self.indexname: str = index.indexname
        self.writelock = WriteLock(Path(self.storage.folder))
        self.writelock.acquire()
        self.is_closed = False
        try:
            if schema is None:
                toc = index.read_toc()
                self._clear_strays(toc)
            else:  # what cannot be read is replaced too, and until the commit all of it stays
                toc = TOC(schema, [], index.latest_generation())
        except BaseException:
            self._release()
            raise
        self.generation: int = toc.generation + 1
        self.schema: Schema = toc.schema
        self.segments: list[NewsSegment] = toc.segments
        self.docnum = self.docbase = 0
        self._setup_doc_offsets()
        self._builder = SegmentBuilder(Analyzer(language_of(self.schema)))
        self._flushed: list[NewsSegment] = []
        self._files: dict[int, SegmentFile] = {}
        self._flushed_documents = 0
        self._firsts: list[int] = []
        self._dropped: set[int] = set()

    def add(self, document: Document) -> int:
        """Add a document; its number counts what this writer has added."""
        builder = self._builder
        if builder.count >= FLUSH_DOCUMENTS or builder.volume >= FLUSH_VOLUME:
            self._flush()
        builder.add(document)
        return self._flushed_documents + builder.count - 1

    def drop(self, number: int) -> None:
        """Take back a document added by this writer."""
        self._dropped.add(number)

    def added(self, number: int) -> Stored:
        """What is stored of an article added by this writer."""
        if number >= self._flushed_documents:
            return self._builder.stored(number - self._flushed_documents)
        place, within = self._flushed_place(number)
        file = self._files.get(place)
        if file is None:
            file = self._files[place] = open_segment(self.storage, self._flushed[place])
        return file.stored(within)

    def add_document(self, **fields: Any) -> None:
        """Add a document given as the schema's fields; text fields and keywords take a string or several.

        Numbers are newsearch's own: its sync gives them.
        """
        unknown = [name for name in fields if name not in self.schema or name in NUMBERS]
        if unknown:
            raise IndexingError(f"no such field: {', '.join(unknown)}")
        listed = {name: [value] if isinstance(value, str) else list(value) for name, value in fields.items() if value}
        title = " ".join(listed.get("title", ()))
        excerpt = " ".join(listed.get("excerpt", ()))
        keys = [key_of_id(value) for value in listed.get("id", ())]
        provider = "".join(listed.get("provider", ())) + UNIT + "".join(listed.get("domain", ()))
        self.add(
            Document(
                numbers=(DocumentKind.ITEM.value, *NO_NUMBERS[1:]),
                id=keys[0] if keys else None,
                texts=[listed.get(name, ()) for name in TEXT_FIELDS],
                cites=[key_of_id(value) for value in listed.get("cites", ())],
                provider=provider if provider != UNIT else None,
                topic=listed.get("topic", ()),
                type="".join(listed.get("type", ())) or None,
                category="".join(listed.get("category", ())) or None,
                shown=join_shown((title, excerpt, str(fields.get("url", "")), "")),
                path=str(fields.get("path", "")),
            )
        )

    def update_document(self, **fields: Any) -> None:
        """Not for this index: which document replaces which is for newsearch's sync to say."""
        raise IndexingError("newsearch's indexes are brought up to date by newsearch index")

    def add_reader(self, reader: object) -> None:
        """Not needed: segments are joined at the commit."""
        raise IndexingError("newsearch's segments are joined when a commit is made")

    def doc_count(self) -> int:
        return self._flushed_documents + len(self._builder) - len(self._dropped)

    def commit(self, mergetype: object = None, optimize: bool | None = None, merge: bool | None = None) -> None:
        """Make everything since the writer was opened the newest commit.

        With `optimize` all segments are joined into one, whatever that takes; with `merge=False` none are.
        """
        self._check_state()
        with Deflating() as deflating:
            self._commit(deflating, optimize=bool(optimize), merge=merge is not False)

    def _commit(self, deflating: Deflating, *, optimize: bool, merge: bool) -> None:
        old = [*self.segments, *self._flushed]
        # What is joined with something is packed when it has been joined.
        new = self._last_parts(None if old or self._dropped else deflating.begin)
        chosen = self._to_join(old, new, everything=optimize) if merge else []
        parts = [self._kept(segment) for segment in old if segment in chosen]
        if new is not None and new[0].documents:
            parts.append(new)
        segments = [segment for segment in old if segment not in chosen and segment.doc_count()]
        if parts:
            joined = parts[0][0] if len(parts) == 1 and parts[0][1] is None else join(parts)
            del parts, new
            if joined.documents:
                self._flushed.append(self._write(joined, deflating))
                segments.append(self._flushed[-1])
        self._write_toc(segments)
        self._release()

    def cancel(self) -> None:
        """Give up; the files written so far are removed, unless they are the index's by now."""
        if self._index.latest_generation() < self.generation:
            for segment in self._flushed:
                Path(self.storage.folder, segment.make_filename(EXTENSION)).unlink(missing_ok=True)
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.is_closed:
            self.cancel()

    def _last_parts(self, begin: Callable[[Mapping[str, Blobs]], None] | None) -> tuple[Parts, Any] | None:
        if not len(self._builder):
            self._mark_dropped()
            return None
        keep = np.ones(len(self._builder), np.bool_)
        keep[[number - self._flushed_documents for number in self._dropped if number >= self._flushed_documents]] = (
            False
        )
        self._mark_dropped()
        return self._builder.finish(begin), None if keep.all() else keep

    def _mark_dropped(self) -> None:
        for number in self._dropped:
            if number < self._flushed_documents:
                place, within = self._flushed_place(number)
                self._flushed[place].delete_document(within)

    def _flushed_place(self, number: int) -> tuple[int, int]:
        """Which flushed segment has a document added by this writer, and its number there."""
        place = bisect_right(self._firsts, number) - 1
        return place, number - self._firsts[place]

    def _flush(self) -> None:
        self._firsts.append(self._flushed_documents)
        self._flushed_documents += len(self._builder)
        with Deflating() as deflating:
            self._flushed.append(self._write(self._builder.finish(deflating.begin), deflating))

    def _to_join(self, old: list[NewsSegment], new: Any, *, everything: bool) -> list[NewsSegment]:
        """The segments to join with what is new, smallest first, while each is not much larger than those before."""
        documents = new[0].documents if new else 0
        postings = new[0].inverted.documents.size if new else 0
        words = int(new[0].written.counts.sum()) if new else 0
        chosen = []
        for segment in sorted(old, key=lambda one: one.doc_count()):
            file = open_segment(self.storage, segment)
            worn = segment.deleted_count() * 2 > segment.doc_count_all()
            if not everything:
                if postings + file.posting_count > JOIN_POSTINGS or words + file.occurrence_count > JOIN_OCCURRENCES:
                    break
                if segment.doc_count() > _JOIN_RATIO * documents and not worn:
                    continue
            chosen.append(segment)
            documents += segment.doc_count()
            postings += file.posting_count
            words += file.occurrence_count
        alone = len(chosen) == 1 and not documents - chosen[0].doc_count() and not chosen[0].has_deletions()
        return [] if alone else chosen

    def _kept(self, segment: NewsSegment) -> tuple[Parts, Any]:
        keep = np.ones(segment.doc_count_all(), np.bool_)
        keep[list(segment.deleted_docs())] = False
        return open_segment(self.storage, segment).parts(), None if keep.all() else keep

    def _write(self, parts: Parts, deflating: Deflating) -> NewsSegment:
        segment = NewsSegment(self.indexname)
        segment.set_doc_count(parts.documents)
        path = Path(self.storage.folder, segment.make_filename(EXTENSION))
        try:
            with path.open("wb") as file:
                write_segment(file, parts, deflating.packed)
                file.flush()
                os.fsync(file.fileno())
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise IndexUnwritable.because(self.storage.folder, error) from error
            raise
        return segment

    def _write_toc(self, segments: list[NewsSegment]) -> None:
        folder = Path(self.storage.folder)
        toc = TOC(self.schema, segments, self.generation)
        write_toc(folder, toc)
        sync_folder(folder)
        self._clear_strays(toc)

    def _clear_strays(self, toc: TOC) -> None:
        names = [segment.segment_id() for segment in toc.segments]
        clear_strays(Path(self.storage.folder), toc.generation, names)

    def _release(self) -> None:
        self.is_closed = True
        self._files = {}
        self.writelock.release()
