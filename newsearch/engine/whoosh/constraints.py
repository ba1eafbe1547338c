"""Constraints to the documents that meet them.

    mask = constraint_mask(ast.Keyword("provider", "salon.com"), view)

A constraint selects and never scores: a keyword, a range of numbers or dates, a flag. Combining them (and, or, not) is
`evaluate`'s.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.whoosh.analysis import fold
from newsearch.engine.whoosh.schema import MISSING_DATE, DocumentKind
from newsearch.engine.whoosh.view import View
from newsearch.items.ids import article_id, article_key, parse_id_prefix
from newsearch.items.urls import address_of
from newsearch.query import ast

__all__ = ["KEYWORDS_BY_TERM", "constraint_mask", "domain_term"]

Mask = NDArray[np.bool_]

KEYWORDS_BY_TERM = ("provider", "domain", "topic", "type", "category")
"""The constraint fields whose values are terms of the index's field of that name, folded."""


def constraint_mask(node: ast.Node, view: View) -> Mask:
    """Which documents of a snapshot, visible or not, meet a constraint."""
    snapshot = view.snapshot
    mask: Mask
    match node:
        case ast.Everything():
            mask = np.ones(snapshot.size, np.bool_)
        case ast.Keyword(field="kind", value=value):
            mask = snapshot.column("kind") == (DocumentKind.ITEM if value == "item" else DocumentKind.RELATED)
        case ast.Keyword(field=field, value=value):
            mask = _having(field, _terms(field, value, view), view)
        case ast.NumberRange(field=field, low=low, high=high):
            mask = _between(snapshot.column(field), low, high, known=snapshot.column(field) >= 0)
        case ast.DateRange(low=low, high=high):
            dates = snapshot.column("date")
            mask = _between(dates, low, high, known=dates != MISSING_DATE)
        case ast.Flag(name="published"):
            mask = snapshot.column("published") == 1
        case ast.Flag(name="image"):
            mask = snapshot.column("has_image") == 1
        case ast.Flag(name="related"):
            mask = snapshot.column("cites_count") > 0
        case _:
            raise TypeError(f"{type(node).__name__} is not a constraint")
    return mask


def domain_term(domain: str) -> str:
    """A domain as the index has it: folded, without `www.`."""
    return fold(domain).removeprefix("www.")


def _terms(field: str, value: str, view: View) -> list[str]:
    match field:
        case "id":
            prefix = parse_id_prefix(value)
            return [] if prefix is None else list(view.snapshot.terms("id", prefix))
        case "url":
            address = address_of(value)
            return [] if address is None else [article_id(article_key(address))]
        case "path":
            return [value]
        case "domain":
            return [domain_term(value)]
    folded = fold(value.strip())
    return list(dict.fromkeys([folded, folded.removeprefix("www.")]))


def _having(field: str, terms: list[str], view: View) -> Mask:
    mask = np.zeros(view.snapshot.size, np.bool_)
    for term in terms:
        mask[view.snapshot.arrays("id" if field == "url" else field, term)[0]] = True
    return mask


def _between(values: NDArray[Any], low: int | None, high: int | None, *, known: Mask) -> Mask:
    mask = known.copy()
    if low is not None:
        mask &= values >= low
    if high is not None:
        mask &= values <= high
    return mask
