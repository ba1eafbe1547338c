"""Files of lines: which lines are new, what they are called, and how little of a file is held at once."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from newsearch.errors import ArchiveError
from newsearch.items import jsonlines
from newsearch.items.files import Entry
from newsearch.items.ids import article_id, article_key
from newsearch.items.jsonlines import Line, LineFile, compare, is_item, line_file_of, load_line
from newsearch.items.scan import Scan, scan
from newsearch.items.taken import MAX_LINE_FAULTS, Intake, Taken
from newsearch.model import SourceFile

NOW = 1_600_000_000.0
OLD_NS = 1_500_000_000_000_000_000


def item(name: str, **fields: str) -> str:
    """A line with an item that has an address of its own."""
    more = "".join(f', "{key}": "{value}"' for key, value in fields.items())
    return f'{{"title": "{name}", "webUrl": "https://paper.example/{name}"{more}}}'


def called(name: str, file: str = "news.jsonl") -> str:
    """What the item that `item` makes is called."""
    return f"{file}#{article_id(article_key(f'paper.example/{name}'))}"


class Archive:
    """A folder with files of lines, and what an index would remember of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remembered: dict[str, SourceFile] = {}
        self.time = NOW
        self.ticks = 0

    def write(self, *lines: str, path: str = "news.jsonl") -> Path:
        file = self.folder / path
        file.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
        self.ticks += 1
        os.utime(file, ns=(OLD_NS + self.ticks, OLD_NS + self.ticks))
        return file

    def scan(self, *, exclude: Iterable[str] = (), allow_loss: bool = True) -> Scan:
        return scan(
            self.folder,
            root="data",
            remembered=self.remembered,
            exclude=tuple(exclude),
            allow_loss=allow_loss,
            clock=lambda: self.time,
        )

    def sync(self, *, exclude: Iterable[str] = ()) -> tuple[Intake, list[Taken]]:
        """Read everything that is not as it was, and remember it as an index does."""
        intake = Intake({"data": self.scan(exclude=exclude)}, listed=True)
        taken = list(intake.taken())
        for _, name in intake.gone:
            self.remembered.pop(name, None)
        for one in taken:
            self.remembered[one.source.path] = one.source
        return intake, taken


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def counts(intake: Intake) -> tuple[int, int, int, int]:
    return intake.added, intake.changed, intake.removed, intake.unchanged


def read(taken: Iterable[Taken]) -> list[str]:
    """The names of what was read as an item."""
    return sorted(one.source.path for one in taken if one.item is not None)


# -- what changed ------------------------------------------------------------------------------------------------------


def test_each_line_of_a_new_file_is_an_item_called_by_its_address(archive: Archive) -> None:
    archive.write(item("a"), "", item("b"))
    intake, taken = archive.sync()
    assert counts(intake) == (2, 0, 0, 0)
    assert read(taken) == sorted([called("a"), called("b")])
    assert set(archive.remembered) == {"news.jsonl", called("a"), called("b")}


def test_an_unchanged_file_costs_a_stat(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.write(item("a"), item("b"))
    archive.sync()
    monkeypatch.setattr(jsonlines, "opened", None)  # whoever opens it, fails
    assert archive.scan() == Scan(unchanged=2)


def test_lines_put_above_others_do_not_have_them_read_again(archive: Archive) -> None:
    archive.write(item("a"), item("b"))
    archive.sync()
    archive.write(item("new"), item("b"), item("a"))
    intake, taken = archive.sync()
    assert (counts(intake), read(taken)) == ((1, 0, 0, 2), [called("new")])


def test_a_line_with_a_known_address_and_other_text_is_changed(archive: Archive) -> None:
    archive.write(item("a"), item("b"))
    archive.sync()
    archive.write(item("a", excerpt="More"), item("b"))
    intake, taken = archive.sync()
    assert (counts(intake), read(taken)) == ((0, 1, 0, 1), [called("a")])
    assert list(intake.gone) == []  # it is taken, in its new version


def test_a_line_that_is_gone_is_removed(archive: Archive) -> None:
    archive.write(item("a"), item("b"))
    archive.sync()
    archive.write(item("b"))
    intake, _ = archive.sync()
    assert (counts(intake), intake.names["removed"]) == ((0, 0, 1, 1), [("data", called("a"))])
    assert set(archive.remembered) == {"news.jsonl", called("b")}


def test_an_item_without_an_address_is_called_by_its_content(archive: Archive) -> None:
    archive.write('{"title": "Nameless"}')
    _, taken = archive.sync()
    name = read(taken)[0]
    assert taken[0].item is not None
    assert taken[0].item.address == f"path:{name}"
    archive.write(item("a"), '{"title": "Nameless"}')
    assert counts(archive.sync()[0]) == (1, 0, 0, 1)
    archive.write(item("a"), '{"title": "Renamed"}')
    assert counts(archive.sync()[0]) == (1, 0, 1, 1)


def test_two_lines_with_one_address_have_two_names(archive: Archive) -> None:
    archive.write(item("a"), item("a", excerpt="More"))
    _, taken = archive.sync()
    first, second = read(taken)
    assert (first, second.startswith(f"{first}-")) == (called("a"), True)
    assert [one.item.path for one in taken if one.item is not None] == [first, second]
    assert counts(archive.sync()[0]) == (0, 0, 0, 2)


def test_of_lines_with_one_address_the_first_has_its_name_whenever_it_came(archive: Archive) -> None:
    archive.write(item("a"))
    archive.sync()
    archive.write(item("a", excerpt="Above"), item("a"))
    intake, taken = archive.sync()
    assert counts(intake) == (1, 0, 0, 1)
    digits = archive.remembered[called("a")].digest.hex()[:8]
    (other,) = {name for name in archive.remembered if name.startswith(called("a") + "-")}
    assert {one.item.excerpt: one.source.path for one in taken if one.item} == {"Above": called("a"), "": other}
    assert not other.endswith(digits)


def test_of_lines_with_one_address_the_one_that_is_left_gets_the_name(archive: Archive) -> None:
    archive.write(item("a"), item("a", excerpt="More"), item("b"))
    archive.sync()
    archive.write(item("a", excerpt="More"), item("b"))
    intake, taken = archive.sync()
    assert read(taken) == [called("a")]
    assert counts(intake) == (0, 1, 1, 1)
    assert set(archive.remembered) == {"news.jsonl", called("a"), called("b")}


def test_lines_with_one_address_that_stay_as_they_are_count_as_unchanged(archive: Archive) -> None:
    archive.write(item("a"), item("a", excerpt="More"))
    archive.sync()
    before = dict(archive.remembered)
    archive.write(item("new"), item("a"), item("a", excerpt="More"))
    intake, taken = archive.sync()
    assert (counts(intake), read(taken)) == ((1, 0, 0, 2), [called("new")])
    assert before.keys() < archive.remembered.keys()


def test_of_equal_lines_one_counts(archive: Archive) -> None:
    archive.write(item("a"), item("a"), f"  {item('a')}\r")
    assert counts(archive.sync()[0]) == (1, 0, 0, 0)


def test_line_ends_and_a_byte_order_mark_do_not_matter(archive: Archive) -> None:
    file = archive.write(item("a"), item("b"))
    archive.sync()
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n").rstrip())
    intake, taken = archive.sync()
    assert (counts(intake), read(taken)) == ((0, 0, 0, 2), [])


def test_a_touched_file_is_not_worth_a_commit(archive: Archive) -> None:
    archive.write(item("a"))
    archive.sync()
    archive.write(item("a"))
    intake = Intake({"data": archive.scan()})
    assert (intake.is_needed, counts(intake)) == (False, (0, 0, 0, 1))


def test_a_change_within_one_tick_of_the_clock_is_found(archive: Archive) -> None:
    file = archive.write(item("a"))
    os.utime(file, ns=(int(NOW * 1e9), int(NOW * 1e9)))
    archive.sync()
    assert archive.remembered["news.jsonl"].mtime_ns == 0
    file.write_text(item("b") + "\n", encoding="utf-8")
    os.utime(file, ns=(int(NOW * 1e9), int(NOW * 1e9)))
    archive.time += 60
    assert counts(archive.sync()[0]) == (1, 0, 1, 0)


def test_a_file_that_went_takes_its_lines_along(archive: Archive) -> None:
    file = archive.write(item("a"), item("b"))
    archive.write(item("c"), path="other.ndjson")
    archive.sync()
    file.unlink()
    assert counts(archive.sync()[0]) == (0, 0, 2, 1)
    assert set(archive.remembered) == {"other.ndjson", called("c", "other.ndjson")}


def test_a_file_with_no_lines_is_remembered(archive: Archive) -> None:
    archive.write()
    archive.write(item("a"), path="other.jsonl")
    archive.sync()
    assert set(archive.remembered) == {"news.jsonl", "other.jsonl", called("a", "other.jsonl")}
    assert archive.scan() == Scan(unchanged=1)


def test_many_lines_are_read_in_workers_as_they_are_here(archive: Archive) -> None:
    archive.write(*(item(f"n{number}") if number % 7 else "{" for number in range(2500)))
    intake, taken = archive.sync()
    assert intake.added == 2500 - 358
    assert read(taken) == sorted(called(f"n{number}") for number in range(2500) if number % 7)
    assert taken[-1].source.path == "news.jsonl"


# -- faults ------------------------------------------------------------------------------------------------------------


def test_a_faulty_line_is_told_with_its_number_and_stops_no_other(archive: Archive) -> None:
    archive.write(item("a"), "{", item("b"))
    intake, taken = archive.sync()
    faults = [one for one in taken if one.fault is not None]
    assert [(one.source.path, str(one.fault).partition(": ")[0]) for one in faults] == [("news.jsonl:2",) * 2]
    assert counts(intake) == (2, 0, 0, 0)


def test_a_faulty_line_that_moved_is_told_with_its_new_number_and_counts_as_nothing(archive: Archive) -> None:
    archive.write("{", item("a"))
    archive.sync()
    archive.write(item("b"), "{", item("a"))
    intake, taken = archive.sync()
    assert counts(intake) == (1, 0, 0, 1)
    assert [one.fault.line for one in taken if one.fault is not None] == [2]
    assert "news.jsonl:1" not in archive.remembered


def test_only_some_of_many_faulty_lines_are_named(archive: Archive) -> None:
    archive.write(*(f"[{number}]" for number in range(MAX_LINE_FAULTS + 50)))
    _, taken = archive.sync()
    faults = [one.fault for one in taken if one.fault is not None]
    assert (len(faults), str(faults[-1])) == (MAX_LINE_FAULTS + 1, "news.jsonl: 50 more lines are no items.")
    assert archive.scan().line_files == []


def test_a_line_that_is_too_long_is_a_fault_and_is_passed_over(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonlines, "MAX_LINE_BYTES", 200)
    monkeypatch.setattr("newsearch.items.jsonitem.MAX_LINE_BYTES", 200)
    archive.write(item("a"), item("long", excerpt="x" * 300), item("b"))
    _, taken = archive.sync()
    assert read(taken) == sorted([called("a"), called("b")])
    assert [one.source.path for one in taken if one.fault is not None] == ["news.jsonl:2"]


def test_a_line_that_changed_while_it_was_read_has_the_file_read_again(archive: Archive) -> None:
    file = archive.write(item("a"), item("b"))
    intake = Intake({"data": archive.scan()})
    file.write_text(f"{item('a')}\n{item('c')}\n", encoding="utf-8")
    taken = list(intake.taken())
    assert [one.source.path for one in taken] == [called("a"), "news.jsonl"]
    assert (taken[-1].source.mtime_ns, taken[-1].source.digest) == (0, bytes(16))  # as no file is
    assert "was changed while it was read" in str(intake.unread["data", "news.jsonl"])


def test_where_a_line_could_not_be_read_nothing_of_its_file_is_forgotten(archive: Archive) -> None:
    archive.write(item("a"), item("b"))
    archive.sync()
    archive.write(item("a", excerpt="More"))
    intake = Intake({"data": archive.scan()})
    archive.write(item("a", excerpt="Less"))
    list(intake.taken())
    assert (list(intake.gone), intake.removed) == ([], 0)


def test_a_file_that_changed_while_it_was_read_and_is_as_before_is_looked_into_again(archive: Archive) -> None:
    lines = [item("a"), item("b")]
    archive.write(*lines)
    archive.sync()
    archive.write(item("a"), item("new"), item("c"))
    intake = Intake({"data": archive.scan()})
    archive.write(item("a"), item("new"), item("d"))
    for one in intake.taken():
        archive.remembered[one.source.path] = one.source
    archive.write(*lines)
    archive.sync()
    assert set(archive.remembered) == {"news.jsonl", called("a"), called("b")}


def test_a_file_that_cannot_be_read_keeps_what_was_remembered_of_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write(item("a"), item("b"))
    archive.sync()
    file = archive.write(item("c"))

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(jsonlines, "_split", fail)
    found = archive.scan()
    assert (found.removed, found.unchanged, file.exists()) == ([], 2, True)
    assert [str(fault) for fault in found.faults] == ["news.jsonl: cannot be read: Input/output error."]


# -- what is lost, and what is left out --------------------------------------------------------------------------------


def test_a_file_that_shrank_is_no_loss_but_one_with_most_items_that_went_is(archive: Archive) -> None:
    file = archive.write(*map(item, "abcdefgh"))
    for name in "xyz":
        archive.write(item(name), path=f"{name}.jsonl")
    archive.sync()
    archive.write(item("a"))
    assert len(archive.scan(allow_loss=False).line_files) == 1
    file.unlink()
    with pytest.raises(ArchiveError, match=r"^1 of the 4 files are gone .*, with 8 of the 11 items\. If that is right"):
        archive.scan(allow_loss=False)


def test_what_is_excluded_from_now_on_is_removed_and_counted_and_is_no_loss(archive: Archive) -> None:
    archive.write(*map(item, "abcdefgh"))
    archive.write(item("x"), path="x.jsonl")
    archive.sync()
    assert archive.scan(exclude=["news.jsonl"], allow_loss=False).removed == []
    intake, _ = archive.sync(exclude=["news.jsonl"])
    assert (counts(intake), intake.excluded) == ((0, 0, 8, 1), 8)
    assert set(archive.remembered) == {"x.jsonl", called("x", "x.jsonl")}


# -- names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a/News.JSONL#326w9y6rqnyjv", "a/News.JSONL"),
        ("n.ndjson#326w9y6rqnyjv-0123abcd", "n.ndjson"),
        ("n.jsonl:17", "n.jsonl"),
        ("n.jsonl", None),
        ("n.jsonl#326w9y6rqnyjv.md", None),
        ("n.jsonl#notes.jsonl", None),
        ("a:b/c.md", None),
    ],
)
def test_the_name_of_a_line_says_which_file_it_is_in(name: str, file: str | None) -> None:
    assert line_file_of(name) == file


def test_files_of_lines_and_faulty_lines_are_no_items() -> None:
    assert [is_item(name) for name in ("a.md", "n.jsonl#326w9y6rqnyjv", "n.jsonl", "n.jsonl:3")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_line_is_loaded_from_where_it_stands(archive: Archive) -> None:
    file = archive.write("", f"  {item('é')}  ", item("b"))
    found: LineFile = compare(Entry("data", "news.jsonl", str(file)), remembered={})
    assert [(line.number, load_line(line).decode()) for line in found.lines] == [(2, item("é")), (3, item("b"))]
    assert isinstance(found.lines[0], Line)
