"""Which article somebody means, and what an index holds altogether.

find_article("https://salon.com/2020/ban", server)          # "8eqtc2rdxa4tn"
survey(searcher, state, "english")
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from newsearch.engine.opensearch.mapping import SCHEMA_VERSION
from newsearch.engine.opensearch.server import Server
from newsearch.errors import AmbiguousId, ArticleNotFound
from newsearch.items.ids import article_id, article_key, parse_id_prefix
from newsearch.items.urls import address_of, path_address
from newsearch.model import IndexStats
from newsearch.model.reports import ITEM_SOURCES
from newsearch.query.dates import from_seconds

if TYPE_CHECKING:
    from newsearch.engine.opensearch.search import Searcher

__all__ = ["find_article", "survey"]

_CANDIDATES_NAMED = 5
_COUNTED = ("words", "domain", "topic")


def find_article(reference: str, server: Server) -> str:
    """The id of the article that somebody means. Raises ArticleNotFound, AmbiguousId."""
    prefix = parse_id_prefix(reference)
    if prefix is not None:
        body = {"query": {"prefix": {"id": prefix}}, "size": _CANDIDATES_NAMED, "sort": ["id"], "_source": ["id"]}
        found = [hit["_source"]["id"] for hit in server.search(server.articles, body)["hits"]["hits"]]
        if len(found) > 1:
            raise AmbiguousId(reference, found)
        if found:
            return str(found[0])
    addresses = [address for address in (address_of(reference), path_address(reference), reference) if address]
    ids = [article_id(article_key(address)) for address in dict.fromkeys(addresses)]
    known = server.documents(server.articles, ids, ["id"])
    for identity in ids:
        if identity in known:
            return identity
    # A file whose address belongs to another file leads to that one's article.
    body = {"query": {"term": {"path": reference}}, "size": 10, "_source": ["key"]}
    for hit in server.search(server.files, body)["hits"]["hits"]:
        key = hit["_source"].get("key")
        if key is not None and server.documents(server.articles, [key], ["id"]):
            return str(key)
    raise ArticleNotFound(f"No article has the id, address or path {reference!r}.")


def survey(searcher: "Searcher", state: Mapping[str, Any], language: str) -> IndexStats:
    """The state and size of an index; `state` is what its last commit says of itself."""
    server, live = searcher.server, searcher.live
    distinct = {name: {"cardinality": {"field": name, "precision_threshold": 40_000}} for name in _COUNTED}
    ends = {"oldest": {"min": {"field": "date"}}, "newest": {"max": {"field": "date"}}}
    found = live.ask({"size": 0, "query": live.among(), "aggs": {**distinct, **ends}})["aggregations"]
    sizes = [server.sizes(server.articles), server.sizes(server.files)]
    roots = server.search(server.files, {"size": 0, "aggs": {"roots": {"terms": {"field": "root", "size": 1000}}}})
    faults = server.search(server.files, {"size": 0, "query": {"term": {"kind": "fault"}}, "track_total_hits": True})
    oldest, newest = found["oldest"]["value"], found["newest"]["value"]
    return IndexStats(
        path=server.name,
        schema_version=SCHEMA_VERSION,
        language=language,
        items=state["items"],
        articles=state["articles"],
        duplicates=state["duplicates"],
        skipped=int(faults["hits"]["total"]["value"]),
        segments=int(sizes[0]["segments"]["count"]),
        deleted=int(sizes[0]["docs"]["deleted"]),
        bytes=sum(int(size["store"]["size_in_bytes"]) for size in sizes),
        terms=int(found["words"]["value"]),
        providers=int(found["domain"]["value"]),
        topics=int(found["topic"]["value"]),
        oldest=None if oldest is None else from_seconds(int(oldest)),
        newest=None if newest is None else from_seconds(int(newest)),
        median_quality=live.median_quality,
        updated=searcher.state.updated,
        roots=tuple(sorted(_named(bucket["key"]) for bucket in roots["aggregations"]["roots"]["buckets"])),
    )


def _named(root: str) -> str:
    """A folder from the root of all, for an address is no folder that it could be named from; a source as it is."""
    return root if root.startswith(ITEM_SOURCES) else f"/{root}"
