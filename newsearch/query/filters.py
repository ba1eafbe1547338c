"""The options of a request as constraints, and whether its values make sense.

    check_options(request, now=now)                      # before there is an index
    constraints = request_filters(request, today=now)

The options mean what the language means by the same names, but an option with a wrong value is refused, where text in a
query would be searched for. Whether a provider or topic exists is for the engine to say.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, get_args

from newsearch.errors import QueryError
from newsearch.model import Kind, MatchMode, SearchRequest, Sort
from newsearch.query.ast import DateRange, Keyword, Node, NumberRange
from newsearch.query.dates import DateSyntaxError, is_age, moment, since, until
from newsearch.query.fields import nearest, shown

__all__ = [
    "MAX_LIMIT",
    "MAX_MIN_QUALITY",
    "MAX_OFFSET",
    "as_of_latest",
    "as_of_moment",
    "check_options",
    "check_request",
    "request_ages",
    "request_filters",
]

MAX_LIMIT: Final = 1000
MAX_OFFSET: Final = 1_000_000
MAX_MIN_QUALITY: Final = 10_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def check_request(request: SearchRequest) -> None:
    """Raise QueryError, naming the option, if a value of `request` is out of range or none of those there are.

    Dates are read, and refused, by `request_filters`, and `as_of` by whoever knows the archive's newest.
    """
    _check_range("limit", request.limit, MAX_LIMIT)
    _check_range("offset", request.offset, MAX_OFFSET)
    if request.min_quality is not None:
        _check_range("min_quality", request.min_quality, MAX_MIN_QUALITY)
    _check_choice("match", request.match, get_args(MatchMode))
    _check_choice("sort", request.sort, get_args(Sort))
    _check_choice("kind", request.kind, (*get_args(Kind), "all"))
    for option in ("provider", "topic", "type"):
        value = getattr(request, option)
        if value is not None and not value.strip():
            raise QueryError(f"{option} is empty; leave it out to search all.")


def check_options(request: SearchRequest, *, now: datetime) -> None:
    """Raise QueryError for all that is wrong with the options of `request` and can be told without an index.

    Ages count back from `now`, or from the moment of `as_of`. What `latest` stands for only an index knows: then an age
    is not compared with the other end of its time.
    """
    if as_of_latest(request):
        check_request(request)
        for option, text, reader in (("since", request.since, since), ("until", request.until, until)):
            _read(option, text, reader, now)
        return
    as_of = as_of_moment(request, now)
    request_filters(request, today=now if as_of is None else _EPOCH + timedelta(seconds=as_of))


def as_of_latest(request: SearchRequest) -> bool:
    """Whether the archive is to be looked at as it is at its newest article, the one moment that is no date."""
    return request.as_of is not None and request.as_of.strip().lower() == "latest"


def as_of_moment(request: SearchRequest, now: datetime) -> int | None:
    """The moment that the archive is to be looked at, in UTC epoch seconds; None for now. Raises QueryError."""
    return _read("as_of", request.as_of, moment, now)


def request_filters(request: SearchRequest, *, today: datetime) -> tuple[Node, ...]:
    """The constraints that the options of `request` ask for, beside those in its text.

    `today` is the moment that ages count back from. Raises QueryError, naming the option, for what `check_request`
    refuses, for dates that cannot be read and for a `since` after `until`.
    """
    check_request(request)
    found: list[Node] = []
    low, high = _read("since", request.since, since, today), _read("until", request.until, until, today)
    if low is not None and high is not None and low > high:
        raise QueryError(
            f"since ({request.since}) is later than until ({request.until}), so nothing can match; swap them."
        )
    if low is not None or high is not None:
        found.append(DateRange(low, high))
    if request.provider is not None:
        found.append(Keyword("provider", request.provider.strip()))
    if request.topic is not None:
        found.append(Keyword("topic", request.topic.strip()))
    if request.type is not None:
        found.append(Keyword("type", request.type.strip()))
    if request.kind != "all":
        found.append(Keyword("kind", request.kind))
    if request.min_quality is not None:
        found.append(NumberRange("quality", request.min_quality, None))
    return tuple(found)


def request_ages(request: SearchRequest) -> tuple[str, ...]:
    """The dates among the options that count back from today, as typed."""
    return tuple(text for text in (request.since, request.until) if text is not None and is_age(text))


def _read(option: str, text: str | None, reader: Callable[[str, datetime], int], today: datetime) -> int | None:
    if text is None:
        return None
    try:
        return reader(text, today)
    except DateSyntaxError as error:
        raise QueryError(f"{option}: {error}") from None


def _check_range(option: str, value: object, most: int) -> None:
    # A bool is an int to Python, and never a number of hits to a person.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise QueryError(f"{option} is {value!r}; it must be a whole number from 0 to {most:,}.")


def _check_choice(option: str, value: object, choices: tuple[str, ...]) -> None:
    if value in choices:
        return
    near = nearest(str(value), choices)
    hint = f"; the nearest is {near}" if near else ""
    raise QueryError(f"{option} is {shown(str(value))}; it must be {' or '.join(choices)}{hint}.")
