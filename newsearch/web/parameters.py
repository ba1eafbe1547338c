"""The parameters that a request over HTTP may have: one table, for reading them and for describing them.

    search_request(request.query_params)            # SearchRequest(text="ban", limit=5)

A parameter is called what Python calls it (`NewsIndex.search`), but for the text, `q`, and for `facet` and `kind` where
they are repeated; Python's names are understood too.
Whatever is not in the table, or is out of range, is refused with a ParameterError that names it and the nearest known
one. How an answer looks is `newsearch.web.endpoints`'s.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol, get_args

from newsearch.errors import QueryError
from newsearch.model import CompletionKind, Group, Interval, Kind, MatchMode, SearchRequest, Sort
from newsearch.query.facets import FACET_FIELDS, MAX_VALUES
from newsearch.query.fields import nearest, not_one_of, shown
from newsearch.query.filters import (
    MAX_DEPTH,
    MAX_LIMIT,
    MAX_MIN_QUALITY,
    MAX_OFFSET,
    OptionError,
    check_options,
)

__all__ = [
    "COMPLETED",
    "FACETS",
    "FEED",
    "MAX_TEXT",
    "RELATED",
    "SEARCH",
    "SIMILAR",
    "SUGGEST",
    "TIMELINE",
    "Parameter",
    "ParameterError",
    "QueryPairs",
    "checked",
    "naming",
    "read",
    "search_request",
]

MAX_TEXT: Final = 1000
"""The longest query over HTTP, in characters."""

MAX_VALUE: Final = 300
"""The longest value of any other parameter, in characters."""


class QueryPairs(Protocol):
    """The query of an address, such as Starlette's `QueryParams`."""

    def multi_items(self) -> list[tuple[str, str]]:
        """Each name with its value, in order, as often as it was given."""
        ...


class ParameterError(QueryError):
    """A parameter that is unknown, given too often or of no meaning. `parameter` is its name, as it was given."""

    def __init__(self, sentence: str, parameter: str) -> None:
        super().__init__(sentence, parameter)
        self.parameter = parameter

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: what it is called in an address and (`option`) in Python, which values it takes, what it means.

    A `number` is from `least` to `most`; a `text` has at most `longest` characters, and is one of `choices` if there
    are any; a `flag` is true or false. `pattern` describes what the library reads, or refuses. `repeated` is how
    often it may be given: more than once makes it a tuple.
    """

    name: str
    about: str
    kind: Literal["text", "number", "flag"] = "text"
    option: str = ""
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    longest: int = MAX_VALUE
    pattern: str | None = None
    default: object = None
    repeated: int = 1
    required: bool = False
    blank: bool = False

    @property
    def python(self) -> str:
        """What Python calls it."""
        return self.option or self.name

    def schema(self) -> dict[str, Any]:
        """Which values it takes, as JSON Schema; of a repeated one, the whole list."""
        one: dict[str, Any]
        if self.kind == "number":
            one = {"type": "integer", "minimum": self.least, "maximum": self.most}
        elif self.kind == "flag":
            one = {"type": "boolean"}
        elif self.choices:
            one = {"type": "string", "enum": list(self.choices)}
        else:
            one = {"type": "string", "maxLength": self.longest}
            if not self.blank:
                one |= {"minLength": 1, "pattern": self.pattern or r"\S"}
        if self.default is not None:
            one["default"] = self.default
        return {"type": "array", "items": one, "maxItems": self.repeated} if self.repeated > 1 else one

    def read(self, text: str) -> object:
        """The value that `text` stands for. Raises ParameterError."""
        if self.kind == "number":
            return self._number(text)
        if self.kind == "flag":
            if text.lower() in _FLAGS:
                return _FLAGS[text.lower()]
            raise ParameterError(f"{self.name} is {shown(text)}; it must be true or false.", self.name)
        if self.choices and text not in self.choices:
            raise ParameterError(f"{self.name} {not_one_of(text, self.choices)}", self.name)
        if len(text) > self.longest:
            sentence = f"{self.name} has {len(text):,} characters; it may have {self.longest:,}."
            raise ParameterError(sentence, self.name)
        if not self.blank and not text.strip():
            raise ParameterError(f"{self.name} is empty; leave it out.", self.name)
        return text

    def _number(self, text: str) -> int:
        if _WHOLE.fullmatch(text) and self.least <= int(text) <= self.most:
            return int(text)
        wanted = f"a whole number from {self.least:,} to {self.most:,}"
        raise ParameterError(f"{self.name} is {shown(text)}; it must be {wanted}.", self.name)


_WHOLE = re.compile(r"-?[0-9]{1,9}")
_FLAGS: Mapping[str, bool] = {"true": True, "1": True, "false": False, "0": False}

# --- The table ---

_DAY = (
    r"[1-9][0-9]{0,3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])"
    r"(?:T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?)?)?)?"
)
_MOMENT = rf"^(?:{_DAY}|[1-9][0-9]{{0,2}}[hdwmy]|today|yesterday)$"
_MOMENT_OR_LATEST = rf"^(?:{_DAY}|[1-9][0-9]{{0,2}}[hdwmy]|today|yesterday|latest)$"
_FACET = rf"^(?:{'|'.join(FACET_FIELDS)})(?::(?:[1-9][0-9]{{0,4}}|100000))?$"

_Q = Parameter(
    "q", "What is searched for, in the query language; without it, everything.", option="text", longest=MAX_TEXT,
    blank=True,
)  # fmt: skip
_LIMIT = Parameter("limit", "How many hits to give.", "number", most=MAX_LIMIT, default=10)
_OFFSET = Parameter("offset", "How many hits to pass over first.", "number", most=MAX_OFFSET, default=0)
_SORT = Parameter("sort", "What comes first.", choices=get_args(Sort), default="relevance")
_AS_OF = Parameter(
    "as_of", "The archive as it was then: a date, or `latest`, the moment of its newest article.",
    pattern=_MOMENT_OR_LATEST,
)  # fmt: skip
_MATCH = Parameter(
    "match", "How many of the words an article must have; auto: all, or most where none has all.",
    choices=get_args(MatchMode), default="auto",
)  # fmt: skip
_OF_ARTICLES = (
    Parameter("since", "Only articles of this date or later: 2020, 2020-09, 2020-09-13, or an age such as 7d.",
              pattern=_MOMENT),
    Parameter("until", "Only articles of this date or earlier; not before `since`.", pattern=_MOMENT),
    _AS_OF,
    Parameter("provider", "Only of this provider, by name or domain."),
    Parameter("topic", "Only with this topic."),
    Parameter("type", "Only of this type, such as article."),
    Parameter("kind", "Files' own articles, those known by citation, or all.", choices=(*get_args(Kind), "all"),
              default="all"),
    Parameter("min_quality", "Only of this quality or better.", "number", most=MAX_MIN_QUALITY),
)  # fmt: skip
_OF_HITS = (
    Parameter("group", "Each story once, led by its best article.", choices=get_args(Group)),
    Parameter("max_per_provider", "At most so many hits of one provider.", "number", least=1, most=MAX_LIMIT),
)
_EXPLAIN = Parameter("explain", "Say of each hit how its score comes about.", "flag", default=False)

SEARCH: tuple[Parameter, ...] = (
    _Q, _LIMIT, _OFFSET, _MATCH, _SORT, *_OF_ARTICLES, *_OF_HITS, _EXPLAIN,
    Parameter(
        "facet", f"Count all matches by this field, `FIELD` or `FIELD:N`, each once: {', '.join(FACET_FIELDS)}.",
        option="facets", pattern=_FACET, repeated=len(FACET_FIELDS),
    ),
    Parameter("timeline", "Count all matches over time.", choices=get_args(Interval)),
)  # fmt: skip
FEED: tuple[Parameter, ...] = (
    _Q, Parameter("limit", "How many entries to give.", "number", most=100, default=50), _MATCH,
    Parameter("sort", "What comes first.", choices=get_args(Sort), default="date"), *_OF_ARTICLES, *_OF_HITS,
)  # fmt: skip
SIMILAR: tuple[Parameter, ...] = (_LIMIT, _OFFSET, _SORT, *_OF_ARTICLES, *_OF_HITS, _EXPLAIN)
RELATED: tuple[Parameter, ...] = (
    Parameter("depth", "How many citations to follow.", "number", least=1, most=MAX_DEPTH, default=1),
    Parameter("limit", "How many articles to give.", "number", most=MAX_LIMIT, default=50),
    _AS_OF,
)
FACETS: tuple[Parameter, ...] = (
    Parameter("field", "What to count by.", choices=FACET_FIELDS, required=True),
    Parameter("limit", "How many values to give.", "number", least=1, most=MAX_VALUES, default=10),
    _Q, _MATCH, *_OF_ARTICLES,
)  # fmt: skip
TIMELINE: tuple[Parameter, ...] = (
    Parameter("interval", "What to count by.", choices=get_args(Interval), default="month"),
    _Q, _MATCH, *_OF_ARTICLES,
)  # fmt: skip
SUGGEST: tuple[Parameter, ...] = (
    Parameter("prefix", "The beginning of what is typed.", longest=MAX_VALUE, required=True, blank=True),
    Parameter("limit", "How many completions to give.", "number", most=MAX_LIMIT, default=10),
    Parameter("kind", "Only completions of this kind.", option="kinds", choices=get_args(CompletionKind),
              repeated=len(get_args(CompletionKind))),
)  # fmt: skip
COMPLETED: tuple[Parameter, ...] = (
    Parameter("q", "The beginning of what is typed.", option="prefix", required=True, blank=True),
)

_ALIASES: Mapping[str, str] = {"facets": "facet", "kinds": "kind", "text": "q"}
"""Python's names of what is called otherwise here."""


# --- Reading ---


def read(
    table: Sequence[Parameter], pairs: Iterable[tuple[str, str]], *, also: Collection[str] = (), form: bool = False
) -> dict[str, Any]:
    """The values of parameters by their names in Python: of those given, and the defaults of those that have one.

    Names in `also` are passed over: they are the caller's own. With `form` an empty value counts as not given, as
    browsers send the fields of a form that nobody filled in. Raises ParameterError.
    """
    known = {parameter.name: parameter for parameter in table}
    found: dict[str, Any] = {}
    for name, text in pairs:
        if name in also or (form and not text):
            continue
        parameter = known.get(name) or known.get(_ALIASES.get(name, ""))
        if parameter is None:
            raise _unknown(name, known)
        value = parameter.read(text)
        if parameter.repeated > 1:
            found[parameter.python] = (*found.get(parameter.python, ()), value)
            if len(found[parameter.python]) > parameter.repeated:
                raise ParameterError(f"{name} is given more than {parameter.repeated} times.", name)
        elif parameter.python in found:
            raise ParameterError(f"{name} is given more than once; give it one value.", name)
        else:
            found[parameter.python] = value
    for parameter in table:
        if parameter.required and parameter.python not in found:
            raise ParameterError(f"{parameter.name} is missing: {parameter.about}", parameter.name)
        if parameter.default is not None:
            found.setdefault(parameter.python, parameter.default)
    return found


def search_request(
    query_params: QueryPairs,
    *,
    table: Sequence[Parameter] = SEARCH,
    also: Collection[str] = (),
    form: bool = False,
) -> SearchRequest:
    """The request that an address asks for; `also` and `form` are as for `read`.

    Raises ParameterError, or another QueryError whose text is `naming(error)`'s, for what makes no sense with or
    without an index.
    """
    return checked(SearchRequest(**read(table, query_params.multi_items(), also=also, form=form)))


def checked(request: SearchRequest) -> SearchRequest:
    """The request, if its values make sense. Raises ParameterError."""
    try:
        check_options(request, now=datetime.now(UTC))
    except QueryError as error:
        sentence, parameter = naming(error)
        raise ParameterError(sentence, parameter or "q") from None
    return request


def naming(error: QueryError) -> tuple[str, str | None]:
    """The sentence of an error with its parameters called as they are here, and the first of them if it names any."""
    if isinstance(error, ParameterError):
        return str(error), error.parameter
    if not isinstance(error, OptionError):
        return str(error), None
    named: list[str] = []

    def here(option: str) -> str:
        named.append(_ALIASES.get(option, option))
        return named[-1]

    sentence = error.told(here)
    return sentence, named[0] if named else None


def _unknown(name: str, known: Mapping[str, Parameter]) -> ParameterError:
    near = nearest(name, known)
    hint = f"the nearest is {near}" if near else f"there are {', '.join(known)}"
    return ParameterError(f"There is no parameter {shown(name)}; {hint}.", name)
