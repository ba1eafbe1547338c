"""Stories against brute force: which articles are one, who leads them, what is told of them, and pages of them."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.engine.rules.stories import FEW, RARE
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.engine.whoosh.stories import components
from newsearch.items.ids import article_id, article_key
from newsearch.model import Hit, SearchResult
from tests import oracle
from tests.archive import NOW, Spec, build, cited, find, update
from tests.strategies import URLS, archives

COMMITTED = int(NOW.timestamp())
SPAN = 14 * 86_400

TITLES = (
    "kelp norb tarn vost brum",
    "brum the vost tarn norb kelp",
    "kelp norb tarn vost",
    "kelp norb tarn vost brum zorn",
    "kelp norb tarn glim fenk",
    "glim of fenk",
    "fenk glim",
    "zorn",
    "the",
)
"""Equal ones, near ones and others, in what they share and in which word of them is rare."""


@st.composite
def storied(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Archives of articles that may well be of one story: titles are alike and dates are near each other."""
    dates = st.none() | st.integers(1, 30).map("2020-09-{:02}".format)
    files = draw(archives())
    for file in files:
        for spec in (file, *file["related"]):
            spec["title"] = draw(st.sampled_from(TITLES))
            spec["date"] = draw(dates)
    return files


def story_sets(found: set[str], visible: dict[str, oracle.Article]) -> set[frozenset[str]]:
    """The stories of some visible articles, by the words of the guide."""
    links: list[tuple[str, str]] = []
    citing = {address: [other for other, one in visible.items() if address in one.cites] for address in visible}
    for address in found:
        gaps = {other: _gap(visible[address], visible[other]) for other in citing[address]}
        nearest = min(gaps, key=lambda other: (_known(gaps[other]), oracle.key(other)), default=None)
        for other, gap in gaps.items():
            if (gap is None or gap <= SPAN) and (len(gaps) <= FEW or other == nearest):
                links.append((other, address))
    terms = {
        address: words
        for address, one in visible.items()
        if one.date is not None and len(words := set(one.words("title")) - set(oracle.STOP_WORDS)) > 1
    }
    spread = Counter(word for words in terms.values() for word in words)
    for first, second in combinations(sorted(found & terms.keys()), 2):
        gap = _gap(visible[first], visible[second])
        if gap is not None and gap <= SPAN and _alike(terms[first], terms[second], spread):
            links.append((first, second))
    stories = {address: {address} for pair in links for address in pair} | {address: {address} for address in found}
    for first, second in links:
        joined = stories[first] | stories[second]
        for member in joined:
            stories[member] = joined
    return {frozenset(story & found) for story in stories.values() if story & found}


def _gap(one: oracle.Article, other: oracle.Article) -> int | None:
    return None if one.date is None or other.date is None else abs(one.date - other.date)


def _known(gap: int | None) -> float:
    return float("inf") if gap is None else gap


def _alike(first: set[str], second: set[str], spread: Counter[str]) -> bool:
    rarest = [min(words, key=lambda word: (spread[word], word)) for words in (first, second)]
    near = rarest[0] == rarest[1] and spread[rarest[0]] <= RARE
    return first == second or (near and 5 * len(first & second) >= 4 * len(first | second))


def provider_of(one: oracle.Article) -> str | None:
    return one.provider.get("domain") or one.provider.get("name")


@contextmanager
def in_parts(files: list[dict[str, Any]]) -> Iterator[WhooshEngine]:
    """An index that came about in two commits: some of it was written again, and something is gone."""
    gone: list[dict[str, Any]] = [
        {"path": f"gone-{number}.md", "title": TITLES[0], "date": "2020-09-15"} for number in range(3)
    ]
    gone[0]["related"] = [cited("kelp", url, date="2020-09-15") for url in URLS]
    before: list[Spec] = [{**files[0], "title": "glim", "date": None}, *files[1:], *gone]
    with tempfile.TemporaryDirectory() as folder:
        engine = build(folder, before)
        update(engine, files[:1], removed=[file["path"] for file in gone])
        try:
            yield engine
        finally:
            engine.close()


def members(hit: Hit) -> frozenset[str]:
    assert hit.story is not None
    return frozenset({hit.id, *(other.id for other in hit.story.others)})


def grouped(engine: WhooshEngine, text: str = "", **options: Any) -> SearchResult:
    return find(engine, text, group="story", **options)


class TestAgainstBruteForce:
    @settings(max_examples=60)
    @given(storied(), st.sampled_from((None, "kelp", "glim", "kelp fenk")), st.sampled_from((None, "2020-09-15")))
    def test_stories_are_those_of_the_guide(
        self, files: list[dict[str, Any]], text: str | None, as_of: str | None
    ) -> None:
        query = None if text is None else ("or", *(("word", word) for word in text.split()))
        answer = oracle.search(files, query, now=COMMITTED, as_of=as_of)
        expected = story_sets(set(answer.scores), answer.articles)
        with in_parts(files) as engine:
            result = grouped(engine, text.replace(" ", " OR ") if text else "", as_of=as_of)
            plain = [hit.id for hit in find(engine, text.replace(" ", " OR ") if text else "", as_of=as_of)]
        ids = {address: article_id(article_key(address)) for address in answer.articles}
        assert (result.total, result.stories) == (len(answer.scores), len(expected))
        by_leader = {}
        for story in expected:
            names = {ids[address] for address in story}
            by_leader[min(names, key=plain.index)] = story
        assert [hit.id for hit in result] == sorted(by_leader, key=plain.index)
        for hit in result:
            articles = [answer.articles[address] for address in by_leader[hit.id]]
            assert hit.story is not None
            assert hit.story.size == len(articles)
            assert hit.story.providers == len({provider_of(one) for one in articles} - {None})
            best = sorted((ids[one.address] for one in articles), key=plain.index)
            assert [other.id for other in hit.story.others] == best[1:10]
            dated = [one for one in articles if one.date is not None]
            first = min(dated, key=lambda one: (one.date, oracle.key(one.address)), default=None)
            assert (hit.story.first.id if hit.story.first else None) == (ids[first.address] if first else None)

    @settings(max_examples=20)
    @given(storied(), st.sampled_from(("relevance", "date", "quality")), st.integers(1, 3))
    def test_pages_of_stories_fit_together(self, files: list[dict[str, Any]], sort: str, limit: int) -> None:
        with in_parts(files) as engine:
            whole = grouped(engine, sort=sort)
            assert whole.stories is not None
            pages = [
                hit
                for offset in range(0, whole.stories, limit)
                for hit in grouped(engine, sort=sort, limit=limit, offset=offset)
            ]
            assert [(hit.id, hit.rank, members(hit)) for hit in pages] == [
                (hit.id, hit.rank, members(hit)) for hit in whole
            ]

    @settings(max_examples=20)
    @given(storied(), st.integers(1, 3), st.sampled_from((None, "story")), st.sampled_from((1, 2, 1000)))
    def test_no_provider_has_more_hits_than_it_may(
        self, files: list[dict[str, Any]], most: int, group: str | None, limit: int
    ) -> None:
        with in_parts(files) as engine:
            seen: Counter[str] = Counter()
            kept, passed = [], 0
            for hit in find(engine, group=group):
                name = None if hit.provider is None else hit.provider.domain or hit.provider.name
                if name is not None and seen[name] >= most:
                    passed += 1
                else:
                    seen[name or ""] += 1
                    kept.append(hit.id)
            found: list[str] = []
            for offset in range(0, len(kept) + 1, limit):
                page = find(engine, group=group, max_per_provider=most, limit=limit, offset=offset)
                assert (page.held_back, page.total) == (passed, find(engine).total)
                assert [hit.rank for hit in page] == list(range(offset + 1, offset + 1 + len(page)))
                found += [hit.id for hit in page]
            assert found == kept

    @given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30))
    def test_components_are_what_edges_connect(self, edges: list[tuple[int, int]]) -> None:
        labels = list(range(13))
        for _ in labels:
            for a, b in edges:
                labels[a] = labels[b] = min(labels[a], labels[b])
        left, right = (np.array([edge[side] for edge in edges], np.int64) for side in (0, 1))
        assert components(left, right, 13).tolist() == labels


DAY = "2020-09-15"


def sets(result: SearchResult) -> set[frozenset[str]]:
    """The titles of each story."""
    found = set()
    for hit in result:
        assert hit.story is not None
        found.add(frozenset({hit.title, *(other.title for other in hit.story.others)}))
    return found


def item(name: str, *cites: str, date: str = DAY, **fields: Any) -> Spec:
    return {
        "path": f"{name}.md",
        "url": f"https://paper.example/{name}",
        "title": name,
        "date": date,
        "related": [cited(other, f"https://paper.example/{other}", date=date) for other in cites],
        **fields,
    }


def test_two_segments_are_searched_as_one(tmp_path: Path) -> None:
    engine = build(tmp_path, [item(name) for name in ("kelp", "norb", "tarn", "vost", "brum")])
    update(engine, [item("fenk", "kelp", "norb")])
    assert len(engine._searcher.snapshot.segments) == 2
    assert frozenset({"fenk", "kelp", "norb"}) in sets(grouped(engine))


def test_a_landmark_does_not_join_the_stories_that_cite_it(tmp_path: Path) -> None:
    files = [item(name, "landmark", date=f"2020-09-1{number}") for number, name in enumerate("abcd")]
    files.append(item("landmark", date="2020-09-13"))
    assert sets(grouped(build(tmp_path, files))) == {
        frozenset({"a"}),
        frozenset({"b"}),
        frozenset({"c"}),
        frozenset({"d", "landmark"}),
    }


def test_articles_that_an_item_cites_are_one_story_although_it_was_not_found(tmp_path: Path) -> None:
    engine = build(tmp_path, [item("vost", "kelp norb", "kelp tarn")])
    assert sets(grouped(engine, "title:kelp", kind="related")) == {frozenset({"kelp norb", "kelp tarn"})}


def test_what_is_far_apart_in_time_is_not_one_story(tmp_path: Path) -> None:
    same = {"title": "kelp norb tarn"}
    files = [item("a", date="2020-09-01", **same), item("b", date="2020-09-15", **same), item("c", **same)]
    result = grouped(build(tmp_path, [files[0], {**files[2], "date": "2020-09-15T00:00:01Z"}]))
    assert result.stories == 2
    assert grouped(build(tmp_path / "near", files[:2])).stories == 1


def test_a_template_does_not_join_titles_of_different_names(tmp_path: Path) -> None:
    words = "fourth quarter net loss per share shown before taxes"
    titles = [f"{name} Inc {words}" for name in ("Kelp", "Norb", "Tarn")] + [f"Kelp {words}"]
    files = [item(str(number), title=title) for number, title in enumerate(titles)]
    assert sets(grouped(build(tmp_path, files))) == {
        frozenset({titles[0], titles[3]}),
        frozenset({titles[1]}),
        frozenset({titles[2]}),
    }


def test_a_story_names_nine_articles_beside_the_best_and_counts_all(tmp_path: Path) -> None:
    engine = build(tmp_path, [item("kelp", *(f"norb {number}" for number in range(20)))])
    [hit] = grouped(engine)
    assert hit.story is not None
    assert (hit.story.size, len(hit.story.others)) == (21, 9)


def test_a_search_that_groups_nothing_has_no_stories(tmp_path: Path) -> None:
    result = find(build(tmp_path, [item("kelp")]))
    assert (result.stories, result.held_back, result.hits[0].story) == (None, 0, None)


@pytest.mark.parametrize("text", ["", "kelp"])
def test_an_empty_index_has_no_stories(tmp_path: Path, text: str) -> None:
    assert grouped(build(tmp_path), text).stories == 0
