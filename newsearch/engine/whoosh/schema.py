"""What the index keeps of each document, as a Whoosh schema.

    schema = make_schema("english")

A document is one of five kinds (`DocumentKind`). Items and related articles are what people search; the other three
carry what the index has to remember in the same atomic commit: files whose address belongs to another file, files that
could not be read, and one document about the index itself. They have no terms, so no query finds them.

    text fields     title excerpt topics body related        terms with positions, and a length column each
    keyword fields  id path provider domain topic type category cites      terms alone; what constraints ask for
    columns         one value a document, below
    record          the whole item or related article as JSON (newsearch.engine.whoosh.records)

`SCHEMA_VERSION` goes up with every change that an older or newer newsearch would misread.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum

from whoosh import analysis, columns, fields, formats

from newsearch.engine.whoosh.analysis import Analyzer

__all__ = [
    "BYTES_COLUMNS",
    "KEYWORD_FIELDS",
    "MISSING",
    "MISSING_DATE",
    "NUMBER_COLUMNS",
    "SCHEMA_VERSION",
    "TEXT_FIELDS",
    "DocumentKind",
    "FieldText",
    "language_of",
    "length_column",
    "make_schema",
]

SCHEMA_VERSION = 1

TEXT_FIELDS = ("title", "excerpt", "topics", "body", "related")
"""In the order in which their weighted frequencies are added."""

KEYWORD_FIELDS = ("id", "path", "provider", "domain", "topic", "type", "category", "cites")

MISSING = -(2**31)
"""Stands in the columns of quality and heat for a value that is not there."""

MISSING_DATE = -(2**63)
"""Stands in the column of dates for one that is not there; every year that a date can have lies far from it."""


class DocumentKind(IntEnum):
    """What a document of the index is."""

    ITEM = 0
    RELATED = 1
    DUPLICATE = 2
    FAULT = 3
    STATE = 4


NUMBER_COLUMNS: dict[str, tuple[str, int]] = {
    "kind": ("B", 255),
    "key": ("Q", 0),
    "date": ("q", MISSING_DATE),
    "quality": ("i", MISSING),
    "heat": ("i", MISSING),
    "published": ("b", -1),
    "has_image": ("B", 0),
    "cites_count": ("H", 0),
    "first_indexed": ("q", 0),
    **{f"length_{name}": ("I", 0) for name in TEXT_FIELDS},
}
"""Name, struct type code and default of each number column.

Times are UTC epoch seconds; published is 1, 0 or, where unknown, -1.
"""

BYTES_COLUMNS = ("citations", "source", "record")
"""The keys of the articles an item cites (unsigned 64 bit, little endian), its source file, and its record."""


def length_column(field: str) -> str:
    """The column that has the exact length of a text field, stop words left out."""
    return f"length_{field}"


class FieldText:
    """A text field's value already analysed: each term with its ascending positions."""

    __slots__ = ("positions",)

    def __init__(self, positions: dict[str, list[int]]) -> None:
        self.positions = positions


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
    """A field of words with positions. Takes text or, from the writer, a FieldText."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__(formats.Positions(), _StockAnalyzer(analyzer), scorable=True, multitoken_query="phrase")

    def index(self, value: str | FieldText, **options: object) -> Iterator[tuple[bytes, int, float, bytes]]:
        if not isinstance(value, FieldText):
            yield from super().index(value, **options)
            return
        for term, positions in value.positions.items():
            yield term.encode(), len(positions), float(len(positions)), self.format.encode(positions)


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
        schema.add(name, _TextField(analyzer))
    for name in KEYWORD_FIELDS:
        schema.add(name, _KeywordField())
    for name, (typecode, default) in NUMBER_COLUMNS.items():
        schema.add(name, fields.COLUMN(columns.NumericColumn(typecode, default=default)))
    for name in BYTES_COLUMNS:
        schema.add(name, fields.COLUMN(columns.VarBytesColumn()))
    return schema


def language_of(schema: fields.Schema) -> str:
    """The language an index was made for."""
    analyzer: _StockAnalyzer = schema["title"].analyzer
    return analyzer.analyzer.language
