"""newsearch in Python: one archive's index, to keep up to date and to search.

    import newsearch

    with newsearch.open("index") as index:
        for hit in index.search("facial recognition", limit=5, since="2020-09"):
            print(hit.score, hit.title, hit.url)

Everything a face (command line, HTTP, MCP) does goes through here; what it shows is in the values that come back. What
can be asked is in `newsearch.searching`. Nothing here prints, and the only exceptions are those of `newsearch.errors`,
and Python's own TypeError for arguments that no method has.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from newsearch.engine.base import Engine, utc_now
from newsearch.engine.places import engine_at, files_from, place_of
from newsearch.errors import ConfigError, IndexDamaged, IndexVersionError
from newsearch.model import RankingSettings
from newsearch.searching import SearchableIndex

if TYPE_CHECKING:
    from newsearch.deliveries import Items
    from newsearch.engine.base import SyncOutcome
    from newsearch.intake import Folders, Progress
    from newsearch.model import Diagnosis, NewsItem, SyncPreview, SyncReport

__all__ = ["NewsIndex", "open"]


def open(  # noqa: A001 - `newsearch.open` reads as it should
    path: str | os.PathLike[str] = "index",
    *,
    settings: RankingSettings | None = None,
    synonyms: str | os.PathLike[str] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> "NewsIndex":
    """Open an index for searching and syncing: one in a folder, or by its address one on a cluster.

    `settings` are the figures of the ranking formula. `synonyms` is a file of words that mean each other, which is read
    now and holds for all searches. `clock` gives the time that commits are stamped with and ages count back from, aware
    and in UTC. Raises IndexMissing, IndexDamaged, IndexVersionError, and ConfigError for
    settings that are none and for a line of the synonyms; IndexAway for a cluster that does not answer.
    """
    _check_settings(settings)
    found = None
    if synonyms is not None:
        from newsearch.query.synonyms import read_synonyms  # noqa: PLC0415 - most archives have no synonyms

        found = read_synonyms(Path(synonyms))
    engine = engine_at(path).open(path, settings=settings, clock=clock, synonyms=found)
    return NewsIndex(engine, place_of(path), clock)


def _check_settings(settings: object) -> None:
    if settings is not None and not isinstance(settings, RankingSettings):
        form = "settings=newsearch.RankingSettings(k1=2)"
        raise ConfigError(f"settings is {settings!r}; it must be a RankingSettings, as in {form}.")


class NewsIndex(SearchableIndex):
    """An open index. Searching is safe for threads; syncing is for one at a time, and IndexLocked says when it is not.

    Searches answer from the commit that was newest when the index was opened or last refreshed.
    """

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str] = "index",
        *,
        language: str = "english",
        settings: RankingSettings | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> Self:
        """Open the index in a folder, or make an empty one there; `language` is that of its texts.

        Raises ConfigError for a language that is not known, IndexVersionError for an index of another language or
        version, IndexDamaged.
        """
        _check_settings(settings)
        kind = engine_at(path)
        if not kind.exists(path):
            engine = kind.create(path, language=language, settings=settings, clock=clock)
        else:
            engine = kind.open(path, settings=settings, clock=clock)
            if engine.language != language:
                engine.close()
                raise IndexVersionError(
                    f"The index {path} is for texts in {engine.language}, not {language}. "
                    "Build it anew with: newsearch index --rebuild"
                )
        return cls(engine, place_of(path), clock)

    @classmethod
    def rebuild(
        cls,
        path: str | os.PathLike[str],
        folders: "Folders",
        *,
        language: str = "english",
        settings: RankingSettings | None = None,
        exclude: Sequence[str] = (),
        items: "Mapping[str, Items] | None" = None,
        allow_loss: bool = False,
        progress: "Progress | None" = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> tuple[Self, "SyncReport"]:
        """Build an index anew from the files of some folders, whatever was there.

        `items` are those of the sources that are no folders, by their names: `{"cms": rows}`, each as `sync_items`
        takes them. The old index answers until the new one is committed, and times of first arrival are carried over.
        One that cannot be opened any more stays until then too. What `items` raise leaves the index as it was. Raises
        ArchiveError as `sync` and `sync_items` do and, unless `allow_loss`, for an index that was made of other folders
        or sources too; ConfigError, QueryError, IndexLocked, IndexUnwritable.
        """
        from newsearch.intake import sync_folders  # noqa: PLC0415 - a search reads no files

        _check_settings(settings)
        engine = engine_at(path).open_for_rebuild(path, language=language, settings=settings, clock=clock)
        index = cls(engine, place_of(path), clock)
        try:
            return index, sync_folders(
                engine,
                files_from(path),
                folders,
                exclude=exclude,
                allow_loss=allow_loss,
                progress=progress,
                rebuild=language,
                items=items,
            )
        except BaseException:
            index.close()
            raise

    def sync(
        self,
        folders: "Folders",
        *,
        exclude: Sequence[str] = (),
        allow_loss: bool = False,
        progress: "Progress | None" = None,
    ) -> "SyncReport":
        """Bring the index up to date with the files of some folders: new, changed and removed ones, in one commit.

        Only these folders are looked at; what came from others stays. `exclude` are globs of paths to leave out. A file
        that cannot be read never stops the others; the report names it. Raises ArchiveError for a folder that is
        missing or, unless `allow_loss`, has lost more than half of its files; IndexLocked, IndexUnwritable.
        """
        from newsearch.intake import sync_folders  # noqa: PLC0415 - as in `rebuild`

        return sync_folders(
            self._engine, files_from(self._path), folders, exclude=exclude, allow_loss=allow_loss, progress=progress
        )

    @classmethod
    def preview(
        cls,
        path: str | os.PathLike[str],
        folders: "Folders",
        *,
        language: str = "english",
        exclude: Sequence[str] = (),
        allow_loss: bool = False,
        rebuild: bool = False,
        progress: "Progress | None" = None,
    ) -> "SyncPreview":
        """What `sync`, or with `rebuild` that, would do to the index in a folder; nothing is made, locked or written.

        Counts, faults and remarks are those of the real run; `items`, `articles` and `duplicates` are what the index
        holds now. Raises ArchiveError as `sync` does; IndexDamaged, IndexVersionError where the run would.
        """
        from newsearch.intake import preview_folders  # noqa: PLC0415 - as in `rebuild`

        with ExitStack() as opened:
            engine: Engine | None = None
            if engine_at(path).exists(path):
                try:
                    engine = opened.enter_context(cls.create(path, language=language))._engine
                except (IndexDamaged, IndexVersionError):
                    if not rebuild:
                        raise
            return preview_folders(
                engine,
                files_from(path),
                folders,
                exclude=exclude,
                allow_loss=allow_loss,
                rebuild=rebuild,
                progress=progress,
            )

    def sync_items(
        self,
        items: "Items",
        *,
        source: str,
        partial: bool = False,
        gone: Iterable[str] = (),
        allow_loss: bool = False,
    ) -> "SyncReport":
        """Bring the index up to date with the items of a source that is no folder, in one commit.

        An item is a NewsItem, or a dictionary as front matter has it, with the text after it as `body`. `source` is the
        name of where they come from: up to 64 letters of ASCII, digits, dots, hyphens and underscores. The items are
        all that this source has, and what it had before and has no more is removed; what came from folders and other
        sources stays. With `partial` nothing is removed but what `gone` names, by addresses or by paths.

        An item is known again by its `path`, else by its address; one that is as it was is not written anew. One that
        cannot be read never stops the others; the report names it. What `items` raises leaves the index as it was, and
        nobody else can write while they come. Raises ArchiveError where, unless `allow_loss`, more than half of the
        source's items are gone; QueryError, IndexLocked, IndexUnwritable.
        """
        from newsearch.deliveries import sync_items  # noqa: PLC0415 - as in `rebuild`

        return sync_items(self._engine, items, source=source, partial=partial, gone=gone, allow_loss=allow_loss)

    def take_in(self, items: "Iterable[NewsItem]") -> None:
        """Add items that are at hand and in no files, in one commit; they may be more than memory holds.

        Each is known by its path, or its address if it has none; of two with one path the first counts. For an index
        that is made for the moment: no `sync` changes or removes them. Raises IndexLocked, IndexUnwritable.
        """
        from newsearch.deliveries import take_in  # noqa: PLC0415 - as in `rebuild`

        take_in(self._engine, items)

    def copy(
        self, to: str | os.PathLike[str], *, replace: bool = False, progress: "Progress | None" = None
    ) -> "SyncOutcome":
        """Copy all that this index holds to another place, a folder or an address, without the files it was made of.

        Times of first arrival go along. Raises ConfigError for a place that has an index, unless it is to `replace`
        it; IndexAway, IndexLocked, IndexUnwritable.
        """
        from newsearch.copying import copy_index  # noqa: PLC0415 - a search copies nothing

        kind = engine_at(to)
        if not replace and kind.exists(to):
            raise ConfigError(f"There is an index at {to} already; to replace it, copy with --yes.")
        target = kind.open_for_rebuild(to, language=self._engine.language, clock=self._clock)
        try:
            return copy_index(self._engine, target, since=files_from(self._path), to=files_from(to), progress=progress)
        finally:
            target.close()

    @staticmethod
    def check(path: str | os.PathLike[str] = "index") -> "Diagnosis":
        """Check every byte of an index, and look for what is wrong in the archive as the index knows it.

        Damage is not raised but found, for what is damaged cannot be opened. Raises IndexMissing.
        """
        return engine_at(path).check(path)

    @staticmethod
    def wait_until_free(path: str | os.PathLike[str], seconds: float) -> bool:
        """Wait until nobody writes to the index in a folder; False if somebody still does after so many seconds.

        For whoever got an IndexLocked and has the time: try again after it.
        """
        return engine_at(path).wait_until_free(path, seconds)
