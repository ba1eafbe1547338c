"""One contract: the same question to Python and to the MCP server has the same JSON, but for paths and time."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

import newsearch
from newsearch import NewsIndex, SearchRequest, wire
from tests.docs.pages import ROOT
from tests.mcp.session import Session, served

pytestmark = pytest.mark.xdist_group("mcp")

REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("search", {}),
    ("search", {"text": "facial recognition", "limit": 3, "offset": 2}),
    ("search", {"text": "facial recognition", "match": "any", "sort": "date", "limit": 100}),
    ("search", {"text": "facial recognition", "facets": ["provider", "month:2"], "timeline": "week", "explain": True}),
    ("search", {"text": "facial recognition", "group": "story", "max_per_provider": 1}),
    ("search", {"text": '"facial', "since": "2020-09", "until": "2021", "as_of": "latest", "kind": "item"}),
    ("search", {"text": "recognitoin", "type": "article", "topic": "AI", "min_quality": 40}),
    ("search", {"text": "ban", "provider": "Salon"}),
    ("search", {"text": "zebra"}),
    ("get", {"reference": "8eqtc2"}),
    ("get", {"reference": "awshyr"}),
    ("similar", {"reference": "8eqtc2", "limit": 2, "explain": True}),
    ("related", {"reference": "8eqtc2"}),
    ("related", {"reference": "8eqtc2", "depth": 2, "limit": 3, "as_of": "2020-12"}),
    ("facets", {"field": "provider"}),
    ("facets", {"field": "month", "text": "facial recognition", "limit": 2, "kind": "related"}),
    ("timeline", {"text": "facial recognition"}),
    ("timeline", {"text": "facial recognition", "interval": "year", "since": "2020-09"}),
]


def in_python(index: NewsIndex, tool: str, arguments: dict[str, Any]) -> Any:
    """The JSON of a question as Python has it, without the names of files."""
    given = dict(arguments)
    if tool == "facets":
        facet = f"{given.pop('field')}:{given.pop('limit', 10)}"
        return wire.facets_to_dict(index.ask(SearchRequest(**given, limit=0, facets=(facet,))))
    if tool == "timeline":
        interval = given.pop("interval", "month")
        return wire.timeline_to_dict(index.ask(SearchRequest(**given, limit=0, timeline=interval)))
    return wire.to_dict(getattr(index, tool)(**given), paths=False)


def without_time(document: Any) -> Any:
    """A document as JSON has it, without how long it took."""
    plain = json.loads(json.dumps(document))
    plain.pop("took_ms", None)
    return plain


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewsIndex]:
    with NewsIndex.create(tmp_path_factory.mktemp("contract") / "index") as index:
        index.sync(ROOT / "data")
        yield index


@pytest.fixture(scope="module")
def session(index: NewsIndex) -> Iterator[Session]:
    with served(index.path) as session:
        yield session


@pytest.mark.parametrize(("tool", "arguments"), REQUESTS)
def test_python_and_mcp_have_the_same_json(
    index: NewsIndex, session: Session, tool: str, arguments: dict[str, Any]
) -> None:
    answered = session.document(tool, **arguments)
    assert without_time(answered) == without_time(in_python(index, tool, arguments))
    jsonschema.validate(answered, wire.schema())


def test_what_one_refuses_the_other_refuses_with_the_same_sentence(index: NewsIndex, session: Session) -> None:
    for arguments in ({"since": "bogus"}, {"since": "2021", "until": "2020"}, {"facets": ["colour"]}, {"topic": " "}):
        with pytest.raises(newsearch.OptionError) as refused:
            index.search(**arguments)
        assert session.error("search", **arguments) == str(refused.value)
