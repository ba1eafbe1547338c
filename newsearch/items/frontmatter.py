"""Front matter: where a file's YAML is, and what it says, with every scalar kept as text.

    parts = split(text, path="x.md")
    matter = parse(parts.yaml, {"title": {}, "provider": {"name": {}}}, path="x.md", first_line=parts.first_line)
    title, offset = matter.root["title"]
    line = matter.line(offset)

The fences are found by lines, so a title may hold `---`. The YAML is read from libyaml's events, and only the keys that
are asked for are built: `NO`, `0x10`, `1_000` and `2020-09-13` stay as they were written, and what they mean is for the
reader to say. Merge keys (`<<`) have no meaning here. Depth, events, aliases and lengths are bounded, whatever a file
holds. The text of the key `secured` is never built, nor reached through an alias, nor quoted by an error.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NoReturn, TypeAlias

import yaml
from yaml._yaml import CParser

from newsearch.errors import ItemError

__all__ = [
    "MAX_DEPTH",
    "MAX_REMARKS",
    "MAX_SCALAR",
    "SEALED_KEY",
    "Content",
    "FrontMatter",
    "Node",
    "Parts",
    "Wanted",
    "parse",
    "split",
]

MAX_DEPTH = 20
MAX_EVENTS = 100_000
MAX_ALIASES = 100
MAX_SCALAR = 1 << 20
"""Longest scalar, in characters."""

MAX_REMARKS = 100
"""Remarks kept of one file; each costs a look at the whole text for its line."""

SEALED_KEY = "secured"
"""The key of an opaque encrypted text that nothing may index, store or print, at whatever depth it stands."""

Wanted: TypeAlias = Mapping[str, "Wanted"]
"""The keys to build, each with the keys wanted below it; sequences are passed through. `{}` wants scalars only."""

Content: TypeAlias = "str | list[Node] | dict[str, Node] | None"
"""What a node holds. None stands for YAML's null."""

# Plain tuples, and not a class: a file makes fifty of them, and a tuple costs a tenth of an instance.
Node: TypeAlias = tuple[Content, int]
"""A value and the offset, in characters of the YAML text, at which it starts."""

# The stubs give events an optional mark, though libyaml's parser always sets it. As Any the classes narrow nothing.
_Event: TypeAlias = Any
_ALIAS: Any = yaml.AliasEvent
_COLLECTION_START: Any = yaml.CollectionStartEvent
_DOCUMENT_START: Any = yaml.DocumentStartEvent
_MAPPING_END: Any = yaml.MappingEndEvent
_MAPPING_START: Any = yaml.MappingStartEvent
_NODE: Any = yaml.NodeEvent
_SCALAR: Any = yaml.ScalarEvent
_SEQUENCE_END: Any = yaml.SequenceEndEvent
_STREAM_END: Any = yaml.StreamEndEvent

_OPENING = re.compile(r"---[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_SEALED_LINE = re.compile(r"^[ \t]*(?:-[ \t]+)*[\"']?" + SEALED_KEY + r"[\"']?[ \t]*:", re.MULTILINE)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# What libyaml reports only at the end of the trouble and a person looks for at its start.
_TOLD_AT_START = frozenset({"while scanning a simple key", "while scanning a quoted scalar"})
_ADVICE = {
    "mapping values are not allowed in this context": "put the value in quotes if it holds ': '",
    "could not find expected ':'": "put the value in quotes, or indent it, if it spans lines",
    "found unexpected end of stream": "close the quotes",
    "found character that cannot start any token": "indent with spaces, and quote a value that starts with @, ` or %",
    "found a tab character that violates indentation": "indent with spaces",
    "found unknown escape character": "write \\\\ for a backslash, or use single quotes",
    "did not find expected key": "check the indentation, and put the value in quotes if it holds quotes itself",
    "did not find expected '-' indicator": "check the indentation of the list",
    "did not find expected ',' or ']'": "close the bracket, or put the value in quotes",
    "did not find expected ',' or '}'": "close the brace, or put the value in quotes",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """A file's text in two: the YAML, the line of the file it starts at (from 1), and the body after it."""

    yaml: str
    first_line: int
    body: str


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The wanted keys of a file's front matter. `remarks` are faults that lost no value."""

    root: Mapping[str, Node]
    text: str
    first_line: int
    remarks: tuple[ItemError, ...] = ()

    def line(self, offset: int) -> int:
        """The line of the file, from 1, at an offset of the YAML text."""
        return self.first_line + self.text.count("\n", 0, offset)


def split(text: str, *, path: str) -> Parts:
    """Find the front matter of a file's text; a BOM is skipped, and CRLF and lone CR become LF.

    The first line must be `---`; the next line that is `---` or `...` closes it (spaces after either do not count).
    ItemError if there is none or it is not closed.
    """
    if text.startswith("\ufeff"):
        text = text[1:]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    opening = _OPENING.match(text)
    if opening is None:
        raise ItemError("has no front matter: the first line must be '---'.", path=path, line=1)
    start = opening.end()
    # One character back: the line end of the opening fence is also the one before a closing fence right after it.
    # `find` is many times faster over a text than the expression, which then has few places to look at.
    nearest = [place for place in (text.find("\n---", start - 1), text.find("\n...", start - 1)) if place >= 0]
    closing = _CLOSING.search(text, min(nearest)) if nearest else None
    if closing is None:
        raise ItemError("the front matter is not closed: put a line '---' after it.", path=path, line=1)
    return Parts(text[start : closing.start() + 1], 2, text[closing.end() :])


def parse(text: str, wanted: Wanted, *, path: str, first_line: int) -> FrontMatter:
    """Read the wanted keys of one YAML mapping.

    Of a key given twice the last value counts, with a remark. Aliases share what they name. ItemError, with the line,
    if the text is not valid YAML, not one mapping, or beyond a bound; no error quotes the text itself.
    """
    builder = _Builder(text, wanted, path, first_line)
    try:
        return builder.document()
    except yaml.MarkedYAMLError as error:
        reason, offset = _explain(error)
        builder.fail(f"the front matter is not valid YAML: {reason}.", offset)
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        bad = _UNPRINTABLE.search(text)
        builder.fail(
            "the front matter holds a control character, which YAML does not allow; remove it.",
            bad.start() if bad else 0,
        )


def _explain(error: yaml.MarkedYAMLError) -> tuple[str, int]:
    """libyaml's report in a sentence, and the offset it is about. Its wording is fixed: it never quotes the text."""
    problem = error.problem or "it cannot be read"
    mark = error.context_mark if error.context in _TOLD_AT_START and error.context_mark else error.problem_mark
    advice = _ADVICE.get(problem)
    return (f"{problem}; {advice}" if advice else problem), (mark.index if mark is not None else 0)


class _Every(dict[str, Wanted]):
    """Wants every key at every depth but the sealed one: for a value with an anchor, which may be used anywhere."""

    def get(self, key: str, default: object = None) -> Wanted | None:  # type: ignore[override]  # noqa: ARG002
        return None if key == SEALED_KEY else self


_EVERY = _Every()
_NOTHING: Wanted = {}


class _Builder:
    """Builds nodes from libyaml's events, once.

    All methods draw on one iterator of events, so each takes exactly those of its own node. It ends early when there
    are too many, and then the innermost loop falls through and raises `_too_many`.
    """

    __slots__ = (
        "_aliases",
        "_anchors",
        "_depth",
        "_events",
        "_first_line",
        "_path",
        "_remarks",
        "_sealed_keys",
        "_text",
        "_wanted",
    )

    def __init__(self, text: str, wanted: Wanted, path: str, first_line: int) -> None:
        self._text = text
        self._wanted = wanted
        self._path = path
        self._first_line = first_line
        self._events: Iterator[_Event] = iter(())
        self._anchors: dict[str, Node] = {}
        self._aliases = 0
        self._depth = 0
        self._sealed_keys: list[int] = []
        self._remarks: list[ItemError] = []

    def fail(self, reason: str, offset: int) -> NoReturn:
        raise ItemError(reason, path=self._path, line=self._line(offset))

    def document(self) -> FrontMatter:
        events: Iterator[_Event] = islice(iter(CParser(self._text).get_event, None), MAX_EVENTS)
        if len(self._text) > MAX_SCALAR:
            events = self._bounded(events)
        self._events = events
        root: dict[str, Node] | None = None
        for event in events:
            kind = event.__class__
            if kind is _STREAM_END:
                break
            if kind is _DOCUMENT_START:
                if root is not None:
                    self.fail("the front matter holds more than one YAML document; keep one.", event.start_mark.index)
            elif kind is _MAPPING_START:
                root = self._mapping(self._wanted, event.start_mark.index)
            elif isinstance(event, _NODE):
                self.fail("the front matter is not a list of 'key: value' lines.", event.start_mark.index)
        else:
            raise self._too_many()
        if root is None:
            self.fail("the front matter is empty.", 0)
        if self._text.count(SEALED_KEY) > len(self._sealed_keys):
            self._refuse_swallowed_seal()
        return FrontMatter(root, self._text, self._first_line, tuple(self._remarks))

    def _mapping(self, wanted: Wanted, offset: int) -> dict[str, Node]:
        """The wanted pairs of a mapping whose start was just taken."""
        self._deeper(offset)
        events = self._events
        built: dict[str, Node] = {}
        for event in events:
            # The body of this loop runs for every pair of every file: scalars, nearly all there is, are done in place.
            if event.__class__ is _SCALAR:
                key = event.value
                if event.anchor is not None:
                    self._anchors[event.anchor] = (key, event.start_mark.index)
            elif event.__class__ is _MAPPING_END:
                self._depth -= 1
                return built
            else:
                key = self._odd_key(event)
            below = wanted.get(key)
            value: _Event = next(events, None)
            if value.__class__ is _SCALAR and value.anchor is None:
                if below is not None:
                    if key in built:
                        self._repeated(key, wanted, event)
                    text: str | None = value.value
                    if value.style == "" and value.tag is None and text in _NULLS:
                        text = None
                    built[key] = (text, value.start_mark.index)
                elif key == SEALED_KEY:
                    self._sealed_keys.append(event.start_mark.index)
            elif value is None:
                raise self._too_many()
            elif key == SEALED_KEY:
                self._sealed_keys.append(event.start_mark.index)
                self._skip_sealed(value)
            else:
                node = self._node(value, below)
                if below is not None:
                    if key in built:
                        self._repeated(key, wanted, event)
                    built[key] = node
        raise self._too_many()

    def _sequence(self, wanted: Wanted, offset: int) -> list[Node]:
        """The entries of a sequence whose start was just taken."""
        self._deeper(offset)
        built: list[Node] = []
        for event in self._events:
            if event.__class__ is _SEQUENCE_END:
                self._depth -= 1
                return built
            built.append(self._node(event, wanted))
        raise self._too_many()

    def _node(self, event: _Event, wanted: Wanted | None) -> Node:
        """The node that starts with `event`. With nothing wanted it is read past, but for anchors."""
        kind = event.__class__
        offset: int = event.start_mark.index
        if kind is _ALIAS:
            return self._named(event.anchor, offset)
        anchor: str | None = event.anchor
        if anchor is not None:
            wanted = _EVERY
        node: Node
        if kind is _SCALAR:
            text: str | None = event.value
            if text in _NULLS and event.style == "" and event.tag is None:
                text = None
            node = (text, offset)
        elif kind is _MAPPING_START:
            node = (self._mapping(_NOTHING if wanted is None else wanted, offset), offset)
        else:
            node = (self._sequence(_NOTHING if wanted is None else wanted, offset), offset)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _named(self, anchor: str, offset: int) -> Node:
        """What an alias stands for."""
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            self.fail(f"the front matter uses more than {MAX_ALIASES} aliases.", offset)
        if anchor not in self._anchors:
            self.fail("an alias (*) names no anchor (&) that stands before it.", offset)
        return self._anchors[anchor][0], offset

    def _odd_key(self, event: _Event) -> str:
        """A key that is no scalar: what an alias names if that is text, else a key that nobody wants."""
        text, _ = self._node(event, None)
        return text if isinstance(text, str) else ""

    def _skip_sealed(self, event: _Event) -> None:
        """Read past the value of a sealed key. An alias to anything inside it finds null."""
        depth = 0
        following = event
        while following is not None:
            if isinstance(following, _NODE) and following.__class__ is not _ALIAS and following.anchor:
                self._anchors[following.anchor] = (None, following.start_mark.index)
            if isinstance(following, _COLLECTION_START):
                depth += 1
                self._deeper(following.start_mark.index)
            elif following.__class__ in (_MAPPING_END, _SEQUENCE_END):
                depth -= 1
                self._depth -= 1
            if depth == 0:
                return
            following = next(self._events, None)
        raise self._too_many()

    def _refuse_swallowed_seal(self) -> None:
        """Fail if a line `secured: …` is part of some other value, which happens when a quote is left open."""
        keys = self._sealed_keys  # ascending, as they were met
        for found in _SEALED_LINE.finditer(self._text):
            nearest = bisect_left(keys, found.start())
            if nearest == len(keys) or keys[nearest] >= found.end():
                self.fail(f"a value runs on over the key '{SEALED_KEY}'; close its quotes.", found.start())

    def _repeated(self, key: str, wanted: Wanted, event: _Event) -> None:
        # What _EVERY wants can be any word of the file, and only known ones are quoted.
        if wanted is not _EVERY and len(self._remarks) < MAX_REMARKS:
            line = self._line(event.start_mark.index)
            self._remarks.append(
                ItemError(f"the key '{key}' is given more than once; the last one counts.", path=self._path, line=line)
            )

    def _deeper(self, offset: int) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.fail(f"the front matter is nested deeper than {MAX_DEPTH} levels.", offset)

    def _too_many(self) -> ItemError:
        return ItemError(f"the front matter has more than {MAX_EVENTS:,} parts.", path=self._path)

    def _bounded(self, events: Iterator[_Event]) -> Iterator[_Event]:
        """The same events, refusing a scalar that is too long; only a text that long can hold one."""
        for event in events:
            if event.__class__ is _SCALAR and len(event.value) > MAX_SCALAR:
                self.fail(f"a value is longer than {MAX_SCALAR:,} characters.", event.start_mark.index)
            yield event

    def _line(self, offset: int) -> int:
        return self._first_line + self._text.count("\n", 0, offset)
