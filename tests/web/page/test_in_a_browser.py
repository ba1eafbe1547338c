"""The page in a real browser: what its script adds, and that nothing is missing without it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("jinja2", reason="the page needs newsearch[serve]")
pytest.importorskip("selenium", reason="the tests in a browser need selenium")

from tests.web.page.browser import Browser, Keys
from tests.web.page.site import Site, indexed, serving
from tests.web.page.test_hostile_texts import QUOTES, SCRIPT, SPECS

COUNT = "document.querySelector('h1').textContent"
FOCUSED = "document.activeElement"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    long = {"title": "ban " + "x" * 400, "excerpt": "y" * 2000, "topics": ["z" * 200], "url": "https://a.example/" * 20}
    folder = tmp_path_factory.mktemp("hostile")
    with serving(indexed(folder, [*SPECS, long]), title=f"{SCRIPT}{QUOTES}") as site:
        yield site


def asked(browser: Browser) -> list[str]:
    """What the page's script has asked the server for."""
    found: list[str] = browser.run("""
        return performance.getEntriesByType("resource").map(one => new URL(one.name))
          .filter(one => one.pathname.endsWith("/fragment")).map(one => one.search)
    """)
    return found


# --- Typing ---


def test_results_come_while_one_types(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    browser.stays()
    browser.type("masks")
    browser.until(f"{COUNT} === '1 article'")
    assert browser.texts(".title") == ["Face masks defeat facial recognition"]
    assert browser.same()
    assert browser.address() == "/?q=masks"
    assert browser.run("return document.title") == "masks – The archive"


def test_the_count_is_told_to_a_screen_reader(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    browser.type("masks")
    browser.until("document.querySelector('[role=status]').textContent === '1 article'")


def test_an_unfinished_word_finds_what_it_begins(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    browser.type("masks recogni")
    browser.until(f"{COUNT} === '1 article'")
    assert browser.find("#q").get_attribute("value") == "masks recogni"


def test_a_stale_answer_is_given_up(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    browser.run("""
        const real = window.fetch;
        window.fetch = (address, options) => {
          if (!String(address).includes("q=masks")) return real(address, options);
          window.asked = true;
          return new Promise((_, refuse) => options.signal.addEventListener("abort", () => {
            window.aborted = true;
            refuse(new DOMException("aborted", "AbortError"));
          }));
        };
    """)
    browser.type("masks")
    browser.until("window.asked")
    browser.type("audit")
    browser.until("window.aborted && document.title.startsWith('audit')")
    assert browser.texts(".title")[0] == "A ban is only as good as its audit"


def test_a_server_that_does_not_answer_is_told(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    browser.run("window.fetch = () => Promise.reject(new TypeError('network'))")
    browser.type("masks")
    browser.until("document.querySelector('[role=status]').textContent.includes('please try again')")
    assert not browser.run("return document.getElementById('live').classList.contains('waiting')")


# --- The history ---


def test_the_back_button_takes_a_facet_back(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=recognition")
    before = browser.texts(".title")
    browser.stays()
    browser.click('[data-key="topic:Health"]')
    browser.until(f"{COUNT} === '1 article'")
    assert browser.address() == "/?q=recognition&topic=Health"
    browser.back()
    browser.until(f"{COUNT} !== '1 article'")
    assert browser.texts(".title") == before
    assert browser.address() == "/?q=recognition"
    assert browser.same()


def test_what_was_typed_in_one_go_is_one_step_back(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=council")
    browser.type("mas")
    browser.until("location.search === '?q=mas'")
    browser.find("#q").send_keys("ks")
    browser.until(f"location.search === '?q=masks' && {COUNT} === '1 article'")
    browser.back()
    browser.until("document.title.startsWith('council')")
    assert browser.find("#q").get_attribute("value") == "council"


def test_going_back_before_the_answer_came_leaves_the_page_as_it_is(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=recognition")
    browser.run("""
        window.fetch = (_, options) => new Promise((_, refuse) => options.signal.addEventListener("abort", () => {
          window.aborted = true;
          refuse(new DOMException("aborted", "AbortError"));
        }));
    """)
    browser.click('[data-key="topic:Health"]')
    browser.until("location.search.includes('topic')")
    browser.back()
    browser.until("window.aborted")
    assert browser.address() == "/?q=recognition"
    assert browser.texts("h1") == ["5 articles"]
    assert not browser.run("return document.getElementById('live').classList.contains('waiting')")


def test_fast_typing_ends_with_what_was_typed(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    browser.type("face masks defeat facial recognition")
    browser.until(f"{COUNT} === '1 article'")
    assert asked(browser)[-1] == "?q=face+masks+defeat+facial+recognition&typing=1"


def test_forward_and_reload_show_what_the_address_says(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=council")
    browser.click(".sort a[href*=quality]")
    browser.until("document.querySelector('.sort [aria-current]').textContent === 'Quality'")
    shown = browser.texts(".title")
    browser.back()
    browser.until("document.querySelector('.sort [aria-current]').textContent === 'Relevance'")
    browser.driver.forward()
    browser.until("document.querySelector('.sort [aria-current]').textContent === 'Quality'")
    browser.driver.refresh()
    assert browser.texts(".title") == shown


def test_coming_back_from_an_article_shows_the_same_result(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    browser.type("masks")
    browser.until(f"{COUNT} === '1 article'")
    browser.click(".title")
    browser.until("document.querySelector('.full') !== null")
    browser.back()
    browser.until("document.querySelector('.hits') !== null")
    assert browser.texts(".title") == ["Face masks defeat facial recognition"]
    assert browser.find("#q").get_attribute("value") == "masks"


# --- Filters, the timeline, options ---


def test_a_bar_of_the_timeline_narrows_the_dates(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=council")
    browser.stays()
    browser.run("""
        const bar = document.querySelector(".timeline a");
        bar.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    """)
    browser.until("document.querySelector('.chip') !== null")
    assert "since=" in browser.address()
    assert browser.same()


def test_the_focus_stays_on_the_facet_that_was_clicked(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=recognition")
    browser.click('[data-key="topic:AI"]')
    browser.until("document.querySelector('.chip') !== null")
    assert browser.run(f"return {FOCUSED}.dataset.key") == "topic:AI"


def test_removing_the_last_filter_leaves_the_focus_on_the_page(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=recognition&topic=AI")
    browser.click(".chip")
    browser.until("document.querySelector('.chip') === null")
    assert browser.run(f"return {FOCUSED}.id") == "results"


def test_an_option_takes_effect_when_it_changes(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=facial+recognition+ban")
    browser.click("#options summary")
    browser.click("input[name=group]")
    browser.until(f"{COUNT}.includes(' in ')")
    assert browser.address() == "/?q=facial+recognition+ban&group=story"
    assert browser.run("return document.getElementById('options').open")


def test_an_option_that_makes_no_sense_is_told_in_place(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=ban")
    browser.stays()
    browser.click("#options summary")
    browser.find("input[name=since]").send_keys("nonsense", Keys.ENTER)
    browser.until("document.querySelector('.warning') !== null")
    assert "nonsense" in browser.texts(".warning")[0]
    browser.back()
    browser.until("document.querySelector('.hits') !== null")
    assert browser.same()


def test_the_next_page_begins_at_its_top(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=meeting")
    browser.run("document.querySelector('[rel=next]').scrollIntoView()")
    browser.click("[rel=next]")
    browser.until("document.querySelector('.hits').start === 11")
    browser.until("scrollY === 0")
    assert browser.run(f"return {FOCUSED}.id") == "results"


# --- Suggestions ---


def offered(browser: Browser, text: str) -> list[str]:
    browser.type(text)
    browser.until("!document.getElementById('suggestions').hidden")
    return browser.texts("#suggestions bdi")


def test_words_topics_and_providers_are_suggested(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    assert {"harbour", "Harbour", "Harbour Post"} <= set(offered(browser, "harb"))
    assert browser.find("#q").get_attribute("aria-expanded") == "true"


def test_a_suggestion_is_chosen_with_the_keys(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    first = offered(browser, "face mas")[0]
    browser.press(Keys.ARROW_DOWN)
    assert browser.find("#q").get_attribute("aria-activedescendant") == "suggestion-0"
    assert browser.find("#suggestion-0").get_attribute("aria-selected") == "true"
    browser.press(Keys.ENTER)
    browser.until("document.getElementById('suggestions').hidden")
    assert browser.find("#q").get_attribute("value") == first == "face masks"
    browser.until(f"{COUNT} === '1 article'")


def test_a_topic_is_suggested_as_a_filter(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    place = offered(browser, "priv").index("Privacy")
    browser.click(f"#suggestion-{place}")
    browser.until(f"{COUNT} === '2 articles'")
    assert browser.find("#q").get_attribute("value") == 'topic:"Privacy"'


def test_escape_closes_the_suggestions_and_keeps_the_text(browser: Browser, site: Site) -> None:
    browser.open(site, "/")
    offered(browser, "recog")
    browser.press(Keys.ESCAPE)
    browser.until("document.getElementById('suggestions').hidden")
    assert browser.find("#q").get_attribute("value") == "recog"
    assert browser.find("#q").get_attribute("aria-expanded") == "false"


def test_a_search_from_an_articles_page_is_a_page_of_its_own(browser: Browser, site: Site) -> None:
    browser.open(site, site.page("/?q=masks").one("a", "title")["href"])
    browser.type("audit")
    browser.press(Keys.ENTER)
    browser.until("document.title.startsWith('audit')")
    assert browser.texts(".title")[0] == "A ban is only as good as its audit"


# --- Keys ---


def test_a_slash_goes_to_the_search_field(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=council")
    browser.press("/")
    assert browser.run(f"return {FOCUSED}.id") == "q"
    browser.press("a/b")
    assert browser.find("#q").get_attribute("value") == "a/b"


def test_j_and_k_move_and_enter_opens(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=council")
    titles = browser.texts(".title")
    browser.press("j", "j", "k")
    assert browser.run(f"return {FOCUSED}.textContent.trim()") == titles[0]
    browser.press("j", Keys.ENTER)
    browser.until("document.querySelector('.full') !== null")
    assert browser.texts("h1") == [titles[1]]


def test_a_question_mark_shows_the_keys_and_escape_closes_them(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=council")
    browser.press("?")
    browser.until("document.getElementById('help').open")
    browser.press(Keys.ESCAPE)
    browser.until("!document.getElementById('help').open")


def test_single_keys_can_be_turned_off_for_good(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=council")
    try:
        browser.press("?")
        browser.click("#keys-on")
        browser.press(Keys.ESCAPE)
        browser.driver.refresh()
        browser.press("/", "j", "?")
        assert browser.run(f"return {FOCUSED} === document.body && !document.getElementById('help').open")
    finally:
        browser.run("localStorage.clear()")


def test_the_first_tab_skips_to_the_results(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=council")
    browser.press(Keys.TAB)
    assert browser.run(f"return {FOCUSED}.className") == "skip"
    browser.press(Keys.ENTER)
    browser.until(f"{FOCUSED}.id === 'results'")
    browser.until("location.hash === '#results'")
    assert asked(browser) == []


# --- Without a script ---


def test_everything_works_without_a_script(browser: Browser, site: Site) -> None:
    browser.open(site, "/", script=False)
    assert not browser.find(".keys").is_displayed()
    browser.type("recognition")
    browser.press(Keys.ENTER)
    assert browser.find("h1").text == "5 articles"
    browser.click('[data-key="topic:AI"]')
    assert browser.find("h1").text == "2 articles"
    browser.click("#options summary")
    browser.find("input[name=since]").send_keys("2020-09")
    browser.click(".panel button")
    assert browser.find("h1").text == "1 article"
    assert "topic=AI" in browser.driver.current_url
    browser.click(".why summary")
    assert browser.find(".parts").is_displayed()
    browser.click(".title")
    assert browser.find(".full h1").text == "Amazon tried to thwart the facial recognition ban"
    browser.back()
    browser.back()
    assert browser.find("h1").text == "2 articles"


def test_filters_open_on_a_phone_without_a_script(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=recognition", width=360, script=False)
    assert not browser.find("#filters").is_displayed()
    browser.click(".open-filters")
    assert browser.find("#filters").is_displayed()
    browser.click('#filters [data-key="topic:AI"]')
    assert browser.find("h1").text == "2 articles"


# --- Harm ---


@pytest.mark.parametrize("path", ["/?q=ban", "/", "/?q=evening&group=story", "/?q=%3Cscript%3Ealert(1)%3C/script%3E"])
def test_nothing_of_the_archive_runs_or_breaks_the_policy(browser: Browser, hostile: Site, path: str) -> None:
    browser.open(hostile, path)
    browser.until("document.querySelector('.keys').hidden === false")
    assert browser.run("return [...document.scripts].every(one => one.src.startsWith(location.origin))")
    assert browser.problems() == []


def test_hostile_names_are_suggested_as_text(browser: Browser, hostile: Site) -> None:
    browser.open(hostile, "/")
    assert any("<script>" in one or "<img" in one for one in [*offered(browser, "scr"), *offered(browser, "img")])
    browser.press(Keys.ARROW_DOWN, Keys.ENTER)
    browser.until("document.getElementById('suggestions').hidden")
    assert browser.run("return document.querySelector('#suggestions script, #suggestions img, main img') === null")
    assert browser.problems() == []


def test_nothing_is_loaded_from_elsewhere(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=recognition")
    browser.until("document.querySelector('.keys').hidden === false")
    loaded = browser.run("return performance.getEntriesByType('resource').map(one => new URL(one.name).origin)")
    assert set(loaded) == {site.address}


# --- Room, colours, paper ---

OPENED = "document.querySelectorAll('details').forEach(one => { one.open = true })"


@pytest.mark.parametrize(
    "path", ["/", "/?q=facial+recognition+ban&group=story&topic=Privacy", "/?q=zebra", "/?since=x"]
)
def test_a_phone_shows_it_without_scrolling_sideways(browser: Browser, site: Site, path: str) -> None:
    browser.open(site, path, width=360)
    browser.run(OPENED)
    assert browser.run("return document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("width", [320, 360, 700, 900, 1280])
def test_the_longest_words_fit(browser: Browser, hostile: Site, width: int) -> None:
    for path in ("/?q=ban", hostile.page("/?q=ban+title:x*").one("a", "title")["href"]):
        browser.open(hostile, path, width=width)
        browser.run(OPENED)
        assert browser.run("return document.documentElement.scrollWidth") <= width


def test_filters_are_a_sheet_on_a_phone_that_stays_open_while_one_chooses(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=recognition", width=360)
    browser.click(".open-filters")
    browser.click('#filters [data-key="topic:AI"]')
    browser.until(f"{COUNT} === '2 articles'")
    assert browser.run("return document.getElementById('filters').matches(':popover-open')")
    browser.press(Keys.ESCAPE)
    browser.until("!document.getElementById('filters').matches(':popover-open')")


def test_targets_on_a_phone_are_large_enough_for_a_finger(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=recognition", width=360)
    browser.click(".open-filters")
    small = browser.run("""
        return [...document.querySelectorAll("#filters a, #filters button, .open-filters, #search button, .pages a")]
          .filter(one => one.checkVisibility()).map(one => [one.textContent.trim(), one.getBoundingClientRect().height])
          .filter(([, height]) => height < 24)
    """)
    assert small == []


def test_dark_and_light_follow_the_system(browser: Browser, site: Site) -> None:
    browser.open(site, "/", dark=True)
    dark = browser.run("return getComputedStyle(document.documentElement).backgroundColor")
    browser.open(site, "/")
    assert dark != browser.run("return getComputedStyle(document.documentElement).backgroundColor")


def test_on_paper_there_are_the_hits_and_their_addresses_alone(browser: Browser, site: Site) -> None:
    browser.open(site, "/?q=recognition", media="print")
    assert not browser.find("#search").is_displayed()
    assert not browser.find("#filters").is_displayed()
    assert browser.find(".title").is_displayed()
    assert "https://" in browser.run("return getComputedStyle(document.querySelector('.out'), '::after').content")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "path", ["/", "/?q=facial+recognition+bann&group=story&topic=AI&match=any", "/?q=foo:zebra", "/?since=x", "article"]
)
def test_axe_finds_nothing_to_complain_of(browser: Browser, site: Site, path: str, width: int, dark: bool) -> None:
    axe = pytest.importorskip("axe_core_python.base", reason="the check of accessibility needs axe-core-python")
    if path == "article":
        path = site.page("/?q=thwart").one("a", "title")["href"]
    browser.open(site, path, width=width, dark=dark)
    browser.run(OPENED)
    browser.run((Path(axe.__file__).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = browser.driver.execute_async_script(
        "const done = arguments[arguments.length - 1]; axe.run().then(found => done(found.violations))"
    )
    assert [(one["id"], node["html"][:200]) for one in found for node in one["nodes"]] == []


def test_typing_works_where_the_site_is_mounted(browser: Browser, tmp_path: Path) -> None:
    with serving(indexed(tmp_path), mounted="/deep/news") as site:
        browser.open(site, "/")
        assert offered(browser, "mas") == ["masks"]
        browser.press(Keys.ARROW_DOWN, Keys.ENTER)
        browser.until(f"{COUNT} === '1 article'")
        assert browser.address() == "/deep/news/?q=masks"
        assert browser.problems() == []
