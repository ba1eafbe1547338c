"""What tells a document's article from the others, as a query for more like it.

    similar_text(document, view)        # "(portland OR ban OR recognition) -id:8eqtc2rdxa4tn"

Which words tell most is decided by `newsearch.engine.rules.similar`; here are their weights and their frequencies.
"""

from collections.abc import Sequence

from newsearch.engine.rules import similar
from newsearch.engine.rules.articles import own_texts
from newsearch.engine.whoosh.frequency import frequency
from newsearch.engine.whoosh.hits import stored_article
from newsearch.engine.whoosh.schema import TEXT_FIELDS, length_column
from newsearch.engine.whoosh.view import View

__all__ = ["similar_text", "telling_words"]


def similar_text(document: int, view: View) -> str:
    """The query for articles like a document's, which itself is left out."""
    return similar.similar_query(view.snapshot.id(document), telling_words(document, view))


def telling_words(document: int, view: View, most: int = similar.MOST) -> list[str]:
    """The most telling words of a document's article."""
    weighted = []
    for field, values in own_texts(stored_article(document, view.snapshot)).items():
        length = int(view.snapshot.column(length_column(field))[document])
        weight = float(view.weights_by_length(field)[length])
        weighted += [(weight, value) for value in values]

    def counted(terms: Sequence[str]) -> list[int]:
        return [frequency((term,), TEXT_FIELDS, view) for term in terms]

    analyzer, k1 = view.snapshot.analyzer, view.settings.k1
    return similar.telling_words(weighted, analyzer, counted=counted, documents=view.documents, k1=k1, most=most)
