"""Queries asked of a corpus, and of one's own index."""

from pathlib import Path

import pytest

from newsearch import NewsIndex
from newsearch.errors import IndexMissing, JudgedSetError
from newsearch.evaluation import Collection, JudgedSet, Topic
from newsearch.model import RankingSettings
from tests.archive import Archive
from tests.evaluation.judgedsets import EXAMPLE, judged_set

RELEVANCE = RankingSettings(quality_weight=0, recency_weight=0)


def test_a_corpus_is_found_by_its_own_ids() -> None:
    with Collection.of_corpus(JudgedSet(EXAMPLE)) as collection:
        run = collection.run([Topic("1", "electric ferry")], RELEVANCE)
    assert [name for name, _ in run["1"]][:2] == ["ferry-1", "ferry-2"]


def test_any_word_is_enough_and_signs_are_words_in_a_corpus(tmp_path: Path) -> None:
    documents = [{"_id": "a", "text": "harbour"}, {"_id": "b", "text": "tram"}]
    with Collection.of_corpus(JudgedSet(judged_set(tmp_path, documents=documents))) as collection:
        run = collection.run([Topic("1", 'harbour AND "red" -tram')], RELEVANCE)
    assert {name for name, _ in run["1"]} == {"a", "b"}


def test_signs_count_in_queries_for_an_index_of_one_s_own(tmp_path: Path) -> None:
    index = own_index(tmp_path)
    run = Collection.of_index(index).run([Topic("1", "harbour -tram")], RELEVANCE)
    assert len(run["1"]) == 1


def test_the_folder_of_a_corpus_is_gone_afterwards() -> None:
    with Collection.of_corpus(JudgedSet(EXAMPLE)) as collection:
        collection.run([Topic("1", "ferry")], RELEVANCE)
    with pytest.raises(IndexMissing):
        collection.run([Topic("1", "ferry")], RELEVANCE)


def test_a_corpus_with_a_fault_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    judged = JudgedSet(judged_set(tmp_path / "set", documents=[{"_id": "a"}, {"text": "no id"}]))
    with pytest.raises(JudgedSetError, match=r"corpus\.jsonl:2: "):
        Collection.of_corpus(judged)
    assert [folder.name for folder in tmp_path.iterdir()] == ["set"]


def test_judgements_of_an_index_name_articles_by_id_its_beginning_or_address(tmp_path: Path) -> None:
    index = own_index(tmp_path)
    with NewsIndex.create(index) as opened:
        ids = [hit.id for hit in opened.search("", sort="date")]
    collection = Collection.of_index(index)
    for names in (ids, [name[:8] for name in ids], ["https://www.paper.example/item-1?utm_source=x", ids[0]]):
        known, missing = collection.known({"q": dict.fromkeys(names, 1)})
        assert not missing
        assert set(known["q"]) <= set(ids)


def test_an_article_that_is_gone_keeps_its_place_and_is_told(tmp_path: Path) -> None:
    known, missing = Collection.of_index(own_index(tmp_path)).known({"q": {"https://nowhere.example/1": 1}})
    assert missing == ["https://nowhere.example/1"]
    assert known == {"q": {"https://nowhere.example/1": 1}}


def own_index(folder: Path) -> Path:
    archive = Archive(folder / "archive")
    archive.deliver("Harbour ban")
    archive.deliver("Harbour tram")
    with NewsIndex.create(folder / "index") as index:
        index.sync(archive.folder)
    return folder / "index"
