"""The schema as Whoosh knows it: what a table of contents keeps, and stock Whoosh reads an index by.

    schema = make_schema("english")

The names and what they mean are `newsearch.engine.whoosh.schema`'s. A search does without this module.
"""

from collections.abc import Iterable, Iterator

from whoosh import analysis, columns, fields, formats

from newsearch.engine.whoosh.analysis import Analyzer
from newsearch.engine.whoosh.schema import KEYWORD_FIELDS, NUMBERS, TEXT_FIELDS

__all__ = ["language_of", "make_schema"]

_HOME = "newsearch.engine.whoosh.schema"
"""Where every index that was ever written says that the classes below are; that module finds them here."""


class _StockAnalyzer(analysis.Analyzer):  # type: ignore[misc]  # noqa: PLW1641 - never hashed
    """Our analyzer as Whoosh's own query parser and highlighter call one."""

    __module__ = _HOME

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

    __module__ = _HOME

    def __init__(self, analyzer: Analyzer, *, stored: bool) -> None:
        stock = _StockAnalyzer(analyzer)
        super().__init__(formats.Positions(), stock, scorable=True, stored=stored, multitoken_query="phrase")


class _KeywordField(fields.FieldType):  # type: ignore[misc]
    """A field of whole values, each a term; takes any number of them."""

    __module__ = _HOME

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
