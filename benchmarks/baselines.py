"""What `newsearch index` is measured against: processes that do a part of its work and nothing else.

    python -m benchmarks.baselines walk FOLDER
    python -m benchmarks.baselines whoosh FOLDER INDEX

walk     look at every file, as an index that is up to date has to
events   read every file and have libyaml scan it
load     read every file and have PyYAML's CSafeLoader make objects of it
whoosh   the same, and index them with stock Whoosh, in one process

Each imports what it needs and no more, because the start of the process counts.
"""

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["BASELINES"]


def _files(folder: str) -> Iterator[str]:
    for root, _, names in os.walk(folder):
        for name in names:
            yield f"{root}/{name}"


def _matters(folder: str) -> Iterator[str]:
    for file in _files(folder):
        with open(file, encoding="utf-8") as text:  # noqa: PTH123
            yield text.read().split("\n---", 1)[0].removeprefix("---\n")


def walk(folder: str) -> None:
    """Walk and stat."""
    for file in _files(folder):
        os.stat(file)  # noqa: PTH116 - a `Path` for each file would be half of the work


def events(folder: str) -> None:
    """Walk, read, and scan the YAML."""
    from yaml.cyaml import CParser  # type: ignore[attr-defined]  # noqa: PLC0415

    for matter in _matters(folder):
        parser = CParser(matter)
        for _ in iter(parser.get_event, None):
            pass


def _loaded(folder: str) -> Iterator[dict[str, Any]]:
    import yaml  # noqa: PLC0415

    for matter in _matters(folder):
        yield yaml.load(matter, Loader=yaml.CSafeLoader)


def load(folder: str) -> None:
    """Walk, read, and parse the YAML into objects."""
    for _ in _loaded(folder):
        pass


def whoosh(folder: str, index: str) -> None:
    """Walk, read, parse, and index with stock Whoosh."""
    from pathlib import Path  # noqa: PLC0415

    from benchmarks.corpus import Cited, Document  # noqa: PLC0415
    from benchmarks.peers.with_whoosh import PEER  # noqa: PLC0415

    def cited(item: dict[str, Any]) -> Cited:
        provider = item.get("provider") or {}
        return Cited(
            title=item.get("title") or "",
            excerpt=item.get("excerpt") or "",
            date=item["publishedDateTime"].isoformat() if item.get("publishedDateTime") else None,
            url=item.get("webUrl") or "",
            provider=provider.get("name") or "",
            domain=provider.get("domain") or "",
            quality=item.get("quality") or 0,
        )

    def documents() -> Iterator[Document]:
        for number, item in enumerate(_loaded(folder)):
            own = cited(item)
            yield Document(
                number=number,
                title=own.title,
                excerpt=own.excerpt,
                topics=tuple(item.get("topics") or ()),
                date=own.date,
                url=own.url,
                provider=own.provider,
                domain=own.domain,
                quality=own.quality,
                related=tuple(map(cited, item.get("related") or ())),
            )

    folder_of_index = Path(index)
    folder_of_index.mkdir(parents=True)
    PEER.build(folder_of_index, map(PEER.prepare, documents()), related=True)


BASELINES: dict[str, Callable[..., None]] = {baseline.__name__: baseline for baseline in (walk, events, load, whoosh)}

if __name__ == "__main__":
    BASELINES[sys.argv[1]](*sys.argv[2:])
