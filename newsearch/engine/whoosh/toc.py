"""The table of contents of an index: its schema, its segments, its generation.

    index = NewsFileIndex(FileStorage("index"))
    toc = index.read_toc()

Whoosh keeps schema and segments in it as pickles, and a pickle can name any function to be called. Here only the
classes that newsearch's own indexes consist of are let in, so that opening an index runs no code of somebody else's;
whatever names another one is refused as damaged. The rest of the file is read as Whoosh writes it, after the checksum
behind it (newsearch.engine.whoosh.seal) is found right. What it says is checked for sense too: it decides which files
are opened.
"""

import io
import pickle
import re
from pathlib import Path
from typing import Any, Final

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC, EmptyIndexError, FileIndex

from newsearch.engine.whoosh import seal
from newsearch.engine.whoosh.segment import NewsSegment

__all__ = ["NAME", "NewsFileIndex", "UnsafeTableOfContents"]

NAME = "MAIN"
"""What the files of an index are called, before what tells them apart."""

_BYTE_ORDER = -12345
_SEGMENT = re.compile(rf"{NAME}_[0-9a-z]+")

ALLOWED: Final = frozenset(
    {
        ("newsearch.engine.whoosh.analysis", "Analyzer"),
        ("newsearch.engine.whoosh.schema", "_KeywordField"),
        ("newsearch.engine.whoosh.schema", "_StockAnalyzer"),
        ("newsearch.engine.whoosh.schema", "_TextField"),
        ("newsearch.engine.whoosh.segment", "NewsSegment"),
        ("whoosh.analysis.tokenizers", "IDTokenizer"),
        ("whoosh.columns", "NumericColumn"),
        ("whoosh.fields", "COLUMN"),
        ("whoosh.fields", "STORED"),
        ("whoosh.fields", "Schema"),
        ("whoosh.formats", "Existence"),
        ("whoosh.formats", "Positions"),
    }
)
"""All that a table of contents may name; none of them does anything when it is made."""


class UnsafeTableOfContents(Exception):
    """A table of contents names something that no index of newsearch consists of."""


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise UnsafeTableOfContents(f"it names {module}.{name}, which is no part of an index")
        return super().find_class(module, name)


class NewsFileIndex(FileIndex):  # type: ignore[misc]
    """Whoosh's index over a folder, opened without trusting what lies there."""

    def __init__(self, storage: FileStorage) -> None:
        """Raises EmptyIndexError where there is no table of contents."""
        self.storage = storage
        self._schema = None
        self.indexname = NAME
        if TOC._latest_generation(storage, NAME) < 0:
            raise EmptyIndexError(f"no table of contents in {storage.folder}")

    def read_toc(self) -> TOC:
        """The newest table of contents. Raises what damaged bytes make of reading it."""
        return self._read_toc()

    def _read_toc(self) -> TOC:
        generation = TOC._latest_generation(self.storage, NAME)
        if generation < 0:
            raise EmptyIndexError(f"no table of contents in {self.storage.folder}")
        path = Path(self.storage.folder, TOC._filename(NAME, generation))
        raw, is_sealed = seal.opened(path.read_bytes())
        stream = StructFile(io.BytesIO(raw), name=path.name)
        for _ in ("int", "long", "float"):
            stream.read_varint()
        if stream.read_int() != _BYTE_ORDER:
            raise ValueError("its head is not that of a table of contents")
        version = stream.read_int()
        release = tuple(stream.read_varint() for _ in range(3))
        schema = _load(stream.read_string())
        if stream.read_int() != generation:
            raise ValueError("its generation is not that of its name")
        stream.read_int()
        segments = _load(stream.read())
        _refuse_nonsense(schema, segments)
        if segments and not is_sealed:  # one without segments may be Whoosh's own, of an index just made
            raise ValueError("it has no checksum: it was cut short, or an older newsearch wrote it")
        return TOC(schema, segments, generation, version=version, release=release)


def _load(pickled: bytes) -> Any:
    return _Unpickler(io.BytesIO(pickled)).load()


def _refuse_nonsense(schema: object, segments: object) -> None:
    """Raise ValueError for what is no schema, no segment, or a segment that would be another file than an index's."""
    if not isinstance(schema, Schema) or not isinstance(segments, list):
        raise ValueError("it holds no schema and no list of segments")
    for segment in segments:
        name = segment.segment_id() if isinstance(segment, NewsSegment) else None
        if not isinstance(name, str) or not _SEGMENT.fullmatch(name):
            raise ValueError("it lists what is no segment of an index")
        documents, deleted = segment.doc_count_all(), segment._deleted
        if not isinstance(documents, int) or not isinstance(deleted, set) or segment.is_compound():
            raise ValueError("it lists a segment that contradicts itself")
        if not all(isinstance(one, int) and 0 <= one < documents for one in deleted):
            raise ValueError("it lists deleted documents that a segment does not have")
