"""What an index holds, and how large it is.

stats_of(searcher, Path("index"))
"""

from pathlib import Path

import numpy as np

from newsearch.engine.whoosh import schema
from newsearch.engine.whoosh.folder import bytes_in
from newsearch.engine.whoosh.schema import MISSING_DATE, DocumentKind
from newsearch.engine.whoosh.search import Searcher
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.model import IndexStats, SegmentSize
from newsearch.query.dates import from_seconds

__all__ = ["stats_of"]


def stats_of(searcher: Searcher, folder: Path) -> IndexStats:
    """The state and size of an index at the commit of a searcher; the bytes are those of its folder now."""
    snapshot, live = searcher.snapshot, searcher.live
    dates = snapshot.dates[snapshot.articles]
    dates = dates[dates != MISSING_DATE]
    return IndexStats(
        path=str(folder),
        schema_version=schema.SCHEMA_VERSION,
        language=snapshot.language,
        items=searcher.state.items,
        articles=searcher.state.articles,
        duplicates=int(snapshot.of_kind(DocumentKind.DUPLICATE).size),
        skipped=int(snapshot.of_kind(DocumentKind.FAULT).size),
        segments=len(snapshot.segments),
        deleted=int(snapshot.size - np.count_nonzero(snapshot.alive)),
        bytes=bytes_in(folder),
        terms=snapshot.term_count(),
        providers=_live_terms("domain", snapshot),
        topics=_live_terms("topic", snapshot),
        oldest=from_seconds(int(dates.min())) if dates.size else None,
        newest=from_seconds(int(dates.max())) if dates.size else None,
        median_quality=live.median_quality,
        updated=searcher.state.updated,
        roots=tuple(sorted({root for root, _ in snapshot.documents_by_source})),
        parts=tuple(
            SegmentSize(one.file.file.path.name, one.file.documents, len(one.deleted), one.file.file.size)
            for one in snapshot.segments
        ),
    )


def _live_terms(field: str, snapshot: Snapshot) -> int:
    articles = snapshot.articles
    return sum(bool(articles[snapshot.keyword_documents(field, term)].any()) for term in snapshot.keyword_terms(field))
