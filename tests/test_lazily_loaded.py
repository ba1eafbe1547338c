"""Packages that load what they offer when it is asked for: nothing that is offered can be told from what is there."""

import subprocess
import sys
from importlib import import_module

import pytest

from tests.cli.command import ROOT


@pytest.mark.parametrize("package", ["newsearch", "newsearch.model", "newsearch.wire"])
def test_all_that_is_offered_is_listed_before_it_is_loaded(package: str) -> None:
    question = (
        "import sys\n"
        f"import {package} as package\n"
        "print(len(set(package.__all__) - vars(package).keys()), set(package.__all__) - set(dir(package)))"
    )
    ended = subprocess.run([sys.executable, "-c", question], cwd=ROOT, capture_output=True, text=True, check=True)
    unloaded, unlisted = ended.stdout.split()
    assert int(unloaded) > 0
    assert unlisted == "set()"


@pytest.mark.parametrize("package", ["newsearch", "newsearch.model", "newsearch.wire"])
def test_what_is_not_offered_is_missed_as_anywhere(package: str) -> None:
    with pytest.raises(AttributeError, match=f"^module '{package}' has no attribute 'norb'$"):
        _ = import_module(package).norb
