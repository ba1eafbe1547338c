"""From files to articles: which file an address belongs to, and who speaks for an article that no file has.

    owner = preferred(claims)            # of the files with one address
    first = earliest(citations)          # of the items that cite an address no file has

An article is identified by its canonical address. A file is preferred to citations; of several files with one address,
the newest update wins, then the smaller path. An article known by citation alone takes its fields from its earliest
citing item, undated ones first: they are visible at any time, so looking at the archive as of an earlier day never
changes who that is. This module holds the rules; engines apply them to what they have stored.
"""

from collections.abc import Iterable
from datetime import datetime
from math import floor
from typing import NamedTuple

from newsearch.model import NewsItem

__all__ = ["Claim", "claim", "claim_of", "earliest", "preferred"]

_UNDATED = float("-inf")


class Claim(NamedTuple):
    """What decides between files: when published and last updated (UTC epoch seconds, -inf unknown), and the path."""

    date: float
    updated: float
    path: str
    root: str


def claim_of(item: NewsItem, *, root: str, path: str) -> Claim:
    """The claim of a file's item."""
    return claim(item.date, item.updated, root=root, path=path)


def claim(date: datetime | None, updated: datetime | None, *, root: str, path: str) -> Claim:
    """The claim of a file by its item's dates; one that was never updated counts with the date it was published."""
    published = _UNDATED if date is None else _seconds(date)
    return Claim(published, published if updated is None else _seconds(updated), path, root)


def _seconds(moment: datetime) -> float:
    # Whole seconds, as an index stores them: what is read back has to decide as what was delivered did.
    return floor(moment.timestamp())


def preferred(claims: Iterable[Claim]) -> Claim:
    """The file that an address belongs to. Raises ValueError where there is none."""
    return min(claims, key=lambda claim: (-claim.updated, claim.path, claim.root))


def earliest(claims: Iterable[Claim]) -> Claim:
    """The citing item whose description of an article counts. Raises ValueError where there is none."""
    return min(claims, key=lambda claim: (claim.date, claim.path, claim.root))
