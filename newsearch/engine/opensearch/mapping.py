"""What the cluster's indices are made of.

    server.create("news-articles-1", articles_body(shards=3, replicas=1))

Texts are analysed by newsearch and not by the cluster: what is sent are terms with blanks between them, and the only
thing the cluster does is to take them apart there. So a word is the same word on both engines, with every language's
stemmer, and a term stands at the same position. Each text field is there twice: `text` has terms and positions,
`written` words as written, which prefixes, patterns and misspelt words are looked up in.

A term's score is its frequency, by a similarity of our own: the formula (`newsearch.ranking`) is applied on top, in a
script, to exact lengths. No norms and none of the cluster's statistics are used, so the number of shards changes no
score.
"""

from typing import Any

from newsearch.query.fields import TEXT_FIELDS

__all__ = ["LENGTH", "MAX_PAGE", "SCHEMA_VERSION", "TEXT", "WRITTEN", "articles_body", "files_body"]

SCHEMA_VERSION = 1

TEXT, WRITTEN, LENGTH = "text", "written", "length"
"""The objects that hold, for each text field, its terms, its words as written, and its length without stop words."""

MAX_PAGE = 10_000
"""Hits that one request to the cluster may pass over and give."""


def articles_body(*, shards: int, replicas: int, language: str) -> dict[str, Any]:
    """Settings and mapping of an index of articles."""
    keyword = {"type": "keyword"}
    folded = {"type": "keyword", "ignore_above": 8000}
    text = {"type": "text", "analyzer": "terms", "norms": False, "similarity": "frequency"}
    unread = {"type": "keyword", "doc_values": False, "index": False}
    long = {"type": "long"}
    return {
        "settings": {
            "index": {
                "number_of_shards": shards,
                "number_of_replicas": replicas,
                "refresh_interval": "30s",
                "max_result_window": MAX_PAGE,
                "similarity": {
                    "frequency": {"type": "scripted", "script": {"source": "return query.boost * doc.freq;"}}
                },
                "analysis": {"analyzer": {"terms": {"type": "custom", "tokenizer": "whitespace"}}},
            }
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"newsearch": SCHEMA_VERSION, "language": language},
            # What can be made again of the record is not kept besides.
            "_source": {"includes": ["id", "kind", "record", "first_indexed", "made_of"]},
            "properties": {
                "id": keyword,
                TEXT: {"properties": dict.fromkeys(TEXT_FIELDS, text)},
                WRITTEN: {"properties": {field: {**text, "index_options": "freqs"} for field in TEXT_FIELDS}},
                LENGTH: {"properties": {field: {"type": "integer"} for field in TEXT_FIELDS}},
                "terms": {"type": "keyword", "doc_values": False},
                # What typical words are counted by: of the article's own text, neither stop words nor numbers.
                "own": {"type": "keyword", "index": False},
                "words": keyword,
                "kind": keyword,
                "date": long,
                "visible_from": long,
                "day": {"type": "integer"},
                "week": {"type": "integer"},
                "month": {"type": "integer"},
                "year": {"type": "integer"},
                "quality": {"type": "integer"},
                "heat": {"type": "integer"},
                "published": {"type": "boolean"},
                "image": {"type": "boolean"},
                "first_indexed": long,
                "provider": folded,
                "provider_listed": folded,
                "publisher": folded,
                "domain": folded,
                "topic": folded,
                "topic_listed": folded,
                "type": folded,
                "type_listed": folded,
                "category": folded,
                "path": folded,
                "cites": keyword,
                "made_of": unread,
                "record": {"type": "object", "enabled": False},
            },
        },
    }


def files_body(*, shards: int, replicas: int) -> dict[str, Any]:
    """Settings and mapping of an index of files: what was read of each, and what the index says of itself."""
    keyword = {"type": "keyword"}
    return {
        "settings": {"index": {"number_of_shards": shards, "number_of_replicas": replicas, "refresh_interval": "30s"}},
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "root": keyword,
                "path": keyword,
                "size": {"type": "long", "index": False},
                "mtime": {"type": "long", "index": False},
                "digest": {"type": "keyword", "index": False, "doc_values": False},
                "kind": keyword,
                "key": keyword,
                "cites": keyword,
                # Addresses that this file, or what it was before, decides about, until that is decided.
                "pending": keyword,
                "fault": {"type": "object", "enabled": False},
                "record": {"type": "object", "enabled": False},
                "state": {"type": "object", "enabled": False},
            },
        },
    }
