"""Every error of the library has its exit code."""

import pytest

from newsearch import errors
from newsearch.cli.exits import exit_code
from newsearch.errors import NewsearchError

CODES: dict[NewsearchError, int] = {
    NewsearchError("x"): 1,
    errors.ItemError("x", path="a.md"): 1,
    errors.ArticleNotFound("x"): 1,
    errors.QueryError("x"): 2,
    errors.ConfigError("x"): 2,
    errors.ArchiveError("x"): 2,
    errors.JudgedSetError("x"): 2,
    errors.ExtraMissing("x"): 2,
    errors.AmbiguousId("a", ["ab", "ac"]): 2,
    errors.IndexError_("x"): 3,
    errors.IndexMissing("x"): 3,
    errors.IndexDamaged("x"): 3,
    errors.IndexAway("x"): 3,
    errors.IndexClosed("x"): 3,
    errors.IndexVersionError("x"): 3,
    errors.IndexLocked("x"): 4,
    errors.IndexUnwritable("x"): 1,
}


@pytest.mark.parametrize(("error", "code"), CODES.items(), ids=lambda value: type(value).__name__)
def test_the_code_of_an_error_is_that_of_its_class(error: NewsearchError, code: int) -> None:
    assert exit_code(error) == code


def test_no_error_is_forgotten_here() -> None:
    assert {type(error).__name__ for error in CODES} == set(errors.__all__)
