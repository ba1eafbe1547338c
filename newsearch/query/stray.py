"""Marks of a query that have no partner, such as a quotation mark that is not closed: they say nothing, and can go.

    parsed = parse('"facial recognition', today=now)
    edited(text, stray_marks(text, parsed.doubtful))        'facial recognition'

Beside another text they might find a partner, and in a query that is put forward they would be ignored again. Which
marks those are is the parser's to say.
"""

from collections.abc import Iterable, Sequence

from newsearch.query.ast import Span

__all__ = ["Edit", "edited", "stray_marks"]

Edit = tuple[int, int, str]
"""A range of a text's characters, and what is to stand there."""


def stray_marks(text: str, doubtful: Sequence[Span]) -> list[Edit]:
    """What takes the marks away that have no partner; of a text that was read, `doubtful` is the parser's."""
    return [
        # A mark after a word keeps it apart from what follows.
        (start, end, " " if text[:start][-1:].isalnum() and text[end : end + 1].strip() else "")
        for start, end in doubtful
        if end - start == 1 and not text[start].isalnum()
    ]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with some ranges replaced, none of which overlap."""
    parts, done = [], 0
    for start, end, instead in sorted(edits):
        parts += [text[done:start], instead]
        done = end
    return "".join([*parts, text[done:]])
