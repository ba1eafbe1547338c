"""A file of named arrays, read in place, with a checksum over every byte.

    write_arrays(file, {"postings/low": low, "shown": text_bytes}, {"documents": 3})
    arrays = ArrayFile(path)
    arrays["postings/low"][4:9]

    ┌──────────────────────────────────────────────────────────────┐ 0
    │ magic  8 bytes  "NEWSSEG" and the version of this layout     │
    │ u32 length of the directory ┊ u32 number of block checksums  │
    │ u32 CRC-32 of all before the arrays but itself               │
    │ block checksums  u32 each, in the order of the arrays        │
    │ directory  JSON: {"meta": …, "arrays": {name: [dtype, first  │
    │   byte from the start of the arrays, items]}}                │
    │ zeros up to a multiple of 64                                 │
    ├──────────────────────────────────────────────────────────────┤
    │ array after array, each starting at a multiple of 64, zeros  │ one CRC-32 for each 4 KiB of an array,
    │ between them                                                 │ the zeros behind it included
    └──────────────────────────────────────────────────────────────┘

Numbers are little endian. A block is checked when it is first read, so that opening a file costs the directory alone
and a query pays for what it touches, which is why blocks are small: ten articles lie in ten of them. `verify` checks
everything. Whatever is wrong raises IndexDamaged with the file's
name and the array's. This module knows nothing of what the arrays mean.
"""

import json
import mmap
import struct
import sys
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from newsearch.errors import IndexDamaged, IndexVersionError

__all__ = ["ArrayFile", "write_arrays"]

_MAGIC = b"NEWSSEG\x04"
_HEAD = struct.Struct("<8sII")
_CHECKSUM = struct.Struct("<I")
_HEAD_SIZE = _HEAD.size + _CHECKSUM.size
_ALIGNMENT = 64
_BLOCK = 1 << 12

if sys.byteorder != "little":  # pragma: no cover - no such machine runs NumPy's wheels
    raise ImportError("newsearch's segment files are read in place and need a little-endian machine")


def write_arrays(file: BinaryIO, arrays: Mapping[str, NDArray[Any] | bytes], meta: Mapping[str, object]) -> None:
    """Write a whole file; `meta` is anything JSON can hold. Raises OSError when the disk is full."""
    parts: list[memoryview] = []
    directory: dict[str, list[object]] = {}
    checksums: list[int] = []
    offset = 0
    for name, value in arrays.items():
        array: Any = np.frombuffer(value, np.uint8) if isinstance(value, bytes) else np.ascontiguousarray(value)
        directory[name] = [array.dtype.str, offset, int(array.size)]
        view = memoryview(array).cast("B") if array.size else memoryview(b"")
        padding = bytes(-view.nbytes % _ALIGNMENT)
        checksums.extend(_block_checksums(view, padding))
        parts += [view, memoryview(padding)]
        offset += view.nbytes + len(padding)
    text = json.dumps({"meta": meta, "arrays": directory}, separators=(",", ":")).encode()
    head = np.array(checksums, "<u4").tobytes() + text
    head += bytes(-(_HEAD_SIZE + len(head)) % _ALIGNMENT)
    first = _HEAD.pack(_MAGIC, len(text), len(checksums))
    file.write(first + _CHECKSUM.pack(zlib.crc32(head, zlib.crc32(first))))
    file.write(head)
    for part in parts:
        file.write(part)


def _block_checksums(view: memoryview, padding: bytes) -> Iterator[int]:
    for start in range(0, view.nbytes + len(padding), _BLOCK):
        checksum = zlib.crc32(view[start : start + _BLOCK])
        if start + _BLOCK >= view.nbytes:
            checksum = zlib.crc32(padding, checksum)
        yield checksum


class ArrayFile:
    """An open file of arrays. The views it gives keep the mapping alive; there is nothing to close."""

    def __init__(self, path: Path) -> None:
        """Open a file. Raises IndexDamaged, IndexVersionError, and OSError where it is not there or may not be read."""
        self.path = path
        with path.open("rb") as file:
            try:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:
                raise self._damaged("it is empty") from None
        self.size = len(self._bytes)
        self._view = memoryview(self._bytes)
        directory = self._read_head()
        self.meta: dict[str, Any] = directory["meta"]
        self._directory: dict[str, tuple[np.dtype[Any], int, int, int]] = {}
        self._arrays: dict[str, NDArray[Any]] = {}
        # For each array that was read in part, a byte a block: 1 where it has been checked; and the whole ones.
        self._checked: dict[str, bytearray] = {}
        self._whole: set[str] = set()
        first_checksum = end = 0
        for name, (code, offset, items) in directory["arrays"].items():
            dtype = np.dtype(code)
            padded = -(-items * dtype.itemsize // _ALIGNMENT) * _ALIGNMENT
            self._directory[name] = dtype, offset, items, first_checksum
            first_checksum += -(-padded // _BLOCK)
            end = offset + padded
        if self._start + end != len(self._bytes):
            raise self._damaged(f"it has {len(self._bytes)} bytes and should have {self._start + end}")

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A whole array, checked."""
        array = self.unchecked(name)
        if name not in self._whole:
            self.check(name, 0, array.size)
            self._whole.add(name)
        return array

    def unchecked(self, name: str) -> NDArray[Any]:
        """A whole array of which the caller checks what it reads (`check`)."""
        array = self._arrays.get(name)
        if array is None:
            dtype, offset, items, _ = self._directory[name]
            array = np.frombuffer(self._bytes, dtype, items, self._start + offset) if items else np.zeros(0, dtype)
            # Another thread may have made them meanwhile, and checked blocks: its record stays.
            self._checked.setdefault(name, bytearray(-(-array.nbytes // _BLOCK)))
            self._arrays[name] = array
        return array

    def check(self, name: str, first: int, end: int) -> None:
        """Check the blocks of an array that hold the items from `first` up to `end`. Raises IndexDamaged."""
        if end <= first:
            return
        checked = self._checked[name]
        dtype, offset, items, first_checksum = self._directory[name]
        size = items * dtype.itemsize
        past = (end * dtype.itemsize - 1) // _BLOCK + 1
        block = checked.find(0, first * dtype.itemsize // _BLOCK, past)
        start_of_array = self._start + offset
        # The last block of an array takes in the zeros behind it.
        last = start_of_array - (-size // _ALIGNMENT) * _ALIGNMENT
        while block >= 0:
            start = start_of_array + block * _BLOCK
            if zlib.crc32(self._view[start : min(start + _BLOCK, last)]) != self._checksums[first_checksum + block]:
                raise self._damaged(f"the checksum of {name} is wrong")
            checked[block] = 1
            block = checked.find(0, block + 1, past)

    def slice(self, name: str, first: int, end: int) -> NDArray[Any]:
        """The items of an array from `first` up to `end`, checked."""
        array = self._arrays.get(name)
        if array is None:
            array = self.unchecked(name)
        width = array.itemsize
        # Nearly always another query has had the same blocks checked.
        if self._checked[name].find(0, first * width // _BLOCK, (end * width - 1) // _BLOCK + 1) >= 0:
            self.check(name, first, end)
        return array[first:end]

    def read(self, name: str, first: int, end: int) -> bytes:
        """The bytes of an array of bytes from `first` up to `end`, checked."""
        checked = self._checked.get(name)
        if checked is None or checked.find(0, first // _BLOCK, (end - 1) // _BLOCK + 1) >= 0:
            self.slice(name, first, end)
        start = self._start + self._directory[name][1]
        return self._bytes[start + first : start + end]

    def view(self, name: str) -> memoryview:
        """A whole array, checked, for reading one item after the other: a memoryview is quicker there than an array."""
        array: Any = self[name]
        return memoryview(array)

    def verify(self) -> None:
        """Check every byte that has not been checked yet. Raises IndexDamaged."""
        for name in self._directory:
            _ = self[name]

    def names(self) -> list[str]:
        """The names of the arrays, in the order in which they lie in the file."""
        return list(self._directory)

    def _read_head(self) -> dict[str, Any]:
        """The directory; also sets where the arrays start, and the block checksums."""
        if len(self._bytes) < _HEAD_SIZE:
            raise self._damaged("it is cut short")
        magic, length, blocks = _HEAD.unpack_from(self._bytes)
        (checksum,) = _CHECKSUM.unpack_from(self._bytes, _HEAD.size)
        if magic[:-1] != _MAGIC[:-1]:
            raise self._damaged("it is not a segment file")
        size = blocks * 4 + length
        self._start = -(-(_HEAD_SIZE + size) // _ALIGNMENT) * _ALIGNMENT
        head = self._bytes[_HEAD_SIZE : self._start]
        # The checksum is that of a file of this version; a damaged byte does not make it one of another.
        found = zlib.crc32(head, zlib.crc32(_MAGIC + self._bytes[len(_MAGIC) : _HEAD.size]))
        if magic != _MAGIC and found != checksum:
            raise IndexVersionError(
                f"The index {self.path.parent} was made by another version of newsearch: {self.path.name} has layout "
                f"version {magic[-1]}, and this one reads version {_MAGIC[-1]}. "
                "Build it anew with: newsearch index --rebuild"
            )
        if magic != _MAGIC:
            raise self._damaged("its version is not as it was written")
        if len(head) != self._start - _HEAD_SIZE or found != checksum:
            raise self._damaged("the checksum of its directory is wrong")
        self._checksums = memoryview(head)[: blocks * 4].cast("I")
        directory: dict[str, Any] = json.loads(head[blocks * 4 : size])
        return directory

    def _damaged(self, reason: str) -> IndexDamaged:
        return IndexDamaged(
            f"The index file {self.path} is damaged: {reason}. Build the index anew with: newsearch index --rebuild"
        )
