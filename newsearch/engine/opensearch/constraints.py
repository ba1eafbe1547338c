"""Constraints as queries of the cluster.

    constraint_query(ast.Keyword("provider", "salon.com"))

A constraint selects and never scores. Combining them is `compile`'s.
"""

from newsearch.engine.opensearch.view import Query
from newsearch.engine.rules.keywords import asked_terms, domain_term
from newsearch.items.ids import ID_LENGTH, article_id, article_key, parse_id_prefix
from newsearch.items.urls import address_of
from newsearch.query import ast

__all__ = ["NOTHING", "constraint_query"]

NOTHING: Query = {"match_none": {}}


def constraint_query(node: ast.Node) -> Query:
    """What the articles that meet a constraint are found by."""
    match node:
        case ast.Everything():
            return {"match_all": {}}
        case ast.Keyword(field=field, value=value):
            return _having(field, value)
        case ast.NumberRange(field=field, low=low, high=high):
            # Below 0 nothing is known.
            return _between(field, max(low or 0, 0), high)
        case ast.DateRange(low=low, high=high):
            return _between("date", low, high)
        case ast.Flag(name="published"):
            return {"term": {"published": True}}
        case ast.Flag(name="image"):
            return {"term": {"image": True}}
        case ast.Flag(name="related"):
            return {"exists": {"field": "cites"}}
    raise TypeError(f"{type(node).__name__} is not a constraint")


def _having(field: str, value: str) -> Query:
    match field:
        case "kind":
            return {"term": {"kind": value}}
        case "id":
            prefix = parse_id_prefix(value)
            if prefix is None:
                return NOTHING
            return {"term": {"id": prefix}} if len(prefix) == ID_LENGTH else {"prefix": {"id": prefix}}
        case "url":
            address = address_of(value)
            return NOTHING if address is None else {"term": {"id": article_id(article_key(address))}}
        case "path":
            return {"term": {"path": value}}
        case "domain":
            return {"term": {"domain": domain_term(value)}}
    return {"terms": {field: sorted(asked_terms(value))}}


def _between(field: str, low: int | None, high: int | None) -> Query:
    limits = {name: limit for name, limit in (("gte", low), ("lte", high)) if limit is not None}
    if any(abs(limit) >= 2**63 for limit in limits.values()):  # past every number that there can be
        limits = {name: max(min(limit, 2**63 - 1), -(2**63)) for name, limit in limits.items()}
    return {"range": {field: limits}} if limits else {"exists": {"field": field}}
