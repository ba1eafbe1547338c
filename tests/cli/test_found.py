"""What is the same for every command that finds: --fail-empty, and a language that is not the index's."""

from pathlib import Path

import pytest

from tests.archive import Archive
from tests.cli.command import indexed, run

FINDING = (
    ("query", "zzz"),
    ("count", "zzz"),
    ("facets", "topic", "zzz"),
    ("timeline", "zzz"),
    ("topics", "zzz"),
    ("providers", "zzz"),
    ("terms", "zzz"),
    ("brief", "zzz"),
    ("suggest", "zzz"),
    ("similar", "a.md", "--provider", "zzz"),
    ("related", "a.md"),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("found")
    archive = Archive(folder / "archive")
    archive.deliver("Harbour ban", path="a.md", topics=["Ships"], date="2020-09-13")
    return indexed(archive.folder, folder / "index")


@pytest.mark.parametrize("words", FINDING, ids=lambda words: words[0])
def test_nothing_found_is_a_failure_only_with_fail_empty(index: Path, words: tuple[str, ...]) -> None:
    assert run(*words, "--index", index).code == 0
    assert run(*words, "--fail-empty", "--index", index).code == 1


def test_nothing_new_is_a_failure_only_with_fail_empty(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("save", "bans", "ban")
    codes = [run("new", "bans", *more, "--index", index).code for more in (["--fail-empty"], [], ["--fail-empty"])]
    assert codes == [0, 0, 1]


class TestLanguage:
    """Only a rebuild changes the language of an index."""

    def test_one_that_was_set_and_is_not_the_indexes_is_told_with_the_rebuild(
        self, index: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NEWSEARCH_LANGUAGE", "german")
        outcome = run("query", "ban", "--index", index)
        assert outcome.code == 0
        assert "made with language english, and NEWSEARCH_LANGUAGE sets german" in outcome.err
        assert outcome.err.endswith(f"newsearch index --rebuild --index {index}\n")

    def test_where_nothing_is_set_nothing_is_said(self, index: Path) -> None:
        assert run("query", "ban", "--index", index).err == ""
