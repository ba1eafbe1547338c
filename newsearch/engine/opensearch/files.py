"""What the cluster keeps of each file: what was read of it, or why nothing could be, and as what it was found.

    server.put(index, file_id("news", "2020/ban.md"), file_source(delivery))
    sources(server), faults(server), deliveries(server)

It is what an index is brought up to date by, and made anew from. Which article a file becomes is `sync`'s to decide.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from newsearch.engine.base import Delivery, SourceKey
from newsearch.engine.opensearch.records import item_record, restore_item
from newsearch.engine.opensearch.server import Server
from newsearch.errors import ItemError
from newsearch.items.ids import article_id, article_key
from newsearch.items.jsonlines import line_file_of
from newsearch.model import SourceFile

__all__ = ["deliveries", "faults", "file_id", "file_source", "sources"]

_ALL: dict[str, Any] = {"terms": {"kind": ["item", "fault", "file"]}}
"""A query for the files that there are: read, not readable, or remembered for the lines they hold."""

_FIELDS = ("root", "path", "size", "mtime", "digest", "kind", "fault")


def file_id(root: str, path: str) -> str:
    """The id of a file's document."""
    return hashlib.blake2b(f"{root}\0{path}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def file_source(delivery: Delivery) -> dict[str, Any]:
    """A delivered file as a document; without a kind where it was only touched."""
    file = delivery.source
    source: dict[str, Any] = {
        "root": file.root,
        "path": file.path,
        "size": file.size,
        "mtime": file.mtime_ns,
        "digest": file.digest.hex(),
    }
    if delivery.holds_lines:
        return {**source, "kind": "file"}
    if delivery.item is not None:
        item = delivery.item
        cites = list(dict.fromkeys(article_id(article_key(one.address)) for one in item.related))
        key = article_id(article_key(item.address))
        return {**source, "kind": "item", "key": key, "cites": cites, "record": item_record(item)}
    if delivery.fault is not None:
        return {**source, "kind": "fault", "fault": {"reason": delivery.fault.reason, "line": delivery.fault.line}}
    return source


def sources(server: Server) -> dict[str, dict[str, SourceFile]]:
    """The files that an index was made of, as they were when they were read: by root, and by path in there."""
    found: dict[str, dict[str, SourceFile]] = {}
    for source in _read(server, _ALL):
        file = _source_file(source)
        found.setdefault(file.root, {})[file.path] = file
    return found


def faults(server: Server) -> dict[SourceKey, ItemError]:
    """Why those of them that could not be read could not be."""
    return {(source["root"], source["path"]): _fault(source) for source in _read(server, {"term": {"kind": "fault"}})}


def deliveries(server: Server) -> Iterator[Delivery]:
    """What an index was made of, file by file: for each its item or its fault."""
    for source in _read(server, _ALL, "record"):
        file = _source_file(source)
        match source["kind"]:
            case "item":
                yield Delivery(file, item=restore_item(source["record"]))
            case "file":
                yield Delivery(file, holds_lines=True)
            case _:
                yield Delivery(file, fault=_fault(source))


def _read(server: Server, query: dict[str, Any], *more: str) -> Iterable[Mapping[str, Any]]:
    if not server.exists(server.files):
        return ()
    return (source for _, source in server.scan(server.files, query, [*_FIELDS, *more]))


def _source_file(source: Mapping[str, Any]) -> SourceFile:
    """The file that a document is of, as it was when it was read."""
    digest = bytes.fromhex(source["digest"])
    return SourceFile(source["root"], source["path"], source["size"], source["mtime"], digest)


def _fault(source: Mapping[str, Any]) -> ItemError:
    path, fault = source["path"], source["fault"]
    return ItemError(fault["reason"], path=line_file_of(path) or path, line=fault["line"])
