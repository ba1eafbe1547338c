"""What only some users need, and what to say where it is not installed.

    with extra("mcp", for_command="newsearch mcp"):
        from newsearch.mcp.server import run

An extra is named in pyproject.toml; the plain install has none of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from newsearch.errors import ExtraMissing

__all__ = ["extra"]


@contextmanager
def extra(name: str, *, for_command: str) -> Iterator[None]:
    """Import what an extra installs. Raises ExtraMissing where it is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "newsearch":
            raise
        raise ExtraMissing(
            f"{for_command} needs {error.name}; install it with: pip install 'newsearch[{name}]'"
        ) from None
