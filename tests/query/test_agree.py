"""Some hundreds of the queries of the comparison with the judge."""

from tests.query.agree import differences


def test_the_engine_finds_what_the_judge_finds() -> None:
    assert differences(300, seed=1) == []
