"""`newsearch index`: what it says, and what it ends with."""

import json
from pathlib import Path

import pytest

import newsearch
from newsearch.errors import ArchiveError
from tests.archive import Archive, cited
from tests.cli.command import indexed, run
from tests.engine.test_lock import holder
from tests.torture.states import newsearch_process

UNREADABLE = "---\ntitle: [unclosed\n---\n"


def make(tmp_path: Path) -> tuple[Archive, Path]:
    archive = Archive(tmp_path / "archive")
    archive.deliver(title="Harbour ban", path="a.md", related=[cited("Follow-up", "https://b.example/2")])
    return archive, tmp_path / "index"


def test_a_first_run_says_what_was_added_and_what_the_index_holds(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    outcome = run("index", archive.folder, "--index", index)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.startswith("1 added, 0 changed, 0 removed; 1 item, 2 articles in ")


def test_a_run_without_news_says_so(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    run("index", archive.folder, "--index", index)
    outcome = run("index", archive.folder, "--index", index)
    assert outcome.err == "Nothing changed: 1 item, 2 articles.\n"


def test_changed_and_removed_files_are_counted(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    for number in range(3):
        archive.deliver(title=f"Story {number}", path=f"{number}.md")
    run("index", archive.folder, "--index", index)
    archive.deliver(title="Harbour ban lifted", path="a.md")
    archive.remove("0.md")
    outcome = run("index", archive.folder, "--index", index)
    assert outcome.err.startswith("0 added, 1 changed, 1 removed; 3 items, 3 articles in ")


def test_a_skipped_file_is_named_with_its_line_and_does_not_stop_the_others(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    archive.write("bad.md", UNREADABLE)
    outcome = run("index", archive.folder, "--index", index)
    fault, summary = outcome.err.splitlines()
    assert outcome.code == 0
    assert fault.startswith(f"{archive.folder / 'bad.md'}:3: ")
    assert summary.startswith("1 added, 0 changed, 0 removed, 1 skipped; 1 item, ")


def test_strict_fails_on_a_skipped_file_and_on_nothing_else(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    assert run("index", archive.folder, "--index", index, "--strict").code == 0
    archive.write("bad.md", UNREADABLE)
    assert run("index", archive.folder, "--index", index, "--strict").code == 1
    # It is still there in the next run, which changes nothing.
    outcome = run("index", archive.folder, "--index", index, "--strict")
    assert (outcome.code, "Nothing changed: 1 item, 2 articles, 1 skipped." in outcome.err) == (1, True)


def test_quiet_says_nothing(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    archive.write("bad.md", UNREADABLE)
    assert run("index", archive.folder, "--index", index, "-q").err == ""


def test_ten_remarks_are_shown_and_the_others_counted_with_how_to_see_them(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    for number in range(12):
        archive.deliver(title="Odd", path=f"odd-{number}.md", quality="very good")
    err = run("index", archive.folder, "--index", index).err
    assert err.count("odd-") == 10
    command = f"newsearch index {archive.folder} --rebuild --index {index} -v"
    assert f"And 2 more remarks on values that were left out. To see all of them: {command}\n" in err
    assert run("index", archive.folder, "--index", index).err.count("odd-") == 0
    err = run("index", archive.folder, "--index", index, "--rebuild", "-v").err
    assert (err.count("odd-"), "more remark" in err) == (12, False)


def test_json_is_the_report_and_nothing_else_on_stdout(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    archive.write("bad.md", UNREADABLE)
    report = json.loads(run("index", archive.folder, "--index", index, "--json").out)["report"]
    assert (report["added"], report["items"], report["articles"]) == (1, 1, 2)
    assert [fault["path"] for fault in report["skipped"]] == ["bad.md"]


def test_without_a_path_the_configured_archive_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Archive(tmp_path / "news").deliver(title="Harbour ban")
    (tmp_path / "newsearch.toml").write_text('archive = "news"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run("index").err.startswith("1 added")
    assert (tmp_path / "index").is_dir()


def test_several_folders_are_read_and_one_named_twice_once(tmp_path: Path) -> None:
    first, second = Archive(tmp_path / "first"), Archive(tmp_path / "second")
    first.deliver(title="One", url="https://x.example/1")
    second.deliver(title="Two", url="https://x.example/2")
    outcome = run("index", first.folder, second.folder, first.folder, "--index", tmp_path / "index")
    assert outcome.err.startswith("2 added, 0 changed, 0 removed; 2 items, ")


def test_a_skipped_file_of_several_folders_is_named_with_the_one_it_is_in(tmp_path: Path) -> None:
    first, second = Archive(tmp_path / "first"), Archive(tmp_path / "second")
    for archive, name in ((first, "bad.md"), (first, "both.md"), (second, "both.md")):
        archive.write(name, UNREADABLE)
    err = run("index", first.folder, second.folder, "--index", tmp_path / "index").err
    assert f"{first.folder / 'bad.md'}:3: " in err
    assert err.count("\nboth.md:3: ") == 2


@pytest.mark.parametrize("name", ["nothing-here", "a-file.md"])
def test_a_path_that_is_no_folder_is_wrong_usage_and_makes_no_index(tmp_path: Path, name: str) -> None:
    (tmp_path / "a-file.md").write_text("x", encoding="utf-8")
    outcome = run("index", tmp_path / name, "--index", tmp_path / "index")
    assert outcome.code == 2
    assert name in outcome.err
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("folders", [("",), ("archive", "")])
def test_an_empty_path_is_not_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: tuple[str, ...]
) -> None:
    make(tmp_path)
    monkeypatch.chdir(tmp_path)
    outcome = run("index", *folders)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == "newsearch: PATH is empty; name the folder of your items: newsearch index PATH\n"
    assert not (tmp_path / "index").exists()


def test_advice_to_rebuild_names_what_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive, index = make(tmp_path)
    run("index", archive.folder, "--index", index)
    monkeypatch.setenv("NEWSEARCH_LANGUAGE", "german")
    err = run("index", archive.folder, "--index", index).err
    assert err.endswith(f"Build it anew with: newsearch index {archive.folder} --rebuild --index {index}\n")


def test_an_archive_that_lost_most_of_its_files_is_refused_without_yes(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    for number in range(4):
        archive.deliver(title=f"Story {number}", path=f"{number}.md")
    run("index", archive.folder, "--index", index)
    for number in range(4):
        archive.remove(f"{number}.md")
    refused = run("index", archive.folder, "--index", index)
    assert refused.code == 2
    assert "--yes" in refused.err
    assert run("index", archive.folder, "--index", index, "--yes").err.startswith("0 added, 0 changed, 4 removed")


def test_an_empty_folder_is_remarked_on(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    outcome = run("index", tmp_path / "empty", "--index", tmp_path / "index")
    assert outcome.code == 0
    assert "There are no files of items in" in outcome.err


def test_rebuild_replaces_what_was_there(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    run("index", archive.folder, "--index", index)
    other = Archive(tmp_path / "other")
    other.deliver(title="Another story")
    assert "; 1 item, 1 article in " in run("index", other.folder, "--index", index, "--rebuild", "--yes").err


def test_a_rebuild_without_a_folder_that_the_index_was_made_of_is_refused_without_yes(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    run("index", archive.folder, "--index", index)
    other = Archive(tmp_path / "other")
    other.deliver(title="Another story")
    refused = run("index", other.folder, "--index", index, "--rebuild")
    assert refused.code == 2
    assert f"was made of '{archive.folder.resolve()}' too" in refused.err
    assert refused.err.endswith(f"run: newsearch index {other.folder} --rebuild --yes --index {index}\n")
    assert "Nothing changed: 1 item" in run("index", archive.folder, "--index", index).err
    both = run("index", archive.folder, other.folder, "--index", index, "--rebuild")
    assert "; 2 items, " in both.err


def test_a_fault_that_quotes_the_file_cannot_reach_the_terminal(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    archive.write("evil\x1b[31m.md", UNREADABLE)
    assert "\x1b" not in run("index", archive.folder, "--index", index).err


def test_no_progress_is_drawn_before_patience_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsearch.cli.progress._PATIENCE", 3600.0)  # however slow the machine is
    archive, index = make(tmp_path)
    outcome = run("index", archive.folder, "--index", index, terminal=True)
    assert outcome.err.startswith("1 added")


LINES = """{"title": "Kelp one", "webUrl": "https://k.example/1"}
{"title": "Kelp two"
{"title": "Kelp three", "webUrl": "https://k.example/3", "quality": "good"}
"""


class TestJsonLines:
    """A file of lines beside the Markdown."""

    def test_each_line_is_an_item_and_faults_name_the_line(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        file = archive.write("news.jsonl", LINES)
        fault, remark, summary = run("index", archive.folder, "--index", index).err.splitlines()
        assert fault == f"{file}:2: is not valid JSON: expecting ',' delimiter, at character 21."
        assert remark == f"{file}:3: quality 'good' is not a whole number."
        assert summary.startswith("3 added, 0 changed, 0 removed, 1 skipped; 3 items, ")

    def test_a_second_run_has_nothing_to_do_but_to_name_the_fault(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.write("news.jsonl", LINES)
        run("index", archive.folder, "--index", index)
        err = run("index", archive.folder, "--index", index).err
        assert "news.jsonl:2: is not valid JSON" in err
        assert err.endswith("Nothing changed: 3 items, 4 articles, 1 skipped.\n")

    def test_only_lines_that_changed_are_indexed_anew(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.write("news.jsonl", LINES)
        run("index", archive.folder, "--index", index)
        lines = LINES.replace("Kelp one", "Kelp first").splitlines(keepends=True)
        archive.write("news.jsonl", '{"title": "Kelp zero", "webUrl": "https://k.example/0"}\n' + "".join(lines))
        outcome = run("index", archive.folder, "--index", index, "--json")
        report = json.loads(outcome.out)["report"]
        assert [report[count] for count in ("added", "changed", "removed", "unchanged")] == [1, 1, 0, 2]
        assert [(fault["path"], fault["line"]) for fault in report["skipped"]] == [("news.jsonl", 3)]

    def test_show_finds_an_item_by_the_name_of_its_line(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.write("news.jsonl", LINES)
        run("index", archive.folder, "--index", index)
        shown = run("show", "k.example/1", "--index", index).out
        name = next(line.split()[1] for line in shown.splitlines() if line.startswith("path "))
        assert name.startswith("news.jsonl#")
        assert run("show", name, "--index", index).out == shown

    def test_a_rebuild_holds_the_same(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.write("news.jsonl", LINES)
        run("index", archive.folder, "--index", index)
        err = run("index", archive.folder, "--index", index, "--rebuild").err
        assert "3 added, 0 changed, 0 removed, 1 skipped; 3 items, 4 articles" in err
        assert "Nothing changed" in run("index", archive.folder, "--index", index).err

    def test_doctor_names_file_and_line(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.write("news.jsonl", LINES)
        run("index", archive.folder, "--index", index)
        outcome = run("doctor", "--index", index)
        assert (outcome.code, "news.jsonl:2: is not valid JSON" in outcome.out + outcome.err) == (1, True)


class TestFormats:
    """The report on stdout, in the format that was asked for."""

    def test_without_a_format_nothing_is_on_stdout(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.write("news.jsonl", LINES)
        assert run("index", archive.folder, "--index", index).out == ""

    def test_plain_names_what_was_skipped_and_stderr_does_not_repeat_it(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.write("news.jsonl", LINES)
        outcome = run("index", archive.folder, "--index", index, "--format", "plain")
        kind, path, line, reason = outcome.out.splitlines()[0].split("\t")
        assert (kind, path, line) == ("skipped", str(archive.folder / "news.jsonl"), "2")
        assert reason.startswith("is not valid JSON")
        assert "not valid JSON" not in outcome.err
        assert "1 skipped" in outcome.err

    def test_a_dry_run_lists_what_it_would_do(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        outcome = run("index", archive.folder, "--index", index, "--dry-run", "--format", "jsonl")
        (line,) = map(json.loads, outcome.out.splitlines())
        assert (line["kind"], line["path"]) == ("add", next(archive.folder.iterdir()).name)

    def test_a_format_of_one_run_is_refused_with_watch(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        outcome = run("index", archive.folder, "--index", index, "--watch", "--format", "csv")
        assert (outcome.code, "--format csv is for one run" in outcome.err) == (2, True)


class TestDryRun:
    """What would be done is said, and not done."""

    def test_it_makes_no_index(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        outcome = run("index", archive.folder, "--index", index, "--dry-run")
        assert (outcome.code, outcome.out) == (0, "")
        assert outcome.err == "Would be: 1 added, 0 changed, 0 removed. Nothing was written.\n"
        assert not index.exists()

    def test_it_counts_and_names_what_the_run_then_does(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.deliver("Other", path="b.md")
        archive.write("news.jsonl", LINES)
        run("index", archive.folder, "--index", index)
        archive.deliver("New title", path="a.md")
        archive.deliver("Third", path="c.md")
        archive.remove("b.md")
        archive.write("news.jsonl", LINES.replace("Kelp one", "Kelp first").replace('"Kelp two"', '"Kelp two"}'))
        before = sorted((file.name, file.stat().st_mtime_ns) for file in index.iterdir())
        dry = run("index", archive.folder, "--index", index, "--dry-run", "-v", "--json")
        assert sorted((file.name, file.stat().st_mtime_ns) for file in index.iterdir()) == before
        document = json.loads(dry.out)
        real = json.loads(run("index", archive.folder, "--index", index, "--json").out)["report"]
        counts = ("added", "changed", "removed", "excluded", "unchanged", "skipped", "remarks")
        assert [document["report"][count] for count in counts] == [real[count] for count in counts]
        assert {what: len(paths) for what, paths in document["would"].items()} == {
            "add": real["added"],
            "change": real["changed"],
            "remove": real["removed"],
        }
        assert f"add {archive.folder / 'c.md'}\n" in dry.err
        assert f"change {archive.folder / 'a.md'}\n" in dry.err
        assert f"remove {archive.folder / 'b.md'}\n" in dry.err

    def test_it_waits_for_no_other_writer(self, tmp_path: Path) -> None:
        archive, index = TestWaiting.locked(tmp_path)
        with holder(index):
            outcome = run("index", archive.folder, "--index", index, "--dry-run")
        assert (outcome.code, outcome.err.startswith("Would be: 1 added, ")) == (0, True)

    def test_with_strict_it_checks_an_archive(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.write("bad.md", UNREADABLE)
        assert run("index", archive.folder, "--index", index, "--dry-run", "--strict").code == 1

    def test_a_loss_is_refused_as_the_run_would(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        run("index", archive.folder, "--index", index)
        archive.remove("a.md")
        assert run("index", archive.folder, "--index", index, "--dry-run").code == 2
        assert run("index", archive.folder, "--index", index, "--dry-run", "--yes").code == 0


class TestExclude:
    """Patterns on the command line."""

    def test_what_is_newly_excluded_is_removed_and_the_report_says_why(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        archive.deliver("Draft", path="drafts/b.md")
        archive.deliver("Note", path="notes/c.md")
        run("index", archive.folder, "--index", index)
        outcome = run("index", archive.folder, "--index", index, "--exclude", "drafts", "--exclude", "/notes")
        assert outcome.err.startswith("0 added, 0 changed, 2 removed (2 by exclude); 1 item, ")

    def test_it_is_used_instead_of_what_is_configured(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        archive, index = make(tmp_path)
        archive.deliver("Draft", path="drafts/b.md")
        monkeypatch.setenv("NEWSEARCH_EXCLUDE", "drafts")
        assert run("index", archive.folder, "--index", index).err.startswith("1 added")
        assert run("index", archive.folder, "--index", index, "--exclude", "none").err.startswith("1 added")

    def test_an_empty_pattern_is_wrong_usage(self, tmp_path: Path) -> None:
        archive, index = make(tmp_path)
        outcome = run("index", archive.folder, "--index", index, "--exclude", "")
        assert (outcome.code, "--exclude is empty" in outcome.err) == (2, True)


class TestWaiting:
    """Another process holds the index's lock."""

    @staticmethod
    def locked(tmp_path: Path) -> tuple[Archive, Path]:
        archive, index = make(tmp_path)
        run("index", archive.folder, "--index", index)
        archive.deliver("Another story", path="b.md")
        return archive, index

    def test_without_it_the_holder_is_told_and_how_to_wait(self, tmp_path: Path) -> None:
        archive, index = self.locked(tmp_path)
        with holder(index) as other:
            outcome = run("index", archive.folder, "--index", index)
            assert outcome.code == 4
            assert f"(process {other.pid} on this computer, since " in outcome.err
            assert outcome.err.endswith(f"with: newsearch index {archive.folder} --wait --index {index}\n")

    def test_when_the_time_is_over_it_is_refused(self, tmp_path: Path) -> None:
        archive, index = self.locked(tmp_path)
        with holder(index):
            assert run("index", archive.folder, "--index", index, "--wait", "0.2").code == 4

    def test_it_says_what_it_waits_for_and_goes_on_when_the_holder_is_gone(self, tmp_path: Path) -> None:
        archive, index = self.locked(tmp_path)
        with holder(index) as other:
            process = newsearch_process("index", "--wait", archive.folder, "--index", index)
            with process:
                assert process.stderr is not None
                told = process.stderr.readline()
                assert f"(process {other.pid} on this computer" in told
                assert told.endswith("; waiting for it to finish ...\n")
                other.kill()
                assert process.stderr.readline().startswith("1 added, ")
        assert process.returncode == 0

    @pytest.mark.parametrize("seconds", ["-1", "soon", "nan"])
    def test_what_is_no_time_is_refused(self, tmp_path: Path, seconds: str) -> None:
        archive, index = make(tmp_path)
        assert run("index", archive.folder, "--index", index, f"--wait={seconds}").code == 2


class TestPlacesThatWillNotDo:
    def test_a_folder_with_other_files_is_no_place_for_an_index(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "archive")
        archive.deliver()
        (tmp_path / "letters").mkdir()
        (tmp_path / "letters" / "a.txt").write_text("x")
        outcome = run("index", archive.folder, "--index", tmp_path / "letters")
        assert outcome.code == 2
        assert "holds other files (a.txt) and no index; name an empty one" in outcome.err
        assert [file.name for file in (tmp_path / "letters").iterdir()] == ["a.txt"]

    def test_a_file_is_no_place_for_an_index(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "archive")
        archive.deliver()
        (tmp_path / "index").write_text("x")
        outcome = run("index", archive.folder, "--index", tmp_path / "index")
        assert outcome.code == 2
        assert "there is a file of that name; name another." in outcome.err

    def test_a_folder_within_another_one_is_refused(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "archive")
        archive.deliver(path="inner/a.md")
        inner = archive.folder / "inner"
        for folders in ([archive.folder, inner], [inner, archive.folder]):
            outcome = run("index", *folders, "--index", tmp_path / "index")
            assert outcome.code == 2
            assert f"The archive folder '{inner}' lies in '{archive.folder}'; index one of them." in outcome.err

    def test_a_name_that_no_folder_can_have_is_wrong_usage(self, tmp_path: Path) -> None:
        outcome = run("index", tmp_path / ("x" * 300), "--index", tmp_path / "index")
        assert outcome.code == 2
        assert "; name the folder of your items: newsearch index PATH" in outcome.err
        with (
            newsearch.NewsIndex.create(tmp_path / "index") as index,
            pytest.raises(ArchiveError, match=r"^The archive folder .*xxx' "),
        ):
            index.sync(tmp_path / ("x" * 300))

    def test_of_many_folders_that_would_be_forgotten_some_are_named(self, tmp_path: Path) -> None:
        folders = []
        for number in range(9):
            archive = Archive(tmp_path / f"archive-{number}")
            archive.deliver(f"Kelp {number}")
            folders.append(archive.folder)
        assert run("index", *folders, "--index", tmp_path / "index").code == 0
        outcome = run("index", folders[0], "--index", tmp_path / "index", "--rebuild")
        assert outcome.code == 2
        assert " more" in outcome.err

    def test_a_dry_run_on_an_index_that_is_damaged_says_so_unless_it_is_for_a_rebuild(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "archive")
        archive.deliver()
        index = indexed(archive.folder, tmp_path / "index")
        for file in index.glob("*.nws"):
            file.write_bytes(b"\0" * 100)
        assert run("index", archive.folder, "--index", index, "--dry-run").code == 3
        outcome = run("index", archive.folder, "--index", index, "--dry-run", "--rebuild", "--yes")
        assert (outcome.code, "1 added" in outcome.err) == (0, True)
