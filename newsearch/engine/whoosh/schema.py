"""What the index keeps of each document, and how Whoosh sees it.

    NUMBERS, TEXT_FIELDS, DocumentKind.RELATED

A document is one of six kinds (`DocumentKind`). Items and related articles are what people search; the other four
carry what the index has to remember in the same atomic commit: files whose address belongs to another file, files that
could not be read, files whose lines are items, and one document about the index itself. They have no terms, so no query
finds them.

    text fields    TEXT_FIELDS, in this order everywhere    terms with positions; lengths without stop words in NUMBERS
    numbers        one number a document
    key listings   the keys (newsearch.items.ids) of the article itself, and of those an item cites;
                   what an item says of each of those stands beside them
    string listings    what constraints ask for and facets count, as written; `provider` is name and domain,
                   joined by newsearch.engine.rules.keywords
    blobs          `shown` is what a hit shows, `record` what is nowhere else (newsearch.engine.whoosh.records), `path`
                   and `digest` the file's

For Whoosh (`newsearch.engine.whoosh.stockschema`), text fields and `KEYWORD_FIELDS` have terms, those of keyword fields
folded, and numbers are columns.
`SCHEMA_VERSION` goes up with every change that an older or newer newsearch would misread.
"""

from enum import IntEnum

from newsearch.query.fields import TEXT_FIELDS

__all__ = [
    "BLOBS",
    "CITES",
    "GIVEN_NUMBERS",
    "KEYWORD_FIELDS",
    "KEY_LISTINGS",
    "MISSING",
    "MISSING_DATE",
    "NO_NUMBERS",
    "NUMBERS",
    "SCHEMA_VERSION",
    "STORED_NUMBERS",
    "STRING_LISTINGS",
    "TEXT_FIELDS",
    "DocumentKind",
    "length_column",
]

SCHEMA_VERSION = 4

CITES = "cites"
KEY_LISTINGS = ("id", CITES)
STRING_LISTINGS = ("provider", "topic", "type", "category", "root")
BLOBS = ("shown", "path", "record", "digest")

KEYWORD_FIELDS = ("id", "cites", "provider", "domain", "topic", "type", "category")
"""The keyword fields that Whoosh's queries can name."""

MISSING = -(2**31)
"""Stands for a quality or heat that is not there."""

MISSING_DATE = -(2**63)
"""Stands for a date that is not there; every year that a date can have lies far from it."""


class DocumentKind(IntEnum):
    """What a document of the index is."""

    ITEM = 0
    RELATED = 1
    DUPLICATE = 2
    FAULT = 3
    STATE = 4
    FILE = 5


def length_column(field: str) -> str:
    """The number that is the exact length of a text field, stop words left out."""
    return f"length_{field}"


GIVEN_NUMBERS = (
    "kind",
    "date",
    "quality",
    "heat",
    "published",
    "has_image",
    "first_indexed",
    "size",
    "mtime",
)
"""Times are UTC epoch seconds, `mtime` of the source file in nanoseconds; published is 1, 0 or, where unknown, -1."""

STORED_NUMBERS = ("date", "quality", "heat", "published")
"""Those of GIVEN_NUMBERS, next to each other in there, that an article is restored from."""

NUMBERS = (*GIVEN_NUMBERS, *map(length_column, TEXT_FIELDS))

NO_NUMBERS = (DocumentKind.STATE.value, MISSING_DATE, MISSING, MISSING, -1, 0, 0, 0, 0)
"""The numbers of a document that has none but its kind."""


def __getattr__(name: str) -> object:
    # Indexes name the classes of their fields by this module; what they are made of loads Whoosh.
    if name in ("_KeywordField", "_StockAnalyzer", "_TextField"):
        from newsearch.engine.whoosh import stockschema  # noqa: PLC0415

        found: object = getattr(stockschema, name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
