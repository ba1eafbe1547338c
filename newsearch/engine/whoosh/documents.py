"""Items, related articles and the rest as documents of the index.

    writer.add(of_item(item, source, cites, key=key, first_indexed=now))
"""

from newsearch.engine.whoosh import records
from newsearch.engine.whoosh.build import Document
from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE, SCHEMA_VERSION, UNIT, DocumentKind
from newsearch.errors import ItemError
from newsearch.model import NewsItem, Provider, RelatedArticle, SourceFile

__all__ = ["SCHEMA_VERSION", "of_duplicate", "of_fault", "of_item", "of_related", "of_state"]


def of_item(
    item: NewsItem, source: SourceFile, cites: tuple[int, ...], *, key: int, first_indexed: int
) -> Document:
    """A file's article; `cites` are the keys of its related articles."""
    shown, record = records.store_item(item, source.path)
    date = records.to_seconds(item.date)
    related = [text for one in item.related for text in (one.title, one.excerpt)]
    return Document(
        kind=DocumentKind.ITEM,
        id=key,
        texts=((item.title,), (item.excerpt,), item.topics, (item.body,), related),
        cites=cites,
        provider=_provider(item.provider),
        topic=item.topics,
        type=item.type,
        category=item.category,
        date=MISSING_DATE if date is None else date,
        quality=MISSING if item.quality is None else item.quality,
        heat=MISSING if item.heat is None else item.heat,
        published=-1 if item.published is None else int(item.published),
        has_image=int(bool(item.images)),
        first_indexed=first_indexed,
        root=source.root,
        size=source.size,
        mtime=source.mtime_ns,
        shown=shown,
        record=record,
        digest=source.digest,
    )


def of_related(related: RelatedArticle, stored: tuple[bytes, bytes], *, key: int, first_indexed: int) -> Document:
    """An article known by citation alone; `stored` is what `records.store_related` made of it."""
    date = records.to_seconds(related.date)
    return Document(
        kind=DocumentKind.RELATED,
        id=key,
        texts=((related.title,), (related.excerpt,), (), (), ()),
        provider=_provider(related.provider),
        type=related.type,
        date=MISSING_DATE if date is None else date,
        quality=MISSING if related.quality is None else related.quality,
        has_image=int(bool(related.images)),
        first_indexed=first_indexed,
        shown=stored[0],
        record=stored[1],
    )


def of_duplicate(shown: bytes, record: bytes, source: SourceFile, *, key: int) -> Document:
    """A file whose address belongs to another file; stored whole, for it may come to be its own."""
    return Document(
        kind=DocumentKind.DUPLICATE,
        id=key,
        root=source.root,
        size=source.size,
        mtime=source.mtime_ns,
        shown=shown,
        record=record,
        digest=source.digest,
    )


def of_fault(source: SourceFile, fault: ItemError) -> Document:
    """A file that could not be read, and why. Its path is the source's, whatever the fault calls it."""
    shown, record = records.store_fault(fault, source.path)
    return Document(
        kind=DocumentKind.FAULT,
        root=source.root,
        size=source.size,
        mtime=source.mtime_ns,
        shown=shown,
        record=record,
        digest=source.digest,
    )


def of_state(state: bytes) -> Document:
    """What the index says of itself."""
    return Document(kind=DocumentKind.STATE, record=state)


def _provider(provider: Provider | None) -> str | None:
    return None if provider is None else f"{provider.name or ''}{UNIT}{provider.domain or ''}"
