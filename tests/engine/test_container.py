"""Files of named arrays: what is written comes back, and no byte of it can change unnoticed."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from numpy.typing import NDArray

from newsearch.engine.whoosh.container import ArrayFile, write_arrays
from newsearch.errors import IndexDamaged, IndexVersionError

Arrays = dict[str, NDArray[Any] | bytes]

BLOCK = 1 << 12
SMALL: Arrays = {
    "numbers": np.arange(9, dtype=np.uint16),
    "nothing": np.zeros(0, np.int64),
    "text": "Zürich".encode(),
    "keys": np.array([0, 2**64 - 1], np.uint64),
}


def packed(arrays: Arrays, meta: dict[str, object] | None = None) -> bytes:
    file = io.BytesIO()
    write_arrays(file, arrays, meta or {})
    return file.getvalue()


def opened(folder: Path, raw: bytes) -> ArrayFile:
    path = folder / "segment.nws"
    path.unlink(missing_ok=True)  # a file that is mapped must not change
    path.write_bytes(raw)
    return ArrayFile(path)


_dtypes = st.sampled_from(("|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8")).map(np.dtype)
_values = _dtypes.flatmap(lambda dtype: arrays_of.arrays(dtype, st.integers(0, 80))) | st.binary(max_size=200)


@settings(max_examples=60)
@given(st.dictionaries(st.text(min_size=1, max_size=9), _values, max_size=6), st.dictionaries(st.text(), st.integers()))
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, arrays: Arrays, meta: dict[str, object]
) -> None:
    file = opened(tmp_path_factory.getbasetemp(), packed(arrays, meta))
    file.verify()
    assert file.meta == meta
    assert file.names() == list(arrays)
    for name, value in arrays.items():
        array = np.frombuffer(value, np.uint8) if isinstance(value, bytes) else value
        assert name in file
        assert file[name].dtype == array.dtype
        assert file[name].tolist() == array.tolist()
        assert file.slice(name, 1, 3).tolist() == array[1:3].tolist()


def test_arrays_of_several_blocks_come_back(tmp_path: Path) -> None:
    sizes = (BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK - 63, 3 * BLOCK + 64)
    arrays = {str(size): np.resize(np.arange(251, dtype=np.uint8), size) for size in sizes}
    file = opened(tmp_path, packed({**arrays}))
    file.verify()
    for name, array in arrays.items():
        assert np.array_equal(file[name], array)
        assert file.slice(name, BLOCK - 5, BLOCK + 5).tolist() == array[BLOCK - 5 : BLOCK + 5].tolist()


def test_every_array_begins_at_a_multiple_of_64_bytes(tmp_path: Path) -> None:
    file = opened(tmp_path, packed(SMALL))
    assert all(file[name].__array_interface__["data"][0] % 64 == 0 for name in SMALL if file[name].size)


def test_arrays_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="read-only"):
        opened(tmp_path, packed(SMALL))["numbers"][0] = 1


def test_what_is_not_there_is_not_in_it(tmp_path: Path) -> None:
    file = opened(tmp_path, packed(SMALL))
    assert "other" not in file
    with pytest.raises(KeyError):
        file["other"]


def test_arrays_outlive_the_file_that_gave_them(tmp_path: Path) -> None:
    numbers = opened(tmp_path, packed(SMALL))["numbers"]
    assert numbers.tolist() == list(range(9))


@pytest.mark.parametrize("bits", [0x01, 0xFF])
def test_a_change_of_any_byte_is_found(tmp_path: Path, bits: int) -> None:
    raw = packed(SMALL, {"documents": 3})
    for place in range(len(raw)):
        changed = bytearray(raw)
        changed[place] ^= bits
        with pytest.raises(IndexDamaged, match=r"segment\.nws is damaged: .*--rebuild"):
            opened(tmp_path, bytes(changed)).verify()


def test_a_file_cut_short_anywhere_is_found_when_it_is_opened(tmp_path: Path) -> None:
    raw = packed(SMALL, {"documents": 3})
    for size in range(len(raw)):
        with pytest.raises(IndexDamaged, match=r"segment\.nws is damaged"):
            opened(tmp_path, raw[:size])


def test_a_file_that_goes_on_is_found_when_it_is_opened(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="bytes and should have"):
        opened(tmp_path, packed(SMALL) + bytes(64))


def test_another_version_of_the_layout_is_named(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newsearch.engine.whoosh.container._MAGIC", b"NEWSSEG\x02")
        raw = packed(SMALL)
    message = r"made by another version of newsearch: .* layout version 2, .* Build it anew with: .* --rebuild"
    with pytest.raises(IndexVersionError, match=message):
        opened(tmp_path, raw)


def test_a_damaged_version_is_damage(tmp_path: Path) -> None:
    raw = bytearray(packed(SMALL))
    raw[7] += 1
    with pytest.raises(IndexDamaged, match="its version is not as it was written"):
        opened(tmp_path, bytes(raw))


def test_a_file_that_is_not_there_is_for_the_caller_to_tell(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ArrayFile(tmp_path / "nothing.nws")


class TestReadingInPart:
    """An array of three blocks, the middle one damaged, beside a whole one."""

    @staticmethod
    def damaged(folder: Path) -> ArrayFile:
        raw = bytearray(packed({"long": np.zeros(3 * BLOCK // 4, np.uint32), "other": np.ones(9, np.uint8)}))
        start = len(raw) - 3 * BLOCK - 64
        raw[start + BLOCK + 4 * 7] ^= 1
        return opened(folder, bytes(raw))

    def test_what_lies_in_other_blocks_can_be_read(self, tmp_path: Path) -> None:
        file = self.damaged(tmp_path)
        each = BLOCK // 4
        assert not file.slice("long", 0, each).any()
        assert not file.slice("long", 2 * each, 3 * each).any()
        assert file["other"].all()

    @pytest.mark.parametrize(("first", "end"), [(0, BLOCK // 4 + 1), (BLOCK // 4, BLOCK // 4 + 1), (0, 3 * BLOCK // 4)])
    def test_what_touches_the_block_cannot(self, tmp_path: Path, first: int, end: int) -> None:
        with pytest.raises(IndexDamaged, match="the checksum of long is wrong"):
            self.damaged(tmp_path).slice("long", first, end)

    def test_nor_can_the_whole_of_it_even_after_parts_were_read(self, tmp_path: Path) -> None:
        file = self.damaged(tmp_path)
        file.slice("long", 0, 1)
        with pytest.raises(IndexDamaged):
            file["long"]

    def test_nor_does_it_pass_a_second_time(self, tmp_path: Path) -> None:
        file = self.damaged(tmp_path)
        for _ in range(2):
            with pytest.raises(IndexDamaged):
                file.verify()

    def test_an_empty_slice_reads_nothing(self, tmp_path: Path) -> None:
        middle = BLOCK // 4 + 7
        assert self.damaged(tmp_path).slice("long", middle, middle).size == 0
