"""What the value of a setting may be, and how one that it may not be is refused.

    typed("ranking.k1", untexted("ranking.k1", "1.5"), "environment NEWSEARCH_RANKING_K1", Path())      1.5

Whether settings go together is not asked here: that is for what they are made into (`newsearch.config.sources`).
"""

import os
from collections.abc import Sequence
from pathlib import Path

from newsearch.config.settings import ENGINES, FILE_NAME, PATHS
from newsearch.errors import ConfigError
from newsearch.model import LANGUAGES
from newsearch.places import is_address

__all__ = ["advice", "nearest", "place_of", "refused", "typed", "unknown", "untexted"]


def typed(key: str, value: object, origin: str, base: Path) -> object:
    """The value of a setting in its type; a relative path leads from `base`. Raises ConfigError."""
    if key in PATHS:
        return _path(key, value, origin, base)
    if key == "language":
        return _language(key, value, origin)
    if key == "exclude":
        return _globs(key, value, origin)
    if key == "engine":
        return _engine(key, value, origin)
    if key == "url":
        return _address(key, value, origin)
    return _number(key, value, origin)


def untexted(key: str, text: str) -> object:
    """What the text of a variable or after --set stands for.

    Text that stands for nothing comes back as it is, and its type is refused.
    """
    if key == "exclude":
        return [glob.strip() for glob in text.split(",") if glob.strip()]
    if key.startswith("ranking."):
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _path(key: str, value: object, origin: str, base: Path) -> Path:
    if not isinstance(value, str | os.PathLike) or not (text := os.fspath(value)) or not isinstance(text, str):
        raise refused(key, value, f"the path of {PATHS[key]}", origin)
    # Unlike Path.expanduser this leaves a `~name` without such a user as it is: a folder may be called that.
    return base / os.path.expanduser(text)  # noqa: PTH111


def _language(key: str, value: object, origin: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise refused(key, value, 'the name of a language, such as "english"', origin)
    language = value.strip().lower()
    if language not in LANGUAGES:
        near = nearest(language, LANGUAGES)
        hint = f"; the nearest is {near}" if near else ""
        raise refused(key, value, f"one of {', '.join(LANGUAGES)}{hint}", origin)
    return language


def _globs(key: str, value: object, origin: str) -> tuple[str, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        globs = tuple(glob for glob in value if isinstance(glob, str) and glob.strip().strip("/"))
        if len(globs) == len(value):
            return globs
    raise refused(key, value, 'a list of globs, such as ["drafts/**"]', origin)


def _engine(key: str, value: object, origin: str) -> str:
    if not isinstance(value, str) or value.strip().lower() not in ENGINES:
        raise refused(key, value, " or ".join(ENGINES), origin)
    return value.strip().lower()


def _address(key: str, value: object, origin: str) -> str:
    if not isinstance(value, str) or not is_address(value):
        raise refused(key, value, 'the address of an index on a cluster, such as "http://127.0.0.1:9200/news"', origin)
    return value.strip()


def _number(key: str, value: object, origin: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            pass
    raise refused(key, value, "a number", origin)


# --- Refusals ---


def place_of(origin: str) -> str:
    """An origin as a sentence names it: the file's path, the variable's name, or the flag."""
    return origin.removeprefix(f"{FILE_NAME}: ").removeprefix("environment ")


def refused(key: str, value: object, wanted: str, origin: str) -> ConfigError:
    """The error for a value that is not what was `wanted`."""
    return ConfigError(f"{place_of(origin)}: {key} is {value!r}; it has to be {wanted}.")


def unknown(key: str, known: Sequence[str], origin: str) -> ConfigError:
    """The error for a key that is none."""
    # `half_life` outside of its table is far from `ranking.half_life` by its letters, and yet it is what was meant.
    near = next((name for name in known if name.endswith(f".{key}")), None) or nearest(key, known)
    return ConfigError(f"{place_of(origin)}: there is no setting {key}; {advice(near, known)}")


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The one of the names that was most likely meant, if any is like it."""
    import difflib  # noqa: PLC0415 - needed when something is refused, and slow to load

    return next(iter(difflib.get_close_matches(word, known, n=1)), None)


def advice(near: str | None, known: Sequence[str]) -> str:
    """What to say after a name that is none: the one that was meant, or all there are."""
    return f"did you mean {near}?" if near else f"there are {', '.join(known)}."
