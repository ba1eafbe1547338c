"""What `new` has shown of each saved query, index by index.

    marks = SeenMarks(folder, index=Path("index"))
    marks.of("portland")                        None, or the mark of the last time
    marks.keep("portland", result.seen)

The marks are kept in .newsearch.seen.json beside the saved queries and not among them: a file of queries can be shared
and checked in, while what one has seen is one's own and changes with every look. Whoever deletes the file starts over.
What a mark means is in `newsearch.model.SeenMark`; nothing is searched here.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsearch.atomic import write_atomically
from newsearch.errors import ConfigError
from newsearch.model import SeenMark

__all__ = ["FILE_NAME", "SeenMarks"]

FILE_NAME = ".newsearch.seen.json"
_VERSION = 1


class SeenMarks:
    """The marks of one index's saved queries. Every call reads the file anew."""

    def __init__(self, folder: Path, *, index: Path | str) -> None:
        """`folder` is that of the saved queries. An index is called by its way from there, so that both can move.

        One on a cluster is called by its address, a str.
        """
        self.file = folder / FILE_NAME
        if isinstance(index, str):
            self._index = index
            return
        try:
            self._index = Path(os.path.relpath(index.resolve(), folder.resolve())).as_posix()
        except ValueError:  # on another drive there is no way from here
            self._index = index.resolve().as_posix()

    def of(self, name: str) -> SeenMark | None:
        """What was seen of a query; None if it was never asked for. Raises ConfigError for a file that is wrong."""
        entry = self._read().get(self._index, {}).get(name)
        if entry is None:
            return None
        try:
            moment = entry["moment"]
            return SeenMark(None if moment is None else _read_moment(moment))
        except (KeyError, TypeError, ValueError) as error:
            raise self._wrong(f"{type(error).__name__}: {error}") from error

    def keep(self, name: str, mark: SeenMark) -> None:
        """Remember what was seen of a query. Raises ConfigError for a file that cannot be read or written."""
        marks = self._read()
        moment = None if mark.moment is None else mark.moment.astimezone(UTC).isoformat()
        marks.setdefault(self._index, {})[name] = {"moment": moment}
        self._write(marks)

    def forget(self, name: str) -> None:
        """Forget what was seen of a query, in every index."""
        marks = self._read()
        known = [entries for entries in marks.values() if name in entries]
        for entries in known:
            del entries[name]
        if known:
            self._write(marks)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            document = json.loads(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ConfigError(f"{self.file}: this file cannot be read ({error.strerror}).") from error
        except (ValueError, RecursionError) as error:
            raise self._wrong(str(error)) from error
        if not isinstance(document, dict) or document.get("version") != _VERSION:
            raise self._wrong(f"it is not of version {_VERSION}")
        seen = document.get("seen")
        if not isinstance(seen, dict) or not all(isinstance(entries, dict) for entries in seen.values()):
            raise self._wrong("it has no marks")
        return seen

    def _write(self, marks: dict[str, dict[str, Any]]) -> None:
        try:
            write_atomically(self.file, json.dumps({"version": _VERSION, "seen": marks}, indent=1) + "\n")
        except OSError as error:
            raise ConfigError(f"{self.file}: this file cannot be written ({error.strerror}).") from error

    def _wrong(self, reason: str) -> ConfigError:
        return ConfigError(f"{self.file}: this file cannot be understood ({reason}); delete it to start over.")


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment
