"""Columns of small numbers come back, whole and in part, whatever numbers there are."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.engine.whoosh.container import ArrayFile, write_arrays
from newsearch.engine.whoosh.planes import Planes, pack_planes


def written(folder: Path, values: list[int]) -> ArrayFile:
    file = io.BytesIO()
    write_arrays(file, pack_planes("column", np.array(values, np.uint32)), {})
    path = folder / "column.nws"
    path.unlink(missing_ok=True)
    path.write_bytes(file.getvalue())
    return ArrayFile(path)


@settings(max_examples=60)
@given(st.integers(0, 33).flatmap(lambda bits: st.lists(st.integers(0, (1 << min(bits, 32)) - 1), max_size=60)))
def test_every_part_comes_back(tmp_path_factory: pytest.TempPathFactory, values: list[int]) -> None:
    column = Planes(written(tmp_path_factory.getbasetemp(), values), "column")
    for first in range(0, len(values) + 1, 7):
        for end in (first, min(first + 1, len(values)), min(first + 9, len(values)), len(values)):
            assert column.slice(first, end).tolist() == values[first:end]
            for chosen in (range(0, end - first, 5), range(end - first)):
                found = column.at(first, end, np.array(chosen, np.int64))
                assert found.tolist() == [values[first + place] for place in chosen]


@pytest.mark.parametrize(
    ("largest", "bits"), [(0, 4), (14, 4), (30, 5), (62, 6), (254, 8), (510, 9), (1022, 10), (4094, 12), (16382, 14)]
)
def test_numbers_take_no_more_bits_than_the_largest_needs(tmp_path: Path, largest: int, bits: int) -> None:
    file = written(tmp_path, [largest] * 800)
    stored = sum(file[name].size for name in file.names() if "far" not in name)
    assert (stored, file["column/far"].size) == (100 * bits, 0)


def test_a_few_large_numbers_make_the_others_no_larger(tmp_path: Path) -> None:
    file = written(tmp_path, [3] * 400 + [2**32 - 1] + [9] * 399)
    assert file["column/4"].size == 400
    assert Planes(file, "column").slice(399, 402).tolist() == [3, 2**32 - 1, 9]
    assert Planes(file, "column").at(300, 800, np.array([99, 100, 101])).tolist() == [3, 2**32 - 1, 9]
