"""Short versions of the harnesses; `make torture` runs the long ones. And: each of them notices when it should."""

import importlib
from pathlib import Path
from typing import Any

import pytest

from newsearch.engine.whoosh import seal
from tests.torture import flips, mutate, power
from tests.torture.__main__ import HARNESSES
from tests.torture.states import Broken


@pytest.mark.parametrize("harness", HARNESSES)
def test_the_promise_is_kept_in_short(tmp_path: Path, harness: str) -> None:
    module: Any = importlib.import_module(f"tests.torture.{harness}")
    seed = {} if harness == "crowd" else {"seed": 1}
    module.run(tmp_path, **seed, **HARNESSES[harness][1])


class TestTheyNotice:
    def test_segments_that_are_not_synced(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        synced = power.Disk.synced
        monkeypatch.setattr(power.Disk, "synced", lambda disk, name: name.endswith(".nws") or synced(disk, name))
        with pytest.raises(Broken, match="does not open"):
            power.run(tmp_path, seed=1, items=5)

    def test_a_folder_that_is_not_synced(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(power.Disk, "synced_folder", lambda disk: None)
        with pytest.raises(Broken):
            power.run(tmp_path, seed=1, items=5)

    def test_a_checksum_that_nobody_looks_at(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("newsearch.engine.whoosh.contents.seal.opened", lambda raw: (raw[:-12], True))
        with pytest.raises(Broken, match="_MAIN_"):
            flips.run(tmp_path, seed=1, stride=40, items=8)
        assert seal.opened(seal.sealed(b"x")) != (b"x", False)

    def test_an_item_that_raises(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mutate, "parse_item", lambda raw, name: 1 / 0)
        with pytest.raises(Broken, match="ZeroDivisionError"):
            mutate.run(tmp_path, seed=1, count=1)
