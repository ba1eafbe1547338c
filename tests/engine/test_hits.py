"""Hits: what of an article matched and where, who cites it, and its shortest id."""

from pathlib import Path

import pytest

from newsearch.engine.rules.snippet import LONGEST
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.items.ids import article_id, article_key
from newsearch.model import Hit
from tests.archive import build, cited, find


def only(engine: WhooshEngine, text: str) -> Hit:
    (hit,) = find(engine, text, kind="item")
    return hit


def marked(hit: Hit, field: str) -> list[str]:
    text = getattr(hit, field)
    return [text[start:end] for start, end in hit.highlights.get(field, ())]


@pytest.mark.parametrize(
    ("title", "query", "expected"),
    [
        ("Harbour bans cameras", "ban camera", ["bans", "cameras"]),
        ("Zürich's C++ labs", "zurich c++", ["Zürich's", "C++"]),
        ("The U.S. and covid-19", "U.S. covid-19", ["U.S.", "covid-19"]),
        ("東京都 news", "東京", ["東京"]),
        ("kelp norb, norb kelp", '"norb kelp"', ["norb kelp"]),
        ("kelp norb tarn", '"kelp norb" "norb tarn"', ["kelp norb tarn"]),
        ("state of the art", "the state", ["state"]),
        ("kelp norb", "kelp -vost", ["kelp"]),
        ("🙂 kelp", "kelp", ["kelp"]),
    ],
)
def test_highlights_mark_what_matched_as_it_is_written(
    tmp_path: Path, title: str, query: str, expected: list[str]
) -> None:
    engine = build(tmp_path, [{"path": "a.md", "title": title}])
    assert marked(only(engine, query), "title") == expected


def test_a_fielded_word_is_marked_in_its_field_alone(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": "a.md", "title": "kelp", "excerpt": "A kelp"}])
    hit = only(engine, "excerpt:kelp")
    assert dict(hit.highlights) == {"excerpt": ((2, 6),)}
    assert [place.field for place in hit.matched_in] == ["excerpt"]


def test_a_hit_names_every_place_it_matched_in_and_which_related_article(tmp_path: Path) -> None:
    engine = build(
        tmp_path,
        [
            {
                "path": "a.md",
                "title": "kelp",
                "topics": ["norb", "kelp"],
                "body": "Some kelp",
                "related": [cited("norb", "https://p/1"), cited("tarn", "https://p/2", excerpt="kelp")],
            }
        ],
    )
    hit = only(engine, "kelp")
    assert [place.field for place in hit.matched_in] == ["title", "topics", "body", "related"]
    assert (hit.matched_in[-1].id, hit.matched_in[-1].title) == (article_id(article_key("p/2")), "tarn")


def test_an_item_found_by_its_related_text_alone_says_so(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": "a.md", "title": "norb", "related": [cited("kelp", "https://p/1")]}])
    hit = only(engine, "kelp")
    assert [place.field for place in hit.matched_in] == ["related"]
    assert not hit.highlights


def test_citing_items_come_oldest_first_and_undated_last(tmp_path: Path) -> None:
    files = [
        {"path": f"{name}.md", "title": name, "date": date, "related": [cited("kelp", "https://p/r")]}
        for name, date in (("c", None), ("b", "2020-02-02"), ("a", "2020-03-03"))
    ]
    (hit,) = find(build(tmp_path, files), "kelp", kind="related")
    assert [ref.title for ref in hit.cited_by] == ["b", "a", "c"]


def test_a_hit_has_what_its_file_says(tmp_path: Path) -> None:
    spec = {
        "path": "a.md",
        "url": "https://p.example/a",
        "title": "kelp",
        "excerpt": "norb",
        "date": "2020-09-13T12:08:00Z",
        "quality": 43,
        "heat": 7,
        "type": "article",
        "published": False,
        "provider": {"name": "P", "domain": "p.example"},
        "topics": ["law"],
    }
    hit = only(build(tmp_path, [spec]), "kelp")
    assert (hit.kind, hit.title, hit.excerpt, hit.url, hit.path) == ("item", "kelp", "norb", spec["url"], "a.md")
    assert (hit.quality, hit.heat, hit.type, hit.published, hit.topics) == (43, 7, "article", False, ("law",))
    assert hit.date is not None
    assert hit.date.isoformat() == "2020-09-13T12:08:00+00:00"
    assert hit.provider is not None
    assert (hit.provider.name, hit.provider.domain) == ("P", "p.example")


def test_a_short_id_has_six_characters_and_finds_its_article(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": f"{number}.md", "title": "kelp"} for number in range(30)])
    for hit in find(engine, "kelp"):
        assert len(hit.short_id) >= 6
        assert hit.id.startswith(hit.short_id)
        assert engine.get(hit.short_id).path == hit.path


LONG = "A word. " * 60


@pytest.mark.parametrize(
    ("query", "field", "expected"),
    [
        ("norb", "body", ["norb"]),
        ("kelp norb", "body", ["norb"]),
        ("tarn", None, []),
        ("kelp", None, []),
        ("title:kelp", None, []),
        ("is:item", None, []),
        ('"norb vost"', "body", ["norb vost"]),
    ],
)
def test_a_snippet_shows_words_of_the_body_that_title_and_excerpt_lack(
    tmp_path: Path, query: str, field: str | None, expected: list[str]
) -> None:
    body = f"{LONG}Here is norb vost. {LONG}"
    engine = build(tmp_path, [{"path": "a.md", "title": "kelp", "excerpt": "tarn", "body": body}])
    found = only(engine, query).snippet
    assert (found and found.field) == field
    if found is not None:
        assert [found.text[start:end] for start, end in found.highlights] == expected
        assert body[found.start : found.start + len(found.text)] == found.text


def test_a_snippet_shows_the_matches_of_a_long_excerpt(tmp_path: Path) -> None:
    excerpt = f"{LONG}Here is norb. {LONG}"
    found = only(build(tmp_path, [{"path": "a.md", "title": "kelp", "excerpt": excerpt}]), "norb").snippet
    assert found is not None
    assert (found.field, found.more) == ("excerpt", True)
    assert "Here is norb." in found.text
    assert len(found.text) <= LONGEST
