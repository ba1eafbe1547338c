"""Article ids and what a user may type for them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.items.ids import ID_LENGTH, article_id, article_key, key_of_id, parse_id_prefix

keys = st.integers(min_value=0, max_value=2**64 - 1)


def test_a_key_is_the_first_64_bits_of_the_hash_of_the_address() -> None:
    digest = hashlib.blake2b("zürich.example/x".encode(), digest_size=8).digest()
    assert article_key("zürich.example/x") == int.from_bytes(digest, "big")


@pytest.mark.parametrize(
    ("key", "expected"),
    [(0, "0000000000000"), (31, "000000000000z"), (32, "0000000000010"), (2**64 - 1, "fzzzzzzzzzzzz")],
)
def test_an_id_is_the_key_in_base_32_with_the_most_significant_bits_first(key: int, expected: str) -> None:
    assert article_id(key) == expected


@given(keys)
def test_an_id_gives_its_key_back(key: int) -> None:
    assert len(article_id(key)) == ID_LENGTH
    assert key_of_id(article_id(key)) == key


@given(keys, keys)
def test_ids_sort_as_their_keys_do(one: int, other: int) -> None:
    assert (article_id(one) < article_id(other)) == (one < other)


@given(keys, st.integers(min_value=1, max_value=ID_LENGTH))
def test_any_prefix_of_an_id_is_understood_as_written(key: int, length: int) -> None:
    prefix = article_id(key)[:length]
    assert parse_id_prefix(prefix) == prefix
    assert parse_id_prefix(f" {prefix.upper()} ") == prefix


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert parse_id_prefix("OoIiLl") == "001111"


@pytest.mark.parametrize("text", ["", "u", "k3-9", "salon.com", "0" * 14, "٣"])
def test_what_cannot_start_an_id_is_refused(text: str) -> None:
    assert parse_id_prefix(text) is None


@pytest.mark.parametrize("text", ["", "0", "g" + "0" * 12, "O" * 13])
def test_only_a_full_id_has_a_key(text: str) -> None:
    with pytest.raises(ValueError, match="is not an article id"):
        key_of_id(text)


@pytest.mark.parametrize("key", [-1, 2**64])
def test_a_key_beyond_64_bits_has_no_id(key: int) -> None:
    with pytest.raises(ValueError, match="within"):
        article_id(key)
