"""The archive for chat programs and agents: an MCP server on standard input and output, `newsearch mcp`.

    newsearch.mcp.server.run(newsearch.open("index"))

What it offers is in `tools`; `arguments` says what may be asked and refuses the rest, `answers` asks the index, `told`
writes what a model reads beside the JSON, and `server` is the only code that knows the SDK, the extra `newsearch[mcp]`.
Nothing here ranks or renders: the JSON is `newsearch.wire`'s.
"""
