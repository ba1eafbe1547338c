"""The files of judged sets and runs: what is read from them, what is written, and how faults are told."""

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsearch.errors import JudgedSetError
from newsearch.evaluation import JudgedSet, Topic
from newsearch.evaluation.qrels import append, read_qrels
from newsearch.evaluation.runs import distinct, read_run, write_run
from newsearch.evaluation.topics import append_topics, read_topics
from tests.evaluation.judgedsets import judged_set


def written(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


class TestQrels:
    def test_beir_s_layout_has_a_head_and_tabs(self, tmp_path: Path) -> None:
        file = written(tmp_path, "qrels.tsv", "query-id\tcorpus-id\tscore\nq1\td 1\t2\nq1\td2\t0\n")
        assert read_qrels(file) == {"q1": {"d 1": 2, "d2": 0}}

    def test_beir_s_layout_may_lack_its_head(self, tmp_path: Path) -> None:
        assert read_qrels(written(tmp_path, "qrels.tsv", "1\t7\t1\n")) == {"1": {"7": 1}}

    def test_trec_s_layout_has_four_columns(self, tmp_path: Path) -> None:
        assert read_qrels(written(tmp_path, "qrels", "301 0 FT911-3 1\n301 0 FT911-4 -2\n")) == {
            "301": {"FT911-3": 1, "FT911-4": -2}
        }

    def test_the_last_judgement_of_a_pair_counts(self, tmp_path: Path) -> None:
        assert read_qrels(written(tmp_path, "qrels.tsv", "1\t7\t1\n1\t7\t0\n")) == {"1": {"7": 0}}

    @pytest.mark.parametrize("line", ["1\t7", "1\t7\thigh", "1 0 7 1 5", "1\t7\t0.5", "1\t7\tnan", "1\t7\tinf"])
    def test_a_line_that_is_no_judgement_is_named(self, tmp_path: Path, line: str) -> None:
        file = written(tmp_path, "qrels.tsv", f"1\t6\t1\n{line}\n")
        with pytest.raises(JudgedSetError, match=r"qrels\.tsv:2: "):
            read_qrels(file)

    def test_a_judgement_is_appended_under_the_head(self, tmp_path: Path) -> None:
        file = tmp_path / "qrels.tsv"
        append(file, "q1", "d1", 1)
        append(file, "q1", "d2", 0)
        assert file.read_text() == "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\n"

    def test_a_last_line_without_an_end_is_ended_first(self, tmp_path: Path) -> None:
        file = written(tmp_path, "qrels.tsv", "q1\td1\t1")
        append(file, "q1", "d2", 0)
        assert read_qrels(file) == {"q1": {"d1": 1, "d2": 0}}


class TestRuns:
    def test_a_run_is_read_in_the_order_of_its_scores(self, tmp_path: Path) -> None:
        file = written(tmp_path, "a.run", "q Q0 low 1 0.5 x\nq Q0 high 2 0.9 x\n")
        assert read_run(file) == {"q": [("high", 0.9), ("low", 0.5)]}

    def test_ties_of_a_run_that_is_read_go_to_the_greater_id_as_in_trec_eval(self, tmp_path: Path) -> None:
        file = written(tmp_path, "a.run", "q Q0 a 1 1.0 x\nq Q0 b 2 1.0 x\n")
        assert [name for name, _ in read_run(file)["q"]] == ["b", "a"]

    def test_a_run_that_is_written_has_the_same_order_when_it_is_read(self, tmp_path: Path) -> None:
        run = {"q": [("a", 0.5), ("b", 0.5), ("c", 0.5), ("d", 0.49999999)]}
        write_run(run, tmp_path / "a.run")
        assert [name for name, _ in read_run(tmp_path / "a.run")["q"]] == ["a", "b", "c", "d"]

    def test_a_run_is_written_in_trec_s_six_columns(self, tmp_path: Path) -> None:
        write_run({"q": [("a", 0.25)]}, tmp_path / "a.run", tag="mine")
        assert (tmp_path / "a.run").read_text() == "q Q0 a 1 0.250000 mine\n"

    def test_scores_that_are_equal_are_written_apart(self) -> None:
        assert distinct([0.5, 0.5, 0.5, 0.1]) == [0.5, 0.499999, 0.499998, 0.1]

    def test_an_id_with_a_blank_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(JudgedSetError, match="no blanks"):
            write_run({"q": [("a b", 1.0)]}, tmp_path / "a.run")

    @pytest.mark.parametrize("line", ["q Q0 d 1 0.5", "q Q0 d 1 much x", "q Q0 d 1 nan x"])
    def test_a_line_that_is_no_hit_is_named(self, tmp_path: Path, line: str) -> None:
        with pytest.raises(JudgedSetError, match=r"a\.run:1: "):
            read_run(written(tmp_path, "a.run", line + "\n"))


class TestTopics:
    def test_an_id_may_be_a_number(self, tmp_path: Path) -> None:
        assert read_topics(written(tmp_path, "q.jsonl", '{"_id": 7, "text": "ban"}\n\n')) == [Topic("7", "ban")]

    @pytest.mark.parametrize(
        "line", ["ban", "[1]", '{"_id": "1"}', '{"text": "ban"}', '{"_id": "", "text": "x"}', '{"_id":' + "[" * 9999]
    )
    def test_a_line_that_is_no_query_is_named(self, tmp_path: Path, line: str) -> None:
        with pytest.raises(JudgedSetError, match=r"q\.jsonl:1: "):
            read_topics(written(tmp_path, "q.jsonl", line))

    def test_an_id_that_is_there_twice_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(JudgedSetError, match=r"q\.jsonl:2: there is a query 1 already"):
            read_topics(written(tmp_path, "q.jsonl", '{"_id": "1", "text": "a"}\n{"_id": "1", "text": "b"}\n'))

    def test_queries_are_added_once(self, tmp_path: Path) -> None:
        file = tmp_path / "set" / "queries.jsonl"
        append_topics(file, ["ban", "", "tram"])
        assert append_topics(file, ["tram", "harbour  wall"]) == [Topic("q2", "tram"), Topic("q3", "harbour wall")]
        assert [topic.text for topic in read_topics(file)] == ["ban", "tram", "harbour wall"]

    def test_an_id_that_is_taken_is_not_given_again(self, tmp_path: Path) -> None:
        file = written(tmp_path, "queries.jsonl", '{"_id": "q1", "text": "ban"}\n')
        assert append_topics(file, ["tram"]) == [Topic("q2", "tram")]


class TestCorpus:
    def test_a_document_is_an_item_whose_path_is_its_id(self, tmp_path: Path) -> None:
        folder = judged_set(tmp_path, documents=[{"_id": "d1", "title": "Ban", "text": "Long."}])
        (item,) = JudgedSet(folder).documents()
        assert (item.path, item.title, item.body) == ("d1", "Ban", "Long.")

    def test_date_quality_and_topics_are_taken_from_the_line_or_its_metadata(self, tmp_path: Path) -> None:
        known = {"date": "2020-09-13T12:00:00+02:00", "quality": 40, "topics": ["law"]}
        folder = judged_set(
            tmp_path, documents=[{"_id": "a", "text": "x", **known}, {"_id": "b", "text": "x", "metadata": known}]
        )
        first, second = JudgedSet(folder).documents()
        assert first.date == second.date == datetime(2020, 9, 13, 10, tzinfo=UTC)
        assert (first.quality, first.topics) == (second.quality, second.topics) == (40, ("law",))

    def test_a_date_or_quality_that_is_none_is_unknown(self, tmp_path: Path) -> None:
        known = {"date": "yesterday", "quality": "high", "topics": "law"}
        (item,) = JudgedSet(judged_set(tmp_path, documents=[{"_id": "a", **known}])).documents()
        assert (item.date, item.quality, item.topics) == (None, None, ())

    def test_a_gzipped_corpus_is_the_same(self, tmp_path: Path) -> None:
        documents = [{"_id": "d1", "text": "harbour"}]
        plain, zipped = (
            judged_set(tmp_path / "a", documents=documents),
            judged_set(tmp_path / "b", documents=documents, zipped=True),
        )
        assert list(JudgedSet(plain).documents()) == list(JudgedSet(zipped).documents())

    def test_a_gzip_file_that_is_cut_short_is_told(self, tmp_path: Path) -> None:
        folder = judged_set(tmp_path, documents=[{"_id": "d1", "text": "harbour" * 999}], zipped=True)
        file = folder / "corpus.jsonl.gz"
        file.write_bytes(file.read_bytes()[:-12])
        with pytest.raises(JudgedSetError, match="no whole gzip file"):
            list(JudgedSet(folder).documents())

    def test_text_that_is_not_utf_8_is_told(self, tmp_path: Path) -> None:
        written(tmp_path, "corpus.jsonl", b'{"_id": "1", "text": "\xff"}\n')
        with pytest.raises(JudgedSetError, match=r"corpus\.jsonl:1: this is not UTF-8"):
            list(JudgedSet(tmp_path).documents())

    def test_a_line_without_end_is_refused_before_it_fills_memory(self, tmp_path: Path) -> None:
        written(tmp_path, "corpus.jsonl", b"x" * (17 << 20))
        with pytest.raises(JudgedSetError, match="more than"):
            list(JudgedSet(tmp_path).documents())

    def test_a_corpus_is_read_without_holding_it(self, tmp_path: Path) -> None:
        line = json.dumps({"_id": "d", "title": "Harbour", "text": "ban " * 250}) + "\n"
        (tmp_path / "corpus.jsonl").write_text(line * 20_000)  # 20 MB
        tracemalloc.start()
        try:
            assert sum(1 for _ in JudgedSet(tmp_path).documents()) == 20_000
            assert tracemalloc.get_traced_memory()[1] < 1_000_000
        finally:
            tracemalloc.stop()

    def test_what_a_folder_lacks_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(JudgedSetError, match=r"has no queries\.jsonl"):
            JudgedSet(tmp_path).all_topics()
        with pytest.raises(JudgedSetError, match="is no folder"):
            JudgedSet(tmp_path / "elsewhere")

    def test_qrels_may_lie_in_a_folder_of_theirs_as_in_beir(self, tmp_path: Path) -> None:
        (tmp_path / "qrels").mkdir()
        written(tmp_path / "qrels", "test.tsv", "query-id\tcorpus-id\tscore\n1\t7\t1\n")
        assert JudgedSet(tmp_path).qrels() == {"1": {"7": 1}}

    def test_only_queries_that_were_judged_are_topics(self, tmp_path: Path) -> None:
        folder = judged_set(tmp_path, queries={"1": "ban", "2": "tram"}, qrels={"2": {"d": 1}})
        assert JudgedSet(folder).topics() == [Topic("2", "tram")]
