"""What an index on a cluster holds, and how large it is: its primary shards, the files' too.

    stats_of(searcher)

Counts of a query's matches are `facets`'.
"""

from newsearch.engine.opensearch.mapping import SCHEMA_VERSION
from newsearch.engine.opensearch.search import Searcher
from newsearch.model import IndexStats
from newsearch.model.reports import ITEM_SOURCES
from newsearch.query.dates import from_seconds

__all__ = ["stats_of"]

_COUNTED = ("words", "domain", "topic")


def stats_of(searcher: Searcher) -> IndexStats:
    """The state and size of an index."""
    server, live, state = searcher.server, searcher.live, searcher.committed
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
        language=searcher.analyzer.language,
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
