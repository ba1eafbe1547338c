"""Items, related articles and the rest as documents of the index.

writer.add(of_item(item, source, cites, key=key, first_indexed=now))
"""

from datetime import datetime

from newsearch.engine.rules.keywords import join_provider
from newsearch.engine.whoosh import records
from newsearch.engine.whoosh.gather import Document
from newsearch.engine.whoosh.schema import (
    MISSING,
    MISSING_DATE,
    NO_NUMBERS,
    SCHEMA_VERSION,
    DocumentKind,
)
from newsearch.errors import ItemError
from newsearch.model import NewsItem, RelatedArticle, SourceFile
from newsearch.query.dates import to_seconds

__all__ = ["SCHEMA_VERSION", "of_duplicate", "of_fault", "of_file", "of_item", "of_related", "of_state"]

_ITEM = DocumentKind.ITEM.value


def of_item(item: NewsItem, source: SourceFile, cites: tuple[int, ...], *, key: int, first_indexed: int) -> Document:
    """A file's article; `cites` are the keys of its related articles."""
    shown, record = records.store_item(item)
    related = [text for one in item.related for text in (one.title, one.excerpt)] if item.related else ()
    quality, heat, published = item.quality, item.heat, item.published
    return Document(
        id=key,
        numbers=(
            _ITEM,
            _date(item.date),
            MISSING if quality is None else quality,
            MISSING if heat is None else heat,
            -1 if published is None else int(published),
            1 if item.images else 0,
            first_indexed,
            source.size,
            source.mtime_ns,
        ),
        texts=((item.title,), (item.excerpt,), item.topics, (item.body,) if item.body else (), related),
        cites=cites,
        cited=[records.describe(one) for one in item.related] if item.related else (),
        provider=join_provider(item.provider),
        topic=item.topics,
        type=item.type,
        category=item.category,
        root=source.root,
        shown=shown,
        path=source.path,
        record=record,
        digest=source.digest,
    )


def of_related(related: RelatedArticle, stored: tuple[bytes, bytes], *, key: int, first_indexed: int) -> Document:
    """An article known by citation alone; `stored` is what `records.store_related` made of it."""
    return Document(
        id=key,
        numbers=(
            DocumentKind.RELATED.value,
            _date(related.date),
            MISSING if related.quality is None else related.quality,
            MISSING,
            -1,
            int(bool(related.images)),
            first_indexed,
            0,
            0,
        ),
        texts=((related.title,), (related.excerpt,), (), (), ()),
        provider=join_provider(related.provider),
        type=related.type,
        shown=stored[0],
        record=stored[1],
    )


def of_duplicate(item: NewsItem, source: SourceFile, *, key: int) -> Document:
    """A file whose address belongs to another file; stored whole, for it may come to be its own."""
    shown, record = records.store_whole_item(item)
    return _of_source(DocumentKind.DUPLICATE, shown, record, source, key)


def of_fault(source: SourceFile, fault: ItemError) -> Document:
    """A file that could not be read, and why. Its path is the source's, whatever the fault calls it."""
    return _of_source(DocumentKind.FAULT, b"", records.store_fault(fault), source, None)


def of_file(source: SourceFile) -> Document:
    """A file whose lines are sources of their own: what it was like when they were read."""
    return _of_source(DocumentKind.FILE, b"", b"", source, None)


def of_state(state: bytes) -> Document:
    """What the index says of itself."""
    return Document(record=state)


def _of_source(kind: DocumentKind, shown: bytes, record: bytes, source: SourceFile, key: int | None) -> Document:
    return Document(
        id=key,
        numbers=(kind.value, *NO_NUMBERS[1:-2], source.size, source.mtime_ns),
        root=source.root,
        shown=shown,
        path=source.path,
        record=record,
        digest=source.digest,
    )


def _date(date: datetime | None) -> int:
    seconds = to_seconds(date)
    return MISSING_DATE if seconds is None else seconds
