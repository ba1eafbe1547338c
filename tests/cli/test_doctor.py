"""`newsearch doctor`: the index's damage and the archive's faults, named, and what it ends with."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jsonschema import Draft202012Validator

from newsearch import wire
from tests.archive import Archive
from tests.cli.command import indexed, run

ADDRESS = "https://paper.example/1"


def make(tmp_path: Path) -> tuple[Archive, Path]:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Harbour ban", path="a.md", url=ADDRESS, quality=50, date="2020-09-13")
    return archive, tmp_path / "index"


def test_a_sound_index_of_a_faultless_archive(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    outcome = run("doctor", "--index", indexed(archive.folder, index))
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("The index is sound: 2 files, ")


def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    indexed(archive.folder, index)
    (segment,) = index.glob("*.nws")
    raw = bytearray(segment.read_bytes())
    raw[-1] ^= 1
    segment.unlink()
    segment.write_bytes(raw)
    outcome = run("doctor", "--index", index)
    assert outcome.code == 1
    assert f"damage: The index file {segment} is damaged" in outcome.out
    assert f"newsearch index --rebuild --index {index}\n" in outcome.out
    assert "The index is damaged" in outcome.out


def test_a_segment_that_is_gone_and_a_table_of_contents_cut_short(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    indexed(archive.folder, index)
    next(index.glob("*.nws")).unlink()
    assert "no such file" in run("doctor", "--index", index).out
    toc = next(index.glob("*.toc"))
    toc.write_bytes(toc.read_bytes()[:-3])
    outcome = run("doctor", "--index", index)
    assert (outcome.code, "The table of contents cannot be read" in outcome.out) == (1, True)


def test_a_file_that_a_killed_writer_left_is_a_remark(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    indexed(archive.folder, index)
    (index / "MAIN_abcdefgh01234567.nws").write_bytes(b"half")
    outcome = run("doctor", "--index", index)
    assert outcome.code == 0
    assert "remark: These files are no commit's" in outcome.out
    assert "\n  MAIN_abcdefgh01234567.nws\n" in outcome.out
    run("index", archive.folder, "--index", index)
    assert "remark" not in run("doctor", "--index", index).out


def test_faults_of_the_archive_are_grouped_with_their_paths_and_fail(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    archive.write("bad.md", "---\ntitle: [unclosed\n---\n")
    archive.deliver("The same", path="b.md", url=ADDRESS, quality=1, date="2019-01-01")
    outcome = run("doctor", "--index", indexed(archive.folder, index))
    assert outcome.code == 1
    assert "fault: These files cannot be read as items; they are left out.\n  bad.md:3: " in outcome.out
    assert "\n  b.md has the address of a.md\n" in outcome.out


def test_remarks_alone_are_no_failure(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    archive.deliver("No date", path="b.md", topics=["Facial recognition", "surveillance", "AI"])
    archive.deliver("No date either", path="c.md", topics=["facial-recognition", "surveilance", "UI"])
    outcome = run("doctor", "--index", indexed(archive.folder, index))
    assert outcome.code == 0
    assert "remark (2): These items have no date" in outcome.out
    assert "\n  facial recognition (1) / facial-recognition (1)\n  surveilance (1) / surveillance (1)\n" in outcome.out
    assert "ai (1)" not in outcome.out


def test_a_date_in_the_future_is_a_remark_but_not_tomorrows(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    now = datetime.now(UTC)
    archive.deliver("Far ahead", path="b.md", quality=1, date=(now + timedelta(days=3)).isoformat())
    archive.deliver("Ahead", path="c.md", quality=1, date=(now + timedelta(hours=20)).isoformat())
    outcome = run("doctor", "--index", indexed(archive.folder, index))
    assert outcome.code == 0
    said = "remark: These items are dated in the future, so they rank as the newest and stay so.\n  b.md\nThe index is"
    assert said in outcome.out


def test_findings_are_counted_with_their_paths(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    archive.write("bad.md", "---\ntitle: [unclosed\n---\n")
    archive.deliver("The same", path="b.md", url=ADDRESS, quality=1, date="2019-01-01")
    archive.deliver("No date", path="c.md", topics=["robot"])
    archive.deliver("No date either", path="d.md", topics=["robots"])
    outcome = run("doctor", "--index", indexed(archive.folder, index), "--json")
    findings = {one["check"]: one for one in json.loads(outcome.out)["diagnosis"]["findings"]}
    assert outcome.code == 1
    assert {check: (one["count"], one["paths"]) for check, one in findings.items()} == {
        "unreadable": (1, ["bad.md"]),
        "duplicate": (1, ["b.md"]),
        "no-date": (2, ["c.md", "d.md"]),
        "no-quality": (2, ["c.md", "d.md"]),
        "topics": (1, []),
    }


def test_damage_is_said_in_every_format(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    indexed(archive.folder, index)
    next(index.glob("*.nws")).unlink()
    for name in ("json", "jsonl", "csv", "md"):
        outcome = run("doctor", "--index", index, "--format", name)
        assert outcome.code == 1
        assert "damage" in outcome.out.lower()
    paths = run("doctor", "--index", index, "--format", "paths")
    assert (paths.code, paths.out) == (1, "")
    assert "The index is damaged" in paths.err


def test_ten_places_are_shown_and_with_v_all(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    for number in range(14):
        archive.deliver("Dateless", path=f"d{number}.md", quality=1)
    indexed(archive.folder, index)
    assert "  and 4 more; -v shows them all\n" in run("doctor", "--index", index).out
    assert run("doctor", "--index", index, "-v").out.count("\n  d") == 14


def test_json_fits_the_schema(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    archive.write("bad.md", "no item")
    document = json.loads(run("doctor", "--index", indexed(archive.folder, index), "--json").out)
    Draft202012Validator(wire.schema()).validate(document)
    (finding,) = document["diagnosis"]["findings"]
    assert (finding["severity"], finding["check"]) == ("fault", "unreadable")


def test_without_an_index_there_is_nothing_to_check(tmp_path: Path) -> None:
    assert run("doctor", "--index", tmp_path / "nothing").code == 3


def test_a_segment_of_another_index_is_told_from_the_own_one(tmp_path: Path) -> None:
    archive, index = make(tmp_path)
    indexed(archive.folder, index)
    archive.deliver("Kelp", path="b.md")
    (others,) = indexed(archive.folder, tmp_path / "other").glob("*.nws")
    (segment,) = index.glob("*.nws")
    segment.unlink()
    segment.write_bytes(others.read_bytes())
    outcome = run("doctor", "--index", index)
    assert outcome.code == 1
    assert f"The index file {segment} is another one's: it has " in outcome.out
