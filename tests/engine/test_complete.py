"""Completions of words, topics and providers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import newsearch
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import QueryError
from newsearch.model import CompletionKind
from tests.archive import build, update

ALL: Sequence[CompletionKind] = ("word", "topic", "provider")


def complete(engine: WhooshEngine, prefix: str, *kinds: CompletionKind, limit: int = 10) -> list[tuple[str, int]]:
    return [(one.text, one.count) for one in engine.suggest(prefix, limit=limit, kinds=kinds or ("word",))]


def titled(folder: Path, *titles: str) -> WhooshEngine:
    return build(folder, [{"path": f"{number}.md", "title": title} for number, title in enumerate(titles)])


def test_words_come_by_the_articles_that_have_them_then_by_the_alphabet(tmp_path: Path) -> None:
    engine = titled(tmp_path, "harbour harvest", "harvest harp", "hat")
    assert complete(engine, "har") == [("harvest", 2), ("harbour", 1), ("harp", 1)]


def test_of_a_words_forms_the_most_written_stands_for_all_and_counts_all(tmp_path: Path) -> None:
    engine = titled(tmp_path, "banned", "banned again", "banning", "the ban")
    assert complete(engine, "banne") == [("banned", 4)]


def test_a_count_is_what_a_search_for_the_completion_finds(tmp_path: Path) -> None:
    engine = titled(tmp_path, "Zürich's harbours", "ZURICH and C++", "C++ harbour", "U.S. labs", "US harbour")
    for prefix in ("z", "Zür", "c", "har", "u", "lab"):
        for text, count in complete(engine, prefix):
            assert engine.search(_request(text)).total == count, text


def test_stop_words_are_no_completions(tmp_path: Path) -> None:
    assert complete(titled(tmp_path, "the theatre", "of"), "the") == [("theatre", 1)]


def test_of_several_words_the_last_is_completed_to_what_is_found_with_the_others(tmp_path: Path) -> None:
    engine = titled(tmp_path, "facial recognition", "facial recognition", "facial recreation", "recess")
    assert complete(engine, "facial rec") == [("facial recognition", 2), ("facial recreation", 1)]
    assert complete(engine, "unheard rec") == []
    assert complete(engine, "facial ")[0] == ("facial recognition", 2)


def test_the_words_before_may_be_anything_of_the_language(tmp_path: Path) -> None:
    engine = titled(tmp_path, "facial recognition", "facial recreation", "ban recess")
    assert complete(engine, "ban OR facial -recreation rec") == [
        ("ban OR facial -recreation recess", 1),
        ("ban OR facial -recreation recognition", 1),
    ]


def test_deleted_articles_do_not_count_and_segments_add_up(tmp_path: Path) -> None:
    engine = titled(tmp_path, "kelp", "kelp norb", "keltic")
    update(engine, [{"path": "9.md", "title": "kelp", "topics": ["Kelp farms"], "provider": {"name": "Kelper"}}])
    update(engine, removed=["0.md", "2.md"])
    assert complete(engine, "kel", *ALL) == [("kelp", 2), ("Kelp farms", 1), ("Kelper", 1)]


def test_a_topic_is_completed_from_any_of_its_words_in_its_usual_spelling(tmp_path: Path) -> None:
    files: list[dict[str, Any]] = [
        {"path": "0.md", "topics": ["Computer Vision"]},
        {"path": "1.md", "topics": ["Computer Vision", "computer vision"]},
        {"path": "2.md", "topics": ["computer vision"]},
        {"path": "3.md", "topics": ["Television"]},
    ]
    engine = build(tmp_path, [{"title": "x", **file} for file in files])
    assert complete(engine, "vis", "topic") == [("Computer Vision", 3)]
    assert complete(engine, "computer  VI", "topic") == [("Computer Vision", 3)]
    assert complete(engine, "puter", "topic") == []


def test_a_provider_is_completed_by_name_and_otherwise_by_domain(tmp_path: Path) -> None:
    providers = [{"name": "The Salon", "domain": "www.salon.example"}, {"domain": "salt.example"}, {"name": "Salve"}]
    engine = build(tmp_path, [{"path": f"{n}.md", "title": "x", "provider": one} for n, one in enumerate(providers)])
    assert complete(engine, "sal", "provider") == [("Salve", 1), ("The Salon", 1), ("salt.example", 1)]
    assert complete(engine, "salon.e", "provider") == [("salon.example", 1)]


def test_the_limit_is_over_all_kinds(tmp_path: Path) -> None:
    engine = build(tmp_path, [{"path": "0.md", "title": "kelp", "topics": ["kelp"], "provider": {"name": "kelp"}}])
    assert len(complete(engine, "k", *ALL)) == 3
    assert len(complete(engine, "k", *ALL, limit=2)) == 2
    assert complete(engine, "k", *ALL, limit=0) == []


@pytest.mark.parametrize("prefix", ["", " ", "\n", '"', "???", "covid-", "(", "-", "東", "a" * 10_000, "\ud800", ".*"])
def test_any_prefix_is_answered(tmp_path: Path, prefix: str) -> None:
    for engine in (titled(tmp_path / "a", "covid-19 in 東京"), build(tmp_path / "b")):
        assert isinstance(complete(engine, prefix, *ALL), list)


def _request(text: str) -> Any:
    from newsearch.model import SearchRequest

    return SearchRequest(text=text, match="all")


def test_kinds_are_a_list(tmp_path: Path) -> None:
    build(tmp_path / "index", [{"path": "a.md", "title": "kelp"}])
    with (
        newsearch.open(tmp_path / "index") as index,
        pytest.raises(QueryError, match="kinds is 'word'; it must be a list"),
    ):
        index.suggest("k", kinds="word")  # type: ignore[arg-type]
