"""Reading the news item that a line of JSON holds.

    reading = parse_line(b'{"title": "Harbour ban", "body": "…"}', line)

The keys are those of front matter, and `body`; values mean what they mean there, be they numbers, true or text. What no
item has is not built, `secured` among it. No error quotes the line.
"""

import json
import re
from dataclasses import replace
from typing import Any

from newsearch.errors import ItemError
from newsearch.items.frontmatter import MAX_DEPTH, MAX_SCALAR, FrontMatter, Node, Wanted
from newsearch.items.ids import name_by_address
from newsearch.items.jsonlines import MAX_LINE_BYTES, Line
from newsearch.items.reader import ITEM_KEYS, Reading, item_of
from newsearch.items.urls import path_address

__all__ = ["parse_line"]

MAX_COMMAS = 1_000_000
"""Each part of a JSON text but the first has a comma or bracket before it; brackets nest no deeper than JSON's reader
goes. So the commas bound how much memory a line can ask for."""

_BODY = "body"
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_line(raw: bytes, line: Line) -> Reading:
    """Make a news item of a line's bytes. ItemError if it is none; nothing else is raised, whatever the bytes are.

    The item's path is the name that `jsonlines` gives it, by its address or its content.
    """
    reader = _LineReader(line)
    given = reader.parsed(raw)
    matter = FrontMatter(reader.keys(given), "", line.number)
    body = reader.body(given)
    path = line.content_name
    reading = item_of(replace(matter, remarks=tuple(reader.remarks)), body, path=path, name=line.path, line=line.number)
    if reading.item.address == path_address(path):
        return reading
    item = replace(reading.item, path=name_by_address(line.path, reading.item.address))
    return Reading(item, reading.remarks)


class _LineReader:
    """Turns JSON into the nodes that an item is read from: every scalar as text."""

    __slots__ = ("_line", "remarks")

    def __init__(self, line: Line) -> None:
        self._line = line
        self.remarks: list[ItemError] = []

    def parsed(self, raw: bytes) -> dict[str, Any]:
        if len(raw) > MAX_LINE_BYTES:
            raise self._fault(f"the line is longer than {MAX_LINE_BYTES >> 20} MiB.")
        if raw.count(b",") > MAX_COMMAS:
            raise self._fault(f"the line has more than {MAX_COMMAS:,} commas.")
        try:
            given = json.loads(raw.decode("utf-8"), parse_int=str, parse_float=str, parse_constant=str)
        except UnicodeDecodeError:
            raise self._fault("is not UTF-8 text; save the file as UTF-8.") from None
        except json.JSONDecodeError as error:
            # The reason is the decoder's own, which does not quote the text.
            reason = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
            raise self._fault(f"is not valid JSON: {reason}, at character {error.colno}.") from None
        except RecursionError:
            raise self._too_deep() from None
        if not isinstance(given, dict):
            raise self._fault('is not an item: write one {"title": …} a line.')
        return given

    def keys(self, given: dict[str, Any]) -> dict[str, Node]:
        """The keys of the item but for the body."""
        return self._mapping(given, ITEM_KEYS, 1)

    def body(self, given: dict[str, Any]) -> str:
        body = given.get(_BODY)
        if body is None:
            return ""
        if isinstance(body, list | dict):
            kind = "a list" if isinstance(body, list) else "a mapping"
            self._note(f"body is {kind}, not text; it was left out.")
            return ""
        return self._scalar(body, bounded=False)

    def _mapping(self, given: dict[str, Any], wanted: Wanted, depth: int) -> dict[str, Node]:
        return {key: self._node(given[key], below, depth) for key, below in wanted.items() if key in given}

    def _node(self, value: object, wanted: Wanted, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self._too_deep()
        if value is None:
            return None, 0
        if isinstance(value, list):
            return [self._node(entry, wanted, depth + 1) for entry in value], 0
        if isinstance(value, dict):
            return self._mapping(value, wanted, depth + 1), 0
        return self._scalar(value), 0

    def _scalar(self, value: object, *, bounded: bool = True) -> str:
        if not isinstance(value, str):
            return "true" if value else "false"
        if bounded and len(value) > MAX_SCALAR:
            raise self._fault(f"a value is longer than {MAX_SCALAR:,} characters.")
        # JSON can escape half a character, which no text can hold.
        if not value.isascii() and _SURROGATE.search(value):
            self._note("a text has half a character in it, which became a question mark.")
            value = _SURROGATE.sub("\ufffd", value)
        return value

    def _note(self, reason: str) -> None:
        self.remarks.append(ItemError(reason, path=self._line.path, line=self._line.number))

    def _too_deep(self) -> ItemError:
        return self._fault(f"is nested deeper than {MAX_DEPTH} levels.")

    def _fault(self, reason: str) -> ItemError:
        return ItemError(reason, path=self._line.path, line=self._line.number)
