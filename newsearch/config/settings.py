"""Which settings there are, and what each is where nobody sets it.

    Settings().ranking.half_life            180.0
    "ranking.half_life" in KEYS             True

What a value may be is `newsearch.config.values`'s; where one is set, `newsearch.config.sources`'s.
"""

from dataclasses import dataclass, fields
from pathlib import Path

from newsearch.model import FieldWeights, RankingSettings

__all__ = ["DEFAULT", "ENGINES", "FILE_NAME", "KEYS", "PATHS", "TABLES", "Settings"]

FILE_NAME = "newsearch.toml"
DEFAULT = "default"
"""The origin of what nobody has set."""


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

PATHS = {"archive": "a folder", "index": "a folder", "synonyms": "a file"}
"""The keys of paths, and what each leads to."""

TABLES = ("ranking", "ranking.weights")
"""What newsearch.toml has in tables of their own."""

KEYS: tuple[str, ...] = (
    *(spec.name for spec in fields(Settings) if spec.name != "ranking"),
    *(f"ranking.{spec.name}" for spec in fields(RankingSettings) if spec.name != "weights"),
    *(f"ranking.weights.{spec.name}" for spec in fields(FieldWeights)),
)
"""Every setting's key, as newsearch.toml spells it."""
