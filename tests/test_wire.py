"""The JSON contract: what is written is what the schema says, and a search result can be read back."""

import json
from contextlib import chdir
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import newsearch
from newsearch import wire
from newsearch.errors import ItemError
from newsearch.library import NewsIndex
from newsearch.model import (
    Article,
    ArticleRef,
    Diagnosis,
    Explanation,
    FacetValue,
    Finding,
    Hit,
    IndexState,
    MatchPlace,
    Provider,
    SearchRequest,
    SearchResult,
    Snippet,
    Story,
    SyncReport,
)
from tests.archive import Archive, cited
from tests.cli.command import indexed, run

DATE = datetime(2020, 9, 13, 12, 8, tzinfo=UTC)

HIT = Hit(
    id="k3v9q2t7rwqsa",
    short_id="k3v9q2",
    rank=1,
    score=0.1 + 0.2,
    kind="item",
    title="Harbour ban",
    excerpt="The port says no.",
    url="https://post.example/ban",
    path="ban.md",
    date=DATE,
    provider=Provider("Harbour Post", None),
    type="article",
    quality=43,
    heat=None,
    published=False,
    topics=("Law",),
    highlights={"title": ((0, 7), (8, 11))},
    matched_in=(MatchPlace("title"), MatchPlace("related", "abc", "Follow-up")),
    cited_by=(ArticleRef("def", "Review"),),
    explanation=Explanation(0.3, "score", "sum", (Explanation(0.3, "quality", facts={"used": 43}),)),
    snippet=Snippet("the harbour", "body", 700, ((4, 11),), more=True),
    story=Story(3, 2, ArticleRef("abc", "First", date=DATE), (ArticleRef("abc", "First", date=DATE),)),
)
RESULT = SearchResult(
    request=SearchRequest("harbour", limit=5, offset=20, match="any", group="story", explain=True),
    parsed="harbour",
    relaxed=True,
    as_of=DATE,
    total=37,
    took_ms=0.4,
    index=IndexState(43, 118, DATE),
    hits=(HIT,),
    warnings=("No article has the topic laww.",),
    suggestion="harbour law",
    stories=30,
    held_back=4,
)


def fits(document: Any) -> bool:
    """Whether the schema takes a document; what it was makes no difference to JSON's own reader."""
    jsonschema.Draft202012Validator(wire.schema(), format_checker=jsonschema.FormatChecker()).validate(
        json.loads(json.dumps(document, allow_nan=False))
    )
    return True


# --- The search result ---


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(wire.schema())


def test_a_search_result_has_the_keys_of_the_contract_in_its_order() -> None:
    document = wire.search_to_dict(RESULT)
    assert " ".join(document) == (
        "version query total offset limit took_ms index hits facets suggestion warnings stories held_back"
    )
    assert " ".join(document["query"]) == "text parsed match relaxed as_of"
    assert " ".join(document["hits"][0]) == (
        "id rank score kind title excerpt url path date provider type quality heat published topics highlights "
        "matched_in cited_by snippet explain story"
    )
    assert fits(document)


def test_what_was_not_asked_for_is_not_there() -> None:
    plain = replace(RESULT, stories=None, held_back=0, hits=(replace(HIT, story=None),))
    document = wire.search_to_dict(plain)
    assert not {"stories", "held_back", "timeline", "story"} & {*document, *document["hits"][0]}
    assert fits(document)
    capped = wire.search_to_dict(replace(plain, request=SearchRequest(max_per_provider=1)))
    assert capped["held_back"] == 0
    assert fits(capped)


def test_the_values_of_a_hit_are_those_of_the_contract() -> None:
    [hit] = wire.search_to_dict(RESULT)["hits"]
    assert (hit["score"], hit["date"]) == (0.30000000000000004, "2020-09-13T12:08:00Z")
    assert (hit["provider"], hit["heat"]) == ({"name": "Harbour Post", "domain": None}, None)
    assert hit["highlights"] == {"title": [[0, 7], [8, 11]]}
    assert hit["matched_in"] == [{"field": "title"}, {"field": "related", "id": "abc", "title": "Follow-up"}]
    assert hit["cited_by"] == [{"id": "def", "title": "Review"}]


def test_times_are_in_utc_and_the_time_taken_is_rounded() -> None:
    east = datetime(2020, 9, 13, 14, 8, tzinfo=timezone(timedelta(hours=2)))
    document = wire.search_to_dict(replace(RESULT, as_of=east, took_ms=0.123456))
    assert (document["query"]["as_of"], document["took_ms"]) == ("2020-09-13T12:08:00Z", 0.123)


def test_a_year_of_three_digits_is_written_with_four() -> None:
    assert wire.search_to_dict(replace(RESULT, as_of=datetime(800, 12, 25, tzinfo=UTC)))["query"]["as_of"] == (
        "0800-12-25T00:00:00Z"
    )


def fits_as_line(line: Any) -> bool:
    schema = {**wire.schema(), "oneOf": [{"$ref": "#/$defs/line"}]}
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(line)
    return True


def test_the_lines_of_a_search_result_are_its_hits_and_not_its_facets() -> None:
    document = wire.search_to_dict(replace(RESULT, facets={"topic": (FacetValue("Law", 3, "topic:Law"),)}))
    assert list(wire.lines(document)) == document["hits"]
    assert all(map(fits_as_line, wire.lines(document)))


def test_the_lines_of_a_run_are_what_it_skipped_and_remarked_on() -> None:
    skipped, remark = ItemError("no front matter", path="a.md"), ItemError("no date", path="b.md", line=3)
    report = SyncReport(1, 0, 0, 0, 0, 1, 1, 0.5, skipped=(skipped,), remarks=(remark,))
    found = list(wire.lines(wire.report_to_dict(report)))
    assert [(line["kind"], line["path"], line["line"]) for line in found] == [
        ("skipped", "a.md", None),
        ("remark", "b.md", 3),
    ]
    assert all(map(fits_as_line, found))


def test_a_finding_without_places_is_one_line() -> None:
    found = Diagnosis("index", 1, 0, (Finding("damage", "version", "Another version made it."),))
    [line] = wire.lines(wire.diagnosis_to_dict(found))
    assert (line["check"], line["place"], line["path"]) == ("version", None, None)
    assert fits_as_line(line)


def test_what_is_no_document_has_no_lines() -> None:
    with pytest.raises(ValueError, match="not a document"):
        list(wire.lines({"version": 1}))


def test_a_result_read_back_is_the_same() -> None:
    again = wire.search_from_dict(json.loads(json.dumps(wire.search_to_dict(RESULT))))
    assert again == replace(RESULT, hits=(replace(HIT, short_id=HIT.id),))


TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
NUMBERS = st.none() | st.integers(-(10**6), 10**6)
HITS = st.builds(
    replace,
    st.just(replace(HIT, short_id=HIT.id)),
    rank=st.integers(1, 10**6),
    score=st.floats(0, 1),
    kind=st.sampled_from(["item", "related"]),
    title=TEXTS,
    url=st.none() | TEXTS,
    date=MOMENTS,
    provider=st.none() | st.builds(Provider, st.none() | TEXTS, st.none() | TEXTS),
    quality=NUMBERS,
    heat=NUMBERS,
    published=st.none() | st.booleans(),
    topics=st.lists(TEXTS, max_size=3).map(tuple),
    explanation=st.none() | st.just(HIT.explanation),
)


@given(st.lists(HITS, max_size=3).map(tuple), MOMENTS, TEXTS)
def test_any_result_fits_the_schema_and_survives_the_way_there_and_back(
    hits: tuple[Hit, ...], as_of: datetime | None, text: str
) -> None:
    request = SearchRequest(text, group="story", explain=any(hit.explanation for hit in hits))
    result = replace(RESULT, request=request, hits=hits, as_of=as_of)
    document = json.loads(json.dumps(wire.search_to_dict(result)))
    assert fits(document)
    assert wire.search_from_dict(document) == result


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_version_is_refused(version: object) -> None:
    with pytest.raises(ValueError, match="version"):
        wire.search_from_dict({**wire.search_to_dict(RESULT), "version": version})


@pytest.mark.parametrize("key", ["query", "total", "hits", "index", "warnings"])
def test_what_is_no_search_result_is_refused(key: str) -> None:
    document = wire.search_to_dict(RESULT)
    del document[key]
    with pytest.raises(ValueError, match="not a search result"):
        wire.search_from_dict(document)


def test_facts_become_what_json_has() -> None:
    facts = {"tf": np.int64(2), "length": np.float64(0.5), "on": DATE, "fields": {1: (1, 2)}, "path": Path("a")}
    hit = replace(HIT, explanation=Explanation(1.0, "x", facts=facts))
    document = json.loads(json.dumps(wire.search_to_dict(replace(RESULT, hits=(hit,)))))
    assert document["hits"][0]["explain"]["facts"] == {
        "tf": 2,
        "length": 0.5,
        "on": "2020-09-13T12:08:00Z",
        "fields": {"1": [1, 2]},
        "path": "a",
    }


# --- The schema finds mistakes ---


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"total": -1},
        {"surprise": 1},
        {"took_ms": "0.4"},
        {"hits": [{"id": "abc"}]},
        {"index": {"items": 1, "articles": 1, "updated": "2020-09-13"}},
    ],
)
def test_the_schema_refuses_what_the_contract_does_not_have(change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        fits({**wire.search_to_dict(RESULT), **change})


def test_the_schema_has_room_for_what_other_faces_know() -> None:
    document = wire.search_to_dict(RESULT)
    document["index"]["stale"] = True
    document["facets"] = {"provider": [{"value": "post.example", "count": 3}]}
    document["suggestion"] = "harbor"
    assert fits(document)


# --- The other documents ---


def test_a_report_names_what_was_skipped() -> None:
    skipped = (ItemError("it is not YAML.", path="bad.md", line=3), ItemError("it is empty.", path="empty.md"))
    report = SyncReport(1, 2, 3, 4, 5, 6, 7, 0.12345, skipped=skipped)
    document = wire.report_to_dict(report)
    assert document["report"]["seconds"] == 0.123
    assert document["report"]["skipped"] == [
        {"path": "bad.md", "line": 3, "reason": "it is not YAML."},
        {"path": "empty.md", "line": None, "reason": "it is empty."},
    ]
    assert fits(document)


def test_an_article_of_which_little_is_known_fits_the_schema() -> None:
    assert fits(wire.article_to_dict(Article(id="abc", address="path:a.md", kind="item", title="")))


def test_settings_carry_their_origins() -> None:
    document = wire.settings_to_dict(
        {"index": "index", "exclude": ("a",)}, {"index": "--index", "exclude": "default"}, None
    )
    assert document["settings"] == {
        "index": {"value": "index", "origin": "--index"},
        "exclude": {"value": ["a"], "origin": "default"},
    }
    assert fits(document)


# --- What the commands print ---


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wire")
    archive = Archive(folder / "archive")
    archive.deliver(
        title="Harbour \x1b[31mban",
        path="ban.md",
        date="2020-09-13",
        updated="2020-09-14",
        quality=43,
        heat=-1,
        published=True,
        topics=["Law"],
        provider={"name": "Harbour Post"},
        images=["https://post.example/i.jpg", {"url": "https://post.example/j.jpg", "width": 8, "height": 6}],
        related=[cited("Harbour follow-up", "https://b.example/2", provider={"domain": "b.example"})],
        body="Body.",
    )
    archive.write("bad.md", "---\ntitle: [unclosed\n---\n")
    return indexed(archive.folder, folder / "index")


@pytest.mark.parametrize(
    "words",
    [
        ["query", "harbour", "--json"],
        ["query", "harbour", "zeppelin", "titel:x", "--json", "--explain", "--as-of", "latest"],
        ["query", "zeppelin", "--topic", "laww", "--json"],
        ["query", "harbour", "--group", "story", "--max-per-provider", "1", "--json"],
        ["similar", "ban.md", "--group", "story", "--json"],
        ["related", "ban.md", "--depth", "2", "--json"],
        ["terms", "harbour", "--json"],
        ["terms", "harbour", "--against", "body:body", "--json"],
        ["show", "ban.md", "--json"],
        ["show", "https://b.example/2", "--json"],
        ["query", "harbour", "--facet", "provider", "--facet", "quality", "--facet", "month:3", "--json"],
        ["count", "harbour", "--json"],
        ["facets", "provider", "--json"],
        ["facets", "year", "zeppelin", "--json"],
        ["timeline", "--by", "week", "--json"],
        ["topics", "law", "--json"],
        ["providers", "--json"],
        ["stats", "--json"],
        ["config", "--json"],
    ],
)
def test_what_a_command_prints_fits_the_schema(index: Path, words: list[str]) -> None:
    outcome = run(*words, "--index", index)
    assert outcome.code == 0, outcome.err
    assert fits(json.loads(outcome.out))


def test_saved_queries_and_what_is_new_fit_the_schema(index: Path, tmp_path: Path) -> None:
    with chdir(tmp_path):
        assert fits(json.loads(run("saved", "--json").out))
        run("save", "port", "harbour", "--min-quality", "3", "--since", "7y")
        for words in (["new", "port", "--peek"], ["saved"], ["new", "port"], ["new", "port"], ["saved"]):
            assert fits(json.loads(run(*words, "--json", "--index", index).out))


def test_a_result_with_facets_and_a_timeline_is_read_back(index: Path) -> None:
    with newsearch.open(index) as opened:
        result = opened.search(facets=("provider", "quality"), timeline="month")
    document = json.loads(json.dumps(wire.search_to_dict(result)))
    assert fits(document)
    back = wire.search_from_dict(document)
    assert (back.facets, back.timeline) == (result.facets, result.timeline)


def test_figures_of_no_timeline_are_no_timeline() -> None:
    with pytest.raises(ValueError, match="no timeline"):
        wire.timeline_to_dict(RESULT)


def test_the_report_of_a_run_fits_the_schema(index: Path) -> None:
    archive = index.parent / "archive"
    assert fits(json.loads(run("index", archive, "--rebuild", "--json", "--index", index.parent / "other").out))


def test_an_empty_index_fits_the_schema(tmp_path: Path) -> None:
    with NewsIndex.create(tmp_path / "index") as index:
        assert fits(wire.search_to_dict(index.search("harbour")))
        assert fits(wire.stats_to_dict(index.stats()))


class TestAnything:
    def test_whatever_comes_back_is_written_as_the_command_line_writes_it(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("Harbour bans cameras", related=[cited("Cameras return", "https://b.example/r")])
        with NewsIndex.create(tmp_path / "index") as index:
            report = index.sync(archive.folder)
            result = index.search("cameras", explain=True, group="story", facets=("kind",), timeline="day")
            article = index.get(result.hits[0].id)
            shapes: list[Any] = [
                result,
                article,
                index.related(article.id),
                index.terms("cameras"),
                index.stats(),
                report,
            ]
        for value in (*shapes, NewsIndex.check(tmp_path / "index")):
            jsonschema.validate(newsearch.to_dict(value), wire.schema())
        assert newsearch.to_dict(result) == wire.search_to_dict(result)
        assert [newsearch.to_dict(hit) for hit in result] == newsearch.to_dict(result)["hits"]

    def test_without_paths_no_file_is_named_and_the_schema_is_kept(self, tmp_path: Path) -> None:
        archive = Archive(tmp_path / "data")
        archive.deliver("Harbour bans cameras", path="2020/harbour.md", url=None)
        with NewsIndex.create(tmp_path / "index") as index:
            index.sync(archive.folder)
            result = index.search()
            article = index.get("2020/harbour.md")
        for value in (result, article):
            document = newsearch.to_dict(value, paths=False)
            jsonschema.validate(document, wire.schema())
            assert "harbour.md" not in json.dumps(document)
            assert "harbour.md" in json.dumps(newsearch.to_dict(value))

    def test_of_nothing_else_there_is_json(self) -> None:
        with pytest.raises(TypeError, match="there is no JSON of a str"):
            newsearch.to_dict("text")  # type: ignore[arg-type]


# --- Whatever comes back ---


def test_a_part_is_written_as_it_stands_in_its_document(tmp_path: Path) -> None:
    with newsearch.NewsIndex.create(tmp_path / "index") as index:
        index.sync_items([{"title": "kelp", "topics": ["Sea"], "publishedDateTime": "2020-09-13"}], source="cms")
        result = index.search(facets=("topic",), timeline="month")
        whole = wire.to_dict(result)
        assert [wire.to_dict(value) for value in index.facets("topic")] == whole["facets"]["topic"]
        assert wire.to_dict(index.timeline()) == whole["timeline"]
        assert [wire.to_dict(hit) for hit in result] == whole["hits"]
        completions = index.suggest("ke")
        values = wire.completions_to_dict("ke", completions)["completions"]["values"]
        assert [wire.to_dict(one) for one in completions] == values


def test_what_is_about_files_is_not_written_without_them(tmp_path: Path) -> None:
    with newsearch.NewsIndex.create(tmp_path / "index") as index:
        report = index.sync_items([{"webUrl": "https://paper.example/untitled"}], source="cms")
        for value in (report, index.stats(), newsearch.NewsIndex.check(tmp_path / "index")):
            with pytest.raises(ValueError, match="is about files"):
                wire.to_dict(value, paths=False)
