"""The MCP server: tools and articles of one index for one client, on standard input and output.

    with newsearch.open("index") as index:
        run(index)

The only code that knows the SDK. The server follows its index: what was committed before a question is asked is in the
answer. Asking is done in threads, so that a slow question holds up no other one. What is wrong with a question is a
tool's error, with the sentence that says what to do; what is wrong with the index or the server is told in the log,
which is standard error's. Standard output has the protocol and nothing else: the SDK sees to that.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, TypeVar

from mcp import types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

import newsearch
from newsearch import wire
from newsearch.aio import AsyncNewsIndex
from newsearch.errors import ArticleNotFound, IndexError_, NewsearchError
from newsearch.library import NewsIndex
from newsearch.mcp.answers import Answer
from newsearch.mcp.tools import INSTRUCTIONS, TOOLS, output_schema
from newsearch.pathless import PathlessIndex, may_name_a_path

__all__ = ["URI", "ArchiveServer", "run"]

URI = "newsearch://articles/"
"""What the address of an article as a resource begins with; its id follows."""

NEWEST = 20
"""Articles that are listed as resources: the newest. All others can be read by their id."""

_JSON = "application/json"
_MAX_URI = 200
_NOT_FOUND = -32002
"""The protocol's code for a resource that is not there."""

_UNUSABLE = "The index cannot be used just now; the log of the newsearch server says why."
_UNEXPECTED = "This should not have happened; the log of the newsearch server has the details."

_log = logging.getLogger(__name__)

_Context = ServerRequestContext[Any]
Value = TypeVar("Value")


def run(index: NewsIndex, *, paths: bool = False) -> None:
    """Serve an index until standard input ends. With `paths` the files of the archive are named."""
    asyncio.run(_serve(index, paths=paths))


async def _serve(index: NewsIndex, *, paths: bool) -> None:
    async with AsyncNewsIndex(index if paths else PathlessIndex.of(index)) as asked:
        server = ArchiveServer(asked, paths=paths).server()
        async with stdio_server() as (incoming, outgoing):
            _log.info("Serving the index %s.", index.path)
            await server.run(incoming, outgoing, server.create_initialization_options())


class ArchiveServer:
    """What is answered to each message of the protocol, out of one index."""

    def __init__(self, index: AsyncNewsIndex, *, paths: bool = False) -> None:
        self._index = index
        self._paths = paths
        self._wrong: str | None = None

    def server(self) -> Server[Any]:
        """The server, to be run on any transport."""
        return Server(
            "newsearch",
            title="News archive",
            version=newsearch.__version__,
            instructions=INSTRUCTIONS,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
        )

    async def _list_tools(
        self, context: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=name,
                    title=tool.title,
                    description=tool.description,
                    input_schema=tool.arguments.schema(),
                    output_schema=output_schema(tool.shape),
                    annotations=types.ToolAnnotations(
                        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
                    ),
                )
                for name, tool in TOOLS.items()
            ]
        )

    async def _call_tool(self, context: _Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(
                types.INVALID_PARAMS, f"There is no tool {params.name[:100]!r}; there are {', '.join(TOOLS)}."
            )
        given = params.arguments or {}
        try:
            answer = await self._asked(lambda index: self._told(tool.answer(index, given)))
        except NewsearchError as error:
            return _failed(self._sentence(error))
        except Exception:  # noqa: BLE001 - one question that fails is no reason to end the server
            _log.exception("The tool %s failed.", params.name)
            return _failed(_UNEXPECTED)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=answer.text)], structured_content=answer.document
        )

    async def _list_resources(
        self, context: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        result = await self._resource(lambda index: index.search(kind="item", sort="date", limit=NEWEST))
        return types.ListResourcesResult(
            resources=[
                types.Resource(uri=URI + hit.id, name=hit.short_id, title=hit.title, mime_type=_JSON)
                for hit in result.hits
            ]
        )

    async def _list_templates(
        self, context: _Context, params: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            uri_template=f"{URI}{{id}}",
            name="article",
            title="An article by its id",
            description="Everything known of one article, as the tool get has it.",
            mime_type=_JSON,
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def _read_resource(
        self, context: _Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        uri = str(params.uri)
        reference = uri.removeprefix(URI)
        if not uri.startswith(URI) or len(uri) > _MAX_URI or not reference or may_name_a_path(reference):
            raise MCPError(_NOT_FOUND, f"There is no such resource; an article's is {URI} and its id.")
        text = await self._resource(
            lambda index: json.dumps(wire.to_dict(index.get(reference), paths=self._paths), ensure_ascii=False)
        )
        return types.ReadResourceResult(contents=[types.TextResourceContents(uri=uri, mime_type=_JSON, text=text)])

    async def _resource(self, work: Callable[[NewsIndex], Value]) -> Value:
        """As `_asked`, with errors as the protocol has them for resources."""
        try:
            return await self._asked(work)
        except ArticleNotFound as error:  # an id that several begin with, too
            raise MCPError(_NOT_FOUND, str(error)) from error
        except NewsearchError as error:
            raise MCPError(types.INTERNAL_ERROR, self._sentence(error)) from error
        except Exception as error:
            _log.exception("A resource failed.")
            raise MCPError(types.INTERNAL_ERROR, _UNEXPECTED) from error

    async def _asked(self, work: Callable[[NewsIndex], Value]) -> Value:
        """What a function makes of the index at its newest commit."""
        return await self._index.run(lambda index: work(self._newest(index)))

    def _newest(self, index: NewsIndex) -> NewsIndex:
        """An index at its newest commit; where that cannot be read, as it is: what it has open is whole."""
        try:
            index.refresh()
        except IndexError_ as error:
            if str(error) != self._wrong:  # once, not with every question
                _log.warning("The newest commit cannot be read, so answers are from an older one. %s", error)
            self._wrong = str(error)
        else:
            self._wrong = None
        return index.pinned()

    def _told(self, answer: Answer) -> Answer:
        return answer if self._paths else Answer(wire.without_paths(answer.document), answer.text)

    def _sentence(self, error: NewsearchError) -> str:
        """What is said of an error. What is wrong with an index is told with its place, which may not be known here."""
        if not isinstance(error, IndexError_):
            return str(error)
        _log.error("%s", error)
        return str(error) if self._paths else _UNUSABLE


def _failed(sentence: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=sentence)], is_error=True)
