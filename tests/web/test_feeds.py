"""Queries as feeds, and the description that lets a browser search."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from newsearch.errors import ConfigError
from tests.web.client import client

from newsearch.web import application  # isort: skip - after what skips without the extra

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = '</title><script>alert("1")</script>\x1b[31m\x00 & <![CDATA['


def test_a_query_is_an_atom_feed_of_its_newest(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        answer = web.get("/feed.atom?q=ban&kind=item")
        assert answer.headers["content-type"].startswith("application/atom+xml")
        feed = ET.fromstring(answer.content)
        assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [
            "Harbour ban",
            "A plan without an address",
        ]
        assert feed.findtext(f"{ATOM}title") == "ban – newsearch"
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == feed.findtext(f"{ATOM}id") == "http://localhost:8000/feed.atom?q=ban&kind=item"
        first = feed.find(f"{ATOM}entry")
        assert first is not None
        assert first.findtext(f"{ATOM}updated") == "2020-09-13T12:00:00Z"
        assert first.findtext(f"{ATOM}author/{ATOM}name") == "Harbour Post"
        found = web.get("/api/search?q=title:harbour").json()["hits"][0]["id"]
        assert first.findtext(f"{ATOM}id") == f"urn:newsearch:article:{found}"


def test_a_query_is_a_json_feed(tmp_path: Path) -> None:
    with client(tmp_path, title="The port") as web:
        answer = web.get("/feed.json?q=ban&limit=1")
        assert answer.headers["content-type"] == "application/feed+json"
        feed = answer.json()
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"] == "ban – The port"
        [item] = feed["items"]
        assert item["url"] == "https://post.example/ban"
        assert item["tags"] == ["law", "ports"]


def test_hostile_texts_stay_texts_in_feeds(tmp_path: Path) -> None:
    items = [{"path": "x.md", "title": HOSTILE, "excerpt": HOSTILE, "url": None, "topics": ['"><b>']}]
    with client(tmp_path, items, title=HOSTILE) as web:
        feed = ET.fromstring(web.get("/feed.atom?q=%3Cb%3E&match=any").content)
        assert not list(feed.iter("script"))
        feed = ET.fromstring(web.get("/feed.atom").content)
        shown = feed.findtext(f"{ATOM}entry/{ATOM}title") or ""
        assert '<script>alert("1")</script>' in shown
        assert "\x1b" not in shown
        ET.fromstring(web.get("/opensearch.xml").content)


def test_only_addresses_of_the_web_are_linked_to(tmp_path: Path) -> None:
    items = [{"path": "x.md", "title": "x", "url": "javascript:alert(1)"}]
    with client(tmp_path, items) as web:
        assert "javascript:" not in web.get("/feed.atom").text
        assert json.loads(web.get("/feed.json").text)["items"][0]["url"].startswith("http://localhost:8000/articles/")


def test_a_browser_is_told_how_to_search_here(tmp_path: Path) -> None:
    with client(tmp_path, title="The port") as web:
        described = ET.fromstring(web.get("/opensearch.xml").content)
        name = "{http://a9.com/-/spec/opensearch/1.1/}"
        assert described.findtext(f"{name}ShortName") == "The port"
        templates = {url.get("type"): url.get("template") or "" for url in described.iter(f"{name}Url")}
        assert templates["text/html"] == "http://localhost:8000/?q={searchTerms}"
        completed = web.get(templates["application/x-suggestions+json"].replace("{searchTerms}", "har"))
        typed, completions = completed.json()
        assert (typed, sorted(completions)) == ("har", ["Harbour Post", "harbour"])


def test_a_feed_has_bounds_of_its_own(tmp_path: Path) -> None:
    with client(tmp_path, []) as web:
        assert web.get("/feed.atom?limit=101").status_code == 422
        assert web.get("/feed.atom?explain=true").status_code == 422


def test_behind_a_proxy_the_given_address_is_everywhere(tmp_path: Path) -> None:
    with client(tmp_path, base_url="https://news.example/search/") as web:
        web.headers["host"] = "news.example"
        feed = web.get("/feed.json?q=ban").json()
        assert feed["feed_url"] == "https://news.example/search/feed.json?q=ban"
        assert feed["home_page_url"] == "https://news.example/search/?q=ban"
        assert "https://news.example/search/?q={searchTerms}" in web.get("/opensearch.xml").text
        page = web.get("/?q=ban").text
        assert 'action="/search/"' in page
        assert 'href="/search/articles/' in page
        # A proxy may pass on its own idea of the Host.
        web.headers["host"] = "127.0.0.1:8000"
        assert web.get("/feed.json?q=ban").json() == feed
        web.headers["host"] = "evil.example"
        assert web.get("/feed.json").status_code == 421


@pytest.mark.parametrize(
    "address",
    ["news.example", "ftp://news.example", "https://", "https://a@news.example", "https://news.example/?q=1",
     'https://news.example/"onclick', "https://news.example:99999", "https://[", "https://news.example/\u00e4"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="base address"):
        application(tmp_path, base_url=address)
