"""Completions of what somebody began to type: words as written, topics, providers.

    complete("facial rec", searcher, limit=10, kinds=("word",), now=now)

As on the embedded engine, but that of the forms of a word the one that most articles have stands for all of them, where
that takes the one that is written most often.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from newsearch.engine.opensearch.view import Query
from newsearch.engine.rules.analysis import fold
from newsearch.engine.rules.completion import beginning, last_word, values_of
from newsearch.model import Completion, CompletionKind, SearchRequest

if TYPE_CHECKING:
    from newsearch.engine.opensearch.search import Searcher

__all__ = ["complete"]

_CANDIDATES = 1000
_SIGNS = re.compile(r"[^\w]")


def complete(
    prefix: str, searcher: "Searcher", *, limit: int, kinds: Sequence[CompletionKind], now: datetime
) -> tuple[Completion, ...]:
    """The `limit` completions that most articles have, ties alphabetical."""
    found: list[Completion] = []
    if "word" in kinds:
        found += _words(prefix, searcher, now)
    for kind in kinds:
        if kind != "word":
            found += _values(kind, " ".join(fold(prefix).split()), searcher)
    found = [one for one in found if one.count]
    return tuple(sorted(found, key=lambda one: (-one.count, one.text, one.kind))[:limit])


def _words(prefix: str, searcher: "Searcher", now: datetime) -> Iterator[Completion]:
    before, begun = last_word(prefix)
    analyzer = searcher.analyzer
    pairs = analyzer.written_terms(begun)
    if len(pairs) > 1 or (begun and not pairs):
        return
    start = pairs[0][0] if pairs else ""
    # What was typed already is no completion, in whatever form.
    seen = set(analyzer.terms(before))
    within: list[Query] = []
    if before.strip():
        within = [searcher.find(SearchRequest(before, match="all"), now=now).matching()]
    listed = {"field": "words", "size": _CANDIDATES, "include": _SIGNS.sub(r"\\\g<0>", start) + ".*"}
    body = {"size": 0, "query": searcher.live.among(*within), "aggs": {"words": {"terms": listed}}}
    chosen: dict[str, str] = {}
    for bucket in searcher.live.ask(body | {"track_total_hits": False})["aggregations"]["words"]["buckets"]:
        terms = analyzer.terms(bucket["key"])
        if len(terms) == 1 and terms[0] not in seen and not analyzer.is_stop(terms[0]):
            seen.add(terms[0])
            chosen[terms[0]] = bucket["key"]
    having: list[Query] = [{"terms": {"terms": list(analyzer.alternatives(term))}} for term in chosen]
    queries = [{"bool": {"filter": [*within, one]}} for one in having] if within else having
    for word, count in zip(chosen.values(), searcher.live.counts(queries), strict=True):
        yield Completion(before + word, "word", count)


def _values(kind: Literal["topic", "provider"], prefix: str, searcher: "Searcher") -> Iterator[Completion]:
    chosen = beginning(prefix, values_of(kind, searcher.facets.writings(kind).items()))
    counts = searcher.live.counts([{"term": {kind: value.term}} for value in chosen])
    for value, count in zip(chosen, counts, strict=True):
        yield Completion(value.text, kind, count)
