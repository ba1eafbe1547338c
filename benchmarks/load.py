"""Clients that ask a server over HTTP as fast as it answers, each on a connection of its own.

    python -m benchmarks.load < plan.json > load.json

A plan has `host`, `port`, `paths` (asked in turn), `connections` and `seconds`; or, instead of `seconds`, `each`: how
often each client asks. Every answer is read to its end and counted by its status; times are from the first byte sent to
the last one read. A client that is told to come again (503 with Retry-After) waits, and asks the same again.
"""

import asyncio
import json
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Load", "run"]

_PATIENCE = 20
"""How often one is told to come again before that is an error."""

_TIMEOUT = 60.0


@dataclass
class Load:
    """What the clients saw: seconds of each answer, answers by status, refusals with Retry-After, errors by name."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    told_to_wait: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    bytes: int = 0

    def failed(self, name: str) -> None:
        """Count an error."""
        self.errors[name] = self.errors.get(name, 0) + 1

    def figures(self) -> dict[str, Any]:
        """The load in a few numbers; times in milliseconds."""
        times = sorted(self.times)

        def at(share: float) -> float | None:
            return round(times[min(len(times) - 1, int(share * len(times)))] * 1000, 2) if times else None

        return {
            "answers": len(times),
            "per_second": round(len(times) / self.seconds, 1),
            "p50_ms": at(0.50),
            "p99_ms": at(0.99),
            "slowest_ms": at(1.0),
            "told_to_wait": self.told_to_wait,
            "errors": self.errors,
            "mean_bytes": round(self.bytes / max(1, len(times))),
        }


async def run(plan: dict[str, Any]) -> Load:
    """Ask as the plan says."""
    load = Load()
    begun = time.perf_counter()
    until = begun + plan["seconds"] if "seconds" in plan else float("inf")
    each = plan.get("each", 1 << 60)
    clients = (_client(plan, first, until, each, load) for first in range(plan["connections"]))
    await asyncio.gather(*clients)
    load.seconds = time.perf_counter() - begun
    return load


async def _client(plan: dict[str, Any], first: int, until: float, each: int, load: Load) -> None:
    paths, number, refused = plan["paths"], first * 7919, 0
    reader = writer = None
    asked = 0
    while asked < each and time.perf_counter() < until:
        try:
            if reader is None or writer is None:
                reader, writer = await asyncio.open_connection(plan["host"], plan["port"])
            path = paths[number % len(paths)]
            begun = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nhost: {plan['host']}:{plan['port']}\r\n\r\n".encode())
            status, headers, length = await asyncio.wait_for(_answer(reader), _TIMEOUT)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            load.failed(type(error).__name__)
            reader, asked = None, asked + 1
            continue
        if status == 503 and b"retry-after" in headers and refused < _PATIENCE:
            load.told_to_wait += 1
            refused += 1
            if headers.get(b"connection") == b"close":
                reader = None
            await asyncio.sleep(float(headers[b"retry-after"]))
            continue
        asked, number, refused = asked + 1, number + 1, 0
        if status == 200:
            load.times.append(time.perf_counter() - begun)
            load.bytes += length
        else:
            load.failed(str(status))
    if writer is not None:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[bytes, bytes], int]:
    """Status, headers and length of an answer, read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in head[1:])}
    length = 0
    if headers.get(b"transfer-encoding") == b"chunked":
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
            length += size
        await reader.readline()
    else:
        length = int(headers.get(b"content-length", b"0"))
        await reader.readexactly(length)
    return int(head[0].split()[1]), headers, length


if __name__ == "__main__":
    with suppress(ImportError):
        import uvloop

        uvloop.install()
    json.dump(asyncio.run(run(json.load(sys.stdin))).figures(), sys.stdout)
