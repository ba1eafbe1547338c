"""Run one harness, or all of them, and print the figures.

python -m tests.torture kill --moments 200 --seed 1
"""

import argparse
import importlib
import inspect
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.torture.states import Broken

HARNESSES: dict[str, tuple[dict[str, int], dict[str, int]]] = {
    "kill": ({"moments": 200, "items": 300}, {"moments": 2, "items": 40}),
    "power": ({"items": 60, "thin": 1}, {"items": 10, "thin": 4}),
    "full": ({"steps": 40, "items": 80}, {"steps": 2, "items": 20}),
    "flips": ({"stride": 7, "least": 20}, {"stride": 10_000, "least": 10}),
    "crowd": ({"seconds": 600, "readers": 8}, {"seconds": 1, "readers": 4}),
    "mutate": ({"count": 100_000, "bombs": 3}, {"count": 150, "bombs": 1}),
}
"""What there is: the long version's options, and the short one's."""


def main() -> int:
    """Exit with 1 if a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("harness", choices=[*HARNESSES, "all"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="the figures of the tests, not those of `make torture`")
    names = sorted({name for long, _ in HARNESSES.values() for name in long})
    for name in names:
        parser.add_argument(f"--{name}", type=int)
    given = parser.parse_args()
    broken = 0
    for harness in HARNESSES if given.harness == "all" else [given.harness]:
        options = dict(HARNESSES[harness][given.short])
        options.update({name: getattr(given, name) for name in options if getattr(given, name) is not None})
        broken += not _run(harness, given.seed, options)
    return 1 if broken else 0


def _run(harness: str, seed: int, options: dict[str, int]) -> bool:
    run: Any = importlib.import_module(f"tests.torture.{harness}").run
    if "seed" in inspect.signature(run).parameters:
        options = {"seed": seed, **options}
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="newsearch-torture-") as work:
        try:
            figures = run(Path(work), **options)
        except Broken as broken:
            print(f"{harness}: BROKEN: {broken}", file=sys.stderr)
            return False
    print(f"{harness}: kept, in {time.perf_counter() - started:.0f} s", flush=True)
    print(json.dumps(figures, indent=2, ensure_ascii=False), flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
