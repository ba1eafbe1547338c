"""What each constraint of the language selects."""

import pytest

from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.items.ids import article_id, article_key
from tests.archive import Spec, build, cited, find

IMAGE = [{"url": "https://p.example/i.png", "width": 4, "height": 3}]
FILES: list[Spec] = [
    {
        "path": "2020/a.md",
        "url": "https://www.salon.example/a?utm_source=x",
        "title": "kelp",
        "date": "2020-09-30T23:59:59Z",
        "quality": 43,
        "heat": 5,
        "type": "article",
        "category": "Tech",
        "provider": {"name": "Salon", "domain": "www.Salon.example"},
        "topics": ["Zürich Affairs", "law"],
        "published": True,
        "images": IMAGE,
        "related": [cited("kelp", "https://b.example/r", quality=80, provider={"name": "Büro"})],
    },
    {"path": "b.md", "title": "kelp", "date": "2020-10-01T00:00:00Z", "quality": 0, "heat": -1, "published": False},
    {"path": "c.md", "title": "kelp", "type": "Video", "topics": ["law and order"]},
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> WhooshEngine:
    return build(tmp_path_factory.mktemp("index"), FILES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("provider:salon", {"2020/a.md"}),
        ("provider:SALON.example", {"2020/a.md"}),
        ("provider:www.salon.example", {"2020/a.md"}),
        ("domain:salon.example", {"2020/a.md"}),
        ("domain:salon", set()),
        ("provider:buro", {None}),
        ('topic:"zurich affairs"', {"2020/a.md"}),
        ("topic:law", {"2020/a.md"}),
        ("type:video", {"c.md"}),
        ("category:tech", {"2020/a.md"}),
        ("path:2020/a.md", {"2020/a.md"}),
        ("url:salon.example/a", {"2020/a.md"}),
        ('url:"http://salon.example/a/#top"', {"2020/a.md"}),
        (f"id:{article_id(article_key('path:b.md'))}", {"b.md"}),
        (f"id:{article_id(article_key('path:b.md'))[:6].upper()}", {"b.md"}),
        ("quality:>=43", {"2020/a.md", None}),
        ("quality:0", {"b.md"}),
        ("quality:<50", {"2020/a.md", "b.md"}),
        ("-quality:>=0", {"c.md"}),
        ("heat:>=0", {"2020/a.md"}),
        ("date:2020-09", {"2020/a.md"}),
        ("date:2020-10-01", {"b.md"}),
        ("date:2020-09-30..2020-10-01", {"2020/a.md", "b.md"}),
        ("-date:2020", {"c.md", None}),
        ("is:item", {"2020/a.md", "b.md", "c.md"}),
        ("is:related", {None}),
        ("is:published", {"2020/a.md"}),
        ("-is:published", {"b.md", "c.md", None}),
        ("has:image", {"2020/a.md"}),
        ("type:video OR is:published", {"c.md", "2020/a.md"}),
        ("-(type:video OR is:published)", {"b.md", None}),
        ("is:item AND -type:article", {"b.md", "c.md"}),
    ],
)
def test_it_selects(engine: WhooshEngine, text: str, expected: set[str | None]) -> None:
    assert {hit.path for hit in find(engine, text)} == expected
    assert {hit.path for hit in find(engine, f"kelp {text}")} == expected
    assert {hit.path for hit in find(engine, f"kelp ({text})", match="any")} == expected


def test_it_adds_nothing_to_a_score(engine: WhooshEngine) -> None:
    plain = {hit.id: hit.score for hit in find(engine, "kelp")}
    for hit in find(engine, "kelp OR is:item"):
        assert hit.score == plain[hit.id]


def test_several_side_by_side_are_all_required_whatever_the_match_mode(engine: WhooshEngine) -> None:
    assert {hit.path for hit in find(engine, "is:item quality:>=0", match="any")} == {"2020/a.md", "b.md"}


def test_an_unknown_provider_is_told_with_the_nearest_there_is(engine: WhooshEngine) -> None:
    (warning,) = find(engine, "provider:salom").warnings
    assert "salom" in warning
    assert "salon" in warning
