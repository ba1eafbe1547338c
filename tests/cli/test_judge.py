"""`newsearch judge`: queries of one's own judged key by key."""

import io
from pathlib import Path

import pytest

from newsearch.evaluation import JudgedSet
from tests.archive import Archive
from tests.cli.command import Outcome, indexed, run


@pytest.fixture
def index(tmp_path: Path) -> Path:
    archive = Archive(tmp_path / "archive")
    for number in range(4):
        archive.deliver(f"Tram {number}", excerpt="It rings.", quality=10 * number, date=f"2020-09-0{number + 1}")
    archive.deliver("Harbour")
    return indexed(archive.folder, tmp_path / "index")


def judge(index: Path, keys: str, *options: str | Path) -> Outcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(keys))
        return run("judge", index.parent / "judged", *options, "--index", index)


def judged(index: Path) -> dict[str, int]:
    """The grades of the first query."""
    return dict(JudgedSet(index.parent / "judged").qrels().get("q1", {}))


def test_a_query_is_added_and_its_hits_are_judged(index: Path) -> None:
    outcome = judge(index, "ynny", "tram")
    assert (outcome.code, outcome.out) == (0, "")
    assert [topic.text for topic in JudgedSet(index.parent / "judged").all_topics()] == ["tram"]
    assert sorted(judged(index).values()) == [0, 0, 1, 1]
    assert "4 articles judged, 0 left." in outcome.err


def test_articles_are_shown_without_score_and_quality(index: Path) -> None:
    outcome = judge(index, "q", "tram")
    assert "It rings." in outcome.err
    assert "quality" not in outcome.err.lower()
    assert "0." not in outcome.err


def test_what_was_judged_before_quitting_is_kept_and_not_asked_again(index: Path) -> None:
    judge(index, "yq", "tram")
    assert len(judged(index)) == 1
    outcome = judge(index, "nnn")
    assert len(judged(index)) == 4
    assert "3 articles judged, 0 left." in outcome.err


def test_a_skipped_article_is_asked_again_next_time(index: Path) -> None:
    assert "0 articles judged, 4 left." in judge(index, "ssss", "tram").err
    assert "4 articles judged" in judge(index, "yyyy").err


def test_back_asks_once_more_and_the_last_key_counts(index: Path) -> None:
    judge(index, "ybnyyy", "tram")
    assert sorted(judged(index).values()) == [0, 1, 1, 1]


def test_back_leads_to_the_query_before_too(index: Path) -> None:
    file = index.parent / "queries.txt"
    file.write_text("harbour\ntram\n")
    outcome = judge(index, "ybnyyyy", "--queries", file)
    qrels = JudgedSet(index.parent / "judged").qrels()
    assert [list(qrels[query].values()) for query in ("q1", "q2")] == [[0], [1, 1, 1, 1]]
    assert outcome.err.count("Query 1 of 2: harbour") == 2


def test_the_end_of_the_input_quits(index: Path) -> None:
    assert judge(index, "y", "tram").code == 0
    assert len(judged(index)) == 1


def test_keys_that_mean_nothing_are_passed_over(index: Path) -> None:
    judge(index, "x\n 7Y\n", "tram")
    assert list(judged(index).values()) == [1]


def test_queries_come_from_a_file_too(index: Path) -> None:
    file = index.parent / "queries.txt"
    file.write_text("tram\n\nharbour\ntram\n")
    outcome = judge(index, "yyyyy", "--queries", file)
    assert [topic.text for topic in JudgedSet(index.parent / "judged").all_topics()] == ["tram", "harbour"]
    assert "Query 2 of 2: harbour" in outcome.err


def test_each_ranking_gives_so_many_hits(index: Path) -> None:
    # By quality the best tram is another one than by date.
    outcome = judge(
        index, "yyyy", "tram", "--depth", "1",
        "--set", "ranking.quality_weight=1", "--set", "ranking.recency_weight=0",
        "--against", "ranking.quality_weight=0 ranking.recency_weight=0 ranking.weights.title=1",
    )  # fmt: skip
    assert 1 <= len(judged(index)) <= 2
    assert outcome.code == 0


def test_nothing_is_written_into_a_set_with_a_corpus(index: Path) -> None:
    folder = index.parent / "judged"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"_id": "1", "text": "x"}\n')
    outcome = judge(index, "y", "tram")
    assert outcome.code == 2
    assert "has a corpus of its own" in outcome.err


def test_a_folder_without_queries_is_told(index: Path) -> None:
    outcome = judge(index, "y")
    assert outcome.code == 2
    assert "is no folder" in outcome.err


def test_a_depth_out_of_range_is_refused(index: Path) -> None:
    assert judge(index, "", "tram", "--depth", "0").code == 2
