"""The one writer an index has at a time.

    with locked_writer(index) as writer:
        writer.add_document(...)
        writer.commit()

Whoosh's writer keeps its lock and its half-written files when something goes wrong on the way; here it lets go of the
lock whatever happens, and the next commit clears its files away.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from whoosh.index import FileIndex, LockError
from whoosh.writing import SegmentWriter

from newsearch.errors import IndexLocked

__all__ = ["locked_writer"]


@contextmanager
def locked_writer(index: FileIndex) -> Iterator[SegmentWriter]:
    """A writer that has to be committed within the block; otherwise all of it is dropped. Raises IndexLocked."""
    try:
        writer = SegmentWriter(index)
    except LockError:
        raise IndexLocked(
            f"Another newsearch is writing to the index {index.storage.folder}; run this again when it has finished."
        ) from None
    try:
        yield writer
    finally:
        if not writer.is_closed:
            # What went wrong first is what the caller has to hear. Cancelling lets go of the lock, if it gets that far;
            # Whoosh raises a bare Exception when it is let go of twice.
            with suppress(Exception):
                writer.cancel()
            with suppress(Exception):
                writer.writelock.release()
