"""Article ids: short, stable names that depend on the canonical address alone.

    article_id(article_key("salon.com/2020/09/ban"))     # 13 characters, such as "3kz0v9q2m7c4t"
    parse_id_prefix("3KZO")                              # "3kz0"

The key is 64 bits of a hash. That is as much as one machine word and one column of an array hold, and it is enough:
among n articles two share a key with odds of about n² / 2⁶⁵, which is 3e-7 for 3.4 million and 3e-3 for 340 million.
The id is the key in base 32 with the most significant bits first, so ids sort as keys do and a prefix is a range of
keys.

An item that has no file of its own goes by what it came in, `#` and an id: that of its address, or one of its content.

This module does not know which articles exist; whether a prefix is ambiguous is for the index to say.
"""

import hashlib

__all__ = [
    "ID_LENGTH",
    "article_id",
    "article_key",
    "key_of_id",
    "key_range",
    "name_by_address",
    "name_by_content",
    "parse_id_prefix",
]

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in lower case: no i, l, o or u, which are misread or spell words."""

ID_LENGTH = 13
"""Characters in a full id: 65 bits, of which the first is always 0."""

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)
_MISREAD = str.maketrans("oil", "011")


def article_key(address: str) -> int:
    """The key of the article at a canonical address: 0..2⁶⁴-1."""
    # A name that is not Unicode never gets here from a scan; surrogatepass keeps even that from raising.
    return int.from_bytes(hashlib.blake2b(address.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def article_id(key: int) -> str:
    """The id of a key: 13 characters of base 32. ValueError if `key` is not within 0..2⁶⁴-1."""
    if not 0 <= key < 1 << 64:
        raise ValueError(f"an article key is within 0..2**64-1, not {key}")
    pairs = _PAIRS
    return (
        ALPHABET[key >> 60]
        + pairs[key >> 50 & 1023]
        + pairs[key >> 40 & 1023]
        + pairs[key >> 30 & 1023]
        + pairs[key >> 20 & 1023]
        + pairs[key >> 10 & 1023]
        + pairs[key & 1023]
    )


def name_by_address(holder: str, address: str) -> str:
    """What an item with a canonical address is called that came in a file of many, or in a source of another kind."""
    return f"{holder}#{article_id(article_key(address))}"


def name_by_content(holder: str, digest: bytes) -> str:
    """What one without an address is called; `digest` is that of its content, 8 bytes or more."""
    return f"{holder}#{article_id(int.from_bytes(digest[:8], 'big'))}"


def parse_id_prefix(text: str) -> str | None:
    """What a user typed as an id or the start of one, in the form ids have; None if it cannot be one.

    Capitals, and o for 0 and i or l for 1, are understood. 1 to 13 characters.
    """
    prefix = text.strip().lower().translate(_MISREAD)
    if not 1 <= len(prefix) <= ID_LENGTH or not all(character in _VALUES for character in prefix):
        return None
    return prefix


def key_range(prefix: str) -> tuple[int, int]:
    """The least and the greatest key whose id would have a prefix, as `parse_id_prefix` gives it; may pass 64 bits."""
    low = high = 0
    for place in range(ID_LENGTH):
        digit = _VALUES[prefix[place]] if place < len(prefix) else None
        low = low * 32 + (digit or 0)
        high = high * 32 + (31 if digit is None else digit)
    return low, high


def key_of_id(text: str) -> int:
    """The key of a full id; ValueError if `text` is not one."""
    if len(text) != ID_LENGTH or not all(character in _VALUES for character in text) or _VALUES[text[0]] > 15:
        raise ValueError(f"{text!r} is not an article id")
    key = 0
    for character in text:
        key = key << 5 | _VALUES[character]
    return key
