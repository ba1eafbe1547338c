"""The table of contents of an index as Whoosh's own objects, for writing and for whoever reads it with Whoosh.

    index = NewsFileIndex(FileStorage("index"))
    toc = index.read_toc()

Only the classes that newsearch's own indexes consist of are let in, so that opening an index runs no code of somebody
else's. A search reads the same file without Whoosh (`newsearch.engine.whoosh.contents`, where its layout is).
"""

import io
import pickle
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex

from newsearch.engine.whoosh.contents import NAME, listed_segments, newest_generation, read_pickled, refuse_unknown

__all__ = ["NewsFileIndex"]


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        refuse_unknown(module, name)
        return super().find_class(module, name)


class NewsFileIndex(FileIndex):  # type: ignore[misc]
    """Whoosh's index over a folder, opened without trusting what lies there."""

    def __init__(self, storage: FileStorage) -> None:
        """Raises ContentsMissing where there is no table of contents."""
        self.storage = storage
        self._schema = None
        self.indexname = NAME
        newest_generation(Path(storage.folder))

    def read_toc(self) -> TOC:
        """The newest table of contents. Raises what damaged bytes make of reading it."""
        return self._read_toc()

    def _read_toc(self) -> TOC:
        found = read_pickled(Path(self.storage.folder))
        listed_segments(found)  # refuses what makes no sense
        schema, segments = _load(found.schema), _load(found.segments)
        return TOC(schema, segments, found.generation, version=found.version, release=found.release)


def _load(pickled: bytes) -> Any:
    return _Unpickler(io.BytesIO(pickled)).load()
