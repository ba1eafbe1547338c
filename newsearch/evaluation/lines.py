"""The lines of a judged set's files, plain or gzipped, one after the other.

    for line in lines(Path("corpus.jsonl.gz")): line.number, line.text
    for line in json_lines(Path("queries.jsonl")): line.number, line.fields

A file is never read whole, and a fault in it is a JudgedSetError that names file and line. What the lines mean is for
whoever reads and writes them.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from newsearch.errors import JudgedSetError

__all__ = ["JsonLine", "Line", "faulty", "json_lines", "lines", "writing"]

MAX_LINE = 16 * 1024 * 1024
"""Bytes of a line, its end included; a longer one is no document but a file of another kind."""


class Line(NamedTuple):
    """A line that is not blank, without its end; `number` counts from 1."""

    number: int
    text: str


class JsonLine(NamedTuple):
    """The object that a line of JSON holds."""

    number: int
    fields: Mapping[str, Any]

    @property
    def id(self) -> str | None:
        """Its `_id`, which may be a whole number; None if that is missing, empty or anything else."""
        found = self.fields.get("_id")
        found = str(found) if isinstance(found, int) and not isinstance(found, bool) else found
        return found if isinstance(found, str) and found else None


def faulty(file: Path, number: int | None, reason: str) -> JudgedSetError:
    """The error for a line of a file, or for the file as a whole; `reason` is a sentence."""
    return JudgedSetError(f"{file}{'' if number is None else f':{number}'}: {reason}")


def lines(file: Path) -> Iterator[Line]:
    """The lines of a text file in UTF-8, a byte order mark allowed, blank ones left out; of a .gz, unpacked.

    Raises JudgedSetError.
    """
    number = 0
    try:
        with _opened(file) as stream:
            while raw := stream.readline(MAX_LINE + 1):
                number += 1
                if len(raw) > MAX_LINE:
                    raise faulty(file, number, f"this line has more than {MAX_LINE:,} bytes.")
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                if text and not text.isspace():
                    yield Line(number, text)
    except UnicodeDecodeError:
        raise faulty(file, number, "this is not UTF-8; save the file in that encoding.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise faulty(file, None, f"this is no whole gzip file ({error}).") from error
    except OSError as error:
        raise faulty(file, None, f"this file cannot be read ({error.strerror or error}).") from error


@contextmanager
def writing(file: Path) -> Iterator[None]:
    """What goes wrong while a file is written, as a JudgedSetError."""
    try:
        yield
    except OSError as error:
        raise faulty(file, None, f"this file cannot be written ({error.strerror or error}).") from error


def _opened(file: Path) -> IO[bytes] | gzip.GzipFile:
    return gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb")


def json_lines(file: Path) -> Iterator[JsonLine]:
    """The objects of a file with one on each line. Raises JudgedSetError."""
    for number, text in lines(file):
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise faulty(file, number, f"this is not JSON ({error}).") from None
        if not isinstance(fields, dict):
            raise faulty(file, number, 'this is no JSON object; a line looks like {"_id": "1", "text": "…"}.')
        yield JsonLine(number, _whole(fields) if _HALF.search(text) else fields)


_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""What JSON writes a half of a character with; two of them, or one that was torn off."""


def _whole(value: Any) -> Any:
    """A value of JSON whose texts can be written: half a character, which no encoding has, becomes U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return value
