"""What a user gets by installing newsearch, and that its promises about itself agree."""

import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest

import newsearch

ROOT = Path(__file__).resolve().parent.parent


def project() -> dict[str, Any]:
    """The `[project]` table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def test_the_installed_version_is_the_one_the_package_states() -> None:
    try:
        installed = distribution("newsearch")
    except PackageNotFoundError:
        pytest.skip("newsearch is not installed here, only importable")
    assert installed.version == newsearch.__version__


def test_the_console_script_names_a_function_that_exists() -> None:
    script = EntryPoint("newsearch", project()["scripts"]["newsearch"], "console_scripts")
    assert callable(script.load())


def test_type_checkers_are_told_that_the_package_has_types() -> None:
    assert (Path(newsearch.__file__).parent / "py.typed").is_file()


def test_every_folder_of_the_package_is_a_package() -> None:
    """A folder of modules without `__init__.py` would be a namespace, which import-linter and mypy treat otherwise."""
    package = Path(newsearch.__file__).parent
    folders = {module.parent for module in package.rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize(
    "face", ["newsearch.cli", "newsearch.web", "newsearch.wire", "typer", "rich", "whoosh", "numpy"]
)
def test_importing_newsearch_does_not_load_what_only_some_uses_need(face: str) -> None:
    question = f"import sys, newsearch; sys.exit({face!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", question], cwd=ROOT, check=False).returncode == 0


def test_the_export_list_is_sorted_and_complete() -> None:
    assert list(newsearch.__all__) == sorted(newsearch.__all__)
    assert [name for name in newsearch.__all__ if not hasattr(newsearch, name)] == []
