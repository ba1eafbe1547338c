"""The nouns of what one finds beside hits: neighbours by citation, what is typical of hits, what a sync would do.

    relations = index.related("8eqtc2", depth=2)
    relations.articles[0].path                # how one gets there, step by step

All classes are frozen and slotted, as those of `newsearch.model` are, and hold values and no behaviour.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from newsearch.model import ArticleRef, IndexState, SearchRequest, SyncReport

__all__ = ["CitationStep", "Relation", "Relations", "SyncPreview", "TypicalTerm", "TypicalTerms"]


@dataclass(frozen=True, slots=True)
class CitationStep:
    """One step along a citation: the article before it cites `article` ("cites") or is cited by it ("cited by")."""

    by: Literal["cites", "cited by"]
    article: ArticleRef


@dataclass(frozen=True, slots=True)
class Relation:
    """An article that citations lead to.

    `distance` is the number of citations on the shortest way. `links` counts the citations that lead here from articles
    one step nearer. `path` is one such way, from the article asked about on; its last step leads to `article`.
    """

    article: ArticleRef
    distance: int
    links: int
    path: tuple[CitationStep, ...]


@dataclass(frozen=True, slots=True)
class Relations:
    """What citations lead to from one article, in at most `depth` steps; nearest first.

    `total` counts all that were found, also those beyond the limit.
    """

    article: ArticleRef
    depth: int
    total: int
    articles: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class TypicalTerm:
    """A word, topic or provider that hits have more often than the articles they are compared with.

    `hits` and `others` count the articles that have it on both sides. `strength` is the log-likelihood ratio G², 0 or
    more: the higher, the less the difference can be chance; 10.83 is what chance exceeds once in a thousand.
    """

    value: str
    hits: int
    others: int
    strength: float


@dataclass(frozen=True, slots=True)
class TypicalTerms:
    """What is typical of a query's hits, strongest first.

    `total` counts the hits, `others` the articles they are compared with: those that `against` finds and the query does
    not, or all but the hits where `against` is None. `parsed` and `against_parsed` are the queries as understood.
    `words` are as the archive writes them most often, in small letters and without accents; the query's own words and
    numbers are left out.
    """

    request: SearchRequest
    against: str | None
    parsed: str
    against_parsed: str | None
    as_of: datetime | None
    total: int
    others: int
    words: tuple[TypicalTerm, ...]
    topics: tuple[TypicalTerm, ...]
    providers: tuple[TypicalTerm, ...]
    took_ms: float
    index: IndexState
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncPreview:
    """What a sync would do: its report, and the files and lines that it counts, each as its archive's root and path.

    The report's `items`, `articles` and `duplicates` are what the index holds now.
    """

    report: SyncReport
    added: tuple[tuple[str, str], ...] = ()
    changed: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
