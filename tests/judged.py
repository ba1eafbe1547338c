"""Articles as the judge of queries takes them, their words read by the engine's own analyzer.

found = {one.id for one in judged(oracle.articles(files)) if matches(tree, one, match="all", reading=READING)}
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, cast

from newsearch.engine.rules.analysis import POSITION_GAP, Analyzer, fold
from newsearch.items.ids import article_id, article_key, parse_id_prefix
from newsearch.items.urls import address_of
from newsearch.query.judge import Article, Token
from tests import oracle

__all__ = ["READING", "judged", "tokens"]


class EngineReading:
    """Texts as the engine's analyzer reads them."""

    def __init__(self, language: str = "english") -> None:
        self.analyzer = Analyzer(language)

    def words(self, text: str, *, capitals: bool) -> Sequence[tuple[str, str]]:
        terms = self.analyzer.terms(text, capitals=capitals)
        written = [pair for piece in text.split() for pair in self.analyzer.written_terms(piece)]
        return [(word, term) for (word, _), term in zip(written, terms, strict=True)]

    def is_stop(self, term: str) -> bool:
        return self.analyzer.is_stop(term)

    def alternatives(self, term: str) -> Sequence[str]:
        return self.analyzer.alternatives(term)

    def fold(self, text: str) -> str:
        return fold(text)

    def address(self, url: str) -> str | None:
        return address_of(url)

    def id_prefix(self, text: str) -> str | None:
        return parse_id_prefix(text)


READING = EngineReading()


def tokens(values: Iterable[str]) -> list[Token]:
    """The tokens of a field's values, at the positions that the engine gives them."""
    found: list[Token] = []
    start = 0
    for value in values:
        words = READING.words(value, capitals=value.isupper())
        found += [Token(term, written, start + place) for place, (written, term) in enumerate(words)]
        start += max(len(words) - 1, 0) + POSITION_GAP
    return found


def judged(articles: Mapping[str, oracle.Article]) -> list[Article]:
    """The articles of an archive, for the judge."""
    return [_judged(one) for one in articles.values()]


def _judged(one: oracle.Article) -> Article:
    provider = {fold(value) for value in one.provider.values()}
    return Article(
        words={name: tokens(map(" ".join, values)) for name, values in one.text.items()},
        kind=cast(Literal["item", "related"], one.kind),
        id=article_id(article_key(one.address)),
        address=one.address,
        date=one.date,
        quality=one.quality,
        heat=one.heat,
        published=one.published,
        image=one.image,
        cites=bool(one.cites),
        paths=frozenset() if one.path is None else {one.path},
        keywords={
            "provider": provider,
            "domain": {fold(one.provider["domain"])} if "domain" in one.provider else frozenset(),
            "topic": set(map(fold, one.topics)),
            "type": {fold(one.type)} if one.type else frozenset(),
        },
    )
