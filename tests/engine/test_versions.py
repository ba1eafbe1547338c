"""An index of another version of the schema: refused with the words that help, and replaced by a rebuild.

The first version that is released will be kept here as a file; until then every other version is made by the test.
"""

from pathlib import Path

import pytest

import newsearch
from newsearch.engine.whoosh import documents, gather
from newsearch.engine.whoosh.schema import SCHEMA_VERSION, STRING_LISTINGS
from newsearch.errors import IndexVersionError
from newsearch.library import NewsIndex
from tests.archive import NOW, Archive
from tests.cli.command import run

OTHERS = (*range(1, SCHEMA_VERSION), SCHEMA_VERSION + 1)


def make(tmp_path: Path, version: int) -> tuple[Archive, Path]:
    archive, index = Archive(tmp_path / "archive"), tmp_path / "index"
    archive.deliver("kelp", path="a.md")
    with pytest.MonkeyPatch.context() as patch, NewsIndex.create(index, clock=lambda: NOW) as opened:
        for module in ("documents", "schema"):
            patch.setattr(f"newsearch.engine.whoosh.{module}.SCHEMA_VERSION", version)
        opened.sync(archive.folder)
    return archive, index


def test_what_is_written_is_of_this_version(tmp_path: Path) -> None:
    assert documents.SCHEMA_VERSION == SCHEMA_VERSION
    _, index = make(tmp_path, SCHEMA_VERSION)
    with newsearch.open(index) as opened:
        assert opened.stats().schema_version == SCHEMA_VERSION


@pytest.mark.parametrize("version", OTHERS)
def test_another_is_refused_with_both_versions_and_what_to_do(tmp_path: Path, version: int) -> None:
    _, index = make(tmp_path, version)
    message = f"has version {version}; this newsearch reads version {SCHEMA_VERSION}.*newsearch index --rebuild"
    for opening in (newsearch.open, NewsIndex.create):
        with pytest.raises(IndexVersionError, match=message):
            opening(index)


def test_one_that_lacks_what_every_article_has_in_this_version_is_another_version(tmp_path: Path) -> None:
    """An older one has not all the listings of this: its version is read before anything else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gather, "STRING_LISTINGS", tuple(name for name in STRING_LISTINGS if name != "category"))
        archive, index = make(tmp_path, SCHEMA_VERSION - 1)
    message = f"has version {SCHEMA_VERSION - 1}; this newsearch reads version {SCHEMA_VERSION}"
    with pytest.raises(IndexVersionError, match=message):
        newsearch.open(index)
    for command in (["query", "kelp"], ["show", "a.md"], ["stats"], ["index", archive.folder]):
        outcome = run(*command, "--index", index)
        assert outcome.code == 3
        assert message in outcome.err
    (finding,) = NewsIndex.check(index).findings
    assert (finding.check, finding.severity) == ("version", "damage")
    assert run("index", archive.folder, "--index", index, "--rebuild").code == 0
    assert run("count", "kelp", "--index", index).out == "1\n"


def test_an_older_layout_of_segments_is_another_version_too_and_a_rebuild_replaces_it(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newsearch.engine.whoosh.container._MAGIC", b"NEWSSEG\x02")
        archive, index = make(tmp_path, SCHEMA_VERSION)
    message = "made by another version of newsearch.*Build it anew with: newsearch index --rebuild"
    with pytest.raises(IndexVersionError, match=message):
        newsearch.open(index)
    (finding,) = NewsIndex.check(index).findings
    assert (finding.check, finding.severity) == ("version", "damage")
    assert run("index", archive.folder, "--index", index).code == 3
    assert run("index", archive.folder, "--index", index, "--rebuild").code == 0
    with newsearch.open(index) as opened:
        assert opened.search("kelp").total == 1


@pytest.mark.parametrize("version", OTHERS)
def test_no_command_writes_to_it_but_a_rebuild_which_keeps_the_times_of_arrival(tmp_path: Path, version: int) -> None:
    archive, index = make(tmp_path, version)
    before = {path.name: path.read_bytes() for path in index.iterdir()}
    assert run("index", archive.folder, "--index", index).code == 3
    assert run("doctor", "--index", index).code == 1
    assert {path.name: path.read_bytes() for path in index.iterdir()} == before
    assert run("index", archive.folder, "--index", index, "--rebuild").code == 0
    with newsearch.open(index) as opened:
        assert opened.get("a.md").first_indexed == NOW
