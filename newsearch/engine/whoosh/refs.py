"""Documents named for people and told apart by who published them.

    article_ref(document, snapshot)                  # enough of an article to name it beside another
    providers = Providers(snapshot)
    providers.codes[documents]                       # equal where the provider is the same one

The record of a document is not read for this: what a hit shows is enough.
"""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.keywords import publisher, split_provider
from newsearch.engine.whoosh.schema import MISSING_DATE, DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.model import ArticleRef
from newsearch.query.dates import from_seconds

__all__ = ["Providers", "article_ref"]


def article_ref(document: int, snapshot: Snapshot) -> ArticleRef:
    """A document's article, named."""
    shown = snapshot.shown(document)
    date = int(snapshot.dates[document])
    return ArticleRef(
        id=snapshot.id(document),
        title=shown.title,
        url=shown.web_url or shown.original_url or None,
        date=None if date == MISSING_DATE else from_seconds(date),
        provider=split_provider(snapshot.first_string("provider", document)),
        kind="item" if snapshot.column("kind")[document] == DocumentKind.ITEM else "related",
    )


class Providers:
    """Who published what, for a whole snapshot: two of one domain are one provider, without domains two of one name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """For each document the number of its provider; -1 where it has none."""
        return self._read[0]

    @cached_property
    def names(self) -> list[str]:
        """What each provider is called, by its number: of several ways to write a name, the least."""
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[NDArray[np.int64], list[str]]:
        codes = np.full(self._snapshot.size, -1, np.int64)
        numbers: dict[str, int] = {}
        names: list[str] = []
        for segment in self._snapshot.segments:
            first, strings = segment.file.first_strings("provider")
            places: Any = np.asarray(first)
            of_place = np.full(len(strings) + 1, -1, np.int64)  # the last entry is for documents without a provider
            for place, written in enumerate(strings):
                found = publisher(written)
                if found is None:
                    continue
                number = numbers.setdefault(found.identity, len(numbers))
                if number == len(names):
                    names.append(found.name)
                names[number] = min(names[number], found.name)
                of_place[place] = number
            codes[segment.base : segment.base + segment.file.documents] = of_place[places]
        return codes, names
