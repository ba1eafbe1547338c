"""The pages that are made from the code say what the code says."""

from types import ModuleType

import pytest

from tests.docs import schema, surface


@pytest.mark.parametrize("page", [schema, surface], ids=["json.md", "surface.md"])
def test_a_page_made_from_the_code_is_as_the_code_is(page: ModuleType) -> None:
    current = page.PAGE.read_text(encoding="utf-8") == page.text()
    assert current, (
        f"docs/{page.PAGE.name} is outdated. If the change is meant, write it anew with: python -m {page.__name__}"
    )
