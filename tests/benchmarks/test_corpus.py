"""Where the benchmarks' documents come from."""

import json
from pathlib import Path
from typing import Any

from benchmarks import archive, synthetic
from benchmarks.corpus import gather, read
from benchmarks.queries import draw
from newsearch.items.reader import read_item


def row(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "title": f"Tram line {number} opens",
        "excerpt": "The city rejoices.",
        "topics": ["transport"],
        "date": "2020-09-13T12:08:00Z",
        "url": f"https://paper.example/{number}",
        "provider": "The Paper",
        "domain": "paper.example",
        "quality": 60,
        "related": [],
        **fields,
    }


def lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return path


def test_the_same_seed_invents_the_same_news() -> None:
    assert list(synthetic.rows(30, seed=7)) == list(synthetic.rows(30, seed=7))
    assert list(synthetic.rows(30, seed=7)) != list(synthetic.rows(30, seed=8))


def test_a_smaller_invented_corpus_is_the_beginning_of_a_larger_one() -> None:
    assert list(synthetic.rows(30, seed=7)) == list(synthetic.rows(60, seed=7))[:30]


def test_a_cited_line_may_lie_beyond_the_documents_taken(tmp_path: Path) -> None:
    source = lines(tmp_path / "news.jsonl", row(0, related=[2, 99]), row(1), row(2))
    assert gather([source], count=1, seed=1, folder=tmp_path / "corpus") == 1
    (document,) = read(tmp_path / "corpus", 1)
    assert [cited.title for cited in document.related] == ["Tram line 2 opens"]


def test_related_articles_can_be_left_out(tmp_path: Path) -> None:
    source = lines(tmp_path / "news.jsonl", row(0, related=[1]), row(1))
    gather([source], count=2, seed=1, folder=tmp_path / "corpus")
    assert [document.related for document in read(tmp_path / "corpus", 2, related=False)] == [(), ()]


def test_several_sources_follow_one_another(tmp_path: Path) -> None:
    sources = [lines(tmp_path / "a.jsonl", row(0)), lines(tmp_path / "b.jsonl", row(1), row(2))]
    assert gather(sources, count=10, seed=1, folder=tmp_path / "corpus") == 3
    assert [document.number for document in read(tmp_path / "corpus", 10)] == [0, 1, 2]


def test_the_files_written_for_a_corpus_read_as_its_documents(tmp_path: Path) -> None:
    source = lines(tmp_path / "news.jsonl", row(0, title='He said: "no" – twice', related=[1]), row(1))
    gather([source], count=2, seed=1, folder=tmp_path / "corpus")
    documents = list(read(tmp_path / "corpus", 2))
    assert archive.write(documents, tmp_path / "archive") == 2
    files = sorted((tmp_path / "archive").rglob("*.md"))
    items = [read_item(file, name=file.name).item for file in files]
    assert [item.title for item in items] == [document.title for document in documents]
    assert [item.related[0].title for item in items if item.related] == ["Tram line 1 opens"]


def test_a_folder_of_items_is_a_corpus_and_is_copied_into_the_archive(tmp_path: Path) -> None:
    source = lines(tmp_path / "news.jsonl", row(0, related=[1]), row(1))
    gather([source], count=2, seed=1, folder=tmp_path / "first")
    archive.write(read(tmp_path / "first", 2), tmp_path / "items")
    gather([tmp_path / "items"], count=2, seed=1, folder=tmp_path / "second")
    archive.write(read(tmp_path / "second", 2), tmp_path / "copies")
    originals, copies = (sorted((tmp_path / name).rglob("*.md")) for name in ("items", "copies"))
    assert [file.read_bytes() for file in copies] == [file.read_bytes() for file in originals]


def test_queries_are_drawn_from_titles_without_stop_words(tmp_path: Path) -> None:
    gather(
        [lines(tmp_path / "news.jsonl", row(0, title="The tram to the old harbour"))], count=1, seed=1, folder=tmp_path
    )
    queries = draw(read(tmp_path, 1), count=20, seed=1)
    assert {word for text in queries.titles for word in text.split()} == {"tram", "old", "harbour"}
    assert set(queries.phrases) == {"old harbour"}
    assert all(1 <= len(text.split()) <= 3 for text in queries.titles)
