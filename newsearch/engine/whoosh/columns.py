"""Columns of integers in little space.

    arrays = pack_column("number/date", values)
    column = read_column(file, "number/date", documents)

Most columns say nearly the same of every document, or lack a value for some; both are cheap here.

    NAME           the values in the narrowest integers that hold them
    NAME/missing   i64  where some are the one that stands for no value: what has its place in NAME, and that one
    NAME/common    i64  instead of NAME where nearly all values are one: that one;
    NAME/other_at  u32  \\ where the others are, ascending,
    NAME/other          / and they themselves, in the narrowest integers

Counts, which are nearly all small, are kept by `pack_small`:

    NAME           u8   the counts; 255: see the next two
    NAME/large_at  u32  the places of those, ascending,
    NAME/large     u32  and they themselves, up to 2**32 - 1
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.container import ArrayFile
from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE

__all__ = ["narrow", "pack_column", "pack_small", "read_column", "read_small"]

_FITTING = (np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.int64)
_COMMON_SHARE = 8
"""A column whose values are one but for less than one in so many is kept as that one and the others."""
_LARGE = 255
_MAX_COUNT = 2**32 - 1

Arrays = dict[str, NDArray[Any] | bytes]


def narrow(values: NDArray[Any]) -> NDArray[Any]:
    """The values in the narrowest integers that hold them."""
    if not values.size:
        return values.astype(np.uint8)
    return values.astype(_fitting(int(values.min()), int(values.max())), copy=False)


def _fitting(low: int, high: int) -> type[np.integer[Any]]:
    for dtype in _FITTING:
        limits = np.iinfo(dtype)
        if limits.min <= low and high <= limits.max:
            return dtype
    raise OverflowError("a column's values fit no integer")


def pack_column(name: str, values: NDArray[Any]) -> Arrays:
    """The arrays of a column of integers."""
    values = values.astype(np.int64, copy=False)
    if not values.size:
        return {name: narrow(values)}
    # A value that more than half of all have is the middle one.
    common = int(np.partition(values, values.size // 2)[values.size // 2])
    others = np.flatnonzero(values != common)
    if others.size * _COMMON_SHARE < values.size:
        arrays: Arrays = {f"{name}/common": np.array([common], np.int64)}
        if others.size:
            arrays[f"{name}/other_at"] = others.astype(np.uint32)
            arrays[f"{name}/other"] = narrow(values[others])
        return arrays
    lowest = int(values.min())
    if lowest in (MISSING, MISSING_DATE):
        present = values != lowest
        stand_in = int(values[present].max()) + 1
        if stand_in < 2**63:
            filled = np.where(present, values, stand_in)
            return {name: narrow(filled), f"{name}/missing": np.array([stand_in, lowest], np.int64)}
    return {name: narrow(values)}


def read_column(file: ArrayFile, name: str, size: int) -> NDArray[Any]:
    """A column of `size` values, in the narrowest integers that hold them; nobody may write to it."""
    if f"{name}/common" in file:
        common = int(file[f"{name}/common"][0])
        if f"{name}/other_at" not in file:
            return np.full(size, common, _fitting(common, common))
        others = file[f"{name}/other"]
        dtype = _fitting(min(common, int(others.min())), max(common, int(others.max())))
        column: NDArray[Any] = np.full(size, common, dtype)
        column[file[f"{name}/other_at"]] = others
        return column
    stored = file[name]
    if f"{name}/missing" not in file:
        return stored
    stand_in, missing = file[f"{name}/missing"].tolist()
    column = stored.astype(_fitting(missing, stand_in - 1))
    column[stored == stand_in] = missing
    return column


def pack_small(name: str, counts: NDArray[Any]) -> Arrays:
    """The arrays of counts that are nearly all below 255."""
    large = np.flatnonzero(counts >= _LARGE)
    return {
        name: np.minimum(counts, _LARGE).astype(np.uint8),
        f"{name}/large_at": large.astype(np.uint32),
        f"{name}/large": np.minimum(counts[large], _MAX_COUNT).astype(np.uint32),
    }


def read_small(file: ArrayFile, name: str) -> NDArray[np.int64]:
    """The counts that `pack_small` was given, up to 2**32 - 1."""
    counts = file[name].astype(np.int64)
    counts[file[f"{name}/large_at"]] = file[f"{name}/large"]
    return counts
