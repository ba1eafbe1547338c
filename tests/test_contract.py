"""One contract: the same request through Python, the command line, HTTP and MCP gives the same JSON.

Only `path`, which HTTP and MCP keep to themselves, and `took_ms` differ. Another face is another function in FACES.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest

import newsearch
from newsearch import NewsIndex, SearchRequest, wire
from tests.archive import Archive, cited
from tests.cli.command import run
from tests.docs.pages import ROOT

# The server of MCP is a process, and one is enough.
pytestmark = pytest.mark.xdist_group("contract")

BAN = "https://paper.example/ban"
PORTLAND = "8eqtc2"
"""An item of the example archive that cites others."""

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
    ("search", {"sort": "heat", "kind": "related", "offset": 100}),
    ("search", {"text": "facial recognition", "limit": 3, "offset": 2}),
    ("search", {"text": "facial recognition", "match": "any", "sort": "date", "limit": 100}),
    ("search", {"text": "facial recognition", "facets": ("provider", "month:2"), "timeline": "week", "explain": True}),
    ("search", {"text": "facial recognition", "group": "story", "max_per_provider": 1}),
    ("search", {"text": '"facial', "since": "2020-09", "until": "2021", "as_of": "latest", "kind": "item"}),
    ("search", {"text": "recognitoin", "type": "article", "topic": "AI", "min_quality": 40}),
    ("search", {"text": "ban", "provider": "Salon"}),
    ("search", {"text": "zebra"}),
    ("article", {"reference": BAN}),
    ("article", {"reference": "https://other.example/protest"}),
    ("article", {"reference": PORTLAND}),
    ("article", {"reference": "awshyr"}),
    ("similar", {"reference": BAN, "limit": 2, "kind": "all"}),
    ("similar", {"reference": PORTLAND, "limit": 2, "explain": True}),
    ("similar", {"reference": PORTLAND, "since": "2020-10", "sort": "date", "group": "story", "offset": 1}),
    ("related", {"reference": BAN}),
    ("related", {"reference": BAN, "depth": 2, "limit": 1, "as_of": "2020-10"}),
    ("related", {"reference": PORTLAND}),
    ("related", {"reference": PORTLAND, "depth": 2, "limit": 3, "as_of": "2020-12"}),
    ("facets", {"field": "topic", "text": "ban"}),
    ("facets", {"field": "month", "limit": 1, "since": "2020"}),
    ("facets", {"field": "provider"}),
    ("facets", {"field": "quality", "text": "facial recognition", "limit": 2, "kind": "related"}),
    ("timeline", {"text": "ban", "interval": "week"}),
    ("timeline", {"match": "any", "text": "ban strike"}),
    ("timeline", {"text": "facial recognition", "interval": "year", "since": "2020-09"}),
    ("timeline", {"text": "zebra"}),
    ("suggest", {"prefix": "har"}),
    ("suggest", {"prefix": "fer", "limit": 1, "kinds": ("word",)}),
    ("suggest", {"prefix": "facial rec"}),
]

WRONG: list[dict[str, Any]] = [
    {"since": "bogus"},
    {"since": "2021", "until": "2020"},
    {"since": "2020-01..2020-02"},
    {"facets": ("colour",)},
    {"as_of": "tomorrow"},
]


@dataclass(frozen=True)
class Place:
    """Where the faces find the archive. Of the web and of MCP there is a client where their extras are installed."""

    folder: Path
    index: NewsIndex
    web: Any
    chat: Any


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("contract")
    archive = Archive(folder / "archive")
    post = {"name": "Harbour Post", "domain": "post.example"}
    archive.deliver(
        "Harbour ban", path="ban.md", url=BAN, excerpt="No ferry leaves.", date="2020-09-13T12:00:00Z",
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
    with ExitStack() as opened:
        index = opened.enter_context(NewsIndex.create(folder / "index"))
        index.sync([archive.folder, ROOT / "data"])
        web = chat = None
        if is_installed("http"):
            from starlette.testclient import TestClient

            from newsearch.web import application

            web = opened.enter_context(TestClient(application(index.path), base_url="http://localhost"))
        if is_installed("mcp"):
            from tests.mcp.session import served

            chat = opened.enter_context(served(folder / "index"))
        yield Place(folder / "index", index, web, chat)


def by_python(place: Place, what: str, options: dict[str, Any]) -> Any:
    index, given = place.index, dict(options)
    match what:
        case "facets":
            facet = f"{given.pop('field')}:{given.pop('limit', 10)}"
            return wire.facets_to_dict(index.ask(SearchRequest(limit=0, facets=(facet,), **given)))
        case "timeline":
            interval = given.pop("interval", "month")
            return wire.timeline_to_dict(index.ask(SearchRequest(limit=0, timeline=interval, **given)))
        case "suggest":
            return wire.completions_to_dict(given["prefix"], index.suggest(**given))
        case "article":
            return newsearch.to_dict(index.get(**given))
        case _:
            return newsearch.to_dict(getattr(index, what)(**given))


def by_command_line(place: Place, what: str, options: dict[str, Any]) -> Any:
    outcome = typed(place, what, options)
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def typed(place: Place, what: str, options: dict[str, Any]) -> Any:
    """A request as one types it."""
    given = dict(options)
    words = [given.pop(name) for name in ("reference", "prefix") if name in given]
    if what == "facets":
        words.append(f"{given.pop('field')}:{given.pop('limit', 10)}")
    if "text" in given:
        words.append(given.pop("text"))
    names = {"facets": "facet", "kinds": "kind", "interval": "by"}
    flags: list[str] = []
    for name, value in given.items():
        for one in value if isinstance(value, tuple) else (value,):
            flag = f"--{names.get(name, name).replace('_', '-')}"
            flags += [flag] if one is True else [flag, str(one)]
    command = {"search": "query", "article": "show"}.get(what, what)
    return run(command, *flags, "--index", str(place.folder), "--json", "--", *words)


def by_http(place: Place, what: str, options: dict[str, Any]) -> Any:
    answer = fetched(place, what, options)
    assert answer.status_code == 200, answer.text
    return answer.json()


def fetched(place: Place, what: str, options: dict[str, Any]) -> Any:
    """A request as a browser sends it."""
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
    return place.web.get(address, params=pairs)


def by_mcp(place: Place, what: str, options: dict[str, Any]) -> Any:
    return place.chat.document("get" if what == "article" else what, **as_json(options))


def as_json(options: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}


@dataclass(frozen=True)
class Face:
    """A way to ask; `package` is what it cannot do without, and `lacks` says which requests it has nothing for."""

    ask: Callable[[Place, str, dict[str, Any]], Any]
    package: str | None = None
    lacks: Callable[[str, dict[str, Any]], bool] = lambda _what, _options: False


FACES = {
    # `query` counts by facets; over time, `timeline` does.
    "command line": Face(by_command_line, lacks=lambda what, options: what == "search" and "timeline" in options),
    "http": Face(by_http, "starlette"),
    # A model finishes its own words.
    "mcp": Face(by_mcp, "mcp", lacks=lambda what, _: what == "suggest"),
}
"""What is compared with Python."""


def is_installed(face: str) -> bool:
    package = FACES[face].package
    return package is None or find_spec(package) is not None


def needs(face: str) -> None:
    if not is_installed(face):
        pytest.skip(f"{face} needs the package {FACES[face].package}")


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


@pytest.mark.parametrize(
    ("face", "what", "options"),
    [
        pytest.param(name, what, options, id=f"{name}-{what}-{number}")
        for name, face in FACES.items()
        for number, (what, options) in enumerate(REQUESTS)
        if not face.lacks(what, options)
    ],
)
def test_the_same_request_gives_the_same_json(place: Place, face: str, what: str, options: dict[str, Any]) -> None:
    needs(face)
    answered = FACES[face].ask(place, what, options)
    assert comparable(answered) == comparable(by_python(place, what, options))
    jsonschema.validate(answered, wire.schema())


@pytest.mark.parametrize("options", WRONG, ids=str)
def test_what_one_refuses_all_refuse_with_the_same_sentence(place: Place, options: dict[str, Any]) -> None:
    with pytest.raises(newsearch.OptionError) as refused:
        place.index.search(**options)
    outcome = typed(place, "search", options)
    assert outcome.code == 2
    told = refused.value.told(lambda name: {"facets": "--facet"}.get(name, f"--{name.replace('_', '-')}"))
    assert outcome.err == f"newsearch: {told}\n"
    needs("http")
    answer = fetched(place, "search", options)
    assert answer.status_code == 422
    told = refused.value.told(lambda name: {"facets": "facet"}.get(name, name))
    assert answer.json()["error"]["message"] == told
    needs("mcp")
    assert place.chat.error("search", **as_json(options)) == str(refused.value)
