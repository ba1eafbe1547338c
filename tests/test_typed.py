"""Typed code that uses newsearch passes a strict type checker, and wrong use of it does not."""

import subprocess
import sys

from tests.docs.pages import ROOT

USES = "tests/typed/uses.py"


def test_typical_uses_are_typed_and_wrong_ones_refused() -> None:
    # With the cache of `make types`, without which all of what is imported is read.
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", USES],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr
