"""What changed in a folder since it was last read."""

import hashlib
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from newsearch.errors import ArchiveError, ItemError
from newsearch.items.files import MAX_FILE_BYTES
from newsearch.items.scan import Entry, Scan, load, scan
from newsearch.model import SourceFile

NOW = 1_600_000_000.0
OLD_NS = 1_500_000_000_000_000_000


class Archive:
    """A folder of files with a clock, which remembers what was read of it as an index would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remembered: dict[str, SourceFile] = {}
        self.time = NOW

    def write(self, path: str, text: str = "A", *, mtime_ns: int = OLD_NS) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(mtime_ns, mtime_ns))
        return file

    def scan(self, *, exclude: Sequence[str] = (), force: bool = False, allow_loss: bool = False) -> Scan:
        return scan(
            self.folder,
            root="data",
            remembered=self.remembered,
            exclude=exclude,
            force=force,
            allow_loss=allow_loss,
            clock=lambda: self.time,
        )

    def sync(self, *, allow_loss: bool = False) -> Scan:
        """Scan, and read and remember everything that was found."""
        found = self.scan(allow_loss=allow_loss)
        for entry in found.added + found.changed:
            self.remembered[entry.path] = load(entry, clock=lambda: self.time)[0]
        for source in found.touched:
            self.remembered[source.path] = source
        for path in found.removed:
            del self.remembered[path]
        return found


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    folder = tmp_path / "archive"
    folder.mkdir()
    return Archive(folder)


def paths(entries: Iterable[Entry | SourceFile]) -> list[str]:
    return [entry.path for entry in entries]


def link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target)
    except OSError:
        pytest.skip("links are not allowed here")


# -- what changed ------------------------------------------------------------------------------------------------------


def test_every_file_of_a_new_archive_is_added_in_order(archive: Archive) -> None:
    for path in ("b.md", "a/z.md", "a/b/c.md", "c.markdown", "D.MD"):
        archive.write(path)
    assert paths(archive.scan().added) == ["D.MD", "a/b/c.md", "a/z.md", "b.md", "c.markdown"]


def test_an_unchanged_archive_has_nothing_to_do(archive: Archive) -> None:
    archive.write("a.md")
    archive.write("b/c.md")
    archive.sync()
    assert archive.scan() == Scan(unchanged=2)


def test_a_new_file_is_added(archive: Archive) -> None:
    archive.write("a.md")
    archive.sync()
    archive.write("b.md")
    found = archive.scan()
    assert (paths(found.added), found.changed, found.unchanged) == (["b.md"], [], 1)


def test_a_file_of_another_size_is_changed(archive: Archive) -> None:
    archive.write("a.md", "A")
    archive.sync()
    archive.write("a.md", "AB")
    assert paths(archive.scan().changed) == ["a.md"]


def test_a_file_of_the_same_size_and_other_bytes_is_changed(archive: Archive) -> None:
    archive.write("a.md", "A")
    archive.sync()
    archive.write("a.md", "B", mtime_ns=OLD_NS + 1)
    assert paths(archive.scan().changed) == ["a.md"]


def test_a_file_that_was_only_touched_is_told_apart(archive: Archive) -> None:
    archive.write("a.md", "A")
    archive.sync()
    archive.write("a.md", "A", mtime_ns=OLD_NS + 1)
    found = archive.sync()
    assert (paths(found.touched), found.changed, found.unchanged) == (["a.md"], [], 0)
    assert found.touched[0].mtime_ns == OLD_NS + 1
    assert archive.scan() == Scan(unchanged=1)


def test_a_file_that_is_gone_is_removed(archive: Archive) -> None:
    file = archive.write("a/a.md")
    archive.write("b.md")
    archive.sync()
    file.unlink()
    assert archive.scan() == Scan(removed=["a/a.md"], unchanged=1)


def test_a_renamed_file_is_one_added_and_one_removed(archive: Archive) -> None:
    archive.write("a.md")
    file = archive.write("b.md")
    archive.sync()
    file.rename(archive.folder / "c.md")
    found = archive.scan()
    assert (paths(found.added), found.removed) == (["c.md"], ["b.md"])


def test_with_force_every_remembered_file_is_changed(archive: Archive) -> None:
    archive.write("a.md")
    archive.sync()
    archive.write("b.md")
    found = archive.scan(force=True)
    assert (paths(found.changed), paths(found.added), found.unchanged) == (["a.md"], ["b.md"], 0)


def test_a_file_that_can_no_longer_be_compared_is_for_its_reader_to_report(archive: Archive) -> None:
    archive.remembered["a.md"] = SourceFile("data", "a.md", 9 << 20, 5, b"")
    with archive.write("a.md").open("wb") as stream:
        stream.truncate(9 << 20)
    assert paths(archive.scan().changed) == ["a.md"]


# -- reading -----------------------------------------------------------------------------------------------------------


def test_loading_gives_the_bytes_and_what_to_remember(archive: Archive) -> None:
    file = archive.write("é/a.md", "Ä")
    source, raw = load(Entry("data", "é/a.md", str(file)), clock=lambda: NOW)
    assert raw == "Ä".encode()
    assert source == SourceFile("data", "é/a.md", 2, OLD_NS, hashlib.blake2b(raw, digest_size=16).digest())


def test_loading_a_file_that_vanished_is_an_item_error(archive: Archive) -> None:
    with pytest.raises(ItemError, match=r"^a\.md: is no longer there\.$"):
        load(Entry("data", "a.md", str(archive.folder / "a.md")))


@pytest.mark.parametrize(
    ("age_s", "trusted"), [(3600.0, True), (2.1, True), (1.9, False), (0.0, False), (-3600.0, False)]
)
def test_a_time_too_close_to_now_is_not_trusted(archive: Archive, age_s: float, trusted: bool) -> None:
    mtime_ns = int((NOW - age_s) * 1e9)
    file = archive.write("a.md", mtime_ns=mtime_ns)
    assert load(Entry("data", "a.md", str(file)), clock=lambda: NOW)[0].mtime_ns == (mtime_ns if trusted else 0)


def test_a_change_within_one_tick_of_the_clock_is_found(archive: Archive) -> None:
    archive.write("a.md", "A", mtime_ns=int(NOW * 1e9))
    archive.sync()
    archive.write("a.md", "B", mtime_ns=int(NOW * 1e9))
    archive.time += 60
    assert paths(archive.scan().changed) == ["a.md"]


def test_a_fresh_file_is_compared_until_its_time_can_be_trusted(archive: Archive) -> None:
    archive.write("a.md", "A", mtime_ns=int(NOW * 1e9))
    archive.sync()
    assert archive.scan() == Scan(unchanged=1)
    archive.time += 60
    assert paths(archive.sync().touched) == ["a.md"]
    assert archive.remembered["a.md"].mtime_ns == int(NOW * 1e9)


# -- what is an item ---------------------------------------------------------------------------------------------------


def test_other_and_hidden_files_are_no_items(archive: Archive) -> None:
    for path in ("a.md", "b.txt", ".c.md", ".git/d.md", "md", "e.md.orig", "f/.g/h.md"):
        archive.write(path)
    assert archive.scan() == Scan(added=[Entry("data", "a.md", str(archive.folder / "a.md"))])


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("drafts", ["2020/a.md", "2020/draft.md", "b.md"]),
        ("drafts/", ["2020/a.md", "2020/draft.md", "b.md"]),
        ("/drafts/**", ["2020/a.md", "2020/draft.md", "2020/drafts/e.md", "b.md"]),
        ("2020/drafts", ["2020/a.md", "2020/draft.md", "b.md", "drafts/c.md"]),
        ("**/drafts", ["2020/a.md", "2020/draft.md", "b.md"]),
        ("draft*", ["2020/a.md", "b.md"]),
        ("a.md", ["2020/draft.md", "2020/drafts/e.md", "b.md", "drafts/c.md"]),
        ("[ab].md", ["2020/draft.md", "2020/drafts/e.md", "drafts/c.md"]),
        ("/a.md", ["2020/a.md", "2020/draft.md", "2020/drafts/e.md", "b.md", "drafts/c.md"]),
        ("**", []),
        ("/**", []),
        ("", ["2020/a.md", "2020/draft.md", "2020/drafts/e.md", "b.md", "drafts/c.md"]),
        ("/", ["2020/a.md", "2020/draft.md", "2020/drafts/e.md", "b.md", "drafts/c.md"]),
    ],
)
def test_what_a_pattern_excludes_is_not_looked_at(archive: Archive, pattern: str, left: list[str]) -> None:
    for path in ("2020/a.md", "2020/draft.md", "2020/drafts/e.md", "b.md", "drafts/c.md"):
        archive.write(path)
    assert paths(archive.scan(exclude=[pattern]).added) == left


def test_several_patterns_exclude_what_any_of_them_fits(archive: Archive) -> None:
    for path in ("a.md", "b.md", "c.md"):
        archive.write(path)
    assert paths(archive.scan(exclude=["a.md", "/c*"]).added) == ["b.md"]


def test_links_to_files_and_folders_are_followed(archive: Archive, tmp_path: Path) -> None:
    other = Archive(tmp_path / "other")
    other.write("x.md")
    link(archive.folder / "linked", other.folder)
    link(archive.folder / "y.md", other.folder / "x.md")
    assert paths(archive.scan().added) == ["y.md", "linked/x.md"]


def test_a_link_to_a_folder_above_it_is_not_followed(archive: Archive) -> None:
    archive.write("a/b/x.md")
    link(archive.folder / "a" / "b" / "up", archive.folder / "a")
    link(archive.folder / "a" / "top", archive.folder)
    found = archive.scan()
    assert (paths(found.added), found.faults) == (["a/b/x.md"], [])


def test_what_is_in_the_archive_goes_by_its_own_path_and_not_by_that_of_a_link(archive: Archive) -> None:
    archive.write("z/deep/x.md")
    link(archive.folder / "a", archive.folder / "z" / "deep")
    link(archive.folder / "b", archive.folder / "z")
    assert paths(archive.scan().added) == ["z/deep/x.md"]


def test_a_folder_outside_is_entered_by_one_of_the_links_to_it(archive: Archive, tmp_path: Path) -> None:
    other = Archive(tmp_path / "other")
    other.write("below/x.md")
    other.write("y.md")
    link(archive.folder / "a", other.folder / "below")
    link(archive.folder / "b", other.folder)
    link(archive.folder / "c", other.folder)
    assert paths(archive.scan().added) == ["a/x.md", "b/y.md"]


def test_links_that_branch_at_every_folder_are_walked_once(archive: Archive, tmp_path: Path) -> None:
    """Each of 30 folders has two links to the next: 2^30 ways lead to the last."""
    other = tmp_path / "other"
    for number in range(30):
        (other / f"{number}").mkdir(parents=True)
        for name in "ab":
            link(other / f"{number}" / name, other / f"{number + 1}")
    (other / "30").mkdir()
    (other / "30" / "x.md").write_text("A", encoding="utf-8")
    link(archive.folder / "first", other / "0")
    assert paths(archive.scan().added) == ["first/" + "a/" * 30 + "x.md"]


def test_a_file_that_grew_too_large_is_remembered_and_not_read_again(archive: Archive) -> None:
    file = archive.write("a.md")
    archive.sync()
    with file.open("ab") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    os.utime(file, ns=(OLD_NS, OLD_NS))
    assert paths(archive.sync().changed) == ["a.md"]
    assert archive.remembered["a.md"].size == MAX_FILE_BYTES + 1
    assert archive.scan() == Scan(unchanged=1)


def test_a_link_to_nothing_is_a_fault(archive: Archive) -> None:
    archive.write("a.md")
    link(archive.folder / "b.md", archive.folder / "gone.md")
    found = archive.scan()
    assert paths(found.added) == ["a.md"]
    assert [str(fault) for fault in found.faults] == ["b.md: is a link to nothing."]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_a_fault(archive: Archive) -> None:
    os.mkfifo(archive.folder / "a.md")
    assert [str(fault) for fault in archive.scan().faults] == ["a.md: is not a regular file."]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_a_name_that_is_not_utf8_is_a_fault(archive: Archive) -> None:
    (archive.folder / os.fsdecode(b"caf\xe9.md")).write_text("A")
    (archive.folder / os.fsdecode(b"\xff")).mkdir()
    archive.write("b.md")
    found = archive.scan()
    assert paths(found.added) == ["b.md"]
    assert sorted(str(fault) for fault in found.faults) == [
        "\\xff: has a name that is not UTF-8; rename it.",
        "caf\\xe9.md: has a name that is not UTF-8; rename it.",
    ]


# -- folders that are not as they were ---------------------------------------------------------------------------------


def test_a_missing_folder_is_an_error(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match=r"folder '.*absent' does not exist; give another one"):
        scan(archive.folder / "absent", root="data", remembered={})


def test_a_file_is_no_archive(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match=r"'.*a\.md' is a file; give the folder"):
        scan(archive.write("a.md"), root="data", remembered={})


def test_a_folder_with_a_nul_in_its_name_is_an_error() -> None:
    with pytest.raises(ArchiveError):
        scan(Path("a\x00b"), root="data", remembered={})


def test_an_archive_that_lost_more_than_half_of_its_files_is_refused(archive: Archive) -> None:
    files = [archive.write(f"{n}.md") for n in range(4)]
    archive.sync()
    for file in files[:3]:
        file.unlink()
    with pytest.raises(ArchiveError, match=r"^3 of the 4 files are gone from the archive folder '.*'\..*--yes"):
        archive.scan()
    files[3].unlink()
    with pytest.raises(ArchiveError, match=r"^All 4 files are gone from the archive folder"):
        archive.scan()


def test_a_loss_that_was_agreed_to_is_taken(archive: Archive) -> None:
    file = archive.write("a.md")
    archive.sync()
    file.unlink()
    assert archive.scan(allow_loss=True) == Scan(removed=["a.md"])


def test_an_archive_may_lose_half_of_its_files(archive: Archive) -> None:
    file = archive.write("a.md")
    archive.write("b.md")
    archive.sync()
    file.unlink()
    assert archive.scan().removed == ["a.md"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read by the superuser")
def test_files_in_a_folder_that_cannot_be_read_are_not_removed(archive: Archive) -> None:
    archive.write("a/b/x.md")
    archive.sync()
    (archive.folder / "a").chmod(0)
    try:
        found = archive.scan()
    finally:
        (archive.folder / "a").chmod(0o700)
    assert (found.removed, found.unchanged) == ([], 1)
    assert [str(fault) for fault in found.faults] == ["a: cannot be read: permission denied."]


def test_files_behind_a_link_that_leads_nowhere_else_but_to_itself_are_not_removed(archive: Archive) -> None:
    archive.write("a/x.md")
    archive.sync()
    (archive.folder / "a" / "x.md").unlink()
    (archive.folder / "a").rmdir()
    link(archive.folder / "a", archive.folder / "a")
    found = archive.scan()
    assert (found.removed, found.unchanged) == ([], 1)
    assert found.faults[0].path == "a"


def test_a_folder_nested_very_deep_is_walked(archive: Archive) -> None:
    archive.write("/".join(["d"] * 300) + "/x.md")
    assert len(archive.scan().added) == 1
