"""In CI nothing is skipped in silence: a skip that is not listed here fails the run.

    CI=1 python -m pytest       ends with "... skipped without being expected" and with 1, if there is one

Elsewhere a skip is pytest's own affair, which lists each with its reason. A reason stands here if the machine that CI
runs on cannot but skip, never because a program is missing: that is for `.ci/run` to install.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable

import pytest

__all__ = ["reason", "unexpected"]

_ROOT = ("root may ", "everything may be read by the superuser")
"""Where nothing is forbidden, that what is forbidden is refused cannot be seen."""


def expected() -> tuple[str, ...]:
    """How the reasons of expected skips begin."""
    return _ROOT if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped."""
    said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return re.sub(r"^Skipped:\s*", "", said).partition("\n")[0]


def unexpected(reports: Iterable[pytest.TestReport | pytest.CollectReport]) -> Counter[str]:
    """The reasons that are not expected, each with how many tests it skipped."""
    return Counter(why for why in map(reason, reports) if not why.startswith(expected()))
