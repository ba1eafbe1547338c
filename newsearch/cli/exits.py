"""What a command ends with: an exit code for every outcome.

    raise typer.Exit(exit_code(error))

The numbers are part of the command line's contract; scripts compare with them.
"""

from newsearch.errors import (
    AmbiguousId,
    ArchiveError,
    ConfigError,
    ExtraMissing,
    IndexError_,
    IndexLocked,
    IndexUnwritable,
    JudgedSetError,
    NewsearchError,
    QueryError,
)

__all__ = ["DONE", "INTERRUPTED", "LOCKED", "NO_INDEX", "UNSUCCESSFUL", "WRONG_USAGE", "exit_code"]

DONE = 0
"""Also where a query found nothing, and where the reader of a pipe had enough."""

UNSUCCESSFUL = 1
"""No hits with --fail-empty, skipped files with --strict, no such article, a fault that doctor found, an index that
cannot be written, or a fault of newsearch itself."""

WRONG_USAGE = 2
"""A wrong option, argument, setting or folder, judged queries that cannot be read, a package that is missing."""

NO_INDEX = 3
"""No index, or one that cannot be read."""

LOCKED = 4
"""Another writer holds the index."""

INTERRUPTED = 130
"""By Ctrl-C; what shells give for it: 128 and the number of SIGINT."""

_CODES: tuple[tuple[type[NewsearchError], int], ...] = (
    (IndexLocked, LOCKED),
    (IndexUnwritable, UNSUCCESSFUL),
    (IndexError_, NO_INDEX),
    (AmbiguousId, WRONG_USAGE),
    (ArchiveError, WRONG_USAGE),
    (ConfigError, WRONG_USAGE),
    (ExtraMissing, WRONG_USAGE),
    (JudgedSetError, WRONG_USAGE),
    (QueryError, WRONG_USAGE),
)


def exit_code(error: NewsearchError) -> int:
    """The code for an error: that of the first class above that it is one of, else UNSUCCESSFUL."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), UNSUCCESSFUL)
