"""An index copied to another place holds the same, without the files."""

from datetime import timedelta
from pathlib import Path

import pytest

import newsearch
from newsearch.engine.places import engine_at
from newsearch.errors import ConfigError
from tests.archive import NOW, Archive, cited
from tests.contract.engines import KINDS, Kind, dropped, new_place


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_finds_what_the_index_finds_and_knows_its_files(kind: Kind, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Harbour ban", path="a.md", related=[cited("Follow-up", "https://b.example/2")])
    archive.write("broken.md", "---\ntitle: [\n---\n")
    place = new_place(kind, tmp_path)
    with newsearch.NewsIndex.create(tmp_path / "index", clock=lambda: NOW) as index:
        index.sync(archive.folder)
        outcome = index.copy(place)
        with pytest.raises(ConfigError, match="--yes"):
            index.copy(place)
        wanted = [(hit.id, hit.title) for hit in index.search("")]
    assert (outcome.items, outcome.articles) == (1, 2)
    archive.remove("a.md")
    archive.deliver("Harbour strike", path="b.md")
    with newsearch.open(place, clock=lambda: NOW + timedelta(days=1)) as copied:
        assert [(hit.id, hit.title) for hit in copied.search("")] == wanted
        assert copied.get(wanted[0][0]).first_indexed == NOW
        # It goes on from there as the index would have: the same folder, the files it had.
        report = copied.sync(archive.folder, allow_loss=True)
        assert (report.added, report.removed, len(report.skipped)) == (1, 1, 1)
    if kind == "cluster":
        dropped(place)


def test_a_copy_comes_back_from_a_cluster(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Harbour ban", related=[cited("Follow-up", "https://b.example/2")])
    there = new_place("cluster", tmp_path)
    with newsearch.NewsIndex.create(tmp_path / "index", clock=lambda: NOW) as index:
        index.sync(archive.folder)
        index.copy(there)
        with newsearch.open(there, clock=lambda: NOW) as cluster:
            cluster.copy(tmp_path / "back")
        with newsearch.open(tmp_path / "back", clock=lambda: NOW) as back:
            assert list(back.search("")) == list(index.search(""))
    assert engine_at(there).exists(there)
    dropped(there)
