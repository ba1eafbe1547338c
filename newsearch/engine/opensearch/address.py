"""Where an index on a cluster is, as one writes it.

    read_address("https://one.example:9200,https://two.example:9200/news?shards=3").nodes

User and password are no part of it: they come from the environment. Nothing here asks the cluster.
"""

from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from newsearch.errors import ConfigError

__all__ = ["DEFAULT_NAME", "PASSWORD", "USER", "Address", "read_address"]

DEFAULT_NAME = "news"
"""What an index is called whose address does not name one."""

USER, PASSWORD = "OPENSEARCH_USER", "OPENSEARCH_PASSWORD"
"""The variables of the environment that say who asks."""


class Address(NamedTuple):
    """Where an index is: the nodes to ask, any of which will do, and what the index is called.

    An index that is made there gets so many `shards`, and so many `replicas` of each besides the first copy; where that
    is None, one on a cluster of several nodes and none on a single one.
    """

    nodes: tuple[str, ...]
    name: str
    shards: int = 1
    replicas: int | None = None


def read_address(url: str) -> Address:
    """An address such as `https://one.example:9200,https://two.example:9200/news?shards=3`. Raises ConfigError."""
    nodes, name = [], ""
    url, _, query = url.partition("?")
    layout = _read_layout(query)
    for part in url.split(","):
        try:
            found = urlsplit(part.strip())
            port = found.port
        except ValueError:
            found, port = urlsplit(""), None
        if found.scheme not in ("http", "https") or not found.hostname:
            raise ConfigError(
                f"{part.strip()!r} is no address of a cluster; write for example http://127.0.0.1:9200/news"
            )
        if found.username or found.password:
            raise ConfigError(
                f"The address of the cluster has a user in it, which would stand in logs and lists of processes; "
                f"set the environment variables {USER} and {PASSWORD} instead."
            )
        host = f"[{found.hostname}]" if ":" in found.hostname else found.hostname
        nodes.append(f"{found.scheme}://{host}:{port or 9200}")
        name = found.path.strip("/") or name
    name = name or DEFAULT_NAME
    if name != name.lower() or name[0] in "-_+." or any(sign in name for sign in ' "*\\<|,>/?#:'):
        raise ConfigError(f"{name!r} cannot be the name of an index; use small letters, digits and hyphens.")
    return Address(tuple(nodes), name, layout.get("shards", 1), layout.get("replicas"))


def _read_layout(query: str) -> dict[str, int]:
    layout = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        least, most = {"shards": (1, 1024), "replicas": (0, 20)}.get(key, (0, -1))
        if not value.isdecimal() or not least <= int(value) <= most:
            raise ConfigError(
                f"{key}={value} in the address of an index is not understood; there are shards, 1 to 1024, and "
                "replicas, 0 to 20."
            )
        layout[key] = int(value)
    return layout
