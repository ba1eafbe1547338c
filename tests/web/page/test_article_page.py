"""An article's page, as HTML."""

from pathlib import Path

import pytest

pytest.importorskip("jinja2", reason="the page needs newsearch[serve]")

from tests.archive import cited
from tests.web.page.site import Element, Site, indexed, parsed, serving


def article(site: Site, text: str) -> Element:
    return site.page(site.page(f"/?q={text}").one("a", "title")["href"])


def section(page: Element, heading: str) -> list[str]:
    for one in page.all("section", "links"):
        if one.one("h2").text.startswith(heading):
            return [link.text for link in one.all("a")]
    return []


def test_an_article_is_shown_with_all_of_its_text(site: Site) -> None:
    page = article(site, "thwart")
    assert page.one("h1").text == "Amazon tried to thwart the facial recognition ban"
    assert page.one("p", "lead").text.startswith("The ban on facial recognition")
    assert [one.text for one in page.one(class_="body").all("p")] == [
        "The council of Portland heard both sides.",
        "It decided in the evening.",
    ]
    assert page.one("title").text == "Amazon tried to thwart the facial recognition ban – The archive"


def test_citations_are_shown_both_ways(site: Site) -> None:
    page = article(site, "thwart")
    assert section(page, "Cites") == [
        "City first to ban facial recognition",
        "Police use facial recognition at the border",
    ]
    assert section(page, "Cited by") == ["A ban is only as good as its audit"]
    assert "Cites" in [one.one("h2").text.split()[0] for one in site.page(
        next(one["href"] for one in page.all("a") if one.text.startswith("A ban is only"))
    ).all("section", "links")]  # fmt: skip


def test_articles_two_citations_away_are_shown(site: Site) -> None:
    assert "Police use facial recognition at the border" in section(article(site, "audit"), "Two citations away")


def test_similar_articles_are_shown(site: Site) -> None:
    assert section(article(site, "thwart"), "Similar")


def test_a_topic_leads_to_its_articles(site: Site) -> None:
    page = article(site, "thwart")
    assert site.page(page.one("ul", "topics").link("Privacy")).one("h1").text == "2 articles"


def test_the_provider_leads_to_its_articles(site: Site) -> None:
    link = article(site, "thwart").one("aside", "facts").link("Salon")
    assert link == "/?provider=salon.example"


def test_an_article_known_by_citation_alone_has_a_page(site: Site) -> None:
    page = article(site, "border")
    assert page.one("main").one("p", "meta").text.endswith("known by citation")


def test_a_prefix_of_an_id_is_enough(site: Site) -> None:
    href = site.page("/?q=thwart").one("a", "title")["href"]
    assert site.page(href[:-4]).one("h1").text.startswith("Amazon")


@pytest.mark.parametrize(
    "reference", ["zzzzzzzzzzzzz", "https://nowhere.example/x", "item-1.md", "%00", "..%2f..%2fetc"]
)
def test_what_is_not_there_is_not_found(site: Site, reference: str) -> None:
    page = site.page(f"/articles/{reference}", status=404)
    assert page.one("h1").text == "Not found"


def test_a_reference_has_its_bounds(site: Site) -> None:
    assert site.get(f"/articles/{'x' * 3000}")[0] == 422


def test_an_address_is_a_reference_too(site: Site) -> None:
    assert site.page("/articles/https://salon.example/0").one("h1").text.startswith("Amazon")


def test_the_file_of_an_article_is_told_only_where_that_is_allowed(site: Site, tmp_path: Path) -> None:
    assert "item-1.md" not in site.get(site.page("/?q=thwart").one("a", "title")["href"])[2]
    with serving(indexed(tmp_path), paths=True) as open_site:
        assert "item-1.md" in article(open_site, "thwart").one("aside", "facts").text


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    with serving(indexed(tmp_path, [{"title": "Bare", "url": None}])) as site:
        page = article(site, "bare")
        assert page.all("a", "out") == []
        assert page.one("p", "meta").text == ""
        assert page.all("section", "links") == []


def test_an_article_without_measure_is_shown_in_measure(tmp_path: Path) -> None:
    endless = {
        "title": "Ban " + "t" * 9000,
        "body": "word " * 60_000,
        "related": [cited(f"Cited {number}", f"https://b.example/{number}") for number in range(300)],
    }
    with serving(indexed(tmp_path, [endless])) as site:
        page = article(site, "ban")
    assert len(page.one("h1").text) < 5000
    assert 50_000 < len(page.one(class_="body").text) < 110_000
    assert page.one("section", "links").all("li")[-1].text == "and 200 more"


def test_an_article_leads_back_to_the_search_that_led_there(site: Site) -> None:
    found = site.page("/?q=council&topic=Council&limit=5&offset=5")
    article = site.page(found.one("a", "title")["href"])
    assert article.one("input", id="q")["value"] == "council"
    assert article.one("p", "back").one("a")["href"] == "/?q=council&topic=Council&limit=5&offset=5"
    carried = {one["name"]: one["value"] for one in article.all("input", type="hidden")}
    assert carried == {"topic": "Council", "limit": "5"}
    # What it leads on to keeps it too, and its own topics begin anew.
    assert "q=council" in article.one("a", "ref-title")["href"]
    assert "q=council" not in article.one("a", "topic")["href"]
    assert "?" not in article.one("link", rel="canonical")["href"]


def test_an_article_alone_has_nothing_to_lead_back_to(site: Site) -> None:
    article = site.page(site.page("/").one("a", "title")["href"])
    assert not article.all("p", "back")
    assert not article.all("input", type="hidden")


def test_an_unknown_option_of_an_article_is_refused(site: Site) -> None:
    address = site.page("/").one("a", "title")["href"]
    assert "limt" in site.page(f"{address}?limt=5", status=422).one("p", "notice").text


def test_a_person_is_told_on_a_page_that_there_is_none(site: Site) -> None:
    status, headers, text = site.get("/nothing/here", accept="text/html,*/*")
    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert parsed(text).one("title").text == "Not found – The archive"
    status, headers, _ = site.get("/nothing/here")
    assert (status, headers["content-type"]) == (404, "application/json")


def test_a_file_of_the_page_is_kept_for_ever_under_its_version(site: Site) -> None:
    address = site.page("/").one("link", rel="stylesheet")["href"]
    _, headers, style = site.get(address)
    assert "immutable" in headers["cache-control"]
    assert headers["content-type"] == "text/css; charset=utf-8"
    assert site.get(address, if_none_match=headers["etag"])[0] == 304
    _, plain, same = site.get("/static/page.css?v=old")
    assert (plain["cache-control"], same) == ("no-cache", style)
    for name in ("", "..", "%2e%2e/views.py", "../views.py", "page.css/", "page.py"):
        assert site.get(f"/static/{name}")[0] == 404


def test_a_page_of_other_settings_is_another(tmp_path: Path) -> None:
    index = indexed(tmp_path)
    with serving(index, title="One") as one, serving(index, title="Two") as two:
        tag = one.get("/?q=ban")[1]["etag"]
        assert tag != two.get("/?q=ban")[1]["etag"]
