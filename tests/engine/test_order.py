"""Which of the matched articles come first, and how ties break."""

from pathlib import Path

import pytest

from newsearch.items.ids import article_id, article_key
from newsearch.model import Sort
from tests.archive import Spec, build, find

FILES: list[Spec] = [
    {"path": "a.md", "url": "https://p.example/a", "title": "kelp", "date": "2020-03-01", "quality": 80, "heat": 1},
    {"path": "b.md", "url": "https://p.example/b", "title": "kelp", "date": "2020-05-01", "quality": 11, "heat": 9},
    {"path": "c.md", "url": "https://p.example/c", "title": "kelp", "quality": 99},
    {"path": "d.md", "url": "https://p.example/d", "title": "kelp", "date": "2020-04-01"},
    {"path": "e.md", "url": "https://p.example/e", "title": "kelp", "date": "1969-04-01", "quality": 80, "heat": 0},
]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("date", ["b.md", "d.md", "a.md", "e.md", "c.md"]),
        ("quality", ["c.md", "a.md", "e.md", "b.md", "d.md"]),
        ("heat", ["b.md", "a.md", "e.md", "d.md", "c.md"]),
    ],
)
def test_the_largest_comes_first_and_the_unknown_last(tmp_path: Path, sort: Sort, expected: list[str]) -> None:
    assert [hit.path for hit in find(build(tmp_path, FILES), "kelp", sort=sort)] == expected


def test_ties_break_by_date_then_by_id(tmp_path: Path) -> None:
    files = [
        {"path": f"{name}.md", "url": f"https://p.example/{name}", "title": "kelp", "date": date, "quality": 40}
        for name, date in (("a", "2020-01-01"), ("b", None), ("c", "2020-01-02"), ("d", "2020-01-01"), ("e", None))
    ]
    ids = {name: article_id(article_key(f"p.example/{name}")) for name in "abcde"}
    expected = [ids["c"], *sorted((ids["a"], ids["d"])), *sorted((ids["b"], ids["e"]))]
    engine = build(tmp_path, files)
    assert [hit.id for hit in find(engine, "kelp", sort="quality")] == expected
    pages = [find(engine, "kelp", sort="quality", limit=2, offset=start) for start in (0, 2, 4)]
    assert [hit.id for page in pages for hit in page] == expected


def test_a_page_beyond_the_end_is_empty_and_counts_all(tmp_path: Path) -> None:
    result = find(build(tmp_path, FILES), "kelp", offset=5)
    assert (len(result), result.total) == (0, 5)


def test_a_limit_of_none_counts_all(tmp_path: Path) -> None:
    result = find(build(tmp_path, FILES), "kelp", limit=0)
    assert (len(result), result.total) == (0, 5)


def test_ranks_count_on_over_pages(tmp_path: Path) -> None:
    assert [hit.rank for hit in find(build(tmp_path, FILES), "kelp", limit=2, offset=2)] == [3, 4]
