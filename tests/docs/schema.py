"""The page of the JSON, made from newsearch/wire.schema.json: every document, line and part with its keys.

    python -m tests.docs.schema             writes docs/json.md

A test checks that the page is what this makes. The schema is what programs check with; the page is for looking up.
"""

import json
from collections.abc import Iterator
from typing import Any

from newsearch import wire
from tests.docs.pages import ROOT

__all__ = ["PAGE", "text"]

PAGE = ROOT / "docs" / "json.md"

_HEAD = """\
# The JSON

What `--json`, the lines of `--format jsonl`, the [HTTP API](http.md) and `newsearch.to_dict` give. Every document says
its `version`, which is {version}; its second key tells which document it is. Within a version keys are only added, so a
reader passes over those that it does not know. [Output formats](output.md) has examples.

This page is made from [wire.schema.json](../newsearch/wire.schema.json) (JSON Schema 2020-12, in the package as
`newsearch.wire.schema()`) by `python -m tests.docs.schema`; change that.

"""


def text() -> str:
    """The page."""
    schema = wire.schema()
    definitions: dict[str, Any] = schema["$defs"]
    documents = [one["$ref"].rpartition("/")[2] for one in schema["oneOf"]]
    lines = [name for name in definitions if name == "line" or name.endswith("_line")]
    parts = [name for name in definitions if name not in documents and name not in lines]
    page = [_HEAD.format(version=wire.VERSION)]
    for title, names in (("Documents", documents), ("Lines", lines), ("Parts", parts)):
        page.append(f"## {title}\n\n")
        for name in names:
            page += _definition(name, definitions[name])
    return "".join(page).rstrip("\n") + "\n"


def _definition(name: str, definition: dict[str, Any]) -> Iterator[str]:
    yield f"### {name}\n\n"
    if "description" in definition:
        yield f"{definition['description']}\n\n"
    if "properties" not in definition:
        yield f"{_capitalised(_kind(definition))}.\n\n"
        return
    yield "| key | value | |\n|---|---|---|\n"
    yield from _rows(definition, "")
    yield "\n"


def _rows(definition: dict[str, Any], parent: str) -> Iterator[str]:
    required = definition.get("required", ())
    for key, value in definition["properties"].items():
        notes = [] if key in required else ["not always there"]
        if "description" in value:
            notes.append(value["description"])
        yield f"| `{parent}{key}` | {_cell(_kind(value))} | {_cell('; '.join(notes))} |\n"
        if "properties" in value:
            yield from _rows(value, f"{parent}{key}.")
        elif "properties" in (items := value.get("items") or {}):
            yield from _rows(items, f"{parent}{key}[].")


def _kind(value: Any) -> str:
    """What a value is, in words, with links to the parts."""
    match value:
        case {"$ref": str(reference)}:
            return _part(reference)
        case {"const": constant}:
            return f"`{json.dumps(constant)}`"
        case {"enum": list(values)}:
            return " or ".join(f"`{json.dumps(one)}`" for one in values)
        case {"anyOf": list(choices)} | {"oneOf": list(choices)}:
            return " or ".join(dict.fromkeys(map(_kind, choices)))
        case {"type": "array"}:
            return _list(value)
        case {"type": "object", "additionalProperties": dict(values)} if "properties" not in value:
            return f"object of {_kind(values)}"
        case {"type": kinds}:
            return (kinds if isinstance(kinds, str) else " or ".join(kinds)) + _range(value)
    return "anything"


def _part(reference: str) -> str:
    """A link to a definition; what lies within one has no heading of its own."""
    name, _, within = reference.removeprefix("#/$defs/").partition("/")
    return f"as in [{name}](#{name})" if within else f"[{name}](#{name})"


def _list(value: dict[str, Any]) -> str:
    if "prefixItems" in value:
        return f"list of {', '.join(map(_kind, value['prefixItems']))}"
    return f"list of {_kind(value['items'])}" if "items" in value else "list"


def _range(value: dict[str, Any]) -> str:
    least, most = value.get("minimum"), value.get("maximum")
    if least is not None and most is not None:
        return f", {least} to {most}"
    return "" if least is None else f", {least} or more"


def _cell(words: str) -> str:
    return " ".join(words.replace("|", "\\|").split())


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
