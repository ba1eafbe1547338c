"""One commit of the index, read as arrays."""

from pathlib import Path

from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.schema import MISSING, MISSING_DATE, DocumentKind
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.items.ids import article_key
from tests.archive import ROOT, Spec, build, cited, find, update

FILES: list[Spec] = [
    {
        "path": "a.md",
        "url": "https://p.example/a",
        "title": "kelp norb kelp",
        "quality": 43,
        "topics": ["kelp", "tarn"],
    },
    {
        "path": "b.md",
        "url": "https://p.example/b",
        "title": "the norb",
        "related": [cited("kelp", "https://p.example/c")],
    },
]


def newest(folder: Path) -> Snapshot:
    return Snapshot.newest(build(folder, FILES)._folder)


def document(snapshot: Snapshot, address: str) -> int:
    (found,) = snapshot.documents_of(article_key(address), DocumentKind.ITEM, DocumentKind.RELATED)
    return found


def test_a_term_gives_its_documents_and_how_often_each_has_it(tmp_path: Path) -> None:
    snapshot = newest(tmp_path)
    documents, frequencies = snapshot.arrays("title", "kelp")
    found = dict(zip(documents.tolist(), frequencies.tolist(), strict=True))
    assert found == {document(snapshot, "p.example/a"): 2, document(snapshot, "p.example/c"): 1}


def test_positions_count_every_word_and_leave_a_gap_between_values(tmp_path: Path) -> None:
    snapshot = newest(tmp_path)
    first = document(snapshot, "p.example/a")
    documents, places = snapshot.positions("title", "kelp")
    assert [place for found, place in zip(documents, places, strict=True) if found == first] == [0, 2]
    (gap,) = snapshot.positions("topics", "tarn")[1].tolist()
    assert gap > 1


def test_a_term_that_is_not_there_gives_nothing(tmp_path: Path) -> None:
    snapshot = newest(tmp_path)
    assert all(not array.size for array in (*snapshot.arrays("title", "zorn"), *snapshot.positions("title", "zorn")))


def test_missing_values_stand_apart_in_their_columns(tmp_path: Path) -> None:
    snapshot = newest(tmp_path)
    first, second = document(snapshot, "p.example/a"), document(snapshot, "p.example/b")
    assert snapshot.column("quality")[[first, second]].tolist() == [43, MISSING]
    assert snapshot.column("date")[first] == MISSING_DATE


def test_lengths_leave_out_stop_words(tmp_path: Path) -> None:
    snapshot = newest(tmp_path)
    assert snapshot.column("length_title")[document(snapshot, "p.example/b")] == 1


def test_a_snapshot_stays_as_it_was_while_others_commit(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    before = Snapshot.newest(engine._folder)
    update(engine, [{"path": "z.md", "title": "zorn"}], removed=["a.md"])
    assert before.arrays("title", "norb")[0].size == 2
    assert before.arrays("title", "zorn")[0].size == 0
    assert before.articles.sum() == 3
    assert find(engine, "zorn").total == 1


def test_it_remembers_the_files_it_was_made_from(tmp_path: Path) -> None:
    engine = build(tmp_path, [*FILES, {"path": "bad.md", "title": None}])
    snapshot = Snapshot.newest(engine._folder)
    assert {root: set(files) for root, files in snapshot.sources().items()} == {ROOT: {"a.md", "b.md", "bad.md"}}
    assert set(snapshot.documents_by_source) == {(ROOT, "a.md"), (ROOT, "b.md"), (ROOT, "bad.md")}
    assert [str(fault) for fault in snapshot.faults().values()] == [
        "bad.md:1: has no title: give it one under the key 'title'."
    ]


def test_an_index_that_was_never_synced_has_no_state(tmp_path: Path) -> None:
    engine = WhooshEngine.create(tmp_path)
    assert Snapshot.newest(engine._folder).state() is None
    assert not engine.committed
