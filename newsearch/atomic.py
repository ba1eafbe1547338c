"""A small file changed all at once.

    write_atomically(Path("newsearch.queries.toml"), text)

Whoever reads the file meanwhile, or after a crash, sees all of the old text or all of the new. It does not keep two
writers apart: the last one's text stays.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["write_atomically"]


def write_atomically(file: Path, text: str) -> None:
    """Replace a file's text, in UTF-8. Of a link the target is replaced, and permissions stay. Raises OSError."""
    target = file.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
        written.chmod(target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask())
        written.replace(target)
    except BaseException:
        with suppress(OSError):
            written.unlink()
        raise


def _umask() -> int:
    # There is no way to ask for it but to set it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
