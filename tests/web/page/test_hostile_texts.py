"""What an archive or an address can hold that would do harm on a page, and does none."""

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("jinja2", reason="the page needs newsearch[serve]")

from tests.archive import cited
from tests.web.page.site import Site, indexed, serving

SCRIPT = "<script>alert(1)</script>"
QUOTES = "\"'><img src=x onerror=alert(1)>"
BIDI = "\u202egnirts\u2066 ban"

SPECS: list[dict[str, Any]] = [
    {
        "title": f"{SCRIPT} {QUOTES} ban",
        "excerpt": f"{QUOTES} ban {SCRIPT}",
        "body": f"{SCRIPT} evening",
        "url": "javascript:alert(1)",
        "provider": {"name": f"{QUOTES}", "domain": "evil.example"},
        "topics": [f"{SCRIPT}", f"{QUOTES}"],
        "type": QUOTES,
        "category": SCRIPT,
        "related": [cited(f"{SCRIPT} cited", 'https://b.example/2" onclick="alert(1)')],
    },
    {"title": BIDI, "url": "https://ok.example/?a=%22%3E<script>", "provider": {"name": BIDI}},
    {"title": "Data ban", "url": "data:text/html,<script>alert(1)</script>"},
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(indexed(tmp_path_factory.mktemp("hostile"), SPECS), title=f"{SCRIPT}{QUOTES}") as site:
        yield site


def check(site: Site, path: str) -> None:
    page = site.page(path)
    assert [one for one in page.all("script") if one.attributes.get("type") != "module" or one.text] == []
    assert page.all("img") == []
    assert [name for one in page for name in one.attributes if name.startswith("on")] == []
    links = [one["href"] for one in page.all("a")]
    assert [one for one in links if not one.startswith(("/", "#", "https://"))] == []


@pytest.mark.parametrize("path", ["/?q=ban", "/", "/?q=evening", "/fragment?q=ban", "/?q=ban&group=story"])
def test_texts_of_the_archive_stay_texts(hostile: Site, path: str) -> None:
    check(hostile, path)


def test_texts_of_an_article_stay_texts(hostile: Site) -> None:
    for one in hostile.page("/?q=ban").all("a", "title"):
        check(hostile, one["href"])


@pytest.mark.parametrize("name", ["q", "provider", "topic", "type", "since", "as_of", "sort", "nothing"])
def test_what_an_address_says_stays_text(hostile: Site, name: str) -> None:
    status, headers, text = hostile.get(f"/?{name}=%22%27%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert status in (200, 422)
    assert "<script>alert" not in text
    assert "script-src 'self'" in headers["content-security-policy"]


def test_a_title_is_shown_as_it_is(hostile: Site) -> None:
    assert f"{SCRIPT} {QUOTES} ban" in [one.text for one in hostile.page("/?q=ban").all("a", "title")]


def test_the_direction_of_a_title_ends_with_it(hostile: Site) -> None:
    page = hostile.page("/?q=ban")
    heading = next(one for one in page.all("h2") if one.text.startswith("\u202e"))
    assert heading["dir"] == "auto"
    assert [one.tag for one in page if one.children == [BIDI] and one.tag not in ("bdi", "a", "span")] == []


@pytest.mark.parametrize("query", ["q=%00", "q=%ff%fe", "q=%ed%a0%80", "q=" + "%28" * 500, "offset=999999", "q=%22"])
def test_any_text_is_answered(hostile: Site, query: str) -> None:
    assert hostile.get(f"/?{query}")[0] == 200


@pytest.mark.parametrize("query", ["q=" + "x" * 2001, "limit=51", "limit=0", "offset=-1", "q=a&q=b", "group=x"])
def test_what_is_out_of_bounds_is_refused(hostile: Site, query: str) -> None:
    assert hostile.get(f"/?{query}")[0] == 422
