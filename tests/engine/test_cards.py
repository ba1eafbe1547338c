"""Cards: what hits show of their documents whatever was asked, kept from one query to the next."""

from pathlib import Path
from unittest.mock import patch

from newsearch.engine.whoosh.cards import Cards
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.model import Hit
from tests.archive import build, find

_SAME = ("id", "short_id", "kind", "title", "excerpt", "url", "path", "date", "provider", "type", "quality", "topics")
FILES = [
    {
        "path": f"{number}.md",
        "title": f"kelp {'norb ' * number}",
        "excerpt": "tarn",
        "topics": [f"t{number}"],
        "quality": 10 + number,
        "date": f"2020-01-0{number}",
    }
    for number in range(1, 6)
]


def shown(hit: Hit) -> list[object]:
    return [getattr(hit, name) for name in _SAME]


def by_path(engine: WhooshEngine, text: str) -> dict[str | None, Hit]:
    return {hit.path: hit for hit in find(engine, text)}


def test_a_document_shows_the_same_in_every_query_that_finds_it(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    before = {hit.path: shown(hit) for hit in find(engine, "kelp")}
    assert len({tuple(map(str, one)) for one in before.values()}) == len(FILES)
    assert {hit.path: shown(hit) for hit in find(engine, "tarn")} == before


def test_what_depends_on_the_query_is_not_on_a_card(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    first = by_path(engine, "kelp")["2.md"]
    assert dict(first.highlights) == {"title": ((0, 4),)}
    second = by_path(engine, "tarn")["2.md"]
    assert dict(second.highlights) == {"excerpt": ((0, 4),)}
    assert first.score != second.score or first.rank != second.rank


def test_a_page_of_known_and_unknown_documents_shows_each_as_it_is(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    known = by_path(engine, "quality:12")["2.md"]
    assert known.quality == 12
    assert {hit.path: hit.quality for hit in find(engine, "kelp")} == {f"{n}.md": 10 + n for n in range(1, 6)}


def test_no_more_is_kept_than_there_is_room_for(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    cards = Cards(Snapshot.newest(engine._folder))
    documents = Snapshot.newest(engine._folder).articles.nonzero()[0]
    with patch("newsearch.engine.whoosh.cards._BYTES", 1):
        page = cards.of(documents)
    assert [card["_document"] for card in page.cards] == documents.tolist()
    assert len(cards._cards) == 1
