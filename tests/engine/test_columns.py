"""Columns of integers in little space: all that was in one comes back."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from newsearch.engine.whoosh.columns import pack_column, pack_small, read_column, read_small
from newsearch.engine.whoosh.container import ArrayFile, write_arrays
from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE

_numbers = st.sampled_from((0, 1, -1, 7, 255, 256, 70_000, 2**40, MISSING, MISSING_DATE, 2**63 - 1)) | st.integers(
    -(2**63), 2**63 - 1
)


def stored(folder: Path, arrays: dict[str, NDArray[np.generic] | bytes]) -> ArrayFile:
    path = folder / "columns"
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        write_arrays(file, arrays, {})
    return ArrayFile(path)


@given(st.lists(_numbers, max_size=20) | st.builds(lambda one, rest: [one] * 40 + rest, _numbers, st.lists(_numbers)))
def test_a_column_comes_back(tmp_path_factory: pytest.TempPathFactory, values: list[int]) -> None:
    file = stored(tmp_path_factory.getbasetemp(), pack_column("heat", np.array(values, np.int64)))
    assert read_column(file, "heat", len(values)).tolist() == values


@given(st.lists(st.sampled_from((0, 1, 254, 255, 256, 2**32 - 1)), max_size=20))
def test_small_counts_come_back(tmp_path_factory: pytest.TempPathFactory, values: list[int]) -> None:
    file = stored(tmp_path_factory.getbasetemp(), pack_small("count", np.array(values, np.int64)))
    assert read_small(file, "count").tolist() == values


def test_a_column_that_says_nearly_the_same_of_all_takes_nearly_no_room() -> None:
    arrays = pack_column("heat", np.array([MISSING] * 1000 + [5, 6], np.int64))
    assert sum(len(values) for values in arrays.values()) == 5


@pytest.mark.parametrize("missing", [MISSING, MISSING_DATE])
def test_what_is_missing_makes_no_column_wider(missing: int) -> None:
    values = np.array([*range(200), missing], np.int64)
    arrays = pack_column("quality", values)
    assert np.asarray(arrays["quality"]).dtype == np.uint8
