"""What only some users need, and what to say where it is not installed.

    with extra("mcp", for_command="newsearch mcp"):
        from newsearch.mcp.server import run

An extra is named in pyproject.toml; the plain install has none of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from newsearch.cli import exits, streams

__all__ = ["extra"]


@contextmanager
def extra(name: str, *, for_command: str) -> Iterator[None]:
    """Import what an extra installs; where it is missing, say so in one line and end with exit code 1."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "newsearch":
            raise
        install = f'pip install "newsearch[{name}]"'
        streams.say(f"newsearch: {for_command} needs {error.name}, which is not installed; run: {install}")
        raise typer.Exit(exits.UNSUCCESSFUL) from None
