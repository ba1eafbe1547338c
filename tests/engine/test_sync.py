"""Files that come and go: whose an article is, when it came, and that a commit is whole or not at all."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsearch.engine.base import Delivery
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import ArticleNotFound, IndexLocked
from newsearch.items.ids import article_id, article_key
from tests.archive import NOW, ROOT, Spec, build, cited, delivery, find, update

R = "https://p.example/r"
LATER = NOW + timedelta(days=3)

# Two files of one address; the second has it.
OLD: Spec = {
    "path": "old.md",
    "url": R,
    "title": "old",
    "updated": "2020-01-01",
    "related": [cited("one", "https://p/1")],
}
NEW: Spec = {
    "path": "new.md",
    "url": R,
    "title": "new",
    "updated": "2020-02-01",
    "related": [cited("two", "https://p/2")],
}


def titles(engine: WhooshEngine, text: str = "") -> set[str]:
    return {hit.title for hit in find(engine, text)}


def citing(path: str, title: str, **fields: object) -> Spec:
    """A file that cites R under a title."""
    return {"path": path, "title": f"item {path}", "related": [cited(title, R)], **fields}


class TestRelatedArticles:
    def test_one_cited_by_several_items_is_one_article(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [citing("a.md", "kelp"), citing("b.md", "kelp")])
        (hit,) = find(engine, kind="related")
        assert [ref.title for ref in hit.cited_by] == sorted(["item a.md", "item b.md"], key=_id_of)

    def test_it_goes_with_its_last_citation(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [citing("a.md", "kelp"), citing("b.md", "kelp")])
        update(engine, removed=["a.md"])
        assert find(engine, kind="related").total == 1
        update(engine, [{"path": "b.md", "title": "item b.md"}])
        assert find(engine, kind="related").total == 0
        with pytest.raises(ArticleNotFound):
            engine.get(R)

    def test_it_is_as_its_earliest_citing_item_says(self, tmp_path: Path) -> None:
        later = citing("a.md", "later", date="2020-02-02")
        earlier = citing("b.md", "earlier", date="2020-01-01")
        engine = build(tmp_path, [later])
        assert titles(engine, "is:related") == {"later"}
        update(engine, [earlier])
        assert titles(engine, "is:related") == {"earlier"}
        update(engine, removed=["b.md"])
        assert titles(engine, "is:related") == {"later"}

    def test_a_file_that_is_cited_too_is_one_article_and_the_files(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [citing("a.md", "as cited"), {"path": "r.md", "url": R, "title": "as filed"}])
        article = engine.get(R)
        assert (article.kind, article.title, [ref.title for ref in article.cited_by]) == (
            "item",
            "as filed",
            ["item a.md"],
        )
        assert find(engine).total == 2

    def test_a_cited_article_becomes_a_file_and_back(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [citing("a.md", "as cited")])
        update(engine, [{"path": "r.md", "url": R, "title": "as filed"}])
        assert engine.get(R).title == "as filed"
        update(engine, removed=["r.md"])
        assert (engine.get(R).title, engine.get(R).kind) == ("as cited", "related")


def _id_of(title: str) -> str:
    return article_id(article_key("path:" + title.removeprefix("item ")))


class TestDuplicates:
    def test_the_newest_update_has_the_address(self, tmp_path: Path) -> None:
        for specs in ([OLD, NEW], [NEW, OLD]):
            engine = build(tmp_path / str(specs[0]["path"]), specs)
            assert titles(engine) == {"new", "two"}
            assert engine.outcome().duplicates == 1

    def test_the_loser_becomes_the_owner_when_the_winner_goes(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [OLD, NEW])
        update(engine, removed=["new.md"])
        assert titles(engine) == {"old", "one"}
        assert engine.outcome().duplicates == 0

    def test_the_owner_loses_to_a_newer_file(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [OLD])
        update(engine, [NEW])
        assert titles(engine) == {"new", "two"}

    def test_an_edit_can_make_the_loser_the_owner(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [OLD, NEW])
        update(engine, [{**OLD, "updated": "2020-03-01"}])
        assert titles(engine) == {"old", "one"}

    def test_at_the_same_update_the_smaller_path_wins(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{**OLD, "updated": "2020-02-01"}, NEW])
        assert titles(engine) == {"new", "two"}

    def test_fractions_of_a_second_decide_alike_in_one_sync_and_in_two(self, tmp_path: Path) -> None:
        first = {**OLD, "path": "a.md", "updated": "2020-02-01T00:00:00.250Z"}
        second = {**NEW, "path": "b.md", "updated": "2020-02-01T00:00:00.750Z"}
        at_once = build(tmp_path / "once", [first, second])
        in_two = build(tmp_path / "two", [first])
        update(in_two, [second])
        and_back = build(tmp_path / "back", [second])
        update(and_back, [first])
        assert titles(at_once) == titles(in_two) == titles(and_back)


class TestFirstArrival:
    def test_it_survives_edits(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])
        update(engine, [{"path": "a.md", "title": "norb"}], at=LATER)
        assert engine.get("a.md").title == "norb"
        assert engine.get("a.md").first_indexed == NOW

    def test_it_survives_a_rebuild(self, tmp_path: Path) -> None:
        specs = [citing("a.md", "kelp")]
        engine = build(tmp_path, specs)
        engine.rebuild(map(delivery, [*specs, {"path": "b.md", "title": "new"}]), language="english", at=LATER)
        assert engine.get("a.md").first_indexed == NOW
        assert engine.get(R).first_indexed == NOW
        assert engine.get("b.md").first_indexed == LATER

    def test_it_survives_becoming_a_file(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [citing("a.md", "kelp")])
        update(engine, [{"path": "r.md", "url": R, "title": "filed"}], at=LATER)
        assert engine.get(R).first_indexed == NOW

    def test_a_loser_that_becomes_the_owner_keeps_it(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [OLD, NEW])
        update(engine, removed=["new.md"], at=LATER)
        assert engine.get(R).first_indexed == NOW


class TestFaults:
    def test_a_file_that_cannot_be_read_any_more_is_no_article(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [citing("a.md", "kelp")])
        update(engine, [{"path": "a.md", "title": None}])
        assert find(engine).total == 0
        assert list(engine.faults()) == [(ROOT, "a.md")]

    def test_and_is_one_again_when_it_is_mended(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": None}])
        update(engine, [citing("a.md", "kelp")])
        assert find(engine).total == 2
        assert not engine.faults()


class TestCommits:
    def test_an_error_on_the_way_leaves_the_commit_before_and_the_lock_free(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])

        def failing() -> Iterator[Delivery]:
            yield delivery({"path": "a.md", "title": "norb"})
            raise RuntimeError("no paper left")

        with pytest.raises(RuntimeError, match="no paper left"):
            engine.sync(failing(), [])
        assert titles(engine) == {"kelp"}
        assert not engine.refresh()
        assert titles(WhooshEngine.open(tmp_path)) == {"kelp"}
        update(engine, [{"path": "a.md", "title": "norb"}])
        assert titles(engine) == {"norb"}

    def test_a_rebuild_that_fails_leaves_the_index_as_it_was(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])

        def failing() -> Iterator[Delivery]:
            yield delivery({"path": "a.md", "title": "norb"})
            raise RuntimeError("no paper left")

        with pytest.raises(RuntimeError, match="no paper left"):
            engine.rebuild(failing(), language="german")
        assert titles(WhooshEngine.open(tmp_path)) == {"kelp"}
        assert WhooshEngine.open(tmp_path).language == "english"

    def test_a_second_writer_is_refused_and_the_first_commits(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [])
        other = WhooshEngine.open(tmp_path)

        def deliveries() -> Iterator[Delivery]:
            with pytest.raises(IndexLocked):
                other.sync([delivery({"path": "b.md", "title": "norb"})], [])
            yield delivery({"path": "a.md", "title": "kelp"})

        engine.sync(deliveries(), [])
        assert titles(engine) == {"kelp"}

    def test_a_commit_that_another_made_just_before_the_lock_was_taken_counts(self, tmp_path: Path) -> None:
        build(tmp_path, [{"path": f"{name}.md", "title": name} for name in ("kelp", "norb", "tarn")]).close()
        other = WhooshEngine.open(tmp_path)

        def clock() -> datetime:
            # Asked for the time of the commit, between reading the index and locking it.
            update(other, [{"path": "norb.md", "title": "norb, edited"}], removed=["kelp.md"])
            return NOW

        engine = WhooshEngine.open(tmp_path, clock=clock)
        engine.sync([], [(ROOT, "norb.md")])
        assert titles(engine) == {"tarn"}

    def test_searches_see_a_commit_only_after_a_refresh(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])
        reader = WhooshEngine.open(tmp_path)
        update(engine, [{"path": "b.md", "title": "norb"}])
        assert titles(reader) == {"kelp"}
        assert reader.refresh()
        assert titles(reader) == {"kelp", "norb"}
        assert not reader.refresh()

    def test_a_sync_of_nothing_commits_nothing(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])
        update(engine, at=LATER)
        assert engine.stats().updated == NOW
        assert not WhooshEngine.open(tmp_path).refresh()

    def test_what_an_abandoned_commit_left_is_cleared_away_by_the_next(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])
        kinds = sorted(file.suffix for file in tmp_path.iterdir())
        for _ in range(3):
            with pytest.raises(AttributeError):
                engine.sync([None], [])  # type: ignore[list-item]
        engine.rebuild([delivery({"path": "a.md", "title": "norb"})], language="english")
        assert sorted(file.suffix for file in tmp_path.iterdir()) == kinds

    def test_a_touched_file_is_remembered_as_it_now_is(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [citing("a.md", "kelp")])
        source = delivery(citing("a.md", "kelp")).source
        touched = type(source)(source.root, source.path, source.size, 77, source.digest)
        engine.sync([Delivery(touched)], [])
        assert engine.sources()[ROOT]["a.md"].mtime_ns == 77
        assert titles(engine) == {"item a.md", "kelp"}

    def test_removing_a_file_that_is_not_known_changes_nothing(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])
        update(engine, removed=["nothing.md"])
        assert titles(engine) == {"kelp"}

    def test_a_file_delivered_twice_in_one_sync_is_one_file(self, tmp_path: Path) -> None:
        spec = {"path": "a.md", "title": "kelp"}
        engine = build(tmp_path, [spec, spec])
        assert engine.outcome().duplicates == 0
        update(engine, removed=["a.md"])
        assert find(engine).total == 0

    def test_files_of_one_path_in_two_folders_are_two(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "url": "https://p/1", "title": "kelp"}])
        other = delivery({"path": "a.md", "url": "https://p/2", "title": "norb"})
        source = other.source
        moved = type(source)("elsewhere", source.path, source.size, source.mtime_ns, source.digest)
        engine.sync([Delivery(moved, other.item)], [])
        assert titles(engine) == {"kelp", "norb"}
        update(engine, removed=["a.md"])
        assert titles(engine) == {"norb"}
