"""What the API answers, and what it refuses."""

import gzip
import json
from datetime import datetime, tzinfo
from pathlib import Path
from urllib.parse import quote

import jsonschema
import pytest

from newsearch import wire
from newsearch.requests import MAX_REFERENCE
from tests.archive import build, update
from tests.web.client import ITEMS, client

from starlette.testclient import TestClient  # isort: skip - after what skips without the extra
from newsearch.web import application, questions  # isort: skip

VERSION = wire.schema()


def valid(document: dict[str, object]) -> dict[str, object]:
    jsonschema.validate(document, VERSION)
    return document


@pytest.mark.parametrize(
    "address",
    [
        "/api/search",
        "/api/search?q=ban&facet=provider&facet=month:3&timeline=year&explain=true&group=story",
        "/api/search?q=ban&limit=1&offset=1&sort=date&match=any&since=2020&until=2021&kind=item",
        "/api/facets?field=topic&q=ban",
        "/api/timeline?interval=week",
        "/api/suggest?prefix=har&kind=word",
    ],
)
def test_answers_are_of_the_wire_contract(tmp_path: Path, address: str) -> None:
    with client(tmp_path) as web:
        answer = web.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        valid(answer.json())


def test_an_article_is_found_by_id_by_its_beginning_and_by_address(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        whole = web.get("/api/search?q=title:harbour").json()["hits"][0]["id"]
        address = quote("https://post.example/ban", safe="")
        found = [web.get(f"/api/articles/{name}").json() for name in (whole, whole[:6], address)]
        assert {valid(one)["article"]["id"] for one in found} == {whole}  # type: ignore[index]
        related = valid(web.get(f"/api/articles/{address}/related").json())
        assert related["relations"]["articles"][0]["article"]["title"] == "Ferries protest"  # type: ignore[index]
        valid(web.get(f"/api/articles/{whole}/similar?limit=3").json())


def test_no_file_path_leaves_unless_paths_are_allowed(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        identity = next(hit["id"] for hit in web.get("/api/search?q=plan").json()["hits"])
        addresses = [
            f"/api/articles/{identity}", "/api/search?q=ban&explain=1", f"/api/articles/{identity}/similar",
            f"/api/articles/{identity}/related", "/feed.atom", "/feed.json", "/openapi.json", "/healthz",
        ]  # fmt: skip
        for address in addresses:
            assert "secret" not in web.get(address).text, address
        article = valid(web.get(addresses[0]).json())["article"]
        assert article["path"] is None  # type: ignore[index]
        assert article["address"] is None  # type: ignore[index]
    with client(tmp_path / "open", paths=True) as web:
        assert web.get("/api/search?q=plan").json()["hits"][0]["path"] == "secret/plan.md"
        assert web.get("/api/articles/secret/plan.md").json()["article"]["address"] == "path:secret/plan.md"


@pytest.mark.parametrize("reference", ["secret/plan.md", "path:secret/plan.md", "secret/none.md", "../../etc/passwd"])
def test_whether_there_is_a_file_is_not_told(tmp_path: Path, reference: str) -> None:
    with client(tmp_path) as web:
        answer = web.get(f"/api/articles/{quote(reference, safe='')}")
        assert answer.status_code == 404
        assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("limit=1001", "limit", "from 0 to 1,000"),
        ("limit=ten", "limit", '"ten"'),
        ("limit=٣", "limit", "whole number"),
        ("limit=", "limit", "whole number"),
        ("offset=-1", "offset", "from 0 to 1,000,000"),
        ("limt=3", "limt", "the nearest is limit"),
        ("sort=dates", "sort", "the nearest is date"),
        ("since=bogus", "since", "Write a date as"),
        ("since=2021&until=2020", "since", "later than until"),
        ("facet=provder", "facet", "the nearest is provider"),
        ("facet=topic&facet=topic", "facet", "named 2 times"),
        ("explain=maybe", "explain", "true or false"),
        ("provider=", "provider", "is empty"),
        ("q=a&q=b", "q", "more than once"),
        (f"q={'a' * 1001}", "q", "1,001 characters"),
        (f"topic={'a' * 301}", "topic", "301 characters"),
        ("min_quality=-1", "min_quality", "from 0"),
        ("max_per_provider=0", "max_per_provider", "from 1"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(tmp_path: Path, query: str, parameter: str, said: str) -> None:
    with client(tmp_path, []) as web:
        answer = web.get(f"/api/search?{query}")
        error = answer.json()["error"]
        assert (answer.status_code, error["status"], error["parameter"]) == (422, 422, parameter)
        assert said in error["message"]


def test_what_has_to_be_given_is_asked_for_by_name(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        answer = web.get("/api/facets?q=ban")
        assert answer.status_code == 422
        assert answer.json()["error"]["parameter"] == "field"
        assert answer.json()["error"]["message"].startswith("field is missing: ")


def test_what_is_not_there_is_404_in_json(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        for address in ("/nothing", "/api/nothing", "/api/articles/zzzzzz", "/api/articles/zzzzzz/similar"):
            answer = web.get(address)
            assert (answer.status_code, answer.json()["error"]["status"]) == (404, 404)


def test_an_answer_shown_again_is_not_sent_again_until_the_index_changes(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        first = web.get("/api/search?q=ban")
        shown = {"if-none-match": f'"other", {first.headers["etag"]}'}
        again = web.get("/api/search?q=ban", headers=shown)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert web.get("/api/search?q=harbour", headers=shown).status_code == 200
        engine = type(build(tmp_path / "other")).open(tmp_path / "index")
        update(engine, [{"path": "new.md", "title": "A new ban", "url": "https://post.example/new"}])
        after = web.get("/api/search?q=ban", headers=shown)
        assert after.status_code == 200
        assert after.json()["total"] == first.json()["total"] + 1


def test_a_reference_that_is_too_long_is_refused(tmp_path: Path) -> None:
    address = f"https://post.example/{'a' * MAX_REFERENCE}"
    with client(tmp_path, [{"path": "a.md", "title": "Long", "url": address[:MAX_REFERENCE]}]) as web:
        found = web.get(f"/api/articles/{quote(address[:MAX_REFERENCE], safe='')}")
        assert found.json()["article"]["title"] == "Long"
        refused = web.get(f"/api/articles/{quote(address, safe='')}")
        assert refused.status_code == 422
        assert "more than 1,000 characters" in refused.json()["error"]["message"]


def test_the_index_is_followed_and_may_come_later(tmp_path: Path) -> None:
    with client(tmp_path / "x", []) as other:
        assert other.get("/api/search").json()["total"] == 0
    with TestClient(application(tmp_path / "late", follow=0.0), base_url="http://localhost") as web:
        missing = web.get("/api/search")
        assert (missing.status_code, missing.headers["retry-after"]) == (503, "10")
        assert str(tmp_path) not in missing.text
        assert web.get("/healthz").status_code == 503
        build(tmp_path / "late", ITEMS)
        assert web.get("/api/search").json()["total"] == 3
        assert web.get("/healthz").json()["status"] == "ok"


def test_what_is_wrong_with_the_index_is_logged_once_until_it_is_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def logged() -> list[str]:
        found = [record.getMessage() for record in caplog.records if record.name.startswith("newsearch")]
        caplog.clear()
        return found

    with TestClient(application(tmp_path / "index", follow=0.0), base_url="http://localhost:8000") as web:
        for address in ("/api/search", "/", "/healthz", "/api/search?q=ban"):
            assert web.get(address).status_code == 503
        assert len(logged()) == 1
        build(tmp_path / "index", ITEMS)
        assert web.get("/api/search").status_code == 200
        assert logged() == []
        newest = max((tmp_path / "index").glob("*.toc"))
        whole = newest.read_bytes()
        newest.write_bytes(b"damaged")
        assert [web.get(address).status_code for address in ("/api/search", "/healthz", "/healthz")] == [200, 503, 503]
        [sentence] = logged()
        assert sentence.startswith("The index is not followed any more: ")
        newest.write_bytes(whole)
        assert web.get("/healthz").status_code == 200
        newest.write_bytes(b"damaged")
        assert [web.get("/healthz").status_code for _ in range(2)] == [503, 503]
        assert logged() == [sentence]


def test_an_answer_that_is_remembered_is_of_the_same_question(tmp_path: Path) -> None:
    with client(tmp_path, follow=3600.0) as web:
        plain = {"accept-encoding": "identity"}
        answers = {
            (query, coding): web.get(f"/api/search?q={query}", headers={"accept-encoding": coding}).json()["query"]
            for _ in range(2)
            for query in ("ban", "harbour")
            for coding in ("gzip", "identity")
        }
        assert {query: answer["text"] for (query, _), answer in answers.items()} == {"ban": "ban", "harbour": "harbour"}
        assert web.get("/api/search?q=ban", headers=plain).headers.get("content-encoding") is None


def test_long_answers_are_zipped_for_who_takes_it(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        zipped = web.get("/api/search?explain=true", headers={"accept-encoding": "gzip"})
        assert zipped.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in zipped.headers["vary"]
        with web.stream("GET", "/api/search?explain=true", headers={"accept-encoding": "gzip"}) as raw:
            assert json.loads(gzip.decompress(b"".join(raw.iter_raw())))["total"] == 3


def test_head_is_get_without_a_body(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        asked = web.head("/api/search?q=ban")
        assert (asked.status_code, asked.content) == (200, b"")
        assert int(asked.headers["content-length"]) > 100


def test_texts_of_the_archive_are_passed_on_as_they_are(tmp_path: Path) -> None:
    title = '<script>alert(1)</script> \x1b[31m \u202e & "it" \''
    with client(tmp_path, [{"path": "x.md", "title": title, "url": "javascript:alert(1)"}]) as web:
        answer = web.get("/api/search")
        assert answer.json()["hits"][0]["title"] == title
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_python_s_names_are_understood_too(tmp_path: Path) -> None:
    with client(tmp_path) as web:
        assert list(web.get("/api/search?text=ban&facets=topic").json()["facets"]) == ["topic"]


def test_it_can_be_mounted_in_another_application(tmp_path: Path) -> None:
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.testclient import TestClient

    from newsearch.web import Rules, application

    build(tmp_path / "index", ITEMS)
    inner = application(tmp_path / "index", rules=Rules(hosts=("news.example",)))
    with TestClient(Starlette(routes=[Mount("/find", inner)]), base_url="https://news.example") as web:
        assert web.get("/find/api/search?q=ban").json()["total"] == 3
        assert "https://news.example/find/feed.atom?q=ban" in web.get("/find/feed.atom?q=ban").text
        assert web.get("/find/openapi.json").status_code == 200


@pytest.mark.parametrize("query", ["path:qq/xx.md", "url:path:qq/xx.md", "-path:qq/xx.md"])
def test_without_paths_no_query_tells_whether_there_is_a_file(tmp_path: Path, query: str) -> None:
    items = [{"path": "qq/xx.md", "title": "Ferry at anchor", "url": None}]
    asked = quote(query)
    with client(tmp_path, items) as web:
        found = web.get(f"/api/search?q={asked}").json()
        assert (found["total"], found["query"]["text"]) == (0, query)
        assert "it was searched as text" in found["warnings"][0]
        assert web.get(f"/api/facets?field=kind&q={asked}").json()["total"] == 0
        assert web.get(f"/api/timeline?q={asked}").json()["total"] == 0
        assert web.get(f"/feed.json?q={asked}").json()["items"] == []
        assert "Ferry" not in web.get(f"/?q={asked}").text
        assert web.get(f"/api/suggest?prefix={asked}%20a").json()["completions"]["values"] == []
    with client(tmp_path, items, paths=True) as web:
        assert web.get(f"/api/search?q={asked}").json()["total"] == (0 if query[0] == "-" else 1)


@pytest.mark.parametrize(("since", "moves"), [("7d", True), ("7%64", True), ("%37%44", True), ("2020", False)])
def test_an_answer_about_an_age_holds_for_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: str, moves: bool
) -> None:
    class Noon(datetime):
        minute_now = 0

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Noon":
            return cls(2026, 1, 1, 12, cls.minute_now, tzinfo=tz)

    monkeypatch.setattr(questions, "datetime", Noon)
    with client(tmp_path) as web:
        before = web.get(f"/api/search?since={since}").headers["etag"]
        Noon.minute_now = 1
        assert (web.get(f"/api/search?since={since}").headers["etag"] != before) is moves
