"""The description of the API: what it promises is what the server does."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from newsearch.web.endpoints import ENDPOINTS
from newsearch.web.parameters import SEARCH
from tests.web.client import ITEMS, client

_EXAMPLES = 25


def test_every_endpoint_and_parameter_is_described(tmp_path: Path) -> None:
    with client(tmp_path, []) as web:
        described = web.get("/openapi.json").json()
    for endpoint in ENDPOINTS:
        named = {one["name"] for one in described["paths"][endpoint.path]["get"]["parameters"]} - {"id"}
        assert named == {parameter.name for parameter in endpoint.parameters}


def test_search_takes_every_option_that_python_does() -> None:
    import inspect

    from newsearch.library import NewsIndex

    options = set(inspect.signature(NewsIndex.search).parameters) - {"self"}
    assert {parameter.python for parameter in SEARCH} == options


def test_defaults_are_those_of_python() -> None:
    from dataclasses import fields

    from newsearch.model import SearchRequest

    known = {spec.name: spec.default for spec in fields(SearchRequest)}
    for parameter in SEARCH:
        if parameter.default is not None:
            assert parameter.default == known[parameter.python], parameter.name


def test_the_server_keeps_to_its_description(tmp_path: Path) -> None:
    """Schemathesis: requests made from the description, right and wrong ones, and each answer held against it."""
    if not os.environ.get("CI"):
        pytest.importorskip("schemathesis", reason="needs schemathesis")
    import schemathesis
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    from newsearch.web import Rules

    with client(tmp_path, ITEMS, rules=Rules(hosts=("testserver",))) as web:
        schema = schemathesis.openapi.from_asgi("/openapi.json", web.app)
        asked = 0
        for found in schema.get_all_operations():
            operation = found.ok()  # type: ignore[union-attr]

            @settings(
                max_examples=_EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @schemathesis_given(operation)
            def keeps(case: "schemathesis.Case") -> None:
                nonlocal asked
                asked += 1
                answer = case.call()
                # What JSON Schema cannot say: how long a month is, that `since` is not after `until`, a field once.
                said = answer.json()["error"] if answer.status_code == 422 else {}
                beyond = said.get("parameter") in ("since", "until", "as_of", "facet")
                case.validate_response(answer, excluded_checks=[positive_data_acceptance] if beyond else [])

            keeps()
        assert asked >= len(ENDPOINTS) * 5


def schemathesis_given(operation: object):  # type: ignore[no-untyped-def]
    """Hypothesis's `given` with cases of an operation, those that keep to the description and those that do not."""
    from hypothesis import given
    from hypothesis import strategies as st
    from schemathesis.generation import GenerationMode

    modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]  # type: ignore[attr-defined]
    return given(case=st.one_of(modes))
