"""The one writer an index has at a time: its lock, its files, what it deletes and which segments it joins."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from whoosh import query
from whoosh.filedb.filestore import FileStorage
from whoosh.index import open_dir
from whoosh.writing import IndexingError

from newsearch.engine.whoosh import writer as writer_module
from newsearch.engine.whoosh.analysis import Analyzer
from newsearch.engine.whoosh.build import Document, SegmentBuilder
from newsearch.engine.whoosh.documents import of_item, of_state
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.gather import stored_of
from newsearch.engine.whoosh.segment import EXTENSION
from newsearch.engine.whoosh.snapshot import Snapshot
from newsearch.engine.whoosh.stockschema import make_schema
from newsearch.engine.whoosh.toc import NewsFileIndex
from newsearch.engine.whoosh.writer import NewsWriter
from newsearch.errors import IndexLocked, IndexUnwritable
from newsearch.items.ids import article_key
from newsearch.model import NewsItem, SourceFile
from tests.archive import Spec, build, delivery, find, update


def titled(title: str, body: str = "") -> Document:
    item = NewsItem(address=title, title=title, body=body)
    return of_item(item, SourceFile("archive", f"{title}.md", 9, 9, b""), (), key=article_key(title), first_indexed=9)


def index_of(folder: Path, *batches: Sequence[str], merge: bool = False) -> NewsFileIndex:
    """An index with a commit, and thereby a segment, for each batch of titles."""
    storage = FileStorage(str(folder))
    storage.create_index(make_schema("english"))
    index = NewsFileIndex(storage)
    for batch in batches:
        commit(index, batch, merge=merge)
    return index


def commit(index: NewsFileIndex, titles: Sequence[str], *, delete: Sequence[int] = (), **options: bool) -> None:
    with NewsWriter(index) as writer:
        for document in delete:
            writer.delete_document(document)
        for title in titles:
            writer.add(titled(title))
        writer.commit(**options)


def titles(index: NewsFileIndex) -> list[str]:
    """The titles of the live documents, in order."""
    snapshot = Snapshot.newest(Path(index.storage.folder))
    return [snapshot.shown(document).title for document in range(snapshot.size) if snapshot.alive[document]]


def sizes(index: NewsFileIndex) -> list[tuple[int, int]]:
    """For each segment how many documents it has, and how many of them are deleted."""
    return [
        (segment.file.documents, len(segment.deleted))
        for segment in Snapshot.newest(Path(index.storage.folder)).segments
    ]


def segment_files(folder: Path) -> set[str]:
    """All files of segments, whole ones and others; the lock's own has no suffix."""
    return {file.name for file in folder.iterdir() if file.name.startswith("MAIN_") and file.suffix}


def referenced(index: NewsFileIndex) -> set[str]:
    """The segment files that the newest commit names."""
    return {segment.file.file.path.name for segment in Snapshot.newest(Path(index.storage.folder)).segments}


def _full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


class TestLock:
    def test_a_second_writer_is_refused_and_told_what_to_do(self, tmp_path: Path) -> None:
        index = index_of(tmp_path)
        with NewsWriter(index) as writer:
            with pytest.raises(
                IndexLocked,
                match=r"Another newsearch \(process \d+ on this computer, since .* UTC\) is writing to .* again when",
            ):
                NewsWriter(index)
            writer.commit()

    def test_a_sync_is_refused_meanwhile(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])
        with NewsWriter(engine._index), pytest.raises(IndexLocked):
            update(engine, [{"path": "a.md", "title": "norb"}])
        assert find(engine, "kelp").total == 1

    def test_it_is_free_after_a_commit(self, tmp_path: Path) -> None:
        index = index_of(tmp_path)
        for _ in range(2):
            commit(index, ["kelp"])
        assert titles(index) == ["kelp", "kelp"]

    def test_it_is_free_after_an_error_which_is_the_one_that_comes_out(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp"])
        with pytest.raises(RuntimeError, match="no paper left"), NewsWriter(index):
            raise RuntimeError("no paper left")
        commit(index, ["tarn"])
        assert titles(index) == ["kelp", "tarn"]

    def test_it_is_free_after_a_writer_that_was_never_committed(self, tmp_path: Path) -> None:
        index = index_of(tmp_path)
        with NewsWriter(index):
            pass
        commit(index, ["kelp"])

    # Whoosh leaves a file that it cannot read open until it is collected.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
    def test_it_is_free_after_a_table_of_contents_that_cannot_be_read(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp"])
        toc = next(tmp_path.glob("*.toc"))
        raw = toc.read_bytes()
        toc.write_bytes(b"")
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever Whoosh makes of it
            NewsWriter(index)
        toc.write_bytes(raw)
        commit(index, ["norb"])
        assert titles(index) == ["kelp", "norb"]


class TestGivingUp:
    def test_nothing_of_it_is_seen_or_left(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writer_module, "FLUSH_DOCUMENTS", 3)
        index = index_of(tmp_path, ["kelp"])
        before = segment_files(tmp_path)
        with NewsWriter(index) as writer:
            writer.delete_document(0)
            for number in range(8):
                writer.add(titled(f"norb {number}"))
            assert segment_files(tmp_path) > before
        assert segment_files(tmp_path) == before
        assert titles(index) == ["kelp"]

    def test_a_sync_that_fails_leaves_the_commit_before_and_no_stray_file(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])
        before = segment_files(tmp_path)

        def failing() -> object:
            yield delivery({"path": "a.md", "title": "norb"})
            raise RuntimeError("no paper left")

        with pytest.raises(RuntimeError, match="no paper left"):
            engine.sync(failing(), [])  # type: ignore[arg-type]
        assert segment_files(tmp_path) == before == referenced(engine._index)
        assert [hit.title for hit in find(WhooshEngine.open(tmp_path))] == ["kelp"]
        update(engine, [{"path": "a.md", "title": "norb"}])
        assert [hit.title for hit in find(engine)] == ["norb"]

    @pytest.mark.parametrize("step", ["writer.write_segment", "commitfiles.sync_folder", "commitfiles.TOC.write"])
    def test_a_commit_that_fails_leaves_the_commit_before_and_no_stray_file(
        self, tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_module, "FLUSH_DOCUMENTS", 2)
        index = index_of(tmp_path, ["kelp"])
        before = segment_files(tmp_path)
        with NewsWriter(index) as writer:
            for title in ("norb", "tarn", "vost"):
                writer.add(titled(title))
            writer.delete_document(0)
            with monkeypatch.context() as patch:
                patch.setattr(f"newsearch.engine.whoosh.{step}", _full)
                with pytest.raises(IndexUnwritable, match="no space left"):
                    writer.commit()
        assert segment_files(tmp_path) == before == referenced(index)
        assert titles(index) == ["kelp"]
        commit(index, ["brum"])
        assert titles(index) == ["kelp", "brum"]

    def test_what_fails_after_the_table_of_contents_has_its_name_takes_no_segment_away(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_module, "FLUSH_DOCUMENTS", 2)
        index = index_of(tmp_path, ["kelp"])
        with NewsWriter(index) as writer:
            for title in ("norb", "tarn", "vost"):
                writer.add(titled(title))
            monkeypatch.setattr(writer_module, "sync_folder", _full)
            with pytest.raises(OSError, match="No space left"):
                writer.commit(merge=False)
        assert titles(index) == ["kelp", "norb", "tarn", "vost"]

    def test_a_segment_that_cannot_be_written_whole_is_not_left_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index = index_of(tmp_path, ["kelp"])
        before = segment_files(tmp_path)

        def full(file: object, parts: object, pack: object) -> None:
            file.write(b"some")  # type: ignore[attr-defined]
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(writer_module, "write_segment", full)
        with pytest.raises(IndexUnwritable, match="no space left"):
            commit(index, ["norb"])
        assert segment_files(tmp_path) == before

    def test_a_writer_takes_nothing_after_it_was_committed(self, tmp_path: Path) -> None:
        index = index_of(tmp_path)
        with NewsWriter(index) as writer:
            writer.commit()
        with pytest.raises(IndexingError):
            writer.commit()
        with pytest.raises(IndexingError):
            writer.delete_document(0)


class TestFiles:
    def test_only_the_files_of_the_newest_commit_stay(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp"], ["norb", "tarn"], ["vost"])
        commit(index, [], optimize=True)
        assert segment_files(tmp_path) == referenced(index)
        assert len(segment_files(tmp_path)) == len(list(tmp_path.glob("*.toc"))) == 1
        assert all(name.endswith(EXTENSION) for name in segment_files(tmp_path))

    def test_what_a_crash_left_is_cleared_away_by_the_next_commit(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp"])
        (tmp_path / f"MAIN_abcdefgh01234567{EXTENSION}").write_bytes(b"half a segment")
        commit(index, ["norb"])
        assert segment_files(tmp_path) == referenced(index)

    def test_a_reader_of_the_commit_before_stays_with_it(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp"], ["norb"])
        before = Snapshot.newest(Path(index.storage.folder))
        commit(index, ["tarn"], delete=[0], optimize=True)
        assert [before.shown(document).title for document in range(2)] == ["kelp", "norb"]
        assert before.arrays("title", "kelp")[0].tolist() == [0]

    def test_nothing_is_written_for_documents_that_were_all_taken_back(self, tmp_path: Path) -> None:
        index = index_of(tmp_path)
        with NewsWriter(index) as writer:
            writer.drop(writer.add(titled("kelp")))
            writer.commit()
        assert segment_files(tmp_path) == set()
        assert titles(index) == []


class TestTakingBack:
    @pytest.mark.parametrize(
        ("limit", "flush"),
        [("FLUSH_DOCUMENTS", 2), ("FLUSH_DOCUMENTS", 3), ("FLUSH_DOCUMENTS", 100), ("FLUSH_VOLUME", 20)],
    )
    @pytest.mark.parametrize("merge", [False, True])
    def test_what_was_taken_back_is_not_there(
        self, tmp_path: Path, limit: str, flush: int, merge: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_module, limit, flush)
        index = index_of(tmp_path)
        with NewsWriter(index) as writer:
            numbers = [writer.add(titled(f"kelp {number}")) for number in range(8)]
            assert numbers == list(range(8))
            for number in (0, 3, 7):
                writer.drop(number)
            assert writer.doc_count() == 5
            writer.commit(merge=merge)
        assert titles(index) == ["kelp 1", "kelp 2", "kelp 4", "kelp 5", "kelp 6"]

    def test_a_segment_is_written_when_its_texts_are_long_however_few(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_module, "FLUSH_VOLUME", 1_000)
        index = index_of(tmp_path)
        with NewsWriter(index) as writer:
            lengths = (10, 10, 2_000, 10, 500, 600, 10)
            numbers = [writer.add(titled("kelp", "n" * length)) for length in lengths]
            for number, length in zip(numbers, lengths, strict=True):
                assert writer.added(number) == stored_of(titled("kelp", "n" * length))
            writer.commit(merge=False)
        assert [documents for documents, _ in sizes(index)] == [3, 2, 1, 1]

    def test_many_short_words_are_a_long_text(self) -> None:
        builder = SegmentBuilder(Analyzer("english"))
        text = "a " * 2_500_000
        builder.add(titled("kelp", text))
        assert builder.volume > 2 * len(text)

    def test_what_was_added_can_be_asked_for_flushed_or_not(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_module, "FLUSH_DOCUMENTS", 3)
        with NewsWriter(index_of(tmp_path)) as writer:
            for number in range(8):
                writer.add(titled(f"kelp {number}"))
            for number in range(8):
                document = titled(f"kelp {number}")
                assert writer.added(number) == stored_of(document)


class TestJoining:
    def test_small_segments_are_joined_with_what_is_new(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, *[[f"kelp {number}"] for number in range(20)], merge=True)
        assert len(sizes(index)) <= 5
        assert sorted(titles(index)) == sorted(f"kelp {number}" for number in range(20))

    def test_a_large_segment_is_left_as_it_is(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, [f"kelp {number}" for number in range(50)])
        commit(index, ["norb"])
        assert sizes(index) == [(50, 0), (1, 0)]

    def test_one_that_is_mostly_deleted_is_joined_however_large(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, [f"kelp {number}" for number in range(50)])
        commit(index, ["norb"], delete=range(40))
        assert sizes(index) == [(11, 0)]

    def test_without_merging_all_stay(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp"], ["norb"])
        commit(index, ["tarn"], delete=[0], merge=False)
        assert titles(index) == ["norb", "tarn"]
        assert len(sizes(index)) == 2

    def test_optimising_leaves_one_segment_without_deletions(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp", "norb"], ["tarn"], ["vost", "brum"])
        commit(index, ["fenk"], delete=[1, 3], optimize=True)
        assert sizes(index) == [(4, 0)]
        assert sorted(titles(index)) == ["brum", "fenk", "kelp", "tarn"]

    def test_optimising_one_clean_segment_writes_none_anew(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp", "norb"])
        before = segment_files(tmp_path)
        commit(index, [], optimize=True)
        assert segment_files(tmp_path) == before

    @pytest.mark.parametrize("bound", ["JOIN_POSTINGS", "JOIN_OCCURRENCES"])
    def test_segments_past_the_bound_on_memory_are_not_joined(
        self, tmp_path: Path, bound: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer_module, bound, 3)
        index = index_of(tmp_path, ["kelp norb"], ["tarn vost"], merge=True)
        assert sizes(index) == [(1, 0), (1, 0)]

    def test_documents_without_terms_are_joined_too(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp"])
        with NewsWriter(index) as writer:
            writer.add(of_state(b"state"))
            writer.commit(optimize=True)
        assert sizes(index) == [(2, 0)]
        assert Snapshot.newest(Path(index.storage.folder)).state() == b"state"


class TestAsAWriterOfWhoosh:
    def test_a_document_of_the_schemas_fields_is_found_and_stored(self, tmp_path: Path) -> None:
        index = index_of(tmp_path)
        with NewsWriter(index) as writer:
            writer.add_document(title="kelp", topics=["norb", "tarn"], topic="Tarn", url="https://p/1", path="a.md")
            writer.commit()
        with open_dir(str(tmp_path)).searcher() as searcher:
            (hit,) = searcher.search(query.Term("topics", "tarn"))
            assert hit.fields() == {"title": "kelp", "url": "https://p/1", "path": "a.md"}
            assert searcher.doc_frequency("topic", "tarn") == 1

    def test_queries_delete(self, tmp_path: Path) -> None:
        index = index_of(tmp_path, ["kelp", "norb"], ["kelp tarn"])
        with NewsWriter(index) as writer:
            assert writer.delete_by_query(query.Term("title", "kelp")) == 2
            writer.commit()
        assert titles(index) == ["norb"]

    def test_a_field_that_is_not_there_is_refused_and_the_writer_goes_on(self, tmp_path: Path) -> None:
        index = index_of(tmp_path)
        with NewsWriter(index) as writer:
            with pytest.raises(IndexingError, match="no such field: colour"):
                writer.add_document(title="kelp", colour="green")
            writer.add_document(title="norb")
            writer.commit()
        assert titles(index) == ["norb"]

    def test_documents_are_not_updated_by_it(self, tmp_path: Path) -> None:
        with NewsWriter(index_of(tmp_path)) as writer, pytest.raises(IndexingError, match="newsearch index"):
            writer.update_document(title="kelp")


def test_a_new_schema_replaces_everything(tmp_path: Path) -> None:
    index = index_of(tmp_path, ["kelp"], ["norb"])
    with NewsWriter(index, schema=make_schema("german")) as writer:
        writer.add(titled("tarn"))
        writer.commit()
    assert titles(index) == ["tarn"]
    assert Snapshot.newest(Path(index.storage.folder)).language == "german"
    assert len(segment_files(tmp_path)) == 1


def test_syncs_of_one_file_each_leave_few_segments(tmp_path: Path) -> None:
    engine = build(tmp_path)
    specs: list[Spec] = [{"path": f"{number}.md", "title": f"kelp {number}"} for number in range(24)]
    for spec in specs:
        update(engine, [spec])
    assert len(sizes(engine._index)) <= 5
    assert find(engine, "kelp").total == 24
