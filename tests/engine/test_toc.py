"""The table of contents: read as Whoosh writes it, with Whoosh and without, and never running what is in it."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from newsearch.engine.whoosh.analysis import LANGUAGES
from newsearch.engine.whoosh.contents import ContentsMissing, ListedSegment, read_contents
from newsearch.engine.whoosh.engine import WhooshEngine
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_whoosh_reads_is_read(tmp_path: Path, language: str) -> None:
    storage = FileStorage(str(tmp_path))
    segment = NewsSegment("MAIN")
    segment.set_doc_count(9)
    segment.delete_document(4)
    TOC(make_schema(language), [segment], 3).write(storage, "MAIN")
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
    TOC(make_schema(language), segments, 300).write(FileStorage(str(tmp_path)), "MAIN")
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
    TOC(toc.schema, toc.segments, toc.generation + 1).write(storage, "MAIN")
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
