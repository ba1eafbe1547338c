"""Which article is meant: by its id or the beginning of it, its address, or the path of a file.

find_document("8eqtc2", snapshot)
"""

from newsearch.engine.whoosh.schema import DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.errors import AmbiguousId, ArticleNotFound
from newsearch.items.ids import article_id, article_key, parse_id_prefix
from newsearch.items.urls import address_of, path_address

__all__ = ["find_document"]

_CANDIDATES_NAMED = 5


def find_document(reference: str, snapshot: Snapshot) -> int:
    """The document of an article. Raises ArticleNotFound, or AmbiguousId where an id's beginning is that of several."""
    prefix = parse_id_prefix(reference)
    if prefix is not None:
        found = {key: one for key in snapshot.keys_with(prefix) if (one := _article(key, snapshot)) is not None}
        if len(found) > 1:
            raise AmbiguousId(reference, [article_id(key) for key in list(found)[:_CANDIDATES_NAMED]])
        if found:
            return next(iter(found.values()))
    for address in (address_of(reference), path_address(reference), reference):
        document = None if address is None else _article(article_key(address), snapshot)
        if document is not None:
            return document
    for (_, path), of_file in snapshot.documents_by_source.items():
        # A file whose address belongs to another file leads to that one's article.
        document = _article(int(snapshot.keys[of_file]), snapshot) if path == reference else None
        if document is not None:
            return document
    raise ArticleNotFound(f"No article has the id, address or path {reference!r}.")


def _article(key: int, snapshot: Snapshot) -> int | None:
    documents = snapshot.documents_of(key, DocumentKind.ITEM, DocumentKind.RELATED)
    return documents[0] if documents else None
