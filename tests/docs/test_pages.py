"""Every example of README.md and docs/ does what its page shows."""

import shutil
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Script, examples, pages
from tests.docs.project import Project
from tests.docs.running import needs, needs_index, run


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose index is built once, for all pages to copy."""
    project = Project(tmp_path_factory.mktemp("docs") / "built")
    project.command("newsearch index")
    return project.folder


_NEEDS_EVAL = ("evaluation.md", "commands.md")


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_examples_of_a_page_do_what_it_shows(page: Path, built: Path, tmp_path: Path) -> None:
    lacking = [tool for tool in needs(page) if shutil.which(tool) is None]
    if lacking:
        pytest.skip(f"{' and '.join(lacking)} not installed")
    if page.name in _NEEDS_EVAL:
        pytest.importorskip("ir_measures", reason="needs the extra: pip install 'newsearch[eval]'")
    project = Project(tmp_path / "project", built=built if needs_index(page) else None)
    faults = [outcome.fault for outcome in run(page, project) if outcome.fault is not None]
    assert not faults, "\n\n" + "\n".join(faults)


def _needed() -> list[str]:
    found = [one for page in pages() for one in examples(page.read_text(encoding="utf-8"))]
    return sorted({one.needs for one in found if isinstance(one, Script) and one.needs is not None})


@pytest.mark.parametrize("package", _needed())
def test_the_packages_that_examples_need_are_installed(package: str) -> None:
    pytest.importorskip(package, reason=f"{package} is not installed: the examples that need it were not run")
