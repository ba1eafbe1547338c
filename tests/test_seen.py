"""What arrived since the last look: nothing is missed and nothing is shown twice."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import ConfigError
from newsearch.model import SeenMark
from newsearch.seen import FILE_NAME, SeenMarks
from tests.archive import NOW, build, cited, delivery, find, update
from tests.full import no_room
from tests.strategies import archives

LATER = NOW + timedelta(seconds=1)


def article(name: str, title: str = "kelp", **fields: Any) -> dict[str, Any]:
    return {"path": f"{name}.md", "title": title, "url": f"https://paper.example/{name}", **fields}


def look(engine: WhooshEngine, mark: SeenMark, text: str = "kelp") -> tuple[set[str], SeenMark]:
    """The paths or titles of what is new, and the mark after it."""
    result = find(engine, text, arrived=mark)
    assert result.total == len(result.hits)
    assert result.seen is not None
    return {hit.path or hit.title for hit in result}, result.seen


def test_at_first_everything_is_new_and_then_nothing(tmp_path: Path) -> None:
    engine = build(tmp_path, [article("a"), article("b", related=[cited("kelp c", "https://c.example/1")])])
    found, mark = look(engine, SeenMark())
    assert found == {"a.md", "b.md", "kelp c"}
    assert look(engine, mark) == (set(), mark)


def test_what_counts_is_arrival_and_not_publication(tmp_path: Path) -> None:
    engine = build(tmp_path, [article("a", date="2020-09-01")])
    _, mark = look(engine, SeenMark())
    update(engine, [article("old", date="1999-01-01")], at=LATER)
    assert look(engine, mark)[0] == {"old.md"}


def test_two_commits_within_a_second_are_told_apart(tmp_path: Path) -> None:
    engine = build(tmp_path, [article("a")])
    _, mark = look(engine, SeenMark())
    update(engine, [article("b")])
    found, mark = look(engine, mark)
    assert found == {"b.md"}
    update(engine, [article("c")])
    assert look(engine, mark)[0] == {"c.md"}


def test_a_clock_that_was_set_back_hides_nothing(tmp_path: Path) -> None:
    engine = build(tmp_path, [article("a")], at=LATER)
    _, mark = look(engine, SeenMark())
    update(engine, [article("b")], at=NOW)
    found, mark = look(engine, mark)
    assert found == {"b.md"}
    update(engine, removed=["b.md"], at=NOW)
    update(engine, [article("c")], at=NOW)
    found, mark = look(engine, mark)
    assert found == {"c.md"}
    engine.rebuild([delivery(article(name)) for name in "acd"], language="english", at=NOW)
    assert look(engine, mark)[0] == {"d.md"}


def test_a_mark_is_a_second_however_much_was_seen(tmp_path: Path) -> None:
    engine = build(tmp_path, [article(str(number)) for number in range(50)])
    assert look(engine, SeenMark())[1] == SeenMark(NOW)


def test_a_look_that_finds_nothing_does_not_forget_what_was_seen_in_that_second(tmp_path: Path) -> None:
    engine = build(tmp_path, [article("a")])
    _, mark = look(engine, SeenMark())
    _, mark = look(engine, mark)
    _, mark = look(engine, mark)
    assert look(engine, mark)[0] == set()


def test_an_article_that_only_changed_is_not_new(tmp_path: Path) -> None:
    engine = build(tmp_path, [article("a"), article("b", "norb")])
    _, mark = look(engine, SeenMark())
    update(engine, [article("c")], at=LATER)
    _, mark = look(engine, mark)
    update(engine, [article("a", "kelp again"), article("b", "kelp too")], at=LATER + timedelta(hours=1))
    assert look(engine, mark)[0] == set()


def test_a_rebuild_brings_nothing_new(tmp_path: Path) -> None:
    engine = build(tmp_path, [article("a")])
    _, mark = look(engine, SeenMark())
    engine.rebuild([delivery(article("a")), delivery(article("b"))], language="english", at=LATER)
    assert look(engine, mark)[0] == {"b.md"}


def test_an_empty_index_leaves_everything_to_come_new(tmp_path: Path) -> None:
    engine = build(tmp_path)
    _, mark = look(engine, SeenMark())
    update(engine, [article("a")])
    assert look(engine, mark)[0] == {"a.md"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(archives(), st.integers(0, 1), st.booleans()), min_size=1, max_size=5))
def test_every_article_is_shown_once_for_each_time_it_comes(commits: list[Any]) -> None:
    """Commits in the same second or the next one, with looks between some of them."""
    seconds, mark = 0, SeenMark()
    shown: Counter[str] = Counter()
    came: Counter[str] = Counter()
    before: set[str] = set()
    with TemporaryDirectory() as folder:
        engine = build(folder)
        for files, later, looks in [*commits, ([], 0, True)]:
            seconds += later
            update(engine, files, at=NOW + timedelta(seconds=seconds))
            now = {hit.id for hit in find(engine)}
            came.update(now - before)
            before = now
            if looks:
                result = find(engine, arrived=mark)
                shown.update(hit.id for hit in result)
                assert result.seen is not None
                mark = result.seen
    assert before <= set(shown)
    assert shown <= came


# The file of marks


def test_a_mark_is_kept_for_each_query_of_each_index(tmp_path: Path) -> None:
    mark = SeenMark(datetime(2020, 9, 13, 12, tzinfo=UTC))
    marks, other = SeenMarks(tmp_path, index=tmp_path / "index"), SeenMarks(tmp_path, index=tmp_path / "other")
    assert marks.of("faces") is None
    marks.keep("faces", mark)
    assert (marks.of("faces"), other.of("faces"), marks.of("tram")) == (mark, None, None)
    marks.forget("faces")
    assert marks.of("faces") is None


def test_marks_move_with_the_project(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    SeenMarks(tmp_path / "here", index=tmp_path / "here" / "index").keep("faces", SeenMark())
    (tmp_path / "here").rename(tmp_path / "there")
    assert SeenMarks(tmp_path / "there", index=tmp_path / "there" / "index").of("faces") == SeenMark()


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"version": 2}',
        '{"version": 1, "seen": {"index": 3}}',
        '{"version": 1, "seen": {"index": {"faces": {"moment": "x"}}}}',
        '{"version": 1, "seen": {"index": {"faces": {"moment": "2020-01-01"}}}}',
        '{"version": 1, "seen": {"index": {"faces": 3}}}',
    ],
)
def test_a_file_that_is_wrong_is_named_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    with pytest.raises(ConfigError, match="delete it to start over"):
        SeenMarks(tmp_path, index=tmp_path / "index").of("faces")


def test_the_file_can_be_read(tmp_path: Path) -> None:
    SeenMarks(tmp_path, index=tmp_path / "index").keep("faces", SeenMark(NOW))
    assert json.loads((tmp_path / FILE_NAME).read_text()) == {
        "version": 1,
        "seen": {"index": {"faces": {"moment": "2020-10-01T00:00:00+00:00"}}},
    }


def test_marks_in_an_index_on_a_cluster_are_under_its_address(tmp_path: Path) -> None:
    mark = SeenMark(NOW)
    SeenMarks(tmp_path, index="http://127.0.0.1:9200/news").keep("faces", mark)
    assert SeenMarks(tmp_path, index="http://127.0.0.1:9200/news").of("faces") == mark
    assert SeenMarks(tmp_path, index="http://127.0.0.1:9200/other").of("faces") is None


def test_to_forget_what_was_never_seen_makes_no_file(tmp_path: Path) -> None:
    SeenMarks(tmp_path, index=tmp_path / "index").forget("faces")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(ConfigError, match="this file cannot be read"):
        SeenMarks(tmp_path, index=tmp_path / "index").of("faces")


def test_a_disk_that_is_full_leaves_the_marks_as_they_were(tmp_path: Path) -> None:
    marks = SeenMarks(tmp_path, index=tmp_path / "index")
    marks.keep("faces", SeenMark(NOW))
    with no_room(), pytest.raises(ConfigError, match="this file cannot be written"):
        marks.keep("faces", SeenMark(LATER))
    assert marks.of("faces") == SeenMark(NOW)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
