"""What the index keeps of each document, and how Whoosh sees it.

    schema = make_schema("english")

A document is one of five kinds (`DocumentKind`). Items and related articles are what people search; the other three
carry what the index has to remember in the same atomic commit: files whose address belongs to another file, files that
could not be read, and one document about the index itself. They have no terms, so no query finds them.

    text fields    title excerpt topics body related    terms with positions; lengths without stop words in NUMBERS
    numbers        one number a document
    key listings   the keys (newsearch.items.ids) of the article itself, and of those an item cites
    string listings    what constraints ask for and facets count, as written; `provider` is name, US, domain
    blobs          `shown` is what a hit shows, `record` what is nowhere else (newsearch.engine.whoosh.records), `path`
                   and `digest` the file's

For Whoosh, text fields and `KEYWORD_FIELDS` have terms, those of keyword fields folded, and numbers are columns.
`SCHEMA_VERSION` goes up with every change that an older or newer newsearch would misread.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum

from whoosh import analysis, columns, fields, formats

from newsearch.engine.whoosh.analysis import Analyzer

__all__ = [
    "BLOBS",
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
    "UNIT",
    "DocumentKind",
    "language_of",
    "length_column",
    "make_schema",
]

SCHEMA_VERSION = 3

TEXT_FIELDS = ("title", "excerpt", "topics", "body", "related")
"""In the order in which their weighted frequencies are added."""

KEY_LISTINGS = ("id", "cites")
STRING_LISTINGS = ("provider", "topic", "type", "category", "root")
BLOBS = ("shown", "path", "record", "digest")

KEYWORD_FIELDS = ("id", "cites", "provider", "domain", "topic", "type", "category")
"""The keyword fields that Whoosh's queries can name."""

MISSING = -(2**31)
"""Stands for a quality or heat that is not there."""

MISSING_DATE = -(2**63)
"""Stands for a date that is not there; every year that a date can have lies far from it."""

UNIT = "\x1f"
"""Separates the parts of one string: a provider's name and domain."""


class DocumentKind(IntEnum):
    """What a document of the index is."""

    ITEM = 0
    RELATED = 1
    DUPLICATE = 2
    FAULT = 3
    STATE = 4


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


class _StockAnalyzer(analysis.Analyzer):  # type: ignore[misc]  # noqa: PLW1641 - never hashed
    """Our analyzer as Whoosh's own query parser and highlighter call one."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.analyzer = analyzer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _StockAnalyzer) and other.analyzer == self.analyzer

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, mode: str = "", **_: object
    ) -> Iterator[analysis.Token]:
        token = analysis.Token(positions, chars, mode=mode)
        for found in self.analyzer.tokens(value):
            token.text, token.boost, token.stopped = found.term, 1.0, False
            token.pos, token.startchar, token.endchar = found.position, found.start, found.end
            yield token


class _TextField(fields.FieldType):  # type: ignore[misc]
    """A field of words with positions."""

    def __init__(self, analyzer: Analyzer, *, stored: bool) -> None:
        stock = _StockAnalyzer(analyzer)
        super().__init__(formats.Positions(), stock, scorable=True, stored=stored, multitoken_query="phrase")


class _KeywordField(fields.FieldType):  # type: ignore[misc]
    """A field of whole values, each a term; takes any number of them."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), analysis.IDAnalyzer(), unique=False)

    def index(self, value: str | Iterable[str], **_: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term in dict.fromkeys([value] if isinstance(value, str) else value):
            yield term.encode(), 1, 1.0, b""


def make_schema(language: str) -> fields.Schema:
    """The schema of an index for texts of one language. Raises ConfigError for a language that is not known."""
    analyzer = Analyzer(language)
    schema = fields.Schema()
    for name in TEXT_FIELDS:
        schema.add(name, _TextField(analyzer, stored=name in ("title", "excerpt")))
    for name in KEYWORD_FIELDS:
        schema.add(name, _KeywordField())
    for name in NUMBERS:
        schema.add(name, fields.COLUMN(columns.NumericColumn("q")))
    for name in ("url", "path"):
        schema.add(name, fields.STORED())
    return schema


def language_of(schema: fields.Schema) -> str:
    """The language an index was made for."""
    analyzer: _StockAnalyzer = schema["title"].analyzer
    return analyzer.analyzer.language
