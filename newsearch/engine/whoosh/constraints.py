"""Constraints to the documents that meet them.

    mask = constraint_mask(ast.Keyword("provider", "salon.com"), view)

A constraint selects and never scores: a keyword, a range of numbers or dates, a flag. Combining them (and, or, not) is
`evaluate`'s.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsearch.engine.rules.keywords import asked_terms, domain_term
from newsearch.engine.whoosh.schema import MISSING_DATE, DocumentKind
from newsearch.engine.whoosh.view import View
from newsearch.items.ids import article_key, key_range, parse_id_prefix
from newsearch.items.urls import address_of
from newsearch.query import ast

__all__ = ["constraint_mask"]

Mask = NDArray[np.bool_]

_HIGHEST_KEY = (1 << 64) - 1


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
            mask = _having(field, value, view)
        case ast.NumberRange(field=field, low=low, high=high):
            mask = _between(snapshot.column(field), low, high, known=snapshot.column(field) >= 0)
        case ast.DateRange(low=low, high=high):
            dates = snapshot.dates
            mask = _between(dates, low, high, known=dates != MISSING_DATE)
        case ast.Flag(name="published"):
            mask = snapshot.column("published") == 1
        case ast.Flag(name="image"):
            mask = snapshot.column("has_image") == 1
        case ast.Flag(name="related"):
            mask = np.zeros(snapshot.size, np.bool_)
            mask[snapshot.cited[0]] = True
        case _:
            raise TypeError(f"{type(node).__name__} is not a constraint")
    return mask


def _having(field: str, value: str, view: View) -> Mask:
    snapshot = view.snapshot
    mask = np.zeros(snapshot.size, np.bool_)
    match field:
        case "id":
            prefix = parse_id_prefix(value)
            if prefix is not None:
                mask = _in_key_range(*key_range(prefix), snapshot.keys)
        case "url":
            address = address_of(value)
            if address is not None:
                mask = snapshot.keys == np.uint64(article_key(address))
        case "path":
            for segment in snapshot.segments:
                mask[segment.file.documents_of_path(value) + segment.base] = True
        case "domain":
            mask[snapshot.keyword_documents("domain", domain_term(value))] = True
        case _:
            for term in asked_terms(value):
                mask[snapshot.keyword_documents(field, term)] = True
    return mask


def _in_key_range(low: int, high: int, keys: NDArray[np.uint64]) -> Mask:
    if low > _HIGHEST_KEY:
        return np.zeros(keys.size, np.bool_)
    # What is no article has the key 0.
    return (keys >= np.uint64(max(low, 1))) & (keys <= np.uint64(min(high, _HIGHEST_KEY)))


def _between(values: NDArray[Any], low: int | None, high: int | None, *, known: Mask) -> Mask:
    mask = known.copy()
    if low is not None:
        mask &= values >= low
    if high is not None:
        mask &= values <= high
    return mask
