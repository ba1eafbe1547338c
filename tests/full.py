"""A disk without room, as far as a process can make itself one: files of more than no bytes are refused.

    with no_room():
        path.write_text("x")        # OSError

It is for code that writes within this process, and for nothing else in there: logs cannot grow either.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

__all__ = ["no_room"]


@contextmanager
def no_room() -> Iterator[None]:
    """No file can grow in here. The test is skipped where a process cannot bound its files."""
    resource = pytest.importorskip("resource", reason="needs a system where a process can bound its files")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
