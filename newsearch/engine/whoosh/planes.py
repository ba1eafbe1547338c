"""Long columns of small numbers, in as many bits as pay.

    arrays = pack_planes("long/positions", values)
    Planes(file, "long/positions")[4_000:4_100]

A number is cut into pieces of eight, four, two bits or one, and pieces of a kind lie together: any part of the column
is read with one look into a table for each byte. Numbers that do not fit are few, and apart.

    NAME/N        u8   pieces of N bits of all numbers, several to a byte, the first one in the lowest bits; the wider
                       pieces have the lower bits of their numbers
    NAME/far_at   u32  \\ the places of numbers with more bits than that, ascending; their pieces are all ones
    NAME/far           / and they themselves, in the narrowest integers                (newsearch.engine.whoosh.columns)
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.columns import narrow
from newsearch.engine.whoosh.container import ArrayFile

__all__ = ["Planes", "pack_planes"]

_PIECES = (8, 4, 2, 1)
_WIDTHS = ((4,), (4, 1), (4, 2), (8,), (8, 1), (8, 2), (8, 4), (8, 4, 1), (8, 4, 2))
"""What numbers may be cut into. Three pieces take three looks, so not every width is there."""
_FAR_BITS = 48
"""What a number apart takes, its place included."""

_FEW = 4
"""Numbers are read one by one where so many times as many lie between the first and the last of them."""

Ints = NDArray[np.int64]


def _pieces_of_bytes(bits: int) -> Ints:
    """For each byte, the pieces in it."""
    return (np.arange(256)[:, np.newaxis] >> np.arange(0, 8, bits)) & ((1 << bits) - 1)


_IN_BYTE = {bits: _pieces_of_bytes(bits) for bits in (4, 2, 1)}


def pack_planes(name: str, values: NDArray[Any]) -> dict[str, NDArray[Any] | bytes]:
    """The arrays of a column of numbers from 0 to 2**32 - 1."""
    pieces = _cheapest(values)
    limit = (1 << sum(pieces)) - 1
    far = np.flatnonzero(values >= limit)
    left = np.minimum(values, limit).astype(np.uint32)
    arrays: dict[str, NDArray[Any] | bytes] = {}
    for bits in pieces:
        arrays[f"{name}/{bits}"] = _packed(left & ((1 << bits) - 1), bits)
        left >>= bits
    return arrays | {f"{name}/far_at": far.astype(np.uint32), f"{name}/far": narrow(values[far])}


def _cheapest(values: NDArray[Any]) -> Sequence[int]:
    """The widths of the pieces that take the least room."""
    lengths = np.bincount(np.frexp(values.astype(np.float64) + 1)[1] - 1, minlength=1)
    return min(_WIDTHS, key=lambda pieces: _size(sum(pieces), values.size, lengths))


def _size(width: int, count: int, lengths: Ints) -> int:
    return width * count + _FAR_BITS * int(lengths[width:].sum())


def _packed(pieces: NDArray[np.uint32], bits: int) -> NDArray[np.uint8]:
    """Pieces of so many bits, as many to a byte as fit."""
    several = 8 // bits
    rows = np.zeros(-(-pieces.size // several) * several, np.uint8)
    rows[: pieces.size] = pieces
    packed = np.zeros(rows.size // several, np.uint8)
    for place in range(several):
        packed |= rows[place::several] << (place * bits)
    return packed


class Planes:
    """A column of a file. Safe for threads; every array it gives is new."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._name = name
        self._pieces = [(bits, f"{name}/{bits}") for bits in _PIECES if f"{name}/{bits}" in file]

    def slice(self, first: int, end: int) -> Ints:
        """The numbers from `first` up to `end`."""
        values, shift = np.zeros(0, np.int64), 0
        for bits, name in self._pieces:
            pieces = self._piece(bits, name, first, end)
            # What was made for the piece is used again: new memory costs more than what is done in it.
            values = np.bitwise_or(values, np.left_shift(pieces, shift, out=pieces), out=values) if shift else pieces
            shift += bits
        far_at = self._file[f"{self._name}/far_at"]
        if far_at.size:
            # Of its own type: NumPy would make a copy of all places to compare them with other integers.
            a, b = np.searchsorted(far_at, np.array((first, end), far_at.dtype))
            values[far_at[a:b].astype(np.int64) - first] = self._file[f"{self._name}/far"][a:b]
        return values

    def at(self, first: int, end: int, places: Ints) -> Ints:
        """Some of those numbers, by their places from `first` on."""
        if places.size * _FEW > end - first:
            return self.slice(first, end).take(places)
        values, shift = np.zeros(places.size, np.int64), 0
        places = places + first
        for bits, name in self._pieces:
            several = 8 // bits
            start = first // several
            packed = self._file.slice(name, start, -(-end // several)).take(places // several - start)
            values |= (packed >> (places % several * bits) & ((1 << bits) - 1)).astype(np.int64) << shift
            shift += bits
        far_at = self._file[f"{self._name}/far_at"]
        if far_at.size:
            sought = places.astype(far_at.dtype)
            found = far_at.searchsorted(sought)
            far = np.flatnonzero(far_at.take(found, mode="clip") == sought)
            values[far] = self._file[f"{self._name}/far"].take(found.take(far))
        return values

    def _piece(self, bits: int, name: str, first: int, end: int) -> Ints:
        if bits == 8:
            return self._file.slice(name, first, end).astype(np.int64)
        several = 8 // bits
        start = first // several
        packed = self._file.slice(name, start, -(-end // several))
        skipped = first - start * several
        return _IN_BYTE[bits].take(packed, axis=0).reshape(-1)[skipped : skipped + end - first]
