"""Opening, looking up and closing an index, and searching it from many threads while it changes."""

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from newsearch.engine.rules.sought import _kept_slots
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import (
    AmbiguousId,
    ArticleNotFound,
    ConfigError,
    IndexDamaged,
    IndexMissing,
    IndexVersionError,
    NewsearchError,
    QueryError,
)
from newsearch.items.ids import article_id, article_key
from newsearch.library import NewsIndex
from tests.archive import NOW, ROOT, Archive, Spec, build, cited, delivery, find, update

FILES: list[Spec] = [
    {
        "path": "2020/a.md",
        "url": "https://www.p.example/a?utm_source=x",
        "title": "kelp",
        "date": "2020-09-01",
        "quality": 40,
        "provider": {"name": "P", "domain": "p.example"},
        "topics": ["law"],
        "related": [cited("norb", "https://q.example/1", date="2020-08-01", provider={"domain": "q.example"})],
    },
    {"path": "b.md", "title": "tarn"},
]


def test_what_is_kept_of_long_phrases_is_bounded_by_their_length(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    known = _kept_slots.cache_info().currsize
    words = engine._searcher.live.words
    words._limit = 700_000  # for a few phrases as long as a query may be
    for number in range(12):
        find(engine, f'"{number} {"a b " * 490}"')
    assert len(words) < 10
    assert _kept_slots.cache_info().currsize == known


def test_what_is_kept_of_where_many_words_are_is_bounded_by_how_many_they_are(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    places = engine._searcher.live.places
    places._limit = 390_000
    for number in range(12):
        find(engine, f'"{" ".join(f"w{number + word}" for word in range(390))}"')
    assert 0 < len(places) < 10


def test_an_index_that_another_version_built_anew_meanwhile_is_not_read(tmp_path: Path) -> None:
    build(tmp_path, FILES).close()
    engine, other = WhooshEngine.open(tmp_path), WhooshEngine.open(tmp_path)
    with (
        patch("newsearch.engine.whoosh.documents.SCHEMA_VERSION", 99),
        patch("newsearch.engine.whoosh.schema.SCHEMA_VERSION", 99),
    ):
        other.rebuild(map(delivery, FILES), language="english")
    with pytest.raises(IndexVersionError, match="version 99"):
        engine.refresh()
    assert find(engine, "kelp").total == 1


def test_figures_are_given_while_a_commit_takes_files_away(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    (tmp_path / "gone").symlink_to(tmp_path / "nothing")  # listed, and not there
    assert engine.stats().bytes > 0


# Whoosh leaves a file that it cannot read open until it is collected.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
class TestOpening:
    def test_a_folder_without_an_index_is_told_how_to_make_one(self, tmp_path: Path) -> None:
        with pytest.raises(IndexMissing, match="newsearch index"):
            WhooshEngine.open(tmp_path / "nothing")
        assert not WhooshEngine.exists(tmp_path)

    @pytest.mark.parametrize("suffix", [".toc", ".nws"])
    @pytest.mark.parametrize("damage", ["empty", "garbage", "half"])
    def test_a_damaged_file_is_named_as_damage_or_does_no_harm(self, tmp_path: Path, suffix: str, damage: str) -> None:
        build(tmp_path, FILES).close()
        for file in tmp_path.glob(f"*{suffix}"):
            raw = file.read_bytes()
            file.write_bytes({"empty": b"", "garbage": b"\x93garbage" * 99, "half": raw[: len(raw) // 2]}[damage])
        with pytest.raises((IndexDamaged, IndexMissing), match="newsearch index"):
            find(WhooshEngine.open(tmp_path), "kelp")

    def test_a_segment_file_that_is_gone_is_told(self, tmp_path: Path) -> None:
        build(tmp_path, FILES).close()
        for file in tmp_path.glob("*.nws"):
            file.unlink()
        with pytest.raises(IndexDamaged, match="--rebuild"):
            WhooshEngine.open(tmp_path)

    def test_a_damaged_index_can_be_rebuilt(self, tmp_path: Path) -> None:
        build(tmp_path, FILES).close()
        for file in tmp_path.iterdir():
            file.write_bytes(b"")
        engine = WhooshEngine.open_for_rebuild(tmp_path, language="english", clock=lambda: NOW)
        engine.rebuild(map(delivery, FILES), language="english")
        assert find(engine, "kelp").total == 1

    def test_a_rebuild_can_change_the_language(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "Häuser"}])
        engine.rebuild([delivery({"path": "a.md", "title": "Häuser"})], language="german")
        assert engine.language == WhooshEngine.open(tmp_path).language == "german"
        assert find(engine, "Haus").total == 1

    def test_an_unknown_language_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="klingon"):
            WhooshEngine.create(tmp_path / "index", language="klingon")

    def test_an_empty_index_answers_with_nothing(self, tmp_path: Path) -> None:
        engine = WhooshEngine.create(tmp_path)
        assert find(engine, "kelp").total == 0
        assert find(engine, "").total == 0
        assert find(engine, "kelp", as_of="latest", explain=True).total == 0
        assert engine.stats().articles == 0


class TestLookingUp:
    @pytest.mark.parametrize(
        "reference",
        [
            article_id(article_key("p.example/a")),
            article_id(article_key("p.example/a"))[:5].upper(),
            "https://www.p.example/a",
            "p.example/a/",
            "2020/a.md",
            "  2020/a.md ",
        ],
    )
    def test_an_article_is_found_by_id_prefix_address_and_path(self, tmp_path: Path, reference: str) -> None:
        assert build(tmp_path, FILES).get(reference).title == "kelp"

    def test_one_without_an_address_is_found_by_path(self, tmp_path: Path) -> None:
        engine = build(tmp_path, FILES)
        assert engine.get("b.md") == engine.get("path:b.md")

    def test_what_is_not_there_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(ArticleNotFound, match=r"nothing\.md"):
            build(tmp_path, FILES).get("nothing.md")

    def test_an_ambiguous_prefix_names_some_that_fit(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": f"{number}.md", "title": "kelp"} for number in range(40)])
        prefixes = [hit.id[0] for hit in find(engine)]
        shared = next(prefix for prefix in prefixes if prefixes.count(prefix) > 1)
        with pytest.raises(AmbiguousId) as caught:
            engine.get(shared)
        assert list(caught.value.candidates) == sorted(hit.id for hit in find(engine) if hit.id[0] == shared)[:5]

    def test_articles_name_each_other(self, tmp_path: Path) -> None:
        engine = build(tmp_path, FILES)
        item, related = engine.get("2020/a.md"), engine.get("https://q.example/1")
        assert [ref.id for ref in item.related] == [related.id]
        assert [ref.id for ref in related.cited_by] == [item.id]
        assert (related.kind, related.path, related.url) == ("related", None, "https://q.example/1")


class TestSearching:
    @pytest.mark.parametrize(
        "options",
        [
            {"limit": -1},
            {"limit": 1001},
            {"offset": -1},
            {"match": "most"},
            {"sort": "name"},
            {"kind": "file"},
            {"min_quality": -1},
            {"since": "soon"},
            {"since": "2021", "until": "2020"},
            {"as_of": "soon"},
            {"provider": " "},
        ],
    )
    def test_an_option_that_makes_no_sense_is_refused(self, tmp_path: Path, options: dict[str, object]) -> None:
        with pytest.raises(QueryError):
            find(build(tmp_path, FILES), "kelp", **options)

    def test_as_of_latest_is_the_newest_date_of_the_archive(self, tmp_path: Path) -> None:
        result = find(build(tmp_path, FILES), as_of="latest")
        assert result.as_of is not None
        assert result.as_of.isoformat() == "2020-09-01T00:00:00+00:00"
        assert result.total == 3

    def test_as_of_a_day_hides_what_is_later_and_what_only_that_cites(self, tmp_path: Path) -> None:
        assert {hit.title for hit in find(build(tmp_path, FILES), as_of="2020-08-31")} == {"tarn"}

    def test_an_age_counts_back_from_the_moment_looked_at(self, tmp_path: Path) -> None:
        engine = build(tmp_path, FILES)
        assert find(engine, since="7d").total == 0
        assert find(engine, since="7d", as_of="2020-09-03").total == 1

    def test_an_age_that_begins_after_the_archive_ends_is_told(self, tmp_path: Path) -> None:
        warnings = find(build(tmp_path, FILES), since="7d").warnings
        assert any("2020-09-01" in warning and "--as-of latest" in warning for warning in warnings)

    def test_a_result_says_what_the_index_holds(self, tmp_path: Path) -> None:
        state = find(build(tmp_path, FILES), "kelp").index
        assert (state.items, state.articles, state.updated) == (2, 3, NOW)


def test_stats_count_what_there_is(tmp_path: Path) -> None:
    twin = {"path": "z.md", "url": "https://p.example/a", "title": "loser", "updated": "2019-01-01"}
    stats = build(tmp_path, [*FILES, twin, {"path": "bad.md", "title": None}]).stats()
    assert (stats.items, stats.articles, stats.duplicates, stats.skipped) == (2, 3, 1, 1)
    assert (stats.providers, stats.topics, stats.median_quality, stats.language) == (2, 1, 40, "english")
    assert stats.oldest is not None
    assert stats.newest is not None
    assert stats.newest - stats.oldest == timedelta(days=31)
    assert stats.updated == NOW
    assert stats.bytes > 0


def test_every_search_of_many_threads_is_of_one_commit_while_another_writes(tmp_path: Path) -> None:
    def revision(number: int) -> list[dict[str, object]]:
        return [
            {
                "path": f"{name}.md",
                "title": f"kelp revision{number}",
                "related": [cited(f"kelp revision{number}", f"https://p.example/{number}-{name}")],
            }
            for name in range(number + 2)
        ]

    engine = build(tmp_path, revision(0))
    done = threading.Event()

    def search() -> int:
        searches = 0
        while not done.is_set() or not searches:
            result = find(engine, "kelp", explain=True)
            assert len({hit.title for hit in result}) == 1
            number = int(result.hits[0].title.removeprefix("kelp revision"))
            assert result.total == len(result) == result.index.articles == 2 * (number + 2)
            for hit in result:
                assert {ref.title for ref in hit.cited_by} <= {hit.title}
            searches += 1
        return searches

    with ThreadPoolExecutor(8) as pool:
        searching = [pool.submit(search) for _ in range(8)]
        try:
            for number in range(1, 9):
                update(engine, revision(number))
        finally:
            done.set()
        assert all(future.result() for future in searching)
    assert find(engine, "revision8").total == 20


def test_readers_open_an_index_while_it_is_written(tmp_path: Path) -> None:
    engine = build(tmp_path, FILES)
    done = threading.Event()

    def open_and_search() -> int:
        opened = 0
        while not done.is_set() or not opened:
            reader = WhooshEngine.open(tmp_path)
            assert find(reader, "kelp").total == 1
            reader.close()
            opened += 1
        return opened

    with ThreadPoolExecutor(3) as pool:
        reading = [pool.submit(open_and_search) for _ in range(3)]
        try:
            for number in range(12):
                update(engine, [{"path": "b.md", "title": f"tarn {number}"}])
        finally:
            done.set()
        assert all(future.result() for future in reading)


def test_all_errors_are_of_one_family() -> None:
    assert all(issubclass(error, NewsearchError) for error in (IndexMissing, IndexDamaged, ArticleNotFound, QueryError))


def test_building_anew_mends_an_index_whatever_of_it_is_damaged(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Kelp")
    index = tmp_path / "index"
    with NewsIndex.create(index) as made:
        made.sync(archive.folder)
    (file,) = index.glob("*.nws")
    raw = bytearray(file.read_bytes())
    raw[-len(raw) // 3 :] = bytes(byte ^ 0xFF for byte in raw[-len(raw) // 3 :])
    file.write_bytes(raw)
    mended, report = NewsIndex.rebuild(index, [archive.folder])
    with mended:
        assert (report.added, mended.search("kelp").total) == (1, 1)


def test_an_index_made_anew_by_somebody_else_is_noticed_though_it_counts_from_the_start(tmp_path: Path) -> None:
    first = build(tmp_path / "index", [{"path": "1.md", "title": "kelp"}, {"path": "2.md", "title": "kelp"}])
    shutil.rmtree(tmp_path / "index")
    build(tmp_path / "index", [{"path": "3.md", "title": "tarn"}, {"path": "4.md", "title": "tarn"}])
    first.sync([], [(ROOT, "1.md")])
    assert [find(first, text).total for text in ("kelp", "tarn")] == [0, 2]


def test_times_of_files_stay_exact_where_one_lies_before_1970(tmp_path: Path) -> None:
    times = {"1.md": 1_600_000_000_123_456_789, "2.md": -5_000_000_000_000_000_001}
    engine = build(tmp_path, [])
    for path, time in times.items():
        one = delivery({"path": path, "title": "kelp"})
        engine.sync([replace(one, source=one.source._replace(mtime_ns=time))], [])
    assert {path: source.mtime_ns for path, source in engine.sources()[ROOT].items()} == times


def test_words_that_match_nothing_do_not_pile_up(tmp_path: Path) -> None:
    with patch("newsearch.engine.whoosh.view._KEPT_BYTES", 10_240):
        engine = build(tmp_path, [{"path": "1.md", "title": "kelp"}])
        for number in range(100):
            find(engine, f"nonsense{number}")
    assert len(engine._searcher.live.words) <= 10
