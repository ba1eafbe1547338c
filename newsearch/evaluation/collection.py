"""What is searched when queries are judged: a corpus indexed for the moment, or the user's own index.

    with Collection.of_corpus(judged) as collection:
        run = collection.run(judged.topics(), RankingSettings(k1=1.5))

A collection knows its documents as the judgements do: a corpus's by their ids in there, an index's own articles by
their ids, whichever way the judgements name them. It ranks and does not measure.
"""

import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Self

from newsearch import library
from newsearch.errors import ArticleNotFound, JudgedSetError, QueryError
from newsearch.evaluation.judged import JudgedSet
from newsearch.evaluation.qrels import Qrels
from newsearch.evaluation.runs import Run
from newsearch.evaluation.topics import Topic, plain_text
from newsearch.model import Hit, NewsItem, RankingSettings

__all__ = ["DEPTH", "Collection"]

DEPTH = 1000
"""Hits of a query that are measured: as many as trec_eval's users take, and as a search gives."""


class Collection:
    """An index with the names that judgements give its articles. Close it, or use it in a `with`."""

    def __init__(
        self,
        index: Path | str,
        keeping: AbstractContextManager[object],
        *,
        is_own: bool,
        absent: Iterable[str] = (),
        repeated: int = 0,
    ) -> None:
        """`keeping` holds the index at `index` as long as it is needed; `is_own`: it is the user's own.

        `absent` are judged documents that a corpus does not have, `repeated` its documents with another's id.
        """
        self._absent = list(absent)
        self.repeated = repeated
        self._index = index
        self._keeping = keeping
        self._is_own = is_own
        self._name: Callable[[Hit], str] = _id if is_own else _path
        self._text: Callable[[str], str] = str if is_own else plain_text

    @classmethod
    def of_corpus(
        cls, judged: JudgedSet, *, language: str = "english", progress: Callable[[int], None] | None = None
    ) -> Self:
        """A judged set's corpus, streamed into an index that is gone when the collection is closed.

        Of documents with one id the first counts; `repeated` says how many others there were. `progress` is told from
        time to time how many documents have been read. Raises JudgedSetError, also for a corpus that is empty, and
        ConfigError.
        """
        reading = _Reading(judged, progress)
        keeping = tempfile.TemporaryDirectory(prefix="newsearch-eval-")
        try:
            folder = Path(keeping.name) / "index"
            with library.NewsIndex.create(folder, language=language) as index:
                index.take_in(reading.documents())
                repeated = reading.number - index.stats().articles
            if not reading.number:
                raise JudgedSetError(f"{judged.corpus} has no documents.")
        except BaseException:
            keeping.cleanup()
            raise
        return cls(folder, keeping, is_own=False, absent=reading.awaited, repeated=repeated)

    @classmethod
    def of_index(cls, place: Path | str) -> Self:
        """The user's own index; what cannot be opened is told by the first run."""
        return cls(place, nullcontext(), is_own=True)

    def run(
        self, topics: Iterable[Topic], settings: RankingSettings, *, synonyms: Path | None = None, depth: int = DEPTH
    ) -> Run:
        """The first `depth` hits (0 to 1,000) of each topic; an article needs any of the words, not all.

        The text of a topic is in the query language for one's own index, and plain text for a corpus. Raises
        IndexMissing and the other errors of `newsearch.open`.
        """
        with library.open(self._index, settings=settings, synonyms=synonyms) as index:
            run = {}
            for topic in topics:
                result = index.search(self._text(topic.text), match="any", limit=depth)
                run[topic.id] = [(self._name(hit), hit.score) for hit in result]
            return run

    def known(self, qrels: Qrels) -> tuple[Qrels, list[str]]:
        """The judgements by the names that runs use, and the documents that the index does not have.

        Those keep their place: what was judged relevant and is gone counts as not found.
        """
        names, missing = self._names(document for judged in qrels.values() for document in judged)
        missing += self._absent
        found: dict[str, dict[str, int]] = {}
        for query, judged in qrels.items():
            grades = found.setdefault(query, {})
            for document, grade in judged.items():  # one article under two names has the better grade
                name = names.get(document, document)
                grades[name] = max(grade, grades.get(name, grade))
        return found, missing

    def renamed(self, run: Run) -> Run:
        """Another system's run by the names that runs use here."""
        names, _ = self._names(document for hits in run.values() for document, _ in hits)
        return {query: [(names.get(name, name), score) for name, score in hits] for query, hits in run.items()}

    def _names(self, documents: Iterable[str]) -> tuple[dict[str, str], list[str]]:
        """What documents are called here, where that is another name; and those that the index does not have."""
        names: dict[str, str] = {}
        missing: list[str] = []
        if self._is_own:
            with library.open(self._index) as index:
                for document in dict.fromkeys(documents):
                    try:
                        names[document] = index.get(document).id
                    except (ArticleNotFound, QueryError):
                        missing.append(document)
        return names, missing

    def close(self) -> None:
        """Remove the index that was made for the moment."""
        if isinstance(self._keeping, tempfile.TemporaryDirectory):
            self._keeping.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _id(hit: Hit) -> str:
    return hit.id


def _path(hit: Hit) -> str:
    return hit.path or hit.id


_TOLD_EVERY = 1000


class _Reading:
    """A corpus as it is read: how many documents there have been, and which judged ones are still awaited."""

    def __init__(self, judged: JudgedSet, progress: Callable[[int], None] | None) -> None:
        self._judged = judged
        self._progress = progress
        self.number = 0
        qrels = judged.qrels() if judged.qrels_file.is_file() else {}  # a corpus can be searched without
        self.awaited = dict.fromkeys(document for grades in qrels.values() for document in grades)

    def documents(self) -> Iterable[NewsItem]:
        for item in self._judged.documents():
            self.number += 1
            self.awaited.pop(item.path or "", None)
            if self._progress is not None and not self.number % _TOLD_EVERY:
                self._progress(self.number)
            yield item
