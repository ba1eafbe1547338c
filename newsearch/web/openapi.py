"""The description of the HTTP API in OpenAPI 3.1, made of the tables that it is answered from.

    document(ENDPOINTS)["paths"]["/api/search"]

The shapes of the answers are those of the wire's schema. Nothing is said of the page.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from newsearch import __version__, wire
from newsearch.requests import MAX_REFERENCE
from newsearch.web.answers import JSON
from newsearch.web.endpoints import REFERENCE, Endpoint
from newsearch.web.feeds import ATOM, JSON_FEED, OPENSEARCH, SUGGESTIONS
from newsearch.web.parameters import COMPLETED, FEED, Parameter

__all__ = ["document"]

_ERROR: Final = {
    "type": "object",
    "properties": {
        "version": {"const": wire.VERSION},
        "error": {
            "type": "object",
            "properties": {
                "status": {"type": "integer"},
                "message": {"type": "string", "description": "A sentence for a person."},
                "parameter": {"type": "string", "description": "The parameter that was refused."},
            },
            "required": ["status", "message"],
            "additionalProperties": False,
        },
    },
    "required": ["version", "error"],
    "additionalProperties": False,
}
_HEALTH: Final = {
    "type": "object",
    "properties": {"version": {"const": wire.VERSION}, "status": {"const": "ok"}, "commit": {"type": "string"}},
    "required": ["version", "status", "commit"],
}
_ERRORS: Final = {
    "401": "The server wants its token.",
    "404": "There is no such article.",
    "414": "The address is too long.",
    "422": "A parameter is unknown, or its value out of range; `parameter` is its name.",
    "503": "Too many are asking, or there is no index; `Retry-After` says when to come again.",
}


def document(endpoints: Iterable[Endpoint], *, title: str = "newsearch", token: bool = False) -> dict[str, Any]:
    """The whole description. With `token` it says that requests need one."""
    paths: dict[str, Any] = {one.path: {"get": _operation(one)} for one in endpoints}
    paths["/feed.atom"] = {"get": _plain("atom", "A query as an Atom feed, newest first.", ATOM, FEED)}
    paths["/feed.json"] = {"get": _plain("json_feed", "A query as a JSON Feed, newest first.", JSON_FEED, FEED)}
    paths["/opensearch.xml"] = {"get": _plain("opensearch", "How a browser searches here.", OPENSEARCH)}
    paths["/opensearch/suggest"] = {
        "get": _plain("opensearch_suggest", "Completions as browsers take them.", SUGGESTIONS, COMPLETED)
    }
    paths["/healthz"] = {"get": _health()}
    described: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": __version__,
            "description": "Full-text search in a curated news archive. Answers are the JSON of `newsearch --json`.",
        },
        "paths": paths,
        "components": {"schemas": {**_shapes(), "error": _ERROR, "health": _HEALTH}},
    }
    if token:
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        described["security"] = [{"token": []}]
    return described


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    parameters = [_parameter(one) for one in endpoint.parameters]
    if endpoint.of_article:
        schema = {"type": "string", "minLength": 1, "maxLength": MAX_REFERENCE}
        parameters.insert(0, {"name": "id", "in": "path", "required": True, "description": REFERENCE, "schema": schema})
    answers = {"200": _found(JSON, endpoint.shape), "304": {"description": "Nothing changed since that ETag."}}
    refused = [status for status in _ERRORS if status != "404" or endpoint.of_article]
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": parameters,
        "responses": {**answers, **_refusals(refused)},
    }


def _plain(name: str, summary: str, media: str, table: Iterable[Parameter] = ()) -> dict[str, Any]:
    kind = media.partition(";")[0]
    answers = {
        "200": {"description": "Found.", "content": {kind: {}}},
        "304": {"description": "Nothing changed since that ETag."},
    }
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [_parameter(one) for one in table],
        "responses": {**answers, **_refusals(("401", "414", "422", "503"))},
    }


def _health() -> dict[str, Any]:
    return {
        "operationId": "health",
        "summary": "Whether the server answers from the newest index; needs no token.",
        "parameters": [],
        "responses": {"200": _found(JSON, "health"), **_refusals(("414", "422", "503"))},
        "security": [],
    }


def _found(media: str, shape: str) -> dict[str, Any]:
    content = {media: {"schema": {"$ref": f"#/components/schemas/{shape}"}}}
    headers = {"etag": {"description": "To be sent back as If-None-Match.", "schema": {"type": "string"}}}
    found: dict[str, Any] = {"description": "Found.", "content": content}
    return found if shape == "health" else {**found, "headers": headers}


def _refusals(statuses: Iterable[str]) -> dict[str, Any]:
    content = {JSON: {"schema": {"$ref": "#/components/schemas/error"}}}
    return {status: {"description": _ERRORS[status], "content": content} for status in statuses}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required,
        "description": parameter.about,
        "schema": parameter.schema(),
    }
    if parameter.repeated > 1:
        described |= {"style": "form", "explode": True}
    return described


def _shapes() -> dict[str, Any]:
    """The wire's shapes, with their references to each other as they are called here."""
    text = json.dumps(wire.schema()["$defs"]).replace('"#/$defs/', '"#/components/schemas/')
    shapes: dict[str, Any] = json.loads(text)
    return shapes
