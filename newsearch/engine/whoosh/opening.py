"""The segment files that are open in this process, each once however many readers it has.

    file = open_segment_file(Path("index"), "MAIN_6jbdj27rga7yqc69")

What a file is and holds is `newsearch.engine.whoosh.segmentfile`'s.
"""

from pathlib import Path
from threading import Lock
from weakref import WeakValueDictionary

from newsearch.engine.whoosh.segmentfile import SegmentFile

__all__ = ["EXTENSION", "open_segment_file"]

EXTENSION = ".nws"

_Version = tuple[str, int, int, int]
"""A file's path, and what changes when it is written again: what was checked of it may not hold then."""

_open: WeakValueDictionary[_Version, SegmentFile] = WeakValueDictionary()
_opening = Lock()


def open_segment_file(folder: Path, name: str) -> SegmentFile:
    """The file of a segment. Raises IndexDamaged, OSError."""
    path = folder / f"{name}{EXTENSION}"
    status = path.stat()
    version = str(path), status.st_ino, status.st_mtime_ns, status.st_size
    with _opening:
        file = _open.get(version)
        if file is None:
            file = _open[version] = SegmentFile(path)
        return file
