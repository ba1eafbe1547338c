"""JSON Lines: files of which each line is an item, told apart line by line.

    found = compare(entry, remembered={"news.jsonl#326w9y6rqnyjv": source, ...})
    for line in found.lines:                   # those whose content was not there when the file was last read
        raw = load_line(line)

A line is remembered by its digest, so lines that only moved are not read again. Its item goes by a name that moving
does not change either: the file, `#`, and the id of the item's address, or of the line's content where it has no
address. A line that is no item goes by the file, `:` and its number, for there somebody will look for it.

    news.jsonl                    the file itself: its size and time say whether it has to be looked into at all
    news.jsonl#326w9y6rqnyjv      an item
    news.jsonl#326w9y6rqnyjv-…    another one with the same address; … are eight digits of its line's digest
    news.jsonl:17                 a line that is no item

Of lines with one address the first has the name without digits, whenever it came: so names do not depend on what the
file was before.

A file is read in one pass and no more than a line of it is held. What a line says is `newsearch.items.jsonitem`'s.
"""

import io
import os
import re
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import NamedTuple

from newsearch.errors import ItemError
from newsearch.items.files import MAX_FILE_BYTES, Clock, Entry, opened, trusted_time
from newsearch.items.ids import ID_LENGTH, name_by_content
from newsearch.model import NewsItem, SourceFile

__all__ = [
    "LINE_SUFFIXES",
    "MAX_LINE_BYTES",
    "Line",
    "LineFile",
    "compare",
    "is_item",
    "is_line_file",
    "line_file_of",
    "lines_at",
    "load_line",
]

LINE_SUFFIXES = (".jsonl", ".ndjson")

MAX_LINE_BYTES = MAX_FILE_BYTES
"""A longer line is no item, as a longer file is none."""

_SKIP = 1 << 20
_NAME = re.compile(
    rf"(.+\.(?i:jsonl|ndjson))(?:#[0-9a-hjkmnp-tv-z]{{{ID_LENGTH}}}(?:-[0-9a-f]{{8}})?|:[0-9]+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Line(Entry):
    """A line to read: its number, from 1, where it starts and how many bytes it has, without the space around it.

    `size` is more than MAX_LINE_BYTES for a line that is longer than that, and `digest` is that of its beginning.
    """

    number: int
    start: int
    size: int
    digest: bytes

    @property
    def content_name(self) -> str:
        """What an item of this line is called that has no address."""
        return name_by_content(self.path, self.digest)

    @property
    def fault_name(self) -> str:
        """What the line is called if it is no item."""
        return f"{self.path}:{self.number}"


@dataclass(slots=True)
class LineFile:
    """What a file of lines holds, against what was remembered of it.

    `source` is what to remember of the file itself. `lines` are to be read. `gone` are the remembered names of lines
    that are no longer there as they were: an item that `lines` has in another version is among them. `kept` has the
    names of those that are, with their lines' numbers. `doubtful` has the digests of those that share an address: they
    are read again, for a line that came or went may change their names.
    """

    source: SourceFile
    lines: list[Line] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    kept: dict[str, int] = field(default_factory=dict)
    doubtful: dict[str, bytes] = field(default_factory=dict)
    displaced: set[int] = field(default_factory=set)

    @property
    def is_touched(self) -> bool:
        """Whether nothing but the file's size or time is another."""
        return not self.lines and not self.gone

    def named(self, item: NewsItem, line: Line) -> NewsItem:
        """An item under a name that no other of the file has. To be called once for each, in the order of the lines.

        A line further down that had the name until now is noted in `displaced`: it needs another one.
        """
        name = item.path or line.content_name
        holder = self.kept.get(name)
        if holder is not None and holder < line.number:
            name = f"{name}-{line.digest.hex()[:8]}"
            item = replace(item, path=name)
        elif holder is not None:
            self.displaced.add(holder)
        self.kept[name] = line.number
        return item


def is_line_file(path: str) -> bool:
    """Whether a file is one of lines, by its name."""
    return path.lower().endswith(LINE_SUFFIXES)


def line_file_of(name: str) -> str | None:
    """The file of a line, by the line's name; None if it is the name of no line."""
    found = _NAME.fullmatch(name) if "#" in name or ":" in name else None
    return None if found is None else found[1]


def is_item(name: str) -> bool:
    """Whether a name is that of something that is to be an item: a line other than a faulty one, or a file of one."""
    file = line_file_of(name)
    return not is_line_file(name) if file is None else name[len(file)] == "#"


def _of_address(name: str) -> str:
    """The name of an item without the digits that tell it from others with its address."""
    return name[: name.rindex("#") + 1 + ID_LENGTH]


def compare(
    entry: Entry, *, remembered: Mapping[str, SourceFile], known: SourceFile | None = None, clock: Clock = time.time
) -> LineFile:
    """Read a file of lines, and tell those that are new from those that are `remembered`, by the names of its lines.

    `known` is the file itself as it was. Of equal lines the first counts. Lines that are no items are always to be read
    again, for their numbers may be others. ItemError if the file cannot be read.
    """
    items = {name: source for name, source in remembered.items() if is_item(name)}
    shared = {_of_address(name) for name in items if name != _of_address(name)}
    doubtful = {name: source.digest for name, source in items.items() if _of_address(name) in shared}
    names = {source.digest: name for name, source in items.items() if name not in doubtful}
    whole = blake2b(digest_size=16)
    seen: set[bytes] = set()
    lines: list[Line] = []
    kept: dict[str, int] = {}
    with (
        opened(entry.file, name=entry.path) as (descriptor, status),
        io.FileIO(descriptor, closefd=False) as raw,
        io.BufferedReader(raw, _SKIP) as stream,
    ):
        for number, start, content in _split(stream):
            size, digest = len(content), blake2b(content, digest_size=16).digest()
            whole.update(digest)
            name = names.get(digest)
            if name is not None:
                kept.setdefault(name, number)
            elif digest not in seen:
                seen.add(digest)
                lines.append(Line(entry.root, entry.path, entry.file, number, start, size, digest))
        length = stream.tell()
    source = SourceFile(entry.root, entry.path, length, trusted_time(status, clock), whole.digest())
    if known is not None and known.digest == source.digest:
        return LineFile(source, kept=dict.fromkeys(remembered, 0))
    return LineFile(source, lines, remembered.keys() - kept.keys(), kept, doubtful)


def lines_at(numbers: Collection[int], entry: Entry) -> list[Line]:
    """Some lines of a file by their numbers. ItemError if it cannot be read."""
    with (
        opened(entry.file, name=entry.path) as (descriptor, _),
        io.FileIO(descriptor, closefd=False) as raw,
        io.BufferedReader(raw, _SKIP) as stream,
    ):
        return [
            Line(
                *(entry.root, entry.path, entry.file, number, start, len(content)),
                blake2b(content, digest_size=16).digest(),
            )
            for number, start, content in _split(stream)
            if number in numbers
        ]


def load_line(line: Line) -> bytes:
    """The bytes of a line. ItemError if they cannot be read, or are others than they were."""
    with opened(line.file, name=line.path) as (descriptor, _):
        content = _read_at(descriptor, line.start, line.size)
    if blake2b(content, digest_size=16).digest() != line.digest:
        raise ItemError("was changed while it was read; run newsearch index again.", path=line.path)
    return content


class _Piece(NamedTuple):
    number: int
    start: int
    content: bytes


def _split(stream: io.BufferedIOBase) -> Iterator[_Piece]:
    """The lines that are not blank, without the space around them; of one that is too long a byte more than may be."""
    number = start = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        length = len(line)
        if length > MAX_LINE_BYTES:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(_SKIP)
                length += len(rest)
            content = line
        else:
            content = line.strip()
        first = start if length > MAX_LINE_BYTES else start + len(line) - len(line.lstrip())
        if number == 1 and content.startswith(b"\xef\xbb\xbf"):
            content, first = content[3:], first + 3
        if content:
            yield _Piece(number, first, content)
        start += length


def _read_at(descriptor: int, start: int, size: int) -> bytes:
    os.lseek(descriptor, start, os.SEEK_SET)
    chunks: list[bytes] = []
    while size and (chunk := os.read(descriptor, size)):
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
