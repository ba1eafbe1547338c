"""A site for the tests of the page: a small archive, its index, and the whole application on a real server.

    with serving(indexed(tmp_path, specs)) as site:
        site.page("/?q=ban").one("h1").text

What comes back is read by a small reader of HTML that does not forgive: a tag that is not closed is a failure.
"""

import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import uvicorn

import newsearch
from newsearch.library import NewsIndex
from newsearch.web import application
from tests.archive import Archive, cited

__all__ = ["SPECS", "Element", "Site", "indexed", "parsed", "serving"]

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})

PAPERS = (("Salon", "salon.example"), ("The Courier", "courier.example"), ("Harbour Post", "harbour.example"))


def _spec(number: int, title: str, **fields: Any) -> dict[str, Any]:
    name, domain = PAPERS[number % len(PAPERS)]
    return {
        "title": title,
        "provider": {"name": name, "domain": domain},
        "url": f"https://{domain}/{number}",
        "type": "article",
        **fields,
    }


SPECS: tuple[dict[str, Any], ...] = (
    _spec(
        0,
        "Amazon tried to thwart the facial recognition ban",
        excerpt="The ban on facial recognition by the police goes into effect in January.",
        date="2020-09-13T12:00:00Z",
        quality=43,
        topics=["Privacy", "AI"],
        body="The council of Portland heard both sides.\n\nIt decided in the evening.",
        related=[
            cited("City first to ban facial recognition", "https://tech.example/a", date="2020-09-14T00:00:00Z",
                  provider={"name": "Tech", "domain": "tech.example"}),
            cited("Police use facial recognition at the border", "https://wire.example/b", date="2020-09-15T00:00:00Z",
                  provider={"name": "Wire", "domain": "wire.example"}),
        ],
    ),
    _spec(1, "Face masks defeat facial recognition", excerpt="A laboratory finds out.", date="2020-07-28T00:00:00Z",
          quality=73, topics=["AI", "Health"]),
    _spec(2, "A ban is only as good as its audit", excerpt="What became of the recognition ban.",
          date="2020-10-02T00:00:00Z", quality=88, topics=["Privacy"],
          related=[cited("Amazon tried to thwart the facial recognition ban", "https://salon.example/0")]),
    _spec(3, "Harbour opens its new quay", excerpt="Ships came from everywhere.", date="2021-03-01T00:00:00Z",
          quality=20, topics=["Harbour"]),
    *(
        _spec(number, f"Council meets for the {number}th time", excerpt="Minutes of the meeting.",
              date=f"2021-{number - 9:02}-05T00:00:00Z", quality=number * 3, topics=["Council"])
        for number in range(10, 22)
    ),
)  # fmt: skip
"""Twelve meetings of a council and a story about a ban, told by five providers."""


def indexed(folder: Path, specs: Iterable[Mapping[str, Any]] = SPECS) -> Path:
    """An index of some files, which are in the same folder."""
    archive = Archive(folder / "archive")
    for spec in specs:
        archive.deliver(**spec)
    with newsearch.NewsIndex.create(folder / "index") as index:
        index.sync([archive.folder])
    return folder / "index"


@dataclass
class Element:
    """An element of a page, with the elements and texts in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Element"]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute]

    @property
    def text(self) -> str:
        """All text, with white space as a browser shows it."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        return "".join(child if isinstance(child, str) else child._raw() for child in self.children)

    def all(self, tag: str = "", class_: str = "", **attributes: str) -> list["Element"]:
        """The elements in it with this tag, class and attributes."""
        return [
            one
            for one in self
            if tag in ("", one.tag)
            and (not class_ or class_ in one.attributes.get("class", "").split())
            and all(one.attributes.get(name.replace("_", "-")) == value for name, value in attributes.items())
        ]

    def one(self, tag: str = "", class_: str = "", **attributes: str) -> "Element":
        """The first of them."""
        found = self.all(tag, class_, **attributes)
        assert found, f"there is no {tag} {class_} {attributes}"
        return found[0]

    def link(self, text: str) -> str:
        """Where the link leads whose text begins with this."""
        found = [one for one in self.all("a") if one.text.startswith(text)]
        assert found, f"no link begins with {text!r}; there are {[one.text for one in self.all('a')]}"
        return found[0]["href"]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(html: str) -> Element:
    """A page as a tree. Fails for tags that are not closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is not closed"
    return reader.open[0]


@dataclass(frozen=True)
class Site:
    """A running server, at an address without a slash at its end."""

    address: str

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers by their names in lower case, and text of an answer."""
        request = Request(self.address + path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.status, _lower(answer.headers), answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, _lower(error.headers), error.read().decode()

    def page(self, path: str, *, status: int = 200) -> Element:
        """A page as a tree."""
        found, _, text = self.get(path)
        assert found == status, text
        return parsed(text)


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@contextmanager
def serving(index: Path | NewsIndex, *, mounted: str = "", **options: Any) -> Iterator[Site]:
    """The application of an index on a server of its own, below the path `mounted` if there is one."""
    app: Any = application(index, **options)
    if mounted:
        from starlette.applications import Starlette
        from starlette.routing import Mount

        app = Starlette(routes=[Mount(mounted, app)])
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off" if mounted else "on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the server has stopped"
            assert time.monotonic() < deadline, "the server does not start"
            thread.join(0.01)
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}{mounted}")
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()
