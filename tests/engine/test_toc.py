"""The table of contents: read as Whoosh writes it, with Whoosh and without, and never running what is in it."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from newsearch.engine.rules.analysis import LANGUAGES
from newsearch.engine.whoosh.commitfiles import write_toc
from newsearch.engine.whoosh.contents import ALLOWED, ContentsMissing, ListedSegment, read_contents
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.seal import opened, sealed
from newsearch.engine.whoosh.segment import NewsSegment
from newsearch.engine.whoosh.stockschema import language_of, make_schema
from newsearch.engine.whoosh.toc import NewsFileIndex
from newsearch.errors import IndexDamaged
from tests.archive import build, find, update


class Call:
    """Unpickled, it makes a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._folder),)


def write(folder: Path, toc: TOC) -> Path:
    """Write a table of contents, whatever is in it, with the right checksum."""
    TOC(toc.schema, toc.segments, toc.generation).write(FileStorage(str(folder)), "MAIN")
    path = folder / f"_MAIN_{toc.generation}.toc"
    path.write_bytes(sealed(path.read_bytes()))
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_whoosh_reads_is_read(tmp_path: Path, language: str) -> None:
    storage = FileStorage(str(tmp_path))
    segment = NewsSegment("MAIN")
    segment.set_doc_count(9)
    segment.delete_document(4)
    write_toc(tmp_path, TOC(make_schema(language), [segment], 3))
    own, stock = NewsFileIndex(storage).read_toc(), TOC.read(storage, "MAIN")
    assert own.schema.names() == stock.schema.names()
    assert language_of(own.schema) == language
    assert (own.generation, own.version, own.release) == (stock.generation, stock.version, stock.release)
    ((first,), (second,)) = own.segments, stock.segments
    assert vars(first) == vars(second) == vars(segment)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_reads_the_same_without_whoosh(tmp_path: Path, language: str) -> None:
    segments = [NewsSegment("MAIN"), NewsSegment("MAIN")]
    for segment in segments:
        segment.set_doc_count(300)
    for document in (299, 4, 17):
        segments[1].delete_document(document)
    write_toc(tmp_path, TOC(make_schema(language), segments, 300))
    contents = read_contents(tmp_path)
    assert (contents.generation, contents.language) == (300, language)
    listed = [ListedSegment(segments[0].segment_id(), []), ListedSegment(segments[1].segment_id(), [4, 17, 299])]
    assert contents.segments == listed


def test_a_segment_is_not_looked_for_outside_of_the_index(tmp_path: Path) -> None:
    segment = NewsSegment("MAIN")
    segment.segid = "../elsewhere"
    TOC(make_schema("english"), [segment], 1).write(FileStorage(str(tmp_path)), "MAIN")
    with pytest.raises(ValueError, match="segment"):
        read_contents(tmp_path)


def test_one_that_is_cut_short_is_noticed(tmp_path: Path) -> None:
    TOC(make_schema("english"), [NewsSegment("MAIN")], 1).write(FileStorage(str(tmp_path)), "MAIN")
    (file,) = tmp_path.glob("*.toc")
    raw = file.read_bytes()
    for end in range(len(raw)):
        file.write_bytes(raw[:end])
        with pytest.raises(Exception, match=r"."):
            read_contents(tmp_path)


@pytest.mark.parametrize("place", ["schema", "segments"])
def test_code_in_it_is_not_run(tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build(tmp_path / "index", [{"path": "a.md", "title": "kelp"}]).close()
    storage = FileStorage(str(tmp_path / "index"))
    made = tmp_path / "made"
    toc = TOC.read(storage, "MAIN")
    if place == "schema":
        dumps = pickle.dumps
        monkeypatch.setattr("whoosh.index.pickle.dumps", lambda value, *_: dumps(Call(made), 2))
    else:
        toc.segments.append(Call(made))
    write(tmp_path / "index", TOC(toc.schema, toc.segments, toc.generation + 1))
    with pytest.raises(IndexDamaged, match="mkdir"):
        WhooshEngine.open(tmp_path / "index")
    assert not made.exists()


def test_the_newest_of_several_is_read(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])
    (older,) = tmp_path.glob("*.toc")
    raw = older.read_bytes()
    update(engine, [{"path": "b.md", "title": "norb"}])
    older.write_bytes(raw)
    assert find(WhooshEngine.open(tmp_path)).total == 2


def test_a_folder_without_one_has_no_index(tmp_path: Path) -> None:
    with pytest.raises(ContentsMissing):
        NewsFileIndex(FileStorage(str(tmp_path))).read_toc()


class TestDamage:
    @staticmethod
    def index(folder: Path) -> Path:
        engine = build(folder, [{"path": f"{number}.md", "title": f"kelp {number}"} for number in range(9)])
        update(engine, removed=["3.md"])
        (path,) = folder.glob("*.toc")
        return path

    @pytest.mark.parametrize("bits", [0x01, 0x80, 0xFF])
    def test_a_change_of_any_byte_is_found(self, tmp_path: Path, bits: int) -> None:
        path = self.index(tmp_path)
        raw = path.read_bytes()
        index = NewsFileIndex(FileStorage(str(tmp_path)))
        for place in range(len(raw)):
            path.write_bytes(raw[:place] + bytes([raw[place] ^ bits]) + raw[place + 1 :])
            with pytest.raises(ValueError, match="checksum"):
                index.read_toc()

    def test_one_cut_short_anywhere_is_found(self, tmp_path: Path) -> None:
        path = self.index(tmp_path)
        raw = path.read_bytes()
        for size in range(len(raw)):
            path.write_bytes(raw[:size])
            with pytest.raises(Exception, match=r".*"):
                NewsFileIndex(FileStorage(str(tmp_path))).read_toc()

    def test_it_is_named_with_what_to_do(self, tmp_path: Path) -> None:
        path = self.index(tmp_path)
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(IndexDamaged, match=r"no checksum.*newsearch index --rebuild"):
            WhooshEngine.open(tmp_path)


class TestNonsense:
    """A table of contents with the right checksum that says what none can say."""

    @staticmethod
    def refused(folder: Path, change: Callable[[NewsSegment], object]) -> None:
        build(folder, [{"path": "a.md", "title": "kelp"}]).close()
        toc = NewsFileIndex(FileStorage(str(folder))).read_toc()
        change(toc.segments[0])
        write(folder, TOC(toc.schema, toc.segments, toc.generation + 1))
        with pytest.raises(IndexDamaged, match="it lists"):
            WhooshEngine.open(folder)

    @pytest.mark.parametrize("name", ["../../elsewhere", "a/b", "", "A", "abc\0"])
    def test_a_segment_lies_in_the_folder(self, tmp_path: Path, name: str) -> None:
        self.refused(tmp_path, lambda segment: setattr(segment, "segid", name))

    @pytest.mark.parametrize("deleted", [{7}, {-1}, {"0"}, [0], None])
    def test_only_documents_that_are_there_are_deleted(self, tmp_path: Path, deleted: object) -> None:
        self.refused(tmp_path, lambda segment: setattr(segment, "_deleted", deleted))

    def test_segments_are_listed(self, tmp_path: Path) -> None:
        build(tmp_path, [{"path": "a.md", "title": "kelp"}]).close()
        toc = NewsFileIndex(FileStorage(str(tmp_path))).read_toc()
        write(tmp_path, TOC(toc.schema, {"MAIN": 1}, toc.generation + 1))
        with pytest.raises(IndexDamaged, match="no list of segments"):
            WhooshEngine.open(tmp_path)


def test_only_what_an_index_consists_of_is_let_in() -> None:
    """None of it does anything when it is made, and none may be added without a thought."""
    assert len(ALLOWED) == 12
    assert not [module for module, _ in ALLOWED if module.split(".")[0] not in ("newsearch", "whoosh")]


@pytest.mark.parametrize(
    "hostile",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.",
        b"\x80\x02cwhoosh.fields\nSchema.__init__.__globals__\n.",
        b"\x80\x04\x8c\x0dwhoosh.fields\x8c\x0fSchema.__init__\x93.",
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"\x80\x02\x82\x01.",  # an extension code
        b"Pid\n.",  # a persistent id
        b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f.",  # a frame larger than memory
        b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.",  # bytes larger than memory
        b"(i__main__\nx\n.",
    ],
)
def test_no_hostile_pickle_gets_through(tmp_path: Path, hostile: bytes) -> None:
    build(tmp_path, [{"path": "a.md", "title": "kelp"}]).close()
    index = NewsFileIndex(FileStorage(str(tmp_path)))
    toc = index.read_toc()
    path = write(tmp_path, TOC(toc.schema, [], toc.generation + 1))
    raw = opened(path.read_bytes())[0]
    path.write_bytes(sealed(raw[: raw.rindex(b"\x80\x02")] + hostile))
    with pytest.raises(IndexDamaged):
        WhooshEngine.open(tmp_path)
