"""What the engine makes of signs and synonyms, beside what test_ranking_properties shows over random archives."""

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.view import View
from newsearch.query.synonyms import Synonyms
from tests.archive import Spec, build, find, update
from tests.oracle import text_of
from tests.strategies import archives, signed_queries

FILES: list[Spec] = [
    {"path": "a.md", "title": "The US bans trams"},
    {"path": "b.md", "title": "United States of trams", "body": "It told us of the ban"},
    {"path": "c.md", "title": "A state united", "excerpt": "artificial intelligence"},
]


def paths(engine: WhooshEngine, text: str, **options: Any) -> set[str | None]:
    return {hit.path for hit in find(engine, text, **options)}


def with_synonyms(folder: Path, **alternatives: tuple[str, ...]) -> WhooshEngine:
    build(folder, FILES).close()
    return WhooshEngine.open(folder, synonyms=Synonyms(alternatives))


class TestSynonyms:
    def test_they_find_what_the_others_find_phrases_as_phrases(self, tmp_path: Path) -> None:
        engine = with_synonyms(tmp_path, usa=("US", "united states"))
        assert paths(engine, "usa") == {"a.md", "b.md"}
        assert paths(engine, "title:usa trams") == {"a.md", "b.md"}
        assert paths(engine, "trams -usa") == set()
        assert paths(engine, "body:usa") == set()

    def test_they_count_as_one_word(self, tmp_path: Path) -> None:
        engine = with_synonyms(tmp_path, usa=("US", "united states"))
        found = find(engine, "usa", explain=True)
        word = found.hits[0].explanation.details[0].details[1]  # type: ignore[union-attr]
        assert word.description == "B: usa"
        assert word.facts == {"any_of": ["usa", "US", '"united states"']}
        assert word.details[0].facts["with_word"] == [2]

    def test_the_query_as_understood_is_what_was_typed(self, tmp_path: Path) -> None:
        engine = with_synonyms(tmp_path, usa=("US", "united states"))
        assert find(engine, "usa -body:usa").parsed == "usa -body:usa"

    def test_a_stop_word_among_them_is_left_out(self, tmp_path: Path) -> None:
        engine = with_synonyms(tmp_path, ai=("it", "artificial intelligence"))
        assert paths(engine, "ai") == {"c.md"}

    def test_a_word_with_synonyms_is_not_taken_for_a_slip(self, tmp_path: Path) -> None:
        engine = with_synonyms(tmp_path, trans=("vehicle",))
        assert find(engine, "trans").suggestion is None


class TestCaps:
    def test_a_pattern_of_more_words_than_are_searched_says_so(self, tmp_path: Path) -> None:
        words = [f"w{number}" for number in range(30)]
        engine = build(tmp_path, [{"path": f"{word}.md", "title": word} for word in words])
        with patch("newsearch.engine.rules.sought.MAX_EXPANSIONS", 12):
            found = find(engine, "w*")
        assert {hit.title for hit in found} == {"w0", "w1", "w2", *words[3:10], "w10", "w11"}
        assert found.warnings == ('"w*" stands for more than 12 words; the shortest of them were searched.',)

    def test_words_of_no_visible_article_do_not_count(self, tmp_path: Path) -> None:
        words = [f"w{number}" for number in range(30)]
        engine = build(tmp_path, [{"path": f"{word}.md", "title": word} for word in words])
        update(engine, removed=[f"{word}.md" for word in words[:20]])
        with patch("newsearch.engine.rules.sought.MAX_EXPANSIONS", 12):
            found = find(engine, "w*")
        assert {hit.title for hit in found} == set(words[20:])
        assert found.warnings == ()

    def test_an_explanation_names_no_word_that_only_deleted_articles_have(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": f"{word}.md", "title": word} for word in ("kelp", "kelps", "kelpie")])
        update(engine, removed=["kelpie.md"])
        with_word = find(engine, "kelp*", explain=True).hits[0].explanation.details[0].details[1]  # type: ignore[union-attr]
        assert with_word.facts == {"words": 2, "they_are": ["kelp", "kelps"]}

    def test_where_most_words_are_out_of_sight_they_are_seen_in_few_rounds(self, tmp_path: Path) -> None:
        words = [f"w{number:04}" for number in range(2000)]
        engine = build(tmp_path, [{"path": "old.md", "title": "w0000 w0001", "date": "2020-01-01"}])
        update(engine, [{"path": "new.md", "title": "new", "body": " ".join(words), "date": "2020-09-01"}])
        rounds = 0
        has_words = View.has_words

        def counted(self: View, number: int, places: Any) -> Any:
            nonlocal rounds
            rounds += 1
            return has_words(self, number, places)

        with patch("newsearch.engine.rules.sought.MAX_EXPANSIONS", 2), patch.object(View, "has_words", counted):
            found = find(engine, "w*", as_of="2020-02-01")
        assert ([hit.path for hit in found], found.warnings) == (["old.md"], ())
        assert rounds < 20

    def test_the_nearest_of_too_many_misspelt_words_are_searched(self, tmp_path: Path) -> None:
        words = ["kelpa", "kelp", "kelpb", "kelpc", "kelpaa"]
        engine = build(tmp_path, [{"path": f"{word}.md", "title": word} for word in words])
        with patch("newsearch.engine.rules.sought.MAX_FUZZY_EXPANSIONS", 3):
            found = find(engine, "kelp~2")
        assert {hit.title for hit in found} == {"kelp", "kelpa", "kelpb"}
        assert found.warnings == ('"kelp~2" stands for more than 3 words; the nearest of them were searched.',)

    def test_what_patterns_may_stand_for_together_is_the_same_however_articles_lie_in_segments(
        self, tmp_path: Path
    ) -> None:
        words = [*(f"a{number}" for number in range(9)), *(f"b{number}" for number in range(30))]
        first: list[Spec] = [{"path": f"{word}.md", "title": word} for word in words]
        again: list[Spec] = [{"path": f"{word}-2.md", "title": f"{word} gone"} for word in words[:9]]
        titles = []
        for segments in (1, 2):
            folder = tmp_path / str(segments)
            with patch("newsearch.engine.whoosh.writer._JOIN_RATIO", 0):
                engine = build(folder, [*first, *again] if segments == 1 else first)
                if segments == 2:
                    update(engine, [*again, {"path": "old.md", "title": "a9"}])
                    update(engine, removed=["old.md"])
            with (
                patch("newsearch.engine.rules.sought.MAX_EXPANSIONS", 12),
                patch("newsearch.engine.rules.compiler.MAX_EXPANSIONS", 12),
                patch("newsearch.engine.rules.compiler._LEAST_WORDS", 1),
            ):
                found = find(engine, "a* OR b*", limit=50)
            assert len(found.warnings) == 1
            titles.append({hit.title for hit in found})
        assert titles[0] == titles[1] == {*words[:9], *(f"{word} gone" for word in words[:9]), "b0", "b1", "b2"}


class TestRanks:
    def test_an_explanation_has_the_ranks_without_quality_and_without_recency(self, tmp_path: Path) -> None:
        engine = build(
            tmp_path,
            [
                {"path": "good.md", "title": "kelp", "quality": 100, "date": "2019-01-01"},
                {"path": "new.md", "title": "kelp", "quality": 0, "date": "2020-09-30"},
            ],
        )
        found = {hit.path: hit.explanation.facts for hit in find(engine, "kelp", explain=True)}  # type: ignore[union-attr]
        assert found == {
            "good.md": {"rank_without_quality": 2, "rank_without_recency": 1},
            "new.md": {"rank_without_quality": 1, "rank_without_recency": 2},
        }


@settings(max_examples=25, deadline=None)
@given(archives(), st.lists(st.tuples(signed_queries(), st.sampled_from(("auto", "all", "any"))), max_size=5))
def test_the_first_hits_are_the_same_where_not_all_are_scored(
    files: list[dict[str, Any]], asked: list[tuple[Any, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = build(folder, files)
        for query, match in asked:
            text = text_of(query)
            every = find(engine, text, match=match, limit=3, facets=("provider",))  # facets need all
            with patch("newsearch.engine.whoosh.evaluate._MANY", 0):
                first = find(engine, text, match=match, limit=3)
            assert [(hit.id, hit.score) for hit in first] == [(hit.id, hit.score) for hit in every]
            assert (first.total, first.relaxed) == (every.total, every.relaxed)
        engine.close()


@pytest.mark.parametrize(
    "text", ["*", "***", "?", "~", "^2", '""~3', '"the"~20', "a~2^100", '"' + "the " * 300 + '"~20']
)
def test_odd_signs_are_answered(tmp_path: Path, text: str) -> None:
    engine = build(tmp_path, FILES)
    assert find(engine, text).total >= 0
