"""Where in an article's text a query matched.

    spans = matched_spans("Harbour ban", field="title", clauses=clauses, analyzer=analyzer)     # ((0, 7),)

The stored text is analysed again, word by word with the characters each was written in, so stems and accents mark what
the reader sees, and a phrase only where its words stand together.
"""

from collections.abc import Sequence

from newsearch.engine.whoosh.analysis import Analyzer, Token
from newsearch.engine.whoosh.clauses import Clause

__all__ = ["Spans", "matched_spans"]

Spans = tuple[tuple[int, int], ...]
"""Half-open character ranges, ascending, none touching another."""


def matched_spans(text: str, *, field: str, clauses: Sequence[Clause], analyzer: Analyzer) -> Spans:
    """The ranges of a field's text that the clauses match, overlapping ones joined."""
    if not text:
        return ()
    tokens = list(analyzer.tokens(text))
    spans = sorted(span for clause in clauses if field in clause.fields for span in _occurrences(clause, tokens))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _occurrences(clause: Clause, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    slots = clause.slots
    return [
        (tokens[first].start, tokens[first + len(slots) - 1].end)
        for first in range(len(tokens) - len(slots) + 1)
        if all(tokens[first + offset].term in terms for offset, terms in enumerate(slots))
    ]
