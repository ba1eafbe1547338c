"""A chat program of our own: the SDK's client, and the server as a process at the other end of a pipe.

    with served(index) as session:
        session.call("search", text="facial recognition").structured_content

Tests are no coroutines: the client runs in a thread of its own.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the extra newsearch[mcp] is not installed")

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult

from tests.docs.pages import ROOT

__all__ = ["Session", "measured", "served"]


class Session:
    """One client's session with one server."""

    def __init__(self, client: Client, portal: BlockingPortal) -> None:
        self.client = client
        self._portal = portal

    def call(self, tool: str, /, **arguments: Any) -> CallToolResult:
        """What a tool answers. Its output was compared with its schema by the client."""
        return self._portal.call(partial(self.client.call_tool, tool, arguments))

    def document(self, tool: str, /, **arguments: Any) -> Any:
        """The JSON that a tool answers with."""
        result = self.call(tool, **arguments)
        assert not result.is_error, result.content
        return result.structured_content

    def error(self, tool: str, /, **arguments: Any) -> str:
        """The sentence that a tool refuses with."""
        result = self.call(tool, **arguments)
        assert result.is_error
        return self.text(result)

    def text(self, result: CallToolResult) -> str:
        """What a model reads of an answer."""
        [content] = result.content
        assert content.type == "text"
        return content.text

    def run(self, method: str, *arguments: Any) -> Any:
        """What any other method of the client gives."""
        return self._portal.call(getattr(self.client, method), *arguments)


def measured() -> dict[str, str]:
    """What coverage needs in the environment of a server for measuring it too: the SDK hands on hardly anything."""
    return {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}


@contextmanager
def served(index: Path, *options: str, errors: Path | None = None, mode: str = "auto") -> Iterator[Session]:
    """A session with a server of the index; `errors` is a file for what it says on standard error."""
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "newsearch", "mcp", "--index", str(index), *options],
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **measured()},
        cwd=index.parent,
    )
    with Path(errors or os.devnull).open("w") as log, start_blocking_portal() as portal:
        client = Client(stdio_client(parameters, errlog=log), mode=mode)
        with portal.wrap_async_context_manager(client):
            yield Session(client, portal)
