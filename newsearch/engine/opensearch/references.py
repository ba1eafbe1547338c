"""Which article somebody means by an id, an address or a path.

    find_article("https://salon.com/2020/ban", server)          # "8eqtc2rdxa4tn"

What an article shows is `finding`'s.
"""

from newsearch.engine.opensearch.server import Server
from newsearch.errors import AmbiguousId, ArticleNotFound
from newsearch.items.ids import article_id, article_key, parse_id_prefix
from newsearch.items.urls import address_of, path_address

__all__ = ["find_article"]

_CANDIDATES_NAMED = 5


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
