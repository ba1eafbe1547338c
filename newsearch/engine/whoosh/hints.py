"""Which values of keyword fields visible articles have, for hints about an empty result.

    is_there(ast.Keyword("provider", "salon.com"), view), nearest_there(ast.Keyword("topic", "survaillance"), view)

What is said of it is `newsearch.engine.rules.hints`'s.
"""

from dataclasses import replace

from newsearch.engine.rules.analysis import fold
from newsearch.engine.whoosh.constraints import constraint_mask
from newsearch.engine.whoosh.view import View
from newsearch.query import ast
from newsearch.query.fields import nearest

__all__ = ["is_there", "nearest_there"]

_TRIES = 8


def is_there(asked: ast.Keyword, view: View) -> bool:
    """Whether a visible article has a value."""
    return bool((constraint_mask(asked, view) & view.visible).any())


def nearest_there(asked: ast.Keyword, view: View) -> str | None:
    """The value most like the one asked for that an article has which can be seen; None where none of a few has."""
    choices = list(view.snapshot.keyword_terms(asked.field))
    for _ in range(_TRIES):
        near = nearest(fold(asked.value), choices)
        if near is None or is_there(replace(asked, value=near), view):
            return near
        choices.remove(near)  # only deleted articles have it, or those that are not there yet
    return None
