"""Which commit is served, which answers are remembered, and who waits."""

import asyncio
import threading
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="needs the extra serve")

import newsearch
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import IndexDamaged, IndexMissing
from newsearch.web.answers import Answer
from newsearch.web.gate import Busy, Gate
from newsearch.web.kept import Kept
from newsearch.web.served import Served
from tests.archive import build, update

ITEM = {"path": "a.md", "title": "First", "url": "https://a.example/1"}
OTHER = {"path": "b.md", "title": "Second", "url": "https://a.example/2"}


def commit(folder: Path, *items: dict[str, str]) -> None:
    update(WhooshEngine.open(folder), items)


def test_an_index_that_was_given_out_stays_on_its_commit(tmp_path: Path) -> None:
    build(tmp_path / "i", [ITEM])
    served = Served(tmp_path / "i", follow=0.0)
    before = served.index()
    commit(tmp_path / "i", OTHER)
    after = served.index()
    assert (before.search().total, after.search().total) == (1, 2)
    assert before.commit != after.commit
    assert served.index() is after


def test_the_folder_is_looked_at_once_in_a_while(tmp_path: Path) -> None:
    build(tmp_path / "i", [ITEM])
    now = [0.0]
    served = Served(tmp_path / "i", follow=1.0, clock=lambda: now[0])
    assert served.at_hand() is None
    first = served.index()
    commit(tmp_path / "i", OTHER)
    now[0] = 0.9
    assert served.index() is served.at_hand() is first
    now[0] = 1.0
    assert served.at_hand() is None
    assert served.index().search().total == 2


def test_an_index_that_is_damaged_meanwhile_is_answered_from_as_it_was(tmp_path: Path) -> None:
    build(tmp_path / "i", [ITEM])
    served = Served(tmp_path / "i", follow=0.0)
    assert served.index().search().total == 1
    for file in (tmp_path / "i").glob("*.toc"):
        file.write_bytes(b"damaged")
    assert served.index().search().total == 1
    with pytest.raises(IndexDamaged):
        served.check()


def test_an_index_that_is_missing_is_looked_for_again(tmp_path: Path) -> None:
    served = Served(tmp_path / "i", follow=0.0)
    with pytest.raises(IndexMissing):
        served.index()
    build(tmp_path / "i", [ITEM])
    assert served.check().search().total == 1


def test_an_open_index_is_served_as_it_is(tmp_path: Path) -> None:
    build(tmp_path / "i", [ITEM])
    with newsearch.open(tmp_path / "i") as index:
        assert Served(index, paths=True).index() is index


def test_commits_are_told_apart_alike_by_every_process(tmp_path: Path) -> None:
    build(tmp_path / "i", [ITEM])
    with newsearch.open(tmp_path / "i") as one, newsearch.open(tmp_path / "i") as other:
        assert one.commit == other.commit
        assert one.newer() is None
        commit(tmp_path / "i", OTHER)
        newer = one.newer()
        assert newer is not None
        assert newer.commit != one.commit
        assert one.commit == other.commit
        assert other.refresh()
        assert other.commit == newer.commit


def test_answers_asked_for_longest_ago_are_forgotten_first() -> None:
    kept = Kept(20_000)
    answers = {bytes([number]): Answer(200, b"x" * 1_500, []) for number in range(10)}
    for tag, answer in answers.items():
        kept.put(tag, answer)
    assert kept.get(b"\x00") is answers[b"\x00"]
    kept.put(b"new", Answer(200, b"x" * 1_500, []))
    assert kept.get(b"\x01") is None
    assert kept.get(b"\x00") is not None
    kept.put(b"large", Answer(200, b"x" * 10_000, []))
    assert kept.get(b"large") is None


def test_nothing_is_remembered_where_there_is_no_room() -> None:
    kept = Kept(0)
    kept.put(b"tag", Answer(200, b"", []))
    assert kept.get(b"tag") is None


def test_whoever_finds_the_gate_full_is_told_so_at_once() -> None:
    opened = threading.Event()

    async def ask() -> list[object]:
        gate = Gate(threads=1, waiting=1)
        working = [asyncio.ensure_future(gate.run(opened.wait)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy) as busy:
            await gate.run(opened.wait)
        opened.set()
        done = await asyncio.gather(*working)
        after = await gate.run(lambda: "room again")
        gate.close()
        return [*done, after, busy.value.seconds >= 1]

    assert asyncio.run(ask()) == [True, True, "room again", True]


def test_what_is_raised_in_a_thread_is_raised_to_who_asked() -> None:
    async def ask() -> None:
        gate, nothing = Gate(threads=1, waiting=0), dict[str, str]()
        for _ in range(3):
            with pytest.raises(KeyError):
                await gate.run(nothing.__getitem__, "x")
        gate.close()

    asyncio.run(ask())


def test_an_index_that_is_not_there_is_looked_for_once_in_a_while(tmp_path: Path) -> None:
    now = [0.0]
    served = Served(tmp_path / "i", follow=1.0, clock=lambda: now[0])
    with pytest.raises(IndexMissing):
        served.index()
    build(tmp_path / "i", [ITEM])
    now[0] = 0.9
    with pytest.raises(IndexMissing):
        served.index()
    now[0] = 1.0
    assert served.index().search().total == 1
    assert served.check().search().total == 1
