"""A line of JSON as a news item: the same keys and values as in front matter, and as little that can go wrong."""

import hashlib
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.errors import ItemError
from newsearch.items.jsonitem import MAX_COMMAS, parse_line
from newsearch.items.jsonlines import Line
from newsearch.items.reader import Reading, parse_item
from tests.archive import Spec, cited, markdown


def line(raw: bytes) -> Line:
    return Line("data", "news.jsonl", "/news.jsonl", 17, 0, len(raw), hashlib.blake2b(raw, digest_size=16).digest())


def parse(given: Any) -> Reading:
    raw = given if isinstance(given, bytes) else json.dumps(given).encode()
    return parse_line(raw, line(raw))


def refused(raw: bytes) -> str:
    with pytest.raises(ItemError) as caught:
        parse(raw)
    return str(caught.value)


SPEC: Spec = {
    "title": "Harbour ban",
    "excerpt": "An excerpt",
    "date": "2020-09-13T12:08:00Z",
    "updated": "2020-09-14",
    "url": "https://www.paper.example/harbour/",
    "category": "news",
    "type": "article",
    "quality": 43,
    "heat": -1,
    "published": False,
    "provider": {"name": "Paper", "domain": "paper.example"},
    "topics": ["law", "ports"],
    "images": [{"url": "https://paper.example/i.png", "width": 10, "height": 20, "isCached": True}],
    "related": [cited("Follow-up", "https://b.example/2", quality=12.5)],
}


def test_a_line_means_what_a_file_with_the_same_keys_means() -> None:
    text = markdown({**SPEC, "body": "Some *text*."})
    file = parse_item(text.encode(), name="x").item
    front = {
        "title": "Harbour ban",
        "excerpt": "An excerpt",
        "publishedDateTime": "2020-09-13T12:08:00Z",
        "updatedDateTime": "2020-09-14",
        "webUrl": "https://www.paper.example/harbour/",
        "category": "news",
        "type": "article",
        "quality": 43,
        "heat": -1,
        "published": False,
        "provider": {"name": "Paper", "domain": "paper.example"},
        "topics": ["law", "ports"],
        "images": [{"url": "https://paper.example/i.png", "width": 10, "height": 20, "isCached": True}],
        "related": [{"title": "Follow-up", "webUrl": "https://b.example/2", "quality": 12.5}],
        "body": "Some *text*.",
    }
    own = parse(front).item
    assert {name: getattr(own, name) for name in own.__slots__ if name != "path"} == {
        name: getattr(file, name) for name in file.__slots__ if name != "path"
    }


def test_numbers_are_read_as_they_are_written() -> None:
    item = parse(b'{"title": 2020, "quality": 1e2, "excerpt": 0.10, "heat": 12.5}').item
    assert (item.title, item.excerpt, item.quality, item.heat) == ("2020", "0.10", 100, 13)


def test_an_odd_value_is_left_out_with_its_line() -> None:
    reading = parse({"title": "A", "quality": "good", "body": ["x"], "topics": {"a": 1}})
    assert [str(remark).partition(" ")[0] for remark in reading.remarks] == ["news.jsonl:17:"] * 3
    assert (reading.item.quality, reading.item.body, reading.item.topics) == (None, "", ())


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "is not valid JSON: expecting property name enclosed in double quotes, at character 2."),
        (b'{"title": "x"} {}', "is not valid JSON: extra data, at character 16."),
        (b"[1]", 'is not an item: write one {"title": …} a line.'),
        (b'"text"', 'is not an item: write one {"title": …} a line.'),
        (b'{"title": "\xff"}', "is not UTF-8 text; save the file as UTF-8."),
        (b"{}", "has no title: give it one under the key 'title'."),
        (b'{"title": ["x"]}', "has no title: 'title' is a list; put it in quotes."),
        (b'{"title": "x", "topics": ' + b"[" * 30 + b"]" * 30 + b"}", "is nested deeper than 20 levels."),
        (b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is nested deeper than 20 levels."),
        (b'{"x": [' + b"0," * (MAX_COMMAS + 1) + b"0]}", "the line has more than 1,000,000 commas."),
        (b'{"title": "' + b"x" * ((1 << 20) + 1) + b'"}', "a value is longer than 1,048,576 characters."),
    ],
)
def test_what_is_no_item_is_refused_with_the_line(raw: bytes, reason: str) -> None:
    assert refused(raw) == f"news.jsonl:17: {reason}"


def test_half_a_character_becomes_a_mark() -> None:
    reading = parse(rb'{"title": "a \ud800 b", "body": "\ud83d\ude00"}')
    assert (reading.item.title, reading.item.body, len(reading.remarks)) == ("a \ufffd b", "😀", 1)


def test_secured_is_nowhere_in_an_item_or_a_fault() -> None:
    sealed = {"secured": "SEALED", "title": "x", "provider": {"name": "P", "secured": "SEALED"}}
    reading = parse({**sealed, "related": [{**sealed, "webUrl": "https://b.example"}], "body": "x\nsecured: SEALED"})
    assert "SEALED" not in repr(reading)
    assert "SEALED" not in refused(b'{"secured": "SEALED", "title": }')


@given(
    st.binary(max_size=60) | st.recursive(st.none() | st.text(), st.lists).map(lambda given: json.dumps(given).encode())
)
def test_whatever_a_line_holds_it_is_an_item_or_a_fault(raw: bytes) -> None:
    for text in (raw, b'{"title": "x", "related": ' + raw + b"}"):
        with suppress(ItemError):
            parse(text)
