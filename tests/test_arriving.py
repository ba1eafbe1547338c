"""What arrived for a saved query since one last looked, in Python as in `newsearch new`."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from newsearch import NewsIndex, QueryError
from newsearch.arriving import arrivals
from newsearch.saved import SavedQueries
from tests.archive import NOW

ITEMS = [{"title": f"kelp {number}", "webUrl": f"https://paper.example/{number}"} for number in range(20)]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[NewsIndex]:
    """An index whose clock goes on by a day with every commit, and a saved query beside it."""
    days = count()
    SavedQueries(tmp_path).save("sea", {"text": "kelp", "sort": "date"})
    with NewsIndex.create(tmp_path / "index", clock=lambda: NOW + timedelta(days=next(days))) as index:
        index.sync_items(ITEMS[:12], source="cms")
        yield index


def test_the_first_time_the_best_of_all_is_shown_and_all_may_count_as_seen(index: NewsIndex, tmp_path: Path) -> None:
    found = arrivals(index, "sea", folder=tmp_path)
    assert (found.is_first, found.is_all, found.since) == (True, True, None)
    assert (found.result.total, len(found.result)) == (12, 10)


def test_then_only_what_arrived_since_it_was_marked(index: NewsIndex, tmp_path: Path) -> None:
    arrivals(index, "sea", folder=tmp_path).mark()
    assert arrivals(index, "@sea", folder=tmp_path).result.total == 0
    index.sync_items(ITEMS[:15], source="cms")
    found = arrivals(index, "sea", folder=tmp_path)
    assert {hit.title for hit in found.result} == {"kelp 12", "kelp 13", "kelp 14"}
    assert found.since is not None
    assert found.is_all


def test_looking_marks_nothing(index: NewsIndex, tmp_path: Path) -> None:
    arrivals(index, "sea", folder=tmp_path)
    assert arrivals(index, "sea", folder=tmp_path).is_first


def test_a_limit_that_leaves_some_out_shows_not_all(index: NewsIndex, tmp_path: Path) -> None:
    arrivals(index, "sea", folder=tmp_path).mark()
    index.sync_items(ITEMS, source="cms")
    found = arrivals(index, "sea", folder=tmp_path, limit=2)
    assert (found.result.total, len(found.result), found.is_all) == (8, 2, False)


def test_a_name_that_is_not_there_is_refused(index: NewsIndex, tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="nearest is sea"):
        arrivals(index, "seas", folder=tmp_path)
