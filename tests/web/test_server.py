"""A real server on a socket: slow, endless and many clients."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="needs the extra serve")

from newsearch.errors import ConfigError
from newsearch.web import Gate
from newsearch.web.protocol import BoundedProtocol
from newsearch.web.server import _without_interrupts, address, is_loopback, listening
from tests.archive import build
from tests.web.client import ITEMS, body_of, exchange, running


class Hasty(BoundedProtocol):
    """The same with little patience."""

    head_seconds = 0.2
    answered = 0.3
    most_connections = 4


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "index"
    build(folder, ITEMS)
    return folder


def test_requests_follow_each_other_on_one_connection(index: Path) -> None:
    with running(index) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for text in ("ban", "harbour", "ban"):
            connection.request("GET", f"/api/search?q={text}")
            answer = connection.getresponse()
            assert json.loads(answer.read())["query"]["text"] == text
        connection.close()


def test_a_request_that_does_not_come_to_its_end_is_cut(index: Path) -> None:
    with running(index, protocol=Hasty) as port:
        assert exchange(port, b"GET /api/search HTTP/1.1\r\nhost: localh").startswith(b"HTTP/1.1 408 ")
        assert exchange(port, b"").startswith(b"HTTP/1.1 408 ")


def test_bytes_that_come_one_by_one_do_not_buy_time(index: Path) -> None:
    with running(index, protocol=Hasty) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        ended = threading.Event()

        def drip() -> None:
            while not ended.wait(0.02):
                try:
                    slow.sendall(b"x")
                except OSError:
                    return

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            assert slow.recv(65_536).startswith(b"HTTP/1.1 408 ")
        finally:
            ended.set()
            dripping.join()


def test_a_head_without_an_end_is_cut(index: Path) -> None:
    with running(index) as port:
        for endless in (b"GET /" + b"a" * 2_000_000, b"GET / HTTP/1.1\r\nx: " + b"a" * 2_000_000):
            assert exchange(port, endless)[:12] in (b"HTTP/1.1 431", b"HTTP/1.1 400", b"")


def test_a_body_is_not_read(index: Path) -> None:
    with running(index) as port:
        head = b"POST /api/search HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000000\r\n\r\n"
        answer = exchange(port, head)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert body_of(answer)["error"]["status"] == 413


class Lonely(Hasty):
    """The same for one client at a time."""

    answered = 3.0
    most_connections = 1


def test_an_answer_that_is_not_read_is_cut(tmp_path: Path) -> None:
    long = "word " * 40_000
    items = [
        {"path": f"{number}.md", "title": "t", "excerpt": long, "url": f"https://a.example/{number}"}
        for number in range(40)
    ]
    build(tmp_path / "long", items)
    with running(tmp_path / "long", protocol=Lonely) as port, socket.socket() as idle:
        idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        idle.connect(("127.0.0.1", port))
        idle.sendall(b"GET /api/search?limit=40 HTTP/1.1\r\nhost: localhost\r\n\r\n")
        assert idle.recv(1) == b"H"
        # There is room for the next one only when this one is gone.
        asked = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        until = time.monotonic() + 30
        while exchange(port, asked)[9:12] != b"200":
            assert time.monotonic() < until


def test_one_connection_too_many_is_told_to_come_again(index: Path) -> None:
    with running(index, protocol=Hasty) as port:
        others = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(4)]
        try:
            answer = exchange(port, b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"retry-after: " in answer
        finally:
            for other in others:
                other.close()


def test_everybody_is_answered_or_told_to_wait(index: Path) -> None:
    asked = b"GET /api/search?q=ban HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
    with running(index, gate=Gate(threads=1, waiting=8), kept=0) as port, ThreadPoolExecutor(64) as clients:
        answers = list(clients.map(lambda _: exchange(port, asked), range(400)))
    statuses = Counter(answer[9:12] for answer in answers)
    assert set(statuses) <= {b"200", b"503"}, statuses
    assert statuses[b"200"]
    assert all(b"retry-after: " in answer for answer in answers if answer[9:12] == b"503")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nhost: localhost\r\n\r\n",
        b"GET /api/search?q=\xff\xfe HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"GET http://localhost:99999999/ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"GET /api/search HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\nconnection: close\r\n\r\n",
        b"GET /..%2f..%2fetc/passwd HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"GET /api/articles/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"GET /api/search?q=a%0d%0aset-cookie:x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
        b"GET /feed.atom HTTP/1.1\r\nhost: a\r\n b\r\nconnection: close\r\n\r\n",
    ],
)
def test_hostile_bytes_get_an_orderly_answer(index: Path, sent: bytes) -> None:
    with running(index, protocol=Hasty) as port:
        answer = exchange(port, sent)
        assert answer[:9] in (b"HTTP/1.1 ", b"")
        assert b"set-cookie" not in answer.partition(b"\r\n\r\n")[0].lower()
        assert b"root:" not in answer
        assert b" 500 " not in answer[:15]
        assert exchange(port, b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")[9:12] == b"200"


def test_loopback_is_told_from_other_addresses() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LocalHost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.1", "example.org", "")))


def test_a_port_that_is_taken_and_a_host_that_is_none_are_refused_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ConfigError, match="choose another port"):
        listening("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(ConfigError, match=r"no address of this machine|cannot be listened on"):
        listening("256.1.1.1", 0)


def test_the_address_to_open_names_the_port_that_was_taken() -> None:
    [bound] = listening("127.0.0.1", 0)
    with bound:
        assert address(bound) == f"http://127.0.0.1:{bound.getsockname()[1]}/"


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_what_is_started_without_interrupts_never_gets_one() -> None:
    code = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    with _without_interrupts():
        inside = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    after = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (inside.stdout.strip(), after.stdout.strip()) == ("True", "False")
