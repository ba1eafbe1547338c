"""The page of a query, as HTML: what it shows, and where its links lead."""

from pathlib import Path
from typing import NoReturn
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest

pytest.importorskip("jinja2", reason="the page needs newsearch[serve]")

from newsearch.library import NewsIndex
from newsearch.model import SearchRequest
from newsearch.web.gate import Busy, Gate
from tests.web.page.site import Element, Site, indexed, parsed, serving


def titles(page: Element) -> list[str]:
    return [one.text for one in page.all("a", "title")]


def chips(page: Element) -> list[str]:
    return [one.text for one in page.all("a", "chip")]


def facet(page: Element, heading: str) -> list[tuple[str, int]]:
    section = page.one("section", aria_labelledby=f"facet-{heading}")
    return [(one.one(class_="value").text, int(one.one(class_="number").text)) for one in section.all("a")]


def total(page: Element) -> int:
    return int(page.one("h1").text.split()[0])


def test_hits_are_shown_best_first_with_matches_marked(site: Site) -> None:
    page = site.page("/?q=facial+recognition+ban")
    assert titles(page)[0] == "Amazon tried to thwart the facial recognition ban"
    hit = page.one("article", "hit")
    assert [one.text for one in hit.one("h2").all("mark")] == ["facial", "recognition", "ban"]
    assert "Salon" in hit.one(class_="meta").text
    assert hit.one("time")["datetime"] == "2020-09-13"


def test_a_title_leads_to_the_article_and_the_address_to_where_it_was_published(site: Site) -> None:
    hit = site.page("/?q=thwart").one("article", "hit")
    assert hit.one("a", "title")["href"].startswith("/articles/")
    out = hit.one("a", "out")
    assert (out["href"], out["rel"]) == ("https://salon.example/0", "noopener noreferrer")


def test_without_a_query_there_are_the_newest_articles(site: Site) -> None:
    page = site.page("/")
    assert page.one("h1").text == "Newest articles"
    assert titles(page)[0] == "Council meets for the 21th time"
    assert page.one("title").text == "The archive"


def test_the_title_of_the_page_names_the_query(site: Site) -> None:
    assert site.page("/?q=ban").one("title").text == "ban – The archive"


def test_the_search_field_keeps_what_was_typed(site: Site) -> None:
    assert site.page("/?q=%22face+masks%22+-ban").one("input", id="q")["value"] == '"face masks" -ban'


@pytest.mark.parametrize("field", ["provider", "topic", "quality", "year", "kind"])
def test_each_value_finds_as_many_articles_as_it_says(site: Site, field: str) -> None:
    page = site.page("/?q=recognition+OR+council")
    section = page.one("section", aria_labelledby=f"facet-{field}")
    links = section.all("a")
    assert links
    for link in links:
        assert total(site.page(link["href"])) == int(link.one(class_="number").text), link.text


def test_other_values_are_counted_as_if_none_were_chosen(site: Site) -> None:
    before = site.page("/?q=recognition+OR+council")
    chosen = site.page(before.one("section", aria_labelledby="facet-provider").link("Harbour Post"))
    assert facet(chosen, "provider") == facet(before, "provider")
    assert total(chosen) < total(before)


def test_a_chosen_value_is_marked_and_leads_back(site: Site) -> None:
    page = site.page("/?q=council&topic=Council")
    chosen = page.one("section", aria_labelledby="facet-topic").one("a", aria_current="true")
    assert chosen.one(class_="value").text == "Council"
    assert chosen["href"] == "/?q=council"


def test_many_values_are_folded_away_but_for_the_chosen_one(tmp_path: Path) -> None:
    specs = [{"title": f"Ban {number}", "topics": [f"T{number:02}", "All"]} for number in range(15)]
    with serving(indexed(tmp_path, specs)) as site:
        section = site.page("/?q=ban").one("section", aria_labelledby="facet-topic")
        folded = section.one("details")
        assert (len(section.all("a")), len(folded.all("a"))) == (16, 8)
        assert folded.one("summary").text == "8 more of Topic"
        last = site.page(folded.all("a")[-1]["href"]).one("section", aria_labelledby="facet-topic")
        assert last.one("a", aria_current="true") not in last.one("details").all("a")


def test_a_chip_removes_one_filter_and_keeps_the_others(site: Site) -> None:
    page = site.page("/?q=ban&topic=Privacy&min_quality=40")
    assert chips(page) == ["Remove Topic Privacy ×", "Remove Quality 40 or better ×", "Remove all"]
    assert page.all("a", "chip")[0]["href"] == "/?q=ban&min_quality=40"
    assert page.all("a", "chip")[2]["href"] == "/?q=ban"


def test_an_end_of_dates_and_a_bound_for_each_provider_have_chips_too(site: Site) -> None:
    page = site.page("/?q=ban&until=2030&max_per_provider=1")
    assert chips(page) == ["Remove To 2030 ×", "Remove Each provider 1 at most ×", "Remove all"]
    assert page.all("a", "chip")[0]["href"] == "/?q=ban&max_per_provider=1"
    assert page.all("a", "chip")[1]["href"] == "/?q=ban&until=2030"


def test_long_ages_share_bars(tmp_path: Path) -> None:
    dates = ("1700-01-01", "1702-06-01", "1990-01-01", "2020-09-13")
    specs = [
        {"path": f"{date}.md", "title": "Harbour", "date": date, "url": f"https://a.example/{date}"} for date in dates
    ]
    with serving(indexed(tmp_path, specs)) as site:
        bars = site.page("/").one("figure", "timeline").all("a")
        assert len(bars) <= 120
        assert bars[0].one("title").text.startswith("1700–1702: 2 ")
        for bar in bars:
            assert total(site.page(bar["href"])) == int(bar.one("title").text.split(": ")[1].split()[0])


def test_a_provider_is_called_by_its_name(site: Site) -> None:
    assert chips(site.page("/?q=ban&provider=salon.example")) == ["Remove Provider Salon ×"]


def test_each_bar_of_the_timeline_narrows_the_dates_to_what_it_counts(site: Site) -> None:
    bars = site.page("/").one("figure", "timeline").all("a")
    assert len(bars) > 3
    for bar in bars:
        assert total(site.page(bar["href"])) == int(bar.one("title").text.split(": ")[1].split()[0])


def test_sorting_keeps_the_query_and_says_what_is_in_force(site: Site) -> None:
    nav = site.page("/?q=council&sort=quality").one("nav", "sort")
    assert nav.one("a", aria_current="true").text == "Quality"
    assert titles(site.page(nav.link("Newest")))[0] == "Council meets for the 21th time"


def test_pages_lead_on_and_back(site: Site) -> None:
    first = site.page("/?q=meeting")
    second = site.page(first.one("a", rel="next")["href"])
    assert (len(titles(first)), len(titles(second))) == (10, 2)
    assert second.one("ol", "hits")["start"] == "11"
    assert second.one("nav", "pages").one("a", aria_current="page").text == "2"
    assert titles(site.page(second.one("a", rel="prev")["href"])) == titles(first)


def test_a_page_beyond_the_last_leads_to_the_first(site: Site) -> None:
    page = site.page("/?q=council&offset=500")
    assert titles(site.page(page.one(class_="nothing").link("Go to the first")))


def test_each_score_is_explained_by_three_summands(site: Site) -> None:
    hit = site.page("/?q=facial+recognition").one("article", "hit")
    why = hit.one("details", "why")
    parts = {one.one("dt").text: float(one.one("dd").text.split()[0]) for one in why.one("dl").all("div")}
    assert list(parts) == ["relevance", "quality", "recency"]
    assert f"{sum(parts.values()):.2f}" == why.one("summary").text.split()[1]


def test_a_whole_calculation_is_shown_on_request(site: Site) -> None:
    page = site.page("/?q=facial+recognition")
    assert page.all("ul", "tree") == []
    whole = site.page(page.one("details", "why").link("The whole calculation").partition("#")[0])
    assert len(whole.all("ul", "tree")) == len(whole.all("article", "hit"))
    assert "idf" in whole.one("ul", "tree").text


def test_stories_say_who_covered_them_and_who_was_first(site: Site) -> None:
    page = site.page("/?q=facial+recognition+ban&group=story")
    assert "articles in" in page.one("h1").text
    story = page.one("details", "story")
    assert "covered by" in story.one("summary").text
    assert "first by Salon on 13 Sep 2020" in story.one("summary").text
    assert "City first to ban facial recognition" in story.text


def test_what_was_found_in_a_cited_article_alone_is_said(site: Site) -> None:
    hit = next(one for one in site.page("/?q=border").all("article", "hit") if "thwart" in one.one("h2").text)
    aside = hit.one("p", "aside")
    assert aside.text == "Found in an article it cites: Police use facial recognition at the border"


def test_what_cites_a_hit_is_shown_with_it(site: Site) -> None:
    hit = site.page("/?q=thwart").one("article", "hit")
    assert "A ban is only as good as its audit" in hit.one("details", "beside").text


def test_a_slip_of_spelling_is_told_with_a_link(site: Site) -> None:
    page = site.page("/?q=recogniton")
    assert page.one("h1").text == "No articles"
    assert titles(site.page(page.one("main").link("recognition")))


def test_words_that_nothing_has_together_are_relaxed_and_it_is_said(site: Site) -> None:
    page = site.page("/?q=facial+recognition+quay")
    assert "No article has all of these words" in page.text
    assert site.page(page.link("Only with all words")).one("h1").text == "No articles"


def test_remarks_on_the_query_are_shown(site: Site) -> None:
    assert 'there is no field "foo"' in site.page("/?q=foo:ban").one("ul", "warning").text


def test_nothing_found_offers_ways_out(site: Site) -> None:
    page = site.page("/?q=zebra+xylophone&topic=Privacy&match=all")
    ways = page.one(class_="nothing")
    assert ways.link("Search without filters") == "/?q=zebra+xylophone"
    assert "match=any" in ways.link("Search for any of the words")


def test_a_value_that_makes_no_sense_is_refused_in_words(site: Site) -> None:
    page = site.page("/?q=ban&since=nonsense", status=422)
    assert "nonsense" in page.one(class_="warning").text
    assert page.one("input", id="q")["value"] == "ban"
    assert page.link("Search without options") == "/?q=ban"


def test_an_unknown_parameter_is_refused_with_the_nearest(site: Site) -> None:
    assert "the nearest is topic" in site.page("/?topci=AI", status=422).one(class_="warning").text


def test_fields_of_the_form_that_are_empty_count_as_not_given(site: Site) -> None:
    assert titles(site.page("/?q=ban&since=&until=&as_of=&match=auto&max_per_provider="))


def test_the_archive_is_shown_as_it_stood(site: Site) -> None:
    page = site.page("/?q=ban&as_of=2020-09-20")
    assert "A ban is only as good as its audit" not in titles(page)
    assert "as of 20 Sep 2020" in page.one(class_="heading").text


def test_a_form_that_is_sent_keeps_the_filters_that_links_chose(site: Site) -> None:
    page = site.page("/?q=ban&topic=Privacy&sort=date")
    kept = {one["name"]: one["value"] for one in page.all("input", type="hidden")}
    assert kept == {"topic": "Privacy", "sort": "date"}
    assert all(one["form"] == "search" for one in page.all("input", type="hidden"))


def test_options_show_what_is_in_force(site: Site) -> None:
    panel = site.page("/?q=ban&since=2020&match=any&group=story").one("details", "options")
    assert panel.one("input", name="since")["value"] == "2020"
    assert "selected" in panel.one("option", value="any").attributes
    assert "checked" in panel.one("input", name="group").attributes


def test_every_field_has_a_label(site: Site) -> None:
    page = site.page("/?q=ban")
    named = {one["for"] for one in page.all("label") if "for" in one.attributes}
    inside = [field for label in page.all("label") for field in label if field.tag in ("input", "select")]
    fields = [one for one in page if one.tag in ("input", "select") and one.attributes.get("type") != "hidden"]
    assert fields
    assert [one for one in fields if one not in inside and one.attributes.get("id") not in named] == []


def test_an_identity_is_given_once(site: Site) -> None:
    ids = [one["id"] for one in site.page("/?q=facial+recognition&group=story") if "id" in one.attributes]
    assert sorted(ids) == sorted(set(ids))


def test_the_fragment_is_what_stands_in_the_page(site: Site) -> None:
    whole = site.page("/?q=council&topic=Council").one(id="live")
    part = site.page("/fragment?q=council&topic=Council").one(id="live")
    assert titles(whole) == titles(part)
    assert [one.attributes.get("href") for one in whole.all("a")] == [
        one.attributes.get("href") for one in part.all("a")
    ]
    assert part["data-status"] == "12 articles, page 1 of 2"


def test_while_typing_the_last_word_may_be_unfinished(site: Site) -> None:
    assert len(titles(site.page("/fragment?q=facial+recogni&typing=1"))) > 2
    assert len(titles(site.page("/fragment?q=recogni&typing=1"))) > 2
    assert titles(site.page("/fragment?q=recogni")) == []


def test_while_typing_a_word_that_is_found_stays_as_it_is(site: Site) -> None:
    part = site.page("/fragment?q=ban&typing=1").one(id="live")
    assert part["data-text"] == "ban"


def test_no_page_has_a_style_or_script_in_it_nor_anything_from_elsewhere(site: Site) -> None:
    for path in ("/?q=facial+recognition&group=story", "/", "/?q=zebra", "/?since=x"):
        page = parsed(site.get(path)[2])
        assert page.all("style") == []
        assert [one for one in page.all("script") if one.text or "src" not in one.attributes] == []
        loaded = [one.attributes.get("src") or one["href"] for one in page if one.tag in ("script", "link", "img")]
        assert [one for one in loaded if not one.startswith("/") or one.startswith("//")] == []
        assert [name for one in page for name in one.attributes if name == "style" or name.startswith("on")] == []


def test_a_page_that_the_browser_has_is_not_sent_again(site: Site) -> None:
    def again() -> tuple[int, str]:
        tag = site.get("/?q=ban")[1]["etag"]
        status, _, text = site.get("/?q=ban", If_None_Match=tag)
        return status, text

    # The minute may turn between two requests, but hardly twice.
    assert (304, "") in (again(), again())


def test_the_page_leads_to_its_feed(site: Site) -> None:
    feed = site.page("/?q=ban&topic=Privacy&offset=10").one("link", rel="alternate")["href"]
    assert feed == "/feed.atom?q=ban&topic=Privacy"
    status, headers, _ = site.get(feed)
    assert (status, headers["content-type"].partition(";")[0]) == (200, "application/atom+xml")


def test_everything_leads_below_the_place_where_it_is_mounted(tmp_path: Path) -> None:
    with serving(indexed(tmp_path), mounted="/deep/news") as site:
        page = site.page("/?q=facial+recognition")
        leading = [
            one["href"]
            for one in page
            if "href" in one.attributes and one.attributes.get("rel") != "noopener noreferrer"
        ]
        leading += [page.one("form")["action"], page.one("script")["src"]]
        inner = [one for one in leading if not one.startswith("#")]
        assert len(inner) > 20
        assert [one for one in inner if not one.startswith("/deep/news/")] == []
        host = site.address.removesuffix("/deep/news")
        for path in (page.one("a", "title")["href"], page.one("script")["src"], page.one("a", "topic")["href"]):
            assert Site(host).get(path)[0] == 200


def test_under_too_much_load_a_page_says_when_to_come_back(tmp_path: Path) -> None:
    class FullGate(Gate):
        async def run(self, *_: object, **__: object) -> NoReturn:
            raise Busy

    with serving(indexed(tmp_path), gate=FullGate()) as site:
        status, headers, text = site.get("/?q=ban")
    assert status == 503
    assert int(headers["retry-after"]) >= 1
    assert "Too many are searching" in parsed(text).one(class_="warning").text


def test_no_index_is_a_page_that_names_no_folder(tmp_path: Path) -> None:
    with serving(tmp_path / "none") as site:
        status, headers, text = site.get("/?q=ban")
        assert status == 503
        assert headers["cache-control"] == "no-store"
        assert str(tmp_path) not in text
        assert parsed(text).one("input", id="q")["value"] == "ban"


class Failing(NewsIndex):
    """An index of which every search is a mistake of the program."""

    def ask(self, request: SearchRequest | str) -> NoReturn:
        raise RuntimeError(f"secret detail of {request}")


@pytest.mark.parametrize("address", ["/?q=ban", "/fragment?q=ban"])
def test_a_mistake_of_the_program_is_a_page_that_says_so_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    with Failing.create(indexed(tmp_path)) as index, serving(index, paths=True) as site:
        status, headers, text = site.get(address)
    assert (status, headers["content-type"], headers["cache-control"]) == (500, "text/html; charset=utf-8", "no-store")
    assert "script-src 'self'" in headers["content-security-policy"]
    page = parsed(text)
    assert page.one("h1").text == "Not available"
    assert page.one(class_="warning").text == "This server made a mistake; its log says which."
    assert "secret detail" not in text
    assert "secret detail" in caplog.text


def test_links_carry_any_text(site: Site) -> None:
    text = 'council "x" & <y> +%20 ü'
    sort = site.page("/?match=any&q=" + quote_plus(text)).one("nav", "sort")
    assert parse_qs(urlsplit(sort.link("Newest")).query)["q"] == [text]
