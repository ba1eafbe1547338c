"""One site for all tests of the page that only look at it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.page.browser import Browser
    from tests.web.page.site import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Site]":
    pytest.importorskip("uvicorn", reason="the page needs newsearch[serve]")
    from tests.web.page.site import indexed, serving

    with serving(indexed(tmp_path_factory.mktemp("site")), title="The archive") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    pytest.importorskip("selenium", reason="the tests in a browser need selenium")
    from tests.web.page.browser import started

    with started() as running:
        yield running
