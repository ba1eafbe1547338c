"""A brief: what stands on the page, that it shows text as it is, and that it is the same every time."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.brief import brief, escaped
from newsearch.errors import QueryError
from newsearch.library import NewsIndex
from newsearch.model import SearchRequest
from tests.archive import NOW, Archive, cited


def page(folder: Path, *items: dict[str, Any], text: str = "kelp", stories: int = 10, **options: Any) -> str:
    archive = Archive(folder / "archive")
    for fields in items:
        archive.deliver(**fields)
    with NewsIndex.create(folder / "index", clock=lambda: NOW) as index:
        index.sync([archive.folder])
        return brief(index, SearchRequest(text, **options), stories=stories)


STORY: dict[str, Any] = {
    "title": "Kelp ban",
    "excerpt": "The port says *no*.",
    "date": "2020-09-13",
    "quality": 43,
    "provider": {"name": "Harbour Post"},
    "related": [
        cited("Kelp returns", "https://b.example/2", date="2020-09-15", provider={"name": "Salon"}),
        cited("Kelp is back", "https://b.example/3", date="2020-09-10", provider={"domain": "b.example"}),
    ],
}


def test_it_tells_of_the_best_article_and_of_the_story_around_it(tmp_path: Path) -> None:
    found = page(tmp_path, STORY, {"title": "Kelp elsewhere", "date": "2020-07-01"})
    assert found.startswith(
        "# kelp\n\n4 articles in 2 stories.\n\n- Query: `kelp`\n- Index of 2020-10-01 00:00:00 UTC: "
    )
    assert "### 1. [Kelp ban](https://paper.example/item-1)\n\nHarbour Post · 2020-09-13 · quality 43 · `" in found
    assert "\nThe port says \\*no\\*.\n" in found
    assert "3 articles, covered by 3 providers, first by b.example on 2020-09-10:\n" in found
    assert "- [Kelp returns](https://b.example/2) (Salon, 2020-09-15)\n" in found


def test_the_timeline_has_the_months_without_articles_too(tmp_path: Path) -> None:
    found = page(tmp_path, STORY, {"title": "Kelp elsewhere", "date": "2020-07-01"}, {"title": "Undated kelp"})
    assert "2020-07  1  ████████\n2020-08  0\n2020-09  3  ████████████████████████\n" in found
    assert "1 article without a date." in found


def test_a_timeline_of_many_months_is_by_year(tmp_path: Path) -> None:
    found = page(tmp_path, {"title": "Kelp", "date": "1999-07-01"}, {"title": "Kelp", "date": "2020-07-01"})
    assert "1999  1  ████████████████████████\n2020  1  ████████████████████████\n" in found


def test_stories_beyond_those_asked_for_are_counted(tmp_path: Path) -> None:
    items = [{"title": f"Kelp {name}"} for name in ("norb", "tarn", "vost")]
    found = page(tmp_path, *items, stories=2)
    assert "3 articles in 3 stories; the best 2 below." in found
    assert found.count("\n### ") == 2


def test_the_same_index_and_request_give_the_same_page(tmp_path: Path) -> None:
    assert page(tmp_path, STORY) == page(tmp_path)


def test_the_moment_that_was_looked_at_is_named(tmp_path: Path) -> None:
    assert "- The archive as of 2020-09-14 23:59:59 UTC\n" in page(tmp_path, STORY, as_of="2020-09-14")


def test_nothing_found_is_a_page_too(tmp_path: Path) -> None:
    found = page(tmp_path, STORY, text="zeppelin")
    assert found.startswith("# zeppelin\n\nNo article matches.\n")
    assert "##" not in found


def test_a_query_with_signs_of_markup_stands_as_it_is_to_be_copied(tmp_path: Path) -> None:
    found = page(tmp_path, STORY, text='"kelp ban" -topic:*x*')
    assert found.startswith('# `"kelp ban" -topic:*x*`\n')
    assert '\n- Query: `"kelp ban" -topic:' in found
    assert "\\" not in found.split("## When")[0]
    assert page(tmp_path, text="a``b").startswith("# ```a``b```\n")


def test_an_option_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="limit"):
        page(tmp_path, stories=-1)


def test_an_address_that_is_not_of_the_web_is_no_link(tmp_path: Path) -> None:
    found = page(tmp_path, {"title": "Kelp", "url": "javascript:alert(1)//x"})
    assert "### 1. Kelp\n" in found
    assert "](javascript" not in found


def test_an_address_cannot_end_its_link(tmp_path: Path) -> None:
    found = page(tmp_path, {"title": "Kelp", "url": "https://a.example/x)(y z<>"})
    assert "](https://a.example/x%29%28y%20z%3C%3E)" in found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a *b* _c_ `d`", r"a \*b\* \_c\_ \`d\`"),
        ("[x](y) <b> &amp; | # ~~z~~ $m$", r"\[x\](y) \<b\> \&amp; \| \# \~\~z\~\~ \$m\$"),
        ("1. not a list", r"1\. not a list"),
        ("- not a list", r"\- not a list"),
        ("=== no heading", r"\=== no heading"),
        ("two\nlines\x1b[0m\u202e", r"two lines \[0m"),
        ("see https://a.example", "see https&#58;//a.example"),
        ("www.a.example", "www&#46;a.example"),
        ("plain – “text”, 東京!", "plain – “text”, 東京!"),
    ],
)
def test_text_shows_as_it_is(text: str, shown: str) -> None:
    assert escaped(text) == shown


@given(st.text(st.characters(codec="utf-8")))
def test_escaping_loses_no_character_that_shows(text: str) -> None:
    unescaped = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), escaped(text))
    unescaped = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", unescaped)
    kept = re.sub("[\x00-\x1f\x7f-\x9f\u200e\u200f\u061c\u2028-\u202e\u2066-\u2069]", " ", text)
    assert unescaped.split() == kept.split()


def test_a_query_that_was_relaxed_and_stories_that_were_held_back_are_told(tmp_path: Path) -> None:
    salon = {"name": "Salon"}
    items = [{"title": f"{word} harbour kelp", "provider": salon} for word in ("Quiet", "Windy", "Crowded")]
    found = page(tmp_path, *items, text="kelp harbour norb", max_per_provider=1)
    assert "- No article has all of these words; these are the articles with most of them.\n" in found
    assert "stories held back, their providers having enough others\n" in found
