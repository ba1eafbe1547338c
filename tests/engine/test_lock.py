"""The one writer an index has at a time."""

from pathlib import Path

import pytest

from newsearch.engine.whoosh.lock import locked_writer
from newsearch.errors import IndexLocked
from tests.archive import build


def test_a_second_writer_is_refused_and_told_what_to_do(tmp_path: Path) -> None:
    index = build(tmp_path)._index
    with locked_writer(index) as writer:
        with (
            pytest.raises(IndexLocked, match=r"Another newsearch is writing to the index .* again when"),
            locked_writer(index),
        ):
            pass
        writer.commit()


def test_the_lock_is_free_after_a_commit(tmp_path: Path) -> None:
    index = build(tmp_path)._index
    for _ in range(2):
        with locked_writer(index) as writer:
            writer.commit()


def test_the_lock_is_free_after_an_error_which_is_the_one_that_comes_out(tmp_path: Path) -> None:
    index = build(tmp_path)._index
    with pytest.raises(RuntimeError, match="no paper left"), locked_writer(index):
        raise RuntimeError("no paper left")
    with locked_writer(index) as writer:
        writer.commit()


def test_the_lock_is_free_after_a_writer_that_was_never_committed(tmp_path: Path) -> None:
    index = build(tmp_path)._index
    with locked_writer(index):
        pass
    with locked_writer(index) as writer:
        writer.commit()
