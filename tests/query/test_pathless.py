"""Filters that name a file, made text."""

from datetime import UTC, datetime

import pytest

from newsearch.query.ast import Keyword, walk
from newsearch.query.parser import parse
from newsearch.query.pathless import without_path_filters

TODAY = datetime(2026, 1, 1, tzinfo=UTC)
FILE = "plans/merger.md"


@pytest.mark.parametrize(
    "text",
    [
        f"path:{FILE}", f"PATH:{FILE}", f'path:"{FILE}"', f"-path:{FILE}", f"path:({FILE} OR b.md)",
        f"path:(a ({FILE}))",
        f"url:path:{FILE}", f'url:"path:{FILE}"', f'url:" Path:{FILE}"', f"url:(path:{FILE})", f"x:path:{FILE}",
        f"url:path\x00:{FILE}", f"ban -(title:b OR path:{FILE})^2",
    ],
)  # fmt: skip
def test_no_filter_names_a_file_any_more(text: str) -> None:
    for query in (text, f"ban {text}", f"{text} ban"):
        plain = without_path_filters(query, today=TODAY)
        assert len(plain) == len(query)
        for node in walk(parse(plain, today=TODAY).tree):
            assert not isinstance(node, Keyword) or (node.field != "path" and "path:" not in node.value.lower())


@pytest.mark.parametrize(
    "text",
    ["ban", "path ban", "title:path", '"the path: a novel"', "url:https://a.example/path:1", "path: ban", ":", ""],
)
def test_any_other_query_stays_as_it_is(text: str) -> None:
    assert without_path_filters(text, today=TODAY) == text
