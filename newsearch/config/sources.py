"""Where settings come from: what the caller was told, the environment, newsearch.toml and the defaults, in that order.

    load(environ={"NEWSEARCH_LANGUAGE": "german"}).settings.language        "german"

Which there are is `newsearch.config.settings`'s, and what each may be `newsearch.config.values`'s.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from newsearch.config import tomlfile
from newsearch.config.settings import DEFAULT, FILE_NAME, KEYS, TABLES, Settings
from newsearch.config.values import advice, nearest, place_of, refused, typed, unknown, untexted
from newsearch.errors import ConfigError
from newsearch.model import FieldWeights, RankingSettings

__all__ = ["OF_TERMINALS", "VARIABLES", "Configuration", "load", "load_what_can_be"]

_PREFIX = "NEWSEARCH_"

VARIABLES = {_PREFIX + key.upper().replace(".", "_"): key for key in KEYS}
"""The environment's names for settings, in the order of KEYS."""

OF_TERMINALS = ("NEWSEARCH_LINKS", "NEWSEARCH_PAGER")
"""Variables that set nothing here: how a terminal is written to is the command line's, and not the same everywhere."""


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
    flag: str | None = None,
) -> Configuration:
    """As `load`, to be looked at: what would be refused is in `faults`, and the next place that has it decides."""
    faults: list[ConfigError] = []
    found, fault = _read(cwd, environ, overrides, faults.append, flag=flag)
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
                f"{place_of(chosen['engine'].origin)}: engine is opensearch, but url is not set; it is the address of "
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
            place_of(origin)
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
        leaves = list(_leaves(tomlfile.tables(file, tomlfile.read(file)), "", origin))
    except ConfigError as error:
        refuse(error)
        return {}
    for key, value in leaves:
        try:
            if key not in KEYS:
                raise unknown(key, (*KEYS, *TABLES), origin)
            found[key] = _Setting(typed(key, value, origin, base), origin)
        except ConfigError as error:
            refuse(error)
    return found


def _leaves(table: Mapping[str, object], parent: str, origin: str) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        key = f"{parent}.{name}" if parent else name
        if key not in TABLES:
            yield key, value
        elif isinstance(value, dict):
            yield from _leaves(value, key, origin)
        else:
            raise refused(key, value, "a table of settings", origin)


def _from_environment(environ: Mapping[str, str], base: Path, refuse: Refuse) -> dict[str, _Setting]:
    found = {}
    for name, key in VARIABLES.items():
        if text := environ.get(name):
            origin = f"environment {name}"
            try:
                found[key] = _Setting(typed(key, untexted(key, text), origin, base), origin)
            except ConfigError as error:
                refuse(error)
    return found


def _unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    for name, text in sorted(environ.items()):
        if text and name.startswith(_PREFIX) and name not in VARIABLES and name not in OF_TERMINALS:
            # Compared without the prefix, which would make any two of them look alike.
            known = [variable.removeprefix(_PREFIX) for variable in VARIABLES]
            ending = nearest(name.removeprefix(_PREFIX), known)
            meant = _PREFIX + ending if ending else None
            yield f"The environment variable {name} sets nothing; {advice(meant, tuple(VARIABLES))}"


def _from_overrides(
    overrides: Mapping[str, object], base: Path, refuse: Refuse, flag: str | None
) -> dict[str, _Setting]:
    found = {}
    for key, value in overrides.items():
        origin = "--" + (flag or key.removeprefix("ranking.").replace(".", "-").replace("_", "-"))
        if key not in KEYS:
            raise unknown(key, KEYS, origin)
        if value is not None:
            try:
                found[key] = _Setting(typed(key, value, origin, base), origin)
            except ConfigError as error:
                refuse(error)
    return found


def _from_tries(tries: Mapping[str, str], base: Path, origin: str) -> dict[str, _Setting]:
    found = {}
    for key, text in tries.items():
        if key not in KEYS:
            raise unknown(key, KEYS, origin)
        found[key] = _Setting(typed(key, untexted(key, text), origin, base), origin)
    return found
