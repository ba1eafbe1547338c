"""newsearch's segments as Whoosh knows them: the seam between its reader and our file.

    NewsSegment("MAIN").codec().terms_reader(storage, segment)

Whoosh keeps the list of segments, pickled, in its table of contents; a NewsSegment is what stands there, so it has a
stable name, holds little and no open file. Through its codec stock Whoosh reads the segment: terms, postings, lengths,
stored fields and columns, for any kind of query. Writing is `writer`'s; stock Whoosh does not write these segments.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.columns import ColumnReader
from whoosh.fields import FieldType
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Format
from whoosh.reading import TermInfo, TermNotFound

from newsearch.engine.whoosh.matcher import PostingMatcher
from newsearch.engine.whoosh.opening import EXTENSION, open_segment_file
from newsearch.engine.whoosh.schema import KEYWORD_FIELDS, NUMBERS, TEXT_FIELDS
from newsearch.engine.whoosh.segmentfile import SegmentFile

__all__ = ["EXTENSION", "NewsCodec", "NewsSegment", "open_segment"]

_FIELD = {name: place for place, name in enumerate(TEXT_FIELDS)}


def open_segment(storage: FileStorage, segment: "NewsSegment") -> SegmentFile:
    """A segment's file. Raises IndexDamaged, OSError."""
    return open_segment_file(Path(storage.folder), segment.segment_id())


class NewsSegment(base.Segment):  # type: ignore[misc]
    """A segment as the table of contents has it: its id, how many documents it has, and which are deleted."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._documents = 0
        self._deleted: set[int] = set()

    def codec(self) -> "NewsCodec":
        return NewsCodec()

    def set_doc_count(self, doccount: int) -> None:
        self._documents = doccount

    def doc_count_all(self) -> int:
        return self._documents

    def doc_count(self) -> int:
        return self._documents - len(self._deleted)

    def has_deletions(self) -> bool:
        return bool(self._deleted)

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(sorted(self._deleted))

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)


class NewsCodec(base.Codec):  # type: ignore[misc]
    """Reads newsearch's segments for Whoosh."""

    length_stats = False

    def terms_reader(self, storage: FileStorage, segment: NewsSegment) -> "NewsTermsReader":
        return NewsTermsReader(open_segment(storage, segment))

    def per_document_reader(self, storage: FileStorage, segment: NewsSegment) -> "NewsDocumentReader":
        return NewsDocumentReader(open_segment(storage, segment), segment)


class NewsTermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of text and keyword fields, field by field, though a segment has one dictionary for all text."""

    def __init__(self, file: SegmentFile) -> None:
        self.file = file
        self._lexicons: dict[str, list[bytes]] = {}

    def lexicon(self, fieldname: str) -> list[bytes]:
        """A field's terms, ascending."""
        terms = self._lexicons.get(fieldname)
        if terms is None:
            if fieldname in _FIELD:
                present = self.file.postings.present(_FIELD[fieldname])
                terms = [word for word, has in zip(self.file.terms, present.tolist(), strict=True) if has]
            else:
                terms = [term.encode() for term in self.file.keyword_terms(fieldname)]
            self._lexicons[fieldname] = terms
        return terms

    def _postings(self, fieldname: str, term: bytes) -> tuple[NDArray[Any], NDArray[Any]] | None:
        """A term's documents in a field, and how often each has it; None where it has no posting there."""
        text = term.decode("utf-8", "replace")
        if fieldname in _FIELD:
            documents, frequencies = self.file.arrays(_FIELD[fieldname], text)
        elif fieldname in KEYWORD_FIELDS:
            documents = self.file.keyword_documents(fieldname, text)
            frequencies = np.ones(documents.size, np.int64)
        else:
            return None
        return (documents, frequencies) if documents.size else None

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._postings(*term) is not None

    def indexed_field_names(self) -> list[str]:
        return [*TEXT_FIELDS, *KEYWORD_FIELDS]

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for fieldname in sorted(self.indexed_field_names()):
            for term in self.lexicon(fieldname):
                yield fieldname, term

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name, term in self.terms():
            if (name, term) >= (fieldname, prefix):
                yield name, term

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        # A new object each time: Whoosh adds those of several segments up in place.
        found = self._postings(fieldname, text)
        if found is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        documents, frequencies = found
        lengths = [0]
        if fieldname in _FIELD:
            lengths = self.file.lengths(fieldname)[documents].tolist()
        return TermInfo(
            weight=float(frequencies.sum()),
            df=int(documents.size),
            minlength=min(lengths),
            maxlength=max(lengths),
            maxweight=float(frequencies.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        found = self._postings(fieldname, text)
        return float(found[1].sum()) if found else 0.0

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        found = self._postings(fieldname, text)
        return int(found[0].size) if found else 0

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> PostingMatcher:
        found = self._postings(fieldname, text)
        if found is None:
            raise TermNotFound(f"{fieldname}:{text!r}")
        documents, frequencies = found
        cache: list[list[int]] = []

        def positions(posting: int) -> list[int]:
            if not cache:
                _, places = self.file.positions(_FIELD[fieldname], text.decode())
                ends = np.cumsum(frequencies)[:-1]
                cache.extend(part.tolist() for part in np.split(places, ends))
            return cache[posting]

        return PostingMatcher(
            documents.tolist(), frequencies.tolist(), positions, format_, scorer=scorer, term=(fieldname, text)
        )

    def cursor(self, fieldname: str, fieldobj: FieldType) -> "_Cursor":
        return _Cursor(self, fieldname, fieldobj)

    def close(self) -> None:
        """Nothing: views of the file keep it alive."""


class _Cursor(base.FieldCursor):  # type: ignore[misc]
    """Walks a field's terms, for fuzzy queries and spelling."""

    def __init__(self, reader: NewsTermsReader, fieldname: str, fieldobj: FieldType) -> None:
        self._reader = reader
        self._fieldname = fieldname
        self._fieldobj = fieldobj
        self._terms = reader.lexicon(fieldname)
        self._at = 0

    def is_valid(self) -> bool:
        return self._at < len(self._terms)

    def text(self) -> str | None:
        return self._fieldobj.from_bytes(self._terms[self._at]) if self.is_valid() else None

    term = text

    def first(self) -> str | None:
        self._at = 0
        return self.text()

    def next(self) -> str | None:
        self._at += 1
        return self.text()

    def find(self, string: str | bytes) -> str | None:
        wanted = string if isinstance(string, bytes) else self._fieldobj.to_bytes(string)
        self._at = int(np.searchsorted(np.array(self._terms, object), wanted)) if self._terms else 0
        return self.text()

    def term_info(self) -> TermInfo:
        return self._reader.term_info(self._fieldname, self._terms[self._at])


class NewsDocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """What a segment keeps of each document: lengths, stored fields, numbers; and which are deleted."""

    def __init__(self, file: SegmentFile, segment: NewsSegment) -> None:
        self.file = file
        self._segment = segment

    def close(self) -> None:
        """Nothing: views of the file keep it alive."""

    def doc_count(self) -> int:
        return self._segment.doc_count()

    def doc_count_all(self) -> int:
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        return self._segment.has_deletions()

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return fieldname in NUMBERS

    def column_reader(self, fieldname: str, column: object) -> "_NumberReader":
        return _NumberReader(self.file.numbers(fieldname))

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return int(self.file.lengths(fieldname)[docnum]) if fieldname in _FIELD else default

    def field_length(self, fieldname: str) -> int:
        return int(self.file.lengths(fieldname).sum()) if fieldname in _FIELD else 0

    def min_field_length(self, fieldname: str) -> int:
        return min(self._lengths(fieldname), default=0)

    def max_field_length(self, fieldname: str) -> int:
        return max(self._lengths(fieldname), default=0)

    def _lengths(self, fieldname: str) -> list[int]:
        # Plain numbers: those of the file have as few bytes as they need, which arithmetic would overflow.
        lengths: list[int] = self.file.lengths(fieldname).tolist() if fieldname in _FIELD else []
        return lengths

    def stored_fields(self, docnum: int) -> dict[str, str]:
        shown = self.file.shown(docnum)
        stored = {"title": shown.title, "excerpt": shown.excerpt, "url": shown.web_url, "path": self.file.path(docnum)}
        return {name: text for name, text in stored.items() if text}


class _NumberReader(ColumnReader):  # type: ignore[misc]
    """A number column for Whoosh's sorting and ranges."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._values = values

    def __len__(self) -> int:
        return int(self._values.size)

    def __getitem__(self, docnum: int) -> int:
        return int(self._values[docnum])

    def __iter__(self) -> Iterator[int]:
        return iter(self.load())

    def sort_key(self, docnum: int) -> int:
        return int(self._values[docnum])

    def load(self) -> list[int]:
        values: list[int] = self._values.tolist()
        return values
