"""How hits look: at every width, in every script, with everything missing."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from newsearch.cli import hits
from newsearch.cli.formats import Chosen
from newsearch.cli.output import write
from newsearch.cli.streams import Voice
from newsearch.cli.table import _snippet
from newsearch.cli.terminal import clean
from newsearch.model import (
    ArticleRef,
    Explanation,
    Hit,
    IndexState,
    MatchPlace,
    Provider,
    SearchRequest,
    SearchResult,
    Snippet,
)
from tests.cli.command import Terminal, terminal

BARE = Hit(
    id="k3v9q2t7rwqsa",
    short_id="k3v9q2",
    rank=1,
    score=0.8,
    kind="item",
    title="Harbour ban",
    excerpt="",
    url=None,
    path=None,
    date=None,
    provider=None,
    type=None,
    quality=None,
    heat=None,
    published=None,
    topics=(),
    highlights={},
    matched_in=(),
    cited_by=(),
)
FULL = replace(
    BARE,
    title="Why the harbour tried to thwart a historic ban on face recognition in its own container terminal",
    date=datetime(2020, 9, 13, 12, 8, tzinfo=UTC),
    provider=Provider("The Very Long-Winded Harbour Post and Advertiser", "post.example"),
    quality=43,
    topics=("Computer Vision", "Natural Language Processing", "Law"),
    highlights={"title": ((8, 15),)},
    matched_in=(MatchPlace("title"), *(MatchPlace("related", f"a{n}", f"Follow-up {n}") for n in range(4))),
    cited_by=tuple(ArticleRef(f"b{n}", f"Review of the year {n}") for n in range(3)),
)


def result(*found: Hit, **fields: Any) -> SearchResult:
    return SearchResult(
        **{
            "request": SearchRequest("harbour"),
            "parsed": "harbour",
            "relaxed": False,
            "as_of": None,
            "total": len(found),
            "took_ms": 0.8123,
            "index": IndexState(1, 1, None),
            "hits": found,
            **fields,
        }
    )


@contextmanager
def piped() -> Iterator[None]:
    """Draw as for a pipe, whatever the tests run in."""
    with redirect_stdout(io.StringIO()):
        yield


def table(width: int, *found: Hit) -> str:
    with terminal(width), piped():
        return hits.table(result(*found))


@pytest.mark.parametrize("width", [60, 75, 76, 80, 96, 100, 130, 200])
def test_a_table_fits_and_loses_nothing(width: int) -> None:
    text = table(width, FULL, BARE)
    words = " ".join(text.split())
    assert max(map(cell_len, text.splitlines())) <= width
    for word in ["thwart", "terminal", "2020-09-13", "43", "k3v9q2", "Advertiser", "Computer Vision"]:
        assert word in words


def test_a_narrow_table_says_what_a_number_is() -> None:
    assert "quality 43" in " ".join(table(60, FULL).split())


def test_a_wide_table_has_a_column_for_each() -> None:
    assert table(96, FULL).splitlines()[0].split() == ["#", "Score", "Title", "Provider", "Date", "Quality", "Id"]


def test_a_title_goes_on_below_its_neighbours_over_the_whole_line() -> None:
    title = "Why the harbour tried to thwart a historic ban on face recognition " + "in its own terminals " * 2
    first, second, *_ = table(100, replace(FULL, title=title, provider=Provider("Post"))).splitlines()[1:]
    assert first.endswith("k3v9q2")
    assert second == "          face recognition in its own terminals in its own terminals"
    assert len(second) > first.index("Post")


def test_a_long_provider_is_wrapped_in_its_column_and_the_title_beside_it() -> None:
    lines = table(100, replace(FULL, topics=(), matched_in=(), cited_by=())).splitlines()[1:-2]
    column = lines[0].index("The Very Long-Winded")
    assert [line[column:].split("  ")[0] for line in lines] == [
        "The Very Long-Winded",
        "Harbour Post and",
        "Advertiser",
    ]


def test_topics_have_a_line_of_their_own() -> None:
    assert "            Computer Vision, Natural Language Processing, Law" in table(100, FULL).splitlines()


def test_topics_that_do_not_fit_into_their_line_are_counted() -> None:
    assert "            Computer Vision, Natural Language Processing, and 1 more" in table(
        70, replace(FULL, topics=(*FULL.topics[:2], "The Law of the Sea"))
    )


def test_citing_items_are_named_up_to_two_and_then_counted() -> None:
    lines = [line.strip() for line in table(200, FULL).splitlines() if "cited by" in line]
    assert lines == ["cited by: Review of the year 0", "cited by: Review of the year 1, and 1 more"]


def test_a_citing_item_whose_title_takes_two_lines_is_the_only_one_named() -> None:
    long = tuple(ArticleRef(f"b{n}", f"Review of the year {n} " + "in many words" + " and words" * 4) for n in range(3))
    text = " ".join(table(80, replace(FULL, cited_by=long)).split())
    assert text.count("cited by: ") == 1
    assert "and words, and 2 more" in text


def test_related_articles_that_matched_are_named_where_nothing_else_shows_a_match() -> None:
    assert "matched in related article" not in table(200, FULL)
    text = table(200, replace(FULL, highlights={}))
    assert "matched in related article: Follow-up 0, and 3 more\n" in text


@pytest.mark.parametrize("width", [60, 100])
def test_an_explanation_has_the_whole_line(width: int) -> None:
    leaf = Explanation(0.5, "word " * 40)
    text = table(width, replace(BARE, explanation=Explanation(0.8, "score", "sum", (leaf,))))
    assert "            0.8000 score (sum)\n            └── 0.5000 word " in text
    assert width - 6 < max(map(len, text.splitlines())) <= width


@given(st.text(max_size=200), st.sampled_from([60, 80, 200]))
def test_any_title_fits(title: str, width: int) -> None:
    text = table(width, replace(BARE, title=title))
    assert max(map(cell_len, text.splitlines())) <= width


def test_an_address_cannot_end_the_link_it_is_in() -> None:
    evil = replace(BARE, url="https://evil.example/\x1b]8;;\x07x")
    with terminal(80), redirect_stdout(Terminal()):
        text = hits.table(result(evil))
    assert ";https://evil.example/%1B]8;;%07x\x1b\\" in text
    assert "\x07" not in text


def test_wide_characters_fit() -> None:
    text = table(60, replace(FULL, title="東京の港で顔認識が禁止された" * 8, highlights={"title": ((0, 4),)}))
    assert max(map(cell_len, text.splitlines())) <= 60


def test_a_hit_without_a_title_is_shown_as_such() -> None:
    assert "(no title)" in table(80, replace(BARE, title=""))


def test_where_the_title_has_no_match_the_matching_part_of_the_excerpt_is_shown() -> None:
    excerpt = "word " * 100 + "harbour " + "word " * 100
    text = table(200, replace(BARE, excerpt=excerpt, highlights={"excerpt": ((500, 507),)}))
    snippet = next(line.strip() for line in text.splitlines() if "harbour" in line)
    assert snippet.startswith("…word")
    assert snippet.endswith("word…")


@pytest.mark.parametrize(("start", "more", "shown"), [(0, False, "in harbour"), (9, True, "…in harbour…")])
def test_where_the_body_has_what_title_and_excerpt_lack_that_part_is_shown(start: int, more: bool, shown: str) -> None:
    snippet = Snippet("in harbour", "body", start, ((3, 10),), more=more)
    place = MatchPlace("related", "abc", "Follow-up")
    lines = table(200, replace(BARE, snippet=snippet, matched_in=(MatchPlace("body"), place))).splitlines()
    assert shown in map(str.strip, lines)
    assert not any("matched in related" in line for line in lines)


def test_of_a_long_excerpt_nothing_is_shown_where_the_title_matched() -> None:
    snippet = Snippet("in harbour", "excerpt", 9, ((3, 10),), more=True)
    marks = {"title": ((0, 7),), "excerpt": ((12, 19),)}
    assert "in harbour" not in table(200, replace(BARE, excerpt="x" * 300, highlights=marks, snippet=snippet))


@given(st.text(min_size=1, max_size=400), st.data())
def test_a_snippet_contains_its_match(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(len(text), start + 20)))
    line = _snippet(text, ((start, end),))
    marked = [span for span in line.spans if span.style]
    assert [span.end - span.start for span in marked] == [end - start]
    assert clean(text[start:end]) == line.plain[marked[0].start : marked[0].end]


def test_an_explanation_is_a_tree_with_its_facts() -> None:
    leaf = Explanation(0.5, "quality Q", facts={"found": None, "used": 50, "fields": {"title": {"tf": 2}}, "dfs": [3]})
    tree = Explanation(0.8, "score", "sum", (Explanation(0.5, "quality", "product", (leaf,)),))
    with piped():
        found = result(replace(BARE, explanation=tree))
        asked = replace(found, request=replace(found.request, explain=True))
        write(hits.answer(asked, dict), Chosen("plain"), Voice())
        text = cast("io.StringIO", sys.stdout).getvalue()
    assert text.splitlines()[1:] == [
        "  0.8000 score (sum)",
        "  └── 0.5000 quality (product)",
        "      └── 0.5000 quality Q  found unknown, used 50, dfs 3",
        "          title: tf 2",
    ]


@pytest.mark.parametrize(
    ("found", "fields", "said"),
    [
        ((), {}, "No articles, 0.8 ms"),
        ((), {"total": 1234}, "1,234 articles, none shown, 0.8 ms"),
        ((BARE,), {}, "1 article, all shown, 0.8 ms"),
        ((replace(BARE, rank=14),), {"total": 18}, "18 articles, number 14 shown, 0.8 ms"),
        ((replace(BARE, rank=11), replace(BARE, rank=12)), {"total": 18}, "18 articles, 11-12 shown, 0.8 ms"),
    ],
)
def test_the_totals_say_what_is_shown(found: tuple[Hit, ...], fields: dict[str, Any], said: str) -> None:
    assert hits.totals(result(*found, **fields)) == said
