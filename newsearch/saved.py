"""Saved queries: a name for a text and its filters, in a file that people read and edit.

    queries = SavedQueries.near(Path.cwd())
    queries.save("portland", {"text": "facial recognition", "topic": "privacy"})
    queries.get("portland").request         SearchRequest("facial recognition", topic="privacy")

They are kept in newsearch.queries.toml, a table for each:

    [portland]
    text = "facial recognition"
    topic = "privacy"

The file lies in the nearest folder, the current one or one above it, that has it or a newsearch.toml; where there is
neither, in the current one. A change touches the lines of one query and leaves all others as they are, comments
included; comments between the lines of a query that is saved anew go. What was seen of a query is not kept here
(`newsearch.seen`), and nothing is searched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from newsearch import config
from newsearch.atomic import write_atomically
from newsearch.config import tomlfile
from newsearch.config.values import advice
from newsearch.errors import ConfigError, QueryError
from newsearch.model import SearchRequest
from newsearch.query.fields import nearest, shown
from newsearch.query.parser import parse
from newsearch.query.stray import edited, stray_marks

__all__ = [
    "FILE_NAME",
    "MAX_NAME",
    "MAX_NESTED",
    "MAX_QUERIES",
    "OPTIONS",
    "SavedQueries",
    "SavedQuery",
    "is_name",
    "named",
]

FILE_NAME = "newsearch.queries.toml"

MAX_NAME: Final = 64
MAX_QUERIES: Final = 1000
MAX_NESTED: Final = 16
"""Saved queries that may stand one in another."""

OPTIONS = (
    *("text", "match", "sort", "since", "until", "as_of", "provider", "topic", "type", "kind"),
    "min_quality",
)
"""What of a request is saved, by its names there; ages such as `7d` stay as typed and count from the day of asking."""

_HEAD = """\
# Saved queries of newsearch. Change them here or with: newsearch save NAME TEXT
# Comments are kept, but for those between the lines of a query that is saved anew.
"""

_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_NAME}}}")
_HEADER = re.compile(r"[ \t]*\[[ \t]*[\"']?([A-Za-z0-9_-]+)[\"']?[ \t]*\][ \t]*(?:#.*)?")
_ANY_HEADER = re.compile(r"[ \t]*\[")
_ASIDE = re.compile(r"[ \t]*(?:#.*)?")
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query with its name; `options` are those that were saved, by the names of `OPTIONS`."""

    name: str
    options: Mapping[str, str | int]

    @property
    def request(self) -> SearchRequest:
        """The query as a request."""
        return SearchRequest(**self.options)  # type: ignore[arg-type]  # the types were checked by option


class SavedQueries:
    """The saved queries of one folder. Every call reads the file anew, so what was edited by hand counts at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / FILE_NAME

    @classmethod
    def near(cls, start: Path) -> Self:
        """Those of the nearest folder, `start` or one above it, that has such a file or a newsearch.toml."""
        start = start.absolute()
        for folder in (start, *start.parents):
            if any((folder / name).is_file() for name in (FILE_NAME, config.FILE_NAME)):
                return cls(folder)
        return cls(start)

    def all(self) -> dict[str, SavedQuery]:
        """Every saved query by its name, in the order of the file. Raises ConfigError for a file that is wrong."""
        return self._read(tomlfile.read(self.file))

    def get(self, name: str) -> SavedQuery:
        """A saved query. Raises QueryError, with the nearest name, where there is none; ConfigError."""
        known = self.all()
        if name in known:
            return known[name]
        near = nearest(name, known)
        if near:
            hint = f"the nearest is {near}."
        elif known:
            hint = "newsearch saved lists those there are."
        else:
            hint = f"save one with: newsearch save {name if is_name(name) else 'NAME'} TEXT"
        raise QueryError(f"There is no saved query {shown(name)}; {hint}")

    def resolved(self, text: str, *, within: str | None = None) -> dict[str, str | int]:
        """The options that a text asks with: where it begins with @NAME, those of that query, narrowed by what follows.

        The text of a saved query may begin with another's name in turn; its own options take the place of the other's.
        `within` is the name of the query that has this text. Raises QueryError for a name that is not there, for
        queries that lead back to themselves and for more than MAX_NESTED one in another; ConfigError.
        """
        path = [] if within is None else [within]
        options: dict[str, str | int] = {}
        further: list[str] = []
        while (found := named(text)) is not None:
            name, more = found
            if name in path or len(path) > MAX_NESTED:
                way = " asks ".join(f"@{one}" for one in [*path[path.index(name) :], name]) if name in path else ""
                raise QueryError(
                    f"The saved queries lead in a circle: {way}; save one of them anew."
                    if way
                    else f"More than {MAX_NESTED} saved queries stand one in another; save one of them in full."
                )
            path.append(name)
            further.append(more)
            saved = self.get(name).options
            options = {**saved, **options}
            text = str(saved.get("text", ""))
        for more in reversed(further):
            text = _both(text, more)
        return {**options, "text": text}

    def save(self, name: str, options: Mapping[str, str | int]) -> SavedQuery | None:
        """Keep a query under a name; returns the one that had it before, if any.

        Raises QueryError for a name that is none, ConfigError for a file that cannot be changed.
        """
        if not is_name(name):
            raise QueryError(
                f"{shown(name)} is no name for a query; use up to {MAX_NAME} letters, digits, hyphens and underscores."
            )
        known = self.all()
        if name not in known and len(known) >= MAX_QUERIES:
            raise QueryError(
                f"There are {MAX_QUERIES:,} saved queries already; remove one with: newsearch saved --remove"
            )
        wanted = {key: _storable(options[key]) for key in OPTIONS if key in options}
        block = [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in wanted.items())]
        self._change(name, block, {**{other: query.options for other, query in known.items()}, name: wanted})
        return known.get(name)

    def remove(self, name: str) -> SavedQuery:
        """Forget a saved query; returns it. Raises QueryError where there is none, ConfigError."""
        removed = self.get(name)
        self._change(name, [], {other: query.options for other, query in self.all().items() if other != name})
        return removed

    def _change(self, name: str, block: list[str], expected: Mapping[str, Mapping[str, str | int]]) -> None:
        """Put a block of lines where that of a query is, or at the end, and make sure that nothing else changed."""
        text = tomlfile.read(self.file)
        changed = _replaced(text or _HEAD, name, block)
        try:
            same = {other: dict(query.options) for other, query in self._read(changed).items()} == {
                other: dict(options) for other, options in expected.items()
            }
        except ConfigError:
            same = False
        if not same:
            raise ConfigError(f"{self.file}: {name} cannot be changed in the way this file is written; edit it there.")
        try:
            write_atomically(self.file, changed)
        except OSError as error:
            raise ConfigError(f"{self.file}: this file cannot be written ({error.strerror}).") from error

    def _read(self, text: str) -> dict[str, SavedQuery]:
        return {name: self._query(name, table) for name, table in tomlfile.tables(self.file, text).items()}

    def _query(self, name: str, table: object) -> SavedQuery:
        if not is_name(name):
            raise ConfigError(f"{self.file}: {shown(name)} is no name for a query; use letters, digits, - and _.")
        if not isinstance(table, dict):
            raise ConfigError(f'{self.file}: {name} has to be a table; write [{name}] and below it text = "…".')
        for key, value in table.items():
            if key not in OPTIONS:
                meant = advice(nearest(key, OPTIONS), OPTIONS)
                raise ConfigError(f"{self.file}: {name} has no option {shown(key)}; {meant}")
            if type(value) is not (int if key == "min_quality" else str):
                kind = "a whole number" if key == "min_quality" else "text in quotes"
                raise ConfigError(f"{self.file}: {key} of {name} is {value!r}; it has to be {kind}.")
        return SavedQuery(name, table)


def is_name(text: str) -> bool:
    """Whether a saved query can be called so: 1 to MAX_NAME letters of ASCII, digits, hyphens and underscores."""
    return _NAME.fullmatch(text) is not None


def named(text: str) -> tuple[str, str] | None:
    """The name of the saved query that a text begins with, and the text after it; None where it begins with none."""
    name, _, more = text[1:].partition(" ")
    return (name, more.strip()) if text.startswith("@") and is_name(name) else None


_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Where ages count back from does not matter to how a text is to be read."""


def _both(text: str, more: str) -> str:
    """A query that asks for both texts; parentheses keep an OR in one from taking the other along."""
    return f"({_closed(text)}) ({_closed(more)})" if text.strip() and more else text or more


def _closed(text: str) -> str:
    """The text without marks that have no partner: beside another text they might find one."""
    return edited(text, stray_marks(text, parse(text, today=_ANY_DAY).doubtful))


def _replaced(text: str, name: str, block: list[str]) -> str:
    """A file's text with the lines of one query replaced; those of a new one are added."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    new = [line + end for line in block]
    headers = [at for at, line in enumerate(lines) if _ANY_HEADER.match(line)]
    for at in headers:
        found = _HEADER.fullmatch(lines[at].rstrip("\r\n"))
        if found is not None and found[1] == name:
            last = next((other for other in headers if other > at), len(lines))
            # Comments and blank lines before the next query belong to that one.
            while last > at + 1 and _ASIDE.fullmatch(lines[last - 1].rstrip("\r\n")):
                last -= 1
            return "".join([*lines[:at], *new, *lines[last:]])
    gap = [end] if lines and lines[-1].strip() else []
    return "".join([*lines, *gap, *new])


def _storable(value: str | int) -> str | int:
    # Half of a character, as in an argument that is not UTF-8, cannot be written at all.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _value(value: str | int) -> str:
    """A value as TOML writes it."""
    if isinstance(value, int):
        return str(value)
    return '"' + _ESCAPED.sub(lambda found: _escape(found[0]), value) + '"'


def _escape(char: str) -> str:
    return "\\" + char if char in '"\\' else f"\\u{ord(char):04x}"
