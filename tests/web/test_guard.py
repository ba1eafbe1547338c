"""Who may ask, with how much, and what browsers are told."""

import base64
from pathlib import Path

import pytest

import newsearch
from newsearch.errors import ConfigError
from tests.archive import build
from tests.web.client import client

pytest.importorskip("starlette", reason="needs the extra serve")

from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from newsearch.web import Rules, application

TOKEN = "a-token-of-some-length"


def test_headers_leave_a_browser_no_room(tmp_path: Path) -> None:
    with client(tmp_path, []) as web:
        for address in ("/api/search", "/nothing", "/api/search?limit=x"):
            headers = web.get(address).headers
            policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
            assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
            assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cross-origin-resource-policy"] == "same-origin"
            assert "access-control-allow-origin" not in headers
            assert "server" not in headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("192.168.1.7", 200),
        ("search.example:8000", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("", 421),
    ],
)
def test_a_host_is_a_number_or_a_name_that_was_allowed(tmp_path: Path, host: str, status: int) -> None:
    with client(tmp_path, [], rules=Rules(hosts=("Search.example",))) as web:
        assert web.get("/api/search", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8000", 200),
        ("https://news.example", 200),
        ("https://evil.example", 403),
        ("http://localhost:9000", 403),
        ("null", 403),
        ("http://localhost:8000.evil.example", 403),
    ],
)
def test_pages_of_other_origins_may_ask_if_they_were_allowed(tmp_path: Path, origin: str, status: int) -> None:
    with client(tmp_path, [], rules=Rules(origins=("https://news.example",))) as web:
        answer = web.get("/api/search", headers={"origin": origin})
        assert answer.status_code == status
        shared = origin == "https://news.example"
        assert answer.headers.get("access-control-allow-origin") == (origin if shared else None)
        assert "origin" in answer.headers["vary"]
        before = web.options("/api/search", headers={"origin": origin, "access-control-request-method": "GET"})
        assert before.status_code == (204 if shared else 405 if status == 200 else 403)


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        ("Basic " + base64.b64encode(f"anybody:{TOKEN}".encode()).decode(), 200),
        ("Basic " + base64.b64encode(f"{TOKEN}:".encode()).decode(), 401),
        ("Basic not-base64", 401),
        ("Basic /////w==", 401),
        (f"Bearer {TOKEN}x", 401),
        ("Bearer ", 401),
        (f"Digest {TOKEN}", 401),
        (TOKEN, 401),
        ("", 401),
        ("Bearer \xe4", 401),
    ],
)
def test_with_a_token_only_who_shows_it_is_answered(tmp_path: Path, shown: str, status: int) -> None:
    with client(tmp_path, [], rules=Rules(token=TOKEN)) as web:
        answer = web.get("/api/search", headers={b"authorization": shown.encode("latin-1")})
        assert answer.status_code == status
        assert TOKEN not in answer.text
        if status == 200:
            assert "private" in answer.headers["cache-control"]
        else:
            assert "Bearer" in answer.headers["www-authenticate"]
        assert web.get("/healthz").status_code == 200
        assert web.get("/openapi.json").status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_reading_is_answered(tmp_path: Path, method: str) -> None:
    with client(tmp_path, []) as web:
        answer = web.request(method, "/api/search")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_a_request_with_a_body_is_refused(tmp_path: Path) -> None:
    with client(tmp_path, []) as web:
        assert web.request("GET", "/api/search", content=b"x").status_code == 413
        assert web.request("GET", "/api/search", content=iter([b"x"])).status_code == 413


def test_addresses_and_headers_are_bounded(tmp_path: Path) -> None:
    with client(tmp_path, []) as web:
        assert web.get("/api/search?q=" + "a" * 33_000).status_code == 414
        assert web.get("/" + "a" * 33_000).status_code == 414
        assert web.get("/api/search", headers={"x": "a" * 17_000}).status_code == 431


@pytest.mark.parametrize(
    "rules",
    [{"token": "short"}, {"token": "ä" * 20}, {"hosts": ("a.example:80",)}, {"hosts": ("a b",)}, {"origins": ("x",)}],
)
def test_rules_that_make_no_sense_are_refused(rules: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        Rules(**rules)  # type: ignore[arg-type]


def test_an_index_that_was_closed_is_told_of_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    build(tmp_path / "index", [])
    index = newsearch.open(tmp_path / "index")
    with TestClient(application(index, paths=True), base_url="http://localhost") as web:
        assert web.get("/api/search").status_code == 200
        index.close()
        assert web.get("/api/search").status_code == 503
    assert "was closed before it was asked this" in caplog.text


def test_a_mistake_anywhere_is_an_answer_with_all_headers(tmp_path: Path) -> None:
    def failing(_: object) -> None:
        raise RuntimeError("secret detail")

    with client(tmp_path, []) as web:
        web.app.router.routes.insert(0, Route("/failing", failing))  # type: ignore[attr-defined]
        answer = web.get("/failing")
    assert (answer.status_code, answer.json()["error"]["status"]) == (500, 500)
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_websocket_is_refused(tmp_path: Path) -> None:
    with client(tmp_path, []) as web, pytest.raises(WebSocketDisconnect), web.websocket_connect("/api/search"):
        pass
