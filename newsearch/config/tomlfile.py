"""A file in TOML that people write: read, bounded, and refused with the line that is wrong.

    tables(file, read(file))        {"ranking": {"half_life": 90}}

What the tables mean is for whoever reads them: `newsearch.config.sources`, and `newsearch.saved` for saved queries.
"""

from pathlib import Path
from typing import Any, Final

from newsearch.errors import ConfigError

__all__ = ["read", "tables"]

_MAX_BYTES: Final = 4_000_000


def read(file: Path) -> str:
    """The text of a file in UTF-8, a byte order mark allowed; of a file that is not there, none. Raises ConfigError."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ConfigError(f"{file}: this file cannot be read ({error.strerror}).") from error
    if len(raw) > _MAX_BYTES:
        raise ConfigError(f"{file}: this file is too large; {_MAX_BYTES:,} bytes is the most.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{file}:{line}: this is not UTF-8; save the file in that encoding.") from error


def tables(file: Path, text: str) -> dict[str, Any]:
    """What a text in TOML says; `file` is where it stands. Raises ConfigError."""
    import tomllib  # noqa: PLC0415 - most runs have no such file, and every run pays for its imports

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, position = str(error).removesuffix(")").rpartition(" (at ")
        number = position.removeprefix("line ").partition(",")[0]
        line = int(number) if number.isdecimal() else text.count("\n") + 1
        raise ConfigError(f"{file}:{line}: this is not TOML: {reason or error}.") from error
    except (RecursionError, ValueError) as error:  # nested a thousand deep, or a number of thousands of digits
        raise ConfigError(f"{file}: this cannot be read: {error}.") from error
