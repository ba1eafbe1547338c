"""The table of contents of an index, read without Whoosh: a search needs little of it, and Whoosh is slow to import.

    contents = read_contents(Path("index"))
    contents.language, [segment.name for segment in contents.segments]

Whoosh keeps schema and segments in it as pickles, and a pickle can name any function to be called. Here nothing that it
names is ever loaded: a stand-in takes what state there is. Names that newsearch's own indexes do not consist of are
refused all the same, as damage, for `newsearch.engine.whoosh.toc` makes Whoosh's own objects of the same bytes. What it
says is checked for sense too, after its checksum (newsearch.engine.whoosh.seal): it decides which files are opened.

    int long float    varints    the sizes that Whoosh's numbers have
    byte order        i32        -12345
    version           i32        of this layout
    release           varints    the three numbers of Whoosh's version
    schema            a pickle, after its length as a varint
    generation, 0     i32        the number of the commit
    segments          a pickle, to the end

Integers are big endian.
"""

import io
import pickle
import re
from pathlib import Path
from typing import Any, Final, NamedTuple

from newsearch.engine.whoosh import seal

__all__ = [
    "NAME",
    "Contents",
    "ContentsMissing",
    "ListedSegment",
    "Pickled",
    "UnsafeContents",
    "listed_segments",
    "newest_generation",
    "read_contents",
    "read_pickled",
    "refuse_unknown",
]

NAME = "MAIN"
"""What the files of an index are called, before what tells them apart."""

_BYTE_ORDER = -12345
_FILE = re.compile(rf"_{NAME}_([0-9]+)\.toc")
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


class ContentsMissing(Exception):
    """A folder has no table of contents."""


class UnsafeContents(Exception):
    """A table of contents names something that no index of newsearch consists of."""


class ListedSegment(NamedTuple):
    """A segment as it is listed: what its files are called before the dot, and its deleted documents, ascending."""

    name: str
    deleted: list[int]


class Contents(NamedTuple):
    """One commit: its number, the language of its texts, and its segments."""

    generation: int
    language: str
    segments: list[ListedSegment]


class Pickled(NamedTuple):
    """A table of contents as it stands in its file."""

    generation: int
    version: int
    release: tuple[int, ...]
    schema: bytes
    segments: bytes
    is_sealed: bool


def newest_generation(folder: Path) -> int:
    """The number of the newest commit in a folder. Raises ContentsMissing."""
    found = [int(match[1]) for entry in folder.iterdir() if (match := _FILE.fullmatch(entry.name))]
    if not found:
        raise ContentsMissing(f"no table of contents in {folder}")
    return max(found)


def read_contents(folder: Path) -> Contents:
    """The newest table of contents. Raises ContentsMissing, OSError, and whatever damaged bytes make of reading it."""
    pickled = read_pickled(folder)
    (language,) = _load(pickled.schema)._fields["title"].analyzer.analyzer.arguments
    return Contents(pickled.generation, language, listed_segments(pickled))


def read_pickled(folder: Path) -> Pickled:
    """The newest table of contents, its pickles unread. Raises as `read_contents` does."""
    generation = newest_generation(folder)
    raw, is_sealed = seal.opened((folder / f"_{NAME}_{generation}.toc").read_bytes())
    stream = io.BytesIO(raw)
    for _ in ("int", "long", "float"):
        _varint(stream)
    if _int(stream) != _BYTE_ORDER:
        raise ValueError("its head is not that of a table of contents")
    version = _int(stream)
    release = tuple([_varint(stream) for _ in range(3)])
    schema = _bytes(stream, _varint(stream))
    if _int(stream) != generation:
        raise ValueError("its generation is not that of its name")
    _int(stream)
    return Pickled(generation, version, release, schema, stream.read(), is_sealed)


def listed_segments(pickled: Pickled) -> list[ListedSegment]:
    """The segments that a table of contents lists. ValueError for what none can list."""
    segments = _load(pickled.segments)
    if not isinstance(segments, list):
        raise ValueError("it holds no list of segments")
    listed = [_listed(segment) for segment in segments]
    if listed and not pickled.is_sealed:  # one without segments may be Whoosh's own, of an index just made
        raise ValueError("it has no checksum: it was cut short, or an older newsearch wrote it")
    return listed


def refuse_unknown(module: str, name: str) -> None:
    """Raise UnsafeContents for what is no part of an index."""
    if (module, name) not in ALLOWED:
        raise UnsafeContents(f"it names {module}.{name}, which is no part of an index")


class _StandIn:
    """An object of a class that is not loaded: what it was made of, and its state as attributes."""

    def __init__(self, *arguments: object) -> None:
        self.arguments = arguments


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        refuse_unknown(module, name)
        return _StandIn


def _load(pickled: bytes) -> Any:
    return _Unpickler(io.BytesIO(pickled)).load()


def _listed(segment: Any) -> ListedSegment:
    name = f"{segment.indexname}_{segment.segid}"
    if not _SEGMENT.fullmatch(name):  # it becomes the name of a file
        raise ValueError("it lists what is no segment of an index")
    documents, deleted = segment._documents, segment._deleted
    if not isinstance(documents, int) or not isinstance(deleted, set) or segment.compound:
        raise ValueError("it lists a segment that contradicts itself")
    if not all(isinstance(one, int) and 0 <= one < documents for one in deleted):
        raise ValueError("it lists deleted documents that a segment does not have")
    return ListedSegment(name, sorted(deleted))


def _bytes(stream: io.BytesIO, count: int) -> bytes:
    found = stream.read(count)
    if len(found) != count:
        raise ValueError("it is cut short")
    return found


def _int(stream: io.BytesIO) -> int:
    return int.from_bytes(_bytes(stream, 4), "big", signed=True)


def _varint(stream: io.BytesIO) -> int:
    """Seven bits a byte, the lowest first; the highest bit of a byte says that there are more."""
    value = shift = 0
    while True:
        byte = _bytes(stream, 1)[0]
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value
        shift += 7
