"""A seal on the table of contents: a checksum behind its last byte, where Whoosh does not look.

    path.write_bytes(sealed(raw))
    raw, is_sealed = opened(path.read_bytes())

    ┌───────────────────────────────────┐
    │ the table of contents             │  as Whoosh writes it; it stops reading at the end of the last pickle
    ├───────────────────────────────────┤
    │ magic   8 bytes  "NEWSSEAL"       │
    │ u32     CRC-32 of all before it   │  little endian
    └───────────────────────────────────┘

Without it a flipped bit could bring deleted documents back or delete others, and nobody would notice. It guards against
accidents, not against people: who can write the file can seal it.
"""

import struct
import zlib

__all__ = ["opened", "sealed"]

_MAGIC = b"NEWSSEAL"
_CHECKSUM = struct.Struct("<I")
_SIZE = len(_MAGIC) + _CHECKSUM.size


def sealed(raw: bytes) -> bytes:
    """`raw` with its seal."""
    raw += _MAGIC
    return raw + _CHECKSUM.pack(zlib.crc32(raw))


def opened(raw: bytes) -> tuple[bytes, bool]:
    """What was sealed, and whether it was; without a seal all of `raw`. ValueError where the checksum is wrong."""
    if raw[-_SIZE : -_CHECKSUM.size] != _MAGIC:
        return raw, False
    (checksum,) = _CHECKSUM.unpack(raw[-_CHECKSUM.size :])
    if zlib.crc32(raw[: -_CHECKSUM.size]) != checksum:
        raise ValueError("its checksum is wrong")
    return raw[:-_SIZE], True
