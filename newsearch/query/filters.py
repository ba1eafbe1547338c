"""The options of a request as constraints, and whether its values make sense.

    check_options(request, now=now)                      # before there is an index
    constraints = request_filters(request, today=now)

The options mean what the language means by the same names, but an option with a wrong value is refused, where text in a
query would be searched for. Whether a provider or topic exists is for the engine to say.

A refusal names the option as Python does (`min_quality`); a face that has other names tells it with `OptionError.told`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final, get_args

from newsearch.errors import QueryError
from newsearch.model import CompletionKind, Group, Interval, Kind, MatchMode, SearchRequest, SeenMark, Sort
from newsearch.query.ast import DateRange, Keyword, Node, NumberRange
from newsearch.query.dates import DateSyntaxError, from_seconds, is_age, is_span, since, until
from newsearch.query.facets import FacetSyntaxError, read_facets
from newsearch.query.fields import not_one_of, shown

__all__ = [
    "MAX_DEPTH",
    "MAX_LIMIT",
    "MAX_MIN_QUALITY",
    "MAX_OFFSET",
    "OptionError",
    "as_of_latest",
    "as_of_moment",
    "check_completion",
    "check_interval",
    "check_options",
    "check_range",
    "check_request",
    "request_ages",
    "request_filters",
]

MAX_DEPTH: Final = 3
MAX_LIMIT: Final = 1000
MAX_OFFSET: Final = 1_000_000
MAX_MIN_QUALITY: Final = 1_000_000
"""The best quality that an item can have."""

_TEXTS = ("since", "until", "as_of", "provider", "topic", "type")


class _Name(str):
    """The name of an option, where it stands in a sentence."""

    __slots__ = ()


class OptionError(QueryError):
    """An option with a value that makes no sense. `parts` are the sentence, names of options apart from the rest."""

    def __init__(self, *parts: str) -> None:
        super().__init__(*parts)
        self.parts = parts

    def __str__(self) -> str:
        return self.told(str)

    def told(self, name: Callable[[str], str]) -> str:
        """The sentence, with each option called what `name` makes of its name in Python."""
        return "".join(name(part) if isinstance(part, _Name) else part for part in self.parts)


_RARELY_GIVEN = attrgetter(*_TEXTS, "kind", "min_quality", "group", "max_per_provider", "facets", "timeline", "arrived")
_NOT_GIVEN = _RARELY_GIVEN(SearchRequest())
_ALWAYS_GIVEN = attrgetter("text", "limit", "offset", "explain")
_TYPES = (str, int, int, bool)
_MATCHES, _SORTS = get_args(MatchMode), get_args(Sort)


def _is_plain(request: SearchRequest) -> bool:
    """Whether a request is plainly right and filters nothing, as most do; telling that is cheaper than checking."""
    return (
        _RARELY_GIVEN(request) == _NOT_GIVEN
        and (*map(type, _ALWAYS_GIVEN(request)),) == _TYPES
        and 0 <= request.limit <= MAX_LIMIT
        and 0 <= request.offset <= MAX_OFFSET
        and request.match in _MATCHES
        and request.sort in _SORTS
    )


def check_request(request: SearchRequest) -> None:
    """Raise QueryError, naming the option, if a value of `request` is out of range or none of those there are.

    Dates are read, and refused, by `request_filters`, and `as_of` by whoever knows the archive's newest.
    """
    if not _is_plain(request):
        _check_each(request)


def _check_each(request: SearchRequest) -> None:
    check_range("limit", request.limit, MAX_LIMIT)
    check_range("offset", request.offset, MAX_OFFSET)
    if request.min_quality is not None:
        check_range("min_quality", request.min_quality, MAX_MIN_QUALITY)
    if request.max_per_provider is not None:
        check_range("max_per_provider", request.max_per_provider, MAX_LIMIT, least=1)
    if request.group is not None:
        _check_choice("group", request.group, get_args(Group))
    _check_choice("match", request.match, _MATCHES)
    _check_choice("sort", request.sort, _SORTS)
    _check_choice("kind", request.kind, (*get_args(Kind), "all"))
    _check_type("text", request.text, str, "text")
    _check_type("explain", request.explain, bool, "True or False")
    if request.timeline is not None:
        _check_choice("timeline", request.timeline, get_args(Interval))
    if request.arrived is not None:
        _check_type("arrived", request.arrived, SeenMark, "a SeenMark")
    _check_facets(request)
    for option in _TEXTS:
        value = getattr(request, option)
        if value is not None:
            _check_type(option, value, str, "text")
            if not value.strip():
                raise OptionError(_Name(option), " is empty; leave it out to search all.")


def check_completion(prefix: str, limit: int, kinds: Sequence[str]) -> None:
    """Raise QueryError, naming the option, if a value that a completion was asked with makes no sense."""
    _check_type("prefix", prefix, str, "text")
    check_range("limit", limit, MAX_LIMIT)
    if isinstance(kinds, str) or not isinstance(kinds, Sequence):
        raise OptionError(_Name("kinds"), f" is {kinds!r}; it must be a list of kinds.")
    for kind in kinds:
        _check_choice("kinds", kind, get_args(CompletionKind))


def check_interval(interval: str) -> None:
    """Raise QueryError, naming `interval`, if there is no such one."""
    _check_choice("interval", interval, get_args(Interval))


def check_options(request: SearchRequest, *, now: datetime) -> None:
    """Raise QueryError for all that is wrong with the options of `request` and can be told without an index.

    Ages count back from `now`, or from the moment of `as_of`. What `latest` stands for only an index knows: then an age
    is not compared with the other end of its time.
    """
    check_request(request)
    if as_of_latest(request):
        for option, text, reader in (("since", request.since, since), ("until", request.until, until)):
            _read(option, text, reader, now)
        return
    as_of = as_of_moment(request, now)
    request_filters(request, today=now if as_of is None else from_seconds(as_of))


def as_of_latest(request: SearchRequest) -> bool:
    """Whether the archive is to be looked at as it is at its newest article, the one moment that is no date."""
    return request.as_of is not None and request.as_of.strip().lower() == "latest"


def as_of_moment(request: SearchRequest, now: datetime) -> int | None:
    """The moment that the archive is to be looked at, in UTC epoch seconds; None for now. Raises QueryError."""
    return _read("as_of", request.as_of, until, now)


def request_filters(request: SearchRequest, *, today: datetime) -> tuple[Node, ...]:
    """The constraints that the options of `request` ask for, beside those in its text.

    `today` is the moment that ages count back from. Raises QueryError, naming the option, for what `check_request`
    refuses, for dates that cannot be read and for a `since` after `until`.
    """
    if _is_plain(request):
        return ()
    _check_each(request)
    found: list[Node] = []
    low, high = _read("since", request.since, since, today), _read("until", request.until, until, today)
    if low is not None and high is not None and low > high:
        ends = _Name("since"), f" ({request.since}) is later than ", _Name("until"), f" ({request.until})"
        raise OptionError(*ends, ", so nothing can match; swap them.")
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
    if is_span(text):
        raise OptionError(*_refused_span(option, text))
    try:
        return reader(text, today)
    except DateSyntaxError as error:
        latest = " Or write latest: the moment of the newest article." if option == "as_of" else ""
        raise OptionError(_Name(option), f": {error}{latest}") from None


def _refused_span(option: str, text: str) -> tuple[str, ...]:
    """The sentence for a span where one date is asked for: half of it would be lost."""
    refused = (_Name(option), f" takes one date, and {shown(text)} is a span")
    if option == "as_of":
        return (*refused, "; name the day to look at the archive on.")
    ends = ("; give its start as ", _Name("since"), " and its end as ", _Name("until"))
    return (*refused, *ends, f", or write date:{shown(text.strip())[1:-1]} in the query.")


def check_range(option: str, value: object, most: int, *, least: int = 0) -> None:
    """Raise QueryError, naming the option, for what is no whole number from `least` to `most`."""
    # A bool is an int to Python, and never a number of hits to a person.
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise OptionError(_Name(option), f" is {value!r}; it must be a whole number from {least} to {most:,}.")


def _check_type(option: str, value: object, kind: type, named: str) -> None:
    if not isinstance(value, kind):
        raise OptionError(_Name(option), f" is {value!r}; it must be {named}.")


def _check_facets(request: SearchRequest) -> None:
    try:
        read_facets(request.facets)
    except FacetSyntaxError as error:
        raise OptionError(_Name("facets"), f": {error}") from None


def _check_choice(option: str, value: object, choices: tuple[str, ...]) -> None:
    if value in choices:
        return
    raise OptionError(_Name(option), f" {not_one_of(str(value), choices)}")
