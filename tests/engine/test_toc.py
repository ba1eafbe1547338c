"""The table of contents: read as Whoosh writes it, and without running what somebody else put into it."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, EmptyIndexError

from newsearch.engine.whoosh.analysis import LANGUAGES
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.schema import language_of, make_schema
from newsearch.engine.whoosh.segment import NewsSegment
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
    with pytest.raises(EmptyIndexError):
        NewsFileIndex(FileStorage(str(tmp_path))).read_toc()
