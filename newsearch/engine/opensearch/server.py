"""The cluster, asked over HTTP: what it answers, what it refuses, and what to do about that.

    server = Server.at("https://search.example:9200/news")
    server.search(server.articles, {"query": {"match_all": {}}})

The only module that knows the client library. Whatever the cluster or the network does wrong comes out as one of
newsearch's errors. Nothing here knows what is in an index.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Self, TypeVar

from newsearch.engine.opensearch.address import PASSWORD, USER, Address, read_address
from newsearch.errors import ExtraMissing, IndexAway, IndexMissing, IndexUnwritable, IndexVersionError, NewsearchError

__all__ = ["Server"]

Answer = TypeVar("Answer")
Json = dict[str, Any]

OLDEST = 3
"""The major version of OpenSearch that is needed at least."""

_TIMEOUT = 60.0
_REBUFFED = 429
_ATTEMPTS = 8
_LONGEST_WAIT = 20.0
_UNAVAILABLE = (502, 503, 504)
_BLOCKED = "cluster_block_exception"
"""What an index is that may not be written to, whatever the status says."""

_AUTHORITIES = "OPENSEARCH_CA_CERTS"


class Server:
    """A cluster and one index on it, which is two of the cluster's own: of articles, and of the files of them."""

    def __init__(self, client: Any, address: Address, *, patience: float = _LONGEST_WAIT) -> None:
        self._client = client
        self.address = address
        self._patience = patience

    @classmethod
    def at(cls, url: str, *, timeout: float = _TIMEOUT) -> Self:
        """The cluster at an address, if it answers and is of a version that will do.

        User and password come from the environment, TLS certificates are verified. `timeout` is in seconds, for each
        request. Raises ConfigError, ExtraMissing, IndexAway, IndexVersionError.
        """
        try:
            from opensearchpy import OpenSearch  # noqa: PLC0415 - an extra, which most installations do not have
        except ImportError:
            raise ExtraMissing(
                "An index on a cluster needs opensearch-py; install it with: pip install 'newsearch[opensearch]'"
            ) from None
        address = read_address(url)
        user, password = os.environ.get(USER), os.environ.get(PASSWORD)
        secure = address.nodes[0].startswith("https:")
        options: Json = {"verify_certs": True, "ca_certs": os.environ.get(_AUTHORITIES) or None} if secure else {}
        if user:
            options["http_auth"] = (user, password or "")
        client = OpenSearch(
            hosts=list(address.nodes),
            timeout=timeout,
            max_retries=max(2, len(address.nodes)),
            retry_on_timeout=False,
            retry_on_status=_UNAVAILABLE,
            http_compress=True,
            **options,
        )
        server = cls(client, address)
        server._check_version()
        return server

    @property
    def name(self) -> str:
        """Where it is, for people."""
        return f"{self.address.nodes[0]}/{self.address.name}"

    @property
    def articles(self) -> str:
        """The alias of the index of articles."""
        return f"{self.address.name}-articles"

    @property
    def files(self) -> str:
        """The alias of the index of files."""
        return f"{self.address.name}-files"

    # --- Reading ---

    def search(self, index: str, body: Json) -> Json:
        """A search of which every shard has to answer."""
        strict = {"allow_partial_search_results": "false"}
        found: Json = self._ask(lambda: self._client.search(index=index, body=body, params=strict))
        return found

    def searches(self, index: str, bodies: Sequence[Json]) -> list[Json]:
        """Several searches at once, answered in order."""
        if not bodies:
            return []
        lines: list[Json] = []
        for body in bodies:
            lines += [{"index": index, "allow_partial_search_results": False}, body]
        answers: list[Json] = self._ask(lambda: self._client.msearch(body=lines))["responses"]
        for answer in answers:
            if "error" in answer:
                raise self._away(str(answer["error"].get("reason") or answer["error"].get("type")))
        return answers

    def documents(self, index: str, ids: Sequence[str], fields: Sequence[str] | None = None) -> dict[str, Json]:
        """The sources of those documents that there are, by id."""
        if not ids:
            return {}
        params = {} if fields is None else {"_source_includes": ",".join(fields)}
        found = self._ask(lambda: self._client.mget(index=index, body={"ids": list(ids)}, params=params))
        return {one["_id"]: one["_source"] for one in found["docs"] if one.get("found")}

    def scan(self, index: str, query: Json, fields: Sequence[str], *, page: int = 2000) -> Iterable[tuple[str, Json]]:
        """All documents that match, as they are at one moment, in no order; ids and sources."""
        pit = self._ask(lambda: self._client.create_pit(index=index, params={"keep_alive": "5m"}))["pit_id"]
        after: list[Any] | None = None
        try:
            while True:
                body: Json = {"query": query, "size": page, "sort": ["_shard_doc"], "_source": list(fields)}
                body |= {"pit": {"id": pit, "keep_alive": "5m"}, "track_total_hits": False}
                if after is not None:
                    body["search_after"] = after
                hits = self._ask(partial(self._client.search, body=body))["hits"]["hits"]
                for hit in hits:
                    yield hit["_id"], hit["_source"]
                if len(hits) < page:
                    return
                after = hits[-1]["sort"]
        finally:
            self._ask(lambda: self._client.delete_pit(body={"pit_id": [pit]}))

    def pages(
        self, index: str, query: Json, *, sort: Sequence[str], fields: Sequence[str], page: int = 2000
    ) -> Iterator[Json]:
        """The sources of all documents that match, in the order of values that no two of them share."""
        body: Json = {"query": query, "size": page, "sort": list(sort), "_source": list(fields)}
        body["track_total_hits"] = False
        while True:
            hits = self.search(index, body)["hits"]["hits"]
            yield from (hit["_source"] for hit in hits)
            if len(hits) < page:
                return
            body["search_after"] = hits[-1]["sort"]

    def exists(self, index: str) -> bool:
        """Whether there is an index or alias of this name."""
        return bool(self._ask(lambda: self._client.indices.exists(index=index)))

    def behind(self, alias: str) -> list[str]:
        """The indices that an alias stands for."""
        if not self._ask(lambda: self._client.indices.exists_alias(name=alias)):
            return []
        return sorted(self._ask(lambda: self._client.indices.get_alias(name=alias)))

    def beginning(self, prefix: str) -> list[str]:
        """The indices whose names begin so."""
        return sorted(self._ask(lambda: self._client.indices.get(index=f"{prefix}*")))

    def sizes(self, index: str) -> Json:
        """What the cluster tells of an index's size: its statistics of primaries."""
        found: Json = self._ask(lambda: self._client.indices.stats(index=index))["_all"]["primaries"]
        return found

    def nodes(self) -> int:
        """How many nodes can hold shards."""
        return int(self._ask(self._client.cluster.health)["number_of_data_nodes"])

    def clause_limit(self) -> int:
        """How many clauses a query may have on this cluster."""
        try:
            found = self._client.cluster.get_settings(
                params={"include_defaults": "true", "filter_path": "*.indices.query.bool.max_clause_count"}
            )
        except Exception:  # noqa: BLE001 - a user may not be allowed to look; the cluster's default is safe
            return 1024
        for level in ("transient", "persistent", "defaults"):
            value = found.get(level, {}).get("indices", {}).get("query", {}).get("bool", {}).get("max_clause_count")
            if value is not None:
                return int(value)
        return 1024

    # --- Writing ---

    def create(self, index: str, body: Json, *, wait: bool = True) -> None:
        """Make an index, and `wait` until its first copy is somewhere."""
        params = {"wait_for_active_shards": "1" if wait else "0"}
        self._ask(lambda: self._client.indices.create(index=index, body=body, params=params))

    def create_document(self, index: str, identity: str, source: Json) -> bool:
        """Write a document that is not there yet; False if it is."""
        from opensearchpy.exceptions import ConflictError  # noqa: PLC0415 - as in `at`

        try:
            self._ask(
                lambda: self._client.index(
                    index=index, id=identity, body=source, params={"op_type": "create", "refresh": "true"}
                )
            )
        except ConflictError:
            return False
        return True

    def put(self, index: str, identity: str, source: Json, **conditions: Any) -> bool:
        """Write a document over what is there; False where a condition on its version does not hold."""
        from opensearchpy.exceptions import ConflictError  # noqa: PLC0415 - as in `at`

        try:
            self._ask(lambda: self._client.index(index=index, id=identity, body=source, params=conditions))
        except ConflictError:
            return False
        return True

    def read(self, index: str, identity: str) -> Json | None:
        """A document with its version, as it was last written; None where there is none."""
        from opensearchpy.exceptions import NotFoundError  # noqa: PLC0415 - as in `at`

        try:
            found: Json = self._ask(lambda: self._client.get(index=index, id=identity))
        except (NotFoundError, IndexMissing):
            return None
        return found

    def delete_document(self, index: str, identity: str) -> None:
        """Delete a document, if it is there."""
        self._ask(lambda: self._client.delete(index=index, id=identity, params={"ignore": 404, "refresh": "true"}))

    def bulk(self, operations: Sequence[Sequence[str]]) -> None:
        """Do many writes, in order for each document; those that the cluster had no room for again, ever later.

        A write is one or two lines of JSON. All of them are repeatable: ids are given. Raises IndexUnwritable.
        """
        left = list(operations)
        wait = 0.25
        for attempt in range(_ATTEMPTS):
            lines = "\n".join([line for one in left for line in one]) + "\n"
            answer = self._ask(partial(self._client.bulk, body=lines))
            if not answer["errors"]:
                return
            again = []
            for operation, item in zip(left, answer["items"], strict=True):
                ((kind, outcome),) = item.items()
                status = outcome["status"]
                if status in (_REBUFFED, *_UNAVAILABLE) and outcome["error"]["type"] != _BLOCKED:
                    again.append(operation)
                elif status >= 300 and not (kind == "delete" and status == 404):
                    raise self._unwritable(outcome.get("error", {}).get("reason") or str(status))
            if not again:
                return
            left = again
            if attempt < _ATTEMPTS - 1:
                time.sleep(wait)
                wait = min(wait * 2, self._patience)
        raise IndexAway(
            f"The cluster at {self.name} has been too busy to write for {_ATTEMPTS} attempts; what was acknowledged is "
            "kept. Run the same command again later: it goes on from there."
        )

    def refresh(self, index: str) -> None:
        """Let searches see what was written."""
        self._ask(lambda: self._client.indices.refresh(index=index))

    def set_settings(self, index: str, settings: Json) -> None:
        """Change settings of an index."""
        self._ask(lambda: self._client.indices.put_settings(index=index, body=settings))

    def swap(self, aliases: Mapping[str, str]) -> None:
        """Let each alias stand for one index and for no other, all at one moment."""
        actions: list[Json] = []
        for alias, index in aliases.items():
            actions += [{"remove": {"index": old, "alias": alias}} for old in self.behind(alias) if old != index]
            actions.append({"add": {"index": index, "alias": alias}})
        self._ask(lambda: self._client.indices.update_aliases(body={"actions": actions}))

    def drop(self, index: str) -> None:
        """Delete an index."""
        self._ask(lambda: self._client.indices.delete(index=index, params={"ignore_unavailable": "true"}))

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    # --- What goes wrong ---

    def _ask(self, ask: Callable[[], Answer]) -> Answer:
        """What the cluster answers, asked again while it says that it has too much to do."""
        from opensearchpy.exceptions import OpenSearchException  # noqa: PLC0415 - as in `at`

        wait, left = 0.25, _ATTEMPTS
        while True:
            try:
                return ask()
            except OpenSearchException as error:
                left -= 1
                if not left or not _is_busy(error):
                    meant = self._meant(error)
                    if meant is None:
                        raise
                    raise meant from None
            time.sleep(wait)
            wait = min(wait * 2, self._patience)

    def _meant(self, error: Exception) -> NewsearchError | None:
        """What an error of the client says to whoever uses newsearch; None for what only a caller here understands."""
        from opensearchpy import exceptions  # noqa: PLC0415 - as in `at`

        match error:
            case exceptions.NotFoundError() if "index_not_found" in str(error.error):
                return IndexMissing(f"There is no index at {self.name}; make one with: newsearch index")
            case exceptions.NotFoundError() | exceptions.ConflictError():
                return None
            case exceptions.SSLError():
                return IndexAway(
                    f"The certificate of the cluster at {self.name} is not to be trusted ({_reason(error)}); set "
                    f"{_AUTHORITIES} to the file of the authority that signed it."
                )
            case exceptions.TransportError() if error.error == _BLOCKED:
                return self._unwritable(_reason(error))
            case exceptions.AuthenticationException() | exceptions.AuthorizationException():
                return IndexAway(
                    f"The cluster at {self.name} does not let this user in ({_reason(error)}); "
                    f"set {USER} and {PASSWORD}."
                )
            case exceptions.TransportError():
                timed_out = isinstance(error, exceptions.ConnectionTimeout)
                return self._away("it did not answer in time" if timed_out else _reason(error))
        return None

    def _away(self, reason: str) -> IndexAway:
        return IndexAway(f"The cluster at {self.name} cannot be asked: {reason}.")

    def _unwritable(self, reason: str) -> IndexUnwritable:
        return IndexUnwritable(
            f"The index at {self.name} cannot be written: {reason.rstrip('.;')}. A cluster that was short of disk "
            "stays read-only until it has room and its block is taken away."
        )

    def _check_version(self) -> None:
        found = self._ask(self._client.info)["version"]
        number = str(found.get("number", "?"))
        major = number.partition(".")[0]
        if found.get("distribution") != "opensearch" or not major.isdecimal() or int(major) < OLDEST:
            what = found.get("distribution") or "elasticsearch"
            raise IndexVersionError(
                f"{self.address.nodes[0]} is {what} {number}; newsearch needs OpenSearch {OLDEST}.0 or later."
            )


def _is_busy(error: Any) -> bool:
    """Whether the same may be answered a little later."""
    status = getattr(error, "status_code", None)
    return status in (_REBUFFED, *_UNAVAILABLE) and error.error != _BLOCKED and not _lost(error)


def _lost(error: Any) -> bool:
    """Whether a search failed because no copy of a shard is there, and not because the cluster is busy."""
    told = str(getattr(error, "info", "")) + str(error)
    return "no_shard_available" in told or "NoShardAvailable" in told or "Search rejected due to missing shards" in told


def _reason(error: Any) -> str:
    """The cluster's own words for what is wrong, without the rest; plainer ones where shards are lost."""
    if _lost(error):
        return "some of the index's shards are on no node: its health is red"
    told = getattr(error, "info", None)
    if isinstance(told, dict):
        found = told.get("error")
        if isinstance(found, dict):
            causes = found.get("root_cause") or [found]
            return str(causes[0].get("reason") or found.get("type"))
        return str(found or told)
    return str(told or error).splitlines()[0].rstrip(".")
