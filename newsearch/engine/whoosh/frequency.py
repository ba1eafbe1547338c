"""How many visible articles have a word: exact under deletions, and over several segments.

    frequency(("harbour",), TEXT_FIELDS, view)      # 17
    having(("harbour",), ("title",), view)          # their numbers

Only counts: what a word adds to a score is `clauses`'.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.sought import Terms
from newsearch.engine.whoosh.distinct import distinct
from newsearch.engine.whoosh.schema import TEXT_FIELDS
from newsearch.engine.whoosh.snapshot import Documents
from newsearch.engine.whoosh.view import View

__all__ = ["frequency", "having"]


def frequency(terms: Terms, fields: Sequence[str], view: View) -> int:
    """How many visible articles have one of the terms in one of the fields."""
    if len(terms) == 1 and len(fields) == len(TEXT_FIELDS) and view.all_visible:
        files = [segment.file for segment in view.snapshot.segments]
        return sum(file.postings.count(rank) for file in files if (rank := file.rank(terms[0])) >= 0)
    if len(fields) < len(TEXT_FIELDS):
        return int(having(terms, fields, view).size)
    return view.rarities.get(terms, lambda: (int(having(terms, fields, view).size), 1))


def having(terms: Terms, fields: Sequence[str], view: View) -> Documents:
    """The visible articles that have one of the terms in one of the fields, ascending."""
    columns = [TEXT_FIELDS.index(field) for field in fields]
    found: list[NDArray[np.int64]] = [np.zeros(0, np.int64)]
    for segment in view.snapshot.segments:
        postings = segment.file.postings
        for rank in filter(lambda rank: rank >= 0, map(segment.file.rank, terms)):
            documents = postings.documents(rank).astype(np.int64)
            if len(columns) < len(TEXT_FIELDS):
                documents = documents[postings.frequencies(rank)[:, columns].any(axis=1)]
            documents += segment.base
            found.append(documents[view.visible[documents]])
    return np.concatenate(found) if len(terms) == 1 else distinct(np.concatenate(found))
