"""`newsearch eval`: figures, comparisons and runs from the command line."""

import csv
import io
import json
from pathlib import Path

import pytest

pytest.importorskip("ir_measures", reason="needs the extra: pip install 'newsearch[eval]'")

from jsonschema import Draft202012Validator

from newsearch import wire
from tests.archive import Archive
from tests.cli.command import indexed, run
from tests.evaluation.judgedsets import EXAMPLE, judged_set

QUALITY_ALONE = "ranking.quality_weight=1 ranking.recency_weight=0"


def figures(*options: str | Path, folder: Path = EXAMPLE) -> dict:
    outcome = run("eval", folder, "--json", *options)
    assert outcome.code == 0, outcome.err
    document = json.loads(outcome.out)
    Draft202012Validator(wire.schema()).validate(document)
    return document


def test_the_usual_measures_are_taken_of_the_settings_in_force() -> None:
    document = figures()
    assert list(document) == ["version", "measures"]
    assert list(document["measures"]) == ["nDCG@10", "AP", "R@100", "RR@10"]
    assert all(0.5 < value <= 1 for value in document["measures"].values())


def test_measures_can_be_chosen() -> None:
    assert list(figures("--measure", "P@1", "--measure", "nDCG@3")["measures"]) == ["P@1", "nDCG@3"]


def test_a_setting_that_is_tried_changes_the_figures() -> None:
    tried = figures("--set", "ranking.quality_weight=1", "--set", "ranking.recency_weight=0")
    assert tried["measures"]["nDCG@10"] < figures()["measures"]["nDCG@10"]


def test_two_settings_are_compared_query_by_query() -> None:
    document = figures("--against", QUALITY_ALONE)
    compared = document["comparisons"]["nDCG@10"]
    assert compared["wins"] + compared["losses"] + compared["ties"] == 5
    assert compared["wins"] > 0
    assert compared["difference"] == pytest.approx(document["measures"]["nDCG@10"] - document["against"]["nDCG@10"])
    assert set(compared["differences"]) == {"1", "2", "3", "4", "5"}


def test_against_nothing_means_the_settings_in_force() -> None:
    compared = figures("--against", "")["comparisons"]["AP"]
    assert (compared["ties"], compared["p"]) == (5, 1.0)


def test_a_comparison_ends_with_a_sentence_on_whether_to_believe_it() -> None:
    assert "may well be chance" in run("eval", EXAMPLE, "--against", QUALITY_ALONE).err


def test_the_value_of_each_query_is_shown_when_asked_for() -> None:
    document = figures("--per-query", "--measure", "AP")
    assert set(document["queries"]["AP"]) == {"1", "2", "3", "4", "5"}
    lines = run("eval", EXAMPLE, "--per-query", "--measure", "AP").out.splitlines()
    assert lines[1] == ""
    assert lines[2].split("\t")[:2] == ["1", "AP"]


def test_plain_lines_have_measure_and_value() -> None:
    (line,) = run("eval", EXAMPLE, "--measure", "RR", "--format", "plain").out.splitlines()
    assert line.split("\t")[0] == "RR"


def test_a_table_names_its_columns_and_the_queries_that_changed_most() -> None:
    out = run("eval", EXAMPLE, "--against", QUALITY_ALONE, terminal=True).out
    assert out.splitlines()[0].split() == ["measure", "value", "against", "difference", "won", "lost", "tied", "p"]
    assert "electric ferry" in out


def lines_of(*options: str) -> list[dict]:
    validator = Draft202012Validator({**wire.schema(), "oneOf": [{"$ref": "#/$defs/line"}]})
    found = [json.loads(line) for line in run("eval", EXAMPLE, "--format", "jsonl", *options).out.splitlines()]
    for line in found:
        validator.validate(line)
    return found


def test_a_line_of_json_is_a_measure() -> None:
    assert [(line["kind"], line["measure"]) for line in lines_of("-m", "AP", "-m", "RR")] == [
        ("measure", "AP"), ("measure", "RR"),
    ]  # fmt: skip


def test_lines_of_json_have_what_the_document_has() -> None:
    options = ("-m", "AP", "--per-query", "--against", QUALITY_ALONE)
    document, (mean, *queries) = figures(*options), lines_of(*options)
    compared = document["comparisons"]["AP"]
    assert mean["value"] == document["measures"]["AP"]
    assert mean["against"] == document["against"]["AP"]
    assert (mean["wins"], mean["p"]) == (compared["wins"], compared["p"])
    assert {line["query"]: line["value"] for line in queries} == document["queries"]["AP"]
    assert {line["query"]: line["difference"] for line in queries} == compared["differences"]


def test_csv_has_a_row_for_each_measure_under_the_names_of_the_json() -> None:
    out = run("eval", EXAMPLE, "--format", "csv", "--against", "").out
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    assert list(rows[0]) == ["measure", "value", "against", "difference", "wins", "losses", "ties", "p"]
    assert [row["measure"] for row in rows] == ["nDCG@10", "AP", "R@100", "RR@10"]
    assert float(rows[0]["value"]) == pytest.approx(figures()["measures"]["nDCG@10"], abs=1e-6)


def test_csv_has_the_queries_alone_when_they_are_asked_for_and_says_so() -> None:
    outcome = run("eval", EXAMPLE, "--format", "csv", "--per-query", "-m", "AP")
    rows = list(csv.DictReader(io.StringIO(outcome.out, newline="")))
    assert [(row["query"], row["measure"]) for row in rows] == [(str(number), "AP") for number in range(1, 6)]
    assert "--format csv is without the measures" in outcome.err


def test_markdown_is_a_table_of_the_measures() -> None:
    head, rule, *rows = run("eval", EXAMPLE, "--format", "md", "-m", "AP").out.splitlines()
    assert (head, rule, len(rows)) == ("| Measure | Value |", "| --- | ---: |", 1)


def test_names_of_articles_are_no_format_of_it() -> None:
    outcome = run("eval", EXAMPLE, "--format", "ids")
    assert (outcome.code, outcome.out) == (2, "")


def test_a_run_that_was_written_measures_the_same(tmp_path: Path) -> None:
    file = tmp_path / "mine.run"
    searched = figures("--run-out", file)
    assert figures("--run", file)["measures"] == searched["measures"]
    assert file.read_text().splitlines()[0].split()[:2] == ["1", "Q0"]


def test_another_system_s_run_is_compared_with_a_search(tmp_path: Path) -> None:
    (tmp_path / "theirs.run").write_text("1 Q0 ferry-3 1 2.0 theirs\n")
    outcome = run("eval", EXAMPLE, "--run", tmp_path / "theirs.run", "--against", "", "--json")
    assert json.loads(outcome.out)["comparisons"]["AP"]["losses"] == 5
    assert "has nothing for 4 of 5 queries" in outcome.err


def test_one_s_own_archive_is_judged_by_addresses(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    archive.deliver("Harbour ban")
    archive.deliver("Tram ban")
    index = indexed(archive.folder, tmp_path / "index")
    judged = {"q": {"https://paper.example/item-2": 1, "https://paper.example/gone": 1}}
    folder = judged_set(tmp_path / "judged", queries={"q": "tram"}, qrels=judged)
    outcome = run("eval", folder, "--index", index, "--measure", "RR", "--measure", "R@10", "--json")
    assert json.loads(outcome.out)["measures"] == {"RR": 1.0, "R@10": 0.5}
    assert "Not in the index, and counted as missed: 1 article, such as https://paper.example/gone." in outcome.err


def test_a_date_and_a_quality_of_a_document_count() -> None:
    assert figures("--against", "ranking.recency_weight=0.9")["comparisons"]["nDCG@10"]["wins"] > 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--set", "ranking.titel=3"], "--set: there is no setting ranking.titel"),
        (["--set", "ranking.k1=high"], "--set: ranking.k1 is 'high'; it has to be a number."),
        (["--set", "ranking.k1=-1"], "--set: ranking.k1 is -1"),
        (["--set", "ranking.k1"], "sets nothing; write it like ranking.weights.title=3"),
        (["--set", "language=german"], "language cannot be tried"),
        (["--against", "k1=2 'x"], "a quote is not closed"),
        (["--against", "k1=2"], "--against: there is no setting k1; did you mean ranking.k1?"),
        (["--measure", "nDGC@10"], "did you mean nDCG?"),
        (["--measure", "nDCG@0"], "the least cutoff is 1"),
        (["--measure", "AP(rel=0)"], "is 1 or more"),
        (["--measure", "AP(rel=99999999999)"], "a parameter is at most 1,000,000"),
        (["--measure", "AP(rel='x')"], "of a wrong value"),
        (["--set", "=3"], "sets nothing"),
        (["--run", "x.run", "--set", "ranking.k1=2"], "leave one of them out"),
        (["--run", "nowhere.run"], "nowhere.run: this file cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(options: list[str], told: str) -> None:
    outcome = run("eval", EXAMPLE, *options)
    assert outcome.code == 2
    assert told in outcome.err
    assert outcome.out == ""


def test_a_folder_that_is_no_judged_set_is_told(tmp_path: Path) -> None:
    outcome = run("eval", tmp_path)
    assert (outcome.code, outcome.out) == (2, "")
    assert "has no qrels.tsv" in outcome.err


def test_judgements_of_no_query_are_told(tmp_path: Path) -> None:
    folder = judged_set(tmp_path / "set", documents=[], queries={"1": "ban"}, qrels={"2": {"a": 1}})
    outcome = run("eval", folder)
    assert outcome.code == 2
    assert "judges none of the queries" in outcome.err


def test_queries_without_anything_relevant_are_remarked_on(tmp_path: Path) -> None:
    folder = judged_set(
        tmp_path / "set", documents=[{"_id": "a", "text": "ban"}], queries={"1": "ban"}, qrels={"1": {"a": 0}}
    )
    assert "Nothing was judged relevant for 1 query" in run("eval", folder).err


def test_documents_with_an_id_that_another_has_are_counted(tmp_path: Path) -> None:
    twice = [{"_id": "a", "text": "ban"}, {"_id": "a", "text": "tram"}]
    folder = judged_set(tmp_path / "set", documents=twice, queries={"1": "ban"}, qrels={"1": {"a": 1}})
    assert "Left out of the corpus, for another has the same id: 1 document." in run("eval", folder).err


def test_judged_documents_that_the_corpus_does_not_have_are_counted(tmp_path: Path) -> None:
    folder = judged_set(
        tmp_path / "set", documents=[{"_id": "a", "text": "ban"}], queries={"1": "ban"}, qrels={"1": {"a": 1, "z": 1}}
    )
    assert "Not in the corpus, and counted as missed: 1 article, such as z." in run("eval", folder).err


def test_an_empty_corpus_is_told(tmp_path: Path) -> None:
    folder = judged_set(tmp_path / "set", documents=[], queries={"1": "ban"}, qrels={"1": {"a": 1}})
    outcome = run("eval", folder)
    assert (outcome.code, outcome.out) == (2, "")
    assert "corpus.jsonl has no documents." in outcome.err


def test_half_a_character_in_a_corpus_does_no_harm(tmp_path: Path) -> None:
    torn = [{"_id": "a", "text": "ban \ud800"}, {"_id": "b\ud800", "text": "\U0001f600 tram"}]
    folder = judged_set(tmp_path / "set", documents=torn, queries={"1": "ban"}, qrels={"1": {"a": 1}})
    outcome = run("eval", folder, "-m", "AP", "--format", "plain")
    assert (outcome.code, outcome.out) == (0, "AP\t1.0000\n")


def test_a_measure_may_have_a_fraction_behind_the_at(tmp_path: Path) -> None:
    assert list(figures("--measure", "IPrec@0.5")["measures"]) == ["IPrec@0.5"]


def test_a_table_has_each_query_where_it_is_asked_for() -> None:
    out = run("eval", EXAMPLE, "--per-query", "--measure", "AP", terminal=True).out
    assert out.count("electric ferry") == 1
    assert [line.split()[:2] for line in out.splitlines() if line.split()[1:2] == ["AP"]] == [
        [str(number), "AP"] for number in range(1, 6)
    ]


def test_judgements_of_a_query_without_a_text_are_left_out_and_counted(tmp_path: Path) -> None:
    folder = judged_set(
        tmp_path / "set",
        documents=[{"_id": "a", "text": "ban"}],
        queries={"1": "ban"},
        qrels={"1": {"a": 1}, "2": {"a": 1}},
    )
    assert "Left out, for they have no text in queries.jsonl: 1 judged query." in run("eval", folder).err


def test_settings_that_change_nothing_are_said_to(tmp_path: Path) -> None:
    outcome = run("eval", EXAMPLE, "--against", "", terminal=True)
    assert "By nDCG@10 the two are the same for every query." in outcome.err
    assert "electric ferry" not in outcome.out


def test_a_clear_difference_is_said_to_be_hardly_chance(tmp_path: Path) -> None:
    """Ten queries, each with an old article that its words find first, and a new one that was meant."""
    words = ("kelp", "norb", "tram", "ferry", "dock", "pier", "crane", "tide", "gull", "buoy")
    documents: list[dict] = []
    for number, word in enumerate(words):
        documents.append({"_id": f"old{number}", "title": f"{word} {word}", "metadata": {"quality": 0}})
        documents.append({"_id": f"new{number}", "title": word, "metadata": {"quality": 100}})
    folder = judged_set(
        tmp_path / "set",
        documents=documents,
        queries={str(number): word for number, word in enumerate(words)},
        qrels={str(number): {f"new{number}": 1} for number in range(10)},
    )
    much, none = ("ranking.quality_weight=0.9", "ranking.quality_weight=0")
    better = run("eval", folder, "--set", much, "--against", none)
    assert "the first is better, and that is hardly chance (p = 0.0" in better.err
    worse = run("eval", folder, "--set", none, "--against", much)
    assert "the first is worse, and that is hardly chance (p = 0.0" in worse.err
