"""The judge of single articles: beside the oracle and the engine on random trees, and by hand where those cannot go."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsearch.items.ids import article_id, article_key
from newsearch.query import parse
from newsearch.query.ast import Node
from newsearch.query.judge import Article, Mode, matches
from tests import oracle
from tests.archive import NOW, build, find
from tests.judged import READING, judged, tokens
from tests.query.agree import found, found_by_auto
from tests.strategies import archives, signed_queries

MODES: st.SearchStrategy[Mode] = st.sampled_from(("all", "any"))
COMMITTED = int(NOW.timestamp())


def tree_of(text: str) -> Node:
    return parse(text, today=NOW).tree


def ids(addresses: Iterable[str]) -> set[str]:
    return {article_id(article_key(address)) for address in addresses}


class TestAgainstTheOracle:
    @settings(max_examples=300)
    @given(archives(), signed_queries(), MODES)
    def test_it_finds_what_the_oracle_finds(
        self, files: list[dict[str, Any]], query: oracle.Query, match: Mode
    ) -> None:
        answer = oracle.search(files, query, now=COMMITTED, match=match)
        assert found(tree_of(oracle.text_of(query)), judged(answer.articles), match) == ids(answer.scores)

    @settings(max_examples=150)
    @given(archives(), signed_queries())
    def test_the_parts_matched_decide_what_auto_takes(self, files: list[dict[str, Any]], query: oracle.Query) -> None:
        answer = oracle.search(files, query, now=COMMITTED, match="auto")
        assert found_by_auto(tree_of(oracle.text_of(query)), judged(answer.articles)) == ids(answer.scores)


class TestAgainstTheEngine:
    @settings(max_examples=25)
    @given(archives(), st.lists(st.tuples(signed_queries(), MODES), min_size=1, max_size=8))
    def test_it_finds_what_the_engine_finds(
        self, tmp_path_factory: pytest.TempPathFactory, files: list[dict[str, Any]], asked: list[tuple[Any, Mode]]
    ) -> None:
        engine = build(tmp_path_factory.mktemp("index"), files)
        articles = judged(oracle.articles(files))
        for query, match in asked:
            text = oracle.text_of(query)
            assert found(tree_of(text), articles, match) == {hit.id for hit in find(engine, text, match=match)}
        engine.close()


def article(*, title: str = "", topics: tuple[str, ...] = (), **facts: Any) -> Article:
    words = {"title": tokens([title]), "topics": tokens(topics)}
    address = facts.pop("address", "paper.example/1")
    return Article(words, "item", article_id(article_key(address)), address, **facts)


def holds(text: str, one: Article, match: Mode = "all") -> bool:
    return matches(tree_of(text), one, match=match, reading=READING)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("recogni*", "Facial Recognition"),
        ("RECOGNITIO*", "recognition"),
        ("zür*", "Zurich trams"),
        ("z?rich", "Zürich trams"),
        ("ibm*", "IBM's labs"),
        ("don't*", "dont"),
        ("c+?*", "C++ tooling"),
        ("1,0*", "1,000 trams"),
        ("?.5", "version 3.5"),
        ("u.n*", "the U.N."),
        ("*nition", "recognition"),
        ("re*og*on", "recognition"),
        ("th*", "the ban"),
        ("recogniton~1", "recognition"),
        ("recogntiion~1", "recognition"),
        ("zürihc~1", "Zurich"),
        ("bans~0", "bans"),
        ('"police facial"~3', "facial recognition by the police"),
        ('"ban ban"~2', "ban, the ban"),
        ("self-driving*", "self-driving cars"),  # two words: no pattern
        ("東京*", "東京の電車"),
        ("(ban OR car)^2", "a car"),
        ("ban -car^2", "a ban"),
        ("ban -(car tram)", "a ban on the car"),
        ("ban OR -(car tram)^2", "kelp"),
    ],
)
def test_a_sign_finds_words_as_written(text: str, title: str) -> None:
    assert holds(text, article(title=title))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("banning*", "bans"),  # stems are not looked at
        ("re?on", "recognition"),
        ("recogni?", "recognition"),
        ("recogniton~0", "recognition"),
        ("rcgniton~1", "recognition"),
        ("ab~2", "xy"),  # every character edited
        ("bans~0", "ban"),
        ('"police facial"~2', "facial recognition by the police"),
        ('"ban ban"~5', "the ban"),
        ("body:ban*", "bans"),
        ("ban -car^2", "a ban on the car"),
        ("ban -(car tram)", "a ban on the car and the tram"),
        ("ban OR -(car tram)^2", "car and tram"),
    ],
)
def test_a_sign_does_not_find(text: str, title: str) -> None:
    assert not holds(text, article(title=title))


def test_a_near_phrase_stays_in_one_value_of_a_field() -> None:
    assert not holds('topics:"driving ethics"~20', article(topics=("Self driving", "AI ethics")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the ban", True),
        ("the of", False),
        ("the", True),
        ("???", False),
        ("", True),
        ("-the", True),
        ("ban -the", True),
        ("id:" + article_id(article_key("paper.example/1"))[:5].upper(), True),
        ("url:http://www.paper.example/1/", True),
        ("url:nonsense", False),
        ("provider:www.salon.com", True),
        ("domain:Salon.com", True),
        ("path:a.md", True),
        ("quality:>=40", True),
        ("heat:>0", False),
        ("date:2020-09", True),
        ("has:related -has:image", True),
        ("is:related OR ban", True),
        ("is:related OR is:published", False),
    ],
)
def test_constraints_and_stop_words_are_judged_as_the_engine_does(text: str, expected: bool) -> None:
    one = article(
        title="The ban",
        quality=43,
        date=int(datetime(2020, 9, 13, tzinfo=UTC).timestamp()),
        cites=True,
        paths={"a.md"},
        keywords={"provider": {"salon", "salon.com"}, "domain": {"salon.com"}},
    )
    assert holds(text, one) is expected


def test_any_takes_one_of_the_words_and_every_constraint() -> None:
    one = article(title="ban", published=True)
    assert holds("ban car is:published", one, "any")
    assert not holds("ban car has:image", one, "any")
    assert not holds("ban AND car", one, "any")


def test_words_of_all_kinds_are_judged_as_they_are_searched(tmp_path: Path) -> None:
    titles = [
        "Łódź's tram: C++ in 2020",
        "THE U.S. AND US",
        "IBM's U.S. labs",
        "covid-19 apps",
        "火災で停止",
        "who won?",
    ]
    files = [{"path": f"{number}.md", "title": title} for number, title in enumerate(titles)]
    articles = [
        Article({"title": tokens([title])}, "item", article_id(article_key(f"path:{number}.md")), "")
        for number, title in enumerate(titles)
    ]
    engine = build(tmp_path, files)
    for text in ("lodz", "us", "US", "u.s.", "THE US", "covid-19", '"in 2020"', "火", "won?", "the us", "-ibm"):
        assert found(tree_of(text), articles, "all") == {hit.id for hit in find(engine, text, match="all")}, text


@pytest.mark.parametrize("match", ["all", "any"])
@pytest.mark.parametrize(
    "text",
    [
        "kelp -norb^2",
        "kelp -(norb tarn)",
        "kelp OR -(norb tarn)^2",
        '"kelp norb"~3',
        '"norb kelp norb"~4',
        '"kelp norb tarn"~40',
    ],
)
def test_weights_and_groups_after_a_minus_and_words_near_a_rare_one_are_as_in_the_engine(
    tmp_path: Path, text: str, match: Mode
) -> None:
    """The rare word stands among many of the other, far from most of them."""
    bodies = ["kelp", "norb", "kelp norb", "norb x kelp norb", "kelp tarn", "kelp norb tarn", "norb x x x x x x kelp"]
    bodies += ["norb x x x x x x x x " * 40 + "kelp x norb tarn", "norb x x x x x x x x x " * 40 + "x x x x kelp"]
    files: list[dict[str, Any]] = [
        {"path": f"{number}.md", "title": "x", "body": body} for number, body in enumerate(bodies)
    ]
    engine = build(tmp_path, files)
    expected = found(tree_of(text), judged(oracle.articles(files)), match)
    assert expected
    assert {hit.id for hit in find(engine, text, match=match)} == expected
