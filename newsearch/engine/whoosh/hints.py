"""What to tell someone whose query found nothing.

    hints(tree, ages=("7d",), view=view)     # ["The newest article is of 2021-12-02; ..."]

Only ever said about an empty result: a provider or topic that is not in the archive, with the nearest that is, and an
age that begins after the archive ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.keywords import KEYWORDS_BY_TERM
from newsearch.engine.whoosh.constraints import constraint_mask
from newsearch.engine.whoosh.view import View
from newsearch.query import ast
from newsearch.query.dates import from_seconds
from newsearch.query.fields import nearest, shown

__all__ = ["begins_after", "hints"]

_TRIES = 8


def hints(tree: ast.Node, ages: Sequence[str], view: View) -> Iterator[str]:
    """Sentences that explain an empty result, as far as one can tell; `ages` are those that count back from today."""
    yield from _unknown_values(tree, view)
    reference = from_seconds(view.reference)
    if ages and reference is not None and view.reference is not None and begins_after(tree, view.reference):
        yield (
            f"The newest article is of {reference:%Y-%m-%d}; {', '.join(ages)} counts back from today. "
            "Count from the archive's end with --as-of latest."
        )


def begins_after(tree: ast.Node, moment: int) -> bool:
    """Whether a tree asks for dates past a moment, where it asks for all of several things."""
    match tree:
        case ast.DateRange(low=low):
            return low is not None and low > moment
        case ast.Sequence(children=children) | ast.And(children=children):
            return any(begins_after(child, moment) for child in children)
        case ast.Boosted(child=child):
            return begins_after(child, moment)
    return False


def _unknown_values(tree: ast.Node, view: View) -> Iterator[str]:
    match tree:
        case ast.Keyword(field=field, value=value) if field in KEYWORDS_BY_TERM:
            if (constraint_mask(tree, view) & view.visible).any():
                return
            near = _nearest_visible(tree, view)
            yield f"No article has the {field} {shown(value)}." + (f" Did you mean {near}?" if near else "")
        case ast.Sequence(children=children) | ast.And(children=children) | ast.Or(children=children):
            for child in children:
                yield from _unknown_values(child, view)
        case ast.Boosted(child=child):
            yield from _unknown_values(child, view)


def _nearest_visible(asked: ast.Keyword, view: View) -> str | None:
    """The value most like the one asked for that an article has which can be seen; None where none of a few has."""
    choices = list(view.snapshot.keyword_terms(asked.field))
    for _ in range(_TRIES):
        near = nearest(fold(asked.value), choices)
        if near is None or (constraint_mask(replace(asked, value=near), view) & view.visible).any():
            return near
        choices.remove(near)  # only deleted articles have it, or those that are not there yet
    return None
