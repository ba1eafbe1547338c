"""The engine against brute force, and the promises of the ranking guide over random archives and queries."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch import ranking
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.items.ids import article_id, article_key
from newsearch.model import Explanation, FieldWeights, Hit, RankingSettings, SearchResult
from tests import oracle
from tests.archive import NOW, build, find, update
from tests.strategies import DAYS, archives, constraints, rankings, signed_queries

COMMITTED = int(NOW.timestamp())
MODES = st.sampled_from(("auto", "all", "any"))
TOLERANCE = 1e-9


def ranking_settings(figures: dict[str, Any]) -> RankingSettings:
    return RankingSettings(**{**figures, "weights": FieldWeights(**figures["weights"])})


@contextmanager
def engine_of(files: list[dict[str, Any]], figures: dict[str, Any] | None = None) -> Iterator[WhooshEngine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = build(folder, files, settings=ranking_settings(figures or oracle.DEFAULTS))
        try:
            yield engine
        finally:
            engine.close()


def scores(result: SearchResult) -> dict[str, float]:
    return {hit.id: hit.score for hit in result}


def is_in_order(hits: tuple[Hit, ...]) -> bool:
    keys = [(-hit.score, -hit.date.timestamp() if hit.date else float("inf"), hit.id) for hit in hits]
    return keys == sorted(keys)


def assert_as_oracle(result: SearchResult, answer: oracle.Answer) -> None:
    expected = {article_id(article_key(address)): score for address, score in answer.scores.items()}
    assert scores(result) == pytest.approx(expected, abs=TOLERANCE)
    assert result.total == len(expected)
    assert result.relaxed == answer.relaxed
    assert is_in_order(result.hits)
    ranked = [expected[hit.id] for hit in result]
    assert all(first >= second - TOLERANCE for first, second in pairwise(ranked))


class TestAgainstBruteForce:
    @settings(max_examples=30)
    @given(archives(), rankings(), st.lists(st.tuples(signed_queries(), MODES), min_size=1, max_size=6))
    def test_documents_scores_and_order_are_those_of_brute_force(
        self, files: list[dict[str, Any]], figures: dict[str, Any], questions: list[tuple[oracle.Query, Any]]
    ) -> None:
        with engine_of(files, figures) as engine:
            for query, match in questions:
                text = oracle.text_of(query)
                answer = oracle.search(files, query, now=COMMITTED, match=match, settings=figures)
                assert_as_oracle(find(engine, text, match=match), answer)

    @settings(max_examples=30)
    @given(archives(), rankings(), signed_queries(), MODES, st.sampled_from(DAYS))
    def test_a_search_as_of_a_day_is_that_of_brute_force_over_what_there_was(
        self, files: list[dict[str, Any]], figures: dict[str, Any], query: oracle.Query, match: Any, day: str
    ) -> None:
        with engine_of(files, figures) as engine:
            answer = oracle.search(files, query, now=COMMITTED, match=match, settings=figures, as_of=day)
            result = find(engine, oracle.text_of(query), match=match, as_of=day)
            assert_as_oracle(result, answer)
            visible = {article_id(article_key(address)) for address in answer.articles}
            assert all({ref.id for ref in hit.cited_by} <= visible for hit in result)

    @settings(max_examples=30)
    @given(archives(), st.none() | signed_queries(), st.lists(constraints, max_size=2))
    def test_options_filter_as_brute_force_does(
        self, files: list[dict[str, Any]], query: oracle.Query | None, filters: list[oracle.Query]
    ) -> None:
        options: dict[str, Any] = {}
        asked: list[oracle.Query] = []
        for name, *values in filters:
            match name:
                case "provider" | "topic" | "type" | "kind":
                    options[name] = values[0]
                case "quality":
                    options["min_quality"] = values[0]
                    values[1] = None
                case "date":
                    options["since"], options["until"] = values
                case _:
                    continue
            asked = [one for one in asked if one[0] != name] + [(name, *values)]
        with engine_of(files) as engine:
            result = find(engine, "" if query is None else oracle.text_of(query), **options)
            assert_as_oracle(result, oracle.search(files, query, now=COMMITTED, filters=asked))


class TestWhatHolds:
    @given(
        st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=9), st.floats(1e-3, 1e3), st.floats(0, 1), st.floats(0, 1)
    )
    def test_scaling_b_changes_no_score(self, raw: list[float], factor: float, quality: float, recency: float) -> None:
        def blended(values: list[float]) -> list[float]:
            parts = [ranking.relevance(value, max(values)) for value in values]
            return [ranking.blend(part, quality, recency, RankingSettings()) for part in parts]

        assert blended([value * factor for value in raw]) == pytest.approx(blended(raw), abs=TOLERANCE)

    @settings(max_examples=25)
    @given(archives(), signed_queries(), MODES)
    def test_without_quality_and_recency_the_order_is_that_of_bm25f(
        self, files: list[dict[str, Any]], query: oracle.Query, match: Any
    ) -> None:
        figures = {**oracle.DEFAULTS, "quality_weight": 0.0, "recency_weight": 0.0}
        with engine_of(files, figures) as engine:
            result = find(engine, oracle.text_of(query), match=match, explain=True)
            raw = [raw_score(hit) for hit in result]
            assert all(first >= second - TOLERANCE for first, second in pairwise(raw))

    @settings(max_examples=25)
    @given(archives(), signed_queries())
    def test_recency_alone_gives_newest_first_by_the_date_used(
        self, files: list[dict[str, Any]], query: oracle.Query
    ) -> None:
        figures = {**oracle.DEFAULTS, "quality_weight": 0.0, "recency_weight": 1.0}
        with engine_of(files, figures) as engine:
            ages = [age_used(hit) for hit in find(engine, oracle.text_of(query), explain=True)]
            assert ages == sorted(ages)

    @settings(max_examples=25)
    @given(archives(), signed_queries(), MODES, st.sampled_from(((0.1, 0.1), (0.2, 0.05), (0.0, 0.3))))
    def test_a_lead_in_relevance_beyond_the_bound_is_never_overtaken(
        self, files: list[dict[str, Any]], query: oracle.Query, match: Any, shares: tuple[float, float]
    ) -> None:
        wq, wr = shares
        bound = (wq + wr) / (1 - wq - wr)
        figures = {**oracle.DEFAULTS, "quality_weight": wq, "recency_weight": wr}
        with engine_of(files, figures) as engine:
            relevance = [relevance_part(hit) for hit in find(engine, oracle.text_of(query), match=match, explain=True)]
            assert all(
                later - earlier <= bound + TOLERANCE
                for place, earlier in enumerate(relevance)
                for later in relevance[place:]
            )

    @settings(max_examples=25)
    @given(archives(), archives(), st.lists(signed_queries(), min_size=1, max_size=3), st.data())
    def test_scores_are_the_same_to_the_last_bit_whatever_segments_and_deletions_there_are(
        self,
        files: list[dict[str, Any]],
        earlier: list[dict[str, Any]],
        asked: list[oracle.Query],
        data: st.DataObject,
    ) -> None:
        parts = data.draw(st.lists(st.integers(0, 3), min_size=len(files), max_size=len(files)), label="batch of each")
        gone = sorted({spec["path"] for spec in earlier} - {spec["path"] for spec in files})
        with engine_of(files) as fresh, engine_of(earlier) as grown:
            update(grown, removed=gone)
            for batch in sorted(set(parts)):
                update(grown, [spec for spec, part in zip(files, parts, strict=True) if part == batch])
            for query in asked:
                first, second = (find(engine, oracle.text_of(query)) for engine in (fresh, grown))
                assert [(hit.id, hit.score) for hit in first] == [(hit.id, hit.score) for hit in second]

    @settings(max_examples=30)
    @given(archives(), signed_queries(), MODES, constraints, st.sampled_from(("date", "quality", "heat")), st.data())
    def test_no_filter_sort_limit_or_offset_changes_a_score(  # noqa: PLR0917 - what is drawn
        self,
        files: list[dict[str, Any]],
        query: oracle.Query,
        match: Any,
        constraint: oracle.Query,
        sort: str,
        data: st.DataObject,
    ) -> None:
        text = oracle.text_of(query)
        with engine_of(files) as engine:
            plain = find(engine, text, match=match)
            expected = scores(plain)
            assert scores(find(engine, text, match=match, sort=sort)) == expected
            filtered = find(engine, f"({text}) {oracle.text_of(constraint)}", match=match)
            assert scores(filtered).items() <= expected.items()
            limit = data.draw(st.integers(0, 4), label="limit")
            offset = data.draw(st.integers(0, 4), label="offset")
            page = find(engine, text, match=match, limit=limit, offset=offset)
            assert [(hit.id, hit.score, hit.rank) for hit in page] == [
                (hit.id, hit.score, hit.rank) for hit in plain.hits[offset : offset + limit]
            ]
            assert page.total == plain.total

    @settings(max_examples=25)
    @given(archives(dated_by_address=True), st.lists(signed_queries(), min_size=1, max_size=3), st.sampled_from(DAYS))
    def test_a_search_as_of_a_day_is_the_same_without_the_files_dated_later(
        self, files: list[dict[str, Any]], asked: list[oracle.Query], day: str
    ) -> None:
        until = [spec for spec in files if spec["date"] is None or spec["date"][:10] <= day]
        with engine_of(files) as full, engine_of(until) as cut:
            for query in asked:
                text = oracle.text_of(query)
                first, second = (find(engine, text, as_of=day, explain=True) for engine in (full, cut))
                assert list(first) == list(second)
                assert (first.total, first.relaxed, first.parsed) == (second.total, second.relaxed, second.parsed)


class TestPages:
    @settings(max_examples=25)
    @given(archives(), st.none() | signed_queries(), st.sampled_from(("relevance", "date", "quality", "heat")))
    def test_pages_put_together_are_the_whole_result(
        self, files: list[dict[str, Any]], query: oracle.Query | None, sort: str
    ) -> None:
        text = "" if query is None else oracle.text_of(query)
        with engine_of(files) as engine:
            whole = find(engine, text, sort=sort).hits
            pages = [find(engine, text, sort=sort, limit=2, offset=start).hits for start in range(0, len(whole) + 2, 2)]
            assert [hit for page in pages for hit in page] == list(whole)
            if sort != "relevance":
                assert_sorted_by(sort, whole)


class TestExplanations:
    @settings(max_examples=30)
    @given(archives(), rankings(), st.lists(st.tuples(signed_queries(), MODES), min_size=1, max_size=4))
    def test_the_leaves_add_and_multiply_up_to_the_score(
        self, files: list[dict[str, Any]], figures: dict[str, Any], questions: list[tuple[oracle.Query, Any]]
    ) -> None:
        with engine_of(files, figures) as engine:
            for query, match in questions:
                for hit in find(engine, oracle.text_of(query), match=match, explain=True):
                    assert hit.explanation is not None
                    assert recomputed(hit.explanation) == pytest.approx(hit.score, abs=TOLERANCE)


def explained(hit: Hit, name: str) -> Explanation:
    """A summand of a hit's score."""
    assert hit.explanation is not None
    return next(part for part in hit.explanation.details if part.description == name)


def relevance_part(hit: Hit) -> float:
    """T of an explained hit."""
    _, *factors = explained(hit, "relevance").details
    value = 1.0
    for factor in factors:
        value *= factor.value
    return value


def raw_score(hit: Hit) -> float:
    """B of an explained hit, or 1 where the query scores nothing."""
    return explained(hit, "relevance").details[1].value


def age_used(hit: Hit) -> float:
    age = explained(hit, "recency").details[1].facts["age_days"]
    return 0.0 if age is None else float(str(age))


def recomputed(node: Explanation) -> float:
    """A node's value from its leaves alone, every node on the way checked against its own."""
    if node.combine is None:
        assert not node.details
        return node.value
    values = [recomputed(detail) for detail in node.details]
    total = sum(values)
    if node.combine == "product":
        total = 1.0
        for value in values:
            total *= value
    assert total == pytest.approx(node.value, abs=TOLERANCE)
    return total


def assert_sorted_by(sort: str, hits: tuple[Hit, ...]) -> None:
    never = float("-inf")

    def value(hit: Hit) -> float:
        found = getattr(hit, sort)
        if found is None:
            return never
        return float(found.timestamp() if sort == "date" else found)

    keys = [(-value(hit), -hit.date.timestamp() if hit.date else -never, hit.id) for hit in hits]
    assert keys == sorted(keys)
