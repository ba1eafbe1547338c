"""The names of the query language: its fields, and the values of those that have few.

    FIELDS                          every name that may stand before a colon
    nearest("provdier", FIELDS)     "provider"

It knows nothing of how a value is read (`newsearch.query.values`) or of what the engine does with it.
"""

from collections.abc import Iterable, Sequence

__all__ = [
    "FIELDS",
    "HAS_VALUES",
    "IS_VALUES",
    "KEYWORD_FIELDS",
    "KINDS",
    "NUMBER_FIELDS",
    "TEXT_FIELDS",
    "foreign_sign",
    "nearest",
    "not_one_of",
    "shown",
    "written_as",
]

TEXT_FIELDS = ("title", "excerpt", "topics", "body", "related")
"""Fields whose words are searched and score, in the order in which their weighted frequencies are added."""

KEYWORD_FIELDS = ("provider", "domain", "topic", "type", "category", "id", "url", "kind", "path")
"""Fields compared as a whole; they select and score nothing."""

NUMBER_FIELDS = ("quality", "heat")

KINDS = ("item", "related")
IS_VALUES = (*KINDS, "published")
HAS_VALUES = ("image", "related")

FIELDS = (*TEXT_FIELDS, *KEYWORD_FIELDS, *NUMBER_FIELDS, "date", "is", "has")

_SHOWN_LENGTH = 40

# What other programs and our own options call a filter.
_FORMS = {
    **dict.fromkeys(("since", "after", "newer"), "date:>={}"),
    **dict.fromkeys(("until", "before", "older"), "date:<={}"),
    **dict.fromkeys(("site", "host", "hostname"), "domain:{}"),
    **dict.fromkeys(("source", "publisher", "outlet"), "provider:{}"),
    **dict.fromkeys(("tag", "tags", "keyword"), "topic:{}"),
    **dict.fromkeys(("intitle", "headline", "subject"), "title:{}"),
    **dict.fromkeys(("intext", "inbody", "text", "content"), "body:{}"),
    "min_quality": "quality:>={}",
    "inurl": "url:{}",
    "filename": "path:{}",
}


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like `word`, or None where none looks like it."""
    # difflib costs two milliseconds to import, and only a mistyped query needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    found = get_close_matches(word[:_SHOWN_LENGTH].lower(), list(choices), n=1)
    return found[0] if found else None


def not_one_of(value: str, choices: Sequence[str]) -> str:
    """What is to be said, after the name of an option, of a value that is none of its choices."""
    near = nearest(value, choices) if len(choices) > 1 else None
    return f"is {shown(value)}; it must be {' or '.join(choices)}{f'; the nearest is {near}' if near else ''}."


_FOREIGN_OPERATORS = {"||": "OR", "&&": "AND"}


def foreign_sign(word: str) -> str | None:
    """How the sign that other programs know on or as `word` is written here, None where there is none."""
    if operator := _FOREIGN_OPERATORS.get(word):
        return f"to combine words, write {operator}"
    if word[:1] == "!" and word[1:2].isalnum():
        return "to leave a word out, write a hyphen before it: -word"
    if word[-1:] == "^" and word[:1].isalnum():
        return "a weight is a number, as in word^2"
    return None


def written_as(name: str, value: str) -> str | None:
    """How a filter that others call `name` is written here, None for a name nobody uses; `…` for a long value."""
    form = _FORMS.get(name)
    return form and form.format(value if 0 < len(value) <= _SHOWN_LENGTH and value.isprintable() else "…")


def shown(text: str) -> str:
    """`text` in quotes, fit for one line of a message: at most 40 characters, none of them unprintable."""
    cut = text if len(text) <= _SHOWN_LENGTH else text[: _SHOWN_LENGTH - 1] + "…"
    mark = "'" if '"' in cut else '"'
    return mark + "".join(char if char.isprintable() else " " for char in cut) + mark
