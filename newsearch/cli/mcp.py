"""`newsearch mcp`: the archive for chat programs and agents, as an MCP server.

    newsearch mcp --index index

It is started by the chat program, which speaks with it through stdin and stdout; what it says to people goes to stderr.
"""

import sys
from typing import Annotated

import typer

from newsearch.cli import asking, streams
from newsearch.cli.extras import extra
from newsearch.cli.options import IndexFolder, Quiet, Verbose

__all__ = ["EXAMPLES", "mcp"]

EXAMPLES = """\b
Examples:
  newsearch mcp                                 in the settings of a chat program:
  {"command": "newsearch", "args": ["mcp", "--index", "/home/me/news/index"]}

\b
It needs: pip install "newsearch[mcp]". It ends when its input does.
"""


def mcp(
    index: IndexFolder = None,
    paths: Annotated[
        bool, typer.Option("--paths", help="Name the archive's files in answers; else their path is null.")
    ] = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
) -> None:
    """Serve the archive to a chat program, by the Model Context Protocol on stdin and stdout."""
    voice = streams.Voice(verbose, quiet)
    # First: whoever starts it by hand is told at once, as by every other command, what is wrong with the index.
    with asking.opened(index, voice) as archive:
        with extra("mcp", for_command="newsearch mcp"):
            from newsearch.mcp.server import run
        voice.tell_log()
        if streams.is_terminal(sys.stdin):
            voice.note("Waiting for a chat program to speak to; it is started by one. Ctrl-C ends it.")
        run(archive, paths=paths)
