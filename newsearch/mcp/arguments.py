"""What a tool may be asked, each argument with its bounds: as a JSON Schema for the model, and as a check.

    SEARCH.schema()
    SEARCH.checked({"text": "facial recognition", "limit": 5})

A client need not have read the schema, and a model may not have kept to it: whatever is wrong is refused with a
sentence that says what would be right, to be asked again. What dates and texts mean is for the index to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from newsearch.errors import QueryError
from newsearch.model import Group, Interval, Kind, MatchMode, Sort
from newsearch.query.facets import FACET_FIELDS
from newsearch.query.fields import nearest, not_one_of, shown
from newsearch.query.filters import MAX_DEPTH, MAX_MIN_QUALITY, MAX_OFFSET
from newsearch.requests import MAX_REFERENCE

__all__ = ["FACETS_OF", "GET", "MAX_LIMIT", "MAX_TEXT", "RELATED", "SEARCH", "SIMILAR", "TIMELINE", "Arguments"]

MAX_LIMIT = 100
"""Hits at most: a model reads all of what it gets, and has pages to go on."""

MAX_TEXT = 2000
MAX_WORD = 300
MAX_FACETS = 7
MAX_VALUES = 1000

_NAMED = {"string": "text", "integer": "a whole number", "boolean": "true or false", "array": "a list"}
_TYPES: dict[str, type] = {"string": str, "integer": int, "boolean": bool, "array": list}


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a tool, each a JSON Schema by its name; `required` are those it cannot do without."""

    properties: Mapping[str, Mapping[str, Any]]
    required: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """All of them as one JSON Schema."""
        return {
            "type": "object",
            "properties": {name: dict(schema) for name, schema in self.properties.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was given, without nulls. Raises QueryError for what the schema does not allow."""
        for name in given:
            if name not in self.properties:
                near = nearest(name, self.properties)
                hint = f"; the nearest is {near}" if near else f"; there are {', '.join(self.properties)}"
                raise QueryError(f"There is no argument {shown(name)}{hint}.")
        found = {name: value for name, value in given.items() if value is not None}
        for name in self.required:
            if name not in found:
                raise QueryError(f"{name} is missing: {self.properties[name]['description']}")
        return {name: _checked(name, value, self.properties[name]) for name, value in found.items()}


def _checked(name: str, value: Any, schema: Mapping[str, Any]) -> Any:
    kind = schema["type"]
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        value = int(value)  # to JSON 5.0 is a whole number
    wrong = not isinstance(value, _TYPES[kind]) or (kind == "integer" and isinstance(value, bool))
    if not wrong and "enum" in schema and value not in schema["enum"]:
        raise QueryError(f"{name} {not_one_of(value, schema['enum'])}")
    if kind == "integer":
        low, high = schema["minimum"], schema["maximum"]
        if wrong or not low <= value <= high:
            raise QueryError(f"{name} is {_short(value)}; it must be a whole number from {low} to {high:,}.")
    elif wrong:
        raise QueryError(f"{name} is {_short(value)}; it must be {_NAMED[kind]}.")
    elif kind == "string" and len(value) > schema.get("maxLength", MAX_WORD):
        raise QueryError(f"{name} is longer than {schema['maxLength']:,} characters.")
    elif kind == "array":
        if len(value) > schema["maxItems"]:
            raise QueryError(f"{name} has more than {schema['maxItems']} entries.")
        return [_checked(name, entry, schema["items"]) for entry in value]
    return value


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MAX_WORD else f"{text[:MAX_WORD]}…"


def _text(description: str, most: int = MAX_WORD) -> dict[str, Any]:
    return {"type": "string", "maxLength": most, "description": description}


def _choice(choices: tuple[str, ...], description: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(choices), "description": description}


def _number(low: int, high: int, description: str, default: int | None = None) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": low, "maximum": high, "description": description}
    return schema if default is None else {**schema, "default": default}


_QUERY = _text(
    'The query; empty finds everything. Plain words, "phrases", OR, -without, and fields such as title:ban, '
    "provider:salon.com, topic:privacy, quality:>=60, date:2020-08..2020-09, is:item.",
    MAX_TEXT,
)
_REFERENCE = _text("The article's id, or the start of it, or its web address with https://.", MAX_REFERENCE)
_FILTERS: dict[str, dict[str, Any]] = {
    "match": _choice(
        get_args(MatchMode),
        "How many of the words an article must have: auto takes those with most of them where none has all.",
    ),
    "since": _text("Only articles of this date or later: 2020-09-13, 2020-09, or an age such as 7d, 6w, 1y."),
    "until": _text("Only articles of this date or earlier."),
    "as_of": _text("The archive as it stood on a date, or latest: at its newest article."),
    "provider": _text("Only of this provider, by name or domain."),
    "topic": _text("Only with this topic."),
    "type": _text("Only of this type, such as article."),
    "kind": _choice(
        (*get_args(Kind), "all"), "item: the curators' own articles; related: those that are only cited by them."
    ),
    "min_quality": _number(0, MAX_MIN_QUALITY, "Only of this quality or better; 43 is ordinary, 100 excellent."),
}
_PAGE: dict[str, dict[str, Any]] = {
    "limit": _number(0, MAX_LIMIT, "How many hits.", 10),
    "offset": _number(0, MAX_OFFSET, "How many hits to pass over, for the next page.", 0),
    "sort": _choice(get_args(Sort), "The order; relevance blends how well the words fit, quality and recency."),
    "group": _choice(get_args(Group), "story: each story once, with the articles that tell it; pages count stories."),
    "max_per_provider": _number(1, MAX_LIMIT, "At most so many hits of one provider."),
    "explain": {"type": "boolean", "description": "Say of each hit what its score is made of.", "default": False},
}
_FACETS: dict[str, Any] = {
    "type": "array",
    "maxItems": MAX_FACETS,
    "items": _text("A field, or a field and how many values: provider, month:24."),
    "description": f"Count all matches by the values of fields: {', '.join(FACET_FIELDS)}.",
}
_INTERVAL = _choice(get_args(Interval), "How long each step is.")

SEARCH = Arguments(
    {"text": _QUERY, **_PAGE, **_FILTERS, "facets": _FACETS, "timeline": {**_INTERVAL, "description": "Count by time."}}
)
GET = Arguments({"reference": _REFERENCE}, ("reference",))
SIMILAR = Arguments(
    {"reference": _REFERENCE, **_PAGE, **{name: one for name, one in _FILTERS.items() if name != "match"}},
    ("reference",),
)
RELATED = Arguments(
    {
        "reference": _REFERENCE,
        "depth": _number(1, MAX_DEPTH, "How many citations to follow; 2 has what is cited together with it.", 1),
        "limit": _number(0, MAX_LIMIT, "How many articles.", 50),
        "as_of": _FILTERS["as_of"],
    },
    ("reference",),
)
FACETS_OF = Arguments(
    {
        "field": _choice(FACET_FIELDS, "What to count by."),
        "text": _QUERY,
        "limit": _number(1, MAX_VALUES, "How many values.", 10),
        **_FILTERS,
    },
    ("field",),
)
TIMELINE = Arguments({"text": _QUERY, "interval": {**_INTERVAL, "default": "month"}, **_FILTERS})
