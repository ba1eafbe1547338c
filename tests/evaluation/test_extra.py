"""What happens where ir-measures is not installed."""

import sys
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.evaluation.judgedsets import EXAMPLE


def test_a_missing_extra_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    outcome = run("eval", EXAMPLE)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == ("newsearch: Measuring needs ir-measures; install it with: pip install 'newsearch[eval]'\n")


def test_judging_needs_no_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    assert "no index" in run("judge", tmp_path / "judged", "ban", "--index", tmp_path / "none").err
