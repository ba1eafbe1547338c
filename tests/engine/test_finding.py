"""Similar and related articles and typical terms, against plain Python on random archives."""

import math
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.engine.rules.typical import LEAST
from newsearch.engine.whoosh import typical
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.finding import typical_terms
from newsearch.engine.whoosh.similar import telling_words
from newsearch.errors import ArticleNotFound
from newsearch.findings import TypicalTerm
from newsearch.items.ids import article_id, article_key
from newsearch.model import SearchRequest
from tests import oracle
from tests.archive import NOW, build, cited, find, update
from tests.strategies import archives

OWN = ("title", "excerpt", "topics", "body")


def named(address: str) -> str:
    return article_id(article_key(address))


def built(folder: str, files: list[dict[str, Any]]) -> WhooshEngine:
    """An index in which the first file was written again and another is gone."""
    gone = {
        "path": "gone.md",
        "title": "kelp zorn",
        "body": "norb " * 9,
        "related": [cited("kelp", "https://g.example")],
    }
    engine = build(folder, [{**files[0], "title": "glim", "related": []}, *files[1:], gone])
    update(engine, files[:1], removed=["gone.md"])
    return engine


class TestSimilar:
    @settings(max_examples=25)
    @given(archives())
    def test_words_tell_as_much_as_they_add_to_the_articles_own_score(self, files: list[dict[str, Any]]) -> None:
        articles = oracle.articles(files)
        scorer = oracle._Scorer(articles, oracle.DEFAULTS, "any")
        with tempfile.TemporaryDirectory() as folder:
            engine = built(folder, files)
            live = engine._searcher.live
            documents = {live.snapshot.id(document): document for document in live.visible.nonzero()[0].tolist()}
            for address, one in articles.items():
                words = telling_words(documents[named(address)], live)
                own = {word for field in OWN for word in one.words(field)} - set(oracle.STOP_WORDS)
                assert set(words) == {word for word in own if sum(other.has(word) for other in articles.values()) > 1}
                strengths = [scorer.term(("word", word, *OWN), one) or 0.0 for word in words]
                assert strengths == pytest.approx(sorted(strengths, reverse=True))
            engine.close()

    @settings(max_examples=10)
    @given(archives())
    def test_the_result_is_that_of_the_query_it_names_without_the_article_itself(
        self, files: list[dict[str, Any]]
    ) -> None:
        with tempfile.TemporaryDirectory() as folder:
            engine = built(folder, files)
            for hit in find(engine):
                result = engine.similar(hit.id, SearchRequest(limit=1000, kind="item"))
                again = find(engine, result.request.text, match="any", kind="item")
                assert [(one.id, one.score) for one in result] == [(one.id, one.score) for one in again]
                assert result.parsed == again.parsed
                assert hit.id not in {one.id for one in result}
            engine.close()

    def test_words_are_written_as_a_query_finds_them(self, tmp_path: Path) -> None:
        text = "The U.S. ban's C++ AT&T running"
        files = [{"path": f"{name}.md", "title": text} for name in "ab"]
        engine = build(tmp_path, files)
        result = engine.similar("a.md", SearchRequest())
        assert sorted(result.request.text.partition(" -id:")[0].split(" OR ")) == [
            "at&t",
            "ban",
            "c++",
            "running",
            "u.s",
        ]
        assert [hit.path for hit in result] == ["b.md"]

    def test_nothing_is_like_an_article_whose_words_no_other_has(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}, {"path": "b.md", "title": "norb"}])
        assert engine.similar("a.md", SearchRequest()).total == 0

    def test_an_article_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ArticleNotFound):
            build(tmp_path).similar("nowhere.md", SearchRequest())


class TestRelated:
    @settings(max_examples=40)
    @given(archives(), st.integers(1, 3))
    def test_distances_links_and_paths_are_those_of_a_walk_through_the_citations(
        self, files: list[dict[str, Any]], depth: int
    ) -> None:
        articles = oracle.articles(files)
        pairs = {(address, other) for address, one in articles.items() for other in one.cites}
        near = {address: Counter[str]() for address in articles}
        for citing, other in pairs:
            near[citing][other] += 1
            near[other][citing] += 1
        with tempfile.TemporaryDirectory() as folder:
            engine = built(folder, files)
            for start in articles:
                distances, layer = {start: 0}, {start}
                for distance in range(1, depth + 1):
                    layer = {other for one in layer for other in near[one]} - distances.keys()
                    distances |= dict.fromkeys(layer, distance)
                found = engine.related(named(start), depth=depth, limit=1000)
                names = {named(address): address for address in articles}
                assert {names[one.article.id]: one.distance for one in found.articles} == {
                    address: distance for address, distance in distances.items() if distance
                }
                assert found.total == len(found.articles)
                order = []
                for one in found.articles:
                    address = names[one.article.id]
                    links = sum(n for other, n in near[address].items() if distances.get(other) == one.distance - 1)
                    date = articles[address].date
                    order.append((one.distance, -one.links, math.inf if date is None else -date, oracle.key(address)))
                    assert one.links == links
                    way = [start, *(names[step.article.id] for step in one.path)]
                    assert [distances[step] for step in way] == list(range(one.distance + 1))
                    for step, before, after in zip(one.path, way[:-1], way[1:], strict=True):
                        assert ((before, after) if step.by == "cites" else (after, before)) in pairs
                assert order == sorted(order)
            engine.close()

    @settings(max_examples=20)
    @given(archives(), st.sampled_from(("2019-12-31", "2020-09-01")))
    def test_looking_back_only_what_was_there_is_reached(self, files: list[dict[str, Any]], as_of: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            engine = built(folder, files)
            there = {hit.id for hit in find(engine, as_of=as_of)}
            for hit in find(engine):
                if hit.id not in there:
                    with pytest.raises(ArticleNotFound, match=f"{hit.id} was not there as of {as_of}"):
                        engine.related(hit.id, depth=3, limit=1000, as_of=as_of)
                    continue
                article = engine.get(hit.id)
                near = {ref.id for ref in (*article.related, *article.cited_by)} & there
                found = engine.related(hit.id, depth=1, limit=1000, as_of=as_of).articles
                assert {one.article.id for one in found} == near - {hit.id}
            engine.close()

    def test_no_more_than_the_limit_are_listed_and_all_are_counted(self, tmp_path: Path) -> None:
        engine = build(
            tmp_path,
            [{"path": "a.md", "title": "a", "related": [cited(str(n), f"https://b.example/{n}") for n in range(9)]}],
        )
        found = engine.related("a.md", depth=1, limit=4)
        assert (found.total, len(found.articles)) == (9, 4)


class TestTerms:
    @settings(max_examples=40)
    @given(archives(), st.sampled_from(("kelp", "norb OR tarn", "")), st.sampled_from((None, "vost", "")))
    def test_counts_and_strengths_are_those_of_loops(
        self, files: list[dict[str, Any]], text: str, against: str | None
    ) -> None:
        articles = oracle.articles(files)
        hits = [one for one in articles.values() if not text or any(one.has(word) for word in text.split(" OR "))]
        others = [one for one in articles.values() if one not in hits and (not against or one.has(against))]
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            patch.setattr(typical, "SIGNIFICANT", 0.0)
            engine = built(folder, files)
            found = typical_terms(
                SearchRequest(text),
                engine._searcher,
                against=None if against is None else SearchRequest(against),
                limit=99,
                now=NOW,
            )
            engine.close()
        assert (found.total, found.others) == (len(hits), len(others))

        def own(one: oracle.Article) -> set[str]:
            words = {word for field in OWN for word in one.words(field)}
            return words - set(oracle.STOP_WORDS) - set(text.split(" OR "))

        assert plain(found.words) == expected(hits, others, own)
        assert plain(found.topics) == expected(hits, others, lambda one: set(one.topics))
        assert plain(found.providers) == expected(
            hits, others, lambda one: {one.provider.get("name") or one.provider.get("domain")} - {None}
        )
        assert [one.strength for one in found.words] == sorted((one.strength for one in found.words), reverse=True)

    def test_what_chance_explains_is_not_listed(self, tmp_path: Path) -> None:
        files = [
            {"path": f"{n}.md", "title": f"{'kelp' if n % 2 else 'norb'} {'tarn' if n < 9 else ''}"} for n in range(40)
        ]
        files += [{"path": f"x{n}.md", "title": "kelp vost"} for n in range(20)]
        found = build(tmp_path, files).terms(SearchRequest("kelp"), against=None, limit=10)
        assert [one.value for one in found.words] == ["vost"]

    def test_a_word_is_told_as_it_is_written_most_often(self, tmp_path: Path) -> None:
        files = [{"path": f"{n}.md", "title": "kelp studies" if n else "kelp study"} for n in range(9)]
        files += [{"path": f"x{n}.md", "title": "norb"} for n in range(20)]
        [word] = build(tmp_path, files).terms(SearchRequest("kelp"), against=None, limit=10).words
        assert (word.value, word.hits, word.others) == ("studies", 9, 0)

    def test_words_that_are_written_very_often_are_told_apart(self, tmp_path: Path) -> None:
        body = "studies " * 300 + "study " * 280
        files = [{"path": f"{n}.md", "title": "kelp", "body": body} for n in range(9)]
        files += [{"path": f"x{n}.md", "title": "norb"} for n in range(20)]
        files += [{"path": "y.md", "title": "norb", "body": "study"}]
        engine = build(tmp_path, files)
        assert [one.value for one in engine.terms(SearchRequest("kelp"), against=None, limit=10).words] == ["studies"]
        assert [one.text for one in engine.suggest("stud", limit=1, kinds=("word",))] == ["studies"]

    def test_hits_can_be_compared_with_what_another_request_finds(self, tmp_path: Path) -> None:
        files = [
            {"path": f"{n}.md", "title": f"kelp {'norb' if n < 9 else 'tarn'}", "date": "2020-05-01"} for n in range(18)
        ]
        files += [{"path": f"x{n}.md", "title": "kelp vost", "date": "2019-05-01"} for n in range(20)]
        other = SearchRequest("tarn", since="2020")
        found = build(tmp_path, files).terms(SearchRequest("norb"), against=other, limit=10)
        assert (found.total, found.others, found.against) == (9, 9, "tarn")
        assert found.against_parsed == "tarn date:2020-01-01T00:00:00Z.."

    def test_it_says_when_not_all_words_were_asked_for(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp norb"}, {"path": "b.md", "title": "norb"}])
        assert engine.terms(SearchRequest("kelp norb zeppelin"), against=None, limit=1).relaxed

    def test_it_says_when_there_is_nothing_to_compare_with(self, tmp_path: Path) -> None:
        engine = build(tmp_path, [{"path": "a.md", "title": "kelp"}])
        for against, said in [
            (None, "The query finds all articles, so there are no others to compare them with; ask for fewer."),
            (SearchRequest("date:1999"), "What the hits are to be compared with finds no article."),
            (SearchRequest("kelp"), "What the hits are to be compared with finds nothing but hits."),
        ]:
            assert engine.terms(SearchRequest(), against=against, limit=10).warnings == (said,)

    def test_two_segments_count_as_one(self, tmp_path: Path) -> None:
        files = [
            {"path": f"{n}.md", "title": "kelp tarn" if n < 6 else "norb", "topics": ["Law"] if n < 6 else []}
            for n in range(30)
        ]
        engine = build(tmp_path, files)
        update(engine, [{"path": "late.md", "title": "kelp tarn", "topics": ["law"]}])
        assert len(engine._searcher.snapshot.segments) == 2
        found = engine.terms(SearchRequest("kelp"), against=None, limit=10)
        assert [(one.value, one.hits) for one in (*found.words, *found.topics)] == [("law", 7), ("tarn", 7), ("Law", 7)]


def plain(terms: tuple[TypicalTerm, ...]) -> dict[str, Any]:
    return {one.value: (one.hits, one.others, pytest.approx(one.strength, abs=1e-6)) for one in terms}


def expected(hits: list[oracle.Article], others: list[oracle.Article], values: Any) -> dict[str, Any]:
    """What hits have more often, with Dunning's G² as the sum over the table's cells."""
    counts = [Counter(value for one in side for value in values(one)) for side in (hits, others)]
    n, m = len(hits), len(others)
    found = {}
    for value, a in counts[0].items():
        b = counts[1][value]
        if m and a >= LEAST and a * m > b * n:
            cells = ((a, n, a + b), (n - a, n, n + m - a - b), (b, m, a + b), (m - b, m, n + m - a - b))
            g2 = 2 * sum(o * math.log(o / (row * column / (n + m))) for o, row, column in cells if o)
            found[value] = (a, b, g2)
    return found
