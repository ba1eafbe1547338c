"""What Python passes to newsearch, made a request: keyword arguments, and dates as Python has them.

    figures_request("ban", {"since": date(2020, 9, 1)}, timeline="week")

What options mean, and which make no sense, is `newsearch.query.filters`'s.
"""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, Final, Literal, TypedDict

from newsearch.errors import QueryError
from newsearch.model import MatchMode, SearchRequest

__all__ = ["MAX_REFERENCE", "Filters", "Moment", "as_reference", "as_request", "as_typed", "figures_request"]

MAX_REFERENCE: Final = 1000
"""Characters of a reference to an article that a face takes from strangers; an article of a longer address has its id.

Percent-encoded, as many of any script have room in an address over HTTP.
"""

Moment = str | date | datetime
"""A date as a user types it, or as Python has it; without a zone it is UTC."""


class Filters(TypedDict, total=False):
    """The options that select articles, as `NewsIndex.search` takes them too."""

    match: MatchMode
    since: Moment | None
    until: Moment | None
    as_of: Moment | None
    provider: str | None
    topic: str | None
    type: str | None
    kind: Literal["item", "related", "all"]
    min_quality: int | None


def figures_request(text: str, filters: Filters, **asked: Any) -> SearchRequest:
    """A request for figures alone. Raises TypeError, as a call does, for what is no filter."""
    for name in filters:
        if name not in Filters.__annotations__:
            known = ", ".join(Filters.__annotations__)
            raise TypeError(f"there is no argument {name!r}; what selects articles are {known}")
    since, until, as_of = filters.get("since"), filters.get("until"), filters.get("as_of")
    dates = {"since": as_typed(since), "until": as_typed(until), "as_of": as_typed(as_of)}
    return SearchRequest(text, limit=0, **{**filters, **dates, **asked})


def as_request(asked: SearchRequest | str, *, name: str = "request", match: MatchMode = "auto") -> SearchRequest:
    """A request, or one for a text, which is matched by `match`. Raises QueryError for what is neither."""
    if isinstance(asked, str):
        return SearchRequest(asked, match=match)
    if not isinstance(asked, SearchRequest):
        raise QueryError(f"{name} is {asked!r}; it must be a SearchRequest, or text: a query.")
    return asked


def as_reference(reference: str) -> str:
    """A reference to an article, if it is text. Raises QueryError."""
    if not isinstance(reference, str):
        raise QueryError(f"reference is {reference!r}; it must be text: an id, an address or a path.")
    return reference


def as_typed(moment: Moment | None) -> str | None:
    """A date as a user would type it."""
    if isinstance(moment, datetime):
        # In the first and last hours that there are, UTC may have no such time; it is refused where it is read.
        with suppress(OverflowError):
            moment = moment.astimezone(UTC) if moment.tzinfo is not None else moment
        return moment.isoformat()
    return moment.isoformat() if isinstance(moment, date) else moment
