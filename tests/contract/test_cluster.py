"""What a cluster alone can do wrong, and what is said of it then; against a real one."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from newsearch.engine.base import Delivery, Engine
from newsearch.engine.opensearch.engine import OpenSearchEngine
from newsearch.engine.opensearch.lock import Lock
from newsearch.engine.opensearch.server import Server
from newsearch.errors import ConfigError, IndexAway, IndexLocked, IndexUnwritable
from newsearch.model import SearchRequest
from tests.archive import NOW, cited, delivery, find, update
from tests.contract.engines import dropped, new_place, opened

NOBODY = "http://127.0.0.1:1/news"
FILES = [
    {"path": f"{n}.md", "title": f"Kelp {n}", "related": [cited(f"Norb {n}", f"https://r.example/{n % 3}")]}
    for n in range(8)
]


class Torn(Exception):
    """Stands for whatever stops a run."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[str]:
    address = new_place("cluster", tmp_path)
    yield address
    dropped(address)


@pytest.fixture
def engine(place: str) -> Iterator[OpenSearchEngine]:
    made = OpenSearchEngine.create(place, clock=lambda: NOW)
    update(made, FILES[:4])
    yield made
    made.close()


def torn(deliveries: list[Delivery]) -> Iterator[Delivery]:
    yield from deliveries
    raise Torn


def contents(engine: Engine) -> list[tuple[str, str, int]]:
    return sorted((hit.id, hit.title, len(hit.cited_by)) for hit in find(engine))


def test_where_nobody_answers_the_address_is_told() -> None:
    with pytest.raises(IndexAway, match=r"127\.0\.0\.1:1/news cannot be asked"):
        OpenSearchEngine.open(NOBODY)


def test_another_node_is_asked_where_one_does_not_answer(engine: OpenSearchEngine, place: str) -> None:
    again = OpenSearchEngine.open(f"http://127.0.0.1:1,{place}", clock=lambda: NOW)
    assert find(again, "kelp").total == 4
    again.close()


@pytest.mark.parametrize("stopped_in", ["_settle", "_settle_some", "_unmark"])
def test_an_update_that_was_stopped_is_finished_by_the_next(
    engine: OpenSearchEngine, stopped_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise Torn

    changed = [FILES[3] | {"title": "Tarn", "related": [cited("Vost", "https://r.example/9")]}, *FILES[4:]]
    with monkeypatch.context() as patched:
        patched.setattr(f"newsearch.engine.opensearch.sync.Commit.{stopped_in}", stop)
        with pytest.raises(Torn):
            update(engine, changed, removed=["0.md"])
    engine.sync([], [])
    with opened("cluster", tmp_path) as whole:
        update(whole, [*FILES[1:3], *changed])
        assert contents(engine) == contents(whole)
        assert engine.outcome() == whole.outcome()


def test_a_rebuild_that_was_stopped_leaves_the_index_as_it_was_and_nothing_behind(
    engine: OpenSearchEngine, place: str
) -> None:
    before = contents(engine)
    with pytest.raises(Torn):
        engine.rebuild(torn(list(map(delivery, FILES))), language="english")
    assert contents(engine) == before
    engine.tidy()
    server = Server.at(place)
    assert len([name for name in server.beginning(f"{server.address.name}-") if not name.endswith("-lock")]) == 2
    server.close()


def test_the_second_of_two_writers_is_refused(engine: OpenSearchEngine, place: str) -> None:
    server = Server.at(place)
    with Lock(server), pytest.raises(IndexLocked, match="Another writer"):
        update(engine, FILES)
    assert OpenSearchEngine.wait_until_free(place, 0)
    update(engine, FILES)
    server.close()


def test_a_lock_whose_time_is_over_may_be_taken(place: str) -> None:
    server = Server.at(place)
    left = {"holder": "elsewhere/7/1", "until": 0.0}
    assert server.create_document(f"{server.address.name}-lock", "writer", left)
    with Lock(server) as lock:
        lock.renew()
    server.close()


def test_an_index_that_is_read_only_is_told_so_and_can_be_searched(engine: OpenSearchEngine, place: str) -> None:
    server = Server.at(place)
    server.set_settings(server.files, {"index": {"blocks": {"read_only_allow_delete": True}}})
    with pytest.raises(IndexUnwritable, match="cannot be written"):
        update(engine, FILES, at=NOW + timedelta(days=1))
    assert find(engine, "kelp").total == 4
    server.set_settings(server.files, {"index": {"blocks": {"read_only_allow_delete": None}}})
    update(engine, FILES)
    assert find(engine, "kelp").total == 8
    server.close()


def test_no_answer_is_given_of_an_index_that_is_not_all_there(place: str) -> None:
    server = Server.at(place)
    nowhere = {"index": {"routing": {"allocation": {"require": {"rack": "none"}}}, "number_of_shards": 1}}
    server.create(server.articles, {"settings": nowhere}, wait=False)
    with pytest.raises(IndexAway, match="red"):
        server.search(server.articles, {"query": {"match_all": {}}})
    server.close()


def test_deep_pages_go_on_where_shallow_ones_end(engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [hit.id for hit in find(engine)]
    monkeypatch.setattr("newsearch.engine.opensearch.paging.MAX_PAGE", 2)
    deep = engine.search(SearchRequest(limit=3, offset=3))
    assert (deep.total, [hit.id for hit in deep], deep.hits[0].rank) == (len(whole), whole[3:6], 4)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://", "no address of a cluster"),
        ("http://one:port/news", "no address of a cluster"),
        ("http://user:secret@one/news", "OPENSEARCH_USER"),
        ("http://one/News", "small letters"),
        ("http://one/news?shards=0", "shards=0"),
        ("http://one/news?colour=red", "colour=red"),
    ],
)
def test_an_address_that_is_none_is_refused_before_anybody_is_asked(url: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        OpenSearchEngine.open(url)
    assert "secret" not in str(refused.value)


def test_the_patterns_of_a_query_stand_for_no_more_words_than_the_cluster_takes(engine: OpenSearchEngine) -> None:
    letters = "abcdefghij"
    words = [f"{letter}{number}q" for letter in letters for number in range(500)]
    update(engine, [{"path": "many.md", "title": "Many", "body": " ".join(words)}])
    found = find(engine, " OR ".join(f"{letter}*" for letter in letters))
    assert [hit.title for hit in found] == ["Many"]
    assert any("words" in warning for warning in found.warnings)
