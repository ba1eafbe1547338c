"""The addresses that docs/http.md shows are answered, and as it shows."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TestClient = pytest.importorskip("starlette.testclient", reason="needs the extra serve").TestClient

from newsearch.web import application
from newsearch.web.endpoints import ENDPOINTS
from newsearch.web.parameters import SEARCH
from tests.cli.command import ROOT, indexed

PAGE = ROOT / "docs" / "http.md"
_SHELL = re.compile(r"^```sh\n(.*?)^```\n(?:\n^```json\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
_ADDRESS = re.compile(r"'http://127\.0\.0\.1:8000(/[^']*)'")


def shown() -> Iterator[tuple[str, str | None]]:
    """Each address of the page, with the JSON that is shown of its answer."""
    for commands, answer in _SHELL.findall(PAGE.read_text(encoding="utf-8")):
        addresses = _ADDRESS.findall(commands)
        for address in addresses:
            yield address, (answer or None) if len(addresses) == 1 else None


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    index = indexed(ROOT / "data", tmp_path_factory.mktemp("docs") / "index")
    with TestClient(application(index), base_url="http://127.0.0.1:8000") as asked:
        yield asked


def is_part(part: Any, whole: Any) -> bool:
    """Whether all that one document says the other says too."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(name in whole and is_part(part[name], whole[name]) for name in part)
    if isinstance(part, list):
        return isinstance(whole, list) and len(part) == len(whole) and all(map(is_part, part, whole))
    return bool(part == whole)


@pytest.mark.parametrize(("address", "answer"), list(shown()))
def test_an_address_of_the_page_is_answered_as_it_shows(web: Any, address: str, answer: str | None) -> None:
    import json

    found = web.get(address)
    if answer is None:
        assert found.status_code == 200, found.text
    else:
        assert is_part(json.loads(answer), found.json()), found.text


@pytest.mark.parametrize("name", [*(one.path for one in ENDPOINTS), *(one.name for one in SEARCH)])
def test_every_address_and_parameter_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE.read_text(encoding="utf-8")


def test_examples_that_are_shown_are_there_to_be_run() -> None:
    assert len(list(shown())) >= 9
    assert Path(PAGE).is_file()
