"""Items and related articles as documents of the cluster.

    source = Documents(Analyzer("english")).of_item(item, path="2020/ban.md", first_indexed=1_601_510_400)

A document has what is searched, as terms; the numbers that rank and filter; and the record that hits are made of.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from newsearch.engine.opensearch.mapping import LENGTH, TEXT, WRITTEN
from newsearch.engine.opensearch.records import Record, item_record, related_record
from newsearch.engine.rules.analysis import Analyzer, fold
from newsearch.engine.rules.keywords import domain_terms, join_provider, provider_terms, publisher
from newsearch.engine.rules.timeline import units_of
from newsearch.items.ids import article_id, article_key
from newsearch.model import NewsItem, RelatedArticle
from newsearch.query.dates import to_seconds
from newsearch.query.fields import TEXT_FIELDS

__all__ = ["ALWAYS", "Documents", "Source"]

Source: TypeAlias = dict[str, Any]

ALWAYS = -(2**62)
"""Since when an article is visible that has no date."""

_LONGEST_KEYWORD = 8000


class Documents:
    """Makes the documents of one language."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    def of_item(self, item: NewsItem, *, path: str, first_indexed: int) -> Source:
        """A file's article."""
        related = [text for one in item.related for text in (one.title, one.excerpt)]
        texts = ((item.title,), (item.excerpt,), item.topics, (item.body,), related)
        source = self._document(item, item_record(item), dict(zip(TEXT_FIELDS, texts, strict=True)), first_indexed)
        source["kind"] = "item"
        source["path"] = path
        source["visible_from"] = source.get("date", ALWAYS)
        cites = list(dict.fromkeys(article_id(article_key(one.address)) for one in item.related))
        _put(source, cites=cites, topic=_folded(item.topics), topic_listed=_keywords(item.topics))
        _put(source, category=_folded([item.category] if item.category is not None else []))
        _put(source, heat=item.heat, published=item.published)
        return _fingerprinted(source)

    def of_related(self, related: RelatedArticle, *, cited_from: int, first_indexed: int) -> Source:
        """An article known by citation alone; `cited_from` is when the first item that cites it appeared."""
        texts: dict[str, Sequence[str]] = {"title": (related.title,), "excerpt": (related.excerpt,)}
        source = self._document(related, related_record(related), texts, first_indexed)
        source["kind"] = "related"
        source["visible_from"] = max(source.get("date", ALWAYS), cited_from)
        return _fingerprinted(source)

    def _document(
        self, one: NewsItem | RelatedArticle, record: Record, texts: dict[str, Sequence[str]], first_indexed: int
    ) -> Source:
        source: Source = {
            "id": article_id(article_key(one.address)),
            "record": record,
            "first_indexed": first_indexed,
            "image": bool(one.images),
            **self._analysed(texts),
        }
        seconds = to_seconds(one.date)
        if seconds is not None:
            source |= {"date": seconds, **units_of(seconds)}
        _put(source, quality=one.quality)
        listed = join_provider(one.provider)
        if listed is not None:
            source["provider"] = _keywords(provider_terms(listed))
            source["provider_listed"] = _keywords([listed])
            told = publisher(listed)
            _put(source, domain=_keywords(domain_terms(listed)), publisher=_keywords([told.identity] if told else []))
        if one.type is not None:
            _put(source, type=_folded([one.type]), type_listed=_keywords([one.type]))
        return source

    def _analysed(self, texts: dict[str, Sequence[str]]) -> Source:
        analyzer = self._analyzer
        all_terms: set[str] = set()
        all_words: set[str] = set()
        own: set[str] = set()
        text: dict[str, list[str]] = {}
        written: dict[str, list[str]] = {}
        length: dict[str, int] = {}
        stop_words, word_of = analyzer.stop_words, analyzer.written
        for field, values in texts.items():
            lines, words, count = [], [], 0
            for value in values:
                tokens = list(analyzer.tokens(value)) if value else []
                if not tokens:
                    continue
                terms = [token.term for token in tokens]
                as_written = [word_of(value[token.start : token.end]) for token in tokens]
                lines.append(" ".join(terms))
                words.append(" ".join(as_written))
                all_terms.update(terms)
                if field != "related":
                    own.update(terms)
                all_words.update(as_written)
                count += sum(term not in stop_words for term in terms)
            if lines:
                text[field], written[field] = lines, words
                if count:
                    length[field] = count
        all_terms.discard("")
        all_words.discard("")
        words_once = sorted(all_words)
        return {
            TEXT: text,
            WRITTEN: written,
            LENGTH: length,
            "terms": sorted(all_terms),
            "own": sorted(term for term in own if term and term not in stop_words and not term.isdigit()),
            "words": words_once,
        }


def _put(source: Source, **values: object) -> None:
    """Add what is known."""
    source.update({name: value for name, value in values.items() if value is not None and value != []})


def _folded(values: Iterable[str]) -> list[str]:
    return _keywords(dict.fromkeys(map(fold, values)))


def _keywords(values: Iterable[str]) -> list[str]:
    return [value for value in values if value and len(value) <= _LONGEST_KEYWORD]


def _fingerprinted(source: Source) -> Source:
    """With a digest of what it was made of, so that a document that would be the same is not written again."""
    told = json.dumps([source["kind"], source["record"], source["visible_from"], source.get("path")], sort_keys=True)
    source["made_of"] = hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return source
