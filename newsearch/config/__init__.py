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

from newsearch.config.settings import DEFAULT, ENGINES, FILE_NAME, KEYS, Settings
from newsearch.config.sources import Configuration, load, load_what_can_be

__all__ = [
    "DEFAULT",
    "ENGINES",
    "FILE_NAME",
    "KEYS",
    "Configuration",
    "Settings",
    "load",
    "load_what_can_be",
]
