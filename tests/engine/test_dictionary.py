"""Sorted words in blocks: found by word, by place and by prefix, as in a sorted list."""

import io
from bisect import bisect_left
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsearch.engine.whoosh.container import ArrayFile, write_arrays
from newsearch.engine.whoosh.dictionary import MAX_WORD_BYTES, Words, pack_words

ZURICHS = [f"{'z' * count}ürich{number}" for count in range(4) for number in range(20)]

# Few letters, so that much is shared; a byte of 255 after which no prefix comes; letters of several bytes.
_plain = st.text("ab", max_size=6)
_written = st.lists(st.sampled_from(("a", "b", "ü", "東", "\U0010ffff", "\x00")), max_size=5).map("".join)
_long = st.integers(245, MAX_WORD_BYTES).map("a".__mul__)
_raw = st.binary(max_size=4) | st.lists(st.sampled_from((b"\xff", b"\xfe", b"a")), max_size=4).map(b"".join)
_words = st.one_of(st.one_of(_plain, _written, _long).map(str.encode), _raw)


def stored(folder: Path, words: list[bytes]) -> Words:
    path = folder / "words.nws"
    path.unlink(missing_ok=True)
    file = io.BytesIO()
    write_arrays(file, pack_words("terms", words), {})
    path.write_bytes(file.getvalue())
    return Words(ArrayFile(path), "terms", len(words))


@settings(max_examples=150)
@given(st.sets(_words, max_size=60), st.lists(_words, max_size=12))
@example(set(map(str.encode, ZURICHS)), [b"z", b"zz", "zü".encode(), b"zzzzz", b"", b"a"])
@example(set(), [b"", b"a"])
@example({b""}, [b"", b"\xff"])
@example({b"a" * 254, b"a" * 255, b"a" * 254 + b"b"}, [b"a" * 256, b"a" * 253])
def test_words_are_as_in_a_sorted_list(
    tmp_path_factory: pytest.TempPathFactory, distinct: set[bytes], asked: list[bytes]
) -> None:
    words = sorted(distinct)
    found = stored(tmp_path_factory.getbasetemp(), words)
    assert (found.count, list(found)) == (len(words), words)
    assert [found.word(place) for place in range(len(words))] == words
    assert [found.rank(word) for word in words] == list(range(len(words)))
    assert all(found.between(first, first + 20) == words[first : first + 20] for first in range(len(words) - 20))
    letters, starts = found.joined()
    assert letters.tobytes() == b"".join(words)
    assert starts.tolist() == [0, *accumulate(map(len, words))]
    prefixes = {word[:size] for word in words for size in (0, 1, 2, len(word) - 1)}
    for word in {*asked, *prefixes, *(word + b"\x00" for word in words), *(word + b"\xff" for word in words)}:
        place = bisect_left(words, word)
        assert found.insertion(word) == place
        assert found.rank(word) == (place if word in distinct else -1)
        assert [words[rank] for rank in found.range(word)] == [one for one in words if one.startswith(word)]


@pytest.mark.parametrize("count", [1, 15, 16, 17, 31, 32, 33, 1000])
def test_the_last_block_may_be_full_or_not(tmp_path: Path, count: int) -> None:
    words = sorted(f"word{number}".encode() for number in range(count))
    found = stored(tmp_path, words)
    assert list(found) == words
    assert [found.rank(word) for word in words] == list(range(count))
    assert found.rank(b"word") == found.rank(b"zzz") == found.rank(b"") == -1


@pytest.mark.parametrize("place", [-1, 3])
def test_a_place_outside_is_an_error(tmp_path: Path, place: int) -> None:
    with pytest.raises(IndexError):
        stored(tmp_path, [b"a", b"b", b"c"]).word(place)


def test_words_that_share_much_take_little_room() -> None:
    words = sorted(f"international{number:04}".encode() for number in range(1600))
    packed = pack_words("w", words).values()
    assert sum(len(bytes(array)) for array in packed) < sum(map(len, words)) / 3
