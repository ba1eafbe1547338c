"""Byte strings packed in a thread are those packed without one, and what fails there is told."""

import threading

import numpy as np
import pytest

from newsearch.engine.whoosh import deflating as module
from newsearch.engine.whoosh.blobs import Arrays, pack_blobs
from newsearch.engine.whoosh.deflating import Deflating
from newsearch.engine.whoosh.parts import Blobs


def blobs(*texts: bytes) -> Blobs:
    return Blobs(np.cumsum([len(text) for text in texts]), b"".join(texts))


def same(one: Arrays, other: Arrays) -> bool:
    return {name: bytes(value) for name, value in one.items()} == {name: bytes(value) for name, value in other.items()}


@pytest.mark.parametrize("name", ["shown", "digest"])
def test_what_was_begun_is_packed_as_it_would_be_without_a_thread(name: str) -> None:
    strings = blobs(*[b"kelp norb %d" % number for number in range(100)])
    with Deflating() as deflating:
        deflating.begin({name: strings})
        assert same(deflating.packed(name, strings), pack_blobs(name, strings))


def test_other_strings_than_those_begun_are_packed_too() -> None:
    begun, joined = blobs(b"kelp", b"norb"), blobs(b"kelp", b"norb", b"tarn")
    with Deflating() as deflating:
        deflating.begin({"shown": begun})
        assert same(deflating.packed("shown", joined), pack_blobs("shown", joined))


def test_what_fails_in_the_thread_is_raised_where_the_arrays_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(name: str, strings: Blobs) -> Arrays:
        raise MemoryError(name)

    monkeypatch.setattr(module, "pack_blobs", failing)
    strings = blobs(b"kelp")
    with Deflating() as deflating:
        deflating.begin({"shown": strings})
        with pytest.raises(MemoryError):
            deflating.packed("shown", strings)


def test_no_thread_is_left_behind_where_the_arrays_are_never_asked_for() -> None:
    with Deflating() as deflating:
        deflating.begin({"shown": blobs(b"kelp")})
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("newsearch-deflating")]
