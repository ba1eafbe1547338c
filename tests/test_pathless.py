"""An index for those who may not know the archive's files."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

import newsearch
from newsearch import NewsIndex
from newsearch.aio import AsyncNewsIndex
from newsearch.errors import ArticleNotFound, QueryError
from newsearch.model import SearchRequest
from newsearch.pathless import PathlessIndex
from tests.archive import build

ASKED: dict[str, Callable[[NewsIndex, str], object]] = {
    "get": lambda index, reference: index.get(reference),
    "similar": lambda index, reference: index.similar(reference),
    "related": lambda index, reference: index.related(reference),
}


def pathless(folder: Path) -> PathlessIndex:
    """An index of one file, plans/merger.md."""
    build(folder / "index", [{"path": "plans/merger.md", "title": "The merger", "url": "https://a.example/merger"}])
    return PathlessIndex.of(newsearch.open(folder / "index"))


@pytest.mark.parametrize("reference", ["plans/merger.md", "plans/other.md", "path:plans/merger.md"])
@pytest.mark.parametrize("asked", ASKED)
def test_no_article_is_known_by_a_path(tmp_path: Path, asked: str, reference: str) -> None:
    with pytest.raises(ArticleNotFound, match=f"^No article has the id or address '{reference}'[.]$"):
        ASKED[asked](pathless(tmp_path), reference)


@pytest.mark.parametrize("asked", ASKED)
def test_ids_and_addresses_are_references_as_ever(tmp_path: Path, asked: str) -> None:
    index = pathless(tmp_path)
    [hit] = index.search("merger")
    for reference in (hit.id, hit.short_id, "https://a.example/merger"):
        ASKED[asked](index, reference)


def test_a_reference_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="it must be text"):
        pathless(tmp_path).get(7)  # type: ignore[arg-type]


def test_the_same_index_in_asyncio_tells_no_more(tmp_path: Path) -> None:
    async def ask() -> None:
        async with AsyncNewsIndex(pathless(tmp_path)) as index:
            found = await index.ask(SearchRequest("path:plans/merger.md"))
            assert found.warnings[0].startswith("path: is no filter here")
            with pytest.raises(ArticleNotFound):
                await index.get("plans/merger.md")

    asyncio.run(ask())


@pytest.mark.parametrize("against", [None, "path:plans/other.md", SearchRequest("path:plans/other.md")])
def test_what_is_typical_is_not_asked_of_files(tmp_path: Path, against: str | SearchRequest | None) -> None:
    found = pathless(tmp_path).terms("path:plans/merger.md", against=against)
    assert found.total == 0
    assert found.request.text == "path:plans/merger.md"
    assert found.against == (None if against is None else "path:plans/other.md")
    assert found.warnings[0].startswith("path: is no filter here")


def test_what_is_typical_is_told_as_ever_where_no_file_is_named(tmp_path: Path) -> None:
    found = pathless(tmp_path).terms("norb", against="merger")
    assert (found.total, found.others, found.against, found.warnings) == (0, 1, "merger", ())
