"""Items and related articles as stored bytes, and back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsearch.engine.whoosh import records
from newsearch.errors import ItemError
from newsearch.model import Image, NewsItem, Provider, RelatedArticle, SourceFile

_texts = st.text(max_size=12)
_maybe_text = st.none() | st.text(min_size=1, max_size=12)
_numbers = st.none() | st.integers(-1, 200)
_dates = st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
_providers = st.none() | st.builds(Provider, _maybe_text, _maybe_text)
_images = st.lists(
    st.builds(Image, st.text(min_size=1, max_size=9), _numbers, _numbers, st.sampled_from((None, True, False))),
    max_size=2,
).map(tuple)
_related = st.builds(
    RelatedArticle,
    address=st.text(min_size=1, max_size=12),
    title=_texts,
    excerpt=_texts,
    date=_dates,
    web_url=_maybe_text,
    quality=_numbers,
    provider=_providers,
    images=_images,
)
_items = st.builds(
    NewsItem,
    address=st.text(min_size=1, max_size=12),
    title=_texts,
    excerpt=_texts,
    body=_texts,
    path=_maybe_text,
    date=_dates,
    updated=_dates,
    quality=_numbers,
    heat=_numbers,
    published=st.sampled_from((None, True, False)),
    provider=_providers,
    topics=st.lists(st.text(min_size=1, max_size=9), max_size=3).map(tuple),
    images=_images,
    related=st.lists(_related, max_size=2).map(tuple),
)


@given(_items)
def test_an_item_comes_back_as_it_was(item: NewsItem) -> None:
    assert records.restore_item(records.store_item(item)) == item


@given(_related)
def test_a_related_article_comes_back_as_it_was(related: RelatedArticle) -> None:
    assert records.restore_related(records.store_related(related)) == related


@given(st.text(max_size=9), st.text(max_size=9), st.integers(0, 2**40), st.integers(0, 2**62), st.binary(max_size=16))
def test_a_source_file_comes_back_as_it_was(root: str, path: str, size: int, mtime: int, digest: bytes) -> None:
    source = SourceFile(root, path, size, mtime, digest)
    assert records.restore_source(records.store_source(source)) == source


@pytest.mark.parametrize("line", [None, 7])
def test_a_fault_comes_back_as_it_was(line: int | None) -> None:
    fault = records.restore_fault(records.store_fault(ItemError("has no title.", path="a.md", line=line)))
    assert (fault.reason, fault.path, fault.line) == ("has no title.", "a.md", line)


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC), -1),
        (datetime(2020, 9, 13, 12, 8, 0, 900_000, tzinfo=UTC), 1_599_998_880),
        (datetime(1, 1, 1, tzinfo=UTC), -62_135_596_800),
        (None, None),
    ],
)
def test_times_are_whole_seconds_of_the_epoch(moment: datetime | None, seconds: int | None) -> None:
    assert records.to_seconds(moment) == seconds
    back = records.from_seconds(seconds)
    assert back == moment or (
        moment is not None and back is not None and timedelta() < moment - back < timedelta(seconds=1)
    )


def test_what_is_missing_takes_no_room() -> None:
    assert records.store_item(NewsItem(address="a", title="b")) == b'{"address":"a","title":"b","related":[]}'
