"""One contract: the same request through Python, the command line and HTTP gives the same JSON.

Only `path`, which HTTP keeps to itself, and `took_ms` differ. Another face is another function in FACES.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import newsearch
from newsearch import wire
from newsearch.library import NewsIndex
from newsearch.model import CompletionKind, SearchRequest
from tests.archive import Archive, cited
from tests.cli.command import indexed, run

TestClient = pytest.importorskip("starlette.testclient", reason="needs the extra serve").TestClient

REFERENCE = "https://paper.example/ban"

REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("search", {}),
    ("search", {"text": "harbour"}),
    ("search", {"text": "harbor", "limit": 5}),
    ("search", {"text": '"harbour ban" OR title:ferry -strike', "match": "any", "sort": "date"}),
    ("search", {"text": "ban strike", "match": "all", "explain": True}),
    ("search", {"text": "the (unfinished", "limit": 1, "offset": 1}),
    ("search", {"text": "ban", "since": "2020-09", "until": "2020-10-02", "kind": "item"}),
    ("search", {"provider": "post.example", "topic": "law", "type": "article", "min_quality": 40}),
    ("search", {"text": "ban", "facets": ("provider", "topic:1", "month"), "limit": 0}),
    ("search", {"text": "ban", "group": "story", "max_per_provider": 1}),
    ("search", {"text": "ban", "as_of": "2020-09-20"}),
    ("search", {"text": "Zürich 日本 \U0001f6a2"}),
    ("search", {"sort": "quality", "limit": 3}),
    ("article", {"reference": REFERENCE}),
    ("article", {"reference": "https://other.example/protest"}),
    ("similar", {"reference": REFERENCE, "limit": 2, "kind": "all"}),
    ("related", {"reference": REFERENCE}),
    ("related", {"reference": REFERENCE, "depth": 2, "limit": 1, "as_of": "2020-10"}),
    ("facets", {"field": "topic", "text": "ban"}),
    ("facets", {"field": "month", "limit": 1, "since": "2020"}),
    ("timeline", {"text": "ban", "interval": "week"}),
    ("timeline", {"match": "any", "text": "ban strike"}),
    ("suggest", {"prefix": "har"}),
    ("suggest", {"prefix": "fer", "limit": 1, "kinds": ("word",)}),
]


@dataclass(frozen=True)
class Place:
    """Where the faces find the archive."""

    folder: Path
    index: NewsIndex
    web: Any


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    from newsearch.web import application

    folder = tmp_path_factory.mktemp("contract")
    archive = Archive(folder / "archive")
    post = {"name": "Harbour Post", "domain": "post.example"}
    archive.deliver(
        "Harbour ban", path="ban.md", url=REFERENCE, excerpt="No ferry leaves.", date="2020-09-13T12:00:00Z",
        provider=post, topics=["law", "ports"], type="article", quality=60, body="A long text on the harbour.",
        related=[
            cited("Protest in the harbour", "https://other.example/protest", excerpt="The ban is hated."),
            cited("Ferry strike", "https://paper.example/strike"),
        ],
    )  # fmt: skip
    archive.deliver(
        "Ferry strike", path="strike.md", url="https://paper.example/strike", date="2020-09-30T08:00:00Z",
        topics=["ports"], provider=post, quality=20, excerpt="After the ban, a strike.",
    )  # fmt: skip
    archive.deliver(
        "Ban in Zürich 日本 \U0001f6a2", path="zurich.md", url="https://z.example/1", date="2020-10-01T00:00:00Z"
    )
    index = indexed(archive.folder, folder / "index")
    with newsearch.open(index) as opened, TestClient(application(index), base_url="http://localhost") as web:
        yield Place(index, opened, web)


def by_python(place: Place, what: str, options: dict[str, Any]) -> Any:
    index, given = place.index, dict(options)
    match what:
        case "search":
            return wire.search_to_dict(index.search(given.pop("text", ""), **given))
        case "article":
            return wire.article_to_dict(index.get(**given))
        case "similar":
            return wire.search_to_dict(index.similar(given.pop("reference"), **given))
        case "related":
            return wire.relations_to_dict(index.related(given.pop("reference"), **given))
        case "facets":
            facet = f"{given.pop('field')}:{given.pop('limit', 10)}"
            return wire.facets_to_dict(index.ask(SearchRequest(limit=0, facets=(facet,), **given)))
        case "timeline":
            interval = given.pop("interval", "month")
            return wire.timeline_to_dict(index.ask(SearchRequest(limit=0, timeline=interval, **given)))
        case _:
            kinds: tuple[CompletionKind, ...] = given.pop("kinds", ("word", "topic", "provider"))
            return wire.completions_to_dict(given["prefix"], index.suggest(**given, kinds=kinds))


def by_command_line(place: Place, what: str, options: dict[str, Any]) -> Any:
    given = dict(options)
    words = [given.pop(name) for name in ("reference", "prefix") if name in given]
    if what == "facets":
        words.append(f"{given.pop('field')}:{given.pop('limit', 10)}")
    text = given.pop("text", None)
    command = {"search": "query", "article": "show"}.get(what, what)
    flags: list[str] = []
    names = {"facets": "facet", "kinds": "kind", "interval": "by"}
    for name, value in given.items():
        for one in value if isinstance(value, tuple) else (value,):
            flag = f"--{names.get(name, name).replace('_', '-')}"
            flags += [flag] if one is True else [flag, str(one)]
    texts = [] if text is None else ["--", *words, text] if what != "facets" else ["--", words[0], text]
    arguments = [*flags, "--index", str(place.folder), "--json", *(texts or words)]
    outcome = run(command, *arguments)
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def by_http(place: Place, what: str, options: dict[str, Any]) -> Any:
    from urllib.parse import quote

    given = dict(options)
    reference = given.pop("reference", None)
    address = "/api/" + what
    if reference is not None:
        address = f"/api/articles/{quote(reference, safe='')}" + ("" if what == "article" else f"/{what}")
    names = {"text": "q", "facets": "facet", "kinds": "kind"}
    pairs = [
        (names.get(name, name), str(one).lower() if isinstance(one, bool) else str(one))
        for name, value in given.items()
        for one in (value if isinstance(value, tuple) else (value,))
    ]
    answer = place.web.get(address, params=pairs)
    assert answer.status_code == 200, answer.text
    return answer.json()


FACES: dict[str, Callable[[Place, str, dict[str, Any]], Any]] = {
    "command line": by_command_line,
    "http": by_http,
}
"""What is compared with Python."""


def comparable(document: Any) -> Any:
    """A document as JSON gives it, without what may differ: file paths, and the time it took.

    Where citations lead has a `path` too, which is a list and no file's.
    """
    if isinstance(document, dict):
        own = {"took_ms": None, **({} if isinstance(document.get("path"), list) else {"path": None})}
        return {name: None if name in own else comparable(value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [comparable(one) for one in document]
    # Recency goes on while the test runs.
    return round(document, 6) if isinstance(document, float) else document


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(("what", "options"), REQUESTS)
def test_the_same_request_gives_the_same_json(place: Place, face: str, what: str, options: dict[str, Any]) -> None:
    expected = comparable(by_python(place, what, options))
    assert comparable(FACES[face](place, what, options)) == expected
