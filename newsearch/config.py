"""The settings in force, and where each of them came from.

    configuration = load(overrides={"index": "build/index"})
    configuration.settings.ranking.half_life            180.0
    configuration.origins["index"]                      "--index"

A setting is looked for in four places; the first that has it decides:

1. `overrides`: what the caller was told, such as a command's flags,
2. the environment: `NEWSEARCH_` and the key in capitals with `_` for `.`, so `NEWSEARCH_RANKING_HALF_LIFE=90`;
   an empty variable counts as absent, and `NEWSEARCH_EXCLUDE` separates its globs by commas,
3. the nearest `newsearch.toml`, in the current folder or one above it,
4. the defaults of `Settings`.

A path in newsearch.toml is relative to that file's folder, any other to the current folder; `~` is the home folder.

    archive = "news"
    exclude = ["drafts/**"]

    [ranking]
    half_life = 90

    [ranking.weights]
    title = 3

Whatever is not understood is refused with a `ConfigError` that says where it stands and what is near it; but a variable
that sets nothing is only warned about, for it may be meant for another version or program. This module does not look
into the folders it names.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from newsearch.errors import ConfigError
from newsearch.model import LANGUAGES, FieldWeights, RankingSettings
from newsearch.places import is_address

__all__ = [
    "DEFAULT",
    "ENGINES",
    "FILE_NAME",
    "KEYS",
    "Configuration",
    "Settings",
    "is_address",
    "load",
    "load_what_can_be",
]

FILE_NAME = "newsearch.toml"
DEFAULT = "default"
"""The origin of what nobody has set."""

ENVIRONMENT_PREFIX = "NEWSEARCH_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set once for all commands.

    `archive` is the folder of items, `index` the folder of the index, `language` the one whose stemming is used, in
    lower case. `exclude` are globs, relative to the archive, of files that are not read.
    `synonyms` is the user's file of them (newsearch.query.synonyms), if there is one. `engine` is one of ENGINES; the
    cluster's index is at `url`, and the embedded one's in the folder `index`.
    """

    archive: Path = Path("data")
    index: Path = Path("index")
    language: str = "english"
    exclude: tuple[str, ...] = ()
    synonyms: Path | None = None
    engine: str = "embedded"
    url: str | None = None
    ranking: RankingSettings = RankingSettings()

    @property
    def place(self) -> Path | str:
        """Where the index is: a folder, or an address, which is a str."""
        return self.url if self.engine == "opensearch" and self.url is not None else self.index


ENGINES = ("embedded", "opensearch")
"""What an index may be held by: a folder, or a cluster."""

_PATHS = {"archive": "a folder", "index": "a folder", "synonyms": "a file"}
_TABLES = ("ranking", "ranking.weights")

KEYS: tuple[str, ...] = (
    *(spec.name for spec in fields(Settings) if spec.name != "ranking"),
    *(f"ranking.{spec.name}" for spec in fields(RankingSettings) if spec.name != "weights"),
    *(f"ranking.weights.{spec.name}" for spec in fields(FieldWeights)),
)
"""Every setting's key, as newsearch.toml spells it."""

OF_TERMINALS = ("NEWSEARCH_LINKS", "NEWSEARCH_PAGER")
"""Variables that set nothing here: how a terminal is written to is the command line's, and not the same everywhere."""

_VARIABLES = {ENVIRONMENT_PREFIX + key.upper().replace(".", "_"): key for key in KEYS}


@dataclass(frozen=True, slots=True)
class Configuration:
    """Settings with their origins.

    `origins` has every key of `KEYS`, in that order, with one of `default`, `newsearch.toml: PATH`,
    `environment NAME` and `--flag`. `file` is the newsearch.toml that was read, None where there is none. `warnings`
    are sentences on what sets nothing, and `faults` on what was refused, where that is not an error.
    """

    settings: Settings
    origins: Mapping[str, str]
    file: Path | None = None
    warnings: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class _Setting(NamedTuple):
    """A value of the right type (its range is not checked yet) and where it was set."""

    value: Any
    origin: str


Refuse = Callable[[ConfigError], None]
"""What is done about a setting that is wrong: raising it, or going on without."""


def load(
    *,
    cwd: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
    flag: str | None = None,
    tries: Mapping[str, str] | None = None,
    tried_by: str = "--set",
) -> Configuration:
    """Read the settings in force.

    `cwd` is where the search for newsearch.toml starts and what relative paths are relative to; without it that is the
    current folder, and relative paths stay as they were written. `environ` defaults to the process's. The keys of
    `overrides` are those of `KEYS`; a value of None counts as absent. They came by options of their own name or, with
    `flag`, by that one alone. `tries` are keys with their values as text, which come before all others, for one run;
    `tried_by` is the flag that gave them. Raises ConfigError.
    """
    found, fault = _read(cwd, environ, overrides, _raise, flag=flag, tries=tries, tried_by=tried_by)
    if fault is not None:
        raise fault
    return found


def load_what_can_be(
    *,
    cwd: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Configuration:
    """As `load`, to be looked at: what would be refused is in `faults`, and the next place that has it decides."""
    faults: list[ConfigError] = []
    found, fault = _read(cwd, environ, overrides, faults.append)
    return replace(found, faults=tuple(map(str, [*faults, *([] if fault is None else [fault])])))


def _raise(fault: ConfigError) -> None:
    raise fault


def _read(
    cwd: Path | None,
    environ: Mapping[str, str] | None,
    overrides: Mapping[str, object] | None,
    refuse: Refuse,
    *,
    flag: str | None = None,
    tries: Mapping[str, str] | None = None,
    tried_by: str = "",
) -> tuple[Configuration, ConfigError | None]:
    """The settings, and why some of them do not go together; those are left at their defaults then."""
    base = cwd if cwd is not None else Path()
    chosen = {
        "archive": _Setting(base / Settings().archive, DEFAULT),
        "index": _Setting(base / Settings().index, DEFAULT),
    }
    file = _find(cwd if cwd is not None else Path.cwd())
    if file is not None:
        chosen |= _from_file(file, base, refuse)
    environ = os.environ if environ is None else environ
    chosen |= _from_environment(environ, base, refuse)
    chosen |= _from_overrides(overrides or {}, base, refuse, flag)
    chosen |= _from_tries(tries or {}, base, tried_by)
    _choose_engine(chosen, refuse)
    origins = {key: chosen[key].origin if key in chosen else DEFAULT for key in KEYS}
    fault = None
    try:
        settings = _settings(chosen, origins)
    except ConfigError as error:
        fault = error
        wrong = [key for key in chosen if key.startswith("ranking.")]
        origins |= dict.fromkeys(wrong, DEFAULT)
        settings = _settings({key: setting for key, setting in chosen.items() if key not in wrong}, origins)
    return Configuration(settings, origins, file, tuple(_unknown_variables(environ))), fault


def _choose_engine(chosen: dict[str, _Setting], refuse: Refuse) -> None:
    """An address alone says which engine is meant; a cluster without an address is refused."""
    if "url" in chosen and "engine" not in chosen:
        chosen["engine"] = _Setting("opensearch", chosen["url"].origin)
    elif "url" not in chosen and "engine" in chosen and chosen["engine"].value == "opensearch":
        refuse(
            ConfigError(
                f"{_place(chosen['engine'].origin)}: engine is opensearch, but url is not set; it is the address of "
                'the cluster and the index, such as "http://127.0.0.1:9200/news".'
            )
        )
        del chosen["engine"]


def _settings(chosen: Mapping[str, _Setting], origins: Mapping[str, str]) -> Settings:
    def under(table: str) -> dict[str, Any]:
        return {
            name: setting.value
            for key, setting in chosen.items()
            for parent, _, name in [key.rpartition(".")]
            if parent == table
        }

    try:
        weights = FieldWeights(**under("ranking.weights"))
        ranking = RankingSettings(weights=weights, **under("ranking"))
    except ConfigError as error:
        # The text names the key, or the two keys or the table that do not go together: say who set them.
        named = {word.strip(".,;:") for word in str(error).split()}
        places = [
            _place(origin)
            for key, origin in origins.items()
            if origin != DEFAULT and (key in named or key.rpartition(".")[0] in named)
        ]
        raise ConfigError(f"{', '.join(dict.fromkeys(places))}: {error}") from None
    return replace(Settings(), **under(""), ranking=ranking)


# --- The three places ---


def _find(start: Path) -> Path | None:
    start = start.absolute()
    for folder in (start, *start.parents):
        candidate = folder / FILE_NAME
        # Unlike Path.is_file this answers "no" in a folder that may not be looked into.
        if os.path.isfile(candidate):  # noqa: PTH113
            return candidate
    return None


def _from_file(file: Path, cwd: Path, refuse: Refuse) -> dict[str, _Setting]:
    origin = f"{FILE_NAME}: {file}"
    base = cwd if file.parent == cwd.absolute() else file.parent
    found = {}
    try:
        leaves = list(_leaves(_parse(file), "", origin))
    except ConfigError as error:
        refuse(error)
        return {}
    for key, value in leaves:
        try:
            if key not in KEYS:
                raise _unknown(key, (*KEYS, *_TABLES), origin)
            found[key] = _Setting(_typed(key, value, origin, base), origin)
        except ConfigError as error:
            refuse(error)
    return found


def _parse(file: Path) -> dict[str, object]:
    import tomllib  # noqa: PLC0415 - most runs have no newsearch.toml, and every run pays for its imports

    text = ""
    try:
        text = file.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{file}: this file cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{file}:{line}: this is not UTF-8; save the file in that encoding.") from error
    except tomllib.TOMLDecodeError as error:
        reason, _, position = str(error).removesuffix(")").rpartition(" (at ")
        number = position.removeprefix("line ").partition(",")[0]
        line = int(number) if number.isdecimal() else text.count("\n") + 1
        raise ConfigError(f"{file}:{line}: this is not TOML: {reason or error}.") from error
    except (RecursionError, ValueError) as error:  # nested a thousand deep, or a number of thousands of digits
        raise ConfigError(f"{file}: this cannot be read: {error}.") from error


def _leaves(table: Mapping[str, object], parent: str, origin: str) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        key = f"{parent}.{name}" if parent else name
        if key not in _TABLES:
            yield key, value
        elif isinstance(value, dict):
            yield from _leaves(value, key, origin)
        else:
            raise _refused(key, value, "a table of settings", origin)


def _from_environment(environ: Mapping[str, str], base: Path, refuse: Refuse) -> dict[str, _Setting]:
    found = {}
    for name, key in _VARIABLES.items():
        if text := environ.get(name):
            origin = f"environment {name}"
            try:
                found[key] = _Setting(_typed(key, _untexted(key, text), origin, base), origin)
            except ConfigError as error:
                refuse(error)
    return found


def _unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    for name, text in sorted(environ.items()):
        if text and name.startswith(ENVIRONMENT_PREFIX) and name not in _VARIABLES and name not in OF_TERMINALS:
            # Compared without the prefix, which would make any two of them look alike.
            known = [variable.removeprefix(ENVIRONMENT_PREFIX) for variable in _VARIABLES]
            ending = _nearest(name.removeprefix(ENVIRONMENT_PREFIX), known)
            advice = _advice(ENVIRONMENT_PREFIX + ending if ending else None, tuple(_VARIABLES))
            yield f"The environment variable {name} sets nothing; {advice}"


def _untexted(key: str, text: str) -> object:
    """What a variable's text stands for; text that stands for nothing comes back as it is, and its type is refused."""
    if key == "exclude":
        return [glob.strip() for glob in text.split(",") if glob.strip()]
    if key.startswith("ranking."):
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _from_overrides(
    overrides: Mapping[str, object], base: Path, refuse: Refuse, flag: str | None
) -> dict[str, _Setting]:
    found = {}
    for key, value in overrides.items():
        origin = "--" + (flag or key.removeprefix("ranking.").replace(".", "-").replace("_", "-"))
        if key not in KEYS:
            raise _unknown(key, KEYS, origin)
        if value is not None:
            try:
                found[key] = _Setting(_typed(key, value, origin, base), origin)
            except ConfigError as error:
                refuse(error)
    return found


def _from_tries(tries: Mapping[str, str], base: Path, origin: str) -> dict[str, _Setting]:
    found = {}
    for key, text in tries.items():
        if key not in KEYS:
            raise _unknown(key, KEYS, origin)
        found[key] = _Setting(_typed(key, _untexted(key, text), origin, base), origin)
    return found


# --- Values ---


def _typed(key: str, value: object, origin: str, base: Path) -> object:
    if key in _PATHS:
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


def _path(key: str, value: object, origin: str, base: Path) -> Path:
    if not isinstance(value, str | os.PathLike) or not (text := os.fspath(value)) or not isinstance(text, str):
        raise _refused(key, value, f"the path of {_PATHS[key]}", origin)
    # Unlike Path.expanduser this leaves a `~name` without such a user as it is: a folder may be called that.
    return base / os.path.expanduser(text)  # noqa: PTH111


def _language(key: str, value: object, origin: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _refused(key, value, 'the name of a language, such as "english"', origin)
    language = value.strip().lower()
    if language not in LANGUAGES:
        near = _nearest(language, LANGUAGES)
        hint = f"; the nearest is {near}" if near else ""
        raise _refused(key, value, f"one of {', '.join(LANGUAGES)}{hint}", origin)
    return language


def _globs(key: str, value: object, origin: str) -> tuple[str, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        globs = tuple(glob for glob in value if isinstance(glob, str) and glob.strip().strip("/"))
        if len(globs) == len(value):
            return globs
    raise _refused(key, value, 'a list of globs, such as ["drafts/**"]', origin)


def _engine(key: str, value: object, origin: str) -> str:
    if not isinstance(value, str) or value.strip().lower() not in ENGINES:
        raise _refused(key, value, " or ".join(ENGINES), origin)
    return value.strip().lower()


def _address(key: str, value: object, origin: str) -> str:
    if not isinstance(value, str) or not is_address(value):
        raise _refused(key, value, 'the address of an index on a cluster, such as "http://127.0.0.1:9200/news"', origin)
    return value.strip()


def _number(key: str, value: object, origin: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            pass
    raise _refused(key, value, "a number", origin)


# --- Refusals ---


def _place(origin: str) -> str:
    return origin.removeprefix(f"{FILE_NAME}: ").removeprefix("environment ")


def _refused(key: str, value: object, wanted: str, origin: str) -> ConfigError:
    return ConfigError(f"{_place(origin)}: {key} is {value!r}; it has to be {wanted}.")


def _unknown(key: str, known: Sequence[str], origin: str) -> ConfigError:
    # `half_life` outside of its table is far from `ranking.half_life` by its letters, and yet it is what was meant.
    nearest = next((name for name in known if name.endswith(f".{key}")), None) or _nearest(key, known)
    return ConfigError(f"{_place(origin)}: there is no setting {key}; {_advice(nearest, known)}")


def _nearest(word: str, known: Sequence[str]) -> str | None:
    import difflib  # noqa: PLC0415 - needed when something is refused, and slow to load

    return next(iter(difflib.get_close_matches(word, known, n=1)), None)


def _advice(nearest: str | None, known: Sequence[str]) -> str:
    return f"did you mean {nearest}?" if nearest else f"there are {', '.join(known)}."
