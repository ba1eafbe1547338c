"""What holds for a search, whatever holds the index; and that both engines answer alike, figure for figure."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from newsearch import wire
from newsearch.engine.base import Engine
from newsearch.engine.whoosh.engine import WhooshEngine
from newsearch.errors import QueryError
from newsearch.items.ids import article_id, article_key
from newsearch.model import FieldWeights, RankingSettings, SearchRequest, SeenMark
from tests import oracle
from tests.archive import NOW, Spec, cited, find, update
from tests.contract.engines import KINDS, Kind, opened
from tests.strategies import queries

WORDS = (
    *("kelp", "norb", "tarn", "vost", "brum", "fenk", "glim", "zorn", "the", "of", "and"),
    *("running", "runs", "runner", "harbour", "harbours", "harp", "U.S.", "us", "Zürich", "covid-19", "1,000", "東京"),
)
PROVIDERS: tuple[dict[str, str] | None, ...] = (
    {"name": "Salon", "domain": "salon.example"},
    {"name": "Globe", "domain": "www.globe.example"},
    {"name": "Bare"},
    {"domain": "nameless.example"},
    None,
)
SCALE = 1e-4
"""A score of the cluster is of 32 bits."""


@cache
def archive() -> tuple[Spec, ...]:
    """Some dozens of files that cite each other's articles."""
    dice = random.Random(7)

    def words(most: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(1, most)))

    def day() -> str | None:
        return dice.choice((None, f"2020-{dice.randint(1, 9):02}-{dice.randint(1, 28):02}"))

    def shared() -> dict[str, Any]:
        return {
            "title": words(6),
            "excerpt": words(12),
            "quality": dice.choice((None, -1, 0, 12, 43, 60, 80, 101, 189)),
            "provider": dice.choice(PROVIDERS),
            "type": dice.choice((None, "article", "video")),
        }

    files = []
    for number in range(48):
        related = [
            cited(url=f"https://r.example/{dice.randint(0, 30)}", date=day(), **shared())
            for _ in range(dice.randint(0, 4))
        ]
        files.append(
            {
                "path": f"{number % 5}/{number}.md",
                "url": f"https://i.example/{number}",
                **shared(),
                "body": words(200),
                "date": day(),
                "heat": dice.choice((None, -1, 3, 12)),
                "published": dice.choice((None, False, True)),
                "topics": dice.sample(("law", "Law", "AI", "computer vision", "Zürich"), k=dice.randint(0, 3)),
                "category": dice.choice((None, "tech", "world")),
                "images": dice.choice((None, [{"url": "https://i.example/p.png", "width": 4, "height": 3}])),
                "related": related,
            }
        )
    return tuple(files)


@pytest.fixture(scope="module", params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    kind: Kind = request.param
    with opened(kind, tmp_path_factory.mktemp("search")) as made:
        update(made, archive())
        yield made


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    """The same archive in a folder and on a cluster."""
    folder = tmp_path_factory.mktemp("pair")
    with opened("embedded", folder) as embedded, opened("cluster", folder) as cluster:
        for one in (embedded, cluster):
            update(one, archive()[:40], at=NOW - timedelta(days=3))
            update(one, archive()[40:])
        yield embedded, cluster


# --- Both, each by itself ---


def test_pages_fit_together(engine: Engine) -> None:
    whole = [hit.id for hit in find(engine, "kelp norb", match="any")]
    parts = [
        hit.id
        for start in range(0, len(whole), 7)
        for hit in find(engine, "kelp norb", match="any", offset=start, limit=7)
    ]
    assert parts == whole


@pytest.mark.parametrize(
    "filters", [{"kind": "item"}, {"since": "2020-05"}, {"min_quality": 43}, {"provider": "salon"}]
)
def test_no_filter_changes_a_score(engine: Engine, filters: dict[str, Any]) -> None:
    scores = {hit.id: hit.score for hit in find(engine, "kelp harbour")}
    filtered = {hit.id: hit.score for hit in find(engine, "kelp harbour", **filters)}
    assert filtered
    assert filtered == pytest.approx({identity: scores[identity] for identity in filtered}, abs=SCALE)


def test_a_facet_counts_what_its_filter_finds(engine: Engine) -> None:
    fields = ("provider", "topic", "type", "kind", "quality", "year", "month")
    result = find(engine, "kelp", limit=0, facets=fields)
    for values in result.facets.values():
        for value in values:
            assert find(engine, f"kelp {value.filter}", limit=0).total == value.count, value


def test_a_timeline_counts_every_match(engine: Engine) -> None:
    result = find(engine, "kelp", limit=0, timeline="week")
    assert result.timeline is not None
    assert sum(bucket.count for bucket in result.timeline.buckets) + result.timeline.undated == result.total


def test_an_explanation_adds_up_to_the_score(engine: Engine) -> None:
    for hit in find(engine, '"kelp norb" OR runn*^2 OR harbr~2', limit=5, explain=True):
        assert hit.explanation is not None
        assert hit.explanation.value == pytest.approx(hit.score, abs=SCALE)


def test_of_a_provider_a_page_has_so_many_and_says_how_many_it_held_back(engine: Engine) -> None:
    everything = find(engine, "")
    capped = find(engine, "", max_per_provider=2)
    assert len(capped.hits) + capped.held_back == len(everything.hits)


def test_what_came_in_since_is_what_a_mark_has_not_seen(engine: Engine) -> None:
    first = find(engine, "kelp", arrived=SeenMark())
    assert first.total == find(engine, "kelp").total
    assert first.seen is not None
    assert find(engine, "kelp", arrived=first.seen).total == 0


def test_an_option_that_makes_no_sense_is_refused(engine: Engine) -> None:
    with pytest.raises(QueryError):
        engine.search(SearchRequest(facets=("colour",)))


# --- Both against the plain reference ---


def scored(engine: Engine, text: str, **options: Any) -> dict[str, float]:
    return {hit.id: hit.score for hit in find(engine, text, **options)}


@cache
def plain_archive() -> tuple[Spec, ...]:
    """Files of the words that the reference knows."""
    dice = random.Random(11)

    def words(most: int) -> str:
        return " ".join(dice.choices((*oracle.WORDS[:5], *oracle.WORDS, *oracle.STOP_WORDS), k=dice.randint(1, most)))

    return tuple(
        {
            "path": f"{number}.md",
            "url": f"https://i.example/{number}",
            "title": words(5),
            "excerpt": words(8),
            "body": words(20),
            "date": dice.choice((None, f"2020-0{dice.randint(1, 9)}-11T12:00:00Z")),
            "quality": dice.choice((None, 0, 43, 80, 189)),
            "related": [
                cited(words(5), f"https://r.example/{dice.randint(0, 20)}", excerpt=words(6))
                for _ in range(dice.randint(0, 3))
            ],
        }
        for number in range(40)
    )


@pytest.fixture(scope="module", params=KINDS)
def plain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    kind: Kind = request.param
    with opened(kind, tmp_path_factory.mktemp("plain")) as made:
        update(made, plain_archive())
        yield made


@settings(max_examples=40)
@given(query=queries())
def test_a_search_finds_and_scores_as_the_formula_says(plain: Engine, query: oracle.Query) -> None:
    answer = oracle.search(plain_archive(), query, now=int(NOW.timestamp()))
    wanted = {article_id(article_key(address)): score for address, score in answer.scores.items()}
    assert scored(plain, oracle.text_of(query)) == pytest.approx(wanted, abs=SCALE)


# --- The one against the other ---

TEXTS = (
    *("kelp", "kelp norb", '"kelp norb"', "kelp -norb", "kelp OR norb^3", "title:kelp", "body:harbour", "topics:law"),
    *(
        "us",
        "US",
        "U.S.",
        "zurich",
        "covid-19",
        "1000",
        "東京",
        "the of",
        "the",
        "???",
        "",
        "-kelp",
        "runn*",
        "*arbour",
    ),
    *("h?rp", "harbr~1", "harbuor~2", "kelp norb zzz", "zzz", "topic:law", "topic:zurich", "provider:salon.example"),
    *("provider:globe.example", "provider:bare", "domain:globe.example", "type:video", "category:tech", "is:item"),
    *("is:related kelp", "is:published", "has:image", "has:related", "quality:>=60", "quality:12..80 kelp", "heat:>0"),
    *(
        "date:2020-05",
        "date:2020-03..2020-06 tarn",
        "url:https://i.example/3",
        "id:0",
        "path:1/6.md",
        "kelp (norb OR is:item)",
    ),
    *(
        "(kelp norb)^2 tarn",
        "kelp kelp norb",
        "topic:lwa",
        "provider:saln",
        "kepl",
        "harbor norb",
        "excerpt:runs related:tarn",
    ),
)
OPTIONS: tuple[dict[str, Any], ...] = (
    {"explain": True},
    {"match": "any"},
    {"match": "all"},
    {"sort": "date"},
    {"sort": "quality"},
    {"sort": "heat", "limit": 5, "offset": 3},
    {"as_of": "2020-05-15", "facets": ("provider", "topic", "kind", "year"), "timeline": "month"},
    {"as_of": "latest"},
    {"facets": ("provider", "topic:2", "type", "kind", "quality", "year", "month:3"), "timeline": "day"},
    {"since": "2020-03", "until": "2020-08", "kind": "related"},
    {"max_per_provider": 1},
)


def answered(engine: Engine, request: SearchRequest) -> dict[str, Any]:
    """The JSON of an answer, each value by where it stands, without what is of the moment."""
    return dict(leaves(wire.search_to_dict(engine.search(request)) | {"took_ms": None}, ""))


def leaves(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, f"{place}/{key}")
    else:
        yield place, value


def assert_alike(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """The same values at the same places, scores to four decimals."""
    figures = {place for place, value in wanted.items() if isinstance(value, float)}
    assert {place: value for place, value in found.items() if place not in figures} == {
        place: value for place, value in wanted.items() if place not in figures
    }
    assert {place: found[place] for place in figures} == pytest.approx(
        {place: wanted[place] for place in figures}, abs=SCALE
    )


@pytest.mark.parametrize("text", TEXTS)
def test_both_engines_give_the_same_answer(pair: tuple[Engine, Engine], text: str) -> None:
    request = SearchRequest(text, limit=30)
    embedded, cluster = pair
    assert_alike(answered(cluster, request), answered(embedded, request))


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_both_engines_take_the_same_options(pair: tuple[Engine, Engine], options: dict[str, Any]) -> None:
    request = replace(SearchRequest("kelp runs", limit=30), **options)
    embedded, cluster = pair
    assert_alike(answered(cluster, request), answered(embedded, request))


@pytest.mark.parametrize(
    "ranking",
    [
        RankingSettings(quality_weight=0.4, recency_weight=0.5, half_life=30),
        RankingSettings(k1=2.0, b=0.2, weights=FieldWeights(title=5, excerpt=0, body=0.3)),
        RankingSettings(b=1.0, quality_weight=0, recency_weight=0),
    ],
    ids=("weights", "fields", "b is 1"),
)
def test_both_engines_rank_by_the_same_settings(ranking: RankingSettings, tmp_path: Path) -> None:
    request = SearchRequest("kelp the runs", limit=30, explain=True)
    with (
        opened("embedded", tmp_path, settings=ranking) as embedded,
        opened("cluster", tmp_path, settings=ranking) as cluster,
    ):
        for one in (embedded, cluster):
            update(one, archive()[:12])
        assert_alike(answered(cluster, request), answered(embedded, request))


def test_words_near_each_other_are_found_alike_and_a_warning_says_that_they_count_otherwise(
    pair: tuple[Engine, Engine],
) -> None:
    for text in ('"kelp norb"~3', '"kelp kelp norb"~4', '"harbour runs tarn"~8'):
        embedded, cluster = (find(one, text) for one in pair)
        assert {hit.id for hit in cluster} == {hit.id for hit in embedded}
        assert any("near each other" in warning for warning in cluster.warnings)


def test_both_engines_find_the_same_articles_from_one_on(pair: tuple[Engine, Engine]) -> None:
    embedded, cluster = pair
    for hit in find(embedded, "harbour", limit=3):
        assert cluster.get(hit.id) == embedded.get(hit.id)
        for depth in (1, 2, 3):
            assert cluster.related(hit.id, depth=depth, limit=30) == embedded.related(hit.id, depth=depth, limit=30)
        alike = [one.similar(hit.id, SearchRequest(limit=10)) for one in pair]
        assert alike[0].request == alike[1].request
        assert [one.id for one in alike[0]] == [one.id for one in alike[1]]


def test_both_engines_complete_alike(pair: tuple[Engine, Engine]) -> None:
    for prefix in ("ke", "kelp no", "law", "sal", "glo", ""):
        kinds = ("word", "topic", "provider")
        embedded, cluster = (one.suggest(prefix, limit=10, kinds=kinds) for one in pair)  # type: ignore[arg-type]
        assert [(one.kind, one.count) for one in cluster] == [(one.kind, one.count) for one in embedded]


def test_both_engines_tell_the_same_stories(pair: tuple[Engine, Engine]) -> None:
    request = SearchRequest("kelp", group="story", limit=20)
    embedded, cluster = (one.search(request) for one in pair)
    assert [(hit.id, hit.story) for hit in cluster] == [(hit.id, hit.story) for hit in embedded]
    assert cluster.stories == embedded.stories


@pytest.mark.parametrize("text", ["topic:law", "ke*", "topic:law tarn"])
def test_both_engines_find_the_same_typical(pair: tuple[Engine, Engine], text: str) -> None:
    request = SearchRequest(text)
    embedded, cluster = (one.terms(request, against=None, limit=10) for one in pair)
    assert [one.strength for one in cluster.words] == pytest.approx([one.strength for one in embedded.words])
    assert cluster.topics == embedded.topics
    assert cluster.providers == embedded.providers


def test_the_embedded_engine_is_what_the_others_are_compared_with(pair: tuple[Engine, Engine]) -> None:
    assert isinstance(pair[0], WhooshEngine)


def test_both_engines_leave_out_what_only_holds_a_sentence_together(pair: tuple[Engine, Engine]) -> None:
    text = "what has the kelp to do with norb and harbour and their tarn"
    embedded, cluster = pair
    wanted = answered(embedded, SearchRequest(text, limit=50, explain=True))
    assert_alike(answered(cluster, SearchRequest(text, limit=50, explain=True)), wanted)
    assert "what" not in embedded.search(SearchRequest(text)).parsed


@pytest.mark.parametrize("text", ["provider:salom", "topic:zurch", "provider:later", "topic:bare"])
def test_both_engines_give_the_same_hints(pair: tuple[Engine, Engine], text: str) -> None:
    embedded, cluster = pair
    for request in (SearchRequest(text), SearchRequest(text, as_of="2020-03-01")):
        assert cluster.search(request).warnings == embedded.search(request).warnings


def test_both_engines_count_values_with_control_characters_alike(tmp_path: Path) -> None:
    files: list[Spec] = [
        {"path": "a.md", "title": "Kelp", "topics": ["harbour\x0bban"], "provider": {"name": "Sal\tor"}},
        {"path": "b.md", "title": "Kelp", "topics": ["Harbour ban"], "type": "long\x0cread"},
    ]
    with opened("embedded", tmp_path) as embedded, opened("cluster", tmp_path) as cluster:
        for one in (embedded, cluster):
            update(one, files)
        request = SearchRequest("kelp", facets=("topic", "provider", "type"))
        assert cluster.search(request).facets == embedded.search(request).facets
        for value in (value for found in embedded.search(request).facets.values() for value in found):
            assert find(cluster, value.filter).total == find(embedded, value.filter).total == value.count
